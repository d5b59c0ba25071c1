"""Which two accounts are taken for one incident, and what is said for and against."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.account import Account
from tocsin.data.store import weights
from tocsin.data.store.blocks import keys
from tocsin.data.store.profiles import profile
from tocsin.data.store.similarity import compare, judge
from tocsin.data.store.weights import ALIKE_ATTACKER, SAME_DESCRIPTION, THRESHOLD

Tell = Callable[..., Account]
DAY, NEXT = "2024-05-03", "2024-05-04"
RAID: dict[str, Any] = {"days": DAY, "targets": ["Camp Vale"], "attackers": ["Red Brigade"], "weapons": ["drones"]}
STRIKE: dict[str, Any] = {"days": DAY, "places": ["Harn"]}
VAGUE: dict[str, Any] = {
    "days": DAY,
    "places": ["Norland"],
    "attackers": ["Red Brigade"],
    "targets": ["army base"],
    "weapons": ["rockets"],
}


def pair(tell: Tell, a: dict[str, Any], b: dict[str, Any]) -> tuple[Account, Account]:
    return tell("one", **a), tell("other", **b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(
            {"days": DAY, "targets": ["Camp Vale"]}, {"days": DAY, "targets": ["Vale base=Camp Vale"]}, id="base"
        ),
        pytest.param(RAID, {**RAID, "attackers": ["Free Front"]}, id="umbrella"),
        pytest.param(RAID, {**RAID, "weapons": ["rockets"]}, id="weapons reporters mix up"),
        pytest.param(RAID, {**RAID, "days": "2024-05-01/2024-05-07"}, id="a vague date"),
        pytest.param(RAID, {**RAID, "targets": [], "places": ["Harn"]}, id="a base and its town"),
        pytest.param(
            {**RAID, "said": "Friday night"},
            {**RAID, "days": NEXT, "said": "early Saturday"},
            id="one night, two dates",
        ),
        pytest.param({**STRIKE, "targets": ["bus"]}, {**STRIKE, "targets": ["passenger bus"]}, id="city and target"),
        pytest.param({**STRIKE, "weapons": ["mortar"]}, {**STRIKE, "weapons": ["mortars"]}, id="city and weapon"),
        pytest.param(
            {**STRIKE, "attackers": ["Black Hand"]}, {**STRIKE, "attackers": ["Black Hand"]}, id="city, attacker"
        ),
        pytest.param(VAGUE, VAGUE, id="a country, and all else agrees"),
        pytest.param(
            {"days": DAY, "targets": ["tanker Cedar Star"], "places": ["Grey Sea"], "weapons": ["missile"]},
            {"days": DAY, "targets": ["Cedar Star"], "weapons": ["missiles"]},
            id="a ship's name",
        ),
        pytest.param(
            {**STRIKE, "places": ["Harn", "Ostval"]}, {**STRIKE, "places": ["Harn", "Ostval"]}, id="a quarter"
        ),
        pytest.param(
            {"days": DAY, "places": ["Dorrel Vey", "Norland"]},
            {"days": DAY, "places": ["the village of Dorel-Vey", "Norland"]},
            id="a village that no gazetteer knows",
        ),
        pytest.param(
            {"days": DAY, "places": ["Dorrel Vey"], "killed": 11},
            {"days": DAY, "places": ["Dorrel Vey"], "killed": 11},
            id="a village of no known country, and a large toll",
        ),
        pytest.param(
            {**RAID, "killed": 12},
            {**RAID, "attackers": ["Southmark army"], "killed": 12},
            id="two sides are accused, all else agrees",
        ),
        pytest.param({**RAID, "said": "Friday night"}, {**RAID, "said": "overnight"}, id="a night and overnight"),
        pytest.param(
            {**RAID, "said": "Friday morning", "killed": 6},
            {**RAID, "said": "Friday night", "killed": 6},
            id="other hours, but the toll agrees",
        ),
    ],
)
def test_reports_of_one_incident_merge(tell: Tell, a: dict[str, Any], b: dict[str, Any]) -> None:
    merge = compare(*pair(tell, a, b))
    assert merge is not None
    assert merge.score == sum(reason.weight for reason in merge.reasons) >= THRESHOLD


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(RAID, {**RAID, "days": NEXT}, id="the next day"),
        pytest.param(
            {**RAID, "said": "Friday night"}, {**RAID, "days": NEXT, "said": "Saturday night"}, id="two nights"
        ),
        pytest.param(STRIKE, STRIKE, id="a city and a day only"),
        pytest.param(
            {**STRIKE, "attackers": ["Black Hand"], "weapons": ["drone"], "targets": ["hospital"]},
            {**STRIKE, "attackers": ["Black Hand"], "weapons": ["drone"], "targets": ["bridge"]},
            id="one city, two targets",
        ),
        pytest.param(
            {**STRIKE, "weapons": ["mortar"]}, {**STRIKE, "weapons": ["airstrike"]}, id="mortar and air strike"
        ),
        pytest.param(
            {**RAID, "targets": [], "places": ["Harn"]}, {**RAID, "targets": [], "places": ["Lisk"]}, id="two towns"
        ),
        pytest.param(VAGUE, {**VAGUE, "weapons": []}, id="a country, and no weapon in one"),
        pytest.param(VAGUE, {**VAGUE, "targets": ["convoy"]}, id="a country, and another target"),
        pytest.param(
            {**VAGUE, "places": ["Uplands"], "targets": []},
            {**VAGUE, "places": ["Fens"], "targets": []},
            id="two provinces",
        ),
        pytest.param(
            {"days": DAY, "targets": ["tanker Cedar Star"], "places": ["Grey Sea"], "weapons": ["missile"]},
            {"days": DAY, "targets": ["tanker Lark Bay"], "places": ["Grey Sea"], "weapons": ["missile"]},
            id="two ships",
        ),
        pytest.param(
            {**STRIKE, "attackers": ["Black Hand"], "weapons": ["drone"], "targets": ["warehouse"]},
            {**STRIKE, "attackers": ["Black Hand"], "weapons": ["drone"], "targets": ["printing house"]},
            id="one city, a warehouse and a printing house",
        ),
        pytest.param(
            {**STRIKE, "attackers": ["Black Hand"], "weapons": ["drone"], "targets": ["kiosk"]},
            {**STRIKE, "attackers": ["Black Hand"], "weapons": ["drone"], "targets": ["apartment block"]},
            id="one city, a target of no known kind",
        ),
        pytest.param(
            {**STRIKE, "places": ["Harn", "Ostval"], "attackers": ["Black Hand"], "weapons": ["drone"]},
            {**STRIKE, "places": ["Harn", "Merrin quarter"], "attackers": ["Black Hand"], "weapons": ["drone"]},
            id="one city, two quarters",
        ),
        pytest.param(
            {**STRIKE, "places": ["Uplands", "Dorrel Vey"], "attackers": ["Black Hand"], "killed": 11},
            {**STRIKE, "places": ["Uplands", "Karsk"], "attackers": ["Black Hand"], "killed": 11},
            id="one province, two villages",
        ),
        pytest.param({**STRIKE, "attackers": ["Gunmen"]}, {**STRIKE, "attackers": ["Gunmen"]}, id="gunmen, gunmen"),
        pytest.param(
            {**RAID, "killed": 3}, {**RAID, "attackers": ["Southmark army"], "killed": 3}, id="two sides, a small toll"
        ),
        pytest.param(
            {**RAID, "said": "Friday morning"}, {**RAID, "said": "Friday evening"}, id="a morning and an evening"
        ),
    ],
)
def test_reports_of_two_incidents_stay_apart(tell: Tell, a: dict[str, Any], b: dict[str, Any]) -> None:
    assert compare(*pair(tell, a, b)) is None


@pytest.mark.parametrize(
    ("slot", "a", "b"),
    [
        ("date", RAID, {**RAID, "days": "2024-05-05"}),
        ("date", RAID, {key: value for key, value in RAID.items() if key != "days"}),
        ("date", RAID, {**RAID, "days": "2024-05-01/2024-05-08"}),
        ("place", RAID, {**RAID, "targets": ["Fort Dane"]}),
        ("place", RAID, {**RAID, "targets": [], "places": ["Southmark"]}),
        (
            "attacker",
            {**RAID, "targets": ["Southmark army", "Camp Vale"]},
            {**RAID, "targets": ["Red Brigade", "Camp Vale"], "attackers": ["Southmark army"]},
        ),
        ("type", RAID, {**RAID, "type": "SIEGE"}),
    ],
)
def test_some_differences_rule_a_merge_out(tell: Tell, slot: str, a: dict[str, Any], b: dict[str, Any]) -> None:
    veto = judge(*map(profile, pair(tell, a, b))).veto
    assert veto is not None
    assert veto.slot == slot


def test_two_incidents_of_one_article_never_merge(report: Callable[..., Any]) -> None:
    first, second = report("a", RAID, RAID).accounts
    assert compare(first, second) is None


def test_an_answer_in_the_same_place_is_another_incident(tell: Tell) -> None:
    attack = {**STRIKE, "attackers": ["Black Hand"], "targets": ["army post"], "weapons": ["rocket"]}
    answer = {**STRIKE, "targets": ["Black Hand", "post"], "weapons": ["rocket"]}
    judgement = judge(*map(profile, pair(tell, attack, answer)))
    assert "Black Hand attacks in one and is attacked in the other" in [reason.what for reason in judgement.reasons]
    assert not judgement.is_merge


def test_a_merge_says_why_in_words(tell: Tell) -> None:
    merge = compare(*pair(tell, {**RAID, "wounded": 3}, {**RAID, "wounded": (0, 0, 0), "weapons": ["FPV drone"]}))
    assert merge is not None
    assert [(reason.slot, reason.what) for reason in merge.reasons][:3] == [
        ("date", "both on 2024-05-03"),
        ("place", "both at Camp Vale"),
        ("attacker", "both by Red Brigade"),
    ]
    assert {reason.what for reason in merge.reasons[3:]} & {"0 and 3 wounded", "3 and 0 wounded"}


def test_names_of_attackers_weigh_more_than_descriptions(tell: Tell) -> None:
    def weight(*attackers: str) -> float:
        judgement = judge(*map(profile, pair(tell, *({**STRIKE, "attackers": [name]} for name in attackers))))
        return next(reason.weight for reason in judgement.reasons if reason.slot == "attacker")

    names = [weight("Sons of Varn", "the Sons of Varn"), weight("SVB", "SVB"), weight("red brigade", "Red Brigade")]
    assert names == [ALIKE_ATTACKER] * 3
    assert weight("Gunmen", "gunmen") == weight("Masked men", "Masked Men") == SAME_DESCRIPTION


def test_a_village_may_lie_in_the_district_that_another_names(tell: Tell) -> None:
    told = ({"days": DAY, "places": [name, "Uplands"]} for name in ("Dorrel Vey", "Karsk district"))
    judgement = judge(*map(profile, pair(tell, *told)))
    assert [reason.what for reason in judgement.reasons if reason.slot == "place"] == ["both in Uplands"]


def test_every_weight_is_a_multiple_of_a_quarter() -> None:
    found = {name: value for name, value in vars(weights).items() if isinstance(value, float)}
    assert {name for name, value in found.items() if value % 0.25} == set()


def test_organs_of_a_state_are_one_side(tell: Tell) -> None:
    merge = compare(
        *pair(tell, {**RAID, "attackers": ["Southmark army"]}, {**RAID, "attackers": ["Southmark government"]})
    )
    assert merge is not None


def test_a_coalition_is_no_organ_of_the_state_it_is_listed_under(tell: Tell) -> None:
    judgement = judge(
        *map(profile, pair(tell, {**RAID, "attackers": ["Grey Pact"]}, {**RAID, "attackers": ["Norland army"]}))
    )
    assert [reason.weight < 0 for reason in judgement.reasons if reason.slot == "attacker"] == [True]


CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "days": st.sampled_from([DAY, NEXT, "2024-05-02/2024-05-04", "2024-04-29/2024-05-05", "2024-05-01/2024-05-30"]),
    "said": st.sampled_from(["Friday", "Friday night", "early Saturday", "overnight"]),
    "targets": st.lists(
        st.sampled_from(
            ["Camp Vale", "Fort Dane", "army base", "tanker Cedar Star", "Cedar Star", "Norland army", "bus"]
        ),
        max_size=2,
        unique=True,
    ),
    "places": st.lists(
        st.sampled_from(
            ["Harn", "Lisk", "Uplands", "Fens", "Norland", "Grey Sea", "Dorrel Vey", "village of Dorel-Vey", "Karsk"]
        ),
        max_size=2,
        unique=True,
    ),
    "attackers": st.lists(
        st.sampled_from(["Red Brigade", "Free Front", "Black Hand", "Southmark army", "gunmen"]),
        max_size=2,
        unique=True,
    ),
    "weapons": st.lists(st.sampled_from(["drones", "rocket", "mortar", "odd thing"]), max_size=2, unique=True),
    "killed": st.sampled_from([0, 1, 12, (3, 3, None)]),
}
TOLD = st.fixed_dictionaries({}, optional=CHOICES)


@given(a=TOLD, b=TOLD)
def test_the_order_of_two_accounts_makes_no_difference(tell: Tell, a: dict[str, Any], b: dict[str, Any]) -> None:
    first, second = pair(tell, a, b)
    assert compare(first, second) == compare(second, first)


@given(a=TOLD, b=TOLD)
def test_accounts_that_merge_share_a_block(tell: Tell, a: dict[str, Any], b: dict[str, Any]) -> None:
    first, second = pair(tell, a, b)
    assert compare(first, second) is None or keys(first) & keys(second)
