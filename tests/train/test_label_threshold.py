"""From what score on a text is given a label is chosen on dev, kept with the model, and told."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.facts import run_facts
from tocsin.model.artifact import load, record_of
from tocsin.model.settings import ModelSettings
from tocsin.train.best import best_epoch
from tocsin.train.config import OptimSettings, RunConfig
from tocsin.train.finish import finish
from tocsin.train.label_threshold import STEPS, best_threshold, is_free, relabelled
from tocsin.train.preparation import Run, prepare
from tocsin.train.search import begin, go_on, plan, winner
from tocsin.train.sets import Sets
from tocsin.train.text_scores import Examples, count_examples
from tocsin.train.training import dev_score, train

NAMES = ("raid", "flood")
SCHEMA = Schema(text_labels=NAMES)


def gold(*names: str) -> Document:
    return Document(Article("Word."), labels=tuple(TextLabel(name) for name in names))


def scored(raid: float, flood: float) -> Document:
    return Document(Article("Word."), labels=(), label_scores={"raid": raid, "flood": flood})


def names(document: Document) -> list[str]:
    return [label.name for label in document.labels or ()]


def test_doubtful_labels_are_let_through_where_most_of_them_are_right() -> None:
    expected, found = [gold("raid"), gold("flood"), gold()], [scored(0.3, 0.1), scored(0.1, 0.28), scored(0.2, 0.1)]
    assert best_threshold(expected, found) == 0.25
    assert [names(relabelled(document, 0.25)) for document in found] == [["raid"], ["flood"], []]


def test_of_thresholds_that_do_alike_the_one_nearest_a_half_is_taken() -> None:
    assert best_threshold([gold("raid")], [scored(0.9, 0.1)]) == 0.5
    assert best_threshold([gold("raid")], [scored(0.3, 0.1)]) == 0.3
    assert best_threshold([gold()], [scored(0.3, 0.1)]) == 0.5


def test_a_text_without_words_keeps_having_no_labels() -> None:
    empty = Document(Article(""), labels=None)
    assert relabelled(empty, 0.1) is empty


@given(st.lists(st.tuples(st.sets(st.sampled_from(NAMES)), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_no_other_threshold_does_better(drawn: list[tuple[set[str], float, float]]) -> None:
    expected, found = [gold(*own) for own, _, _ in drawn], [scored(raid, flood) for _, raid, flood in drawn]

    def f1(threshold: float) -> float:
        pairs = zip(expected, found, strict=True)
        total = sum((count_examples(g, relabelled(p, threshold)) for g, p in pairs), Examples())
        return total.mean if total.n else 0.0

    assert f1(best_threshold(expected, found)) == pytest.approx(max(map(f1, STEPS)))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (SCHEMA, True),
        (Schema(text_labels=("raid",)), True),
        (Schema(text_labels=NAMES, one_text_label=True), False),
        (Schema(text_labels=NAMES, entity_labels=("BASE",)), False),
        (Schema(entity_labels=("BASE",)), False),
    ],
    ids=["any number", "yes or no", "exactly one", "spans beside them", "no labels"],
)
def test_there_is_a_threshold_to_choose_where_texts_have_any_number_of_labels(schema: Schema, expected: bool) -> None:
    assert is_free(schema) == expected


TEXTS = [("Guns raided the camp.", "raid"), ("The river flooded.", "flood"), ("Talks went on.", "")]


@pytest.fixture
def documents() -> tuple[Document, ...]:
    return tuple(
        Document(Article(f"{text} {n}", id=f"{text} {n}"), labels=(TextLabel(name),) if name and n != 1 else ())
        for n in range(3)  # few are labelled: all scores are low
        for text, name in TEXTS
    )


def run_of(config: RunConfig, documents: tuple[Document, ...], label_threshold: float) -> Run:
    optim = OptimSettings(epochs=4, batch_passages=4, learning_rate=1e-3)
    settings = replace(config.model, label_threshold=label_threshold)
    return prepare(replace(config, task="text", model=settings, optim=optim), SCHEMA, documents[:6], documents[6:])


def test_the_threshold_of_the_best_epoch_is_saved_with_the_model(
    tiny_config: RunConfig, documents: tuple[Document, ...], tmp_path: Path
) -> None:
    run = run_of(tiny_config, documents, 0.0)
    model = train(run, work=tmp_path / "work", resume=False, watch=lambda _: None)
    noted = json.loads((tmp_path / "work" / "best.json").read_text())
    assert model.settings.label_threshold == noted["label_threshold"]
    assert noted["label_threshold"] < 0.5
    assert noted["label_threshold"] == best_threshold(run.dev, list(model.predict_raw_many(d.article for d in run.dev)))
    assert dev_score(model, run.dev, SCHEMA) == pytest.approx(noted["score"])
    finish(run, model, documents[:6], tmp_path / "model", seconds=1.0, best_epoch=best_epoch(tmp_path / "work"))
    again = load(tmp_path / "model")
    assert again.settings.label_threshold == noted["label_threshold"]
    article = documents[0].article
    assert names(again.predict(article)) == names(model.predict(article))
    card = (tmp_path / "model" / "README.md").read_text()
    assert f"labels: those that score {noted['label_threshold']:g} or more, which did best on its dev articles." in card


def test_dev_documents_without_a_label_are_not_said_to_have_chosen_anything(
    tiny_config: RunConfig, documents: tuple[Document, ...], tmp_path: Path
) -> None:
    bare = (*documents[:6], *(replace(document, labels=None) for document in documents[6:]))
    run = run_of(tiny_config, bare, 0.0)
    model = train(run, work=tmp_path / "work", resume=False, watch=lambda _: None)
    _, scored_on = finish(
        run, model, bare[:6], tmp_path / "model", seconds=1.0, best_epoch=best_epoch(tmp_path / "work")
    )
    assert scored_on == "silent dev"
    record = record_of(tmp_path / "model")
    assert (record.run["best_epoch"], record.run["label_threshold"]) == (4, {"value": 0.5, "chosen_on_dev": False})
    assert "on its dev articles, in which nothing is annotated: these chose no epoch" in record.card
    assert not any(claim in record.card for claim in ("which did best", "was chosen too", "weakest"))
    assert run_facts(record.run, record.metrics)["scores"].endswith(
        "(of its dev articles, in which nothing is annotated)"
    )


def test_the_model_that_a_search_chose_has_the_threshold_that_its_score_was_reached_with(
    tiny_config: RunConfig, documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = replace(run_of(tiny_config, documents, 0.0).config, search={"seed": (1, 2)})
    sets, work = Sets(SCHEMA, documents[:6], documents[6:]), tmp_path / "work"
    begun = begin(config, plan(config), sets, out=tmp_path, work=work, resume=False)
    go_on(begun, sets, out=tmp_path, work=work, watch=lambda *_: None, tell=lambda _: None)
    resumed = begin(config, plan(config), sets, out=tmp_path, work=work, resume=True)
    assert resumed.chosen is not None
    _, model, _ = winner(resumed, sets, work=work)
    assert model.settings.label_threshold < 0.5
    assert dev_score(model, sets.dev, SCHEMA) == pytest.approx(resumed.chosen.best.dev_score)


def test_a_threshold_that_is_set_is_not_chosen(
    tiny_config: RunConfig, documents: tuple[Document, ...], tmp_path: Path
) -> None:
    run = run_of(tiny_config, documents, 0.95)
    model = train(run, work=tmp_path / "work", resume=False, watch=lambda _: None)
    assert model.settings.label_threshold == 0.95
    assert "label_threshold" not in json.loads((tmp_path / "work" / "best.json").read_text())
    finish(run, model, documents[:6], tmp_path / "model", seconds=1.0)
    assert re.search(r"labels: those that score 0\.95 or more\.$", (tmp_path / "model" / "README.md").read_text(), re.M)


def test_without_dev_documents_a_threshold_that_is_to_be_chosen_is_a_half(
    tiny_config: RunConfig, documents: tuple[Document, ...], tmp_path: Path
) -> None:
    run = replace(run_of(tiny_config, documents, 0.0), dev=())
    model = train(run, work=tmp_path / "work", resume=False, watch=lambda _: None)
    assert model.settings == replace(ModelSettings(), **{**_fields(run), "label_threshold": 0.5})


def _fields(run: Run) -> dict[str, object]:
    return {name: getattr(run.config.model, name) for name in ModelSettings.__slots__}
