"""Entity scores are those of seqeval, by default and in its strict mode: spans never nest, so the two agree."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from seqeval.metrics import classification_report, f1_score
from seqeval.scheme import IOB2

from tocsin.data.schema import Schema
from tocsin.data.tags import spans_to_tags
from tocsin.data.types import Article, Document, Span
from tocsin.data.words import words
from tocsin.train.scores import rows, score

LABELS = ("ACTOR", "BASE", "WEAPON")
SEGMENTS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, *LABELS])), max_size=8)


def word_spans(text: str, segments: list[tuple[int, str | None]]) -> tuple[Span, ...]:
    """Lay segments of words end to end over the text; those with a label are spans, those past its end are cut."""
    offsets, spans, first = words(text), [], 0
    for n_words, label in segments:
        covered = offsets[first : first + n_words]
        if label and covered:
            spans.append(Span(covered[0][0], covered[-1][1], label))
        first += n_words
    return tuple(spans)


@st.composite
def entity_documents(draw: st.DrawFn) -> tuple[list[Document], list[Document]]:
    texts = draw(
        st.lists(
            st.lists(st.sampled_from(["Rovian", "guns", "hit", "Ost", ","]), min_size=1, max_size=8).map(" ".join),
            min_size=1,
            max_size=3,
        )
    )
    articles = [Article(text, id=f"a{n}") for n, text in enumerate(texts)]
    gold, predicted = (
        [Document(article, word_spans(article.text, draw(SEGMENTS))) for article in articles] for _ in range(2)
    )
    return gold, predicted


def tags(documents: list[Document]) -> list[list[str]]:
    return [list(spans_to_tags(document.entities, words(document.article.text)).tags) for document in documents]


@given(entity_documents())
def test_entity_scores_equal_seqeval_s(documents: tuple[list[Document], list[Document]]) -> None:
    gold, predicted = documents
    assume(any(document.entities for document in gold + predicted))
    scores = score(gold, predicted, Schema(entity_labels=LABELS))
    gold_tags, predicted_tags = tags(gold), tags(predicted)
    report = classification_report(gold_tags, predicted_tags, output_dict=True, zero_division=0)

    for average, f1 in (("micro", scores.micro("entities").f1), ("macro", scores.macro_f1("entities"))):
        for mode in ({}, {"mode": "strict", "scheme": IOB2}):
            assert f1 == pytest.approx(f1_score(gold_tags, predicted_tags, average=average, zero_division=0, **mode))
    ours = {row.label.replace("cro", "cro avg"): row for row in rows(scores) if not math.isnan(row.f1)}
    assert set(ours) == set(report) - {"weighted avg"}
    for label, row in ours.items():
        theirs = report[label]
        assert (row.precision, row.recall, row.f1) == pytest.approx(
            (theirs["precision"], theirs["recall"], theirs["f1-score"])
        )
        assert row.support == theirs["support"]
