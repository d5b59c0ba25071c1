"""One encoder learns from several sets at once, each with heads of its own, and only the run's own set is kept."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tocsin.data.errors import ConfigError, DataError
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Span, TextLabel
from tocsin.model.artifact import load
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings
from tocsin.train.batches import Collator
from tocsin.train.config import JointSettings, RunConfig
from tocsin.train.finish import finish
from tocsin.train.joint import JointSet
from tocsin.train.joint_network import JointNetwork
from tocsin.train.preparation import Companion, Run, prepare
from tocsin.train.search import begin, go_on, plan
from tocsin.train.sets import Sets
from tocsin.train.training import Progress, train

WINDOWS = ModelSettings(max_tokens=16, overlap=4, pair_width=8, dropout=0.0)
CRAFT = tuple(
    Document(Article(f"{name} struck near port sund.", id=name), entities=(Span(0, len(name), "CRAFT"),))
    for name in ("drones", "rockets", "soldiers", "raid")
)
MOOD = tuple(
    Document(Article(f"{words} on monday.", id=words), labels=(TextLabel(label),))
    for words, label in (
        ("drones hit camp vale", "raid"),
        ("no one was hurt", "calm"),
        ("rockets hit fort dane", "raid"),
    )
)
LABELS = Schema(text_labels=("raid", "calm"), one_text_label=True)
BESIDE = (
    JointSet("craft.toml", RunConfig(task="tokens", model=WINDOWS), Schema(entity_labels=("CRAFT",)), CRAFT),
    JointSet("mood.toml", RunConfig(task="text", model=WINDOWS), LABELS, MOOD),
)


@pytest.fixture(scope="module")
def config(tiny_config: RunConfig) -> RunConfig:
    optim = replace(tiny_config.optim, epochs=6, checkpoint_every=2, batch_passages=2)
    model = replace(tiny_config.model, dropout=0.3)  # so that random states matter
    return replace(tiny_config, optim=optim, model=model, joint=JointSettings(("craft.toml", "mood.toml"), 0.5))


@pytest.fixture
def prepared(config: RunConfig, tiny_documents: tuple[Document, ...]) -> Callable[..., Run]:
    def make(*, dev: tuple[Document, ...] = (), **optim: float) -> Run:
        changed = replace(config, optim=replace(config.optim, **optim))  # type: ignore[arg-type] # of several types
        return prepare(changed, DEFAULT_SCHEMA, tiny_documents, dev, beside=BESIDE)

    return make


def trained(run: Run, work: Path, *, resume: bool = False, watch: Callable[[Progress], None] | None = None) -> Model:
    return train(run, work=work, resume=resume, watch=watch or (lambda progress: None))


def weights(run: Run) -> dict[str, torch.Tensor]:
    """Those of all sets."""
    return {
        f"{n} {name}": own.clone() for n, each in enumerate(run.networks) for name, own in each.state_dict().items()
    }


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def loss_on(other: Companion) -> float:
    """What a set's network loses on its own rows."""
    batch = Collator(other.origin.schema)([other.rows[row] for row in range(len(other.rows))])
    other.network.eval()
    with torch.inference_mode():
        return float(other.network(**batch)["loss"])


def test_all_sets_share_one_encoder_and_read_with_windows_of_their_own(prepared: Callable[..., Run]) -> None:
    run = prepared()
    assert all(other.network.encoder is run.model.network.encoder for other in run.beside)
    assert [len(other.rows) for other in run.beside] == [4, 3]
    windows = [json.loads(other.rows[0]["example"])["passage"]["windows"] for other in run.beside]
    assert all(len(window) <= WINDOWS.max_tokens for each in windows for window in each)


def test_the_heads_of_every_set_learn(prepared: Callable[..., Run], tmp_path: Path) -> None:
    run = prepared(epochs=20)
    before = [loss_on(other) for other in run.beside]
    trained(run, tmp_path / "work")
    assert all(after < start / 2 for after, start in zip(map(loss_on, run.beside), before, strict=True))


def test_the_model_is_of_the_runs_own_set_and_says_what_else_it_learned_from(
    prepared: Callable[..., Run], tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    run = prepared(epochs=3)
    alone = replace(run.config, joint=JointSettings())
    own_weights = prepare(alone, DEFAULT_SCHEMA, tiny_documents, ()).model.network.state_dict().keys()
    model = trained(run, tmp_path / "work")
    finish(run, model, tiny_documents, tmp_path / "model", seconds=0.0)
    kept = load(tmp_path / "model")
    assert kept.schema == DEFAULT_SCHEMA
    assert load_file(tmp_path / "model" / "model.safetensors").keys() == own_weights
    predicted = kept.predict(tiny_documents[0].article)
    assert {span.label for span in predicted.entities} <= set(DEFAULT_SCHEMA.entity_labels)
    assert predicted.labels is None
    record = json.loads((tmp_path / "model" / "run.json").read_text())["joint"]
    assert record["temperature"] == 0.5
    assert record["own"] == {"rows": 2, "rows_drawn": 6}
    told = [(each["config"], each["task"], each["rows"], each["rows_drawn"]) for each in record["sets"]]
    assert told == [("craft.toml", "tokens", 4, 6), ("mood.toml", "text", 3, 5)]
    assert record["sets"][0]["train"]["spans"] == {"CRAFT": 4}
    card = (tmp_path / "model" / "README.md").read_text()
    assert "craft.toml too, with heads that are not in here: 4 documents, 4 rows, each drawn 1.5 times" in card
    assert "with the config below, those that its [joint] names and the same articles" in card


def test_a_model_of_one_set_says_nothing_of_others(tiny_artifact: Path) -> None:
    assert json.loads((tiny_artifact / "run.json").read_text())["joint"] is None
    assert "joint" not in (tiny_artifact / "README.md").read_text()


class StopError(Exception):
    """Stands for whatever ends a run early."""


@pytest.mark.parametrize(
    "optim",
    [{}, {"accumulate": 2}, {"batch_passages": 1}],
    ids=["plain", "in-parts", "row-by-row"],
)
def test_a_resumed_run_ends_in_the_weights_of_an_uninterrupted_one(
    prepared: Callable[..., Run], tiny_documents: tuple[Document, ...], tmp_path: Path, optim: dict[str, float]
) -> None:
    dev = tiny_documents[1:]
    whole, stopped, resumed = (prepared(dev=dev, **optim) for _ in range(3))
    trained(whole, tmp_path / "whole")
    n_epochs = 0

    def watch(progress: Progress) -> None:
        nonlocal n_epochs
        n_epochs = progress.epoch
        if progress.epoch == 3:
            raise StopError

    with pytest.raises(StopError):
        trained(stopped, tmp_path / "work", watch=watch)
    assert n_epochs == 3
    assert not same(weights(stopped), weights(whole))
    trained(resumed, tmp_path / "work", resume=True)
    assert same(weights(resumed), weights(whole))


def test_a_run_is_as_long_as_it_says(prepared: Callable[..., Run], tmp_path: Path) -> None:
    run, steps = prepared(accumulate=2), list[Progress]()
    trained(run, tmp_path / "work", watch=steps.append)
    assert run.n_steps == 12  # 1 + 1 + 1 batches an epoch, two a step
    assert (steps[-1].step, steps[-1].n_steps, steps[-1].epoch) == (12, 12, 6)


def test_the_same_seed_gives_the_same_weights_and_another_temperature_others(
    prepared: Callable[..., Run], config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    cool = replace(config, joint=replace(config.joint, temperature=1.0))
    runs = prepared(), prepared(), prepare(cool, DEFAULT_SCHEMA, tiny_documents, (), beside=BESIDE)
    for number, run in enumerate(runs):
        trained(run, tmp_path / str(number))
    assert same(weights(runs[0]), weights(runs[1]))
    assert not same(weights(runs[0]), weights(runs[2]))


def test_a_run_does_not_resume_beside_other_documents(
    prepared: Callable[..., Run], config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    trained(prepared(epochs=6), tmp_path / "work")
    fewer = (replace(BESIDE[0], documents=CRAFT[:3]), BESIDE[1])
    other = prepare(config, DEFAULT_SCHEMA, tiny_documents, (), beside=fewer)
    with pytest.raises(ConfigError, match=r"other documents or settings of \[joint\] craft.toml; resume"):
        trained(other, tmp_path / "work", resume=True)


def test_every_weight_has_a_gradient_and_heads_without_a_batch_then_stay_as_they_are(
    prepared: Callable[..., Run],
) -> None:
    run = prepared()
    network, other = JointNetwork(run.networks), run.beside[0]
    batch = Collator(other.origin.schema)([other.rows[0]])
    network(**batch, number=1)["loss"].backward()
    assert all(own.grad is not None for own in network.parameters() if own.requires_grad)
    network.leave_out_idle_heads()
    asked = {name for name, own in network.named_parameters() if own.grad is not None}
    trainable = {name for name, own in network.named_parameters() if own.requires_grad}
    expected = {name for name in trainable if name.startswith(("networks.0.encoder.", "networks.1."))}
    assert asked == expected


def test_a_step_moves_the_heads_of_its_set_and_no_others(prepared: Callable[..., Run], tmp_path: Path) -> None:
    run, states = prepared(batch_passages=1), [dict[str, torch.Tensor]()]
    states[0] = weights(run)
    trained(run, tmp_path / "work", watch=lambda progress: states.append(weights(run)))
    moved = [
        {name[0] for name in after if ".encoder." not in f".{name[2:]}" and not torch.equal(before[name], after[name])}
        for before, after in pairwise(states)
    ]
    steps = [numbers for numbers in moved if numbers]  # at the end of an epoch nothing moves
    assert Counter(frozenset(numbers) for numbers in steps) == {
        frozenset(str(n)): 6 * k for n, k in enumerate((2, 3, 2))
    }


def test_a_state_holds_the_encoder_once_and_gives_it_to_all(prepared: Callable[..., Run], tmp_path: Path) -> None:
    run, other = prepared(), prepared()
    with torch.no_grad():
        for own in JointNetwork(run.networks).parameters():
            own.add_(1.0)
    save_file(
        JointNetwork(run.networks).state_dict(), tmp_path / "state.safetensors"
    )  # refuses a tensor that is there twice
    JointNetwork(other.networks).load_state_dict(load_file(tmp_path / "state.safetensors"))
    assert same(weights(other), weights(run))
    assert other.beside[1].network.encoder is other.model.network.encoder


def test_windows_of_another_set_that_are_longer_than_the_encoder_reads_are_refused(
    config: RunConfig, tiny_documents: tuple[Document, ...]
) -> None:
    long = replace(BESIDE[0], config=replace(BESIDE[0].config, model=replace(WINDOWS, max_tokens=65)))
    with pytest.raises(ConfigError, match=r"\[joint\] craft\.toml: \[model\] max_tokens = 65: the encoder reads 64"):
        prepare(config, DEFAULT_SCHEMA, tiny_documents, (), beside=(long, BESIDE[1]))


def test_another_set_without_words_is_refused(config: RunConfig, tiny_documents: tuple[Document, ...]) -> None:
    silent = replace(BESIDE[0], documents=(Document(Article(text=" ")),))
    with pytest.raises(DataError, match=r"\[joint\] craft\.toml: the training documents hold no words"):
        prepare(config, DEFAULT_SCHEMA, tiny_documents, (), beside=(silent, BESIDE[1]))


def test_a_run_is_not_prepared_without_the_sets_that_its_config_names(
    config: RunConfig, tiny_documents: tuple[Document, ...]
) -> None:
    with pytest.raises(ValueError, match=r"1 sets beside 2 that \[joint\] names"):
        prepare(config, DEFAULT_SCHEMA, tiny_documents, (), beside=BESIDE[:1])


def test_a_search_tries_temperatures_and_is_of_its_sets(
    config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    optim = replace(config.optim, epochs=2)
    config = replace(config, optim=optim, search={"joint.temperature": (0.0, 1.0)})
    sets = Sets(DEFAULT_SCHEMA, tiny_documents[:1], tiny_documents[1:], beside=BESIDE)
    places = {"out": tmp_path, "work": tmp_path / "work"}
    told: list[Run] = []
    search = begin(config, plan(config), sets, resume=False, **places)
    done = go_on(search, sets, watch=lambda *_: None, tell=told.append, **places)
    assert [outcome.settings for outcome in done.outcomes] == [{"joint.temperature": 0.0}, {"joint.temperature": 1.0}]
    assert [run.shares.temperature for run in told] == [0.0]
    fewer = replace(sets, beside=(replace(BESIDE[0], documents=CRAFT[:2]), BESIDE[1]))
    with pytest.raises(ConfigError, match=r"another search: other sets that \[joint\] names"):
        begin(config, plan(config), fewer, resume=True, **places)
