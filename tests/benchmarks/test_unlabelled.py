"""Of most texts the labels are taken away, and what is told are two models of the same steps."""

import doctest
from dataclasses import replace
from pathlib import Path
from typing import Any

import unlabelled
from unlabelled import compared, drawn, markdown

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.train.config import OptimSettings, RunConfig
from tocsin.train.documents import stored
from tocsin.train.sets import Sets

SCHEMA = Schema(text_labels=("raid", "talk"), one_text_label=True)
TEXTS = {"raid": "Rockets fell on camp {}.", "talk": "Both sides met on day {}."}


def documents(prefix: str, n: int) -> list[Document]:
    names = ["raid", "talk"] * n
    texts = [TEXTS[name].format(number) for number, name in enumerate(names[:n])]
    return [
        Document(Article(id=f"{prefix}{number}", text=text), labels=(TextLabel(name),))
        for number, (text, name) in enumerate(zip(texts, names, strict=False))
    ]


def run(alone: float, taught: float, seconds: float = 60.0) -> dict[str, Any]:
    source = {"commit": "0123abc", "machine": "a machine, 2 cores"}
    counts = {"n_texts": 1200, "n_labelled": 150}
    return {"alone": alone, "taught": taught, "seconds": seconds, "provenance": source, **counts}


def test_the_texts_that_are_not_drawn_keep_their_place_and_lose_their_labels() -> None:
    everything = documents("a", 9)
    labelled, texts = drawn(everything, 4, seed=1)
    assert [document.article for document in texts] == [document.article for document in everything]
    assert [document for document in texts if document.labels is not None] == labelled
    assert len(labelled) == 4
    assert any(drawn(everything, 4, seed=seed)[0] != labelled for seed in range(2, 6))


def test_both_models_are_trained_and_scored_on_the_same_texts(tiny_encoder: Path) -> None:
    optim = OptimSettings(epochs=1, batch_passages=2)
    config = RunConfig(task="text", encoder=str(tiny_encoder), optim=optim)
    config = replace(config, model=replace(config.model, max_tokens=24, overlap=6))
    sets = Sets(SCHEMA, stored(documents("a", 8)), tuple(documents("b", 4)))
    scores = compared(config, sets, 4)
    assert set(scores) == {"alone", "taught"}
    assert all(0.0 <= score <= 1.0 for score in scores.values())


def test_the_page_tells_the_difference_of_each_seed_and_of_all() -> None:
    told = markdown({"runs": {"10": run(0.5, 0.7), "2": run(0.6, 0.7)}})
    assert told.index("| 2 | 0.600 | 0.700 | +0.100 |") < told.index("| 10 | 0.500 | 0.700 | +0.200 |")
    assert "| mean | 0.550 ± 0.071 | 0.700 ± 0.000 | +0.150 ± 0.071 |" in told
    assert "Of the 1,200 texts" in told
    assert "Trained at commit: 0123abc. Minutes a seed: 1.0." in told


def test_the_examples_in_docstrings_come_out_as_they_say() -> None:
    assert doctest.testmod(unlabelled).failed == 0
