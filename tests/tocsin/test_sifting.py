"""Leaving out what is not sure enough: which thresholds count, what is said of them, and what comes out."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin import load
from tocsin.cli import app
from tocsin.data.errors import DataError
from tocsin.data.jsonl import document_from_record
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.thresholds import LeftOut, Thresholds
from tocsin.data.types import Document
from tocsin.model.artifact import Record, save
from tocsin.model.calibration import Calibration, ScoredLayer, Step
from tocsin.sifting import Sieve, sifting_notes, thresholds_for

Run = Callable[..., Result]
TEXT = "On Tuesday two drones hit Camp Vale in Norland. Three soldiers were wounded in the raid."
STEPS: dict[ScoredLayer, tuple[Step, ...]] = {
    "entities": (Step(0.1, 0.7, 1.0, 90), Step(0.4, 0.92, 0.8, 60)),
    "events": (Step(0.05, 0.95, 1.0, 20),),
    "arguments": (Step(0.3, 0.5, 0.9, 40), Step(0.6, 0.8199, 0.4, 10)),
    "incidents": (),
}
CALIBRATION = Calibration("2 invented articles", steps=STEPS)


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=TEXT)

    return invoke


@pytest.fixture(scope="session")
def calibrated(tiny_artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with a calibration of which only arguments and incidents never reach 0.9."""
    model = load(tiny_artifact)
    model.calibration = CALIBRATION
    folder = tmp_path_factory.mktemp("calibrated") / "tiny"
    save(folder, model, Record({}, {}, ""))
    return folder


def record(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    written: dict[str, Any] = json.loads(line)
    return written


def test_the_higher_of_two_wishes_counts_in_each_layer() -> None:
    found = thresholds_for(CALIBRATION, DEFAULT_SCHEMA, min_score=0.2, precision=0.9)
    assert found == Thresholds(entities=0.4, events=0.2, arguments=math.inf, incidents=math.inf)


def test_without_a_wish_everything_stays() -> None:
    assert thresholds_for(None, DEFAULT_SCHEMA, min_score=0.0, precision=None) == Thresholds()


def test_a_precision_of_a_model_without_calibration_is_an_error_that_says_how_to_get_one() -> None:
    with pytest.raises(DataError, match=r"no calibration.* precision 0\.9; name dev articles under \[data\] dev, or"):
        thresholds_for(None, DEFAULT_SCHEMA, min_score=0.0, precision=0.9)


def test_layers_that_never_reach_the_precision_are_named_with_the_best_they_reach() -> None:
    notes = list(sifting_notes(CALIBRATION, DEFAULT_SCHEMA, min_score=0.0, precision=0.82))
    assert notes == [
        "precision 0.82 as counted on 2 invented articles; on other articles it may be lower",
        "arguments: no threshold with enough above it reaches precision 0.82 (highest 0.819): all are left out",
        "incidents: no threshold with enough above it reaches precision 0.82 (too few to judge by): all are left out",
    ]


def test_a_score_that_is_not_calibrated_is_said_to_be_so_where_one_is_asked_for() -> None:
    (note,) = sifting_notes(None, DEFAULT_SCHEMA, min_score=0.5, precision=None)
    assert "the scores of this model are not calibrated" in note
    assert list(sifting_notes(None, DEFAULT_SCHEMA, min_score=0.0, precision=None)) == []
    assert list(sifting_notes(CALIBRATION, DEFAULT_SCHEMA, min_score=0.5, precision=None)) == []


def test_documents_are_sifted_one_at_a_time_and_counted_together(tiny_documents: tuple[Document, ...]) -> None:
    taken = []

    def predicted() -> Iterator[Document]:
        for document in tiny_documents:
            taken.append(document.article.id)
            unsure = replace(document.entities[0], score=0.5)
            yield Document(document.article, (unsure, *document.entities[1:]))

    sieve = Sieve(Thresholds(entities=0.6), DEFAULT_SCHEMA)
    documents = sieve(predicted())
    assert next(documents).entities == tiny_documents[0].entities[1:]
    assert (taken, sieve.left_out) == (["first"], LeftOut(entities=1))
    assert len(list(documents)) == 1
    assert sieve.note() == "left out: 2 entities below 0.6"


def test_predict_without_thresholds_says_nothing_of_them(run: Run, tiny_artifact: Path) -> None:
    assert "left out" not in run("predict", tiny_artifact).stderr


def test_predict_leaves_out_layers_that_do_not_reach_the_precision(run: Run, calibrated: Path) -> None:
    before = record(run("predict", calibrated))
    done = run("predict", calibrated, "--precision", 0.9)
    kept = record(done)
    assert [e["trigger"] for e in kept["events"]] == [e["trigger"] for e in before["events"]]
    assert kept["entities"] == before["entities"]
    assert all(event["arguments"] == [] for event in kept["events"])
    assert (kept["incidents"], kept["incidents_complete"]) == ([], True)
    n_arguments = sum(len(event["arguments"]) for event in before["events"])
    assert n_arguments > 0
    assert "note: arguments: no threshold with enough above it reaches precision 0.9 (highest 0.819)" in done.stderr
    assert (
        "note: left out: no entities below 0.4; no events below 0.05; "
        f"all arguments ({n_arguments}); all incidents ({len(before['incidents'])})" in done.stderr
    )


def test_what_predict_left_out_is_not_there_when_the_file_is_read(run: Run, calibrated: Path) -> None:
    written = record(run("predict", calibrated, "--precision", 0.9))
    document = document_from_record(written, DEFAULT_SCHEMA)
    assert document.events
    assert document.incidents == ()


def test_a_score_of_1_is_more_than_a_calibrated_model_ever_gives(run: Run, calibrated: Path) -> None:
    done = run("predict", calibrated, "--min-score", 1)
    kept = record(done)
    assert (kept["entities"], kept["events"]) == ([], [])
    assert "incidents" not in kept
    assert "not calibrated" not in done.stderr


def test_a_least_score_of_a_model_without_calibration_is_taken_with_a_warning(run: Run, tiny_artifact: Path) -> None:
    done = run("predict", tiny_artifact, "--min-score", 0.001)
    assert record(done)["incidents"][0]["fillers"]["target"][0]["text"] == "Camp Vale"
    assert "note: the scores of this model are not calibrated" in done.stderr
    assert "note: left out: no entities below 0.001" in done.stderr


def test_a_precision_of_a_model_without_calibration_writes_nothing(
    run: Run, tiny_artifact: Path, tmp_path: Path
) -> None:
    done = run("predict", tiny_artifact, "--precision", 0.9, "--output", tmp_path / "out.jsonl")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error: the model has no calibration" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_a_table_has_only_the_incidents_that_stay(run: Run, calibrated: Path) -> None:
    assert "Camp Vale" in run("predict", calibrated, "--format", "table").stdout
    sifted = run("predict", calibrated, "--format", "table", "--precision", 0.9)
    assert "0 incidents in 1 article" in sifted.stdout
    assert "all incidents (" in sifted.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--min-score", "-0.1"),
        ("--min-score", "1.5"),
        ("--min-score", "nan"),
        ("--precision", "0"),
        ("--precision", "90"),
        ("--precision", "nan"),
        ("--precision", "high"),
    ],
    ids=lambda value: value,
)
def test_what_is_no_score_or_precision_is_wrong_usage(run: Run, tmp_path: Path, option: str, value: str) -> None:
    done = run("predict", tmp_path, option, value)
    assert done.exit_code == 2
    assert option in done.stderr
