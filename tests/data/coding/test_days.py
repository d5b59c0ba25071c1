"""When incidents happened: stated days, days taken from another event, and what stays unresolved."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from tocsin.data.coding.days import Dating, datings
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, DateInterval, Document

PUBLISHED = date(2024, 5, 15)  # a Wednesday
REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}

Annotate = Callable[..., Document]
Mention = tuple[str, str, str]  # trigger, its date expression or nothing, incident


@pytest.fixture
def dated(annotate: Annotate) -> Callable[..., dict[str, Dating]]:
    """The datings of a text, of which each mention's attributes may be given by its incident."""

    def dated(
        text: str, mentions: Sequence[Mention], attributes: Mapping[str, Mapping[str, str]] | None = None
    ) -> dict[str, Dating]:
        entities = {expression: "DATE" for _, expression, _ in mentions if expression}
        events = [
            (trigger, {expression: "date"} if expression else {}, {**REPORTED, **(attributes or {}).get(own, {})}, own)
            for trigger, expression, own in mentions
        ]
        return datings(annotate(Article(text, id="a1", published=PUBLISHED), entities, events), DEFAULT_SCHEMA)

    return dated


def days_of(dating: Dating) -> tuple[str, str, list[str]]:
    assert dating.days is not None
    return str(dating.days.interval), dating.days.rule, [place.text for place in dating.days.evidence]


def reasons(dating: Dating) -> list[tuple[str, str]]:
    return [(item.evidence.text, item.reason) for item in dating.unresolved]


Dated = Callable[..., dict[str, Dating]]


def test_stated_days_rest_on_the_expressions(dated: Dated) -> None:
    found = dated("Rockets hit Camp Vale on Monday. The raid came last week.", [("hit", "Monday", "A")])
    assert days_of(found["A"]) == ("2024-05-13", "stated", ["Monday"])
    assert found["A"].unresolved == ()


def test_an_expression_that_contradicts_the_days_taken_is_told(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Monday. The raid came in early March."
    found = dated(text, [("hit", "Monday", "A"), ("raid", "early March", "A")])
    assert days_of(found["A"]) == ("2024-05-13", "stated", ["Monday"])
    ((expression, reason),) = reasons(found["A"])
    assert expression == "early March"
    assert reason == "contradicted: it means 2024-03-01/2024-03-10, the incident's days are 2024-05-13"


def test_an_incident_without_an_expression_has_no_days(dated: Dated) -> None:
    found = dated(
        "Rockets hit Camp Vale on Monday. Fort Dane was shelled.", [("hit", "Monday", "A"), ("shelled", "", "B")]
    )
    assert found["B"] == Dating(None)


SHIFTED = {
    "The next day": "2024-05-14",
    "The same night": "2024-05-13",
    "A few hours later": "2024-05-13",
    "Two days later": "2024-05-15",
    "The previous day": "2024-05-12",
    "Three days earlier": "2024-05-10",
}


@pytest.mark.parametrize(("expression", "expected"), SHIFTED.items(), ids=SHIFTED)
def test_days_relative_to_another_event_are_its_days_shifted(dated: Dated, expression: str, expected: str) -> None:
    text = f"Rockets hit Camp Vale on Monday. {expression}, Fort Dane was shelled."
    found = dated(text, [("hit", "Monday", "A"), ("shelled", expression, "B")])
    assert days_of(found["B"]) == (expected, "anaphora", [expression, "Monday"])
    assert found["B"].unresolved == ()


def test_the_nearest_dated_event_before_the_expression_is_meant(dated: Dated) -> None:
    text = "A raid came on Saturday. Rockets hit Camp Vale on Monday. Guards fired. The next day Fort Dane was shelled."
    mentions = [("raid", "Saturday", "A"), ("hit", "Monday", "B"), ("fired", "", "C"), ("shelled", "The next day", "D")]
    assert days_of(dated(text, mentions)["D"]) == ("2024-05-14", "anaphora", ["The next day", "Monday"])


def test_another_mention_of_a_dated_incident_is_as_good_as_the_one_that_states_the_day(dated: Dated) -> None:
    text = (
        "Rockets hit Camp Vale on Friday. A raid came on Monday. After the salvo, the next day, Fort Dane was shelled."
    )
    mentions = [("hit", "Friday", "A"), ("raid", "Monday", "B"), ("salvo", "", "A"), ("shelled", "the next day", "C")]
    assert days_of(dated(text, mentions)["C"])[0] == "2024-05-11"


def test_inherited_days_pass_on(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Friday. The next day Fort Dane was shelled. Two days later a convoy was ambushed."
    mentions = [("hit", "Friday", "A"), ("shelled", "The next day", "B"), ("ambushed", "Two days later", "C")]
    found = dated(text, mentions)
    assert days_of(found["C"]) == ("2024-05-13", "anaphora", ["Two days later", "The next day", "Friday"])


def test_an_expression_with_an_object_means_the_event_behind_it(dated: Dated) -> None:
    text = (
        "Rockets hit Camp Vale on Friday. A raid came on Monday. "
        "The claim came a day after the salvo on the camp, when Fort Dane was shelled."
    )
    mentions = [
        *(("hit", "Friday", "A"), ("raid", "Monday", "B"), ("salvo", "", "A")),
        ("shelled", "a day after", "C"),
    ]
    assert days_of(dated(text, mentions)["C"]) == ("2024-05-11", "anaphora", ["a day after", "Friday"])


def test_an_object_without_known_days_leaves_it_unresolved(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Friday. A day after the raid on the camp, Fort Dane was shelled."
    found = dated(text, [("hit", "Friday", "A"), ("raid", "", "B"), ("shelled", "A day after", "C")])
    assert found["C"].days is None
    assert reasons(found["C"]) == [
        ("A day after", "relative to another event of the text, and the days of that event are not known")
    ]


def test_an_object_that_is_a_series_leaves_it_unresolved(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Friday. A day after the attacks Fort Dane was shelled."
    mentions = [("hit", "Friday", "A"), ("attacks", "", "B"), ("shelled", "A day after", "C")]
    assert dated(text, mentions, {"B": {"scope": "series"}})["C"].days is None


def test_a_comma_ends_what_can_be_the_object(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Friday. The day after, guards fired, and Fort Dane was shelled."
    found = dated(text, [("hit", "Friday", "A"), ("fired", "", "B"), ("shelled", "The day after", "C")])
    assert days_of(found["C"])[0] == "2024-05-11"


def test_an_expression_of_two_incidents_is_the_object_of_neither(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Friday. The day after Fort Dane was shelled and a convoy ambushed."
    mentions = [("hit", "Friday", "A"), ("shelled", "The day after", "B"), ("ambushed", "The day after", "C")]
    found = dated(text, mentions)
    assert days_of(found["B"])[0] == days_of(found["C"])[0] == "2024-05-11"


def test_no_event_before_it_leaves_it_unresolved(dated: Dated) -> None:
    text = "The next day Fort Dane was shelled. Rockets hit Camp Vale on Monday."
    found = dated(text, [("shelled", "The next day", "A"), ("hit", "Monday", "B")])
    assert found["A"].days is None
    assert reasons(found["A"]) == [
        ("The next day", "relative to another event of the text, and no event with known days is told before it")
    ]


def test_an_unknown_number_of_days_leaves_it_unresolved(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Monday. Some days later Fort Dane was shelled."
    found = dated(text, [("hit", "Monday", "A"), ("shelled", "Some days later", "B")])
    assert found["B"].days is None
    assert reasons(found["B"]) == [
        ("Some days later", "relative to another event of the text, and it does not say how many days lie between")
    ]


@pytest.mark.parametrize("attributes", [{"scope": "series"}, {"status": "threatened"}, {"status": "denied"}])
def test_days_are_not_taken_from_what_is_no_countable_incident(dated: Dated, attributes: Mapping[str, str]) -> None:
    text = "Attacks came on Monday. The next day Fort Dane was shelled."
    found = dated(text, [("Attacks", "Monday", "A"), ("shelled", "The next day", "B")], {"A": attributes})
    assert list(found) == ["B"]
    assert found["B"].days is None


def test_a_dated_incident_keeps_its_days_and_tells_what_it_did_not_need(dated: Dated) -> None:
    text = "Rockets hit Camp Vale on Friday. Fort Dane was shelled on Monday. The blast came hours later."
    found = dated(text, [("hit", "Friday", "A"), ("shelled", "Monday", "B"), ("blast", "hours later", "B")])
    assert days_of(found["B"]) == ("2024-05-13", "stated", ["Monday"])
    assert reasons(found["B"]) == [("hours later", "relative to another event of the text")]


def test_a_second_relative_expression_may_prove_the_days_or_contradict_them(dated: Dated) -> None:
    text = (
        "Rockets hit Camp Vale on Friday. The next day Fort Dane was shelled. A salvo came on Monday. "
        "The shells had landed two days earlier. The blast was heard two days before."
    )
    mentions = [
        *(("hit", "Friday", "A"), ("shelled", "The next day", "B"), ("salvo", "Monday", "C")),
        *(("landed", "two days earlier", "B"), ("blast", "two days before", "D")),
    ]
    found = dated(text, mentions)
    assert days_of(found["B"])[0] == "2024-05-11"
    assert days_of(found["B"])[2] == ["The next day", "Friday", "two days earlier", "Monday"]
    text = text.replace("two days earlier", "a day earlier")
    mentions[3] = ("landed", "a day earlier", "B")
    assert reasons(dated(text, mentions)["B"]) == [
        ("a day earlier", "contradicted: it means 2024-05-12, the incident's days are 2024-05-11")
    ]


def test_listed_days_rest_on_a_relative_expression_or_else_on_the_mentions(annotate: Annotate) -> None:
    article = Article(
        "Rockets hit Camp Vale on Monday. Hours later Fort Dane was shelled. A raid came.", published=PUBLISHED
    )
    document = annotate(
        article,
        {"Monday": "DATE", "Hours later": "DATE"},
        [
            ("hit", {"Monday": "date"}, REPORTED, "A"),
            ("shelled", {"Hours later": "date"}, REPORTED, "B"),
            ("raid", {}, REPORTED, "C"),
        ],
    )
    monday = DateInterval(date(2024, 5, 13), date(2024, 5, 13))
    listed = build_incidents(article, document.events, DEFAULT_SCHEMA, {"B": monday, "C": monday})
    found = datings(Document(article, document.entities, document.events, listed), DEFAULT_SCHEMA)
    assert days_of(found["B"]) == ("2024-05-13", "anaphora", ["Hours later", "Monday"])
    assert days_of(found["C"]) == ("2024-05-13", "given", ["raid"])


def test_a_day_outside_the_calendar_is_unresolved(annotate: Annotate) -> None:
    article = Article("Rockets hit Camp Vale today. The next day Fort Dane was shelled.", published=date.max)
    events = [("hit", {"today": "date"}, REPORTED, "A"), ("shelled", {"The next day": "date"}, REPORTED, "B")]
    found = datings(annotate(article, {"today": "DATE", "The next day": "DATE"}, events), DEFAULT_SCHEMA)["B"]
    assert found.days is None
    assert reasons(found) == [("The next day", "outside the calendar")]


def test_a_schema_without_dates_has_no_days() -> None:
    article = Article("A raid came on Monday.", published=PUBLISHED)
    assert datings(Document(article), Schema()) == {}
