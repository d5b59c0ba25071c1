"""Plots: drawn the same each time, at home in any page, plain to those who see no colour or nothing at all."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from tocsin.plots import MAX_STEPS, Plot, curve_plot, headline_plot, reliability_plot, thinned, threshold_plot
from tocsin.report_words import systems


def drawn(record: dict[str, Any]) -> dict[str, Plot]:
    layer = record["calibration"]["layers"]["entities"]
    curve = record["learning_curve"]
    return {
        "reliability": reliability_plot("entities", layer),
        "thresholds": threshold_plot("entities", layer),
        "curve": curve_plot("entity_f1", curve["sizes"], curve["measures"]["entity_f1"]),
        "headline": headline_plot({name: system["headline"] for name, system in systems(record).items()}),
    }


KINDS = ("reliability", "thresholds", "curve", "headline")


@pytest.mark.parametrize("kind", KINDS)
def test_a_plot_is_one_svg_element_that_says_what_it_shows(full_record: dict[str, Any], kind: str) -> None:
    plot = drawn(full_record)[kind]
    assert re.search(r'role="img" aria-label="[^"]*\d\.\d{3}', plot.svg)
    assert f"<title>{plot.title}</title>" in plot.svg
    ElementTree.fromstring(plot.svg.replace("<svg ", '<svg xmlns:xlink="x" ', 1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_plot_is_drawn_the_same_each_time(full_record: dict[str, Any], kind: str) -> None:
    assert drawn(full_record)[kind] == drawn(full_record)[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_plot_brings_no_colours_fonts_or_styles_of_its_own(full_record: dict[str, Any], kind: str) -> None:
    svg = drawn(full_record)[kind].svg
    assert "<style" not in svg
    assert "font-family" not in svg
    assert "http" not in svg
    loose = re.findall(r"#[0-9a-f]{6}(?![0-9a-f)])", svg)
    assert loose == []
    assert "currentColor" in svg


def test_plots_of_one_page_share_no_ids(full_record: dict[str, Any]) -> None:
    layers = full_record["calibration"]["layers"]
    plots = [reliability_plot(name, layer).svg for name, layer in layers.items()]
    ids = [name for svg in plots for name in set(re.findall(r' id="([^"]+)"', svg))]
    assert ids
    assert len(ids) == len(set(ids))


def test_a_measure_without_a_value_is_left_out_of_the_plot(full_record: dict[str, Any]) -> None:
    nothing = {"value": None, "low": None, "high": None}
    plot = headline_plot({"this model": {"entity_f1": {"value": 0.5, "low": 0.4, "high": 0.6}, "trigger_f1": nothing}})
    assert "this model, entity F1: 0.500" in plot.svg
    assert "this model, trigger F1" not in plot.svg


def test_a_value_without_an_interval_has_a_dot_and_no_whisker() -> None:
    alone = headline_plot({"this model": {"entity_f1": {"value": 0.5, "low": None, "high": None}}})
    ranged = headline_plot({"this model": {"entity_f1": {"value": 0.5, "low": 0.4, "high": 0.6}}})
    assert alone.svg.count("var(--series-1") < ranged.svg.count("var(--series-1")


def test_more_systems_than_colours_are_told_apart_by_their_markers() -> None:
    headline = {"entity_f1": {"value": 0.5, "low": 0.4, "high": 0.6}}
    plot = headline_plot({f"system {i}": headline for i in range(8)})
    assert all(f"system {i}, entity F1: 0.500" in plot.svg for i in range(8))


def test_a_curve_of_nothing_measured_is_an_empty_plot() -> None:
    plot = curve_plot("entity_f1", [1, 2], [{"mean": None, "low": None, "high": None}] * 2)
    assert plot.title == "Learning curve of entity F1"


def test_a_layer_without_calibration_shows_only_the_scores_before(full_record: dict[str, Any]) -> None:
    layer = {**full_record["calibration"]["layers"]["entities"], "after": [], "ece_after": None}
    assert ">before<" in reliability_plot("entities", layer).svg
    assert ">after<" not in reliability_plot("entities", layer).svg


def test_many_steps_are_thinned_and_keep_both_ends() -> None:
    steps = [{"threshold": i / 5000, "precision": 0.5, "n_kept": 5000 - i} for i in range(5000)]
    kept = thinned(steps, MAX_STEPS)
    assert (len(kept), kept[0], kept[-1]) == (MAX_STEPS, steps[0], steps[-1])
    assert len(threshold_plot("entities", {"steps": steps, "n": 5000}).svg) < 60_000
