"""doccano's exports, a shape for each kind of project: what is read, what is told of bad lines, what is written."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.doccano import FORMAT
from tocsin.data.schema import DEFAULT_SCHEMA, Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Filler, Span, TextLabel

TEXT = "🚁 Red Column shelled Fort Orle."
SCHEMA = Schema(
    entity_labels=("ACTOR", "BASE"),
    event_types=("ATTACK",),
    roles=(Role("attacker", ("ACTOR",)), Role("target", ("BASE",))),
    text_labels=("unrest", "armed clash"),
)
RELATED = {  # as exported from a project with relations
    "id": 12,
    "text": TEXT,
    "entities": [
        {"id": 40, "label": "BASE", "start_offset": 21, "end_offset": 30},
        {"id": 41, "label": "ATTACK", "start_offset": 13, "end_offset": 20},
        {"id": 42, "label": "ACTOR", "start_offset": 2, "end_offset": 12},
    ],
    "relations": [
        {"id": 3, "from_id": 41, "to_id": 40, "type": "target"},
        {"id": 4, "from_id": 41, "to_id": 42, "type": "attacker"},
    ],
    "Comments": [],
}
COLUMN, FORT = Span(2, 12, "ACTOR"), Span(21, 30, "BASE")
EVENT = Event(Span(13, 20, "ATTACK"), (Argument("target", FORT), Argument("attacker", COLUMN)))


def stored(folder: Path, *lines: object) -> Path:
    """A file of lines: text as it is, anything else as JSON."""
    path = folder / "all.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(texts), encoding="utf-8", newline="")
    return path


def read(folder: Path, *lines: object, schema: Schema | None = None) -> tuple[list[Document | Problem], Tally]:
    lost: Tally = Counter()
    return list(FORMAT.read(stored(folder, *lines), Options(schema), lost)), lost


def documents_of(folder: Path, *lines: object, schema: Schema | None = None) -> list[Document]:
    found, _ = read(folder, *lines, schema=schema)
    assert [item for item in found if isinstance(item, Problem)] == []
    return [item for item in found if isinstance(item, Document)]


def faults(folder: Path, *lines: object, schema: Schema | None = None) -> list[str]:
    """All problems of a file that holds nothing else."""
    found, _ = read(folder, *lines, schema=schema)
    assert all(isinstance(item, Problem) for item in found)
    return [str(item).partition("all.jsonl")[2] for item in found]


def names(document: Document) -> list[str] | None:
    return None if document.labels is None else [label.name for label in document.labels]


@pytest.mark.parametrize("key", ["label", "labels", "entities"])
def test_listed_spans_are_entities_and_count_characters(tmp_path: Path, key: str) -> None:
    line = {"id": 12, "text": TEXT, key: [[21, 30, "BASE"], [2, 12, "ACTOR"]], "Comments": []}
    [found] = documents_of(tmp_path, line)
    assert found == Document(Article(TEXT, "12"), (COLUMN, FORT))
    assert found.entities[0].text(found.article) == "Red Column"


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["no schema", "schema"])
def test_relations_make_events(tmp_path: Path, schema: Schema | None) -> None:
    found, lost = read(tmp_path, RELATED, schema=schema)
    assert found == [Document(Article(TEXT, "12"), (COLUMN, FORT), (EVENT,), labels=None)]
    assert lost == ({} if schema else {"entities read as triggers, as a relation leads from them": 1})


def test_an_event_without_relations_is_known_by_the_schema(tmp_path: Path) -> None:
    line = {"text": TEXT, "label": [[13, 20, "ATTACK"]]}
    assert documents_of(tmp_path, line, schema=SCHEMA)[0].events == (Event(Span(13, 20, "ATTACK")),)
    assert documents_of(tmp_path, line)[0].entities == (Span(13, 20, "ATTACK"),)


def test_ids_of_entities_are_those_of_their_own_line(tmp_path: Path) -> None:
    found = documents_of(tmp_path, RELATED, {**RELATED, "id": 13})
    assert found[0].events == found[1].events


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"label": ["unrest", "armed clash"]}, ["unrest", "armed clash"]),
        ({"label": "unrest"}, ["unrest"]),
        ({"labels": ["unrest"]}, ["unrest"]),
        ({"cats": ["unrest"]}, ["unrest"]),
        ({"cats": "unrest"}, ["unrest"]),
        ({"cats": {"unrest": 1.0, "armed clash": 0.0}}, ["unrest"]),
        ({"cats": []}, []),
    ],
)
def test_labels_of_texts_are_read(tmp_path: Path, values: dict[str, Any], expected: list[str]) -> None:
    [found] = documents_of(tmp_path, {"id": 1, "text": TEXT, **values})
    assert (names(found), found.entities) == (expected, ())


def test_spans_and_labels_of_one_text_are_read(tmp_path: Path) -> None:
    [found] = documents_of(tmp_path, {"text": TEXT, "entities": [[2, 12, "ACTOR"]], "cats": ["unrest"]}, schema=SCHEMA)
    assert (found.entities, names(found)) == ((COLUMN,), ["unrest"])


def test_an_empty_list_is_of_what_the_other_lines_label(tmp_path: Path) -> None:
    empty = {"text": "Quiet.", "label": []}
    of_texts = documents_of(tmp_path, empty, {"text": TEXT, "label": ["unrest"]}, empty)
    assert list(map(names, of_texts)) == [[], ["unrest"], []]
    of_spans = documents_of(tmp_path, empty, {"text": TEXT, "label": [[2, 12, "ACTOR"]]}, empty)
    assert list(map(names, of_spans)) == [None, None, None]
    assert list(map(names, documents_of(tmp_path, empty))) == [None]


def test_an_empty_list_is_of_what_the_schema_labels(tmp_path: Path) -> None:
    empty = {"text": "Quiet.", "label": []}
    assert names(documents_of(tmp_path, empty, schema=Schema(text_labels=("unrest",)))[0]) == []
    assert names(documents_of(tmp_path, empty, schema=DEFAULT_SCHEMA)[0]) is None


def test_what_is_known_of_the_article_is_kept_and_other_metadata_counted(tmp_path: Path) -> None:
    line = {"id": 3, "text": TEXT, "label": [], "title": "Shelling", "published": "2024-05-05", "source": "Post"}
    odd = {"text": TEXT, "label": [], "published": "in May", "url": 7, "desk": "foreign", "note": "", "Comments": ["?"]}
    found, lost = read(tmp_path, line, odd)
    expected = Article(TEXT, "3", "Shelling", date(2024, 5, 5), "Post")
    assert [item.article for item in found if isinstance(item, Document)] == [expected, Article(TEXT, "all-2")]
    assert lost == {'values of "published"': 1, 'values of "url"': 1, 'values of "desk"': 1, "comments": 1}


def test_old_versions_called_the_text_data(tmp_path: Path) -> None:
    assert documents_of(tmp_path, {"id": 3, "data": TEXT, "label": []}) == [Document(Article(TEXT, "3"))]


def test_a_list_of_objects_is_read_as_well(tmp_path: Path) -> None:
    listed = json.dumps([{"id": 3, "text": TEXT, "label": ["unrest"]}], indent=1)
    assert list(map(names, documents_of(tmp_path, "\ufeff" + listed))) == [["unrest"]]


def test_windows_newlines_end_lines_but_stay_in_texts(tmp_path: Path) -> None:
    line = json.dumps({"text": "Fort\r\nOrle", "label": [[0, 10, "BASE"]]})
    [found] = documents_of(tmp_path, f"\ufeff{line}\r\n")
    assert found.entities[0].text(found.article) == "Fort\r\nOrle"


def test_a_text_that_nobody_could_label_is_counted(tmp_path: Path) -> None:
    assert read(tmp_path, {"id": 1, "text": TEXT}) == ([], {'texts without a "label", "entities" or "cats"': 1})


def test_relations_that_no_document_holds_are_counted(tmp_path: Path) -> None:
    relations = [{"id": 1, "from_id": 42, "to_id": 40, "type": "target"}]
    found, lost = read(tmp_path, {**RELATED, "relations": relations}, schema=SCHEMA)
    assert isinstance(found[0], Document)
    assert lost == {"relations that lead from no event to an entity": 1}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"label": [[2, 90, "ACTOR"]]}, "[2, 90) ends past the text, which has 31 characters"),
        ({"label": [[4, 4, "ACTOR"]]}, "[4, 4) is empty or negative"),
        ({"label": [[-1, 4, "ACTOR"]]}, "[-1, 4) is empty or negative"),
        ({"label": [["2", 12, "ACTOR"]]}, '"start_offset" is a string; expected an integer'),
        ({"label": [[2, 12]]}, "span 1: is [2, 12]; expected [start, end, label]"),
        ({"label": [3, 4]}, "span 1: is 3; expected [start, end, label]"),
        ({"label": [[2, 12, 5]]}, '"label" is a number; expected a string'),
        ({"label": 5}, '"label" is a number; expected a list'),
        ({"label": [[2, 12, "ACTER"]]}, "unknown label 'ACTER'; did you mean 'ACTOR'?"),
        ({"label": ["unrets"]}, "unknown label of a text 'unrets'; did you mean 'unrest'?"),
        ({"label": [" "]}, "a label of the text is empty"),
        ({"cats": [3]}, '"cats" is [3]; expected a list of labels'),
        ({"entities": {"id": 1}}, '"entities" is an object; expected a list'),
        ({**RELATED, "relations": [{"from_id": 41, "to_id": 99, "type": "target"}]}, "'99' is the id of no span here"),
        ({**RELATED, "relations": [{"from_id": 41, "type": "target"}]}, '"from_id" or "to_id" is missing'),
        ({**RELATED, "relations": [{"from_id": 41, "to_id": 40, "type": "aim"}]}, "unknown role 'aim'"),
        ({**RELATED, "relations": "all"}, '"relations" is a string; expected a list of objects'),
        ({"annotations": [{"label": 4, "start_offset": 0, "end_offset": 3}]}, "export with the labels as text"),
        ({"text": " ", "label": []}, '"text" is missing, empty or only white space'),
        ({"text": 5, "label": []}, '"text" is a number; expected a string'),
    ],
)
def test_a_bad_line_is_told(tmp_path: Path, values: dict[str, Any], fault: str) -> None:
    assert any(fault in found for found in faults(tmp_path, {"text": TEXT, **values}, schema=SCHEMA)), faults(
        tmp_path, {"text": TEXT, **values}, schema=SCHEMA
    )


def test_a_label_or_role_that_can_be_no_name_is_told(tmp_path: Path) -> None:
    relations = [{"from_id": 41, "to_id": 40, "type": "aimed/at"}]
    told = faults(tmp_path, {"text": TEXT, "label": [[2, 12, "armed/group"]]}, {**RELATED, "relations": relations})
    assert [fault.partition(";")[0] for fault in told] == [
        ":1: label 'armed/group' cannot be a name",
        ":2: role 'aimed/at' cannot be a name",
    ]


def test_bad_lines_do_not_hide_the_others(tmp_path: Path) -> None:
    found, _ = read(tmp_path, '{"text": ', "no json", "[1]", {"text": TEXT, "label": []}, {"id": 1}, RELATED)
    assert [isinstance(item, Document) for item in found] == [False, False, False, True, False, True]


def test_one_id_for_two_texts_is_told(tmp_path: Path) -> None:
    found, _ = read(tmp_path, RELATED, RELATED)
    assert "document id '12' is taken by" in str(found[1])


def test_a_file_that_is_no_text_empty_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    for content in (b"", b"\n", b"\xff\xfe", b"\x00", b'{"text": "\xe9"}'):
        path.write_bytes(content)
        assert [type(item) for item in FORMAT.read(path, Options(), Counter())] == [Problem]
    for other in (tmp_path, tmp_path / "none.jsonl"):
        assert [type(item) for item in FORMAT.read(other, Options(), Counter())] == [Problem]


@given(
    st.sampled_from("id text data label labels entities relations cats Comments annotations title".split()),
    st.recursive(
        st.none() | st.booleans() | st.integers(-2, 40) | st.floats() | st.sampled_from(["", "ACTOR"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from("id label start_offset end_offset from_id to_id type".split()), inner, max_size=5
            )
        ),
        max_leaves=12,
    ),
)
def test_anything_under_any_key_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    path = stored(tmp_path_factory.getbasetemp(), {**RELATED, key: value}, {"text": TEXT, key: value})
    for schema in (None, SCHEMA):
        assert all(isinstance(item, Document | Problem) for item in FORMAT.read(path, Options(schema), Counter()))


CHARACTERS = st.sampled_from('aB é\u0301🚁👩\u200d🚀\n\r\t\u2028\x85\x00\\"א\ufeff')


@st.composite
def documents(draw: st.DrawFn, *, has_events: bool, has_spans: bool, has_labels: bool) -> list[Document]:
    """Documents with all that a project of one kind holds, in text order."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        text = draw(st.text(CHARACTERS, min_size=1, max_size=20).filter(str.strip))
        starts, ends = st.integers(0, len(text) - 1), st.integers(1, len(text))
        places = st.tuples(starts, ends).filter(lambda ends: ends[0] < ends[1])
        labelled = st.tuples(places, st.sampled_from(SCHEMA.entity_labels))
        spans = draw(st.lists(labelled, max_size=4 if has_spans else 0, unique=True))
        entities = tuple(Span(*place, label) for place, label in sorted(spans))
        roles = st.sampled_from(["attacker", "target"])
        arguments = st.builds(Argument, roles, st.sampled_from(entities)) if entities else st.nothing()
        events = tuple(
            Event(Span(*place, "ATTACK"), tuple(draw(st.lists(arguments, max_size=3 if entities else 0))))
            for place in sorted(draw(st.lists(places, max_size=2 if has_events else 0, unique=True)))
        )
        labels = draw(st.lists(st.sampled_from(SCHEMA.text_labels), unique=True)) if has_labels else None
        own = None if labels is None else tuple(map(TextLabel, labels))
        article = Article(
            text, f"d{number}", title=draw(st.sampled_from(["", "T"])), published=draw(st.none() | st.dates())
        )
        found.append(Document(article, entities, events, labels=own))
    return found


@pytest.mark.parametrize("has_labels", [False, True], ids=["", "labels"])
@pytest.mark.parametrize(("has_spans", "has_events"), [(False, False), (True, False), (True, True)])
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, *, has_spans: bool, has_events: bool, has_labels: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    schema = Schema(text_labels=SCHEMA.text_labels) if has_labels and not has_spans else SCHEMA

    @settings(max_examples=50)
    @given(documents(has_events=has_events, has_spans=has_spans, has_labels=has_labels))
    def is_read_back(given_documents: list[Document]) -> None:
        lost: Tally = Counter()
        FORMAT.write(given_documents, path, Options(schema), lost)  # type: ignore[misc]  # it can be written
        found = list(FORMAT.read(path, Options(schema), lost))
        assert found == given_documents
        assert lost == {}

    is_read_back()


def written(folder: Path, *given_documents: Document) -> tuple[list[dict[str, Any]], Tally]:
    lost: Tally = Counter()
    FORMAT.write(given_documents, folder / "out.jsonl", Options(), lost)  # type: ignore[misc]  # it can be written
    return [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()], lost


def test_a_file_with_an_event_is_written_for_a_project_with_relations(tmp_path: Path) -> None:
    lines, lost = written(
        tmp_path, Document(Article("Quiet.", "d1")), Document(Article(TEXT, "d2"), (COLUMN, FORT), (EVENT,))
    )
    assert lines[0] == {"id": "d1", "text": "Quiet.", "entities": [], "relations": []}
    assert lines[1]["entities"] == [
        {"id": 0, "label": "ACTOR", "start_offset": 2, "end_offset": 12},
        {"id": 1, "label": "BASE", "start_offset": 21, "end_offset": 30},
        {"id": 2, "label": "ATTACK", "start_offset": 13, "end_offset": 20},
    ]
    assert lines[1]["relations"] == [
        {"id": 3, "from_id": 2, "to_id": 1, "type": "target"},
        {"id": 4, "from_id": 2, "to_id": 0, "type": "attacker"},
    ]
    assert lost == {}


def test_a_file_of_entities_is_written_for_a_project_of_spans(tmp_path: Path) -> None:
    article = Article(TEXT, "d1", title="Shelling")
    assert written(tmp_path, Document(article, (COLUMN,)), Document(Article("Quiet.", "d2")))[0] == [
        {"id": "d1", "text": TEXT, "label": [[2, 12, "ACTOR"]], "title": "Shelling"},
        {"id": "d2", "text": "Quiet.", "label": []},
    ]


def test_a_file_of_labels_is_written_for_a_project_of_texts(tmp_path: Path) -> None:
    labelled = Document(Article(TEXT, "d1"), labels=(TextLabel("unrest"),))
    lines, _ = written(tmp_path, labelled, Document(Article("Quiet.", "d2"), labels=()), Document(Article("?", "d3")))
    assert [line.get("label") for line in lines] == [["unrest"], [], None]


def test_entities_and_labels_are_written_for_a_project_of_both(tmp_path: Path) -> None:
    assert written(tmp_path, Document(Article(TEXT, "d1"), (COLUMN,), labels=(TextLabel("unrest"),)))[0] == [
        {"id": "d1", "text": TEXT, "entities": [[2, 12, "ACTOR"]], "cats": ["unrest"]}
    ]


def test_what_doccano_cannot_hold_is_counted(tmp_path: Path) -> None:
    guards = Span(2, 12, "ACTOR", 0.5, {"side": "red"})
    event = Event(Span(13, 20, "ATTACK"), (), {"status": "denied"}, "I1")
    filler = Filler("target", "Fort Orle", (FORT,))
    _, lost = written(tmp_path, Document(Article(TEXT, "d1"), (guards,), (event,), fillers=(filler,)))
    assert lost == {
        "scores": 1,
        "attributes of entities": 1,
        "attributes of events": 1,
        "incidents": 1,
        "fillers": 1,
        "events without arguments, which only a schema can tell from entities": 1,
    }


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        FORMAT.write([], tmp_path / "no" / "out.jsonl", Options(), Counter())  # type: ignore[misc]  # it can be written


def test_texts_that_nobody_annotated_are_read_where_the_texts_only_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 1, "text": "A raid.", "Comments": []}) + "\n")
    (found,) = FORMAT.read(tmp_path / "a.jsonl", Options(texts_only=True), Counter())
    assert isinstance(found, Document)
    assert found.article.text == "A raid."
