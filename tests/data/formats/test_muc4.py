"""MUC-4 as JSON lines: both shapes, mentions that stand elsewhere or have no place, and what is left out."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.document_level import filler_of
from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import nearest
from tocsin.data.formats.muc4 import FORMAT, ROLES
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Span, Template
from tocsin.data.words import words

TEXT = "🚨 rebels shelled the mayor's house with a mortar. the rebels, of the red column, also burned two buses."
SCHEMA = Schema(entity_labels=ROLES, fillers=ROLES, template_types=("attack", "arson"))


def at(surface: str, after: int = 0) -> list[Any]:
    return [surface, TEXT.index(surface, after)]


REBELS = [at("rebels"), at("the rebels")]
NO_ROLES: dict[str, Any] = {role: [] for role in ROLES}
EXTRACTS = {"docid": "N1", "doctext": TEXT, "extracts": NO_ROLES | {"PerpInd": [REBELS], "Weapon": [[at("mortar")]]}}
TEMPLATES = {
    "docid": "N1",
    "doctext": TEXT,
    "templates": [
        {"incident_type": "attack", **NO_ROLES, "PerpInd": [REBELS], "Target": [[at("the mayor's house")]]},
        {"incident_type": "bombing / arson", **NO_ROLES, "PerpInd": [REBELS], "Target": [[at("two buses")]]},
    ],
}


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def read_one(path: Path, record: object, schema: Schema | None = None) -> tuple[Document | Problem, Tally]:
    lost: Tally = Counter()
    (reading,) = FORMAT.read(write_lines(path / "muc.jsonl", record), Options(schema=schema), lost)
    return reading, lost


def document_of(path: Path, record: object, schema: Schema | None = None) -> Document:
    reading, _ = read_one(path, record, schema)
    assert isinstance(reading, Document)
    return reading


def test_a_role_with_blanks_has_underscores(tmp_path: Path) -> None:
    record = {"docid": "N1", "doctext": TEXT, "extracts": {"heavy weapon": [[at("mortar")]]}}
    reading, lost = read_one(tmp_path, record)
    assert isinstance(reading, Document)
    assert [filler.role for filler in reading.fillers] == ["heavy_weapon"]
    assert lost == {"roles 'heavy weapon', read as heavy_weapon": 1}


def test_a_list_of_documents_is_read_as_lines_are(tmp_path: Path) -> None:
    path = tmp_path / "muc.json"
    path.write_text(json.dumps([EXTRACTS, {**TEMPLATES, "docid": "N2"}], indent=1), encoding="utf-8")
    found = list(FORMAT.read(path, Options(), Counter()))
    assert [each.article.id for each in found if isinstance(each, Document)] == ["N1", "N2"]


def extracts(**by_role: object) -> dict[str, Any]:
    return {"docid": "N1", "doctext": TEXT, "extracts": by_role}


def test_fillers_of_a_text_have_all_their_mentions_counted_in_characters(tmp_path: Path) -> None:
    document = document_of(tmp_path, EXTRACTS)
    assert document.article == Article(TEXT, "N1")
    assert [(filler.role, filler.text) for filler in document.fillers] == [
        ("PerpInd", "the rebels"),
        ("Weapon", "mortar"),
    ]
    assert [span.text(document.article) for span in document.fillers[0].spans] == ["rebels", "the rebels"]
    assert [(span.label, span.start) for span in document.entities] == [("PerpInd", 2), ("Weapon", 42), ("PerpInd", 50)]
    assert document.templates == ()


def test_templates_share_the_fillers_of_equal_mentions(tmp_path: Path) -> None:
    document = document_of(tmp_path, TEMPLATES)
    attack, arson = document.templates
    assert (attack.type, arson.type) == ("attack", "bombing / arson")
    assert attack.fillers[0] is arson.fillers[0] is document.fillers[0]
    assert [filler.text for filler in document.fillers] == ["the rebels", "the mayor's house", "two buses"]


@pytest.mark.parametrize("record", [EXTRACTS, TEMPLATES], ids=["extracts", "templates"])
def test_what_was_read_is_written_as_it_stood(tmp_path: Path, record: dict[str, Any]) -> None:
    path = write_lines(tmp_path / "in.jsonl", record)
    lost: Tally = Counter()
    documents = [reading for reading in FORMAT.read(path, Options(), lost) if isinstance(reading, Document)]
    assert FORMAT.write is not None
    FORMAT.write(documents, tmp_path / "out.jsonl", Options(), lost)
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8")) == record
    assert lost == {}


def test_the_first_annotated_document_tells_the_shape(tmp_path: Path) -> None:
    filler = filler_of("Weapon", [(0, 4)], "bomb")
    templated = Document(Article("bomb", "b"), fillers=(filler,), templates=(Template("bombing", (filler,)),))
    bare = Document(Article("nothing", "n"))
    assert FORMAT.write is not None
    FORMAT.write([bare, templated], tmp_path / "out.jsonl", Options(), Counter())
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert first == {"docid": "n", "doctext": "nothing", "templates": []}
    assert second["templates"][0]["Weapon"] == [[["bomb", 0]]]


def test_the_schema_tells_the_shape_before_the_documents_do(tmp_path: Path) -> None:
    filler = filler_of("Weapon", [(0, 4)], "bomb")
    templated = Document(Article("bomb", "b"), fillers=(filler,), templates=(Template("bombing", (filler,)),))
    lost: Tally = Counter()
    assert FORMAT.write is not None
    FORMAT.write([templated], tmp_path / "out.jsonl", Options(Schema(("Weapon",), fillers=("Weapon",))), lost)
    assert json.loads((tmp_path / "out.jsonl").read_text())["extracts"] == {"Weapon": [[["bomb", 0]]]}
    assert lost == {"templates": 1}


@pytest.mark.parametrize("entity", ["mortar", ["mortar"], [["mortar"]]], ids=["text", "texts", "lists"])
def test_a_mention_without_an_offset_is_the_first_such_characters(tmp_path: Path, entity: object) -> None:
    (filler,) = document_of(tmp_path, extracts(Weapon=[entity])).fillers
    assert (filler.text, filler.spans[0].start) == ("mortar", TEXT.index("mortar"))


def test_a_mention_without_an_offset_that_stands_nowhere_is_counted(tmp_path: Path) -> None:
    reading, lost = read_one(tmp_path, extracts(Weapon=[["a mortar", "howitzer"], ["a tank"]]))
    assert isinstance(reading, Document)
    assert [filler.text for filler in reading.fillers] == ["a mortar"]
    assert lost == {
        "mentions without an offset that stand nowhere in the text": 2,
        "entities without a mention in the text": 1,
    }


def test_a_wrong_offset_is_replaced_by_that_of_the_nearest_place(tmp_path: Path) -> None:
    reading, lost = read_one(tmp_path, extracts(PerpInd=[[["rebels", 50]]]))
    assert isinstance(reading, Document)
    assert reading.entities == (Span(54, 60, "PerpInd"),)
    assert list(lost.values()) == [1]


@pytest.mark.parametrize(("start", "place"), [(-5, 2), (0, 2), (2, 2), (8, 2), (9, 2), (10, 16), (99, 16)])
def test_the_nearest_place_lies_on_either_side(start: int, place: int) -> None:
    assert nearest("car", start, "a car, a bus, a car") == place


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (extracts(Weapon=[[["howitzer", 3]]]), "'howitzer', said to stand at 3, stands nowhere"),
        (extracts(Weapon=[[["mortar", "42"]]]), "a mention is ['mortar', '42']; expected [text, first character]"),
        (extracts(Weapon=[[["mortar", True]]]), "a mention is ['mortar', True]"),
        (extracts(Weapon=[[["", 3]]]), "a mention is ['', 3]"),
        (extracts(Weapon="mortar"), '"Weapon" is a string; expected a list of entities'),
        (extracts(Weapon=[3]), "Weapon 1 is a number; expected a list of entities"),
        (extracts(**{"heavy/weapon": []}), "role 'heavy/weapon' cannot be a name"),
        ({"docid": "N1", "doctext": TEXT, "extracts": []}, '"extracts" is a list; expected an object'),
        ({"docid": "N1", "doctext": TEXT, "templates": {}}, '"templates" is an object; expected a list'),
        ({"docid": "N1", "doctext": TEXT, "templates": [[]]}, "template 1 is a list; expected an object"),
        ({"docid": "N1", "doctext": TEXT, "templates": [{"Weapon": []}]}, '"incident_type" is missing'),
        ({"docid": "N1", "doctext": TEXT}, 'has neither "extracts" nor "templates"'),
        ({"docid": "N1", "doctext": " ", "extracts": {}}, '"doctext" is empty'),
        ({"docid": "N1", "extracts": {}}, '"doctext" is missing'),
        ({"docid": "N1", "doctext": 3, "extracts": {}}, '"doctext" is a number'),
        (3, "holds a number; expected one JSON object a line"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, record: object, message: str) -> None:
    reading, lost = read_one(tmp_path, record)
    assert isinstance(reading, Problem)
    assert reading.where == f"{tmp_path / 'muc.jsonl'}:1"
    assert message in reading.message
    assert lost == {}


def test_names_that_the_schema_has_not_are_told_with_the_nearest(tmp_path: Path) -> None:
    record = {"doctext": TEXT, "templates": [{"incident_type": "atack", "Wepon": [[at("mortar")]]}]}
    readings = FORMAT.read(write_lines(tmp_path / "muc.jsonl", record), Options(SCHEMA), Counter())
    messages = [str(reading) for reading in readings]
    assert len(messages) == 2
    assert "did you mean 'attack'?" in messages[0]
    assert "did you mean 'Weapon'?" in messages[1]


def test_a_schema_without_fillers_takes_the_mentions_alone(tmp_path: Path) -> None:
    reading, lost = read_one(tmp_path, TEMPLATES, Schema(ROLES))
    assert isinstance(reading, Document)
    assert len(reading.entities) == 4
    assert (reading.fillers, reading.templates) == ((), ())
    assert lost == {"fillers, which the schema has not": 3, "templates, which the schema has not": 2}


def test_repetitions_and_other_keys_are_counted(tmp_path: Path) -> None:
    twice = [at("mortar"), at("mortar")]
    reading, lost = read_one(tmp_path, extracts(Weapon=[twice, [at("mortar")]]) | {"split": "dev"})
    assert isinstance(reading, Document)
    assert len(reading.fillers) == 1
    assert lost == {
        "mentions given twice in an entity": 1,
        "entities given twice in a role": 1,
        'values of "split" of records': 1,
    }


def test_reading_goes_on_behind_a_line_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "muc.jsonl"
    lines = ["\ufeff{broken", json.dumps(EXTRACTS), json.dumps(EXTRACTS), json.dumps({**EXTRACTS, "docid": None})]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    broken, document, copy, unnamed = FORMAT.read(path, Options(), Counter())
    assert isinstance(broken, Problem)
    assert isinstance(document, Document)
    assert isinstance(copy, Problem)
    assert "document id 'N1' is taken by" in copy.message
    assert isinstance(unnamed, Document)
    assert unnamed.article.id == "muc-4"


def test_what_the_target_has_no_place_for_is_counted(tmp_path: Path) -> None:
    article = Article("two bombs", title="A title", sentences=(((0, 3), (4, 9)),))
    document = Document(article, (Span(0, 3, "Number"),), fillers=(filler_of("Weapon", [(4, 9)], article.text),))
    lost: Tally = Counter()
    assert FORMAT.write is not None
    FORMAT.write([document], tmp_path / "out.jsonl", Options(SCHEMA), lost)
    assert lost == {
        "titles": 1,
        "cuts of texts into words and sentences": 1,
        "entities that are no mention of a filler": 1,
        "fillers in no template": 1,
    }


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(alphabet="ab é🚀\u0301\n\r.", min_size=1, max_size=60).filter(str.strip))
    spans = words(text)
    mentions = st.lists(st.sampled_from(spans), min_size=1, max_size=3)
    drawn = {
        (role, tuple(sorted(set(own)))): filler_of(role, own, text)
        for role, own in draw(st.lists(st.tuples(st.sampled_from(ROLES), mentions), max_size=5))
    }
    fillers = tuple(drawn[place] for place in sorted(drawn))
    entities = {(span.start, span.end, span.label): span for filler in fillers for span in filler.spans}
    templates = (Template("attack", fillers),) if fillers and draw(st.booleans()) else ()
    in_order = tuple(entities[place] for place in sorted(entities))
    return Document(Article(text, "d"), in_order, fillers=fillers, templates=templates)


@given(document=documents())
def test_a_document_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    path = tmp_path_factory.mktemp("muc4") / "out.jsonl"
    lost: Tally = Counter()
    assert FORMAT.write is not None
    FORMAT.write([document], path, Options(), lost)
    assert list(FORMAT.read(path, Options(), lost)) == [document]
    assert lost == {}


@pytest.mark.parametrize("nothing", [[], None], ids=["an empty list", "null"])
def test_an_empty_role_that_the_schema_lacks_says_nothing(nothing: object, tmp_path: Path) -> None:
    schema = Schema(("Weapon",), fillers=("Weapon",), template_types=("bombing",))
    path = tmp_path / "a.jsonl"
    template = {"incident_type": "bombing", "Weapon": [], "PerpInd": nothing}
    path.write_text(json.dumps({"docid": "N1", "doctext": TEXT, "templates": [template]}))
    (found,) = FORMAT.read(path, Options(schema=schema), Counter())
    assert isinstance(found, Document), found
    assert [each.type for each in found.templates] == ["bombing"]
    filled = {**template, "PerpInd": [[["rebels", 0]]]}
    path.write_text(json.dumps({"docid": "N1", "doctext": TEXT, "templates": [filled]}))
    (fault,) = FORMAT.read(path, Options(schema=schema), Counter())
    assert "unknown role 'PerpInd'" in str(fault)
