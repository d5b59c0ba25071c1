"""A run learns, repeats itself to the bit, and survives being killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tocsin.data.errors import ConfigError, DataError, TrainingError
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document
from tocsin.model.artifact import load
from tocsin.model.batches import join
from tocsin.model.passages import Reader
from tocsin.model.prediction import Model
from tocsin.train.clock import seconds_until
from tocsin.train.config import RunConfig
from tocsin.train.documents import stored
from tocsin.train.finish import finish
from tocsin.train.preparation import Run, prepare
from tocsin.train.scores import score
from tocsin.train.training import Progress, train
from tocsin.train.work import last_checkpoint

PARTS = ["trainer_state.json", "model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth"]  # of a checkpoint


def short(config: RunConfig, *, epochs: int = 6, **optim: int) -> RunConfig:
    return replace(config, optim=replace(config.optim, epochs=epochs, checkpoint_every=2, **optim))


def weights(model: Model) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.network.state_dict().items()}


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_a_tiny_encoder_learns_its_articles_by_heart(tiny_model: Model, tiny_documents: tuple[Document, ...]) -> None:
    predicted = [tiny_model.predict(document.article) for document in tiny_documents]
    headline = score(tiny_documents, predicted, DEFAULT_SCHEMA).headline()
    assert headline == dict.fromkeys(headline, 1.0)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    def trained(seed: int) -> dict[str, torch.Tensor]:
        run = prepare(replace(short(tiny_config), seed=seed), DEFAULT_SCHEMA, tiny_documents, ())
        return weights(train(run, work=tmp_path / "work", resume=False, watch=lambda progress: None))

    first = trained(1)
    assert same(first, trained(1))
    assert not same(first, trained(2))


def test_a_training_that_runs_away_ends_with_what_to_change(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = short(tiny_config)
    config = replace(config, optim=replace(config.optim, head_learning_rate=1e38, max_grad_norm=1e38))
    run = prepare(config, DEFAULT_SCHEMA, tiny_documents, tiny_documents)
    with pytest.raises(TrainingError, match=r"no longer a number.*head_learning_rate \(1e\+38\)"):
        train(run, work=tmp_path / "work", resume=False, watch=lambda progress: None)


class StopError(Exception):
    """Stands for whatever ends a run early."""


def stop_at(step: int) -> object:
    def watch(progress: Progress) -> None:
        if progress.step == step:
            raise StopError

    return watch


@pytest.mark.parametrize("stopped_at", [1, 5, 9], ids=["before-a-checkpoint", "after-one", "after-two"])
def test_a_resumed_run_ends_in_the_weights_of_an_uninterrupted_one(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path, stopped_at: int
) -> None:
    config = short(tiny_config, epochs=6)
    config = replace(config, model=replace(config.model, dropout=0.3))  # so that random states matter
    plan = {"work": tmp_path / "work", "watch": lambda progress: None}
    whole = weights(train(prepare(config, DEFAULT_SCHEMA, tiny_documents, ()), resume=False, **plan))
    run = prepare(config, DEFAULT_SCHEMA, tiny_documents, ())
    with pytest.raises(StopError):
        train(run, work=tmp_path / "work", resume=False, watch=stop_at(stopped_at))  # type: ignore[arg-type] # a closure
    resumed = train(prepare(config, DEFAULT_SCHEMA, tiny_documents, ()), resume=True, **plan)
    assert same(whole, weights(resumed))


def test_a_resumed_run_counts_the_seconds_before_its_checkpoint_too(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    def watch(progress: Progress) -> None:
        time.sleep(0.1)
        if progress.step == 9 and not is_resumed:
            raise StopError

    for is_resumed, n_steps in ((False, 8), (True, 12)):
        run = prepare(short(tiny_config), DEFAULT_SCHEMA, tiny_documents, ())
        with nullcontext() if is_resumed else pytest.raises(StopError):
            train(run, work=tmp_path, resume=is_resumed, watch=watch)
        last = last_checkpoint(tmp_path)
        assert last is not None
        assert last.name == f"checkpoint-{n_steps}"
        assert seconds_until(last) >= 0.1 * n_steps - 0.1


def test_no_checkpoint_and_one_that_kept_no_time_stand_for_no_seconds(tmp_path: Path) -> None:
    (tmp_path / "trainer_state.json").write_text('{"global_step": 4}')
    assert (seconds_until(None), seconds_until(tmp_path)) == (0, 0)


@pytest.fixture(scope="module")
def killed(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a run that was stopped after its second checkpoint."""
    work = tmp_path_factory.mktemp("killed") / "work"
    with pytest.raises(StopError):
        train(
            prepare(short(tiny_config), DEFAULT_SCHEMA, tiny_documents, ()),
            work=work,
            resume=False,
            watch=stop_at(9),  # type: ignore[arg-type] # a closure
        )
    return work


@pytest.fixture
def left_behind(killed: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to damage."""
    return shutil.copytree(killed, tmp_path / "work")


@pytest.mark.parametrize("damaged", PARTS)
def test_a_checkpoint_without_a_part_is_passed_over_for_the_one_before(left_behind: Path, damaged: str) -> None:
    later, earlier = left_behind / "checkpoint-8", left_behind / "checkpoint-4"
    assert last_checkpoint(left_behind) == later
    (later / damaged).unlink()
    assert last_checkpoint(left_behind) == earlier
    (earlier / damaged).unlink()
    assert last_checkpoint(left_behind) is None


@pytest.mark.parametrize("damaged", PARTS)
def test_a_checkpoint_cut_short_is_passed_over_for_the_one_before(left_behind: Path, damaged: str) -> None:
    part = left_behind / "checkpoint-8" / damaged
    part.write_bytes(part.read_bytes()[:-40])
    assert last_checkpoint(left_behind) == left_behind / "checkpoint-4"


def test_a_checkpoint_of_two_processes_has_the_random_numbers_of_both(
    left_behind: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    later = left_behind / "checkpoint-8"
    (later / "rng_state.pth").rename(later / "rng_state_0.pth")
    assert last_checkpoint(left_behind) is None
    shutil.copy(later / "rng_state_0.pth", later / "rng_state_1.pth")
    assert last_checkpoint(left_behind) == later


def test_checkpoints_of_nobody_knows_whom_are_none(left_behind: Path) -> None:
    (left_behind / "run.json").unlink()
    assert last_checkpoint(left_behind) is None


def test_a_run_goes_on_from_a_checkpoint_that_kept_no_time(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], left_behind: Path
) -> None:
    for path in left_behind.glob("checkpoint-*/trainer_state.json"):
        state = json.loads(path.read_text())
        del state["stateful_callbacks"]["Clock"]
        path.write_text(json.dumps(state))
    again = prepare(short(tiny_config), DEFAULT_SCHEMA, tiny_documents, ())
    train(again, work=left_behind, resume=True, watch=lambda progress: None)
    assert last_checkpoint(left_behind) == left_behind / "checkpoint-12"


def test_a_run_whose_last_checkpoint_lost_its_weights_resumes_at_the_one_before(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], left_behind: Path
) -> None:
    (left_behind / "checkpoint-8" / "model.safetensors").unlink()
    seen: list[int] = []
    again = prepare(short(tiny_config), DEFAULT_SCHEMA, tiny_documents, ())
    train(again, work=left_behind, resume=True, watch=lambda progress: seen.append(progress.step))
    assert seen[0] == 4  # dev is scored once more where it goes on


def test_a_run_does_not_resume_what_another_run_left(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = short(tiny_config)
    with pytest.raises(StopError):
        train(
            prepare(config, DEFAULT_SCHEMA, tiny_documents, ()),
            work=tmp_path / "work",
            resume=False,
            watch=stop_at(5),  # type: ignore[arg-type] # a closure
        )
    other = prepare(replace(config, seed=7), DEFAULT_SCHEMA, tiny_documents, ())
    with pytest.raises(ConfigError, match=r"work: was left by another run: seed = \d+ there, 7 here; resume with"):
        train(other, work=tmp_path / "work", resume=True, watch=lambda progress: None)


def test_a_run_resumes_what_was_left_before_a_setting_was_there(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    run, work = prepare(short(tiny_config), DEFAULT_SCHEMA, tiny_documents, ()), tmp_path / "work"
    with pytest.raises(StopError):
        train(run, work=work, resume=False, watch=stop_at(5))  # type: ignore[arg-type] # a closure
    stamp = work / "run.json"
    left = json.loads(stamp.read_text())
    del left["config"]["model"]["label_threshold"]
    stamp.write_text(json.dumps(left))
    seen: list[int] = []
    again = prepare(short(tiny_config), DEFAULT_SCHEMA, tiny_documents, ())
    train(again, work=work, resume=True, watch=lambda progress: seen.append(progress.step))
    assert seen[0] > 1
    stamp.write_text("{}")
    with pytest.raises(ConfigError, match=r"run\.json: tells of no run to go on with .*--overwrite"):
        train(again, work=work, resume=True, watch=lambda progress: None)


def test_with_dev_documents_the_best_epoch_is_kept_and_its_score_shown(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    seen: dict[int, float | None] = {}

    def watch(progress: Progress) -> None:
        seen[progress.epoch] = progress.dev_score

    run = prepare(short(tiny_config, epochs=30), DEFAULT_SCHEMA, tiny_documents[:1], tiny_documents[1:])
    model = train(run, work=tmp_path / "work", resume=False, watch=watch)
    predicted = [model.predict(document.article) for document in run.dev]
    scores = score(run.dev, predicted, DEFAULT_SCHEMA)
    layers = [scores.micro(layer).f1 for layer in ("entities", "triggers", "arguments")]
    del seen[0]
    assert len(seen) == 30
    assert sum(layers) / 3 == pytest.approx(max(value for value in seen.values() if value is not None))


@pytest.mark.parametrize("stopped_at", [2, 7], ids=["after-two-epochs", "between-checkpoints"])
def test_a_resumed_run_with_dev_documents_keeps_the_same_best_epoch(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path, stopped_at: int
) -> None:
    def prepared() -> Run:
        return prepare(short(tiny_config, epochs=12), DEFAULT_SCHEMA, tiny_documents[:1], tiny_documents[1:])

    plan = {"work": tmp_path / "work", "watch": lambda progress: None}
    whole = weights(train(prepared(), resume=False, **plan))
    run = prepared()
    with pytest.raises(StopError):
        train(run, work=tmp_path / "work", resume=False, watch=stop_at(stopped_at))  # type: ignore[arg-type] # a closure
    assert same(whole, weights(train(prepared(), resume=True, **plan)))


def test_a_run_does_not_resume_on_other_dev_documents(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    first, second = tiny_documents
    run = prepare(short(tiny_config), DEFAULT_SCHEMA, [first], [second])
    with pytest.raises(StopError):
        train(run, work=tmp_path / "work", resume=False, watch=stop_at(3))  # type: ignore[arg-type] # a closure
    other = prepare(short(tiny_config), DEFAULT_SCHEMA, [first], [replace(second, events=(), incidents=())])
    with pytest.raises(ConfigError, match="other dev documents"):
        train(other, work=tmp_path / "work", resume=True, watch=lambda progress: None)


PLAIN_NER = replace(DEFAULT_SCHEMA, event_types=(), roles=(), attributes=(), entity_attributes={}, countable={})
PARTS = {
    "entities-only": PLAIN_NER,
    "entities-with-attributes": replace(PLAIN_NER, entity_attributes=DEFAULT_SCHEMA.entity_attributes),
    "events-only": replace(PLAIN_NER, entity_labels=(), event_types=("ATTACK",)),
    "no-roles": replace(DEFAULT_SCHEMA, roles=()),
    "no-attributes": replace(DEFAULT_SCHEMA, attributes=(), countable={}),
}


@pytest.mark.parametrize("schema", PARTS.values(), ids=PARTS)
def test_a_schema_with_a_part_missing_trains_saves_loads_and_predicts(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path, schema: Schema
) -> None:
    known = {role.name for role in schema.roles}
    documents = [
        replace(
            document,
            entities=tuple(span for span in document.entities if span.label in schema.entity_labels),
            events=tuple(
                replace(event, arguments=tuple(a for a in event.arguments if a.role in known))
                for event in document.events
                if event.type in schema.event_types
            ),
            incidents=(),
        )
        for document in tiny_documents
    ]
    run = prepare(short(tiny_config, epochs=2), schema, documents, ())
    model = train(run, work=tmp_path / "work", resume=False, watch=lambda progress: None)
    finish(run, model, tuple(documents), tmp_path / "model", seconds=0.0)
    article = tiny_documents[0].article
    assert load(tmp_path / "model").predict(article) == model.predict(article)


def test_an_article_is_read_the_same_beside_another_in_a_batch(
    tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    reader = Reader(tiny_model.tokenizer, tiny_model.settings)
    passages = [passage for document in tiny_documents for passage in reader.passages(document.article.text)]
    with torch.inference_mode():
        alone = [tiny_model.network.read(join([passage]))[0] for passage in passages]
        together = tiny_model.network.read(join(passages))[0]
    assert torch.allclose(torch.cat(alone), together, atol=1e-5)


def test_frozen_layers_and_all_embeddings_below_them_stay_as_they_were(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    run = prepare(short(tiny_config, epochs=2, frozen_layers=1), DEFAULT_SCHEMA, tiny_documents, ())
    before = weights(run.model)
    train(run, work=tmp_path / "work", resume=False, watch=lambda progress: None)
    after = weights(run.model)
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert not any(name.startswith(("encoder.embeddings.", "encoder.encoder.layer.0.")) for name in moved)
    assert any(name.startswith("encoder.encoder.layer.1.") for name in moved)


def test_without_dev_documents_the_scores_are_of_train_however_many_are_scored_at_once(
    tiny_config: RunConfig,
    tiny_model: Model,
    tiny_documents: tuple[Document, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = stored(tiny_documents)
    run = prepare(tiny_config, DEFAULT_SCHEMA, documents, ())
    predicted = list(tiny_model.predict_raw_many(document.article for document in documents))
    for n_scored in (1, 2, 3):
        monkeypatch.setattr("tocsin.train.finish.N_SCORED", n_scored)
        scores, scored_on = finish(run, tiny_model, documents, tmp_path / str(n_scored), seconds=0.0)
        assert (scores, scored_on) == (score(tiny_documents, predicted, DEFAULT_SCHEMA), "train")


def test_nothing_to_learn_from_is_an_error(tiny_config: RunConfig) -> None:
    with pytest.raises(DataError, match="hold no words"):
        prepare(tiny_config, DEFAULT_SCHEMA, [Document(Article(text=" "))], ())


def test_windows_longer_than_the_encoder_reads_are_refused(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...]
) -> None:
    config = replace(tiny_config, model=replace(tiny_config.model, max_tokens=65))
    with pytest.raises(ConfigError, match="max_tokens = 65: the encoder reads 64 at most"):
        prepare(config, DEFAULT_SCHEMA, tiny_documents, ())


KILLED_CONFIG = """
encoder = "{encoder}"
[data]
train = ["gold.jsonl"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 40
checkpoint_every = 1
"""


def test_a_run_killed_outright_resumes_from_the_command_line_to_the_same_weights(
    tiny_encoder: Path, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    write_documents(tmp_path / "gold.jsonl", tiny_documents)
    (tmp_path / "run.toml").write_text(KILLED_CONFIG.format(encoder=tiny_encoder))
    command = [sys.executable, "-m", "tocsin", "train", str(tmp_path / "run.toml"), "--out"]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen([*command, str(killed)], stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 300
    while last_checkpoint(killed / "checkpoints") is None and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert last_checkpoint(killed / "checkpoints") is not None
    assert not (killed / "tocsin.json").exists()
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    resumed = [*command, str(killed), "--resume"]
    talk = subprocess.run(resumed, check=True, capture_output=True, text=True, env=environment).stderr
    assert f"resumes at {killed / 'checkpoints' / 'checkpoint-'}" in talk
    subprocess.run([*command, str(whole)], check=True, capture_output=True, env=environment)
    hashes = [json.loads((out / "tocsin.json").read_text())["files"]["model.safetensors"] for out in (killed, whole)]
    assert hashes[0] == hashes[1]
