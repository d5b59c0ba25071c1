"""The authored articles keep to their plan, and what is compiled of them is what their files say."""

import csv
import json
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from corpus import (
    BEGIN,
    END,
    MIN_SENTENCE_WORDS,
    RUN_WORDS,
    Entry,
    contradictions,
    looked_over,
    near,
    repeated_sentences,
    shared_runs,
    tables,
    unplanned,
)

from tocsin.data.formats import inline
from tocsin.data.formats.conversion import Options
from tocsin.data.jsonl import load_documents
from tocsin.data.schema import RELEVANCE, attacks
from tocsin.data.types import Article, Document, Span, TextLabel

ROOT = Path(__file__).parents[2]
ANNOTATED = ROOT / "data" / "annotated"
SCHEMA = attacks((RELEVANCE,))
COMPILED = {"train": "authored.jsonl", "heldout": "heldout.jsonl", "quiet": "quiet.jsonl"}
THEATRES = {
    "Iraq", "Syria", "Jordan", "Yemen and the Red Sea", "Israel", "Lebanon", "Gaza", "Iran", "Ukraine and Russia",
    "Sudan", "Sahel", "Somalia", "Nigeria", "Ethiopia", "Congo", "Colombia", "Mexico", "Myanmar", "Philippines",
    "Pakistan", "Afghanistan", "Kashmir", "Armenia and Azerbaijan", "Libya",
}  # fmt: skip


@cache
def plan() -> list[dict[str, str]]:
    with (ANNOTATED / "authored" / "plan.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def compiled(split: str) -> list[Document]:
    return load_documents([ANNOTATED / COMPILED[split]], SCHEMA)


@cache
def figures() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "benchmarks" / "results" / "corpus.json").read_text(encoding="utf-8"))
    return found


def entry(own_id: str, text: str, *entities: Span, labels: tuple[TextLabel, ...] | None = (), **row: str) -> Entry:
    """An article beside the plan."""
    return Entry({"id": own_id, **row}, Document(Article(text, own_id), entities, labels=labels))


@pytest.mark.parametrize("split", COMPILED)
def test_compiled_articles_are_those_of_the_files(split: str) -> None:
    marked = list(inline.read(ANNOTATED / "authored" / split, Options(schema=SCHEMA), Counter()))
    assert marked == compiled(split)


def test_there_are_enough_articles_of_every_kind() -> None:
    everything = compiled("train") + compiled("heldout")
    assert len(everything) >= 160
    assert sum(not document.events for document in everything) >= 45
    assert len(compiled("heldout")) == 30
    assert len(compiled("quiet")) >= 30
    assert not any(document.events for document in compiled("quiet"))
    assert {row["theatre"] for row in plan()} >= THEATRES
    assert len({row["outlet"] for row in plan()}) == 10
    assert all(document.labels is not None for document in everything)


def test_what_is_held_out_is_of_theatres_and_an_outlet_that_training_never_sees() -> None:
    by_split = {split: [row for row in plan() if row["split"] == split] for split in COMPILED}
    digests = {row["id"] for row in by_split["heldout"] if row["outlet"] == "monitor's daily digest"}
    theatres = {row["theatre"] for row in by_split["heldout"] + by_split["quiet"] if row["id"] not in digests}
    assert not theatres & {row["theatre"] for row in by_split["train"]}
    assert "monitor's daily digest" not in {row["outlet"] for row in by_split["train"]}


def test_no_config_trains_on_what_is_held_out() -> None:
    for path in sorted((ROOT / "configs").rglob("*.toml")):
        data = str(tomllib.loads(path.read_text(encoding="utf-8"))["data"])
        assert "heldout" not in data, path
        assert "quiet" not in data, path


def test_the_linter_finds_no_fault_and_the_datasheet_says_what_it_counted() -> None:
    found = looked_over()
    assert found["faults"] == []
    assert {name: value for name, value in figures().items() if name != "provenance"} == found
    sheet = (ANNOTATED / "README.md").read_text(encoding="utf-8")
    assert sheet.partition(BEGIN)[2].partition(END)[0].strip() == tables(figures())


def test_sentences_that_stand_twice_are_found_unless_they_are_short() -> None:
    long = " ".join(["mortars"] * MIN_SENTENCE_WORDS)
    found = list(repeated_sentences([entry("a", f"{long}. No one was hurt."), entry("b", f"No one was hurt. {long}!")]))
    assert found == [f"b: stands in a too: {long}!"]


def test_articles_that_are_nearly_another_are_found() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    seed = Document(Article(f"{text} more", "s"))
    found = list(near([entry("a", text), entry("b", "quite another text with no such words in it")], [seed]))
    assert [fault.partition(":")[0] for fault in found] == ["a"]
    assert "nearly s" in found[0]


def test_a_run_of_words_that_two_articles_share_is_found_once() -> None:
    run = " ".join(f"word{number}" for number in range(RUN_WORDS + 2))
    found = list(
        shared_runs([entry("a", f"So {run}, they said."), entry("b", "Other words.")], [Document(Article(run, "s"))])
    )
    assert found == [f"a: shares a run of words with s: {' '.join(run.split()[:RUN_WORDS])}"]


def test_counts_and_labels_that_the_text_contradicts_are_found() -> None:
    phrase = "at least three men"
    span = Span(0, len(phrase), "CASUALTY", attributes={"harm": "killed", "min": 3, "max": 3})
    faults = list(contradictions([entry("a", phrase, span, labels=(TextLabel(RELEVANCE),))]))
    assert faults == [
        "a: labels are ['reports_attack'], and there are 0 mentions",
        "a: 'at least three men' is annotated (3, 3), its words say (3, None)",
    ]


def test_an_article_that_is_not_as_planned_is_told() -> None:
    row = {"id": "a", "split": "train", "published": "2024-05-02", "kind": "attack", "words": "2-4"}
    document = Document(Article("one two three", "a"))
    faults = [fault.partition(" is not")[0] for fault in unplanned(row, "train", document)]
    assert faults == ["a: day", "a: kind"]
