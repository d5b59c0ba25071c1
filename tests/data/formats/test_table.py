"""Texts with labels in a table: what is read, what is written, and what a bad line is told."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.table import FORMAT, read, write
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Span, TextLabel

Texts = list[tuple[str, tuple[str, ...]]]
ONE_CLASS = Schema(text_labels=("unrest", "weather"), one_text_label=True)


def texts_of(path: Path, options: Options | None = None, lost: Tally | None = None) -> Texts:
    found = list(read(path, options or Options(), Counter() if lost is None else lost))
    assert [problem for problem in found if isinstance(problem, Problem)] == []
    return [
        (document.article.text, tuple(label.name for label in document.labels or ()))
        for document in found
        if isinstance(document, Document)
    ]


def problems_of(path: Path, options: Options | None = None) -> list[str]:
    found = read(path, options or Options(), Counter())
    return [str(problem).removeprefix(str(path)) for problem in found if isinstance(problem, Problem)]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def document(text: str, *labels: str, own_id: str = "") -> Document:
    return Document(Article(text, id=own_id), labels=tuple(map(TextLabel, labels)))


def test_one_column_of_names_gives_each_text_one_label(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "Crowds marched.\tunrest\nRain fell.\tweather\nShots rang out.\tunrest\n")
    assert texts_of(path) == [
        ("Crowds marched.", ("unrest",)),
        ("Rain fell.", ("weather",)),
        ("Shots rang out.", ("unrest",)),
    ]


def test_numbers_are_names_of_classes_unless_they_are_only_0_and_1(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "One day.\t0\nTwo days.\t1\nThree days.\t2\n")
    assert [labels for _, labels in texts_of(path)] == [("0",), ("1",), ("2",)]


def test_one_column_of_0_and_1_is_a_label_that_is_there_or_not(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "One day.\t0\nTwo days.\t1\n")
    assert [labels for _, labels in texts_of(path)] == [(), ("label1",)]
    assert texts_of(path, Options(text_labels=("raid",)))[1][1] == ("raid",)
    assert texts_of(path, Options(schema=Schema(text_labels=("raid",))))[1][1] == ("raid",)
    written(path, "report\traid\nOne day.\t0\nTwo days.\t1\n")
    assert texts_of(path) == [("One day.", ()), ("Two days.", ("raid",))]


def test_several_columns_of_0_and_1_are_labels_side_by_side(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "One day.\t0\t1\nTwo days.\t1\t1\nThree days.\t0\t0\n")
    assert [labels for _, labels in texts_of(path)] == [("label2",), ("label1", "label2"), ()]
    assert texts_of(path, Options(text_labels=("raid", "siege")))[0][1] == ("siege",)
    written(path, "text\traid\tsiege\nOne day.\t0\t1\n")
    assert texts_of(path) == [("One day.", ("siege",))]


def test_the_order_of_a_schemas_labels_is_never_that_of_columns_without_a_header(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "One day.\t0\t1\nTwo days.\t1\t1\nThree days.\t0\t0\n")
    schema = Schema(text_labels=("apple", "zebra"))
    (problem,) = problems_of(path, Options(schema=schema))
    assert (
        "has no header, which makes its columns of labels label1, label2, and the label set has apple, zebra" in problem
    )
    assert "name them, in the order of the columns, by --text-label, once for each, or by text_labels in" in problem
    assert texts_of(path, Options(schema=schema, text_labels=("zebra", "apple")))[0][1] == ("apple",)


def test_columns_without_a_header_are_numbered_in_their_order_when_there_are_ten_or_more(tmp_path: Path) -> None:
    cells = ["0"] * 11
    cells[1] = "1"  # the second
    path = written(tmp_path / "a.tsv", "\t".join(["One day.", *cells]) + "\n")
    schema = Schema(text_labels=tuple(sorted(f"label{number}" for number in range(1, 12))))
    assert texts_of(path, Options(schema=schema)) == [("One day.", ("label2",))]


def test_names_given_beside_a_header_are_matched_with_its_own_and_rename_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "text\tzebra\tapple\nOne day.\t1\t0\nTwo days.\t0\t0\n")
    assert texts_of(path, Options(text_labels=("apple", "zebra")))[0][1] == ("zebra",)
    for names in (("raid", "siege"), ("zebra",), ("zebra", "apple", "raid")):
        (problem,) = problems_of(path, Options(text_labels=names))
        assert "has a header whose columns of labels are zebra, apple, and the names given are" in problem
        assert "by text_labels in [data]" in problem
    one = written(tmp_path / "b.tsv", "text\tlabel\nOne day.\t1\nTwo days.\t0\n")
    assert "whose columns of labels are label" in problems_of(one, Options(text_labels=("raid",)))[0]


def test_a_document_is_called_by_its_line_whatever_comes_before(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "text\traid\n\nOne day.\t0\nTwo days.\t1\n")
    found = [each.article.id for each in read(path, Options(), Counter()) if isinstance(each, Document)]
    assert found == ["a-3", "a-4"]


@pytest.mark.parametrize(
    "first", ["sentence\tlabel", "Article text\tcategory", "text\tweather"], ids=["label", "category", "text"]
)
def test_a_header_over_classes_is_no_text(first: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", f"{first}\nCrowds marched.\tunrest\nRain fell.\tweather\nHail.\tweather\n")
    assert len(texts_of(path)) == 3


@pytest.mark.parametrize("first", ["A flood came.\tflood", "Flood\tunrest"])
def test_a_first_text_is_not_taken_for_a_header(first: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", f"{first}\nCrowds marched.\tunrest\nRain fell.\tweather\n")
    assert len(texts_of(path)) == 3


def test_a_first_text_of_one_word_whose_class_is_its_alone_is_a_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "x1\tpolitics\nx2\tsports\nx3\tsports\nx4\tsports\nx5\tsports\n")
    assert len(texts_of(path)) == 5


def test_columns_are_named_or_numbered_and_the_others_counted(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.csv", "id,story,kind\n7,Rain fell.,weather\n8,Shots rang out.,unrest\n")
    named = Options(text_column="story", label_columns=("kind",))
    assert texts_of(path, named, lost) == [("Rain fell.", ("weather",)), ("Shots rang out.", ("unrest",))]
    assert lost == {"cells of columns beside those of the text and its labels (id)": 2}
    assert "has no column 'headline' in its first line; found there: id, story, kind" in "".join(
        problems_of(path, Options(text_column="headline"))
    )
    assert "has 3 columns, no column 4" in "".join(problems_of(path, Options(text_column="4")))
    assert "name the column of the text by --text-column" in "".join(problems_of(path))


@pytest.mark.parametrize(
    "header",
    ["id,text,label", "id,Sentence,Label", "text,label,id", "title,body,label", "Category,article,n", ",text,label"],
)
def test_a_header_says_which_of_several_columns_are_the_text_and_the_label(
    header: str, tmp_path: Path, lost: Tally
) -> None:
    cells = {"text": ("Crowds marched.", "Rain fell."), "label": ("unrest", "weather")}
    cells |= {"sentence": cells["text"], "body": cells["text"], "article": cells["text"], "category": cells["label"]}
    rows = (",".join(cells.get(name.casefold(), ("17", "18"))[row] for name in header.split(",")) for row in range(2))
    path = written(tmp_path / "a.csv", "\n".join([header, *rows, ""]))
    assert texts_of(path, lost=lost) == [("Crowds marched.", ("unrest",)), ("Rain fell.", ("weather",))]
    (other,) = {"id", "title", "n", ""} & set(header.split(","))
    assert lost == {f"cells of columns beside those of the text and its labels ({other or 0})": 2}


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("id,sms,label\n0,Rain fell.,calm\n1,Shots rang out.,raid\n", Options(text_column="1", label_columns=("2",))),
        ("id,text,label\n0,Rain fell.,calm\n1,Shots rang out.,raid\n", Options()),
        ("id,doc,sentence,class\n17,d0,Rain fell.,calm\n18,d1,Shots rang out.,raid\n", Options()),
    ],
)
def test_a_header_beside_an_id_is_no_text(content: str, options: Options, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", content)
    assert texts_of(path, options) == [("Rain fell.", ("calm",)), ("Shots rang out.", ("raid",))]


@pytest.mark.parametrize(
    "content",
    [
        "title,abstract,label\nRain,Rain fell all day.,calm\nShots,Shots rang out at dawn.,raid\n",
        "Tweet,Target,Stance\nRain fell.,sky,for\nShots rang out.,army,against\n",
        "article,story,class\n12,Rain fell.,calm\n13,Shots rang out.,raid\n",
    ],
)
def test_a_header_that_does_not_say_what_the_text_is_is_refused(content: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", content)
    assert "name the column of the text by --text-column" in problems_of(path)[0]


def test_a_label_that_is_called_as_texts_are_is_one_all_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "sentence,report,target\nShots rang out.,1,0\nRain fell.,0,1\n")
    assert texts_of(path) == [("Shots rang out.", ("report",)), ("Rain fell.", ("target",))]


def test_columns_of_0_and_1_beside_the_one_that_a_header_calls_the_label_are_not_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "id,text,kill,target\n17,Shots rang out.,1,0\n18,Rain fell.,0,1\n")
    assert "name the column of the text by --text-column" in problems_of(path)[0]
    path = written(tmp_path / "b.csv", "text,kill,target\nShots rang out.,1,0\nRain fell.,0,1\n")
    assert texts_of(path) == [("Shots rang out.", ("kill",)), ("Rain fell.", ("target",))]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("Rain fell.\nShots rang out.\n", Options()),
        ("text\nRain fell.\nShots rang out.\n", Options(label_columns=("0",))),
        ("Sentence\nRain fell.\nShots rang out.\n", Options(label_columns=("kind",))),
        ("7\t2024-05-02\tRain fell.\n8\t2024-05-03\tShots rang out.\n", Options(text_column="2")),
        ("id\tSentence\n7\tRain fell.\n8\tShots rang out.\n", Options()),
        ("\ttitle\tbody\n0\tA wet day\tRain fell.\n1\tUnrest\tShots rang out.\n", Options()),
        ("id\tday\tstory\n7\tMonday\tRain fell.\n8\tFriday\tShots rang out.\n", Options(text_column="story")),
        ("weather\tRain fell.\nunrest\tShots rang out.\n", Options(text_column="1", label_columns=("0",))),
        ("Rain fell.\tweather\nShots rang out.\tno class\n", Options(schema=ONE_CLASS)),
    ],
)
def test_texts_without_labels_are_read_where_nothing_else_is_asked_for(
    content: str, options: Options, tmp_path: Path, lost: Tally
) -> None:
    path = written(tmp_path / "a.tsv", content)
    found = read(path, replace(options, texts_only=True), lost)
    assert [(each.article.text, each.labels) for each in found if isinstance(each, Document)] == [
        ("Rain fell.", None),
        ("Shots rang out.", None),
    ]
    assert lost == {}


def test_a_column_of_texts_that_a_file_lacks_is_told_whatever_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "id,story\n7,Rain fell.\n")
    (problem,) = problems_of(path, Options(text_column="report", texts_only=True))
    assert "no column 'report' in its first line; found there: id, story; name one of these by --text-column" in problem


QUOTES = [
    ('"All in quotes."', "All in quotes."),
    ('"He said ""no"" twice."', 'He said "no" twice.'),
    ('""""', '"'),
    ('He said "no".', 'He said "no".'),
    ('"No," he said.', '"No," he said.'),
    ('"No," he said, "never."', '"No," he said, "never."'),
    ('An odd " mark', 'An odd " mark'),
    ('"', '"'),
    ("  blanks stay  ", "  blanks stay  "),
]


@pytest.mark.parametrize(("cell", "text"), QUOTES)
def test_a_tsv_is_read_line_by_line_whatever_quotes_it_holds(cell: str, text: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", f"{cell}\t0\r\nThe next line.\t1\r\n")
    assert texts_of(path) == [(text, ()), ("The next line.", ("label1",))]


def test_a_tsv_with_line_breaks_in_quotes_is_told_what_it_lacks_and_no_half_of_a_text_is_read(tmp_path: Path) -> None:
    rows = 'Rain fell.\tno\n"Shots ""rang"" out,\nmany of them,\nat dawn."\tyes\n"Quiet," he said\tno\n'
    path = written(tmp_path / "a.tsv", rows)
    faults = problems_of(path)
    assert [fault.split(":")[1] for fault in faults] == ["2", "3", "4"]
    assert (
        "its quote is not closed; where tabs separate the columns a text has no line breaks: save it as .csv"
        in faults[0]
    )
    assert "goes on with the text that line 2 begins; where tabs" in faults[2]
    found = [item for item in read(path, Options(), Counter()) if isinstance(item, Document)]
    assert [document.article.text for document in found] == ["Rain fell.", '"Quiet," he said']
    path = written(tmp_path / "a.csv", rows.replace("\t", ",").replace('"Quiet," he', "He"))
    assert len(texts_of(path)) == 3


def test_a_stray_quote_in_a_line_too_short_takes_no_other_line_with_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", 'Rain fell.\tno\n"Shots\nAll quiet.\tno\nThe "Lume" burned."\tyes\n')
    assert [fault.split(":")[1] for fault in problems_of(path)] == ["2"]


def test_a_csv_is_read_with_quotes_and_line_breaks_inside(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b'\xef\xbb\xbftext,raid\r\n"Two\r\nlines, ""quoted""",1\r\nOne,0\r\n')
    found = [each for each in read(path, Options(), Counter()) if isinstance(each, Document)]
    assert [each.article.text for each in found] == ['Two\r\nlines, "quoted"', "One"]
    assert [each.article.id for each in found] == ["a-2", "a-4"]


def test_a_csv_of_semicolons_is_found_out(tmp_path: Path) -> None:
    assert texts_of(written(tmp_path / "a.csv", "text;raid\nOne day;1\n")) == [("One day", ("raid",))]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Three days.\t2\t0", "has '2' for label 'label1'; expected 0 or 1"),
        ("Three days.\t\t0", "has '' for label 'label1'; expected 0 or 1"),
        ("Three days.\t1", "has 2 columns; expected 3"),
        ("Three days.", "has 1 column; expected 3"),
        ("Three\tdays.\t1\t0", "has 4 columns; expected 3"),
        ("\t1\t0", "has an empty text"),
        ('"  "\t1\t0', "has an empty text"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_rest_is_read(line: str, told: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", f"One day.\t0\t1\n{line}\nTwo days.\t1\t0\nFour days.\t1\t0\n")
    found = list(read(path, Options(), Counter()))
    (problem,) = [each for each in found if isinstance(each, Problem)]
    assert problem.where == f"{path}:2"
    assert told in problem.message
    assert len(found) == 4


def test_a_text_without_a_class_or_of_one_beside_the_schema_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "Rain fell.\t\nHail fell.\twether\nShots rang out.\tunrest\n")
    first, second = problems_of(path, Options(schema=ONE_CLASS))
    assert first.startswith(":1: has no label; expected the name of a class; annotate the text, or take it out")
    assert second.startswith(":2: unknown label 'wether'; did you mean 'weather'?")


UNLABELLED = [  # and how many texts have no label
    ("Rain.\tweather\nHail.\t\nShots.\tunrest\n", 1),
    ("Rain.\t\nHail.\tweather\nShots.\tunrest\n", 1),
    ("Rain.\t1\nHail.\t\nShots.\t\n", 2),
    ("Rain.\t\t\nHail.\t\t\nShots.\t0\t1\n", 2),
    ("text\traid\tsiege\nRain.\t1\t0\nHail.\t\t \nShots.\t\t\n", 2),
    ("sentence\traid\tsiege\nRain.\t\t\nHail.\t\t\nShots.\t\t\n", 3),
    ("sentence\tlabel\nRain.\t\nHail.\t\nShots.\t\n", 3),
]


@pytest.mark.parametrize(("content", "n_unlabelled"), UNLABELLED)
def test_cells_of_labels_that_are_all_empty_are_a_mistake_unless_texts_alone_are_asked_for(
    content: str, n_unlabelled: int, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.tsv", content)
    found = list(read(path, Options(texts_only=True), Counter()))
    texts = [(each.article.text, each.labels) for each in found if isinstance(each, Document)]
    assert texts == [("Rain.", None), ("Hail.", None), ("Shots.", None)]
    assert len(texts) == len(found)
    refused = problems_of(path)
    assert len(refused) == n_unlabelled or "a name for each" in refused[0]
    assert "has no label; expected " in refused[0] or "a name for each" in refused[0]


def test_a_text_with_some_empty_cells_is_a_mistake(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "One day.\t0\t1\nTwo days.\t\t1\nThree days.\t1\t0\n")
    assert problems_of(path) == [":2: has '' for label 'label1'; expected 0 or 1"]


def test_labels_in_a_header_beside_the_schema_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "text\traids\tsiege\nOne day.\t0\t1\n")
    (problem,) = problems_of(path, Options(schema=Schema(text_labels=("raid", "siege"))))
    assert "did you mean 'raid'?" in problem


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.tsv", b"", "is empty"),
        ("a.csv", b"\n\n", "is empty"),
        ("a.tsv", b"text\tlabel\n", "has no record"),
        ("a.tsv", b"text\tlabel\rOne day.\t1\rTwo days.\t0\r", "has a carriage return inside, as files with the line"),
        ("a.csv", b"text,label\rOne day.,1\rTwo days.,0\r", "has a carriage return inside, as files with the line"),
        ("a.tsv", b"One day.\nTwo days.\n", "has one column"),
        ("a.tsv", b"\x00\x01\x02", "NUL byte"),
        ("a.csv", b"\x00\x01\x02", "NUL byte"),
        ("a.tsv", b"One day.\t1\ncaf\xe9\t0\n", ":2: byte 0xe9 at position 3"),
        ("a.csv", b'One day.,1\n"caf\xe9\nbar",0\n', ":2: byte 0xe9 at position 4"),
        ("a.csv", b'One day.,1\n"Two days.,0\nThree.,1\n', ":2: cannot be read to its end"),
        ("a.csv", b'One day.,1\n"Two" days.,0\nThree.,1\n', ":2: cannot be read to its end"),
        ("a.tsv", b"text\traid\traid\nOne.\t1\t0\n", "no name twice"),
        ("a.tsv", b"text\t\traid\nOne.\t1\t0\n", "a name for each"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    assert told in "\n".join(problems_of(written(tmp_path / name, content)))


def test_wrong_numbers_of_names_and_columns_given_twice_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "One day.\t0\t1\n")
    assert "has 2 columns of labels but 1 names are given: raid" in problems_of(path, Options(text_labels=("raid",)))[0]
    assert "given twice" in problems_of(path, Options(label_columns=("1", "1")))[0]
    assert "given twice" in problems_of(path, Options(text_column="1", label_columns=("1",)))[0]
    assert "no such file" in problems_of(tmp_path / "none.tsv")[0]


@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_a_text_of_more_than_128_kib_is_read(name: str, tmp_path: Path) -> None:
    separator = "\t" if name == "a.tsv" else ","
    path = written(tmp_path / name, f"{'x' * 200_000}{separator}1\nTwo days.{separator}0\n")
    assert len(texts_of(path)[0][0]) == 200_000


def test_classes_are_written_in_one_column(tmp_path: Path, lost: Tally) -> None:
    documents = [document("Rain fell.", "weather", own_id="a-2"), document("Shots\trang\nout.", "unrest", own_id="a-3")]
    write(documents, tmp_path / "a.tsv", Options(), lost)
    assert (tmp_path / "a.tsv").read_text() == "text\tlabel\nRain fell.\tweather\nShots rang out.\tunrest\n"
    assert lost == {"texts with tabs or line breaks, written as blanks": 1}


def test_labels_side_by_side_are_written_in_a_column_each(tmp_path: Path, lost: Tally) -> None:
    documents = [document("One day.", "l10", "l2"), document("Two days."), document("Three.", "l2")]
    write(documents, tmp_path / "a.tsv", Options(), lost)
    assert (tmp_path / "a.tsv").read_text() == "text\tl2\tl10\nOne day.\t1\t1\nTwo days.\t0\t0\nThree.\t1\t0\n"
    write(documents, tmp_path / "a.csv", Options(text_labels=("l10", "l3", "l2")), lost)
    assert (tmp_path / "a.csv").read_text() == "text,l10,l3,l2\nOne day.,1,0,1\nTwo days.,0,0,0\nThree.,0,0,1\n"


def test_what_a_table_cannot_hold_is_counted(tmp_path: Path, lost: Tally) -> None:
    article = Article("Rain fell.", id="n1", title="Rain", published=date(2024, 5, 2), sentences=(((0, 4), (5, 10)),))
    rich = Document(article, (Span(0, 4, "RAIN"),), labels=(TextLabel("weather", 0.7),))
    write(
        [rich, document("Crowds.", "unrest", own_id="a-3"), Document(Article("?"))], tmp_path / "a.tsv", Options(), lost
    )
    assert lost == {
        "titles": 1,
        "days of publication": 1,
        "entities": 1,
        "scores": 1,
        "cuts of texts into words and sentences": 1,
        "ids, made anew from the file's name and the line when read": 1,
        "documents without annotated labels, left out": 1,
    }


def test_a_quote_that_a_text_opens_with_does_not_take_the_next_one_in(tmp_path: Path) -> None:
    documents = [document('"Rebels hit Orle, he said', "attack"), document('Nobody died"', "none")]
    options = Options(separator=";")
    write(documents, tmp_path / "a.tsv", options, Counter())
    assert len(texts_of(tmp_path / "a.tsv", options)) == 2


@pytest.mark.parametrize("separator", ["::", '"', "\n", "\0"])
@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_what_separates_no_columns_is_refused(name: str, separator: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected one character that is no quote, line break or NUL"):
        write([document("Rain fell.", "weather")], tmp_path / name, Options(separator=separator), Counter())
    path = written(tmp_path / name, "One day.\t1\n")
    (problem,) = problems_of(path, Options(separator=separator))
    assert "expected one character that is no quote, line break or NUL" in problem


def test_white_space_at_the_edge_of_a_label_is_counted_as_it_is_not_read(tmp_path: Path, lost: Tally) -> None:
    documents = [document("Rain.", " weather", own_id="a-2"), document("Shots.", "unrest", own_id="a-3")]
    write(documents, tmp_path / "a.tsv", Options(), lost)
    assert texts_of(tmp_path / "a.tsv") == [("Rain.", ("weather",)), ("Shots.", ("unrest",))]
    assert lost == {"labels with white space at an edge, read back without it": 1}


@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_nul_characters_are_replaced_and_counted_in_texts_and_labels(name: str, tmp_path: Path, lost: Tally) -> None:
    documents = [document("\ufeffR\0ain.", "wea\0ther", own_id="a-2"), document("Shots.", "unrest", own_id="a-3")]
    write(documents, tmp_path / name, Options(), lost)
    assert texts_of(tmp_path / name) == [("\ufeffR\ufffdain.", ("wea\ufffdther",)), ("Shots.", ("unrest",))]
    assert lost == {"NUL characters, written as \ufffd": 2}


def test_documents_without_labels_make_no_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no document has a label"):
        write([document("Rain fell.")], tmp_path / "a.tsv", Options(), Counter())
    with pytest.raises(DataError, match="labels that are not listed: war"):
        write([document("Rain fell.", "war")], tmp_path / "a.tsv", Options(text_labels=("peace",)), Counter())
    assert not (tmp_path / "a.tsv").exists()


TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), st.sampled_from("\"',\r"))
)
SEEN = TEXTS.filter(lambda text: bool(text.strip()))
LABELS = st.sets(st.sampled_from(["unrest", "weather", 'so "called"', "a;b, c|d"])).map(sorted)


QUOTED = [("a.csv", None), *((f"a.{suffix}", separator) for suffix in ("csv", "tsv", "txt") for separator in ";,| ")]
QUOTED.append(("a.csv", "\t"))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(st.tuples(SEEN, LABELS), min_size=1, max_size=6), named=st.sampled_from(QUOTED))
def test_a_csv_and_what_has_another_separator_than_a_tab_give_back_what_was_written(
    found: list[tuple[str, list[str]]], named: tuple[str, str | None], tmp_path: Path
) -> None:
    documents = [document(text, *labels) for text, labels in found]
    names = {name for _, labels in found for name in labels}
    path, options = tmp_path / named[0], Options(separator=named[1])
    if names:
        write(documents, path, options, Counter())
        assert texts_of(path, options) == [(text, tuple(labels)) for text, labels in found]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(st.tuples(SEEN, LABELS), min_size=1, max_size=6))
def test_a_tsv_gives_back_what_was_written_but_tabs_and_line_breaks(
    found: list[tuple[str, list[str]]], tmp_path: Path
) -> None:
    plain = [(text.replace("\t", " ").replace("\n", " ").replace("\r", " "), tuple(labels)) for text, labels in found]
    names = {name for _, labels in plain for name in labels}
    path = tmp_path / "a.tsv"
    if names:
        lost: Tally = Counter()
        write([document(text, *labels) for text, labels in found], path, Options(), lost)
        assert texts_of(path) == plain
        changed = sum(text != kept for (text, _), (kept, _) in zip(found, plain, strict=True))
        assert lost["texts with tabs or line breaks, written as blanks"] == changed


def test_the_format_is_told_by_its_suffixes() -> None:
    assert (FORMAT.name, FORMAT.suffixes) == ("table", (".tsv", ".csv"))
