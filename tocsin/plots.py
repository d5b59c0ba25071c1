"""Plots of a report as SVG to stand inside an HTML page: no ids of others, no fonts, the same bytes each time.

Ink and grid take the colours of the page (`currentColor`, `--grid`), so that one drawing serves a light and a dark
page. Series are told apart by marker and dash as well as by colour (Okabe and Ito 2008, safe for colour-blind eyes).
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from tocsin.tables import measure, ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 350  # pixels: a plot fits a phone without being scaled down
MAX_STEPS = 200  # points of a threshold curve; more cannot be told apart at this width
N_FEW_STEPS = 20

_UNIT = 72  # of matplotlib's SVG: so many to the inch
_FONT = 11.0
# Stand-ins that matplotlib takes for colours and the page replaces by its own.
_INK, _GRID, _GROUND = "#010203", "#040506", "#070809"
_COLORS = {  # variables of the page, with what a drawing outside a page shows
    "#0072b2": "var(--series-1, #0072b2)",
    "#d55e00": "var(--series-2, #d55e00)",
    "#009e73": "var(--series-3, #009e73)",
    "#cc79a7": "var(--series-4, #cc79a7)",
    _INK: "currentColor",
    _GRID: "var(--grid, #8886)",
    _GROUND: "var(--ground, #ffffff)",
}
_SERIES = tuple(zip(tuple(_COLORS)[:4], "osD^", ("-", "--", ":", "-."), strict=True))


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with what it shows in words."""

    title: str
    svg: str


def reliability_plot(layer: str, calibration: Mapping[str, Any]) -> Plot:
    """Share right against mean score, before and after calibration, over the numbers of scores in each bin."""
    figure = _figure(300)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    upper.plot((0, 1), (0, 1), color=_INK, alpha=0.4, linewidth=1)
    words = []
    names = [name for name in ("before", "after") if calibration[name]]
    for i, (name, (color, marker, dash)) in enumerate(zip(names, _SERIES, strict=False)):
        bins = calibration[name]
        points = [each["mean_score"] for each in bins], [each["share_right"] for each in bins]
        upper.plot(*points, color=color, marker=marker, linestyle=dash, label=name)
        middles = [(each["low"] + each["high"]) / 2 + (i - (len(names) - 1) / 2) * 0.035 for each in bins]
        lower.bar(
            middles,
            [each["n"] for each in bins],
            width=0.03,
            color=color,
            hatch="////" if i else "",
            hatchcolor=_GROUND,
        )
        words.append(f"{name}: expected calibration error {ratio(calibration['ece_' + name])}")
    _unit_axes(upper, "share right")
    lower.set_xlabel("mean score of a bin")
    lower.set_ylabel("scores")
    _legend(upper, "upper left")
    return _plot(figure, f"Reliability of {layer}", words)


def threshold_plot(layer: str, calibration: Mapping[str, Any]) -> Plot:
    """Precision and share kept over the scores at which to cut."""
    steps = thinned(calibration["steps"], MAX_STEPS)
    at = [step["threshold"] for step in steps]
    figure = _figure(220)
    axes = figure.subplots()
    shares = {
        "precision": [step["precision"] for step in steps],
        "share kept": [step["n_kept"] / calibration["n"] for step in steps],
    }
    for (name, values), (color, marker, dash) in zip(shares.items(), _SERIES, strict=False):
        # A cut between two thresholds keeps what the upper one keeps. Of many steps each is too small to draw.
        (line,) = axes.plot(at, values, color=color, linestyle=dash, label=name)
        if len(at) <= N_FEW_STEPS:
            line.set(marker=marker, drawstyle="steps-pre")
    _unit_axes(axes, "share")
    axes.set_xlabel("keep scores from")
    _legend(axes, "lower left")
    best = steps[-1]
    words = [f"the highest precision, {ratio(best['precision'])}, is reached at {ratio(best['threshold'])}"]
    return _plot(figure, f"Thresholds for {layer}", words)


def curve_plot(name: str, sizes: Sequence[int], points: Sequence[Mapping[str, Any]]) -> Plot:
    """A measure over the number of articles trained on, with its interval as a band."""
    known = [(size, point) for size, point in zip(sizes, points, strict=True) if point["mean"] is not None]
    bands = [(size, point["low"], point["high"]) for size, point in known if None not in (point["low"], point["high"])]
    figure = _figure(220)
    axes = figure.subplots()
    color, marker, _ = _SERIES[0]
    if bands:
        at, low, high = zip(*bands, strict=True)
        axes.fill_between(at, low, high, color=color, alpha=0.2, linewidth=0)
    axes.plot([size for size, _ in known], [point["mean"] for _, point in known], color=color, marker=marker)
    axes.set_xticks(_ticks(sizes))
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("articles trained on")
    axes.set_ylabel(measure(name))
    _face(axes)
    words = [f"{size}: {ratio(point['mean'])}" for size, point in known]
    return _plot(figure, f"Learning curve of {measure(name)}", words)


def headline_plot(systems: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Plot:
    """Each measure of each system as a dot with its interval as a whisker.

    Args:
        systems: headline by the system's name, the model first.
    """
    names = list(next(iter(systems.values())))
    figure = _figure(70 + len(names) * (14 + 13 * len(systems)) + 16 * len(systems))
    axes = figure.subplots()
    words = []
    for i, ((system, headline), (color, marker, dash)) in enumerate(zip(systems.items(), _cycled(), strict=False)):
        offset = (i - (len(systems) - 1) / 2) * 0.72 / len(systems)
        for row, values in _known(names, headline):
            _whisker(axes, row + offset, values, color, marker, dash)
            words.append(f"{system}, {measure(names[row])}: {ratio(values['value'])}")
        axes.plot([], [], color=color, marker=marker, linestyle=dash, label=system)
    axes.set_yticks(range(len(names)), [measure(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    _face(axes)
    axes.grid(axis="y", visible=False)
    if len(systems) > 1:
        figure.legend(loc="outside lower left", frameon=False, fontsize=_FONT, labelcolor=_INK)
    return _plot(figure, "Headline measures with their intervals", words)


def thinned(steps: Sequence[Mapping[str, Any]], n: int) -> list[Mapping[str, Any]]:
    """At most `n` of the steps at even distances, the first and the last among them.

    >>> thinned([{"threshold": t} for t in (0.1, 0.2, 0.3, 0.4, 0.5)], 3)
    [{'threshold': 0.1}, {'threshold': 0.3}, {'threshold': 0.5}]
    """
    if len(steps) <= n:
        return list(steps)
    return [steps[round(i * (len(steps) - 1) / (n - 1))] for i in range(n)]


def _known(names: Sequence[str], headline: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows in which a system has a value."""
    for row, name in enumerate(names):
        values = headline.get(name)
        if values is not None and values["value"] is not None:
            yield row, values


def _whisker(axes: "Axes", row: float, values: Mapping[str, Any], color: str, marker: str, dash: str) -> None:
    low, high = values["low"], values["high"]
    if low is not None and high is not None:
        axes.plot((low, high), (row, row), color=color, linestyle=dash, linewidth=1.6, zorder=2)
    axes.plot([values["value"]], [row], color=color, marker=marker, linestyle="", zorder=3)


def _cycled() -> Iterator[tuple[str, str, str]]:
    """Series without end: once the colours are through, they come again with other markers."""
    yield from _SERIES
    while True:
        for (color, _, _), (_, _, dash), marker in zip(_SERIES, _SERIES[::-1], "vPX*", strict=True):
            yield color, marker, dash


def _ticks(sizes: Sequence[int]) -> list[int]:
    """At most about ten of the sizes, the last among them."""
    stride = -(-len(sizes) // 10)
    return list(sizes[::-1][::stride][::-1])


def _figure(height: int) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH / _UNIT, height / _UNIT), dpi=_UNIT, layout="constrained", facecolor="none")


def _unit_axes(axes: "Axes", label: str) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel(label)


def _legend(axes: "Axes", place: Literal["upper left", "lower left"]) -> None:
    axes.legend(loc=place, frameon=False, fontsize=_FONT, labelcolor=_INK)


def _face(axes: "Axes") -> None:
    """Ink, grid and sizes that all plots share."""
    axes.set_facecolor("none")
    axes.tick_params(colors=_INK, labelsize=_FONT, length=3)
    axes.grid(color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set(color=_INK, fontsize=_FONT)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(_INK)


def _plot(figure: "Figure", title: str, words: Sequence[str]) -> Plot:
    from matplotlib import rc_context

    for axes in figure.axes:
        _face(axes)
    drawn = io.StringIO()
    # Ids are hashed with the title: several drawings in one page must not share any.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "lines.markersize": 5}):
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return Plot(title, _inline(drawn.getvalue(), title, words))


def _inline(svg: str, title: str, words: Sequence[str]) -> str:
    """The drawing as an element of a page, named for those who do not see it."""
    body = svg[svg.index("<svg") :]
    height = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', body)
    assert height is not None, body[:200]
    # A style sheet within would reach the whole page; what it says stands in the page's own (`svg *`).
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", body[body.index(">") + 1 :], flags=re.DOTALL)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(r" font-family: [^;]*;", "", body)
    body = re.sub(r"#[0-9a-f]{6}\b", _page_color, body)
    text = escape("; ".join((title, *words)))
    opening = f'<svg viewBox="0 0 {WIDTH} {height[1]}" width="{WIDTH}" height="{height[1]}" role="img"'
    return f'{opening} aria-label="{text}"><title>{escape(title)}</title>{body.strip()}'


def _page_color(match: re.Match[str]) -> str:
    return _COLORS.get(match[0], match[0])
