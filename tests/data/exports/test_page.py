"""The page: everything of an incident is on it, nothing of an article is markup, nothing is fetched."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tocsin.data.coding.account import Evidence
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.exports.formats import FORMATS
from tocsin.data.exports.page import N_IN_TABLE, write_page_text
from tocsin.data.exports.page_facts import NONE, facets
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]

VOID = {"meta", "input", "link", "br"}
EVIL = "<script>alert(1)</script>"
CREDITS = ["https://www.geonames.org/", "https://creativecommons.org/licenses/by/4.0/"]


class Page(HTMLParser):
    """What a browser makes of a page: elements, attributes, and the texts of elements by class or name."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, list[str]]] = []
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        names = [tag, *(dict(attrs).get("class") or "").split(), *([dict(attrs).get("id") or ""])]
        if tag not in VOID:
            self.open.append((tag, names))
        for name in names:
            self.texts.setdefault(name, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        for name in {name for _, names in self.open for name in names}:
            self.texts[name][-1] += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]

    def article_links(self) -> list[str]:
        return [link for link in self.values("href") if link not in CREDITS]

    def text(self, name: str) -> str:
        (text,) = self.texts[name]
        return " ".join(text.split())


def html(*incidents: MergedIncident, title: str = "Raids") -> str:
    stream = io.StringIO()
    write_page_text(incidents, stream, title=title)
    return stream.getvalue()


def many(incident: MergedIncident, n: int) -> list[MergedIncident]:
    return [replace(incident, id=f"{incident.id}-{i}") for i in range(n)]


@pytest.fixture(scope="module")
def page(raid: MergedIncident, bare: MergedIncident) -> Page:
    return Page(html(raid, replace(bare, id="bare-1")))


@pytest.fixture(scope="module")
def crowd(raid: MergedIncident) -> Page:
    """One incident more than the table has proofs for."""
    return Page(html(*many(raid, N_IN_TABLE + 1)))


@pytest.fixture(scope="module")
def hostile_crowd(hostile: MergedIncident) -> Page:
    return Page(html(*many(hostile, N_IN_TABLE + 1), title=EVIL))


def test_the_page_is_written_and_what_is_only_in_the_table_is_counted(
    raid: MergedIncident, bare: MergedIncident, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    written = FORMATS["html"].write([raid, bare], path)
    assert (written.n_incidents, written.n_rows, written.files) == (2, 2, (path,))
    assert written.not_shown == {"with nothing but a mention": 1, "without a position": 1, "without a date": 1}
    streamed = io.StringIO()
    write_page_text([raid, bare], streamed)
    assert path.read_text(encoding="utf-8") == streamed.getvalue()


def test_a_page_that_cannot_be_written_is_an_error_and_leaves_nothing(raid: MergedIncident, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        FORMATS["html"].write([raid], tmp_path / "missing" / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_the_header_says_what_is_not_on_the_map_and_what_not_in_the_timeline(
    raid: MergedIncident, bare: MergedIncident
) -> None:
    placed = replace(bare, id="bare-1", locations=raid.locations)
    words = Page(html(raid, bare, placed)).text("header")
    assert words.endswith(
        "1 incident without a position is not on the map. 2 incidents without a date are not in the timeline."
    )
    assert "without" not in Page(html(raid)).text("main").split("The score")[0]


def test_every_element_is_closed(page: Page) -> None:
    assert page.open == []


def test_nothing_is_fetched_and_only_articles_are_linked(page: Page) -> None:
    assert set(page.elements).isdisjoint({"link", "img", "iframe", "object", "embed", "base", "video", "audio"})
    assert page.values("src") == []
    assert page.values("href") == [*CREDITS, "https://post.example/1"]
    assert not re.search(r"url\(|@import", page.texts["style"][0])
    assert not any(re.search(r"https?:", text) for text in page.texts["script"])


def test_the_policy_forbids_every_request_and_every_script_but_the_own(raid: MergedIncident) -> None:
    page = Page(html(raid))
    policy = next(value for value in page.values("content") if "default-src" in value)
    own = [text for text in page.texts["script"] if not text.startswith(("{", "["))]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in own]
    assert policy.startswith("default-src 'none';")
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes
    assert "script-src 'unsafe" not in policy


def test_the_sentence_stands_there_with_every_evidence_marked(page: Page, raid: MergedIncident) -> None:
    sentences = [telling.sentence.text for telling in raid.tellings]
    shown = [re.sub(r" \d+–\d+$", "", text) for text in page.texts["blockquote"]]
    assert shown == sentences
    values = [value for slot in ("attackers", "targets", "weapons", "sources") for value in getattr(raid, slot)]
    marked = set(page.texts["mark"])
    assert {each.text for value in values for each in value.evidence} <= marked
    assert {each.text for toll in raid.tolls for each in toll.evidence} <= marked
    assert {"hit", "Thursday", "2 May"} <= marked


def test_one_span_of_several_roles_is_marked_with_all(page: Page) -> None:
    assert page.texts["target"][0] == "Camp Vale"
    assert page.texts["claimant"] == ["Red Brigade"]


def test_evidence_outside_the_sentences_that_tell_it_is_shown_too(raid: MergedIncident) -> None:
    first, second = raid.accounts
    assert first.days is not None
    far = Evidence("a1", 900, 916, "the same Thursday")
    told = replace(first, days=replace(first.days, evidence=(far,)))
    shown = Page(html(replace(raid, accounts=(told, second))))
    assert "the same Thursday 900–916" in " ".join(shown.texts["elsewhere"])


@pytest.mark.parametrize(
    "words",
    [
        "Camp Vale, Erbil, Iraq",
        "exact place (where_prec 1), 36.500° N, 44.250° E, base:camp-vale [1] 35–44",
        "2024-05-02 a day, stated in the text",
        "“Red Brigade” ACTOR → Red Brigade rebel group, actor:red-brigade, likeness 0.95",
        "killed: low 3, best 3, high not said “at least three soldiers”",
        "wounded: articles disagree. 5 [1]; 2 [2]",
        "[1] and [2], sum +4.5: date, both on 2024-05-02 +4.5",
        "[1] \"Drones\" over Vale Norland Post, 2024-05-03, a1",
        "“hit” reported, outcome hit",
    ],
)  # fmt: skip
def test_what_is_coded_is_told_in_words(page: Page, words: str) -> None:
    assert words in page.text("main")


def test_a_vague_place_and_days_say_how_vague_they_are(tell: Tell, known: dict[str, Entry]) -> None:
    told = tell(
        "Raiders struck somewhere in Yemen last month.",
        trigger="struck",
        places=[("Yemen", known["yemen"])],
        days=(date(2024, 4, 1), date(2024, 4, 30), "last month"),
        unresolved=[("last month", "an invented reason")],
    )
    page = Page(html(told))
    row, proof = page.text("row"), page.text("proof")
    assert "2024-04-01 to 2024-04-30" in row
    assert "somewhere in the country" in row
    assert "up to a month" in proof
    assert "“last month” names no days: an invented reason" in proof
    assert "p6" in page.texts
    assert any("somewhere in the country" in text for text in page.texts["title"])


def test_what_is_written_from_right_to_left_turns_nothing_else_around(tell: Tell) -> None:
    told = tell(
        "قصفت ألوية النور قاعدة الوادي.",
        article="مقال-7",
        title="قصف",
        source="وكالة الوادي",
        trigger="قصفت",
        attackers=[("ألوية النور", None)],
        sources=[("ألوية النور", None)],
    )
    page = Page(html(told))
    apart = page.texts["bdi"]
    assert {"قصف", "وكالة الوادي", "2024-05-03", "مقال-7", "قصفت", "ألوية النور"} <= set(apart)
    assert ("small", "dir", "ltr") in page.attributes


def test_a_linked_attacker_and_the_same_words_without_a_link_are_told_apart(
    tell: Tell, known: dict[str, Entry]
) -> None:
    text = "The Red Brigade struck."
    linked = tell(text, own_id="a-1", attackers=[("Red Brigade", known["brigade"])])
    page = Page(html(linked, tell(text, own_id="b-1", attackers=[("Red Brigade", None)])))
    assert {"Red Brigade (1)", "“Red Brigade” (1)"} <= set(page.texts["option"])


def test_tolls_are_known_to_the_script_the_killed_first(tell: Tell, raid: MergedIncident) -> None:
    told = tell(
        "They killed some and shot nine.", tolls=[("killed", 2, None, None, "some"), ("wounded", 9, 9, 9, "nine")]
    )
    facts = json.loads(Page(html(raid, replace(told, id="b-1"))).texts["facts"][0])
    assert [each["tolls"] for each in facts["incidents"]] == [[3, 5, None, None, None], [2, 9, None, None, None]]


def test_the_page_says_how_its_figures_come_about_and_whose_positions_it_has(page: Page) -> None:
    assert "the best figure of the article published last that names one" in page.text("caption")
    assert "1.00 for annotations by hand" in page.text("caption")
    assert "Natural Earth" in page.text("footer")
    assert "Positions of towns: GeoNames (CC BY 4.0, geonames.org)" in page.text("footer")


def test_an_incident_of_which_nothing_is_known_is_in_the_table(bare: MergedIncident) -> None:
    page = Page(html(bare))
    assert page.text("row").split() == "– – – – – reported unknown – 1 0.80".split()
    assert "no position" in page.text("proof")


def test_an_incident_of_a_model_that_tells_no_status_is_found_under_none(raid: MergedIncident) -> None:
    status = facets([raid, replace(raid, status="")])[-1]
    assert dict(status.options) == {raid.status: 1, NONE: 1}


def test_what_a_model_does_not_tell_is_a_dash(bare: MergedIncident) -> None:
    page = Page(html(replace(bare, status="", outcome="")))
    assert page.text("row").split() == "– – – – – – – 1 0.80".split()


def test_incidents_stand_by_day_and_undated_ones_last(raid: MergedIncident, bare: MergedIncident) -> None:
    assert raid.days is not None
    earlier = replace(
        raid, id="earlier-1", days=replace(raid.days, interval=replace(raid.days.interval, start=date(2023, 1, 1)))
    )
    page = Page(html(bare, raid, earlier))
    ids = [value for tag, name, value in page.attributes if (tag, name) == ("tbody", "id")]
    assert ids == ["i-earlier-1", f"i-{raid.id}", f"i-{bare.id}"]


def test_no_incident_is_a_page_too() -> None:
    page = Page(html())
    assert page.text("header") == "Raids 0 incidents from 0 articles."
    assert json.loads(page.texts["facts"][0]) == {"incidents": [], "bars": []}


def test_the_same_incidents_give_the_same_page(raid: MergedIncident, bare: MergedIncident) -> None:
    assert html(raid, bare) == html(raid, bare)


@pytest.fixture(scope="module")
def hostile(tell: Tell) -> MergedIncident:
    """An article that would like to be markup everywhere."""
    actor = f'Crew "{EVIL}" & {{{{ 7 * 7 }}}}'
    return tell(
        f"{actor} hit <b>Karr</b> <!-- with rockets.",
        own_id='x" onload="alert(1)-1',
        article="<i>a1</i>",
        title=f"</title>{EVIL}",
        source="<img src=x>",
        url="javascript:alert(1)",
        trigger="hit",
        attackers=[(actor, None)],
        targets=[("<b>Karr</b>", None)],
        weapons=[("rockets", "</script><!--")],
    )


@pytest.mark.parametrize("n_scripts", [3, 4], ids=["in the table", "in a block"])
def test_nothing_of_an_article_is_markup(hostile: MergedIncident, hostile_crowd: Page, n_scripts: int) -> None:
    page = Page(html(hostile, title=EVIL)) if n_scripts == 3 else hostile_crowd
    assert page.open == []
    assert page.elements.count("script") == n_scripts
    assert page.elements.count("b") == page.elements.count("i") == page.elements.count("img") == 0
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    assert page.text("h1") == EVIL
    assert "{{ 7 * 7 }}" in page.texts["row"][0]
    assert page.article_links() == []


def test_json_in_the_page_is_what_was_put_there(hostile_crowd: Page) -> None:
    (proof, *_) = json.loads(hostile_crowd.texts["proofs"][0])
    assert Page(proof).texts["attacker"] == [f'Crew "{EVIL}" & {{{{ 7 * 7 }}}}']
    assert json.loads(hostile_crowd.texts["facts"][0])["incidents"][0]["articles"] == 1


def test_proofs_of_very_many_incidents_are_those_of_the_table(raid: MergedIncident, crowd: Page) -> None:
    proofs = json.loads(crowd.texts["proofs"][0])
    assert len(proofs) == N_IN_TABLE + 1 == len(crowd.texts["row"])
    assert "proof" not in crowd.texts
    assert "JSON Lines" in crowd.text("noscript")
    assert proofs[0] in html(*many(raid, 1))


@pytest.mark.parametrize("url", ["HTTPS://post.example/1?a=1&b=2", "http://post.example/ü"])
def test_web_addresses_are_linked_as_they_are(tell: Tell, url: str) -> None:
    assert Page(html(tell("They struck.", trigger="struck", url=url))).article_links() == [url]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc", "//x.example", " https://x", "https://x\ny"]
)
def test_other_addresses_are_no_links(tell: Tell, url: str) -> None:
    assert Page(html(tell("They struck.", trigger="struck", url=url))).article_links() == []


def test_copies_of_an_article_are_counted_and_linked(copied: MergedIncident) -> None:
    shown = Page(html(copied))
    assert "1 incident from 3 articles" in shown.text("header")
    assert json.loads(shown.texts["facts"][0])["incidents"][0]["articles"] == 3
    assert "https://echo.example/9" in shown.values("href")
    assert any("The same text: Dane Echo, 2024-05-04" in text for text in shown.texts["article"])


def test_who_denies_it_is_told_apart(denied: MergedIncident) -> None:
    shown = Page(html(denied))
    assert "denied by" in shown.texts["dt"]
    assert "claimant" not in shown.texts["dt"]


def test_an_area_of_several_countries_is_not_at_sea(tell: Tell) -> None:
    highlands = Entry(
        "region:highlands", "Highlands", "place", kind="area", countries=("IQ", "SY"), latitude=35.0, longitude=41.0,
        where_prec=5,
    )  # fmt: skip
    shown = html(tell("A blast in the Highlands.", places=[("Highlands", highlands)]))
    assert "area of several countries (1)" in shown
    assert "at sea (1)" not in shown
