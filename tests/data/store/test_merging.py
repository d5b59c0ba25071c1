"""What the accounts of one incident come to together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

from tocsin.data.coding.account import Account
from tocsin.data.coding.merged import Disagreement, Merge, MergedIncident, Reason
from tocsin.data.store.merging import merge, single

Tell = Callable[..., Account]
DAY: dict[str, Any] = {"days": "2024-05-03", "targets": ["Camp Vale"]}


def merged(*accounts: Account) -> MergedIncident:
    return merge(accounts, ())


def said(incident: MergedIncident, slot: str) -> tuple[str, ...] | None:
    return next((tuple(what for _, what in each.said) for each in incident.disagreements if each.slot == slot), None)


def test_an_incident_has_the_id_of_its_first_account(tell: Tell) -> None:
    late, early = tell("a", **DAY, published=date(2024, 5, 5)), tell("b", **DAY, published=date(2024, 5, 4))
    undated = tell("c", **DAY, published=None)
    incident = merged(late, undated, early)
    assert incident.id == early.id
    assert incident.accounts == (early, late, undated)


def test_an_account_by_itself_is_an_incident(tell: Tell) -> None:
    account = tell("a", **DAY, attackers=["Red Brigade"], killed=3)
    incident = single(account)
    assert (incident.accounts, incident.targets, incident.tolls) == ((account,), account.targets, account.tolls)
    assert (incident.disagreements, incident.merges) == ((), ())
    assert incident.articles == (account.article,)


def test_the_order_of_accounts_makes_no_difference(tell: Tell) -> None:
    accounts = [
        tell("a", **DAY, attackers=["Red Brigade"], killed=3, weapons=["drones"]),
        tell("b", **DAY, attackers=["the Red Brigade"], killed=(5, 5, None), places=["Harn"]),
        tell("c", days="2024-05-02/2024-05-04", targets=["Vale base=Camp Vale"], weapons=["rocket"], status="claimed"),
    ]
    merges = [Merge(*sorted((x.id, y.id)), 6.0, (Reason("date", "both", 6.0),)) for x, y in permutations(accounts, 2)]
    assert len({repr(merge(order, merges)) for order in permutations(accounts)}) == 1


def test_values_of_one_entry_or_of_the_same_words_are_one_with_all_evidence(tell: Tell) -> None:
    a = tell("a", **DAY, attackers=["Red Brigade", "the gunmen"])
    b = tell("b", targets=["the base at Vale=Camp Vale"], attackers=["Gunmen", "fighters of the Brigade=Red Brigade"])
    incident = merged(a, b)
    assert {value.text for value in incident.targets} == {"the base at Vale"}
    assert [sorted(each.article for each in value.evidence) for value in incident.attackers] == [["a", "b"], ["a", "b"]]
    assert {value.link.entry.id if value.link else "" for value in incident.attackers} == {"actor:brigade", ""}


def test_what_one_account_links_is_linked_for_the_same_words_of_another(tell: Tell) -> None:
    incident = merged(tell("a", attackers=["the Reds=Red Brigade"]), tell("b", attackers=["Reds"]))
    assert [value.link.entry.id for value in incident.attackers if value.link] == ["actor:brigade"]
    assert len(incident.attackers) == 1


def test_a_town_is_no_target_beside_a_base(tell: Tell) -> None:
    incident = merged(tell("a", **DAY), tell("b", days="2024-05-03", targets=["Harn"]))
    assert [value.text for value in incident.targets] == ["Camp Vale"]


def test_locations_are_without_those_that_only_enclose_another(tell: Tell) -> None:
    accounts = [tell("a", places=["Norland"]), tell("b", places=["Uplands"]), tell("c", places=["Lisk"])]
    assert [place.name for place in merged(*accounts).locations] == ["Lisk"]
    assert [place.name for place in merged(*accounts, tell("d", targets=["Fort Dane"])).locations] == [
        "Fort Dane",
        "Lisk",
    ]


def test_the_town_of_a_base_is_no_second_location(tell: Tell) -> None:
    incident = merged(tell("a", places=["Harn"]), tell("b", targets=["Camp Vale"]))
    assert [place.name for place in incident.locations] == ["Camp Vale"]
    assert [value.text for value in incident.places] == ["Harn"]


def test_days_are_what_all_accounts_allow(tell: Tell) -> None:
    incident = merged(tell("a", days="2024-05-01/2024-05-04"), tell("b", days="2024-05-03"), tell("c"))
    assert incident.days is not None
    assert str(incident.days.interval) == "2024-05-03"
    assert {each.article for each in incident.days.evidence} == {"a", "b"}


def test_days_that_exclude_each_other_leave_those_of_the_most_exact_account(tell: Tell) -> None:
    a, b = tell("a", days="2024-05-04/2024-05-05"), tell("b", days="2024-05-03")
    incident = merged(a, b)
    assert incident.days is not None
    assert str(incident.days.interval) == "2024-05-03"
    assert {each.article for each in incident.days.evidence} == {"b"}
    assert said(incident, "date") is not None


def test_what_any_account_reports_is_reported_and_what_any_says_was_hit_was_hit(tell: Tell) -> None:
    incident = merged(
        tell("a", **DAY, status="claimed", outcome="hit", score=0.4),
        tell("b", **DAY, status="reported", outcome="intercepted", score=0.8),
    )
    assert (incident.status, incident.outcome, incident.score) == ("reported", "hit", 0.8)
    assert said(incident, "status") is None
    assert set(said(incident, "outcome") or ()) == {"hit", "intercepted"}


def test_a_toll_spans_what_is_said_and_its_best_is_the_latest(tell: Tell) -> None:
    first = tell("a", **DAY, killed=3, published=date(2024, 5, 3))
    latest = tell("b", **DAY, killed=(5, 5, None), published=date(2024, 5, 5))
    silent = tell("c", **DAY, published=date(2024, 5, 6))
    (toll,) = merged(latest, silent, first).tolls
    assert (toll.low, toll.best, toll.high) == (3, 5, None)
    assert said(merged(latest, silent, first), "killed") == ("3", "at least 5")


def test_less_exact_is_no_disagreement(tell: Tell) -> None:
    a = tell("a", **DAY, weapons=["drones"], attackers=["Red Brigade"], killed=(3, 3, None), outcome="unknown")
    b = tell(
        "b", days="2024-05-01/2024-05-04", weapons=["FPV drone"], attackers=["Free Front"], killed=7, outcome="hit"
    )
    assert merged(a, b).disagreements == ()


def test_a_denial_disagrees_with_a_claim(tell: Tell) -> None:
    incident = merged(tell("a", **DAY, status="claimed"), tell("b", **DAY, denied=True))
    assert set(said(incident, "status") or ()) == {"claimed", "reported, denied"}


def test_a_denial_in_one_account_disagrees_with_what_else_it_tells(tell: Tell) -> None:
    account = tell(
        "a", **DAY, status="claimed", claimants=["the Reds=Red Brigade"], denied_by=["the ministry", "Norland army"]
    )
    assert single(account).disagreements == (
        Disagreement("status", ((account.id, "claimed by Red Brigade, denied by the ministry and Norland army"),)),
    )
    assert single(tell("a", **DAY, status="denied", denied=True)).disagreements == ()


def test_two_accounts_that_both_tell_and_deny_disagree_within_themselves(tell: Tell) -> None:
    incident = merged(tell("a", **DAY, denied=True), tell("b", **DAY, denied=True))
    assert said(incident, "status") == ("reported, denied", "reported, denied")


def test_an_account_that_only_denies_tells_nothing_of_what_happened(tell: Tell) -> None:
    denial = tell(
        "a", status="denied", attackers=["Norland army"], targets=["Fort Dane"], weapons=["mortar"], killed=9,
        days="2024-05-04", score=0.99, published=date(2024, 5, 3),
    )  # fmt: skip
    claim = tell("b", **DAY, status="claimed", killed=2, score=0.5)
    incident, alone = merged(denial, claim), single(claim)
    assert (incident.id, incident.status, incident.score) == (claim.id, "claimed", 0.5)
    assert incident.accounts == (denial, claim)
    for slot in ("attackers", "targets", "weapons", "locations", "tolls", "days"):
        assert getattr(incident, slot) == getattr(alone, slot)
    assert [telling.status for telling in incident.tellings] == ["denied", "claimed"]
    assert [each.slot for each in incident.disagreements] == ["status"]


def test_a_denial_is_no_reason_why_two_others_are_one(tell: Tell) -> None:
    a, b, denial = tell("a", **DAY), tell("b", **DAY), tell("c", **DAY, status="denied")
    scores = ((a, b, 5.0), (a, denial, 9.0), (b, denial, 8.0))
    merges = [Merge(*sorted((x.id, y.id)), score, ()) for x, y, score in scores]
    assert {each.score for each in merge((a, b, denial), merges).merges} == {5.0, 9.0}


def test_the_articles_of_an_incident_are_every_copy_by_day(tell: Tell) -> None:
    a, b = tell("a", **DAY, published=date(2024, 5, 5)), tell("b", **DAY, published=None)
    elsewhere = replace(a.article, id="c", source="Grey Coast Post", published=date(2024, 5, 4))
    assert [each.id for each in merged(b, a).articles] == ["a", "b"]
    assert [each.id for each in merge((a, b), (), (b.article, a.article, elsewhere)).articles] == ["c", "a", "b"]


def test_other_attackers_weapons_and_places_are_disagreements(tell: Tell) -> None:
    a = tell("a", **DAY, attackers=["Red Brigade"], weapons=["mortar"])
    b = tell("b", days="2024-05-03", targets=["Fort Dane"], attackers=["Black Hand"], weapons=["drone"])
    assert {each.slot for each in merged(a, b).disagreements} == {"attacker", "weapon", "place"}
    assert (
        Disagreement("weapon", ((a.id, "mortar"), (b.id, "drone")))
        in merge(sorted((a, b), key=lambda each: each.id), ()).disagreements
        or a.id > b.id
    )


def test_only_merges_between_its_accounts_belong_to_an_incident(tell: Tell) -> None:
    a, b, c = (tell(name, **DAY) for name in "abc")
    inner, outer = (Merge(*sorted((a.id, each.id)), 6.0, ()) for each in (b, c))
    assert merge((a, b), (outer, inner)).merges == (inner,)
