"""The table: means over seeds, what was not run shown as missing, ours never mistaken for the others' split."""

from typing import Any

import pytest
from field_sets import ENTRIES, Entry, Measure, Peer
from field_table import markdown, origins, summary

SEEDS = (1, 2, 3)
OURS = Entry("re3d", "re3d", (Measure("entity_f1", "entity micro-F1", 0.73, "BIG 110M 0.684"),), 1)
OTHER = Entry("peer-x", "re3d", OURS.measures, 1, Peer("x.py", "another system", "its own"))


def record(name: str, seed: int, value: float | None, **changed: Any) -> dict[str, Any]:
    provenance = {"commit": "abc", "machine": "Linux, 2 cores", "python": "3.11", "date": "2026-01-01"}
    return {
        "name": name,
        "seed": seed,
        "provenance": {**provenance, "packages": {"torch": "2.13", "spacy": None}},
        "figures": {"entity_f1": value},
        "seconds": 60.0 * seed,
        "megabytes": 1000 + seed,
        "best_epoch": seed,
        "interrupted": 0,
        **changed,
    }


def by_job(*records: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{each['name']}-seed{each['seed']}": each for each in records}


def test_a_row_has_the_mean_and_the_sample_deviation_over_seeds() -> None:
    records = by_job(record("re3d", 1, 0.72), record("re3d", 2, 0.74), record("re3d", 3, 0.76))
    (row,) = summary([OURS], SEEDS, records, {})
    assert (row["mean"], row["sd"], row["above_target"]) == (0.74, 0.02, 0.01)
    assert (row["seconds"], row["megabytes"], row["best_epochs"]) == (120.0, 1003, [1, 2, 3])
    assert row["missing"] == {}


def test_one_seed_has_no_deviation_and_the_others_are_missing() -> None:
    (row,) = summary([OURS], SEEDS, by_job(record("re3d", 2, 0.7)), {"re3d-seed3": "its run failed"})
    assert row["sd"] is None
    assert row["missing"] == {"1": "not run yet", "3": "its run failed"}


def test_a_run_without_the_figure_counts_as_missing() -> None:
    (row,) = summary([OURS], (1,), by_job(record("re3d", 1, None)), {})
    assert row["mean"] is None
    assert row["missing"] == {"1": "its record has no such figure"}


def test_a_seed_that_was_not_asked_for_is_in_no_mean() -> None:
    (row,) = summary([OURS], (1,), by_job(record("re3d", 1, 0.7), record("re3d", 9, 0.1)), {})
    assert row["mean"] == 0.7


def test_a_peer_has_no_target() -> None:
    (row,) = summary([OTHER], (1,), by_job(record("peer-x", 1, 0.9)), {})
    assert (row["target"], row["above_target"]) == (None, None)


def page(*records: dict[str, Any]) -> str:
    found = by_job(*records)
    return markdown(summary([OURS, OTHER], SEEDS, found, {}), found, SEEDS)


def test_what_was_not_run_is_in_the_table_and_listed_below() -> None:
    text = page()
    assert "| re3d | entity micro-F1 | missing | 0 of 3 | 0.73 | – |" in text
    assert "- peer-x, seed 1, 2, 3: not run yet" in text


def test_a_figure_of_fewer_seeds_says_of_how_many() -> None:
    assert "| re3d | entity micro-F1 | 0.710 | 1 of 3 | 0.73 | short by 0.020 |" in page(record("re3d", 1, 0.71))


def test_the_page_says_that_ours_are_dev_figures_and_the_published_ones_test_figures() -> None:
    text = page()
    assert "tocsin, dev" in text
    assert "published, test" in text
    assert "optimistic" in text


def test_a_figure_that_a_run_lacks_is_listed_with_its_measure() -> None:
    assert "- re3d, seed 1: entity micro-F1: its record has no such figure" in page(record("re3d", 1, None))


def test_the_same_set_stands_beside_the_peers() -> None:
    text = page(record("re3d", 1, 0.75), record("peer-x", 1, 0.5)).partition("## Other systems")[2]
    assert "| tocsin | entity micro-F1 | 0.750 | 1 of 3 |" in text
    assert "| another system | entity micro-F1 | 0.500 | 1 of 3 |" in text


def test_an_interrupted_run_is_marked_where_its_minutes_stand() -> None:
    text = page(record("re3d", 1, 0.75, interrupted=2))
    assert "| 1.0† |" in text
    assert "† Interrupted and resumed: 1 of them" in text


def test_minutes_of_which_a_part_is_unknown_are_a_lower_bound() -> None:
    assert "| ≥ 1.0† |" in page(record("re3d", 1, 0.75, interrupted=1, seconds_are_whole=False))


def test_runs_of_several_commits_are_told_apart() -> None:
    later = record("re3d", 2, 0.7)
    later["provenance"] = {**later["provenance"], "commit": "def"}
    records = by_job(record("re3d", 1, 0.7), record("re3d", 3, 0.7), later)
    assert origins(records)["commit"] == {"abc": 2, "def": 1}
    assert origins(records)["torch"] == {"2.13": 3}
    assert "spacy" not in origins(records)
    assert "Commit: abc (2), def (1)" in markdown(summary([OURS], SEEDS, records, {}), records, SEEDS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_has_a_row_for_each_measure_even_if_nothing_was_run(entry: Entry) -> None:
    rows = summary(ENTRIES, SEEDS, {}, {})
    assert [row["key"] for row in rows if row["entry"] == entry.name] == [measure.key for measure in entry.measures]
