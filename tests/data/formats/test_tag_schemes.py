"""Schemes of tags: spans read off them, tags written in them, and the scheme of a file found out."""

from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.formats.conversion import Scheme, Tally
from tocsin.data.formats.tag_schemes import ORPHANS, UNENDED, Evidence, in_scheme, spans_of, split_tag, tag_fault
from tocsin.data.tags import WordSpan

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
LAYOUTS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "BASE", "SHIP"])), max_size=8)


def bio_of(layout: list[tuple[int, str]]) -> list[str]:
    """A run of words a pair: its length, and its label or none."""
    tags: list[str] = []
    for n_words, label in layout:
        tags += [f"B-{label}", *[f"I-{label}"] * (n_words - 1)] if label else ["O"] * n_words
    return tags


@given(LAYOUTS, st.sampled_from(SCHEMES))
def test_spans_are_the_same_in_every_scheme(layout: list[tuple[int, str]], scheme: Scheme) -> None:
    bio, lost = bio_of(layout), Counter[str]()
    assert spans_of(in_scheme(bio, scheme), scheme, lost) == spans_of(bio, "bio", lost)
    assert not lost


@given(LAYOUTS, st.sampled_from(SCHEMES))
def test_the_scheme_found_reads_what_was_written(layout: list[tuple[int, str]], scheme: Scheme) -> None:
    tags, evidence, lost = in_scheme(bio_of(layout), scheme), Evidence(), Counter[str]()
    evidence.add(tags)
    assert spans_of(tags, evidence.scheme, lost) == spans_of(tags, scheme, lost)
    assert not lost


@pytest.mark.parametrize(
    ("sentences", "scheme"),
    [
        (["O O", "B-X I-X O"], "bio"),
        (["I-X I-X O", "I-X B-X O"], "iob1"),
        (["B-X I-X E-X", "S-Y"], "bioes"),
        (["B-X I-X L-X", "U-Y"], "bilou"),
        (["O O"], "bio"),
        (["B-X I-X", "I-X O B-Y", "B-X"], "bio"),  # one mistake
        ([], "bio"),
    ],
    ids=str,
)
def test_the_scheme_is_the_one_with_the_fewest_tags_against_it(sentences: list[str], scheme: Scheme) -> None:
    evidence = Evidence()
    for sentence in sentences:
        evidence.add(sentence.split())
    assert evidence.scheme == scheme


@pytest.mark.parametrize(
    ("tags", "scheme", "spans", "lost"),
    [
        ("O I-X I-X", "bio", [(1, 3, "X")], {ORPHANS: 1}),
        ("B-X I-Y", "bio", [(0, 1, "X"), (1, 2, "Y")], {ORPHANS: 1}),
        ("I-X I-Y", "iob1", [(0, 1, "X"), (1, 2, "Y")], {}),
        ("B-X I-X O", "bioes", [(0, 2, "X")], {UNENDED: 1}),
        ("E-X E-X", "bioes", [(0, 1, "X"), (1, 2, "X")], {ORPHANS: 2}),
        ("U-X L-X", "bilou", [(0, 1, "X"), (1, 2, "X")], {ORPHANS: 1}),
        ("B-X B-X L-X", "bilou", [(0, 1, "X"), (1, 3, "X")], {UNENDED: 1}),
    ],
)
def test_ill_formed_tags_are_read_and_counted(
    tags: str, scheme: Scheme, spans: list[tuple[int, int, str]], lost: dict[str, int]
) -> None:
    found: Tally = Counter()
    assert spans_of(tags.split(), scheme, found) == [WordSpan(*span) for span in spans]
    assert found == lost


@pytest.mark.parametrize("tag", ["", "o", "B", "B-", "-X", "X-Y", "NN", "BX", "BI-X", "B_X"])
def test_what_is_no_tag_is_none(tag: str) -> None:
    assert split_tag(tag) is None
    assert "expected O, B-LABEL, I-LABEL (BIO)" in tag_fault(tag, "bio")


def test_a_label_may_hold_hyphens() -> None:
    assert split_tag("B-NON-STATE") == ("B", "NON-STATE")


def test_a_tag_of_another_scheme_is_a_fault() -> None:
    assert "(BILOU)" in tag_fault("S-X", "bilou")
    assert tag_fault("S-X", "bioes") == ""
