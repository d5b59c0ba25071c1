"""What of an evaluation stands on the terminal."""

from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from tocsin.report_words import in_short
from tocsin.scoreboard import against_table, confidence_table, curve_table, headline_table, kinds_table, scoreboard


def shown(*renderables: object, width: int = 130) -> list[str]:
    console = Console(width=width, color_system=None, markup=False)
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable)
    return [line.rstrip() for line in capture.get().splitlines()]


def cells(table: Table) -> list[list[str]]:
    """The rows of a table, a heading line first, split where two spaces part columns."""
    lines = [line for line in shown(table) if line and line[0] != "─" and not set(line) <= {"─", " "}]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


def test_a_headline_has_intervals_spreads_and_baselines_beside_it(full_record: dict[str, Any]) -> None:
    heading, first, *_ = cells(headline_table(full_record, "95%"))
    assert heading == ["value, 95% interval", "sd over seeds", "sd over articles", "lexicon", "nearest"]
    assert first == ["entity F1", "0.736 [0.646, 0.798]", "0.012", "0.046", "0.512", "-"]


def test_an_evaluation_has_no_spreads(bare_record: dict[str, Any]) -> None:
    heading, first, *_ = cells(headline_table(bare_record, "90%"))
    assert heading == ["value, 90% interval"]
    assert first == ["entity F1", "-"]


def test_a_comparison_says_by_how_much_and_how_often_it_was_won(full_record: dict[str, Any]) -> None:
    rows = cells(against_table(full_record["against"], "95%"))
    heading, first = rows[1:3]
    assert heading == ["against", "runs/other_model", "interval", "resamples won"]
    assert first == ["entity F1", "0.691 [0.601, 0.752]", "+0.045 [-0.035, +0.135]", "91%"]
    assert [row[0] for row in rows[3:5]] == ["entity overlap F1", "trigger F1"]


def test_a_measure_that_cannot_be_compared_is_a_dash(full_record: dict[str, Any]) -> None:
    against = full_record["against"]
    against["headline"]["incident_f1"] = {"value": None, "low": None, "high": None}
    against["measures"]["incident_f1"] = {"difference": None, "low": None, "high": None, "share_won": None}
    assert cells(against_table(against, "95%"))[-1] == ["incident F1", "-", "-", "-"]


def test_the_name_of_a_model_is_shown_as_it_is(full_record: dict[str, Any]) -> None:
    full_record["against"]["name"] = "runs/[bold]"
    assert "runs/[bold]" in "\n".join(shown(against_table(full_record["against"], "95%")))


def test_a_curve_has_a_column_for_each_size_and_the_last_step(full_record: dict[str, Any]) -> None:
    heading, first, *_ = cells(curve_table(full_record["learning_curve"], "95%"))
    assert heading == ["trained on", "1", "2", "3", "4", "last step, 95% interval"]
    assert first == ["entity F1", "0.400", "0.480", "0.560", "0.640", "+0.082 [+0.002, +0.172]"]


def test_a_curve_of_one_size_has_gained_nothing(full_record: dict[str, Any]) -> None:
    curve = {**full_record["learning_curve"], "sizes": [4], "gain": None}
    curve["measures"] = {"entity_f1": [{"mean": 0.5, "low": None, "high": None}]}
    assert cells(curve_table(curve, "95%"))[1:] == [["entity F1", "0.500", "-"]]


def test_kinds_of_mistakes_stand_by_cost_and_those_that_do_not_occur_do_not(full_record: dict[str, Any]) -> None:
    heading, *rows = cells(kinds_table(full_record["mistakes"]))
    assert heading == ["mistakes", "layer", "n", "cost"]
    assert rows == [
        ["missed trigger", "triggers", "1", "6"],
        ["wrong boundary", "entities", "1", "4"],
        ["wrong label", "entities", "1", "3"],
        ["missed", "entities", "1", "1"],
        ["wrong status", "attributes", "1", "1"],
    ]


def test_confidence_is_told_before_and_after_with_the_score_that_nine_in_ten_takes(full_record: dict[str, Any]) -> None:
    heading, first, *_ = cells(confidence_table(full_record["calibration"]))
    assert heading == ["confidence", "predictions", "calibration error before", "after", "score for precision 0.9"]
    assert first == ["entities", "1216", "0.211", "0.031", "0.900"]  # the 31st step: 0.6 + 30 * 0.01


def test_a_precision_that_no_score_reaches_is_a_dash(full_record: dict[str, Any]) -> None:
    layers = full_record["calibration"]["layers"]
    layers["incidents"] |= {"steps": layers["incidents"]["steps"][:5], "ece_after": None}
    assert cells(confidence_table(full_record["calibration"]))[-1][-2:] == ["-", "-"]


def test_without_a_calibration_the_error_is_said_to_be_of_uncalibrated_scores(full_record: dict[str, Any]) -> None:
    layers = {"events": {"n": 7, "ece_before": 0.25, "brier_before": 0.3, "before": []}}
    table = confidence_table({"source": "", "fitted": False, "layers": layers})
    assert cells(table) == [
        ["confidence", "predictions", "calibration error, scores as they are"],
        ["events", "7", "0.250"],
    ]


@pytest.mark.parametrize("figures", ["0.736 [0.646, 0.798]", "0.691 [0.601, 0.752]", "+0.045 [-0.035, +0.135]"])
def test_intervals_are_not_broken_on_a_terminal_of_80_columns(full_record: dict[str, Any], figures: str) -> None:
    lines = shown(*scoreboard(full_record), width=80)
    assert any(figures in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_everything_there_is_stands_on_the_board(full_record: dict[str, Any]) -> None:
    text = "\n".join(shown(*scoreboard(full_record), width=100))
    parts = ("value, 95% interval", "F1 overlap", "runs/other_model", "trained on", "mistakes", "confidence")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("width", [80, 200])
def test_a_record_with_next_to_nothing_is_shown_too(bare_record: dict[str, Any], width: int) -> None:
    board = scoreboard(bare_record)
    text = "\n".join(shown(*board, width=width))
    assert "micro" in text
    assert not any(absent in text for absent in ("against", "trained on", "confidence"))
    assert board[-1] != ""


def test_confidence_without_predictions_is_left_out(bare_record: dict[str, Any]) -> None:
    layers = {"events": {"n": 0, "ece_before": None, "brier_before": None, "before": []}}
    bare_record["calibration"] = {"source": "", "fitted": False, "layers": layers}
    assert "confidence" not in "\n".join(shown(*scoreboard(bare_record)))


QUIET = {"n_articles": 2, "n_read": 4, "n_incidents": 1, "level": 0.95, "value": 25.0, "low": 0.6329, "high": 139.2908}
TOLD = "25.0 false incidents in 100 articles without an event (95 % interval 0.6 to 139.3): 1 in 4 such articles read."


def test_false_incidents_of_quiet_articles_are_told_on_the_terminal(full_record: dict[str, Any]) -> None:
    assert TOLD not in scoreboard(full_record)  # as of a file that was written before they were counted
    assert TOLD in scoreboard({**full_record, "quiet": QUIET})


def test_false_incidents_are_told_where_all_articles_are_quiet(bare_record: dict[str, Any]) -> None:
    assert in_short(bare_record) == ["Nothing could be measured: nothing is annotated, or nothing was predicted."]
    assert in_short({**bare_record, "quiet": QUIET}) == [TOLD]
