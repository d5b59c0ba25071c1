"""Reports: all that is shown is in the record, nothing of an article is markup, nothing is fetched."""

import copy
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import TocsinError
from tocsin.palette import PALETTE
from tocsin.report import html, write_report
from tocsin.report_markdown import escaped, markdown
from tocsin.report_sides import mistake_pieces, pieces
from tocsin.report_words import in_short

Record = dict[str, Any]
VOID = {"meta", "input", "link", "br"}


class Page(HTMLParser):
    """What a browser would make of a page: the texts within elements of a class, attributes, ids, unclosed elements."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.attributes: list[tuple[str, str, str]] = []
        self.elements: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        classes = dict(attrs).get("class") or ""
        if tag not in VOID:
            self.open.append((tag, classes))
        for name in classes.split():
            self.texts.setdefault(name, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        for name in {name for _, classes in self.open for name in classes.split()}:
            self.texts[name][-1] += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]


def numbers(record: Any) -> set[str]:
    """Every ratio of a record as it is shown."""
    if isinstance(record, dict):
        return {number for value in record.values() for number in numbers(value)}
    if isinstance(record, list):
        return {number for value in record for number in numbers(value)}
    return {f"{record:.3f}"} if isinstance(record, float) else set()


def undrawn(record: Record) -> str:
    """The page without the sections that take time to draw."""
    return html({**record, "calibration": None, "learning_curve": None})


@pytest.fixture(params=["full_record", "bare_record"])
def record(request: pytest.FixtureRequest) -> Record:
    shown: Record = request.getfixturevalue(request.param)
    return shown


def test_every_element_of_the_page_is_closed_where_it_should_be(record: Record) -> None:
    assert Page(html(record)).open == []


def test_nothing_on_the_page_is_fetched(record: Record) -> None:
    page = html(record)
    fetched = [value for name in ("src", "href", "xlink:href", "srcset", "data") for value in Page(page).values(name)]
    assert [value for value in fetched if not value.startswith("#") and value not in ("report.json", "report.md")] == []
    assert [url for url in re.findall(r"url\(([^)]*)\)", page) if not url.startswith("#")] == []
    assert not {"img", "link", "iframe", "object", "embed"} & set(Page(page).elements)
    assert "@import" not in page


def test_every_link_within_the_page_leads_somewhere(record: Record) -> None:
    page = Page(html(record))
    anchors = [f"#{value}" for tag, name, value in page.attributes if name == "id"]
    assert {value for value in page.values("href") if value.startswith("#")} <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_the_same_record_gives_the_same_bytes(record: Record) -> None:
    assert html(record) == html(copy.deepcopy(record))
    assert markdown(record) == markdown(copy.deepcopy(record))


def test_every_ratio_shown_is_in_the_record(full_record: Record) -> None:
    shown = re.sub(r"<(svg|pre|style|script)\b.*?</\1>", "", html(full_record), flags=re.DOTALL)
    shown = re.sub(r"<[^>]*>", " ", shown)
    known = numbers(full_record)
    assert set(re.findall(r"-?\b\d\.\d{3}\b", shown)) - known == set()
    assert set(re.findall(r"-?\b\d\.\d{3}\b", markdown(full_record))) - known == set()


def test_every_headline_score_interval_lead_and_share_is_shown(full_record: Record) -> None:
    cells = re.findall(r"-?\d\.\d{3}", " ".join(Page(undrawn(full_record)).texts["headline"]))
    entries = [*full_record["headline"].values()]
    entries += [values for each in full_record["baselines"] for values in each["against_model"].values()]
    entries += [*full_record["against"]["headline"].values(), *full_record["against"]["measures"].values()]
    missing = [number for number in numbers(entries) if number not in cells]
    assert missing == []


def test_markup_in_an_article_or_its_title_stays_text(full_record: Record) -> None:
    page = undrawn(full_record)
    assert Page(page).elements.count("script") == 1, "the page's own filter"
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>Camp Vale</b>" not in page


def test_markup_in_every_string_of_the_record_stays_text(full_record: Record) -> None:
    def poisoned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: poisoned(each) for name, each in value.items()}
        if isinstance(value, list):
            return [poisoned(each) for each in value]
        return f'{value}"><img src=x>' if isinstance(value, str) else value

    hurt = poisoned(full_record)
    hurt["kind"], hurt["rows"] = full_record["kind"], full_record["rows"]
    hurt["mistakes"]["costliest"] = [{**each, "article": "a"} for each in hurt["mistakes"]["costliest"]]
    assert "img" not in Page(html(hurt)).elements


def test_each_side_holds_every_character_of_the_article_in_order(full_record: Record) -> None:
    texts = Page(undrawn(full_record)).texts["text"]
    assert texts == [document["text"] for document in full_record["documents"] for _ in ("gold", "predicted")]


@given(st.text(max_size=40), st.data())
def test_pieces_of_any_text_join_to_it(text: str, data: st.DataObject) -> None:
    edges = st.integers(0, len(text))
    sides: dict[str, Any] = {}
    for side in ("gold", "predicted"):
        cuts = sorted(set(data.draw(st.lists(edges, max_size=8))))
        spans = [{"start": a, "end": b, "label": "X", "score": 1.0} for a, b in pairwise(cuts)]
        sides[side] = {"spans": spans[::2]}
    document = {"text": text, **sides}
    for side in ("gold", "predicted"):
        shown = pieces(document, side)  # type: ignore[arg-type] # of the two names in the loop
        assert "".join(piece.text for piece in shown) == text
        surfaces = [text[span["start"] : span["end"]] for span in sides[side]["spans"]]
        assert [piece.text for piece in shown if piece.label] == surfaces


@pytest.mark.parametrize(
    ("side", "surface", "tag"),
    [
        ("gold", "Tuesday", "DATE"),
        ("gold", "fuel depot", "ASSET\u00a0missed"),
        ("gold", "armed drones", "WEAPON\u00a0≈"),
        ("predicted", "drones hit", "WEAPON\u00a0≈"),
        ("predicted", "Port Sund", "BASE\u00a0spurious"),
    ],
    ids=["same", "missed", "gold of a wrong boundary", "predicted of a wrong boundary", "spurious"],
)
def test_a_span_is_tagged_by_what_the_other_side_has_there(
    full_record: Record, side: Any, surface: str, tag: str
) -> None:
    tags = {piece.text: piece.tag for piece in pieces(full_record["documents"][0], side)}
    assert tags[surface] == tag


def test_spans_that_overlap_on_one_side_lose_no_character() -> None:
    spans = [{"start": 0, "end": 4, "label": "A", "score": 1.0}, {"start": 2, "end": 6, "label": "B", "score": 1.0}]
    document = {"text": "abcdefgh", "gold": {"spans": spans}, "predicted": {"spans": []}}
    assert [piece.text for piece in pieces(document, "gold")] == ["abcd", "ef", "gh"]


def test_a_mistake_marks_gold_and_predicted_in_its_sentence(full_record: Record) -> None:
    boundary = full_record["documents"][0]["mistakes"][0]
    marked = {piece.text: piece.sides for piece in mistake_pieces(boundary) if piece.sides}
    assert marked == {"armed ": ("gold",), "drones": ("gold", "predicted"), " hit": ("predicted",)}


def test_a_mistake_whose_values_are_not_in_the_text_marks_its_place(full_record: Record) -> None:
    attribute = full_record["documents"][0]["mistakes"][4]
    assert [piece.text for piece in mistake_pieces(attribute) if piece.is_meant] == ["raid"]
    assert "".join(piece.text for piece in mistake_pieces(attribute)) == attribute["sentence"]


def test_a_label_the_schema_lacks_gets_a_colour(full_record: Record) -> None:
    span = full_record["documents"][0]["predicted"]["spans"][0]
    span["label"] = "RUMOUR"
    n = len(full_record["confusion"]["labels"])
    assert f'<mark class="span l{n % len(PALETTE)} partly" data-label="RUMOUR\u00a0≈"' in undrawn(full_record)


def test_labels_with_few_examples_are_marked_each_example_counting_once_a_seed(full_record: Record) -> None:
    from_on = 20 * len(full_record["seeds"])
    few = [row for row in full_record["rows"] if row["label"] not in ("micro", "macro") and row["support"] < from_on]
    assert undrawn(full_record).count(">few examples<") == len(few) > 0
    assert "ACTOR \\*" in markdown(full_record)


def test_an_article_that_is_not_shown_is_named_without_a_link(full_record: Record) -> None:
    full_record["mistakes"]["costliest"][0]["article"] = "elsewhere"
    assert "<span>elsewhere</span>" in undrawn(full_record)


def test_only_the_first_article_is_unfolded(full_record: Record) -> None:
    assert re.findall(r'<details class="article"( open)?>', undrawn(full_record)) == [" open", ""]


def test_thresholds_name_the_lowest_score_that_reaches_a_precision(full_record: Record) -> None:
    assert "0.700 (recall 0.500)" in markdown(full_record)
    assert "not reached" in markdown(full_record)
    assert "not reached" in html(full_record)


def test_a_model_without_calibration_says_so(full_record: Record) -> None:
    calibration = full_record["calibration"]
    kept = ("n", "ece_before", "brier_before", "before")
    layers = {name: {key: layer[key] for key in kept} for name, layer in calibration["layers"].items()}
    full_record["calibration"] = {"source": "", "measured_on": "2 articles", "fitted": False, "layers": layers}
    assert "taken as they are, without a calibration" in html(full_record)
    assert "taken as they are, without a calibration" in markdown(full_record)
    assert "Where to cut" not in html(full_record)


def test_what_scores_were_measured_on_and_what_they_were_calibrated_on_are_told_apart(full_record: Record) -> None:
    for page in (html(full_record), markdown(full_record)):
        assert "Measured on 5 articles of gold." in page
        assert "Calibrated on out-of-fold predictions of 5 articles with 3 seeds." in page
    full_record["calibration"]["measured_on"] = full_record["calibration"]["source"]
    assert "Calibrated on" not in html(full_record) + markdown(full_record)


def test_a_curve_of_one_size_has_no_gain(full_record: Record) -> None:
    curve = full_record["learning_curve"]
    one = {name: points[:1] for name, points in curve["measures"].items()}
    labels = {layer: {label: f1s[:1] for label, f1s in by.items()} for layer, by in curve["labels"].items()}
    full_record["learning_curve"] = {"sizes": [1], "measures": one, "labels": labels, "gain": None}
    assert "Does another article help" in html(full_record)
    assert not any("last article" in sentence for sentence in in_short(full_record))


def test_what_came_of_a_wanted_precision_is_shown(full_record: Record) -> None:
    assert "wanted 0.8" in html(full_record)
    assert "0.772, recall 0.512" in markdown(full_record)
    assert "none kept" in markdown(full_record)


def test_the_short_account_names_the_best_the_worst_and_the_dearest(full_record: Record) -> None:
    told = " ".join(in_short(full_record))
    assert "Best is entity F1, 0.736" in told
    assert "worst is incident F1" in told
    assert "mend first: missed trigger (triggers)" in told
    assert "beside the baseline “lexicon”: higher on these 2 articles in entity F1" in told
    assert "beside runs/other_model: no clear difference in entity F1" in told


def test_an_attribute_that_is_told_by_rote_is_named(full_record: Record) -> None:
    full_record["classification"]["status"] |= {"accuracy": 0.6, "accuracy_of_commonest": 0.7}
    told = next(sentence for sentence in in_short(full_record) if "by rote" in sentence)
    assert told == "Status is told no better than by rote: accuracy 0.600, always saying “reported” 0.700."


def test_the_scores_farthest_from_what_they_say_are_named(full_record: Record) -> None:
    full_record["calibration"]["layers"]["events"]["after"] = [
        {"low": 0.8, "high": 0.9, "n": 30, "mean_score": 0.85, "share_right": 0.4},
        {"low": 0.9, "high": 1.0, "n": 3, "mean_score": 0.95, "share_right": 0.0},
    ]
    assert "Farthest from what they say are scores of events from 0.8 to 0.9: of 30, 0.400 are right." in in_short(
        full_record
    )


def test_wide_intervals_are_warned_of(full_record: Record) -> None:
    full_record["headline"]["incident_f1"] |= {"low": 0.1, "high": 0.9}
    warning = next(sentence for sentence in in_short(full_record) if "Mind the uncertainty" in sentence)
    assert "incident F1, goes from 0.100 to 0.900" in warning


@pytest.mark.parametrize(("n_articles", "told"), [(2, "too narrow"), (200, "fairly sure")], ids=["few", "many"])
def test_narrow_intervals_are_trusted_only_with_enough_articles(
    full_record: Record, n_articles: int, told: str
) -> None:
    full_record["data"]["documents"] = n_articles
    assert any(told in sentence for sentence in in_short(full_record))


def test_nothing_measured_is_said_in_so_many_words(bare_record: Record) -> None:
    assert in_short(bare_record) == ["Nothing could be measured: nothing is annotated, or nothing was predicted."]
    assert "<svg" not in html(bare_record)


def test_every_table_of_the_summary_has_as_many_cells_in_each_row(record: Record) -> None:
    tables = re.findall(r"(?:^\|.*\|$\n?)+", markdown(record), flags=re.MULTILINE)
    assert tables
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


@given(st.text(max_size=30))
def test_escaped_text_stays_on_one_line_and_reads_back(text: str) -> None:
    line = escaped(text)
    assert len(line.splitlines()) <= 1
    assert re.sub(r"\\(.)", r"\1", line) == " ".join(text.split())


def test_the_summary_quotes_the_costliest_sentences(full_record: Record) -> None:
    summary = markdown(full_record)
    assert "1. **missed trigger**, ATTACK, cost 6, harbour." in summary
    assert "   > On Tuesday two armed drones hit Camp Vale" in summary


def test_the_report_is_three_files_and_the_json_is_the_record(full_record: Record, tmp_path: Path) -> None:
    written = write_report(full_record, tmp_path / "new" / "out")
    assert [path.name for path in written] == ["report.html", "report.md", "report.json"]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == sorted(path.name for path in written)
    assert json.loads(written[2].read_text(encoding="utf-8")) == json.loads(json.dumps(full_record))
    assert written[0].read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_folder_that_cannot_be_made_is_reported(bare_record: Record, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TocsinError, match="cannot be made"):
        write_report(bare_record, tmp_path / "file")


def test_the_command_line_starts_without_the_plotting_library() -> None:
    program = "import sys, tocsin.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "matplotlib" not in run.stdout.split()
