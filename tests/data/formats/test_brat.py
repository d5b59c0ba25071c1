"""brat's standoff: what its lines say, what they cannot say, and that nothing changes on the way there and back."""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.brat import FORMAT
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.records import span_order
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Span, TextLabel

SCHEMA = Schema(
    entity_labels=("ACTOR", "BASE"),
    event_types=("ATTACK",),
    roles=(Role("attacker", ("ACTOR",)), Role("target", ("BASE", "ACTOR"))),
    attributes=(Attribute("status", ("reported", "claimed")),),
    entity_attributes={"BASE": (Attribute("kind", ("port", "air field")), Attribute("size"))},
)
WITH_SCHEMA = Options(schema=SCHEMA)
TEXT = "Rebels 🚀 shelled Fort Orle and\nPort Sund on Friday.\n"
ANN = (
    "T1\tACTOR 0 6\tRebels\n"
    "T2\tBASE 17 26\tFort Orle\n"
    "T3\tATTACK 9 16\tshelled\n"
    "E1\tATTACK:T3 attacker:T1 target:T2 target2:T4\n"
    "T4\tBASE 31 40\tPort Sund\n"
    "A1\tstatus E1 claimed\n"
    "A2\tkind T4 port\n"
    "A3\tsize T4 2\n"
    "A4\tincident E1 I7\n"
)


def folder_of(tmp_path: Path, ann: str, text: str = TEXT) -> Path:
    (tmp_path / "n1.txt").write_bytes(text.encode())
    (tmp_path / "n1.ann").write_bytes(ann.encode())
    return tmp_path


def readings(path: Path, options: Options = WITH_SCHEMA) -> tuple[list[Document | Problem], Tally]:
    lost: Tally = Counter()
    return list(FORMAT.read(path, options, lost)), lost


def only_document(path: Path, options: Options = WITH_SCHEMA) -> Document:
    (found,), _ = readings(path, options)
    assert isinstance(found, Document), found
    return found


def only_problem(path: Path, options: Options = WITH_SCHEMA) -> str:
    (found,), _ = readings(path, options)
    assert isinstance(found, Problem), found
    return str(found).removeprefix(f"{path}/")


def raid(own_id: str = "n1") -> Document:
    rebels = Span(0, 6, "ACTOR")
    fort = Span(17, 26, "BASE")
    port = Span(31, 40, "BASE", attributes={"kind": "port", "size": 2})
    roles = (Argument("attacker", rebels), Argument("target", fort), Argument("target", port))
    event = Event(Span(9, 16, "ATTACK"), roles, {"status": "claimed"}, "I7")
    return Document(Article(TEXT, own_id), (rebels, fort, port), (event,))


def written(tmp_path: Path, *documents: Document, options: Options = WITH_SCHEMA) -> tuple[Path, Tally]:
    assert FORMAT.write
    lost: Tally = Counter()
    FORMAT.write(documents, tmp_path / "out", options, lost)
    return tmp_path / "out", lost


def test_a_pair_of_files_is_read_with_its_events_and_attributes(tmp_path: Path) -> None:
    assert readings(folder_of(tmp_path, ANN)) == ([raid()], Counter())


@pytest.mark.parametrize("name", ["n1.ann", "n1.txt"])
def test_either_file_of_a_pair_can_be_given(tmp_path: Path, name: str) -> None:
    folder_of(tmp_path, ANN)
    assert only_document(tmp_path / name) == raid()


def test_windows_line_ends_of_annotations_change_nothing(tmp_path: Path) -> None:
    assert only_document(folder_of(tmp_path, ANN.replace("\n", "\r\n"))) == raid()


def test_line_ends_of_the_text_are_counted_as_they_stand(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "T1\tBASE 5 9\tPort\n", "One\r\nPort\r\n")
    assert [span.text(only_document(folder).article) for span in only_document(folder).entities] == ["Port"]


def test_a_byte_order_mark_counts_as_brat_counts_it(tmp_path: Path) -> None:
    document = only_document(folder_of(tmp_path, "T1\tBASE 1 5\tPort\n", "\ufeffPort Sund"))
    assert (document.article.text, document.entities) == ("Port Sund", (Span(0, 4, "BASE"),))


def test_documents_of_folders_inside_are_called_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "east").mkdir()
    (tmp_path / ".stats").mkdir()
    for folder in (tmp_path, tmp_path / "east", tmp_path / ".stats"):
        folder_of(folder, ANN)
    found, _ = readings(tmp_path)
    assert [reading.article.id for reading in found if isinstance(reading, Document)] == ["east/n1", "n1"]


def test_an_empty_file_of_annotations_is_a_document_without_any(tmp_path: Path) -> None:
    assert only_document(folder_of(tmp_path, "")) == Document(Article(TEXT, "n1"))


def test_without_a_schema_event_lines_alone_make_events(tmp_path: Path) -> None:
    lines = (
        "T1\tMan 0 6\tRebels\nT2\tHit 9 16\tshelled\nE1\tHit:T2\nT3\tMan 17 26\tFort Orle\nR1\tnear Arg1:T1 Arg2:T3\n"
    )
    (document,), lost = readings(folder_of(tmp_path, lines), Options())
    assert isinstance(document, Document)
    assert document.entities == (Span(0, 6, "Man"), Span(17, 26, "Man"))
    assert document.events == (Event(Span(9, 16, "Hit")),)
    assert lost == {"relations that lead from no event to an entity": 1}


def test_without_events_and_schema_relations_make_them(tmp_path: Path) -> None:
    lines = "T1\tMan 0 6\tRebels\nT2\tHit 9 16\tshelled\nR1\tby Arg1:T2 Arg2:T1\t\n"
    (document,), lost = readings(folder_of(tmp_path, lines), Options())
    assert isinstance(document, Document)
    assert document.events == (Event(Span(9, 16, "Hit"), (Argument("by", Span(0, 6, "Man")),)),)
    assert lost == {"entities read as triggers, as a relation leads from them": 1}


def test_a_trigger_without_an_event_line_is_an_event_by_the_schema(tmp_path: Path) -> None:
    lines = "T1\tACTOR 0 6\tRebels\nT2\tATTACK 9 16\tshelled\nR1\tattacker Arg1:T2 Arg2:T1\nM1\tstatus T2 reported\n"
    (event,) = only_document(folder_of(tmp_path, lines)).events
    assert event.fillers("attacker") == (Span(0, 6, "ACTOR"),)
    assert event.attributes == {"status": "reported"}


def test_an_attribute_without_a_value_is_true(tmp_path: Path) -> None:
    lines = "T2\tHit 9 16\tshelled\nE1\tHit:T2\nM1\tNegation E1\nA2\tsure E1 not at all\n"
    (event,) = only_document(folder_of(tmp_path, lines), Options()).events
    assert event.attributes == {"Negation": "true", "sure": "not at all"}


def test_digits_after_a_role_belong_to_it_if_the_schema_says_so(tmp_path: Path) -> None:
    schema = replace(SCHEMA, roles=(Role("arg1", ("ACTOR", "BASE")), Role("target", ("BASE",))))
    lines = ANN.replace("attacker:", "arg1:").replace("target:", "arg12:")
    (event,) = only_document(folder_of(tmp_path, lines), Options(schema=schema)).events
    assert [argument.role for argument in event.arguments] == ["arg1", "arg1", "target"]


def test_a_span_cut_at_a_line_break_is_whole_again(tmp_path: Path) -> None:
    lost: Tally
    (document,), lost = readings(folder_of(tmp_path, "T1\tBASE 22 30;31 35\tOrle and Port\n"))
    assert isinstance(document, Document)
    assert (document.entities, lost) == ((Span(22, 35, "BASE"),), Counter())


def test_of_a_span_with_gaps_the_whole_is_taken_and_counted(tmp_path: Path) -> None:
    (document,), lost = readings(folder_of(tmp_path, "T1\tBASE 17 21;31 35\tFort Port\n"))
    assert isinstance(document, Document)
    assert document.entities == (Span(17, 35, "BASE"),)
    assert lost == {"discontinuous spans, taken as one from first to last": 1}


def test_what_a_document_cannot_hold_is_counted(tmp_path: Path) -> None:
    more = (
        "#1\tAnnotatorNotes T1\tsee page 2\nN1\tReference T1 Wiki:12\tRebels\n*\tEquiv T1 T2\n"
        "R1\tnear Arg1:T2 Arg2:T4\nA5\tsure R1\nT5\tATTACK 0 6\tRebels\nE2\tATTACK:T5 target:E1\nA6\tmood E1 grim\n"
        "A7\tstatus E1 reported\nA8\tincident T1 I7\n"
    )
    (tmp_path / "readme.txt").write_text("How to annotate.")
    found, lost = readings(folder_of(tmp_path, ANN + more))
    assert [type(reading) for reading in found] == [Document]
    assert lost == {
        "texts without an .ann file, left out": 1,
        "notes": 1,
        "links to entries of knowledge bases": 1,
        "groups of equivalent entities": 1,
        "attributes of relations": 1,
        "attributes that the schema does not name": 1,
        "second values of an attribute": 1,
        "incidents named on what is no event": 1,
        "relations that lead from no event to an entity": 2,
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("T9\tACTR 0 6\tRebels", "unknown label 'ACTR'; did you mean 'ACTOR'?"),
        (
            "T9\tACTOR 0 6\tPort Sund",
            "the line has 'Port Sund' but characters [0, 6) of the text are 'Rebels'; th",
        ),
        ("T9\tACTOR 6 6\t", "[6, 6) is empty, negative or ends past the text"),
        ("T9\tACTOR 50 999\tx", "ends past the text (52 characters)"),
        (f"T9\tACTOR 0 {'9' * 9999}\tx", "cannot be read; expected a label and offsets"),
        ("T9 ACTOR 0 6 Rebels", "expected an id and a tab"),
        ("T9\tACTOR\t0 6", "cannot be read; expected a label and offsets"),
        ("T1\tACTOR 0 6\tRebels", "T1: a second line of that id"),
        ("E9\tATTACK", "cannot be read; expected a trigger and roles"),
        ("E9\tRAID:T3", "unknown event type 'RAID'"),
        ("E9\tATTACK:T3 victim:T1", "unknown role 'victim'"),
        ("E9\tATTACK:T1", "is a ATTACK, but its trigger T1 is labelled ACTOR"),
        ("E9\tATTACK:T77", "'T77' is the id of nothing in this file"),
        ("E9\tATTACK:T3 target:T77", "'T77' is the id of nothing in this file"),
        ("R9\ttarget Arg1:E1", "cannot be read; expected a relation"),
        ("R9\ttarget Arg1:E1 Arg2:A1", "'A1' cannot stand here"),
        ("A9\tstatus", "cannot be read; expected an attribute"),
        ("A9\tstatus E77 claimed", "'E77' is the id of nothing in this file"),
        ("X9\tACTOR 0 6", "begins with 'X9'; expected an id and a tab"),
        ("\tACTOR 0 6", "begins with ''; expected an id and a tab"),
        ("T9\t\xa0\t", "cannot be read"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path: Path, line: str, told: str) -> None:
    problem = only_problem(folder_of(tmp_path, f"{ANN}\n{line}\n"))
    assert problem.startswith("n1.ann:11: ")
    assert told in problem


def test_offsets_of_another_count_are_told_with_the_shift(tmp_path: Path) -> None:
    problem = only_problem(folder_of(tmp_path, "T1\tBASE 18 27\tFort Orle\n"))
    assert problem.endswith("'ort Orle '; the same characters stand at 17: shifted by -1?")


def test_a_value_that_the_schema_lacks_is_told(tmp_path: Path) -> None:
    assert "unknown value of \"status\" 'claim'" in only_problem(folder_of(tmp_path, ANN.replace("claimed", "claim")))


def test_a_label_that_cannot_be_a_name_is_told(tmp_path: Path) -> None:
    problem = only_problem(folder_of(tmp_path, "T1\t2nd:man 0 6\tRebels\n"), Options())
    assert problem.startswith("n1.ann:1: T1: label '2nd:man' cannot be a name")


def test_one_bad_document_does_not_stop_the_others(tmp_path: Path) -> None:
    folder_of(tmp_path, ANN)
    (tmp_path / "a.ann").write_text("T1\tNONE 0 1\tx\n#1\tNote T1\tx\n")
    (tmp_path / "a.txt").write_text("x")
    found, lost = readings(tmp_path)
    assert [type(reading) for reading in found] == [Problem, Document]
    assert lost == {}  # what a document would have lost that is not read


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("n1.txt", b"", "n1.txt: is empty"),
        ("n1.txt", b"\xef\xbb\xbf \n", "n1.txt: is empty"),
        ("n1.txt", b"caf\xe9", "n1.txt: byte 0xe9 at position 3"),
        ("n1.txt", b"\0\1\2", "n1.txt: has a NUL byte"),
        ("n1.ann", b"\xff\xfeT\0", "n1.ann: is UTF-16"),
        ("n1.ann", b"T1\tACTOR 0 6\tRebels\n#1\t\xe9\n", "n1.ann:2: byte 0xe9"),
    ],
)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    folder_of(tmp_path, ANN)
    (tmp_path / name).write_bytes(content)
    assert only_problem(tmp_path).startswith(told)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "holds no .ann file" in only_problem(tmp_path)
    assert "no such file" in only_problem(tmp_path / "none")
    folder_of(tmp_path, ANN)
    (tmp_path / "n1.txt").unlink()
    assert only_problem(tmp_path).startswith("n1.txt: no such file")


def test_what_is_written_is_what_brat_writes(tmp_path: Path) -> None:
    folder, lost = written(tmp_path, raid())
    assert lost == {}
    assert (folder / "n1.txt").read_bytes().decode() == TEXT
    assert (folder / "n1.ann").read_text(encoding="utf-8").splitlines() == [
        "T1\tACTOR 0 6\tRebels",
        "T2\tBASE 17 26\tFort Orle",
        "T3\tBASE 31 40\tPort Sund",
        "T4\tATTACK 9 16\tshelled",
        "E1\tATTACK:T4 attacker:T1 target:T2 target2:T3",
        "A1\tkind T3 port",
        "A2\tsize T3 2",
        "A3\tstatus E1 claimed",
        "A4\tincident E1 I7",
    ]


def test_a_span_over_a_line_break_is_written_in_fragments(tmp_path: Path) -> None:
    folder, _ = written(tmp_path, Document(Article("Fort\r\nOrle", "n1"), (Span(0, 10, "BASE"),)))
    assert (folder / "n1.ann").read_text(encoding="utf-8") == "T1\tBASE 0 4;6 10\tFort Orle\n"


def test_what_standoff_cannot_hold_is_counted(tmp_path: Path) -> None:
    article = Article(TEXT, "n1", title="Raid", published=date(2024, 5, 2), sentences=(((0, 6),),))
    odd = Event(Span(9, 16, "ATTACK", 0.5), (Argument("arg1", Span(0, 6, "ACTOR")),), {"status": "a\tb"})
    crew = Span(0, 6, "ACTOR", attributes={"size": None})
    document = replace(raid(), article=article, entities=(crew,), events=(odd,), labels=(TextLabel("unrest"),))
    _, lost = written(tmp_path, document, options=Options())
    assert lost == {
        "titles": 1,
        "days of publication": 1,
        "cuts of texts into words and sentences": 1,
        "scores": 1,
        "labels of texts": 1,
        "digits at the end of roles": 1,
        "attributes that are null": 1,
        "attributes that are empty, or have a tab, a line break or white space at an edge": 1,
    }


def test_that_a_text_has_none_of_the_labels_is_counted_as_it_cannot_be_said(tmp_path: Path) -> None:
    _, lost = written(tmp_path, replace(raid(), labels=()), raid("n2"))
    assert lost == {"texts labelled with none of the labels": 1}


def test_what_would_be_no_text_when_read_is_replaced_character_for_character_and_counted(tmp_path: Path) -> None:
    base = Span(8, 12, "BASE", attributes={"kind": "po\0rt"})
    raided = Event(Span(13, 17, "ATTACK"), attributes={"status": "clai\0med"}, incident="I\0")
    text = "\ufeffRe\0els Ash\0 raid"
    folder, lost = written(tmp_path, Document(Article(text, "n1"), (Span(0, 7, "ACTOR"), base), (raided,)))
    assert lost == {
        "NUL characters, written as \ufffd": 5,
        "byte order marks that texts begin with, written as \ufffd": 1,
    }
    (found,), _ = readings(folder, Options())
    assert isinstance(found, Document)
    assert found.article.text == "\ufffdRe\ufffdels Ash\ufffd raid"
    assert [(span.start, span.end) for span in found.entities] == [(0, 7), (8, 12)]
    assert (found.events[0].attributes, found.events[0].incident) == ({"status": "clai\ufffdmed"}, "I\ufffd")


def test_ids_that_cannot_name_a_file_come_back_all_the_same(tmp_path: Path) -> None:
    ids = sorted(["../up", "a/b", "50%", "n1", "C:\\x", ".hidden", "ends in a dot.", "%2F"])
    folder, lost = written(tmp_path, *map(raid, ids))
    found, _ = readings(folder)
    assert sorted(reading.article.id for reading in found if isinstance(reading, Document)) == ids
    assert lost == {}
    assert {path.parent for path in tmp_path.rglob("*.ann")} == {folder}


def test_no_document_overwrites_another(tmp_path: Path) -> None:
    folder, lost = written(tmp_path, raid(), raid(), raid("x" * 300))
    assert len(list(folder.glob("*.ann"))) == 3
    assert lost == {"ids that two documents have": 1, "ids too long to name a file": 1}


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, raid())
    with pytest.raises(DataError, match="is there already; expected a new folder"):
        written(tmp_path, raid("n2"))
    assert [path.name for path in (tmp_path / "out").glob("*.ann")] == ["n1.ann"]


ALPHABET = "ab .\t\r\n\u2028é\u0301🚀👩🏽\u200d𝔘"
IDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(ALPHABET, min_size=1, max_size=40).filter(str.strip))

    def span(label: str) -> Span:
        start = draw(st.integers(0, len(text) - 1))
        return Span(start, draw(st.integers(start + 1, len(text))), label)

    entities = {span_order(each): each for each in (span(draw(label)) for _ in range(draw(st.integers(0, 4))))}
    bases = [replace(each, attributes=draw(sizes)) if each.label == "BASE" else each for each in entities.values()]
    ordered = tuple(sorted(bases, key=span_order))
    events = [
        Event(
            span("ATTACK"),
            tuple(draw(st.lists(st.builds(Argument, role, st.sampled_from(ordered)), max_size=4)) if ordered else ()),
            draw(statuses),
            draw(st.sampled_from(["", "I1", "a b"])),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    return Document(Article(text, draw(IDS)), ordered, tuple(sorted(events, key=lambda each: span_order(each.trigger))))


label = st.sampled_from(SCHEMA.entity_labels)
role = st.sampled_from(["attacker", "target"])
sizes = st.fixed_dictionaries({}, optional={"kind": st.sampled_from(["port", "air field"]), "size": st.integers()})
statuses = st.fixed_dictionaries({}, optional={"status": st.sampled_from(["reported", "claimed"])})


@settings(max_examples=150)
@given(documents())
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, lost = written(Path(folder), document)
        assert lost == {}
        assert readings(path) == ([document], Counter())


@settings(max_examples=100)
@given(documents())
def test_events_come_back_without_a_schema_too(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = replace(document, entities=tuple(Span(each.start, each.end, each.label) for each in document.entities))
        found, _ = readings(written(Path(folder), document)[0], Options())
        assert isinstance(found[0], Document)
        assert found[0].entities == plain.entities
        assert [(e.trigger, e.attributes, e.incident) for e in found[0].events] == [
            (e.trigger, e.attributes, e.incident) for e in document.events
        ]


@settings(max_examples=100)
@given(st.binary(max_size=200), st.binary(max_size=60))
def test_no_bytes_make_the_reader_fail(ann: bytes, text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "n.ann").write_bytes(ann)
        (Path(folder) / "n.txt").write_bytes(text)
        assert readings(Path(folder), Options())[0]


@settings(max_examples=200)
@given(st.lists(st.text("TERAM#N*123 :;\tabé\xa0", max_size=25), max_size=6).map("\n".join))
def test_no_line_makes_the_reader_fail(ann: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert readings(folder_of(Path(folder), ann), Options())[0]


def test_texts_without_annotations_are_read_where_the_texts_only_are_asked_for(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "T1\tACTOR 0 6\tRebels\n")
    (folder / "later.txt").write_text("A raid.")
    found = list(FORMAT.read(folder, Options(texts_only=True), Counter()))
    assert [each.article.text for each in found if isinstance(each, Document)] == ["A raid.", TEXT]
    (alone,) = FORMAT.read(folder / "later.txt", Options(texts_only=True), Counter())
    assert isinstance(alone, Document)
