"""Spans become tags and come back; what cannot is told."""

import doctest
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities

from tocsin.data.tags import WordSpan, allowed, spans_to_tags, tag_names, tags_to_spans
from tocsin.data.types import Span
from tocsin.data.words import words

LABELS = ("BASE", "DATE", "CREW-SERVED")
TEXTS = st.lists(st.sampled_from(["drones", "hit", "Camp", "Vale", "al-Noor", "U.S.", ",", "“", "”", ".", "é"])).map(
    " ".join
)


@st.composite
def aligned(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and disjoint spans over whole words of it, in any order."""
    text = draw(TEXTS)
    offsets = words(text)
    cuts = sorted(draw(st.sets(st.integers(0, len(offsets)))))
    spans = [
        Span(offsets[start][0], offsets[end - 1][1], draw(st.sampled_from(LABELS)))
        for start, end in pairwise(cuts)
        if draw(st.booleans())
    ]
    return text, draw(st.permutations(spans))


@st.composite
def ragged(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and spans anywhere, across words, spaces and each other."""
    text = draw(TEXTS)
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges)))
    return text, [Span(min(a, b), max(a, b), draw(st.sampled_from(LABELS))) for a, b in pairs if a != b]


def test_tag_names_follow_the_order_of_the_labels() -> None:
    assert tag_names(["DATE", "BASE"]) == ("O", "B-DATE", "I-DATE", "B-BASE", "I-BASE")


def test_no_labels_leave_one_tag() -> None:
    assert tag_names([]) == ("O",)


def test_spans_in_any_order_are_tagged_where_they_stand() -> None:
    text = "Drones hit Camp Vale today"
    tagging = spans_to_tags([Span(21, 26, "DATE"), Span(11, 20, "BASE")], words(text))
    assert tagging.tags == ("O", "O", "B-BASE", "I-BASE", "B-DATE")
    assert tagging.word_spans == (WordSpan(4, 5, "DATE"), WordSpan(2, 4, "BASE"))
    assert (tagging.widened, tagging.uncovered) == ((), ())


def test_neighbours_of_one_label_stay_two_spans() -> None:
    tagging = spans_to_tags([Span(0, 5, "LOCATION"), Span(6, 11, "LOCATION")], words("Erbil Anbar"))
    assert tagging.tags == ("B-LOCATION", "B-LOCATION")


def test_a_span_that_cuts_a_word_is_widened_and_told() -> None:
    span = Span(2, 8, "WEAPON")
    tagging = spans_to_tags([span], words("one drone fell"))
    assert tagging.tags == ("B-WEAPON", "I-WEAPON", "O")
    assert tagging.word_spans == (WordSpan(0, 2, "WEAPON"),)
    assert (tagging.widened, tagging.uncovered) == ((span,), ())


def test_white_space_at_the_edge_of_a_span_is_no_widening() -> None:
    tagging = spans_to_tags([Span(3, 10, "WEAPON")], words("two drones fell"))
    assert tagging.tags == ("O", "B-WEAPON", "O")
    assert tagging.widened == ()


def test_a_span_between_words_is_told() -> None:
    span = Span(3, 5, "BASE")
    tagging = spans_to_tags([span], words("hit   it"))
    assert tagging.tags == ("O", "O")
    assert tagging.word_spans == (None,)
    assert tagging.uncovered == (span,)


def test_a_span_past_the_last_word_is_told() -> None:
    assert spans_to_tags([Span(5, 9, "BASE")], words("hit")).uncovered == (Span(5, 9, "BASE"),)


@pytest.mark.parametrize("is_longer_first", [True, False])
def test_of_two_that_overlap_the_longer_is_tagged(is_longer_first: bool) -> None:
    longer, shorter = Span(0, 9, "BASE"), Span(5, 9, "LOCATION")
    spans = [longer, shorter] if is_longer_first else [shorter, longer]
    tagging = spans_to_tags(spans, words("Camp Vale"))
    assert tagging.tags == ("B-BASE", "I-BASE")
    assert tagging.uncovered == (shorter,)


def test_of_two_equally_long_the_earlier_is_tagged() -> None:
    earlier, later = Span(0, 7, "BASE"), Span(5, 12, "DATE")
    tagging = spans_to_tags([later, earlier], words("Camp Noor May"))
    assert tagging.tags == ("B-BASE", "I-BASE", "O")
    assert tagging.uncovered == (later,)


def test_two_that_collide_only_after_widening_are_told_once() -> None:
    first, second = Span(0, 4, "BASE"), Span(4, 6, "DATE")
    tagging = spans_to_tags([first, second], words("airbase"))
    assert tagging.tags == ("B-BASE",)
    assert (tagging.widened, tagging.uncovered) == ((first,), (second,))


def test_a_loser_does_not_keep_others_from_the_words_it_wanted() -> None:
    winner, loser, bystander = Span(0, 11, "BASE"), Span(7, 14, "DATE"), Span(12, 14, "LOCATION")
    tagging = spans_to_tags([winner, loser, bystander], words("Camp Valley UK"))
    assert tagging.tags == ("B-BASE", "I-BASE", "B-LOCATION")
    assert tagging.uncovered == (loser,)


def test_a_text_without_words_has_no_tags() -> None:
    assert spans_to_tags([], []).tags == ()


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        pytest.param(["I-BASE", "I-BASE"], [WordSpan(0, 2, "BASE")], id="at the start"),
        pytest.param(["O", "I-BASE"], [WordSpan(1, 2, "BASE")], id="after O"),
        pytest.param(["B-DATE", "I-BASE"], [WordSpan(0, 1, "DATE"), WordSpan(1, 2, "BASE")], id="after another label"),
        pytest.param(["I-BASE", "B-BASE"], [WordSpan(0, 1, "BASE"), WordSpan(1, 2, "BASE")], id="before B-"),
    ],
)
def test_an_inside_tag_with_nothing_to_continue_opens_a_span(tags: list[str], spans: list[WordSpan]) -> None:
    assert tags_to_spans(tags) == spans


@pytest.mark.parametrize("tag", ["", "B", "I-", "X-BASE", "BASE", "o", "B_BASE", "-"])
def test_a_tag_of_another_scheme_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="expected O, B-label or I-label"):
        tags_to_spans(["O", tag])


@pytest.mark.parametrize(
    ("previous", "tag", "is_legal"),
    [
        (None, "O", True),
        (None, "B-BASE", True),
        (None, "I-BASE", False),
        ("O", "O", True),
        ("O", "B-BASE", True),
        ("O", "I-BASE", False),
        ("B-BASE", "O", True),
        ("B-BASE", "B-BASE", True),
        ("B-BASE", "B-DATE", True),
        ("B-BASE", "I-BASE", True),
        ("I-BASE", "I-BASE", True),
        ("B-DATE", "I-BASE", False),
        ("I-DATE", "I-BASE", False),
        ("B-CREW-SERVED", "I-CREW-SERVED", True),
        ("B-CREW-SERVED", "I-SERVED", False),
    ],
)
def test_an_inside_tag_follows_only_its_own_label(previous: str | None, tag: str, is_legal: bool) -> None:
    assert allowed(previous, tag) is is_legal


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 2), (-1, 1)])
def test_an_empty_or_negative_word_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= start < end"):
        WordSpan(start, end, "BASE")


@given(aligned())
def test_spans_over_whole_words_come_back_from_their_tags(example: tuple[str, list[Span]]) -> None:
    text, spans = example
    offsets = words(text)
    tagging = spans_to_tags(spans, offsets)
    found = [Span(offsets[s.start][0], offsets[s.end - 1][1], s.label) for s in tags_to_spans(tagging.tags)]
    assert found == sorted(spans, key=lambda span: span.start)
    assert (tagging.widened, tagging.uncovered) == ((), ())


@given(st.lists(st.sampled_from(tag_names(LABELS))))
def test_spans_are_those_seqeval_reads(tags: list[str]) -> None:
    expected = [WordSpan(first, last + 1, label) for label, first, last in get_entities(tags)]
    assert tags_to_spans(tags) == expected


@given(ragged())
def test_tags_of_any_spans_are_a_legal_path(example: tuple[str, list[Span]]) -> None:
    text, spans = example
    tags = spans_to_tags(spans, words(text)).tags
    assert all(allowed(previous, tag) for previous, tag in pairwise([None, *tags]) if tag is not None)


@given(ragged())
def test_every_span_is_either_in_the_tags_or_told(example: tuple[str, list[Span]]) -> None:
    text, spans = example
    tagging = spans_to_tags(spans, words(text))
    tagged = [place for place in tagging.word_spans if place is not None]
    assert sorted(tagged, key=lambda place: place.start) == tags_to_spans(tagging.tags)
    assert tagging.uncovered == tuple(s for s, place in zip(spans, tagging.word_spans, strict=True) if place is None)
    assert len(tagged) + len(tagging.uncovered) == len(spans)


@given(ragged())
def test_a_span_alone_takes_exactly_the_words_it_touches(example: tuple[str, list[Span]]) -> None:
    text, spans = example
    for span in spans:
        tagging = spans_to_tags([span], words(text))
        touched = [start < span.end and span.start < end for start, end in words(text)]
        assert [tag != "O" for tag in tagging.tags] == touched
        assert bool(tagging.uncovered) is not any(touched)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(import_module("tocsin.data.tags")).failed == 0
