"""A bag of words learns from labelled texts which words go with a label."""

from math import log

import pytest
import torch

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.train.bag_fitting import fit_bag

RAID, CALM, TALKS = "raid", "calm", "talks"
SAID = [
    ("drones hit the camp", (RAID,)), ("rockets hit the camp at night", (RAID,)), ("drones hit a bridge", (RAID,)),
    ("the day was quiet", (CALM,)), ("a quiet night at the bridge", (CALM,)), ("quiet day again", (CALM,)),
]  # fmt: skip


def documents(*said: tuple[str, tuple[str, ...] | None]) -> list[Document]:
    return [
        Document(Article(text), labels=None if names is None else tuple(map(TextLabel, names))) for text, names in said
    ]


def shares(labels: tuple[str, ...], text: str, *, exclusive: bool = False) -> dict[str, float]:
    bag = fit_bag(documents(*SAID), Schema(text_labels=labels, one_text_label=exclusive))
    logits = bag.logits(text)
    return dict(zip(labels, (logits.softmax(0) if exclusive else logits.sigmoid()).tolist(), strict=True))


@pytest.mark.parametrize("exclusive", [False, True])
def test_an_unseen_text_has_the_label_its_words_went_with(exclusive: bool) -> None:
    struck = shares((RAID, CALM), "drones hit the harbour", exclusive=exclusive)
    assert struck[RAID] > 0.6 > 0.4 > struck[CALM]
    still = shares((RAID, CALM), "a quiet harbour", exclusive=exclusive)
    assert still[CALM] > 0.6 > 0.4 > still[RAID]


@pytest.mark.parametrize("exclusive", [False, True])
def test_a_label_that_no_text_has_is_unlikely_everywhere(exclusive: bool) -> None:
    assert shares((RAID, TALKS, CALM), "drones hit the quiet camp", exclusive=exclusive)[TALKS] < 0.1


def test_each_of_three_labels_is_told_from_the_others() -> None:
    said = [*SAID, ("envoys met for talks", (TALKS,)), ("talks went on, envoys said", (TALKS,))]
    labels = (TALKS, RAID, CALM)
    bag = fit_bag(documents(*said), Schema(text_labels=labels, one_text_label=True))
    texts = {"the envoys said so": TALKS, "rockets hit it": RAID, "quiet": CALM}
    assert {text: labels[int(bag.logits(text).argmax())] for text in texts} == texts


def test_one_label_only_is_that_label_everywhere() -> None:
    said = documents(("drones hit the camp", (RAID,)), ("the camp was hit", (RAID,)))
    alone = fit_bag(said, Schema(text_labels=(RAID,)))
    assert alone.logits("quiet").sigmoid().item() > 0.8
    one_of_two = fit_bag(said, Schema(text_labels=(RAID, CALM), one_text_label=True))
    assert one_of_two.logits("quiet").argmax() == 0


def test_texts_whose_labels_are_unknown_teach_nothing() -> None:
    unknown = ("the envoys met and talks went on", None)
    with_them = fit_bag(documents(*SAID, unknown, unknown), Schema(text_labels=(RAID, CALM)))
    without = fit_bag(documents(*SAID), Schema(text_labels=(RAID, CALM)))
    assert with_them.terms == without.terms
    assert torch.equal(with_them.weights, without.weights)


@pytest.mark.parametrize("exclusive", [False, True])
def test_without_a_word_that_recurs_it_says_how_frequent_labels_are(exclusive: bool) -> None:
    said = documents(("drones", (RAID,)), ("quiet", (CALM,)), ("rockets", (RAID,)))
    bag = fit_bag(said, Schema(text_labels=(RAID, CALM), one_text_label=exclusive))
    assert bag.terms == ()
    assert bag.logits("drones").tolist() == pytest.approx([log(2.5 / 1.5), log(1.5 / 2.5)])
    assert fit_bag([], Schema(text_labels=(RAID,))).logits("drones").tolist() == [0.0]
