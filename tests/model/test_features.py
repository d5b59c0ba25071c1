"""What pairs of spans look like to the heads."""

from datetime import date

import torch

from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.tags import WordSpan
from tocsin.data.types import Argument, Article, Event, Span
from tocsin.model.cues import N_CUES, STEMS, cues
from tocsin.model.features import link_features, link_sizes, mention, pair_sizes, pairs
from tocsin.model.heads import span_means

SENTENCE = "the raid on fort dane and camp vale was led by the red brigade in norland".split()
RAID, DANE, VALE = WordSpan(1, 2, "ATTACK"), WordSpan(3, 5, "BASE"), WordSpan(6, 8, "BASE")
BRIGADE, NORLAND = WordSpan(12, 14, "ACTOR"), WordSpan(15, 16, "LOCATION")
GOVERNOR = 6  # the place of the governing word among a pair's features


def test_a_trigger_is_paired_with_the_entities_of_its_own_sentence_only() -> None:
    found = pairs([RAID], [DANE, NORLAND], [0] * 6 + [1] * 10, SENTENCE, DEFAULT_SCHEMA)
    assert [(pair.trigger, pair.entity) for pair in found] == [(0, 0)]


def test_the_second_of_two_joined_phrases_hangs_on_the_same_word_as_the_first() -> None:
    dane, vale, brigade, norland = pairs([RAID], [DANE, VALE, BRIGADE, NORLAND], [0] * 16, SENTENCE, DEFAULT_SCHEMA)
    governors = [pair.features[GOVERNOR] for pair in (dane, vale, brigade, norland)]
    assert governors[0] == governors[1] != 0
    assert len(set(governors)) == 3


def test_every_feature_stays_below_its_size() -> None:
    triggers = [RAID, WordSpan(9, 10, "ATTACK")]
    for pair in pairs(triggers, [DANE, VALE, BRIGADE, NORLAND], [0] * 16, SENTENCE, DEFAULT_SCHEMA):
        sizes = pair_sizes(DEFAULT_SCHEMA)
        assert len(pair.features) == len(sizes)
        assert all(0 <= value < size for value, size in zip(pair.features, sizes, strict=True))


ARTICLE = Article("Drones hit Vale on Tuesday. The Vale raid of April 30 hurt none.", published=date(2024, 5, 2))


def event(trigger: str, roles: dict[str, str], scope: str = "single") -> Event:
    def span(surface: str, label: str) -> Span:
        start = ARTICLE.text.rindex(surface) if surface == "Vale" and trigger == "raid" else ARTICLE.text.index(surface)
        return Span(start, start + len(surface), label)

    arguments = tuple(Argument(role, span(surface, "X")) for surface, role in roles.items())
    return Event(span(trigger, "ATTACK"), arguments, {"status": "reported", "scope": scope, "outcome": "hit"})


def test_mentions_agree_on_a_date_that_is_worded_differently() -> None:
    names = [role.name for role in DEFAULT_SCHEMA.roles]
    first = mention(event("hit", {"Tuesday": "date", "Vale": "target"}), 0, ARTICLE, DEFAULT_SCHEMA)
    second = mention(event("raid", {"April 30": "date", "Vale": "target"}), 1, ARTICLE, DEFAULT_SCHEMA)
    features = link_features(first, second, DEFAULT_SCHEMA)
    by_role = dict(zip(names, features[-len(names) :], strict=True))
    assert (by_role["date"], by_role["target"], by_role["weapon"]) == (3, 3, 0)


def test_link_features_do_not_depend_on_which_mention_has_which_value() -> None:
    single = mention(event("hit", {}, "single"), 0, ARTICLE, DEFAULT_SCHEMA)
    series = mention(event("raid", {}, "series"), 0, ARTICLE, DEFAULT_SCHEMA)
    assert link_features(single, series, DEFAULT_SCHEMA) == link_features(series, single, DEFAULT_SCHEMA)
    sizes = link_sizes(DEFAULT_SCHEMA)
    assert all(0 <= v < size for v, size in zip(link_features(single, series, DEFAULT_SCHEMA), sizes, strict=True))


def test_a_cue_counts_where_it_stands() -> None:
    words = "militants threatened more raids after 12 attacks were claimed".split()
    found = cues(WordSpan(3, 4, "ATTACK"), (0, 9), words)
    assert len(found) == N_CUES
    region = len(STEMS) + 1
    threat, claim, number = STEMS.index("threat"), STEMS.index("claim"), len(STEMS)
    assert (found[threat], found[region + threat], found[2 * region + threat]) == (1.0, 0.0, 1.0)
    assert (found[claim], found[region + claim]) == (0.0, 1.0)
    assert found[region + number] == 1.0


def test_a_span_is_the_mean_of_its_words() -> None:
    vectors = torch.tensor([[1.0, 0.0], [3.0, 2.0], [5.0, 7.0]])
    means = span_means(vectors, torch.tensor([[1, 3], [0, 1]]))
    assert means.tolist() == [[4.0, 4.5], [1.0, 0.0]]


def test_no_spans_have_no_means() -> None:
    assert span_means(torch.ones(3, 2), torch.zeros(0, 2, dtype=torch.int64)).shape == (0, 2)
