"""A schema that could not be learned or written is refused where it is made, with all that is wrong."""

import json
from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema, read_schema


def test_a_schema_survives_json() -> None:
    assert Schema.from_json(json.loads(json.dumps(DEFAULT_SCHEMA.to_json()))) == DEFAULT_SCHEMA


def test_an_empty_schema_is_one() -> None:
    assert Schema().span_labels == ()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"entity_labels": ("A",), "event_types": ("A",)}, "label A is given twice"),
        ({"entity_labels": ("A", "A")}, "label A is given twice"),
        ({"entity_labels": ("A",), "roles": (Role("r", ("A",)), Role("r", ("A",)))}, "role r is given twice"),
        ({"roles": (Role("r", ("B",)),)}, "a role names B, which is no entity label"),
        ({"roles": (Role("r", (), excludes=("q",)),)}, "excludes names q, which is no role"),
        ({"roles": (Role("r", (), kind="dte"),)}, "kind dte; expected text or date"),
        ({"entity_attributes": {"B": ()}}, "entity_attributes names B"),
        ({"countable": {"scope": ("single",)}}, "countable names scope, which is no attribute"),
        (
            {"attributes": (Attribute("scope", ("a",)),), "countable": {"scope": ("b",)}},
            "countable gives scope values it does not have",
        ),
        ({"entity_labels": ("",)}, "'' cannot be a name"),
        ({"attributes": (Attribute("a.b", ("x",)),)}, "'a.b' cannot be a name"),
        ({"attributes": (Attribute("type", ("x",)),)}, "type cannot name an attribute"),
        ({"attributes": (Attribute("size"),)}, "attribute size of events has no values"),
    ],
)
def test_what_would_break_later_is_refused(parts: dict[str, tuple[object, ...]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Schema(**parts)  # type: ignore[arg-type] # each case has what its field takes, or means not to


def test_all_flaws_are_named_at_once() -> None:
    with pytest.raises(DataError) as caught:
        Schema(entity_labels=("A", "A"), roles=(Role("r", ("B",)),))
    assert len(str(caught.value).splitlines()) == 2


def test_a_string_is_not_taken_for_a_list_of_letters() -> None:
    with pytest.raises(DataError, match="entity_labels is 'BASE', expected a list"):
        Schema.from_json({**Schema().to_json(), "entity_labels": "BASE"})


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (
            {"entity_labels": ["ORG"]},
            "lacks event_types, roles, attributes, entity_attributes, countable; expected them, each empty if there is "
            "nothing of it",
        ),
        (["ORG"], "is ['ORG']; expected an object with entity_labels, event_types, roles, attributes, "
                  "entity_attributes, countable"),
        ({**Schema().to_json(), "roles": [{"name": "r", "labels": []}]}, "a role or an attribute lacks last_resort"),
        ({**Schema().to_json(), "event_types": "HIT"}, "event_types is 'HIT', expected a list"),
        (
            {**Schema().to_json(), "countable": [], "fillers": 3},
            "countable is [], expected an object, and fillers is 3, expected a list",
        ),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_schema_says_once_what_is_wrong_and_where_to_get_one(
    tmp_path: Path, record: object, fault: str
) -> None:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(record))
    with pytest.raises(DataError) as caught:
        read_schema(path)
    remedy = "start from the schema.json of a model, or from the schema that CONTRIBUTING.md shows how to print"
    assert str(caught.value) == f"{path}: {fault}; {remedy}"


def test_an_unknown_role_is_named_with_those_there_are() -> None:
    with pytest.raises(DataError, match="no role 'victim'; expected one of: attacker, target"):
        DEFAULT_SCHEMA.role("victim")
