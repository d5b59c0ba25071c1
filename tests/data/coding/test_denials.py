"""Denials: given back to what they deny, and to nothing else."""

from collections.abc import Callable
from datetime import date

import pytest

from tocsin.data.coding.coder import code
from tocsin.data.coding.denials import with_denials
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Article, Document

REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}
CLAIMED = {"status": "claimed", "scope": "single", "outcome": "unknown"}
DENIED = {"status": "denied", "scope": "single", "outcome": "unknown"}
DENIED_SERIES = {"status": "denied", "scope": "series", "outcome": "unknown"}
Annotate = Callable[..., Document]

TEXT = (
    "The Red Brigade hit Camp Vale on Monday. Rebels shelled Fort Dane on Friday. "
    "The Northern Army denied any assault on the camp."
)
ENTITIES = {
    "Red Brigade": "ACTOR",
    "Camp Vale": "BASE",
    "Monday": "DATE",
    "Rebels": "ACTOR",
    "Fort Dane": "BASE",
    "Friday": "DATE",
    "Northern Army": "ACTOR",
}
VALE = ("hit", {"Red Brigade": "attacker", "Camp Vale": "target", "Monday": "date"}, CLAIMED, "I1")
DANE = ("shelled", {"Rebels": "attacker", "Fort Dane": "target", "Friday": "date"}, REPORTED, "I2")


def document(annotate: Annotate, denial: dict[str, str], attributes: dict[str, str] = DENIED) -> Document:
    article = Article(TEXT, id="a", published=date(2024, 5, 18))
    return annotate(article, ENTITIES, [VALE, DANE, ("assault", denial, attributes, "I3")])


def tellings(found: Document) -> dict[str, list[str]]:
    """The status of every mention, by incident."""
    return {each.id: [mention.attributes["status"] for mention in each.mentions] for each in found.incidents}


def test_a_denial_is_of_the_nearest_attack_told_before_it(annotate: Annotate) -> None:
    found = with_denials(document(annotate, {"Northern Army": "source"}), DEFAULT_SCHEMA)
    assert tellings(found) == {"I1": ["claimed"], "I2": ["reported", "denied"]}


@pytest.mark.parametrize("role", [{"Camp Vale": "target"}, {"Monday": "date"}, {"Red Brigade": "attacker"}])
def test_a_denial_that_says_what_it_denies_is_of_that(annotate: Annotate, role: dict[str, str]) -> None:
    found = with_denials(document(annotate, role), DEFAULT_SCHEMA)
    assert tellings(found) == {"I1": ["claimed", "denied"], "I2": ["reported"]}


def test_a_denial_of_something_else_stays_alone(annotate: Annotate) -> None:
    found = with_denials(document(annotate, {"Northern Army": "attacker"}), DEFAULT_SCHEMA)
    assert tellings(found) == {"I1": ["claimed"], "I2": ["reported"], "I3": ["denied"]}


def test_a_denied_series_is_no_denial_of_an_incident(annotate: Annotate) -> None:
    found = with_denials(document(annotate, {"Northern Army": "source"}, DENIED_SERIES), DEFAULT_SCHEMA)
    assert set(tellings(found)) == {"I1", "I2", "I3"}


def test_a_denial_in_the_headline_is_of_the_attack_told_below(annotate: Annotate) -> None:
    article = Article("Northern Army denies an assault. The Red Brigade hit Camp Vale.", id="a")
    found = annotate(
        article,
        {"Northern Army": "ACTOR", "Red Brigade": "ACTOR", "Camp Vale": "BASE"},
        [
            ("assault", {"Northern Army": "source"}, DENIED, "I1"),
            ("hit", {"Red Brigade": "attacker", "Camp Vale": "target"}, CLAIMED, "I2"),
        ],
    )
    assert tellings(with_denials(found, DEFAULT_SCHEMA)) == {"I2": ["denied", "claimed"]}


def test_an_account_names_who_denies_it_and_keeps_its_status_days_and_score(annotate: Annotate) -> None:
    coding = code(document(annotate, {"Northern Army": "source", "Monday": "date"}), DEFAULT_SCHEMA)
    account = coding.accounts[0]
    assert coding.left_out == {}
    assert (account.status, str(account.days and account.days.interval)) == ("claimed", "2024-05-13")
    assert [value.text for value in account.sources] == ["Northern Army"]
    assert [(telling.status, [value.text for value in telling.sources]) for telling in account.tellings] == [
        ("claimed", []),
        ("denied", ["Northern Army"]),
    ]
