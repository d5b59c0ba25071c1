"""A model that a run starts from is asked what it has seen."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import ArtifactError
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.facts import run_facts
from tocsin.model.artifact import record_of, weights_hash
from tocsin.model.prediction import Model
from tocsin.train.card import card
from tocsin.train.config import InitSettings, JointSettings, RunConfig
from tocsin.train.finish import finish
from tocsin.train.joint import JointSet
from tocsin.train.leaks import leaks, seen_in_dev
from tocsin.train.preparation import prepare
from tocsin.train.scores import Scores
from tocsin.train.seen import Seen, text_hash, trained_on


def started(model: Path) -> RunConfig:
    return RunConfig(init=InitSettings(str(model)))


def named(*ids: str) -> list[Document]:
    return [Document(Article("Nothing happened.", id=each), (), (), ()) for each in ids]


def told(config: RunConfig, held_out: Sequence[Document]) -> list[str]:
    return [str(leak) for leak in leaks(config, held_out)]


def test_an_article_that_the_model_learned_from_is_named(
    tiny_artifact: Path, tiny_documents: tuple[Document, ...]
) -> None:
    (leak,) = told(started(tiny_artifact), [*named("new"), *tiny_documents])
    assert leak.startswith(f"[init] from {tiny_artifact}: has seen articles that are held out")
    assert ": first, second; their scores are too good" in leak


def test_an_article_is_told_by_its_text_and_not_by_its_id(
    tiny_artifact: Path, tiny_documents: tuple[Document, ...]
) -> None:
    first, second = tiny_documents
    text = first.article.text.upper().replace(" ", "\n ")
    renamed = replace(first, article=replace(first.article, id="renamed", text=text))
    other = named(second.article.id)
    (leak,) = told(started(tiny_artifact), [renamed, *other])
    assert "held out: renamed; their" in leak
    assert told(started(tiny_artifact), other) == []


def test_a_model_that_kept_ids_alone_is_believed_on_condition(
    tiny_artifact: Path, tiny_documents: tuple[Document, ...]
) -> None:
    run = {key: value for key, value in record_of(tiny_artifact).run.items() if key != "joint"}
    before = trained_on({**run, "train": {key: value for key, value in run["train"].items() if key != "texts"}})
    assert [each.article in before for each in named("first", "new")] == [True, False]
    assert before.proviso == ", if equal ids are equal texts"
    assert trained_on(run).proviso == ""


def test_nothing_is_said_of_articles_that_the_model_has_not_seen(tiny_artifact: Path) -> None:
    assert told(started(tiny_artifact), named("new", "newer")) == []


def test_nothing_is_said_of_a_run_that_starts_from_a_pretrained_encoder(tiny_documents: tuple[Document, ...]) -> None:
    assert told(RunConfig(), tiny_documents) == []


def test_articles_that_chose_its_epoch_or_were_learned_beside_its_own_count_too(
    tiny_config: RunConfig, tiny_model: Model, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    first, second = tiny_documents
    calm = Document(Article("No one was hurt.", id="calm"), (), (), (), labels=(TextLabel("calm"),))
    config = replace(tiny_config, joint=JointSettings(("calm.toml",)))
    other = RunConfig(task="text", model=tiny_config.model)
    beside = JointSet("calm.toml", other, Schema(text_labels=("calm",)), (calm,))
    run = prepare(config, DEFAULT_SCHEMA, (first,), (second,), beside=(beside,))
    finish(run, tiny_model, (first,), tmp_path / "model", seconds=1.0)
    (leak,) = told(started(tmp_path / "model"), [second, calm, *named("new")])
    assert ": second, calm;" in leak


def test_articles_that_the_model_was_itself_started_with_count_too(
    tiny_config: RunConfig, tiny_artifact: Path, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    start = str(tiny_artifact)
    for step in ("one", "two"):
        config = replace(tiny_config, encoder=RunConfig().encoder, init=InitSettings(start))
        own = replace(tiny_documents[0], article=replace(tiny_documents[0].article, id=step))
        run = prepare(config, DEFAULT_SCHEMA, (own,), ())
        finish(run, run.model, (own,), tmp_path / step, seconds=1.0)
        start = str(tmp_path / step)
    (leak,) = told(started(tmp_path / "two"), [tiny_documents[1], *named("new")])
    assert ": second; their" in leak


def test_what_is_kept_of_articles_gives_them_again() -> None:
    seen = Seen(frozenset({text_hash("One."), text_hash("Two.")}), frozenset({"three"}))
    assert Seen.of(seen.to_json()) == seen
    assert Seen.of(Seen().to_json()) == Seen()


def test_many_articles_are_not_all_named(
    tiny_config: RunConfig, tiny_model: Model, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    first, _ = tiny_documents
    many = tuple(replace(first, article=replace(first.article, id=f"n{number}")) for number in range(12))
    finish(prepare(tiny_config, DEFAULT_SCHEMA, many, ()), tiny_model, many, tmp_path / "model", seconds=1.0)
    (leak,) = told(started(tmp_path / "model"), many)
    assert "n9 and 2 more; their" in leak


def test_dev_documents_that_the_model_has_seen_are_told_with_their_number(
    tiny_artifact: Path, tiny_documents: tuple[Document, ...]
) -> None:
    (problem,) = seen_in_dev(started(tiny_artifact), [*named("new"), *tiny_documents])
    assert str(problem) == (
        f"[init] from {tiny_artifact}: has seen 2 of the 3 dev documents, first for one: dev scores may be too good"
    )
    assert list(seen_in_dev(started(tiny_artifact), named("new"))) == []
    assert list(seen_in_dev(RunConfig(), tiny_documents)) == []


def test_a_model_tells_which_one_it_started_from_and_one_from_before_names_it_alone(
    tiny_config: RunConfig, tiny_artifact: Path, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = replace(tiny_config, encoder=RunConfig().encoder, init=InitSettings(str(tiny_artifact)))
    run = prepare(config, DEFAULT_SCHEMA, tiny_documents, ())
    finish(run, run.model, tiny_documents, tmp_path / "model", seconds=1.0)
    record = record_of(tmp_path / "model")
    weights = weights_hash(tiny_artifact)
    seen = [{"texts": sorted(text_hash(document.article.text) for document in tiny_documents)}, {"ids": []}]
    assert record.run["init"] == {"model": str(tiny_artifact), "weights": weights, "seen": seen}
    origin = f"of {tiny_artifact} (weights {weights[:12]})"
    assert f"- started from the encoder {origin}; what that was trained on" in record.card
    assert f"- encoder {origin}, seed" in record.card
    assert "with the config below, the same model to start from and the same articles" in record.card
    assert run_facts(record.run, record.metrics)["encoder"] == origin
    before = {name: value for name, value in record.run.items() if name != "init"}
    assert run_facts(before, record.metrics)["encoder"] == f"of {tiny_artifact}"
    assert f"- encoder of {tiny_artifact}, seed" in card("m", before, record.metrics, Scores(), DEFAULT_SCHEMA)
    assert "init" not in record_of(tiny_artifact).run
    assert "started from" not in record_of(tiny_artifact).card


def test_a_folder_that_holds_no_model_is_an_error(tmp_path: Path, tiny_config: RunConfig) -> None:
    config = replace(tiny_config, encoder=RunConfig().encoder, init=InitSettings(str(tmp_path)))
    with pytest.raises(ArtifactError, match=r"\[init\] from: .*holds no"):
        prepare(config, DEFAULT_SCHEMA, named("new"), ())
    with pytest.raises(ArtifactError, match=r"\[init\] from: .*holds no"):
        told(started(tmp_path), named("new"))
