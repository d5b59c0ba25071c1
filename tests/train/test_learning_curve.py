"""Whether another article helps: a point for each size, and what the last step gained."""

import json

import pytest

from tocsin.train.bootstrap import intervals, paired
from tocsin.train.counts import Counts
from tocsin.train.learning_curve import learning_curve
from tocsin.train.scores import Scores


def article(n_bases: int, n_triggers: int) -> Scores:
    """The scores of an article with four bases, two triggers and a kind of entity that does not occur."""
    return Scores(
        entities={"BASE": Counts(n_bases, 4, 4), "SHIP": Counts()},
        triggers={"ATTACK": Counts(n_triggers, 2, 2)},
        arguments={"target": Counts(0, 0, 3)},
    )


BY_SIZE = {
    4: [article(4, 2), article(3, 2)],  # sizes need not come in order
    1: [article(1, 0), article(0, 1)],
    2: [article(2, 1), article(4, 1)],
}


def test_sizes_rise_and_each_has_the_measures_of_all_articles_with_their_intervals() -> None:
    curve = learning_curve(BY_SIZE, seed=0)
    assert curve["sizes"] == [1, 2, 4]
    assert [point["mean"] for point in curve["measures"]["entity_f1"]] == [1 / 8, 6 / 8, 7 / 8]
    assert [point["mean"] for point in curve["measures"]["trigger_f1"]] == [1 / 4, 2 / 4, 1.0]
    bounds = intervals(BY_SIZE[2], seed=0)["entity_f1"]
    assert curve["measures"]["entity_f1"][1] == {"mean": 0.75, "low": bounds.low, "high": bounds.high}


def test_labels_are_followed_one_by_one_and_are_nothing_where_they_do_not_occur() -> None:
    labels = learning_curve(BY_SIZE, seed=0)["labels"]
    assert labels == {
        "entities": {"BASE": [1 / 8, 6 / 8, 7 / 8], "SHIP": [None, None, None]},
        "triggers": {"ATTACK": [1 / 4, 2 / 4, 1.0]},
        "arguments": {"target": [0.0, 0.0, 0.0]},
        "attributes": {},
        "incidents": {},
    }


def test_the_gain_is_that_of_the_last_step_paired_over_articles() -> None:
    gain = learning_curve(BY_SIZE, seed=0)["gain"]
    assert gain["trigger_f1"]["difference"] == 0.5
    assert gain["trigger_f1"]["share_won"] == 1.0
    assert gain["entity_f1"] == paired(BY_SIZE[4], BY_SIZE[2], seed=0)["entity_f1"].to_json()
    assert gain["entity_f1"]["low"] < 0 < gain["entity_f1"]["high"]


def test_a_single_size_has_gained_nothing() -> None:
    curve = learning_curve({3: BY_SIZE[4]}, seed=0)
    assert (curve["sizes"], curve["gain"]) == ([3], None)


@pytest.mark.parametrize("n_articles", [1, 2], ids=["one-article", "two-articles"])
def test_what_is_not_defined_is_null(n_articles: int) -> None:
    curve = learning_curve({1: [article(1, 1)] * n_articles, 2: [article(2, 1)] * n_articles}, seed=0)
    json.dumps(curve, allow_nan=False)
    assert curve["measures"]["incident_f1"][0]["mean"] is None
    assert curve["gain"]["incident_f1"]["difference"] is None
