"""PLOVER events: required keys, entities, sizes, evidence by key."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports.formats import FORMATS
from tocsin.data.exports.plover import plover_event, write_plover
from tocsin.data.exports.rows import rows
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]
KEYS = set(
    """
    id has_event date time enddate endtime actor recipient event event_loc event_text quad_code event_scale mode context
    link text text_info cite_info size coder coded_date coded_time comment
    """.split()
)
ENTITY_KEYS = set("code sector entity_text identifier_id identifier_text religion ethnicity office gender age".split())
PLACE_KEYS = set(
    """
    extracted_place resolved_place geonameid lat lon city district province country country_code feature_class
    feature_code resolution
    """.split()
)
MODES = set(
    """
    abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons
    crowd-control unconventional
    """.split()
)


def event(incident: MergedIncident, row: int = 0) -> dict[str, Any]:
    return plover_event(rows(incident)[row])


def test_every_line_is_an_event_and_all_keys_are_plovers(raid: MergedIncident, tmp_path: Path) -> None:
    report = FORMATS["plover"].write([raid, raid], tmp_path / "out.jsonl")
    events = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (len(events), report.n_rows, report.n_incidents) == (4, 4, 2)
    for one in events:
        assert one.keys() <= KEYS
        assert all(entity.keys() <= ENTITY_KEYS for entity in (*one["actor"], *one["recipient"]))
        assert one["event_loc"].keys() <= PLACE_KEYS


def test_required_keys_are_there_even_where_nothing_is_known(bare: MergedIncident) -> None:
    found = event(bare)
    assert (found.pop("cite_info"), found.pop("coder")) == ([{"citation": "a1"}], "tocsin")
    assert found == {"id": bare.id, "date": None, "actor": [], "event": "ASSAULT"}


def test_who_did_what_to_whom(raid: MergedIncident) -> None:
    found = event(raid)
    assert (found["event"], found["mode"], found["context"]) == ("ASSAULT", "heavy-weapons", ["military"])
    assert found["actor"] == [
        {
            "code": "IRQ",
            "sector": ["REB"],
            "entity_text": "Red Brigade",
            "identifier_id": "actor:red-brigade",
            "identifier_text": "Red Brigade",
        }
    ]
    assert [entity["identifier_text"] for entity in found["recipient"]] == ["Norland Army"]


def test_an_unlinked_actor_has_only_its_text(tell: Tell) -> None:
    assert event(tell("Gunmen attacked.", attackers=[("Gunmen", None)]))["actor"] == [{"entity_text": "Gunmen"}]


@pytest.mark.parametrize("name", CLASSES)
def test_the_mode_of_every_weapon_class_is_plovers(name: str, tell: Tell) -> None:
    assert event(tell("They used a thing.", weapons=[("thing", name)])).get("mode", "drone") in MODES


def test_events_of_one_attack_link_to_each_other_and_count_the_dead_once(raid: MergedIncident) -> None:
    first, second = event(raid, 0), event(raid, 1)
    assert (first["link"], second["link"]) == ([second["id"]], [first["id"]])
    assert first["size"] == {"dead": 3, "injured": 5}
    assert "size" not in second


def test_an_explicit_zero_is_a_size(tell: Tell) -> None:
    incident = tell("They attacked; nobody died.", tolls=[("killed", 0, 0, 0, "nobody")])
    assert event(incident)["size"] == {"dead": 0}


def test_places_are_resolved(raid: MergedIncident, tell: Tell, known: dict[str, Entry]) -> None:
    base = event(raid)["event_loc"]
    assert (base["resolution"], base["country_code"], base["lat"], base["lon"]) == (5, "IRQ", 36.5, 44.25)
    city = event(tell("They hit Tessmar.", places=[("Tessmar", known["tessmar"])]))["event_loc"]
    assert (city["resolution"], city["geonameid"], city["city"]) == (4, "1234", "Tessmar")
    country = event(tell("They hit Yemen.", places=[("Yemen", known["yemen"])]))["event_loc"]
    assert (country["resolution"], country.get("city")) == (1, None)


def test_several_days_have_an_end(tell: Tell) -> None:
    found = event(tell("They attacked then.", days=(date(2024, 5, 2), date(2024, 5, 4), "then")))
    assert (found["date"], found["enddate"]) == ("2024-05-02", "2024-05-04")


def test_every_key_that_comes_from_text_has_evidence(raid: MergedIncident) -> None:
    found = event(raid)
    proven = {piece["key"] for piece in found["text_info"]}
    assert proven == {
        "date", "actor[0]", "recipient[0]", "event", "event_loc", "mode", "context", "size.dead", "size.injured"
    }  # fmt: skip
    texts = {telling.sentence.article: telling.sentence.text for telling in raid.tellings}
    for piece in found["text_info"]:
        assert texts[piece["article"]][piece["start"] : piece["end"]] == piece["text"]


def test_sentences_name_their_article(raid: MergedIncident) -> None:
    found = event(raid)
    named = [found["cite_info"][sentence["sequence"] - 1]["citation"] for sentence in found["text"]]
    assert named == ["a1", "a2"]


def test_sentences_of_articles_that_share_an_id_name_their_own(tell: Tell) -> None:
    first = tell("Camp Vale was hit.", trigger="hit", own_id="11-1", title="First")
    second = tell("A blast hit Camp Vale.", trigger="blast", own_id="22-1", title="Second")
    both = replace(
        first,
        accounts=(*first.accounts, *second.accounts),
        tellings=(*first.tellings, *second.tellings),
    )
    found = event(both)
    assert [cited["title"] for cited in found["cite_info"]] == ["First", "Second"]
    assert [(each["sequence"], each["text_story"]) for each in found["text"]] == [
        (1, "Camp Vale was hit."),
        (2, "A blast hit Camp Vale."),
    ]


def test_copies_are_cited_and_sentences_name_the_copy_they_are_of(copied: MergedIncident) -> None:
    found = event(copied)
    assert [cited["citation"] for cited in found["cite_info"]] == ["a1", "a1-copy", "a2"]
    assert [sentence["sequence"] for sentence in found["text"]] == [1, 3]


def test_an_actor_of_several_countries_has_the_gazetteers_code(tell: Tell) -> None:
    front = Entry(
        "actor:front", "Border Front", "actor", kind="rebel group", countries=("IQ", "SY"), code="IMGMUSREB", inter="2"
    )
    (actor,) = event(tell("The Border Front struck.", attackers=[("Border Front", front)]))["actor"]
    assert actor["code"] == "IMGMUSREB"


def test_people_have_the_sector_of_their_word(tell: Tell) -> None:
    found = event(tell("They hit villagers and medics.", targets=[("villagers", None), ("medics", None)]))
    assert [(each["entity_text"], each["sector"]) for each in found["recipient"]] == [
        ("villagers", ["CVL"]),
        ("medics", ["MED"]),
    ]


def test_a_comment_tells_of_denials_and_conventions_with_evidence(denied: MergedIncident, tell: Tell) -> None:
    assert event(denied)["comment"] == "Denied by Norland Army."
    vague = event(tell("They wounded several.", tolls=[("wounded", 2, 3, None, "several")]))
    assert vague["comment"] == 'By convention "several" is 3 wounded.'
    assert "several" in [piece["text"] for piece in vague["text_info"] if piece["key"] == "comment"]


def test_vague_words_are_counted(tell: Tell) -> None:
    vague = tell("They wounded several.", tolls=[("wounded", 2, 3, None, "several")])
    assert write_plover([vague], io.StringIO()).not_shown["with numbers by convention (several, dozens ...)"] == 1


def test_what_is_lacking_is_counted(bare: MergedIncident, tell: Tell) -> None:
    captured = tell("They took two men.", tolls=[("captured", 2, 2, 2, "two men")])
    assert write_plover([bare, captured], io.StringIO()).not_shown == {
        "with captured, for whom there is no key": 1,
        "with nothing but a mention": 1,
        "without a date": 2,
        "without a position": 2,
    }
