"""ACLED's rules: event types from weapons, actor types by place, precisions of time and space."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.coding.weapons import CLASSES
from tocsin.data.exports.acled import ACLED, DISORDER_TYPES, SUB_EVENTS
from tocsin.data.exports.rows import rows
from tocsin.data.gazetteers.countries import countries
from tocsin.data.gazetteers.entry import Entry

Tell = Callable[..., MergedIncident]
ALL_SUB_EVENTS = {  # the codebook's list, as far as weapons reach
    "Battles": {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
    "Explosions/Remote violence": {
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    },
    "Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
    "Strategic developments": {"Disrupted weapons use", "Looting/property destruction", "Other"},
}


def coded(incident: MergedIncident, row: int = 0) -> dict[str, object]:
    return {column: cell.value for column, cell in ACLED.cells(rows(incident)[row]).items()}


def armed(tell: Tell, *classes: str, outcome: str = "hit") -> MergedIncident:
    """An attack with a weapon of each class."""
    names = [f"weapon {number}" for number in range(len(classes))]
    text = f"They attacked with {', '.join(names)}."
    weapons = list(zip(names, classes, strict=True))
    return tell(text, trigger="attacked", outcome=outcome, weapons=weapons)


@pytest.mark.parametrize("name", CLASSES)
def test_every_weapon_class_comes_to_categories_of_the_codebook(name: str, tell: Tell) -> None:
    cells = coded(armed(tell, name))
    kind, sub = cells.get("event_type"), cells.get("sub_event_type")
    assert kind is None or kind in ALL_SUB_EVENTS
    assert sub is None or sub in ALL_SUB_EVENTS[str(kind)]
    assert cells.get("disorder_type") == DISORDER_TYPES.get(str(kind))


def test_the_categories_are_the_codebooks() -> None:
    assert all(set(subs) <= ALL_SUB_EVENTS[kind] for kind, subs in SUB_EVENTS.items())


def test_of_several_weapons_the_first_sub_event_of_the_codebook_decides(tell: Tell) -> None:
    assert coded(armed(tell, "rocket", "drone"))["sub_event_type"] == "Air/drone strike"
    assert coded(armed(tell, "artillery", "grenade"))["sub_event_type"] == "Shelling/artillery/missile attack"


def test_a_weapon_that_leaves_the_sub_event_open_gives_the_event_type_alone(tell: Tell) -> None:
    cells = coded(armed(tell, "cluster munition"))
    assert cells["event_type"] == "Explosions/Remote violence"
    assert "sub_event_type" not in cells


def test_an_intercepted_drone_that_harmed_nobody_is_disrupted_weapons_use(tell: Tell) -> None:
    cells = coded(armed(tell, "drone", outcome="intercepted"))
    assert (cells["event_type"], cells["sub_event_type"]) == ("Strategic developments", "Disrupted weapons use")
    assert cells["disorder_type"] == "Strategic developments"


def test_an_intercepted_drone_whose_debris_wounds_is_a_strike(tell: Tell) -> None:
    incident = tell(
        "A drone was intercepted; two men were hurt by debris.",
        outcome="intercepted",
        trigger="intercepted",
        weapons=[("drone", "drone")],
        tolls=[("wounded", 2, 2, 2, "two men")],
    )
    assert coded(incident)["sub_event_type"] == "Air/drone strike"


def test_an_intercepted_drone_after_which_no_casualties_are_told_is_disrupted(tell: Tell) -> None:
    incident = tell(
        "A drone was intercepted without casualties.",
        outcome="intercepted",
        trigger="intercepted",
        weapons=[("drone", "drone")],
        tolls=[("killed", 0, 0, 0, "without casualties")],
    )
    assert coded(incident)["sub_event_type"] == "Disrupted weapons use"
    assert coded(incident)["fatalities"] == 0


def test_shots_at_civilians_alone_are_an_attack(tell: Tell, known: dict[str, Entry]) -> None:
    at_farmers = tell(
        "Gunmen shot at the Farmers' Union with rifles.",
        targets=[("Farmers' Union", known["farmers"])],
        weapons=[("rifles", "small arms")],
    )
    cells = coded(at_farmers)
    assert (cells["event_type"], cells["sub_event_type"]) == ("Violence against civilians", "Attack")
    assert cells["civilian_targeting"] == "Civilian targeting"


def test_shots_at_civilians_and_soldiers_are_a_clash(tell: Tell, known: dict[str, Entry]) -> None:
    at_both = tell(
        "Gunmen shot at the Farmers' Union and the Norland Army with rifles.",
        targets=[("Farmers' Union", known["farmers"]), ("Norland Army", known["army"])],
        weapons=[("rifles", "small arms")],
    )
    assert coded(at_both)["sub_event_type"] == "Armed clash"


def shot(tell: Tell, known: dict[str, Entry], *victims: str, weapon: str = "small arms") -> dict[str, object]:
    """What shots at somebody in Tessmar come to; victims are entries by their short name, or words."""
    text = f"Gunmen shot at {', '.join(known[name].name if name in known else name for name in victims)} in Tessmar."
    targets = [(known[name].name, known[name]) if name in known else (name, None) for name in victims]
    places = [("Tessmar", known["tessmar"])]
    return coded(tell(text, targets=targets, places=places, weapons=[("shot", weapon)], labels=[("posts", "BASE")]))


def test_civilians_without_a_name_are_those_of_the_country(tell: Tell, known: dict[str, Entry]) -> None:
    cells = shot(tell, known, "villagers", "farmers of the valley")
    assert (cells["event_type"], cells["sub_event_type"]) == ("Violence against civilians", "Attack")
    assert (cells["actor2"], cells["inter2"]) == ("Civilians (El Salvador)", 7)
    assert cells["civilian_targeting"] == "Civilian targeting"
    assert "assoc_actor_2" not in cells


def test_civilians_of_no_known_country_are_civilians(tell: Tell) -> None:
    assert coded(tell("They hit villagers.", targets=[("villagers", None)]))["actor2"] == "Civilians"


def test_a_blast_among_civilians_stays_an_explosion(tell: Tell, known: dict[str, Entry]) -> None:
    cells = shot(tell, known, "worshippers", weapon="IED")
    assert cells["sub_event_type"] == "Remote explosive/landmine/IED"
    assert cells["civilian_targeting"] == "Civilian targeting"


def test_protesters_are_protesters(tell: Tell, known: dict[str, Entry]) -> None:
    cells = shot(tell, known, "protesters")
    assert (cells["actor2"], cells["inter2"]) == ("Protesters (El Salvador)", 6)
    assert cells["civilian_targeting"] == "Civilian targeting"
    assert "event_type" not in cells


@pytest.mark.parametrize("victims", [("guards",), ("villagers", "guards"), ("us", "farmers"), ("posts",)], ids=str)
def test_only_attacks_on_civilians_alone_are_civilian_targeting(
    victims: tuple[str, ...], tell: Tell, known: dict[str, Entry]
) -> None:
    assert "civilian_targeting" not in shot(tell, known, *victims)


@pytest.mark.parametrize("victims", [("army",), ("army", "villagers"), ("brigade",), ("posts",)], ids=str)
def test_shots_at_armed_forces_or_a_base_are_a_clash(
    victims: tuple[str, ...], tell: Tell, known: dict[str, Entry]
) -> None:
    assert shot(tell, known, *victims)["sub_event_type"] == "Armed clash"


@pytest.mark.parametrize("victims", [("guards",), ("villagers", "guards"), ()], ids=str)
def test_shots_at_who_is_not_known_have_no_event_type(
    victims: tuple[str, ...], tell: Tell, known: dict[str, Entry]
) -> None:
    assert not {"event_type", "sub_event_type", "disorder_type"} & shot(tell, known, *victims).keys()


def test_armed_victims_stand_before_civilians(tell: Tell, known: dict[str, Entry]) -> None:
    cells = shot(tell, known, "villagers", "army")
    assert (cells["actor2"], cells["assoc_actor_2"]) == ("Norland Army", "Civilians (El Salvador)")


def test_who_is_only_counted_is_the_victim(tell: Tell, known: dict[str, Entry]) -> None:
    incident = tell(
        "Gunmen shot dead 12 villagers and hurt another five in Tessmar.",
        places=[("Tessmar", known["tessmar"])],
        weapons=[("shot", "small arms")],
        tolls=[("killed", 12, 12, 12, "12 villagers"), ("wounded", 5, 5, 5, "another five")],
    )
    cells = ACLED.cells(rows(incident)[0])
    assert (cells["sub_event_type"].value, cells["actor2"].value) == ("Attack", "Civilians (El Salvador)")
    assert [place.text for place in cells["actor2"].evidence] == ["12 villagers"]


def test_people_who_are_counted_and_not_named_are_nobody(tell: Tell) -> None:
    incident = tell(
        "They shot dead nine people and two villagers.",
        weapons=[("shot", "small arms")],
        tolls=[("killed", 11, 11, 11, "nine people"), ("wounded", 2, 2, 2, "two villagers")],
    )
    assert not {"actor2", "event_type"} & coded(incident).keys()


def test_an_agency_whose_men_are_shot_is_civilian(tell: Tell) -> None:
    agency = Entry("actor:norland-news", "Norland News", "actor", kind="news agency", sector="JRN")
    incident = tell("They shot at Norland News.", targets=[("Norland News", agency)], weapons=[("shot", "small arms")])
    assert (coded(incident)["sub_event_type"], coded(incident)["inter2"]) == ("Attack", 7)


def test_civilians_who_attack_are_no_civilians_of_a_country(tell: Tell, known: dict[str, Entry]) -> None:
    cells = coded(tell("Villagers hit the Norland Army.", attackers=[("Villagers", None)]))
    assert (cells["actor1"], cells.get("inter1")) == ("Villagers", None)


def test_a_known_claimant_stands_for_attackers_nobody_knows(tell: Tell, known: dict[str, Entry]) -> None:
    text = "Gunmen on motorcycles struck Tessmar; the Red Brigade claimed it."
    claimed = tell(text, attackers=[("Gunmen", None)], claimants=[("Red Brigade", known["brigade"])])
    cells = ACLED.cells(rows(claimed)[0])
    assert (cells["actor1"].value, cells["inter1"].value) == ("Red Brigade", 2)
    assert [place.text for place in cells["actor1"].evidence] == ["Red Brigade"]
    assert "with who claims it for an attacker whom no gazetteer knows" in list(ACLED.left_out(claimed))


def test_known_actors_stand_before_unknown_ones(tell: Tell, known: dict[str, Entry]) -> None:
    attacking = [("Gunmen", None), ("Red Brigade", known["brigade"])]
    targets = [("guards", None), ("Norland Army", known["army"])]
    text = "Gunmen of the Red Brigade hit guards of the Norland Army."
    cells = coded(tell(text, attackers=attacking, targets=targets))
    assert (cells["actor1"], cells["assoc_actor_1"]) == ("Red Brigade", "Gunmen")
    assert (cells["actor2"], cells["assoc_actor_2"]) == ("Norland Army", "guards")


def test_a_known_attacker_is_no_claimants(tell: Tell, known: dict[str, Entry]) -> None:
    text = "The Vale Guard struck; the Red Brigade claimed it, as did the Sons of Dane."
    claimed = [("Red Brigade", known["brigade"])]
    by_known = tell(text, attackers=[("Vale Guard", known["guard"])], claimants=claimed)
    by_unknown = tell(text, attackers=[("Vale Guard", None)], claimants=[("Sons of Dane", None)])
    assert coded(by_known)["actor1"] == coded(by_unknown)["actor1"] == "Vale Guard"


def test_forces_of_several_countries_are_at_home_in_the_first(tell: Tell, known: dict[str, Entry]) -> None:
    fleet = Entry("actor:fleet", "Fleet", "actor", kind="state forces", countries=("US", "IQ"), inter="1")
    abroad = tell("The Fleet hit Camp Vale.", attackers=[("Fleet", fleet)], targets=[("Camp Vale", known["vale"])])
    assert coded(abroad)["inter1"] == 8


def test_a_denial_is_in_the_notes(denied: MergedIncident) -> None:
    cells = ACLED.cells(rows(denied)[0])
    assert str(cells["notes"].value).endswith("Denied by Norland Army.")
    assert {"denied", "Norland Army"} <= {place.text for place in cells["notes"].evidence}


def test_sides_have_their_types_and_the_smaller_comes_first(raid: MergedIncident) -> None:
    cells = coded(raid)
    assert (cells["actor1"], cells["inter1"]) == ("Red Brigade", 2)
    assert (cells["actor2"], cells["inter2"]) == ("Norland Army", 1)
    assert cells["interaction"] == 12


def test_a_states_forces_abroad_are_external(tell: Tell, known: dict[str, Entry]) -> None:
    at_home = tell(
        "The Norland Army hit Camp Vale.",
        attackers=[("Norland Army", known["army"])],
        targets=[("Camp Vale", known["vale"])],
    )
    abroad = tell(
        "US forces hit Camp Vale.", attackers=[("US forces", known["us"])], targets=[("Camp Vale", known["vale"])]
    )
    nowhere = tell("US forces struck.", attackers=[("US forces", known["us"])])
    assert (coded(at_home)["inter1"], coded(abroad)["inter1"], coded(nowhere).get("inter1")) == (1, 8, None)
    assert coded(abroad)["actor1"] == "Military Forces of United States"


def test_without_both_types_there_is_no_interaction(tell: Tell, known: dict[str, Entry]) -> None:
    cells = coded(tell("The Red Brigade shelled Tessmar.", attackers=[("Red Brigade", known["brigade"])]))
    assert cells["inter1"] == 2
    assert not {"interaction", "inter2", "actor2"} & cells.keys()


def test_a_base_is_no_actor(tell: Tell, known: dict[str, Entry]) -> None:
    assert "actor2" not in coded(tell("They hit Camp Vale.", targets=[("Camp Vale", known["vale"])]))


def test_allies_are_associated_actors(tell: Tell, known: dict[str, Entry]) -> None:
    allies = [("Red Brigade", known["brigade"]), ("Vale Guard", known["guard"]), ("Sons of Dane", None)]
    cells = coded(tell("Red Brigade, Vale Guard and Sons of Dane attacked.", attackers=allies))
    assert (cells["actor1"], cells["assoc_actor_1"]) == ("Red Brigade", "Vale Guard; Sons of Dane")


TIMES: dict[str, tuple[date, date, tuple[object, ...]]] = {
    "day": (date(2024, 5, 2), date(2024, 5, 2), ("2024-05-02", 2024, 1)),
    "two days": (date(2024, 5, 2), date(2024, 5, 3), ("2024-05-02", 2024, 2)),
    "week": (date(2024, 4, 29), date(2024, 5, 5), ("2024-05-02", 2024, 2)),
    "month": (date(2024, 5, 1), date(2024, 5, 31), ("2024-05-16", 2024, 3)),
    "summer": (date(2024, 6, 1), date(2024, 8, 31), (None, 2024, None)),
    "winter": (date(2023, 12, 1), date(2024, 2, 29), (None, None, None)),
}


@pytest.mark.parametrize(("start", "end", "expected"), TIMES.values(), ids=TIMES)
def test_vague_time_is_its_middle_or_no_day(start: date, end: date, expected: tuple[object, ...], tell: Tell) -> None:
    cells = coded(tell("They attacked then.", days=(start, end, "then")))
    assert tuple(cells.get(column) for column in ("event_date", "year", "time_precision")) == expected


@pytest.mark.parametrize(("where_prec", "expected"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 3), (6, 3), (7, 3)])
def test_precision_of_the_position_is_acleds(where_prec: int, expected: int, raid: MergedIncident) -> None:
    located = replace(raid, locations=(replace(raid.locations[0], where_prec=where_prec),))
    assert coded(located)["geo_precision"] == expected


def test_a_position_has_its_country_number_and_region(raid: MergedIncident) -> None:
    cells = coded(raid)
    iraq = countries()["IQ"]
    assert (cells["iso"], cells["country"], cells["region"], cells["admin1"]) == (
        368,
        "Iraq",
        iraq.region_acled,
        "Erbil",
    )


def test_at_sea_there_is_no_country(raid: MergedIncident) -> None:
    at_sea = replace(raid, locations=(replace(raid.locations[0], country="", region="", where_prec=7),))
    assert not {"iso", "country", "region", "admin1"} & coded(at_sea).keys()


def test_notes_are_the_sentence_that_tells_it_and_sources_the_outlets(raid: MergedIncident) -> None:
    cells = coded(raid)
    assert str(cells["notes"]).startswith("Red Brigade drones and rockets hit Camp Vale")
    assert cells["source"] == "Norland Post; Tessmar Times"


def test_without_a_number_of_killed_fatalities_are_empty(tell: Tell) -> None:
    incident = tell("Soldiers were killed.", tolls=[("killed", 1, None, None, "Soldiers")])
    assert "fatalities" not in coded(incident)
    assert list(ACLED.left_out(incident)) == ["with killed of whom no number is told"]


def test_wounded_have_no_column_and_are_counted(raid: MergedIncident) -> None:
    assert list(ACLED.left_out(raid)) == ["with wounded, for whom there is no column"]
