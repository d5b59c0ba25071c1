"""What is run again and what is not, in which order, and how long it will take."""

import doctest

import field_plan
import field_records
import field_table
import pytest
import tagged
from field_plan import Decision, Job, changes, decide, in_order, seconds_left
from field_sets import Entry, Measure

CHEAP = Entry("cheap", "cheap", (Measure("entity_f1", "entity micro-F1"),), 100)
DEAR = Entry("dear", "dear", (Measure("entity_f1", "entity micro-F1"),), 400)
IDENTITY = {"config": {"seed": 1, "optim": {"epochs": 3}, "data": {"train": ("a.txt",)}}, "data": {"a.txt": "f00"}}
AS_JSON = {"config": {"seed": 1, "optim": {"epochs": 3}, "data": {"train": ["a.txt"]}}, "data": {"a.txt": "f00"}}
OTHER_EPOCHS = {**AS_JSON, "config": {**AS_JSON["config"], "optim": {"epochs": 4}}}
OTHER_FILE = {**AS_JSON, "data": {"a.txt": "bad"}}


def decided(**known: object) -> Decision:
    nothing: dict[str, object] = {"record": None, "stamp": None, "has_checkpoints": False, "has_model": False}
    return decide(IDENTITY, **{**nothing, **known})  # type: ignore[arg-type] # as the test gives them


def test_all_entries_come_with_the_first_seed_before_any_with_the_second_the_cheap_ones_first() -> None:
    assert [job.name for job in in_order((DEAR, CHEAP), (2, 1))] == [
        "cheap-seed2",
        "dear-seed2",
        "cheap-seed1",
        "dear-seed1",
    ]


def test_a_finished_run_of_the_same_settings_and_files_is_kept() -> None:
    assert decided(record=AS_JSON, stamp=AS_JSON, has_model=True) == Decision("keep")


def test_what_nothing_is_known_of_is_run() -> None:
    assert decided() == Decision("run")


@pytest.mark.parametrize(
    ("earlier", "told"),
    [(OTHER_EPOCHS, "optim.epochs changed"), (OTHER_FILE, "the file a.txt changed")],
    ids=["settings", "file"],
)
def test_a_finished_run_of_other_settings_or_files_is_run_again_and_it_is_said_what_changed(
    earlier: dict[str, object], told: str
) -> None:
    assert decided(record=earlier, stamp=earlier, has_model=True) == Decision("rerun", told)


def test_an_interrupted_run_is_resumed_only_if_it_is_of_the_same_settings() -> None:
    assert decided(stamp=AS_JSON, has_checkpoints=True).action == "resume"
    assert decided(stamp=OTHER_EPOCHS, has_checkpoints=True).action == "rerun"


def test_a_rerun_that_was_interrupted_is_resumed_too() -> None:
    assert decided(record=OTHER_EPOCHS, stamp=AS_JSON, has_checkpoints=True).action == "resume"


def test_a_run_that_ended_unrecorded_is_only_collected() -> None:
    assert decided(stamp=AS_JSON, has_model=True).action == "collect"


def test_a_run_that_was_killed_before_its_first_checkpoint_is_run() -> None:
    assert decided(stamp=AS_JSON) == Decision("run")


def test_a_model_of_unknown_settings_is_no_result() -> None:
    assert decided(has_model=True) == Decision("run")


def test_a_setting_that_is_new_or_gone_is_a_change() -> None:
    assert changes({"config": {"a": 1}}, {"config": {"b": 1}}) == ["a", "b"]


def test_a_setting_that_came_later_changes_nothing_at_its_default() -> None:
    assert changes({"config": {"optim": {}}}, {"config": {"optim": {"accumulate": 1}}}) == []
    assert changes({"config": {"optim": {}}}, {"config": {"optim": {"accumulate": 2}}}) == ["optim.accumulate"]


def test_many_changes_are_not_all_named() -> None:
    before = {"config": {f"s{n}": 0 for n in range(6)}, "data": {}}
    assert decide(
        {"config": {}, "data": {}}, record=before, stamp=None, has_checkpoints=False, has_model=False
    ).reason == ("s0, s1, s2, s3 and 2 more changed")


def test_time_left_is_guessed_from_the_finished_runs_of_an_entry() -> None:
    assert seconds_left([Job(CHEAP, 2), Job(CHEAP, 3)], [(CHEAP, 50.0), (CHEAP, 70.0)]) == pytest.approx(120)


def test_an_entry_without_a_finished_run_takes_its_guess_corrected_by_the_others() -> None:
    assert seconds_left([Job(DEAR, 1)], [(CHEAP, 200.0)]) == pytest.approx(800)


def test_without_any_finished_run_the_guesses_are_taken() -> None:
    assert seconds_left([Job(DEAR, 1), Job(CHEAP, 1)], []) == pytest.approx(500)


@pytest.mark.parametrize("module", [field_plan, field_records, field_table, tagged], ids=lambda each: each.__name__)
def test_the_examples_in_docstrings_come_out_as_they_say(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type] # these are modules
    assert outcome.attempted
    assert outcome.failed == 0
