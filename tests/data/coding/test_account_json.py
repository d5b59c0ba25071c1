"""Accounts and merged incidents as JSON: nothing is lost, and a wrong shape is told."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.data.coding.account import (
    Account,
    ArticleRef,
    Days,
    Evidence,
    Location,
    Telling,
    Toll,
    Unresolved,
    Value,
)
from tocsin.data.coding.account_json import account_from_json, account_to_json, merged_from_json, merged_to_json
from tocsin.data.coding.merged import Disagreement, Merge, MergedIncident, Reason
from tocsin.data.errors import DataError
from tocsin.data.gazetteers.entry import Entry, Link
from tocsin.data.types import DateInterval

PLACE = Evidence("a1", 4, 15, "Red Brigade")
BRIGADE = Entry("actor:red-brigade", "Red Brigade", "actor", ("RB",), countries=("IQ",), code="IRQREB", population=7)
ACCOUNT = Account(
    id="3fa9c01b77d2e410-1",
    article=ArticleRef("3fa9c01b77d2e410", "a1", "Raid", date(2024, 5, 15), "Gazette", "https://example.org/1"),
    type="ATTACK",
    status="claimed",
    outcome="unknown",
    score=0.75,
    attackers=(Value("Red Brigade", "ACTOR", 1.0, (PLACE,), Link(replace(BRIGADE, aliases=()), 0.9)),),
    weapons=(Value("drones", "WEAPON", 0.5, (PLACE,), weapon_class="drone"),),
    locations=(Location("Camp Vale", "IQ", "", 36.5, 44.3, 1, "base:camp-vale", (PLACE,)),),
    tolls=(Toll("killed", 3, None, None, (PLACE,)),),
    days=Days(DateInterval(date(2024, 5, 13), date(2024, 5, 14)), "anaphora", (PLACE,)),
    unresolved=(Unresolved(PLACE, "vague"),),
    tellings=(Telling("claimed", "unknown", PLACE, PLACE),),
)
MERGED = MergedIncident(
    id=ACCOUNT.id,
    accounts=(ACCOUNT, replace(ACCOUNT, id="5b-1", days=None)),
    type="ATTACK",
    status="claimed",
    outcome="unknown",
    score=0.75,
    attackers=ACCOUNT.attackers,
    days=ACCOUNT.days,
    disagreements=(Disagreement("tolls", ((ACCOUNT.id, "3 killed"), ("5b-1", "none killed"))),),
    merges=(Merge(ACCOUNT.id, "5b-1", 3.5, (Reason("date", "both on 2024-05-13", 1.5),)),),
)

words = st.text(max_size=5)
scores = st.floats(0, 1)
evidence = st.builds(Evidence, words, st.integers(0, 9), st.integers(0, 9), words)
proofs = st.lists(evidence, max_size=2).map(tuple)
entries = st.builds(
    Entry,
    words,
    words,
    st.sampled_from(["base", "actor", "place"]),
    st.just(()),
    countries=st.lists(words, max_size=2).map(tuple),
    latitude=st.none() | st.floats(-90, 90),
    where_prec=st.none() | st.integers(1, 7),
    region=words,
    population=st.integers(0, 10**7),
)
values = st.builds(Value, words, words, scores, proofs, st.none() | st.builds(Link, entries, scores), words)
slots = st.lists(values, max_size=1).map(tuple)
intervals = st.tuples(st.dates(), st.dates()).map(lambda days: DateInterval(min(days), max(days)))
accounts = st.builds(
    Account,
    id=words,
    article=st.builds(ArticleRef, words, words, words, st.none() | st.dates(), words, words),
    type=words,
    status=words,
    outcome=words,
    score=scores,
    attackers=slots,
    sources=slots,
    locations=st.lists(
        st.builds(Location, words, words, words, st.floats(-90, 90), scores, st.integers(1, 7), words, proofs),
        max_size=1,
    ).map(tuple),
    tolls=st.lists(
        st.builds(Toll, words, st.integers(), st.none() | st.integers(), st.none() | st.integers(), proofs), max_size=1
    ).map(tuple),
    days=st.none() | st.builds(Days, intervals, st.sampled_from(["stated", "anaphora"]), proofs),
    unresolved=st.lists(st.builds(Unresolved, evidence, words), max_size=1).map(tuple),
    tellings=st.lists(st.builds(Telling, words, words, evidence, evidence, slots, slots), max_size=1).map(tuple),
)
merges = st.builds(
    Merge, words, words, scores, st.lists(st.builds(Reason, words, words, scores), max_size=2).map(tuple)
)
disagreements = st.builds(Disagreement, words, st.lists(st.tuples(words, words), max_size=2).map(tuple))
merged = st.builds(
    MergedIncident,
    id=words,
    accounts=st.lists(accounts, max_size=2).map(tuple),
    type=words,
    status=words,
    outcome=words,
    score=scores,
    targets=slots,
    disagreements=st.lists(disagreements, max_size=2).map(tuple),
    merges=st.lists(merges, max_size=2).map(tuple),
)


def through_json(record: dict[str, Any]) -> Any:
    return json.loads(json.dumps(record, allow_nan=False))


@given(accounts)
@settings(max_examples=60)
def test_an_account_survives_json(account: Account) -> None:
    assert account_from_json(through_json(account_to_json(account))) == account


@given(merged)
@settings(max_examples=60)
def test_a_merged_incident_survives_json(incident: MergedIncident) -> None:
    assert merged_from_json(through_json(merged_to_json(incident))) == incident


def test_examples_survive_json() -> None:
    assert account_from_json(through_json(account_to_json(ACCOUNT))) == ACCOUNT
    assert merged_from_json(through_json(merged_to_json(MERGED))) == MERGED


def test_the_shape_is_that_of_the_dataclass() -> None:
    record = account_to_json(ACCOUNT)
    assert list(record)[:4] == ["id", "article", "type", "status"]
    assert record["article"]["published"] == "2024-05-15"
    assert record["days"] == {
        "interval": {"start": "2024-05-13", "end": "2024-05-14"},
        "rule": "anaphora",
        "evidence": [{"article": "a1", "start": 4, "end": 15, "text": "Red Brigade"}],
    }
    assert record["tolls"][0]["high"] is None
    assert record["targets"] == []
    assert merged_to_json(MERGED)["disagreements"][0]["said"] == [[ACCOUNT.id, "3 killed"], ["5b-1", "none killed"]]


def test_an_entry_is_written_without_its_aliases_and_what_it_does_not_have() -> None:
    account = replace(ACCOUNT, attackers=(replace(ACCOUNT.attackers[0], link=Link(BRIGADE, 0.9)),))
    assert account_to_json(account)["attackers"][0]["link"]["entry"] == {
        "id": "actor:red-brigade",
        "name": "Red Brigade",
        "layer": "actor",
        "countries": ["IQ"],
        "code": "IRQREB",
        "population": 7,
    }


def wrong(path: str, item: object) -> dict[str, Any]:
    """An account with one thing changed; without the last key of the path if the item is `wrong` itself."""
    record = part = through_json(account_to_json(ACCOUNT))
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in steps:
        part = part[step]
    if item is wrong:
        del part[last]
    else:
        part[last] = item
    assert isinstance(record, dict)
    return record


FAULTS: dict[str, tuple[str, object, str]] = {
    "a missing key": ("status", wrong, "account: lacks status;"),
    "an unknown key": ("colour", "red", "account: has the unknown key colour;"),
    "a number for a string": ("type", 5, "account: type is 5, no string;"),
    "a string for a number": ("score", "high", "account: score is 'high', no finite number;"),
    "a number that is none": ("score", float("nan"), "account: score is nan, no finite number;"),
    "a truth value for a number": ("tolls.0.low", True, "account: tolls[0].low is True, no integer;"),
    "a fraction for an integer": ("tolls.0.low", 1.5, "account: tolls[0].low is 1.5, no integer;"),
    "an object for an array": ("attackers", {}, "account: attackers is {}, no array;"),
    "null for an object": ("article", None, "account: article is None, no object;"),
    "no day": ("days.interval.start", "Monday", "account: days.interval.start is 'Monday', no ISO day;"),
    "an interval that ends early": (
        "days.interval.end",
        "2024-05-01",
        "account: days.interval cannot be: interval from",
    ),
    "an unknown rule": ("days.rule", "guessed", "account: days.rule is 'guessed', none of stated, anaphora, given;"),
    "an entry without a name": ("attackers.0.link.entry.name", wrong, "account: attackers[0].link.entry lacks name;"),
}


@pytest.mark.parametrize(("path", "item", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_wrong_shape_is_told_with_its_place(path: str, item: object, expected: str) -> None:
    with pytest.raises(DataError) as raised:
        account_from_json(wrong(path, item))
    assert str(raised.value).startswith(expected)
    assert str(raised.value).endswith("; expected what this version of tocsin writes")


@pytest.mark.parametrize("read", [account_from_json, merged_from_json])
def test_what_is_no_object_is_told(read: Callable[[Any], object]) -> None:
    with pytest.raises(DataError, match="no object"):
        read([1, 2])


def test_a_pair_of_three_is_told() -> None:
    record = through_json(merged_to_json(MERGED))
    record["disagreements"][0]["said"][0].append("more")
    with pytest.raises(DataError, match=r"incident: disagreements\[0\]\.said\[0\] is .*, no array of 2"):
        merged_from_json(record)
