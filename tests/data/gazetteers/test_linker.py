"""The linker: what names mean in an article, and that a name is left alone rather than guessed."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.errors import DataError
from tocsin.data.gazetteers.choice import THRESHOLD
from tocsin.data.gazetteers.cities import Cities, open_cities
from tocsin.data.gazetteers.countries import country_entries
from tocsin.data.gazetteers.entry import Entry
from tocsin.data.gazetteers.linker import Linker, Mention

Links = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("text", "own_id"),
    [
        ("Ain al-Asad", "base:ain-al-asad"),
        ("Ayn al Assad", "base:ain-al-asad"),
        ("Ain al-Asad military airbase", "base:ain-al-asad"),
        ("Iraqi base of Harir", "base:harir"),
        ("Harir US occupation base", "base:harir"),
        ("Al Harir military base", "base:harir"),
        ("military base located at Erbil airport", "base:erbil"),
        ("base at Erbil’s international airport", "base:erbil"),
        ("Al-Tanaf", "base:tanf"),
        ("Tower 22", "base:tower-22"),
        ("Vale naval base", "base:vale-naval"),
    ],
)
def test_a_base_is_found_in_a_phrase(link: Links, text: str, own_id: str) -> None:
    assert link(f"BASE {text}") == [own_id]


@pytest.mark.parametrize(
    "text",
    [
        "US bases",
        "American base",
        "air base",
        "two bases",
        "base in Iraq",
        "a base in Erbil",
        "Tower 23",
        "enemy’s strongholds",
        "positions",
        "Vale base",
        "Hari base",
    ],
)
def test_a_base_that_is_generic_unknown_or_ambiguous_stays_unlinked(link: Links, text: str) -> None:
    assert link(f"BASE {text}") == [""]


def test_a_base_said_to_be_in_a_city_is_not_the_base_called_after_it(link: Links) -> None:
    assert link("BASE Karn military airport", "BASE military base in Karn") == ["base:karn", ""]


def test_a_base_of_another_sort_and_another_country_is_not_meant(link: Links) -> None:
    assert link("BASE Marl barracks", "LOCATION Poland")[0] == ""
    assert link("BASE Marl barracks", "LOCATION Iraq")[0] == "base:camp-marl"
    assert link("BASE Marl US base", "LOCATION Poland")[0] == "base:camp-marl"


@pytest.mark.parametrize(
    ("text", "own_id"),
    [
        ("Hamas", "actor:hamas"),
        ("Islamist Palestinian organization Hamas", "actor:hamas"),
        ("Iran-allied Hamas", "actor:hamas"),
        ("extremist group Islamic Resistance in Iraq", "actor:iri"),
        ("Islamic State terror group", "actor:islamic-state"),
        ("Kurdish-Iraqi agency Rudaw", "actor:rudaw"),
        ("US troops", "actor:US-military"),
        ("Tehran", "actor:IR-government"),
    ],
)
def test_an_actor_is_found_in_a_phrase(link: Links, text: str, own_id: str) -> None:
    assert link(f"ACTOR {text}") == [own_id]


@pytest.mark.parametrize(
    "text",
    [
        "Iran-backed militias",
        "pro-Iranian groups",
        "Iraqi armed faction",
        "Islamic militants",
        "Islamic Resistance in Bahrain",
        "Harir",
        "Georgy Valencia",
        "militia-affiliated groups",
        "United Islamic Brigades of Sudland",
        "Taliban",
    ],
)
def test_an_actor_that_is_generic_unknown_or_ambiguous_stays_unlinked(link: Links, text: str) -> None:
    assert link(f"ACTOR {text}") == [""]


def test_the_countries_of_an_article_tell_actors_of_one_name_apart(link: Links) -> None:
    assert link("ACTOR Taliban", "LOCATION Pakistan")[0] == "actor:ttp"
    assert link("ACTOR Taliban", "ACTOR Afghan army")[0] == "actor:taliban"


def test_a_name_of_a_whole_and_its_part_is_the_wholes() -> None:
    whole = Entry("actor:whole", "Red Front", "actor")
    part = Entry("actor:part", "Red Front Brigades", "actor", ("Red Front",), parent="actor:whole")
    (found,) = Linker([whole, part]).link_article([Mention("Red Front", ("actor",))])
    assert found
    assert found.entry == whole


def test_a_short_form_takes_the_link_of_the_longer_name(link: Links) -> None:
    assert link("ACTOR Resistance") == [""]
    assert link("ACTOR Resistance in Iraq", "ACTOR Islamic Resistance in Iraq") == ["actor:iri"] * 2
    # Another has a name of this core, but this article is about the one it names in full.
    assert link("ACTOR Islamic Resistance fighters") == ["actor:hamas"]
    assert link("ACTOR Islamic Resistance fighters", "ACTOR Islamic Resistance in Iraq") == ["actor:iri"] * 2
    assert link("ACTOR pro-Iranian militias", "ACTOR Islamic Resistance in Iraq") == ["", "actor:iri"]


@pytest.mark.parametrize(
    ("names", "own_id"),
    [
        pytest.param(["VNA", "LOCATION Syria"], "syrian-vale-army", id="the one at home"),
        pytest.param(["VNA", "ACTOR Turkish army", "LOCATION Afrin"], "syrian-vale-army", id="in a small place"),
        pytest.param(["VNA", "LOCATION Iraq"], "", id="none at home"),
        pytest.param(["VNA"], "", id="nothing to tell them by"),
        pytest.param(["AVP", "LOCATION Iraq"], "vale-press", id="a news agency reports from anywhere"),
        pytest.param(["AVP", "LOCATION Manila"], "vale-forces", id="an army at home"),
        pytest.param(["PJF", "LOCATION Iraq"], "", id="a group of one country elsewhere"),
        pytest.param(["PJF", "LOCATION Afghanistan"], "panjshir-front", id="a group of one country at home"),
        pytest.param(["PJF"], "panjshir-front", id="a group of one country, no country named"),
        pytest.param(["Panjshir Front", "LOCATION Iraq"], "panjshir-front", id="a full name"),
        pytest.param(["KDF", "LOCATION Syria"], "kandil-front", id="a group that acts abroad"),
        pytest.param(["ISG", "LOCATION Syria"], "sea-guards", id="a state acts abroad"),
    ],
)
def test_initials_are_those_of_who_is_at_home_in_the_article(link: Links, names: list[str], own_id: str) -> None:
    assert link(f"ACTOR {names[0]}", *names[1:])[0] == (own_id and f"actor:{own_id}")


def test_initials_of_a_base_are_not_another_countrys(link: Links) -> None:
    assert link("BASE GSH", "LOCATION Pakistan")[0] == "base:staff-hill"
    assert link("BASE GSH", "LOCATION Nigeria")[0] == ""


def test_the_country_of_most_places_decides_between_actors_of_one_name(link: Links) -> None:
    iraq = ("LOCATION Iraq", "LOCATION Erbil", "LOCATION Hilla")
    assert link("ACTOR Sons of the Crag", *iraq, "LOCATION Syria")[0] == "actor:iri-iraq"
    assert link("ACTOR Sons of the Crag", "LOCATION Iraq", "LOCATION Syria")[0] == ""


def test_a_group_tells_which_of_two_states_is_meant_where_no_place_does(link: Links) -> None:
    assert link("ACTOR Congolese army") == [""]
    assert link("ACTOR Congolese army", "ACTOR Kivu Front")[0] == "actor:CD-military"
    assert link("ACTOR Congolese army", "ACTOR KVF", "ACTOR AVP")[0] == ""


@pytest.mark.parametrize("text", ["authorities of Iraqi Sulaimani", "Government of Iraqi Sulaimani"])
def test_the_authorities_of_a_region_are_its_government(link: Links, text: str) -> None:
    assert link(f"ACTOR {text}") == ["actor:sulaimani-government"]


@pytest.mark.parametrize(
    ("beside", "own_id"),
    [
        pytest.param(["LOCATION Libya"], "geonames:1", id="country named"),
        pytest.param(["LOCATION Lebanon"], "geonames:2", id="the other country named"),
        pytest.param(["LOCATION Beirut"], "geonames:2", id="a city of it named"),
        pytest.param(["ACTOR Lebanese army"], "geonames:2", id="its army acts"),
        pytest.param(["ACTOR US army"], "geonames:1", id="an army that acts anywhere"),
        pytest.param([], "geonames:1", id="nothing: five times the inhabitants"),
    ],
)
def test_an_ambiguous_city_follows_the_countries_of_the_article(link: Links, beside: list[str], own_id: str) -> None:
    assert link("LOCATION Tripoli", *beside)[0] == own_id


def test_a_country_right_beside_the_name_decides(link: Links) -> None:
    assert link("LOCATION Tripoli, Lebanon", "LOCATION Libya")[0] == "geonames:2"
    assert link("LOCATION Venezuela’s Valencia", "LOCATION Spain")[0] == "geonames:8"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["LOCATION Valencia"], id="two cities of a size"),
        pytest.param(["LOCATION Bethlehem"], id="a town and a city seldom called so"),
        pytest.param(["LOCATION Salihiyah", "LOCATION Syria"], id="two villages of one country"),
        pytest.param(["LOCATION Salihiyah", "LOCATION Lebanon"], id="villages of other countries"),
        pytest.param(["LOCATION Harir", "LOCATION Libya"], id="a small city of another country"),
        pytest.param(["LOCATION Iraqi and Syrian territories"], id="two countries"),
        pytest.param(["LOCATION north of the country"], id="no name"),
        pytest.param(["LOCATION Iraq-Syria border"], id="a border of two"),
        pytest.param(["ASSET hospital"], id="a word that is a town's name"),
        pytest.param(["LOCATION the West"], id="a part of the world"),
        pytest.param(["LOCATION Sector 5", "LOCATION Beirut"], id="a numbered part of another city"),
    ],
)
def test_a_place_that_is_ambiguous_or_far_stays_unlinked(link: Links, names: list[str]) -> None:
    assert link(*names)[0] == ""


def test_a_numbered_place_is_one_of_the_country_the_article_is_about(link: Links) -> None:
    assert link("LOCATION Sector 5", "LOCATION Bucharest")[0] == "geonames:24"
    assert link("LOCATION West Region", "LOCATION Cameroon")[0] == "region:cm-west"


def test_one_far_city_in_an_article_draws_no_others_after_it(link: Links) -> None:
    iraq = ("LOCATION Iraq", "LOCATION Erbil", "LOCATION Hilla")
    assert link("LOCATION Paris", "LOCATION Atlanta", *iraq)[0] == "geonames:14"


def test_two_cities_of_one_name_at_one_position_are_one(link: Links) -> None:
    assert link("LOCATION Mansurah", "LOCATION Iraq")[0] == "geonames:22"


def test_the_bare_name_of_a_unit_and_its_seat_is_the_city(link: Links) -> None:
    assert link("LOCATION Erbil", "LOCATION Erbil province", "LOCATION city of Erbil") == [
        "geonames:6",
        "region:iq-erbil",
        "geonames:6",
    ]


@pytest.mark.parametrize("text", ["Kyiv", "KIEV", "city of Kyiv"])
def test_a_city_amid_the_unit_of_its_name_is_its_seat(link: Links, text: str) -> None:
    assert link(f"LOCATION {text}", "LOCATION Kyiv Oblast") == [f"geonames:{1 + 80 * 170}", "region:ua-kyiv"]


def test_a_city_far_from_the_unit_of_its_name_is_not_its_seat(link: Links) -> None:
    assert link("LOCATION Hidalgo") == ["region:mx-hidalgo"]


def test_an_area_is_meant_unless_the_city_is_said(link: Links) -> None:
    assert link("LOCATION Gaza", "LOCATION Gaza City") == ["region:ps-gaza-strip", "geonames:29"]


def test_an_area_beside_a_name_tells_where_it_lies(link: Links) -> None:
    assert link("LOCATION Rafah, Gaza", "LOCATION Egypt")[0] == "geonames:30"


def test_a_country_is_meant_unless_a_place_of_the_unit_of_its_name_is_named(link: Links) -> None:
    assert link("LOCATION Georgia", "ACTOR US army")[0] == "country:GE"
    assert link("LOCATION Georgia", "LOCATION Atlanta")[0] == "region:us-georgia"
    assert link("LOCATION Niger", "LOCATION Nigeria", "LOCATION Mali")[0] == "country:NE"
    assert link("LOCATION Niger State", "LOCATION Nigeria")[0] == "region:ng-niger"


@pytest.mark.parametrize(
    ("text", "own_id", "where_prec"),
    [
        ("Hilla", "geonames:4", 1),
        ("outskirts of Hilla", "geonames:4", 2),
        ("western Iraqi province of Anbar", "region:iq-anbar", 4),
        ("northern Iraq", "country:IQ", 5),
        ("Iraqi soil", "country:IQ", 6),
        ("Gaza", "region:ps-gaza-strip", 4),
        ("Khan Younis", "region:ps-khan-younis", 3),
        ("Red Sea", "region:red-sea", 7),
    ],
)
def test_a_place_says_how_exact_it_is(linker: Linker, text: str, own_id: str, where_prec: int) -> None:
    (found,) = linker.link_article([Mention(text, ("place",))])
    assert found
    assert (found.entry.id, found.entry.where_prec) == (own_id, where_prec)


def test_a_city_knows_the_name_of_its_unit(linker: Linker) -> None:
    (found,) = linker.link_article([Mention("Harir", ("place",))])
    assert found
    assert found.entry.region == "Erbil"


def test_a_base_knows_the_name_of_its_unit() -> None:
    unit = Entry("region:xx-vale", "Vale", "place", (), "first-level unit", ("GB",), 1.0, 1.0, 4, "V1")
    camp = Entry("base:dane", "Fort Dane", "base", (), "camp", ("GB",), 1.0, 1.0, 1, "V1")
    (found,) = Linker([unit, camp]).link_article([Mention("Fort Dane", ("base",))])
    assert found
    assert found.entry.region == "Vale"


def test_the_unit_of_a_base_does_not_turn_a_country_into_the_town_of_its_name() -> None:
    country = Entry("country:NL", "Norland", "place", (), "country", ("NL",), 1.0, 1.0, 6)
    town = Entry("geonames:1", "Norland", "place", (), "city", ("NL",), 1.0, 1.0, 1, "V1", population=5_000_000)
    camp = Entry("base:dane", "Fort Dane", "base", (), "camp", ("NL",), 1.0, 1.0, 1, "V1")
    mentions = [Mention("Fort Dane", ("base",)), Mention("Norland", ("place",))]
    alone, beside = (Linker([country, town, camp]).link_article(part)[-1] for part in (mentions[1:], mentions))
    assert alone == beside


def test_an_area_that_is_a_unit_gives_its_name_to_the_cities_and_lesser_units_in_it(linker: Linker) -> None:
    links = linker.link_article([Mention(name, ("place",)) for name in ("Rafah, Gaza", "Khan Younis")])
    assert [found and found.entry.region for found in links] == ["Gaza Strip", "Gaza Strip"]


@pytest.mark.parametrize(
    ("text", "country", "own_id"),
    [
        ("Deir Azzor", "Syria", "geonames:9"),
        ("Suleimaniya", "Iraq", "geonames:10"),
        ("Kharkhiv", "Ukraine", "geonames:11"),
        ("Kharkov", "Ukraine", "geonames:11"),
        ("Arbil", "Iraq", "geonames:6"),
    ],
)
def test_misspellings_are_found_in_the_countries_of_the_article(
    link: Links, text: str, country: str, own_id: str
) -> None:
    assert link(f"LOCATION {text}", f"LOCATION {country}")[0] == own_id


def test_a_misspelled_city_of_no_country_named_stays_unlinked(link: Links) -> None:
    assert link("LOCATION Kharkhiv") == [""]


def test_scores_fall_with_likeness_and_never_below_the_threshold(linker: Linker) -> None:
    texts = ("Ain al-Asad", "al-Ain al-Asad", "Ayn al Assad", "Iraqi base of Ain al-Asad")
    links = [linker.link_article([Mention(text, ("base",))])[0] for text in texts]
    scores = [found.score for found in links if found]
    assert len(scores) == len(texts)
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1
    assert scores[-1] >= THRESHOLD


def test_a_link_that_sets_aside_a_rival_is_worth_less(linker: Linker) -> None:
    (alone,) = linker.link_article([Mention("Tripoli", ("place",))])
    settled, _ = linker.link_article([Mention("Tripoli", ("place",)), Mention("Beirut", ("place",))])
    assert alone
    assert settled
    assert (alone.score, settled.score) == (0.95, 1)


def test_a_place_does_not_prove_itself(link: Links) -> None:
    assert link("LOCATION New Dane") == ["geonames:33"]
    ukraine = ("LOCATION Donetsk Oblast", "LOCATION Ukraine")
    assert link("LOCATION New Dane", *ukraine)[0] == "geonames:34"
    assert link("LOCATION New Dane", "LOCATION city of New Dane", *ukraine)[:2] == ["geonames:34"] * 2


def test_a_country_is_what_it_is_called_whatever_else_is_named(linker: Linker) -> None:
    names = [Mention(text, ("place",)) for text in ("Iran", "Iraq", "Hilla")]
    assert [found and found.score for found in linker.link_article(names)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("names", "own_id"),
    [
        pytest.param(["Palmar", "Mozambique", "Cabo Delgado"], "", id="several places of another country"),
        pytest.param(["Palmar", "Mozambique"], "geonames:35", id="one place of another country"),
        pytest.param(["Palmar", "Mozambique", "Cabo Delgado", "Spain"], "geonames:35", id="its own country as well"),
        pytest.param(["Windhoek", "Mozambique", "Cabo Delgado"], "geonames:36", id="a capital"),
        pytest.param(["New Dane", "Mozambique", "Cabo Delgado"], "geonames:33", id="a large city"),
        pytest.param(["Medane", "Mogadishu"], "", id="two cities of the name, both abroad"),
        pytest.param(["Medane", "Mogadishu", "Iraq"], "geonames:38", id="two cities of the name, one at home"),
        pytest.param(["Shulat", "Gaza", "Rafah"], "geonames:40", id="a town next door"),
        pytest.param(["Shulat", "Libya"], "", id="a town of a country far away"),
        pytest.param(["Bethlehem", "Hebran"], "geonames:18", id="beside a city that is not quite clear itself"),
    ],
)
def test_a_city_abroad_is_meant_if_it_is_large_or_next_door(link: Links, names: list[str], own_id: str) -> None:
    assert link(*(f"LOCATION {name}" for name in names))[0] == own_id


def test_a_town_next_door_is_less_sure_than_one_at_home(linker: Linker) -> None:
    scores = []
    for country in ("Israel", "Gaza"):
        found, _ = linker.link_article([Mention("Shulat", ("place",)), Mention(country, ("place",))])
        scores.append(found.score if found else 0)
    assert scores[0] > scores[1] >= THRESHOLD


def test_of_two_cities_abroad_one_next_door_keeps_the_other_from_being_sure(link: Links) -> None:
    assert link("LOCATION Tripoli", "LOCATION Syria")[0] == ""
    assert link("LOCATION Tripoli", "LOCATION France")[0] == "geonames:1"


@pytest.mark.parametrize(
    ("text", "own_id"),
    [
        ("SANA", "actor:sana"),
        ("SANA’s", "actor:sana"),
        ("S.A.N.A.", "actor:sana"),
        ("SANA news agency", "actor:sana"),
        ("Sanaa", "actor:YE-government"),
        ("Sana'a", "actor:YE-government"),
        ("SANAA", "actor:YE-government"),
        ("Sana", ""),
        ("Kdf", ""),
        ("Pjf fighters", ""),
        ("PJF fighters", "actor:panjshir-front"),
    ],
)
def test_initials_are_in_capitals(link: Links, text: str, own_id: str) -> None:
    assert link(f"ACTOR {text}") == [own_id]


@pytest.mark.parametrize(
    ("beside", "own_id"),
    [
        pytest.param([], "actor:freedom-guards", id="no country named"),
        pytest.param(["LOCATION Colombia"], "actor:freedom-guards", id="at home"),
        pytest.param(["LOCATION Venezuela"], "actor:freedom-guards", id="next door"),
        pytest.param(["LOCATION Libya", "ACTOR Colombian army"], "actor:freedom-guards", id="others from home act"),
        pytest.param(["LOCATION Libya"], "", id="in a strange country"),
    ],
)
def test_a_name_of_common_words_is_that_of_who_is_at_home(link: Links, beside: list[str], own_id: str) -> None:
    assert link("ACTOR National Freedom Guards", *beside)[0] == own_id


def test_who_has_parts_in_many_countries_is_known_by_a_name_of_common_words() -> None:
    whole = Entry("actor:whole", "National Freedom Guards", "actor", countries=("CO",))
    parts = [
        Entry(f"actor:{code}", f"Guards of {code}", "actor", countries=(code,), parent="actor:whole")
        for code in "PE EC BO CL AR".split()
    ]
    mentions = [Mention("National Freedom Guards", ("actor",)), Mention("Libya", ("place",))]
    known, unknown = (Linker([whole, *some, *country_entries()]).link_article(mentions)[0] for some in (parts, []))
    assert known
    assert unknown is None


def test_initials_beside_a_large_city_that_is_not_quite_clear_are_not_those_of_strangers(link: Links) -> None:
    assert link("ACTOR PJF", "LOCATION Paris")[0] == ""


def test_a_seat_of_government_is_a_place_of_its_own_and_acts_for_its_country(link: Links) -> None:
    assert link("LOCATION Kremlin", "ASSET Kremlin", "ACTOR Kremlin", "LOCATION White House") == [
        "region:ru-kremlin",
        "region:ru-kremlin",
        "actor:RU-government",
        "",
    ]


def test_a_camp_is_near_what_it_is_called_after(linker: Linker) -> None:
    for text in ("Nablus camp", "Nablus refugee camp", "Nablus displacement camp", "camp near Nablus"):
        for layers in (("place",), ("base", "place")):
            (found,) = linker.link_article([Mention(text, layers)])
            assert found
            assert (found.entry.id, found.entry.where_prec) == ("geonames:28", 2)


@pytest.mark.parametrize(
    ("text", "own_id"),
    [
        pytest.param("Beirut", "", id="a ship called like a city"),
        pytest.param("tanker Beirut Star", "", id="a ship that says so"),
        pytest.param("Harir", "", id="a ship called like a city and a base"),
        pytest.param("Vale", "", id="a ship called like bases, but for their head noun"),
        pytest.param("Beirut airport", "geonames:13", id="airport"),
        pytest.param("port of Beirut", "geonames:13", id="port"),
        pytest.param("Beirut power plant", "geonames:13", id="power plant"),
        pytest.param("French embassy in Beirut", "geonames:13", id="embassy"),
        pytest.param("Harir air base", "base:harir", id="base"),
        pytest.param("Ain al-Asad", "base:ain-al-asad", id="a base called like no city"),
        pytest.param("power plant", "", id="no name"),
    ],
)
def test_a_thing_is_a_base_or_a_place_if_it_says_what_facility_it_is(link: Links, text: str, own_id: str) -> None:
    assert link(f"ASSET {text}") == [own_id]


def test_a_unit_is_meant_rather_than_a_town_that_shares_its_name(link: Links) -> None:
    assert link("LOCATION Torral", "LOCATION Colombia")[0] == "region:co-torral"
    assert link("LOCATION town of Torral", "LOCATION Colombia")[0] == "geonames:42"


def test_a_unit_named_by_its_direction_only_is_not_that_of_another_country(link: Links) -> None:
    assert link("LOCATION West Region", "LOCATION Libya")[0] == ""
    assert link("LOCATION West Region, Cameroon", "LOCATION Libya")[0] == "region:cm-west"


def test_layers_are_tried_in_their_order(linker: Linker) -> None:
    names = [Mention(text, ("base", "place")) for text in ("Tower 22", "Beirut airport")]
    first, second = linker.link_article(names)
    assert first
    assert second
    assert (first.entry.layer, second.entry.layer) == ("base", "place")


def test_the_order_of_the_mentions_does_not_matter(link: Links) -> None:
    names = ["LOCATION Tripoli", "LOCATION Beirut", "ACTOR US army", "BASE Al-Tanaf", "LOCATION Georgia"]
    assert link(*reversed(names)) == link(*names)[::-1]


def test_an_article_without_names_has_no_links(linker: Linker) -> None:
    assert linker.link_article([]) == []
    assert linker.link_article([Mention("", ("place",)), Mention("?", ("base",)), Mention("x", ())]) == [None] * 3


@pytest.fixture
def own_csv(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(
        "id,name,layer,country,latitude,longitude\n"
        "own:harir,Harir Base,base,IQ,36.5,44.3\n"
        "own:tripoli,Tripoli,place,SY,34.0,36.0\n"
        "base:tower-22,Tower Twenty-Two,base,JO,33.3,38.7\n",
        encoding="utf-8",
    )
    return path


def test_an_own_gazetteer_wins_over_the_shipped_ones(
    own_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: Sequence[Mapping[str, Any]], link: Links
) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    open_cities(lambda: records).close()  # what `standard` then finds
    standard = Linker.standard([own_csv])
    names = ["BASE Harir air base", "LOCATION Tripoli", "LOCATION Libya", "BASE Tower Twenty-Two"]
    assert link(*names, by=standard) == ["own:harir", "own:tripoli", "country:LY", "base:tower-22"]
    assert link(*names, by=Linker.standard())[:2] == ["base:harir-air-base", "geonames:1"]


def test_a_faulty_gazetteer_of_the_users_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("title\nFort Dane\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"own\.csv:1: column 'title' is not known"):
        Linker.standard([path])


def test_without_an_index_of_cities_the_rest_is_linked() -> None:
    links = Linker(country_entries()).link_article([Mention("Iraq", ("place",)), Mention("Erbil", ("place",))])
    assert [found and found.entry.id for found in links] == ["country:IQ", None]


def test_links_do_not_depend_on_what_was_linked_before(cities: Cities, link: Links, linker: Linker) -> None:
    link("LOCATION Tripoli", "LOCATION Lebanon")
    assert link("LOCATION Tripoli", "LOCATION Libya")[0] == "geonames:1"
