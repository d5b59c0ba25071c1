"""From annotated articles to accounts: what becomes one, what becomes none, and what every value rests on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from tocsin.data.coding.account import Account, Evidence, Toll, Value
from tocsin.data.coding.coder import Coding, article_key, code
from tocsin.data.gazetteers.linker import Linker
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document

PUBLISHED = date(2024, 5, 15)  # a Wednesday
REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}
CLAIMED = {"status": "claimed", "scope": "single", "outcome": "unknown"}
DENIED = {"status": "denied", "scope": "single", "outcome": "unknown"}
SERIES = {"status": "reported", "scope": "series", "outcome": "unknown"}
THREAT = {"status": "threatened", "scope": "series", "outcome": "unknown"}

Annotate = Callable[..., Document]


TEXT = (
    "Drones hit Camp Vale in Varn province\n\n"
    "The Red Brigade said it had launched one-way attack drones at Northern Army troops on Monday. "
    "Three soldiers were hurt in the raid, Tessmar Radio reported. "
    "A spokesman of the Norland Ministry of Defence denied any assault. "
    "More than 100 attacks have been counted since March. "
    "The next day airstrikes killed guards at Fort Dane in response. "
    "Further strikes will follow, it said."
)
ENTITIES = {
    "Drones": "WEAPON",
    "Camp Vale": "BASE",
    "Varn province": "LOCATION",
    "Red Brigade": "ACTOR",
    "one-way attack drones": "WEAPON",
    "Northern Army": "ACTOR",
    "Monday": "DATE",
    "Three soldiers": "CASUALTY",
    "Tessmar Radio": "ACTOR",
    "Norland Ministry of Defence": "ACTOR",
    "since March": "DATE",
    "The next day": "DATE",
    "Fort Dane": "BASE",
}
CLAIM = {"Red Brigade": "claimant", "one-way attack drones": "weapon", "Northern Army": "target", "Monday": "date"}


@pytest.fixture
def raid(annotate: Annotate) -> Document:
    """An attack in the headline, its claim, its denial, and beside it a series, the answer to it, and a threat."""
    return annotate(
        Article(TEXT, id="a1", title="Raid", published=PUBLISHED, source="Gazette", url="https://example.org/1"),
        ENTITIES,
        [
            ("hit", {"Drones": "weapon", "Camp Vale": "target", "Varn province": "place"}, REPORTED, "A"),
            ("launched", CLAIM, CLAIMED, "A"),
            ("raid", {"Three soldiers": "casualty", "Tessmar Radio": "source"}, REPORTED, "A"),
            ("assault", {"Norland Ministry of Defence": "source"}, DENIED, "A"),
            ("attacks", {"since March": "date"}, SERIES, "B"),
            ("airstrikes", {"The next day": "date", "Fort Dane": "target"}, REPORTED, "C"),
            ("strikes will", {}, THREAT, "D"),
        ],
    )


@pytest.fixture
def coding(raid: Document, linker: Linker) -> Coding:
    return code(raid, DEFAULT_SCHEMA, linker)


@pytest.fixture
def account(coding: Coding) -> Account:
    return coding.accounts[0]


def texts(values: tuple[Value, ...]) -> list[str]:
    return [value.text for value in values]


def test_headline_claim_and_denial_are_one_account_with_all_its_sources(account: Account) -> None:
    assert [telling.status for telling in account.tellings] == ["reported", "claimed", "reported", "denied"]
    assert [texts(telling.claimants) for telling in account.tellings] == [[], ["Red Brigade"], [], []]
    assert [texts(telling.sources) for telling in account.tellings] == [
        *([], [], ["Tessmar Radio"]),
        ["Norland Ministry of Defence"],
    ]
    assert (account.status, account.outcome) == ("reported", "hit")
    assert texts(account.sources) == ["Tessmar Radio", "Norland Ministry of Defence"]


def test_a_series_and_a_threat_are_no_accounts_but_are_counted(coding: Coding) -> None:
    assert len(coding.accounts) == 2
    assert coding.left_out == {"series": 1, "threatened": 1}


def test_an_attack_that_is_only_denied_is_an_account_with_that_status(annotate: Annotate, linker: Linker) -> None:
    document = annotate(
        Article(
            "The Northern Army denied it had shelled Fort Dane on Monday. Rebels denied 30 raids.", published=PUBLISHED
        ),
        {"Northern Army": "ACTOR", "Fort Dane": "BASE", "Monday": "DATE"},
        [
            ("shelled", {"Northern Army": "attacker", "Fort Dane": "target", "Monday": "date"}, DENIED, "A"),
            ("raids", {}, {**SERIES, "status": "denied"}, "B"),
        ],
    )
    coding = code(document, DEFAULT_SCHEMA, linker)
    (account,) = coding.accounts
    assert (account.status, [telling.status for telling in account.tellings]) == ("denied", ["denied"])
    assert [location.entry for location in account.locations] == ["base:fort-dane"]
    assert str(account.days and account.days.interval) == "2024-05-13"
    assert coding.left_out == {"series": 1}


def test_no_incident_takes_its_days_from_one_that_is_only_denied(annotate: Annotate) -> None:
    document = annotate(
        Article("They denied a raid of Fort Dane on Monday. The next day drones hit Camp Vale.", published=PUBLISHED),
        {"Monday": "DATE", "The next day": "DATE", "drones": "WEAPON", "Camp Vale": "BASE", "Fort Dane": "BASE"},
        [
            ("raid", {"Monday": "date", "Fort Dane": "target"}, DENIED, "A"),
            ("hit", {"The next day": "date", "drones": "weapon", "Camp Vale": "target"}, REPORTED, "B"),
        ],
    )
    assert [account.days is None for account in code(document, DEFAULT_SCHEMA).accounts] == [False, True]


def test_a_schema_that_knows_no_denials_leaves_out_what_it_leaves_out(annotate: Annotate) -> None:
    attributes = tuple(
        replace(each, values=("reported", "threatened")) if each.name == "status" else each
        for each in DEFAULT_SCHEMA.attributes
    )
    countable = {**DEFAULT_SCHEMA.countable, "status": ("reported",)}
    schema = replace(DEFAULT_SCHEMA, attributes=attributes, countable=countable)
    threat = {**THREAT, "scope": "single"}
    document = annotate(
        Article("Drones hit a camp. A raid will follow."), {}, [("hit", {}, REPORTED, "A"), ("raid", {}, threat, "B")]
    )
    coding = code(document, schema)
    assert ([account.status for account in coding.accounts], coding.left_out) == (["reported"], {"threatened": 1})


def test_retaliation_is_another_account(coding: Coding) -> None:
    first, answer = coding.accounts
    assert texts(first.targets) == ["Camp Vale", "Northern Army"]
    assert texts(answer.targets) == ["Fort Dane"]
    assert [location.entry for location in answer.locations] == ["base:fort-dane"]
    assert answer.days is not None
    assert (str(answer.days.interval), answer.days.rule) == ("2024-05-14", "anaphora")


def test_two_bases_are_one_account_with_two_locations(annotate: Annotate, linker: Linker) -> None:
    document = annotate(
        Article("Rockets hit Camp Vale and Fort Dane."),
        {"Rockets": "WEAPON", "Camp Vale": "BASE", "Fort Dane": "BASE"},
        [("hit", {"Rockets": "weapon", "Camp Vale": "target", "Fort Dane": "target"}, REPORTED, "A")],
    )
    (account,) = code(document, DEFAULT_SCHEMA, linker).accounts
    assert [location.name for location in account.locations] == ["Camp Vale", "Fort Dane"]


def test_accounts_are_numbered_within_their_article(coding: Coding, raid: Document) -> None:
    key = article_key(raid.article)
    assert [account.id for account in coding.accounts] == [f"{key}-1", f"{key}-2"]


def test_an_account_knows_its_article(account: Account, raid: Document) -> None:
    article = account.article
    assert (article.key, article.id) == (article_key(raid.article), "a1")
    assert (article.title, article.published, article.source, article.url) == (
        *("Raid", PUBLISHED),
        *("Gazette", "https://example.org/1"),
    )


def test_the_same_words_have_the_same_key_wherever_and_whenever_they_were_seen() -> None:
    article = Article("A raid came.", id="a1", title="Raid", published=PUBLISHED, source="Gazette")
    for same in ("A raid came.", " A raid\n\n came.\n", "A\u00a0raid\tcame."):
        assert article_key(Article(same)) == article_key(article)
    assert (
        len({article_key(Article(text)) for text in ("A raid came.", "A raid", "A ra id came.", "a raid came.")}) == 4
    )


def test_values_are_linked_and_located(account: Account) -> None:
    links = {value.text: value.link.entry.id for _, value in account.values() if value.link}
    assert links == {
        "Camp Vale": "base:camp-vale",
        "Northern Army": "actor:northern-army",
        "Varn province": "region:iq-varn",
        "Red Brigade": "actor:red-brigade",
    }
    (location,) = account.locations
    assert (location.name, location.region, location.where_prec) == ("Camp Vale", "Varn", 1)


def test_without_a_linker_nothing_is_linked_or_located(raid: Document) -> None:
    account, _ = code(raid, DEFAULT_SCHEMA).accounts
    assert all(value.link is None for _, value in account.values())
    assert account.locations == ()


def test_names_of_one_entry_are_one_value_under_the_longest(annotate: Annotate, linker: Linker) -> None:
    document = annotate(
        Article("RED BRIGADE STRIKES. The Red Brigade of Norland hit twice."),
        {"RED BRIGADE": "ACTOR", "Red Brigade of Norland": "ACTOR"},
        [
            ("STRIKES", {"RED BRIGADE": "attacker"}, REPORTED, "A"),
            ("hit", {"Red Brigade of Norland": "attacker"}, REPORTED, "A"),
        ],
    )
    (account,) = code(document, DEFAULT_SCHEMA, linker).accounts
    (attacker,) = account.attackers
    assert attacker.text == "Red Brigade of Norland"
    assert [place.text for place in attacker.evidence] == ["RED BRIGADE", "Red Brigade of Norland"]


def test_weapons_are_classed(account: Account) -> None:
    assert [(weapon.text, weapon.weapon_class) for weapon in account.weapons] == [
        ("Drones", "drone"),
        ("one-way attack drones", "one-way attack drone"),
    ]


def test_a_trigger_stands_for_a_weapon_that_is_not_named(coding: Coding, raid: Document) -> None:
    (weapon,) = coding.accounts[1].weapons
    start = raid.article.text.index("airstrikes")
    assert weapon == Value(
        "airstrikes", "ATTACK", 1.0, (Evidence("a1", start, start + 10, "airstrikes"),), weapon_class="aerial"
    )


def test_a_trigger_does_not_stand_beside_a_weapon_that_is_named(annotate: Annotate) -> None:
    article = Article("Camp Vale was shelled with an odd device.")
    document = annotate(article, {"device": "WEAPON"}, [("shelled", {"device": "weapon"}, REPORTED, "A")])
    (account,) = code(document, DEFAULT_SCHEMA).accounts
    assert [(weapon.text, weapon.weapon_class) for weapon in account.weapons] == [("device", "")]


def test_casualties_are_tolls(account: Account, raid: Document) -> None:
    start = raid.article.text.index("Three soldiers")
    assert account.tolls == (Toll("wounded", 3, 3, 3, (Evidence("a1", start, start + 14, "Three soldiers"),)),)


def test_days_rest_on_their_expressions(account: Account) -> None:
    assert account.days is not None
    assert str(account.days.interval) == "2024-05-13"
    assert [place.text for place in account.days.evidence] == ["Monday"]


def test_a_telling_shows_its_sentence(account: Account) -> None:
    assert [telling.sentence.text for telling in account.tellings[:3]] == [
        "Drones hit Camp Vale in Varn province",
        "The Red Brigade said it had launched one-way attack drones at Northern Army troops on Monday.",
        "Three soldiers were hurt in the raid, Tessmar Radio reported.",
    ]


def test_all_that_an_account_says_stands_in_the_text(coding: Coding, raid: Document) -> None:
    def evidence(account: Account) -> Iterator[Evidence]:
        for _, value in account.values():
            assert value.evidence
            yield from value.evidence
        for part in (*account.tolls, *account.locations, *([account.days] if account.days else [])):
            assert part.evidence
            yield from part.evidence
        for telling in account.tellings:
            yield from (telling.trigger, telling.sentence)

    for place in (place for account in coding.accounts for place in evidence(account)):
        assert place.article == "a1"
        assert raid.article.text[place.start : place.end] == place.text


def test_a_schema_without_the_roles_leaves_the_slots_empty(raid: Document) -> None:
    schema = Schema(("BASE",), ("ATTACK",))
    bare = tuple(replace(event, arguments=(), attributes={}) for event in raid.events)
    document = Document(raid.article, (), bare, build_incidents(raid.article, bare, schema))
    coding = code(document, schema)
    assert len(coding.accounts) == 4
    assert all(not any(account.values()) and account.days is None for account in coding.accounts)


def test_coding_twice_gives_the_same(raid: Document, linker: Linker) -> None:
    assert code(raid, DEFAULT_SCHEMA, linker) == code(raid, DEFAULT_SCHEMA, linker)


def test_an_article_without_events_has_no_accounts(linker: Linker) -> None:
    assert code(Document(Article("Nothing happened.")), DEFAULT_SCHEMA, linker) == Coding((), {})
