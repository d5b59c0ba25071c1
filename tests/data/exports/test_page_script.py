"""The page's script, run in a browser: it filters, sorts and opens, and what it counts is what it shows."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.page import N_IN_TABLE, write_page_text

Tell = Callable[..., MergedIncident]
Said = Mapping[str, Any]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to run the page's script")

DRIVER = """
<iframe id="frame" src="page.html" style="width: WIDTHpx; height: 800px"></iframe><pre id="said"></pre><script>
frame.onload = () => {
  const view = frame.contentWindow;
  const page = view.document;
  const heard = {};
  const say = (name, what) => { heard[name] = what; };
  const all = (selector) => [...page.querySelectorAll(selector)];
  const text = (selector) => page.querySelector(selector).textContent.trim();
  const ids = () => all("tbody.shown").map((body) => body.id.slice(2));
  const set = (name, value) => {
    const field = page.querySelector(`[name=${name}]`);
    field.value = value;
    field.dispatchEvent(new view.Event("input", { bubbles: true }));
  };
  const click = (element, [clientX, clientY] = [0, 0]) =>
    element.dispatchEvent(new view.MouseEvent("click", { bubbles: true, clientX, clientY }));
  const key = (name, shiftKey = false) =>
    page.activeElement.dispatchEvent(new view.KeyboardEvent("keydown", { key: name, shiftKey, bubbles: true }));
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const site = (name) => page.querySelector(`.site[data-name='${name}']`);
  STEPS
  said.textContent = JSON.stringify(heard);
};
</script>
"""


def run(folder: Path, incidents: Sequence[MergedIncident], steps: str, *, width: int = 1000) -> Said:
    """What steps of a user say about the page."""
    with (folder / "page.html").open("w", encoding="utf-8") as stream:
        write_page_text(incidents, stream, title="Raids")
    driver = DRIVER.replace("WIDTH", str(width)).replace("STEPS", steps)
    (folder / "driver.html").write_text(driver, encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --disable-background-networking --allow-file-access-from-files"
    command = [str(CHROMIUM), *options.split(), f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000"]
    ran = subprocess.run(
        [*command, "--dump-dom", (folder / "driver.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = re.search(r'<pre id="said">(.+?)</pre>', ran.stdout, re.DOTALL)
    assert said is not None
    heard: Said = json.loads(said[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return heard


FILTERS = """
  say("at first", [text("#shown"), ids().length]);
  say("on paper", page.getElementById("filtered").hidden ? "" : text("#filtered"));
  set("words", "LONGBOATS"); say("words", [text("#shown"), ids().length]);
  set("words", "");
  set("from", "2024-05-01"); set("to", "2024-05-02"); say("days", [text("#shown"), all(".bars .chosen").length]);
  set("from", ""); set("to", "");
  click(site("Camp Vale")); say("site", [text("#shown"), text("#site")]);
  page.getElementById("site").click();
  all("th button")[8].click();
  page.querySelector("tbody.shown .row").click();
  say("opened", text("tbody.opened mark"));
"""


@pytest.mark.parametrize("n", [1, N_IN_TABLE], ids=["in the table", "in a block"])
def test_the_script_filters_sorts_and_opens(raid: MergedIncident, tell: Tell, tmp_path: Path, n: int) -> None:
    other = replace(tell("Corsairs in longboats & skiffs raided <Karr>.", trigger="raided"), id="b-1", score=0.99)
    said = run(tmp_path, [*(replace(raid, id=f"{raid.id}-{i}") for i in range(n)), other], FILTERS)
    total = f"{n + 1:,}"
    assert said == {
        "at first": [f"{total} of {total} incidents shown", min(n + 1, 200)],
        "on paper": "" if n == 1 else f"{total} of {total} incidents shown, the first 200 listed.",
        "words": [f"1 of {total} incidents shown", 1],
        "days": [f"{n:,} of {total} incidents shown", 1],
        "site": [f"{n:,} of {total} incidents shown", "at Camp Vale ✕"],
        "opened": "raided",
    }


USE = """
  set("words", "culiacan");  say("without its marks", ids());
  set("words", "CULIACÁN");  say("with its marks", ids());
  set("words", "sirnak");  say("with a letter of its own", ids());
  set("words", "القواعد");  say("without its vowels", ids());
  set("words", ""); say("unfiltered", { hidden: page.getElementById("filtered").hidden, unplaced: text("#unplaced") });
  set("words", "struck"); set("status", "0"); set("from", "2024-04-01");
  say("filtered", { line: text("#filtered"), unplaced: text("#unplaced"), undated: text("#undated") });
  set("from", "");
  say("without days", { undated: text("#undated"), spread: page.getElementById("spread").hidden });
  set("status", ""); set("words", ""); say("spread", text("#spread"));
  const sort = all("th button")[6];
  sort.click(); say("most first", ids());
  sort.click(); say("least first", ids());
  all("th button")[0].click();
  click(site("Alda"), middle(site("Alda").querySelector(".core"))); say("overlapping", [ids(), text("#site")]);
  click(site("Alda"), middle(site("Alda").querySelector(".core"))); say("again", page.getElementById("site").hidden);
  click(site("Corr"), middle(site("Corr").querySelector(".core"))); say("alone", [ids(), text("#site")]);
  page.getElementById("site").click();
  page.querySelector(".bars [tabindex='0']").focus();
  say("bar", [page.activeElement.getAttribute("role"), page.activeElement.getAttribute("aria-label")]);
  const days = () => [page.querySelector("[name=from]").value, page.querySelector("[name=to]").value];
  key("Enter"); say("one bar", days());
  key("Enter"); say("one bar again", days());
  key("ArrowRight"); key("ArrowRight", true); key(" ");
  say("two bars", [days(), all(".bars [aria-pressed=true]").length]);
  key("End"); key("Enter"); say("last bar", days());
"""
PHONE = """
  say("heights", all("th button").map((button) => button.getBoundingClientRect().height));
  say("is too wide", page.documentElement.scrollWidth > page.documentElement.clientWidth);
"""


@pytest.fixture(scope="module")
def incidents(tell: Tell, raid: MergedIncident) -> list[MergedIncident]:
    """A day each, but for the last, which has none; two of them at places that a map of the world draws as one."""
    first = date(2024, 5, 1)
    place = raid.locations[0]

    def told(name: str, text: str, n_days: int = 1, **said: Any) -> MergedIncident:
        start = first + timedelta("abcdef".index(name))
        days = (start, start + timedelta(n_days - 1), text.split()[0])
        return tell(text, own_id=f"{name}-1", days=days, trigger="struck", **said)

    def at(incident: MergedIncident, name: str, latitude: float) -> MergedIncident:
        return replace(incident, locations=(replace(place, name=name, latitude=latitude, entry=name),))

    return [
        at(told("a", "They struck Culiacán, killing ten.", tolls=[("killed", 10, 10, 10, "ten")]), "Alda", 33.0),
        at(told("b", "They struck Şırnak, wounding 3.", tolls=[("wounded", 3, 3, 3, "3")]), "Bero", 33.001),
        at(told("c", "They struck, killing some.", tolls=[("killed", 9, None, None, "some")]), "Corr", 36.0),
        told("d", "They struck الْقَوَاعِد and killed no one.", tolls=[("killed", 0, 0, 0, "no one")]),
        told("e", "They struck it, and said so.", 3, status="claimed"),
        replace(tell("They struck, wounding 70.", trigger="struck", tolls=[("wounded", 70, 70, 70, "70")]), id="f-1"),
    ]


@pytest.fixture(scope="module")
def said(incidents: list[MergedIncident], tmp_path_factory: pytest.TempPathFactory) -> Said:
    return run(tmp_path_factory.mktemp("page"), incidents, USE)


def test_a_search_needs_no_marks_and_no_letters_that_a_keyboard_lacks(said: Said) -> None:
    assert said["without its marks"] == said["with its marks"] == ["a-1"]
    assert said["with a letter of its own"] == ["b-1"]
    assert said["without its vowels"] == ["d-1"]


def test_what_is_printed_names_the_filters(said: Said) -> None:
    assert said["filtered"]["line"] == (
        "4 of 6 incidents shown. Filters: search “struck”; status “reported”; from “2024-04-01”."
    )
    assert said["unfiltered"]["hidden"]


def test_what_map_and_timeline_leave_out_is_counted_among_what_passes_the_filters(said: Said) -> None:
    assert said["unfiltered"]["unplaced"] == "3 incidents without a position are not drawn."
    assert said["filtered"]["unplaced"] == "1 incident without a position is not drawn."
    assert said["without days"] == {"undated": "1 incident without a date is not drawn.", "spread": True}
    assert said["spread"] == "1 incident known only to several days is spread over them."


def test_casualties_sort_by_the_killed_and_then_the_wounded_and_those_not_stated_stand_last(said: Said) -> None:
    assert said["most first"] == ["a-1", "c-1", "d-1", "f-1", "b-1", "e-1"]
    assert said["least first"] == ["d-1", "c-1", "a-1", "b-1", "f-1", "e-1"]


def test_a_click_chooses_every_place_under_the_pointer(said: Said) -> None:
    assert said["overlapping"] == [["a-1", "b-1"], "at Alda and 1 more place ✕"]
    assert said["again"]
    assert said["alone"] == [["c-1"], "at Corr ✕"]


def test_the_timeline_can_be_used_by_keys(said: Said) -> None:
    assert said["bar"] == ["button", "2024-05-01: 1 exact"]
    assert said["one bar"] == ["2024-05-01", "2024-05-01"]
    assert said["one bar again"] == ["", ""]
    assert said["two bars"] == [["2024-05-02", "2024-05-03"], 2]
    assert said["last bar"] == ["2024-05-07", "2024-05-07"]


def test_a_finger_can_sort_on_a_narrow_screen(incidents: list[MergedIncident], tmp_path: Path) -> None:
    said = run(tmp_path, incidents, PHONE, width=390)
    assert len(said["heights"]) == 9
    assert min(said["heights"]) >= 40
    assert not said["is too wide"]
