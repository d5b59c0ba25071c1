"""Words in columns that are numbered: where the word stands, what is beside it, and which numbers are words."""

from collections import Counter
from pathlib import Path

import pytest

from tocsin.data.errors import Problem
from tocsin.data.formats.conll import read
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.types import Document

GERMEVAL = (
    "#\thttp://de.wikipedia.org/wiki/Orle [2009-10-17]\n1\tAufgrund\tO\tO\n2\tSchartau\tO\tB-PER\n\n"
    "#\thttp://de.wikipedia.org/wiki/Vale [2009-10-17]\n1\tIn\tO\tO\n2\tFort\tO\tB-LOC\n3\tOrle\tO\tI-LOC\n\n"
)


Read = list[tuple[str, list[tuple[str, str]]]]


def read_from(folder: Path, lines: str, options: Options | None = None, lost: Tally | None = None) -> Read:
    """The texts of a file with these lines, each with its entities and their labels."""
    (folder / "a.conll").write_text(lines, "utf-8")
    found: Read = []
    for document in read(folder / "a.conll", options or Options(), Counter() if lost is None else lost):
        assert isinstance(document, Document), document
        entities = [(span.text(document.article), span.label) for span in document.entities]
        found.append((document.article.text, entities))
    return found


@pytest.mark.parametrize("separator", ["\t", " "])
def test_words_that_are_numbered_are_read_behind_their_numbers_and_that_is_told(
    separator: str, tmp_path: Path, lost: Tally
) -> None:
    assert read_from(tmp_path, GERMEVAL.replace("\t", separator), lost=lost) == [
        ("Aufgrund Schartau", [("Schartau", "PER")]),
        ("In Fort Orle", [("Fort Orle", "LOC")]),
    ]
    assert lost == {
        "words read from column 1, as column 0 numbers them": 5,
        "cells of columns beside those of words and tags": 5,
        "comments": 2,
    }


def test_of_numbered_words_those_of_the_text_are_read_and_what_is_made_of_them_is_counted(
    tmp_path: Path, lost: Tally
) -> None:
    lines = "# sent_id = 1\n1\tAnna\tPROPN\tB-PER\n2-3\tzum\t_\t_\n2\tzu\tADP\tO\n3\tdem\tDET\tB-LOC\n"
    lines += "3.1\tgeht\tVERB\t_\n4\tHafen\tNOUN\tI-LOC\n\n"
    found = read_from(tmp_path, lines, lost=lost)
    assert found == [("Anna zu dem Hafen", [("Anna", "PER"), ("dem Hafen", "LOC")])]
    assert lost == {
        "words read from column 1, as column 0 numbers them": 4,
        "cells of columns beside those of words and tags": 4,
        "words given once more as a whole (such as 1-2), read part by part": 1,
        "words that are not in the text (such as 8.1)": 1,
        "comments": 1,
    }


def test_a_document_s_name_before_the_numbers_of_its_words_is_no_word(tmp_path: Path, lost: Tally) -> None:
    lines = "#begin document (bc/a); part 000\nbc/a 0 0 Fort NNP B-BASE\nbc/a 0 1 Orle NNP I-BASE\n\n"
    lines += "bc/a 0 0 It PRP O\nbc/a 0 1 fell VBD O\n\n#end document\n"
    assert read_from(tmp_path, lines, lost=lost) == [("Fort Orle", [("Fort Orle", "BASE")]), ("It fell", [])]
    assert lost["words read from column 3, as column 2 numbers them"] == 4
    assert lost["comments"] == 2


def test_among_numbered_words_tags_may_stand_anywhere_behind_the_numbers(tmp_path: Path) -> None:
    lines = "1\tB-BASE\tFort\n2\tI-BASE\tOrle\n"
    assert read_from(tmp_path, lines, Options(tag_column=1)) == [("Fort Orle", [("Fort Orle", "BASE")])]


def test_numbered_words_without_tags_are_read_where_nothing_but_texts_is_asked_for(tmp_path: Path) -> None:
    for lines in ("1\tFort\n2\tOrle\n", "1\tFort\tNNP\n2\tOrle\tNNP\n"):
        assert read_from(tmp_path, lines, Options(texts_only=True)) == [("Fort Orle", [])]


@pytest.mark.parametrize(
    "lines",
    [
        "1\tBomb\tO\n2\tin\tO\n3\tKabul\tB-LOC\n\n4\tHe\tO\n5\tdied\tO\n",
        "-DOCSTART-\tO\n\n1\tBomb\tO\n2\tin\tO\n3\tKabul\tB-LOC\n\n4\tHe\tO\n5\tdied\tO\n",
        "1\tBomb\tO\n2\tin\tO\n4\tKabul\tB-LOC\n\n1\tHe\tO\n3\tdied\tO\n",
        "7\tBomb\tO\n8\tin\tO\n9\tKabul\tB-LOC\n\n12\tHe\tO\n14\tdied\tO\n",
    ],
)
def test_numbers_may_go_on_through_a_file_and_skip_some(lines: str, tmp_path: Path) -> None:
    found = read_from(tmp_path, lines)
    assert "\n".join(text for text, _ in found) == "Bomb in Kabul\nHe died"
    assert found[0][1] == [("Kabul", "LOC")]


def test_numbers_may_start_anew_with_each_document(tmp_path: Path) -> None:
    sentences = "1\tA\tO\n2\traid\tB-ACT\n\n3\tIt\tO\n4\tfailed\tO\n\n"
    found = read_from(tmp_path, f"-DOCSTART-\tO\n\n{sentences}" * 2)
    assert found == [("A raid\nIt failed", [("raid", "ACT")])] * 2


@pytest.mark.parametrize("lines", ["1\tHalt\tO\n", "1\tBOMB\tO\n2\tIN\tO\n3\tKABUL\tO\n", "1\t停\tO\n2\t停\tO\n"])
def test_a_short_file_of_numbered_words_is_told_by_what_stands_behind_the_numbers(lines: str, tmp_path: Path) -> None:
    words = " ".join(line.split()[1] for line in lines.splitlines())
    assert read_from(tmp_path, lines) == [(words, [])]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Orle\tNNP\tO", "'Orle NNP O' has no number in column 0; expected that of the word, as other lines have"),
        ("2\tO", "has no tag"),
        ("2", "has no tag"),
        ("2\t\tO", "but no word"),
    ],
)
def test_a_bad_line_among_numbered_words_is_told(line: str, told: str, tmp_path: Path) -> None:
    others = "".join(f"{number}\tword\tNN\tO\n" for number in range(2, 30))
    path = tmp_path / "a.conll"
    path.write_text(f"1\tOne\tCD\tO\n{line}\n\n1\tword\tNN\tO\n{others}\n", "utf-8")
    found = list(read(path, Options(), Counter()))
    assert [type(each) for each in found] == [Problem, Document]
    assert str(found[0]).startswith(f"{path}:2: ")
    assert told in str(found[0])


@pytest.mark.parametrize(
    "lines",
    [
        "1 O\n2 O\n3 O\nfire O\n\n",
        "1 CD O\n2 CD O\n3 CD O\nfire VB O\n\n",
        "1 CD O\n1 CD O\n7 CD O\n\n",
        "1-2 CD O\nwon VBD O\n\n",
        f"{'1' * 5000} CD O\n2 CD O\n\n",
        "1 CD O\n2 CD O\n3 CD B-X\n\n",
        "1 CD O\n",
        "1998 CD O\n1999 CD O\n2001 CD O\n\n",
    ],
)
def test_words_that_are_numbers_are_words(lines: str, tmp_path: Path) -> None:
    words = " ".join(line.split()[0] for line in lines.splitlines() if line)
    for options in (Options(), Options(texts_only=True)):
        assert [text for text, _ in read_from(tmp_path, lines, options)] == [words]


def test_words_that_are_nearly_all_numbers_are_told_if_there_are_columns_beside_them(
    tmp_path: Path, lost: Tally
) -> None:
    told = "words that are numbers, with columns beside them: is the word in another column?"
    read_from(tmp_path, "".join(f"{7 * n % 11} word{n} O\n" for n in range(11)), lost=lost)
    assert lost[told] == 11
    lost.clear()
    read_from(tmp_path, "1 CD O\n2 CD O\n3 CD O\nfire VB O\n", lost=lost)
    read_from(tmp_path, "1 O\n2 O\n3 O\n", lost=lost)
    assert told not in lost
