"""The JSON of re3d: a folder of documents, entities and relations, or one with a folder for each source."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.re3d import FORMAT
from tocsin.data.schema import Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Span
from tocsin.data.words import words

TEXT = "🚀 The Red Brigade fired rockets at Camp Vale."
TEXT_KEYS = {"sourceName": "Agency", "sourceUrl": "https://example.org/1", "title": "Rockets"}
SCHEMA = Schema(("Organisation", "MilitaryPlatform"), ("Attack",), (Role("By", ("Organisation",)),))


def entity(own_id: str, surface: str, kind: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(surface)
    place = {"begin": start, "end": start + len(surface), "value": surface}
    return {"_id": own_id, "documentId": "d1", "type": kind, **place, "confidence": 1.0, **more}


def relation(own_id: str, source: str, target: str, kind: str) -> dict[str, Any]:
    return {"_id": own_id, "documentId": "d1", "source": source, "target": target, "type": kind, "confidence": 1.0}


BRIGADE = entity("e1", "Red Brigade", "Organisation")
FIRED = entity("e2", "fired", "Attack")


def folder(path: Path, *, entities: Any = (), relations: Any = (), document: Any = None) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    lines(path / "documents.json", [document or {"_id": "d1", **TEXT_KEYS, "text": TEXT}])
    lines(path / "entities.json", entities)
    lines(path / "relations.json", relations)
    return path


def lines(path: Path, records: Any) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def read(path: Path, schema: Schema | None = None) -> tuple[list[Document | Problem], Tally]:
    lost: Tally = Counter()
    return list(FORMAT.read(path, Options(schema=schema), lost)), lost


def test_entities_and_what_is_known_of_a_document_are_read(tmp_path: Path) -> None:
    (document,), lost = read(folder(tmp_path / "re3d", entities=[FIRED, BRIGADE]))
    assert document == Document(
        Article(TEXT, "d1", "Rockets", source="Agency", url="https://example.org/1"),
        (Span(6, 17, "Organisation"), Span(18, 23, "Attack")),
    )
    assert lost == {}


def test_every_folder_of_a_folder_is_read_by_name(tmp_path: Path) -> None:
    folder(tmp_path / "re3d" / "b", document={"_id": "d2", "text": "Nothing."})
    folder(tmp_path / "re3d" / "a", entities=[BRIGADE])
    (tmp_path / "re3d" / "README.md").write_text("about it")
    readings, _ = read(tmp_path / "re3d")
    assert [each.article.id for each in readings if isinstance(each, Document)] == ["d1", "d2"]


def test_lists_and_ids_as_mongodb_exports_them_are_read(tmp_path: Path) -> None:
    path = folder(tmp_path / "re3d")
    own = {"$oid": "57a4"}
    (path / "documents.json").write_text(json.dumps([{"_id": own, "text": TEXT}], indent=1))
    (path / "entities.json").write_text(json.dumps([{**BRIGADE, "documentId": own}]))
    (document,), _ = read(path)
    assert isinstance(document, Document)
    assert (document.article.id, len(document.entities)) == ("57a4", 1)


def test_a_document_without_an_id_gets_one(tmp_path: Path) -> None:
    (document,), lost = read(folder(tmp_path / "re3d", document={"text": TEXT}, entities=[BRIGADE]))
    assert isinstance(document, Document)
    assert document.article.id == "re3d-1"
    assert lost == {"entities of documents that are not there": 1}


@pytest.mark.parametrize("schema", [None, Schema(("Organisation", "Attack"))], ids=["no schema", "no event types"])
def test_relations_are_counted_where_no_schema_has_events(tmp_path: Path, schema: Schema | None) -> None:
    path = folder(tmp_path / "re3d", entities=[BRIGADE, FIRED], relations=[relation("r1", "e2", "e1", "By")])
    (document,), lost = read(path, schema)
    assert isinstance(document, Document)
    assert (len(document.entities), document.events) == (2, ())
    assert lost == {"relations between entities": 1}


def test_relations_from_an_event_are_arguments(tmp_path: Path) -> None:
    by_offsets = {
        "documentId": "d1",
        "type": "By",
        "sourceBegin": 18,
        "sourceEnd": 23,
        "targetBegin": 6,
        "targetEnd": 17,
    }
    relations = [relation("r1", "e2", "e1", "By"), by_offsets, relation("r3", "e1", "e2", "DidIt")]
    (document,), lost = read(folder(tmp_path / "re3d", entities=[BRIGADE, FIRED], relations=relations), SCHEMA)
    assert isinstance(document, Document)
    brigade = Span(6, 17, "Organisation")
    assert document.entities == (brigade,)
    assert document.events == (Event(Span(18, 23, "Attack"), (Argument("By", brigade), Argument("By", brigade))),)
    assert sum(lost.values()) == 1  # the one that leads from no event


def test_a_value_that_stands_elsewhere_moves_the_entity_there(tmp_path: Path) -> None:
    shifted = BRIGADE | {"begin": 7, "end": 18}
    (document,), lost = read(folder(tmp_path / "re3d", entities=[shifted]))
    assert isinstance(document, Document)
    assert document.entities == (Span(6, 17, "Organisation"),)
    assert list(lost.values()) == [1]


def test_white_space_in_a_value_may_be_another(tmp_path: Path) -> None:
    (document,), lost = read(folder(tmp_path / "re3d", entities=[BRIGADE | {"value": "Red\n Brigade"}]))
    assert isinstance(document, Document)
    assert (document.entities, lost) == ((Span(6, 17, "Organisation"),), {})


def test_what_a_document_has_no_place_for_is_counted(tmp_path: Path) -> None:
    entities = [BRIGADE | {"confidence": 0.4, "subType": "militia"}, BRIGADE | {"_id": "e9"}]
    document = {"_id": "d1", "text": TEXT, "wordCount": 9, "notes": ""}
    stray = [relation("r1", "e1", "e2", "By") | {"documentId": "d7"}]
    (_,), lost = read(folder(tmp_path / "re3d", document=document, entities=entities, relations=stray))
    assert lost == {
        "confidences of entities": 1,
        'values of "subType" of entities': 1,
        'values of "wordCount" of documents': 1,
        "entities given twice": 1,
        "relations of documents that are not there": 1,
    }


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (BRIGADE | {"value": "Blue Brigade"}, "entity e1: \"value\" is 'Blue Brigade' but characters [6, 17) are"),
        (BRIGADE | {"value": None, "end": 99}, "[6, 99) is no span of the text (45 characters)"),
        (BRIGADE | {"value": None, "begin": -3}, "[-3, 17) is no span"),
        (BRIGADE | {"value": None, "begin": 17}, "[17, 17) is no span"),
        (BRIGADE | {"begin": "6"}, '"begin" is a string; expected an integer'),
        (BRIGADE | {"value": 3}, '"value" is a number; expected a string'),
        (BRIGADE | {"type": "a/group"}, "'a/group' cannot be a name"),
        (BRIGADE | {"type": None}, "cannot be a name"),
    ],
)
def test_an_entity_that_cannot_be_read_is_told_with_its_document(
    tmp_path: Path, item: dict[str, Any], message: str
) -> None:
    (problem,), _ = read(folder(tmp_path / "re3d", entities=[item]))
    assert isinstance(problem, Problem)
    assert problem.where == f"{tmp_path / 're3d' / 'documents.json'}:1"
    assert message in problem.message


@pytest.mark.parametrize("source", [None, "e7", ["e2"]], ids=["missing", "unknown", "list"])
def test_a_relation_of_no_entity_is_told(tmp_path: Path, source: Any) -> None:
    relations = [relation("r1", source, "e1", "By") | {"sourceBegin": [1]}]
    (problem,), _ = read(folder(tmp_path / "re3d", entities=[BRIGADE, FIRED], relations=relations), SCHEMA)
    assert isinstance(problem, Problem)


def test_labels_that_the_schema_has_not_are_told_with_the_nearest(tmp_path: Path) -> None:
    (problem,), _ = read(folder(tmp_path / "re3d", entities=[BRIGADE | {"type": "Organization"}]), SCHEMA)
    assert "did you mean 'Organisation'?" in str(problem)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "re3d", entities=[BRIGADE])
    (path / "relations.json").write_text("{broken\n")
    (path / "documents.json").write_text('{"_id": "d0", "text": " "}\n[]\n' + (path / "documents.json").read_text())
    (path / "entities.json").unlink()
    readings, _ = read(path)
    problems = [str(each) for each in readings if isinstance(each, Problem)]
    assert [problem.removeprefix(str(path))[:18].partition(":")[0] for problem in problems] == [
        "/entities.json",
        "/relations.json",
        "/documents.json",
        "/documents.json",
    ]
    assert len(readings) == 5


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_what_is_no_folder_of_re3d_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_bytes(b"\x00binary")
    (problem,), _ = read(tmp_path / name)
    assert isinstance(problem, Problem)
    assert ("no such file" if name == "missing" else "holds no documents.json") in problem.message


def write(path: Path, *documents: Document, schema: Schema | None = SCHEMA) -> Tally:
    lost: Tally = Counter()
    assert FORMAT.write is not None
    FORMAT.write(documents, path, Options(schema=schema), lost)
    return lost


def test_what_is_written_has_the_published_shape(tmp_path: Path) -> None:
    brigade = Span(6, 17, "Organisation")
    event = Event(Span(18, 23, "Attack"), (Argument("By", brigade),), {"status": "claimed"})
    lost = write(tmp_path / "out", Document(Article(TEXT, "d1"), (brigade,), (event,)))
    first, second = map(json.loads, (tmp_path / "out" / "entities.json").read_text().splitlines())
    assert first == {**BRIGADE, "_id": "d1-T1"}
    assert second == {**FIRED, "_id": "d1-E1"}
    (link,) = map(json.loads, (tmp_path / "out" / "relations.json").read_text().splitlines())
    assert (link["source"], link["target"], link["type"]) == ("d1-E1", "d1-T1", "By")
    assert lost == {"attributes of events": 1}


def test_events_are_counted_where_no_schema_tells_them_from_entities(tmp_path: Path) -> None:
    brigade = Span(6, 17, "Organisation")
    events = Event(Span(18, 23, "Attack"), (Argument("By", brigade),)), Event(Span(36, 40, "Attack"))
    lost = write(tmp_path / "out", Document(Article(TEXT, "d1"), (brigade,), events), schema=None)
    assert lost == {"events, which only a schema can tell from entities": 2}
    (document,), _ = read(tmp_path / "out")
    assert isinstance(document, Document)
    assert (len(document.entities), document.events) == (3, ())


def test_a_folder_that_is_there_is_not_written_into(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is there already"):
        write(tmp_path, Document(Article(TEXT, "d1")))
    with pytest.raises(DataError, match="cannot be written"):
        write(tmp_path / "no" / "out", Document(Article(TEXT, "d1")))
    assert list(tmp_path.iterdir()) == []


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(alphabet="ab é🚀\u0301\n\r.", min_size=1, max_size=50).filter(str.strip))
    labels = st.sampled_from(["Organisation", "MilitaryPlatform"])
    cut = st.sampled_from(words(text))
    spans = {
        (min(a[0], b[0]), max(a[1], b[1]), c) for a, b, c in draw(st.lists(st.tuples(cut, cut, labels), max_size=4))
    }
    entities = tuple(Span(*span) for span in sorted(spans))
    triggers = sorted(draw(st.sets(cut, max_size=2)))
    filling = st.lists(st.sampled_from(entities), max_size=2) if entities else st.just([])
    events = tuple(
        Event(Span(*place, "Attack"), tuple(Argument("By", span) for span in draw(filling))) for place in triggers
    )
    return Document(Article(text, "d", "a title", source="a source"), entities, events)


@given(document=documents())
def test_a_document_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    path = tmp_path_factory.mktemp("re3d") / "out"
    assert write(path, document) == {}
    assert read(path, SCHEMA) == ([document], {})
