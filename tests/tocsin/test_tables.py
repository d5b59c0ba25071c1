"""Counts, configs, losses and scores as people see them."""

import math
import tomllib

import pytest
from rich.console import Console

from tocsin.data.check import Finding
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.tables import (
    added_counts,
    config_lines,
    counted,
    finding_line,
    losses_text,
    measure,
    ratio,
    scores_table,
    sets_table,
    with_interval,
)
from tocsin.train.config import DataSettings, RunConfig
from tocsin.train.counts import Counts
from tocsin.train.examples import Losses
from tocsin.train.scores import Row


def shown(renderable: object) -> list[str]:
    console = Console(width=80, color_system=None, markup=False)
    with console.capture() as capture:
        console.print(renderable)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_resolved_config_is_toml_that_reads_back_the_same() -> None:
    record = RunConfig(encoder='models/"quoted" ö', data=DataSettings(train=("a.jsonl", "b.jsonl"))).to_json()
    read = tomllib.loads(config_lines(record))
    assert read["data"]["train"] == ["a.jsonl", "b.jsonl"]
    assert read["encoder"] == record["encoder"]
    assert read["optim"] == record["optim"]
    assert read["model"] == record["model"]


def test_losses_are_counted_and_up_to_five_of_each_are_shown() -> None:
    lines = losses_text(Losses(widened=tuple(f"a [{n}, {n + 1})" for n in range(7))), DEFAULT_SCHEMA).splitlines()
    assert lines[0] == "spans with an edge inside a word, learned as whole words: 7"
    assert lines[1:7] == [*(f"  a [{n}, {n + 1})" for n in range(5)), "  ... and 2 more"]
    assert lines[7] == "spans that no words of one sentence cover, not learned: none"
    assert lines[8].endswith(": none")


def test_what_cannot_be_measured_is_a_dash() -> None:
    assert [ratio(value) for value in (0.5, math.nan, None)] == ["0.500", "-", "-"]


def test_scores_stand_layer_by_layer() -> None:
    rows = [
        Row("entities", "BASE", 1.0, 0.5, 2 / 3, 4, 0.75, Counts(2, 2, 4)),
        Row("entities", "micro", math.nan, math.nan, math.nan, 0),
        Row("triggers", "ATTACK", 0.0, 0.0, 0.0, 2, 0.5, Counts(0, 2, 2)),
        Row("arguments", "target", 1.0, 1.0, 1.0, 1, counts=Counts(1, 1, 1)),
    ]
    table = scores_table(row.to_json() for row in rows)
    lines = [line.split() for line in shown(table) if line and line[0] != "─"]
    assert lines == [
        ["layer", "label", "P", "R", "F1", "F1", "overlap", "support"],
        ["entities", "BASE", "1.000", "0.500", "0.667", "0.750", "4"],
        ["micro", "-", "-", "-", "-", "0"],
        ["triggers", "ATTACK", "0.000", "0.000", "0.000", "0.500", "2"],
        ["arguments", "target", "1.000", "1.000", "1.000", "-", "1"],
    ]


def test_labels_that_do_not_occur_are_listed_with_0() -> None:
    train = {"documents": 2, "spans": {"BASE": 3}}
    text = [line.split() for line in shown(sets_table(train, {"documents": 0, "spans": {}}, DEFAULT_SCHEMA))]
    assert ["documents", "2", "0"] in text
    assert ["BASE", "3", "0"] in text
    assert ["ASSET", "0", "0"] in text


def test_labels_fillers_and_templates_are_counted_where_the_schema_has_them() -> None:
    schema = Schema(("Weapon",), text_labels=("raid",), fillers=("Weapon",), template_types=("arson",))
    layers = {"labels": {"raid": 2}, "unlabelled": 1, "fillers": {"Weapon": 4}, "templates": {"arson": 3}}
    train = {"documents": 3, "spans": {"Weapon": 9}, **layers}
    text = [line.split() for line in shown(sets_table(train, {"documents": 0, "spans": {}}, schema))]
    assert [row for row in text if row][2:] == [
        ["documents", "3", "0"],
        ["text", "label", "raid", "2", "0"],
        ["filler", "Weapon", "4", "0"],
        ["template", "arson", "3", "0"],
        ["without", "labels", "1", "0"],
    ]


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (Schema(("BASE",)), ["spans with an edge", "spans that no words"]),
        (Schema(text_labels=("raid",)), ["texts without labels"]),
        (DEFAULT_SCHEMA, ["spans with an edge", "spans that no words", "arguments across sentences"]),
    ],
    ids=["tokens", "text", "events"],
)
def test_only_losses_that_a_schema_can_have_are_told(schema: Schema, told: list[str]) -> None:
    lines = losses_text(Losses(), schema).splitlines()
    assert [line[: len(start)] for line, start in zip(lines, told, strict=True)] == told


@pytest.mark.parametrize(
    ("figures", "signed", "expected"),
    [
        ((0.7363, 0.68, 0.7909), False, "0.736 [0.680, 0.791]"),
        ((0.7363, None, None), False, "0.736"),
        ((None, None, None), False, "-"),
        ((0.02, -0.0101, 0.05), True, "+0.020 [-0.010, +0.050]"),
        ((None, None, None), True, "-"),
    ],
    ids=["bounds", "a-single-article", "nothing", "a-difference", "no-difference"],
)
def test_a_value_stands_with_the_bounds_it_has(
    figures: tuple[float | None, float | None, float | None], signed: bool, expected: str
) -> None:
    named = dict(zip(("value", "low", "high"), figures, strict=True))
    assert with_interval(named, signed=signed) == expected


def test_measures_are_told_in_words() -> None:
    names = ("entity_f1", "entity_overlap_f1", "attribute_accuracy")
    assert [measure(name) for name in names] == ["entity F1", "entity overlap F1", "attribute accuracy"]


def test_one_thing_is_no_plural() -> None:
    assert [counted(n, "article") for n in (0, 1, 2)] == ["0 articles", "1 article", "2 articles"]


def test_the_counts_of_files_are_added_by_name() -> None:
    assert added_counts([{"roles": {"target": 1}}, {"roles": {"target": 2, "place": 1}, "scope": {"single": 1}}]) == {
        "roles": {"target": 3, "place": 1},
        "scope": {"single": 1},
    }


@pytest.mark.parametrize(("is_error", "kind"), [(True, "error"), (False, "warning")], ids=["error", "warning"])
def test_a_finding_reads_as_place_kind_and_message(is_error: bool, kind: str) -> None:
    finding = Finding("gold.jsonl:3", "two spans overlap [BASE]", is_error)
    assert finding_line(finding).plain == str(finding) == f"gold.jsonl:3: {kind}: two spans overlap [BASE]"
