"""The peers' own reader and scorer agree with tocsin's, and say which line they cannot read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tagged import Sentence, entities, headline, parser, read_sets, read_tagged, tags_of

from tocsin.data.tags import tags_to_spans

TAGS = st.lists(st.sampled_from(["O", "B-ACTOR", "I-ACTOR", "B-WEAPON", "I-WEAPON"]), min_size=1, max_size=8)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("separator", ["\t", " "], ids=["tab", "blank"])
def test_sentences_end_at_empty_lines_and_at_the_end(newline: str, separator: str, tmp_path: Path) -> None:
    rows = ["", "Drones B-WEAPON", "hit O", "", "", "Ost B-Location"]
    path = tmp_path / "x.txt"
    path.write_bytes(newline.join(row.replace(" ", separator) for row in rows).encode())
    assert read_tagged(path) == [
        Sentence(("Drones", "hit"), ("B-WEAPON", "O")),
        Sentence(("Ost",), ("B-Location",)),
    ]


def test_a_line_without_a_tag_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Drones\tO\nhit\n")
    with pytest.raises(SystemExit, match=r"x\.txt:2: 'hit'; expected a word and a tag"):
        read_tagged(path)


def test_sentences_of_dev_are_not_learned_from_unless_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("Ost\tB-Location\n\nDrones\tB-WEAPON\n")
    (tmp_path / "dev.txt").write_text("Ost\tB-Location\n")
    options = ["--data", str(tmp_path), "--train", "train.txt", "--dev", "dev.txt"]
    train, dev = read_sets(parser("").parse_args(options))
    assert ([each.words for each in train], len(dev)) == ([("Drones",)], 1)
    assert len(read_sets(parser("").parse_args([*options, "--keep-shared"]))[0]) == 2


@given(tags=TAGS)
def test_entities_are_those_that_tocsin_reads_off_the_same_tags(tags: list[str]) -> None:
    assert entities(tags) == [(span.start, span.end, span.label) for span in tags_to_spans(tags)]


@given(tags=TAGS)
def test_entities_become_tags_and_the_same_entities_again(tags: list[str]) -> None:
    assert entities(tags_of(len(tags), entities(tags))) == entities(tags)


def test_what_was_cut_off_counts_as_missed() -> None:
    gold = [Sentence(("Drones", "hit", "Ost"), ("B-WEAPON", "O", "B-Location"))]
    assert headline(gold, [["B-WEAPON", "O", "O"]]) == {
        "entity_f1": 0.6667,
        "entity_macro_f1": 0.5,
        "entity_precision": 1.0,
        "entity_recall": 0.5,
    }


def test_nothing_found_is_zero_without_a_warning() -> None:
    gold = [Sentence(("Ost",), ("B-Location",))]
    assert headline(gold, [["O"]])["entity_f1"] == 0.0
