"""The record of a run: its figures found, its cost added up over all processes it took."""

from typing import Any

from field_plan import Job
from field_records import figures, record_of
from field_sets import Entry, Measure

NER = Entry("ner", "ner", (Measure("entity_f1", "micro"), Measure("entity_macro_f1", "macro")), 1)
FILLERS = Entry("roles", "roles", (Measure("filler_f1", "fillers"), Measure("template_f1", "templates")), 1)
METRICS = {
    "headline": {"entity_f1": {"value": 0.7, "low": 0.6, "high": 0.8}},
    "entities": {
        "Weapon": {"n_matched": 1, "n_predicted": 2, "n_gold": 2},
        "Location": {"n_matched": 2, "n_predicted": 2, "n_gold": 2},
        "Money": {"n_matched": 0, "n_predicted": 0, "n_gold": 0},
    },
}
RUN = {"seconds": 12.5, "train": {"documents": 8, "ids": ["a"]}, "dev": {"documents": 2}}


def record(attempts: list[dict[str, Any]]) -> dict[str, Any]:
    identity = {"config": {"seed": 1}, "data": {"a.txt": "f00"}}
    source = {"commit": "abc"}
    return record_of(Job(NER, 1), metrics=METRICS, run=RUN, identity=identity, attempts=attempts, source=source)


def test_a_figure_with_an_interval_is_its_value() -> None:
    assert figures(NER, METRICS)["entity_f1"] == 0.7


def test_the_macro_average_leaves_out_labels_that_do_not_occur() -> None:
    assert figures(NER, METRICS)["entity_macro_f1"] == 0.75


def test_the_macro_average_of_a_peer_is_the_one_it_gives() -> None:
    assert figures(NER, {"headline": {"entity_f1": 0.5, "entity_macro_f1": 0.4}})["entity_macro_f1"] == 0.4


def test_a_figure_that_is_not_there_is_none_and_never_left_out() -> None:
    assert figures(FILLERS, {"headline": {"filler_f1": 0.5}}) == {"filler_f1": 0.5, "template_f1": None}


def test_the_cost_of_a_resumed_run_is_that_of_all_its_processes() -> None:
    found = record([{"seconds": 10.0, "megabytes": 900}, {"seconds": 5.0, "megabytes": 1000}])
    assert (found["seconds"], found["megabytes"], found["interrupted"]) == (15.0, 1000, 1)
    assert found["seconds_are_whole"]


def test_where_nobody_measured_the_run_says_itself_how_long_it_took() -> None:
    found = record([{"seconds": None, "megabytes": None}])
    assert (found["seconds"], found["megabytes"], found["seconds_are_whole"]) == (12.5, None, False)


def test_a_record_has_the_sizes_of_the_data_and_all_it_is_of() -> None:
    found = record([{"seconds": 1.0, "megabytes": 1}])
    assert found["documents"] == {"train": 8, "dev": 2}
    assert found["config"] == {"seed": 1}
    assert found["data"] == {"a.txt": "f00"}
