"""One training run: documents in, a model out, the same each time for the same seed.

`transformers.Trainer` does the steps, the schedule and the checkpoints; what is ours hangs on its callbacks.
A run that was killed resumes at its last whole checkpoint and ends in the same weights.
"""

import json
import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import datasets
import torch
from torch import nn
from transformers import Trainer, TrainerCallback, TrainingArguments, set_seed
from transformers.trainer_callback import PrinterCallback

from tocsin.data.errors import ConfigError, DataError
from tocsin.data.jsonl import document_to_record
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.artifact import load, weights_hash
from tocsin.model.encoder import DEFAULT_ENCODER, encoder_again, encoder_folder, load_encoder
from tocsin.model.network import Network
from tocsin.model.passages import Reader
from tocsin.model.prediction import Model
from tocsin.model.settings import EVEN, ModelSettings
from tocsin.train.averaging import AVERAGE, Averager
from tocsin.train.bag_fitting import fit_bag
from tocsin.train.batches import LENGTH, Collator
from tocsin.train.best import keep_best, take_best
from tocsin.train.bucketing import LengthSampler
from tocsin.train.config import OptimSettings, RunConfig, settled
from tocsin.train.dev_metric import dev_metric
from tocsin.train.earlier import Earlier, read_earlier
from tocsin.train.examples import Losses
from tocsin.train.joint import JointSet
from tocsin.train.joint_batches import JointCollator, JointRows
from tocsin.train.joint_network import IdleHeads, JointNetwork
from tocsin.train.json_text import json_text
from tocsin.train.label_threshold import best_threshold, is_free, relabelled
from tocsin.train.optimizer import freeze, optimizer_of, schedule
from tocsin.train.processes import is_first, n_processes, wait_for_all
from tocsin.train.rows import write_rows
from tocsin.train.shares import Shares
from tocsin.train.teachers import Teacher, ask, teachers_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; `loss` and `dev_score` are of the last whole epoch, None before there is one."""

    step: int
    n_steps: int
    epoch: int  # whole ones
    loss: float | None
    dev_score: float | None  # see `dev_score`


@dataclass(frozen=True, slots=True)
class Companion:
    """Another set that a run learns from, ready to start."""

    origin: JointSet
    network: Network  # over the run's encoder
    rows: datasets.Dataset  # on disk
    losses: Losses


@dataclass(frozen=True, slots=True)
class Run:
    """What is trained on what, ready to start."""

    config: RunConfig
    schema: Schema
    model: Model  # untrained
    rows: datasets.Dataset  # on disk
    digest: str  # SHA-256 of the rows of all sets, the dev documents, and the weights that are started or taught from
    dev: tuple[Document, ...]
    losses: Losses
    earlier: Earlier | None = None  # the cross-validation that the config names
    beside: tuple[Companion, ...] = ()  # what else the encoder learns from
    teachers: tuple[Teacher, ...] = ()  # whose predictions of its own set it learns

    @property
    def networks(self) -> list[Network]:
        """Of each set, the run's own first; all over one encoder."""
        return [self.model.network, *(other.network for other in self.beside)]

    @property
    def shares(self) -> Shares:
        """How much of each set an epoch takes, the run's own first."""
        n_rows = (len(self.rows), *(len(other.rows) for other in self.beside))
        return Shares(n_rows, self.config.optim.batch_passages, self.config.joint.temperature, n_processes())

    @property
    def n_steps(self) -> int:
        n_batches = -(-sum(self.shares.batches_an_epoch) // n_processes())
        return self.config.optim.epochs * -(-n_batches // self.config.optim.accumulate)


def prepare(
    config: RunConfig,
    schema: Schema,
    documents: Sequence[Document],
    dev: Sequence[Document],
    *,
    beside: Sequence[JointSet] = (),
) -> Run:
    """Build the network from the run's seed and turn the documents into training rows.

    Args:
        config: the run's.
        schema: of its own set.
        documents: what is learned from.
        dev: what the best epoch is chosen on.
        beside: the sets that `[joint]` names; each gets a network over the same encoder.

    Raises:
        ConfigError: the encoder is not to be had, its windows are shorter than a config wants, the cross-validation
            it names is not of this run, or a teacher is none or of other labels.
        DataError: the documents hold nothing to learn from.
    """
    if len(beside) != len(config.joint.configs):
        raise ValueError(f"{len(beside)} sets beside {len(config.joint.configs)} that [joint] names; give each of them")
    earlier = read_earlier(config, schema, documents, beside=beside)
    teachers = teachers_of(config, schema)
    lessons = ask(teachers, documents, schema) if teachers else None
    set_seed(config.seed)
    encoder, tokenizer = _encoder(config)
    _refuse_longer_windows(encoder, config.model)
    freeze(encoder, config.optim.frozen_layers)
    reader = Reader(tokenizer, config.model)
    rows, losses, digest = write_rows(documents, reader, schema, lessons)
    settings = replace(config.model, label_threshold=config.model.label_threshold or EVEN)
    bag = fit_bag(documents, schema) if settings.bag_of_words and schema.text_labels else None
    model = Model(Network(encoder, schema, settings), tokenizer, schema, settings, bag=bag)
    if config.init.from_:
        digest.update(weights_hash(config.paths((config.init.from_,))[0]).encode())
    for teacher in teachers:
        digest.update(teacher.weights.encode())
    for document in dev:
        digest.update(json.dumps(document_to_record(document)).encode())
    others = tuple(_companion(origin, encoder, tokenizer) for origin in beside)
    for origin in beside:
        for piece in json_text(origin.record()):
            digest.update(piece.encode())
    return Run(config, schema, model, rows, digest.hexdigest(), tuple(dev), losses, earlier, others, teachers)


def _companion(origin: JointSet, encoder: Any, tokenizer: Any) -> Companion:
    """A set that is learned from beside the run's own, with heads of its own."""
    settings = origin.config.model
    try:
        _refuse_longer_windows(encoder, settings)
        rows, losses, _ = write_rows(origin.documents, Reader(tokenizer, settings), origin.schema)
    except (ConfigError, DataError) as error:
        raise type(error)(f"[joint] {origin.name}: {error}") from error
    return Companion(origin, Network(encoder, origin.schema, settings), rows, losses)


def _encoder(config: RunConfig) -> tuple[Any, Any]:
    """What the network is built on, and its tokenizer: pretrained, or taken from a model of any task."""
    if not config.init.from_:
        folder = encoder_folder(config.encoder, base=Path(config.base))
        return load_encoder(folder, attention_dropout=config.model.attention_dropout)
    if config.encoder != DEFAULT_ENCODER:
        raise ConfigError(f"encoder = {config.encoder!r} and [init] from: expected one of the two; from brings its own")
    (folder_of_model,) = config.paths((config.init.from_,))
    trained = load(folder_of_model)
    encoder = encoder_again(trained.network.encoder, attention_dropout=config.model.attention_dropout)
    return encoder, trained.tokenizer


def train(run: Run, *, work: Path, resume: bool, watch: Callable[[Progress], None]) -> Model:
    """Train to the last epoch; with dev documents, the best epoch's weights are returned.

    Args:
        run: from `prepare`; its model is trained in place.
        work: a folder for checkpoints; remove it when the model is safe elsewhere.
        resume: start from the last whole checkpoint in `work`, if there is one.
        watch: is called after each step.

    Raises:
        ConfigError: `work` holds checkpoints of another run.
    """
    arguments = _arguments(run, work)  # joins the processes, if there are several
    if is_first():
        _claim(work, run, resume=resume)
    wait_for_all()
    module = JointNetwork(run.networks) if run.beside else run.model.network
    decay = run.config.optim.averaging
    averager = Averager(module, decay) if decay else None
    monitor = _Monitor(run, work, watch, averager)
    trainer = _trainer(run, arguments, module, [averager, monitor] if averager else [monitor])
    checkpoint = last_checkpoint(work, has_average=averager is not None)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    wait_for_all()
    if averager:
        averager.settle()
    take_best(run.model, work)
    run.model.network.eval()
    return run.model


def _trainer(run: Run, arguments: TrainingArguments, module: nn.Module, callbacks: list[TrainerCallback]) -> Trainer:
    """What trains the module: the run's network, or all sets' as one."""
    rows: Any = run.rows
    collator: Collator | JointCollator = Collator(run.schema, teaching=run.config.distill.weight)
    if isinstance(module, JointNetwork):
        rows = JointRows([run.rows, *(other.rows for other in run.beside)], run.shares)
        schemas = [run.schema, *(other.origin.schema for other in run.beside)]
        collator = JointCollator(schemas, teaching=run.config.distill.weight)
        callbacks = [*callbacks, IdleHeads(module)]
    optimizer = optimizer_of(run.networks, run.config.optim)
    trainer = _Trainer(
        model=module,
        args=arguments,
        train_dataset=rows,
        data_collator=collator,
        optimizers=(optimizer, schedule(optimizer, n_steps=run.n_steps, warmup=run.config.optim.warmup)),
        callbacks=callbacks,
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def dev_score(model: Model, documents: Sequence[Document], schema: Schema) -> float:
    """What the best epoch is chosen by, see `dev_metric`."""
    articles = [document.article for document in documents]
    return dev_metric(documents, list(model.predict_raw_many(articles)), schema)


def last_checkpoint(work: Path, *, has_average: bool = False) -> Path | None:
    """The newest checkpoint that was written to its end: to the trainer's state, or to the average after it."""
    found = sorted(work.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    return next((path for path in found if _is_whole(path) and (not has_average or (path / AVERAGE).is_file())), None)


def _is_whole(checkpoint: Path) -> bool:
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def _claim(work: Path, run: Run, *, resume: bool) -> None:
    """Empty the work folder, or on `resume` make sure that it belongs to this very run."""
    stamp = work / "run.json"
    identity = json.dumps({"config": run.config.to_json(), "documents": run.digest, "schema": run.schema.to_json()})
    if resume and stamp.is_file():
        if not _is_same_run(stamp.read_text(encoding="utf-8"), identity):
            raise ConfigError(
                f"{work}: was left by a run with another config or other documents; "
                "resume with the same ones, or start anew with --overwrite"
            )
        return
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    unfinished = work / "run.partial"
    unfinished.write_text(identity, encoding="utf-8")
    unfinished.replace(stamp)


def _is_same_run(left: str, identity: str) -> bool:
    """Whether a work folder is a run's own; it may have been left before a setting that is by default now was there."""
    try:
        there, here = json.loads(left), json.loads(identity)
        return bool({**there, "config": settled(there["config"])} == {**here, "config": settled(here["config"])})
    except (ValueError, KeyError, TypeError, AttributeError):
        return False  # altered by hand


def _arguments(run: Run, work: Path) -> TrainingArguments:
    optim = run.config.optim
    arguments = TrainingArguments(
        output_dir=str(work),
        num_train_epochs=optim.epochs,
        per_device_train_batch_size=optim.batch_passages,
        gradient_accumulation_steps=optim.accumulate,
        bf16=precision(optim) == "bf16",
        use_cpu=not torch.cuda.is_available(),
        ddp_find_unused_parameters=False,  # a head with nothing to do in a batch gives a gradient of zeros
        max_grad_norm=optim.max_grad_norm,
        save_strategy="steps",
        save_steps=optim.checkpoint_every * (run.n_steps // optim.epochs),
        save_total_limit=2,
        logging_strategy="epoch",
        seed=run.config.seed,
        data_seed=run.config.seed,
        disable_tqdm=True,
        report_to=[],
        remove_unused_columns=False,
        dataloader_pin_memory=False,
    )
    if n_processes() == 1:
        arguments._n_gpu = min(arguments.n_gpu, 1)  # else rows would be cut up among GPUs as if they were tensors
    return arguments


def precision(optim: OptimSettings) -> str:
    """In what a run computes, "fp32" or "bf16": "auto" takes the latter only where it is faster."""
    if optim.precision != "auto":
        return optim.precision
    has_bf16 = torch.cuda.is_bf16_supported() if torch.cuda.is_available() else _cpu_has_bf16()
    return "bf16" if has_bf16 else "fp32"


def _cpu_has_bf16() -> bool:
    """Whether the processor multiplies in bf16 by itself; torch has no public way to ask."""
    asked = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(ask is not None and ask() for ask in asked)


def _refuse_longer_windows(encoder: Any, settings: ModelSettings) -> None:
    longest = _longest_window(encoder, settings.max_tokens)
    if settings.max_tokens > longest:
        raise ConfigError(f"[model] max_tokens = {settings.max_tokens}: the encoder reads {longest} at most")


def _longest_window(encoder: Any, otherwise: int) -> int:
    """How many tokens an encoder has positions for; `otherwise` where positions are not learned one by one."""
    n_positions = getattr(encoder.config, "max_position_embeddings", otherwise)
    table = getattr(getattr(encoder, "embeddings", None), "position_embeddings", None)
    # RoBERTa and its kin count positions from the padding index on.
    padding = getattr(table, "padding_idx", None)
    return int(n_positions) - (0 if padding is None else padding + 1)


class _Trainer(Trainer):  # type: ignore[misc] # the base class comes without types
    """Batches rows of like length; the base class's own way to do so pads more, and differs between processes."""

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        if isinstance(self.train_dataset, JointRows):
            return self.train_dataset.sampler(seed=self.args.data_seed)
        if self.args.per_device_train_batch_size == 1:
            return super()._get_train_sampler(train_dataset)
        lengths = self.train_dataset[LENGTH][:]
        return LengthSampler(lengths, self.args.per_device_train_batch_size, seed=self.args.data_seed)


class _Monitor(TrainerCallback):  # type: ignore[misc] # the base class comes without types
    """Reports progress, scores dev documents after each epoch and keeps the best weights."""

    def __init__(
        self, run: Run, work: Path, watch: Callable[[Progress], None], averager: Averager | None = None
    ) -> None:
        self._averager = averager
        self._run = run
        self._work = work
        self._watch = watch
        self._loss: float | None = None
        self._score: float | None = None
        self._epoch = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step:
            # A kill may have come between the checkpoint of an epoch and its score on dev.
            self.on_epoch_end(args, state, control)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._watch(Progress(state.global_step, state.max_steps, self._epoch, self._loss, self._score))

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        if logs and "loss" in logs:
            self._loss = logs["loss"]

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._epoch = round(state.epoch)
        if self._run.dev and is_first():
            with self._averager.lent() if self._averager else nullcontext():
                self._score, threshold = self._scored()
                keep_best(self._run.model, self._work, score=self._score, epoch=self._epoch, label_threshold=threshold)
            self._run.model.network.train()
        self._watch(Progress(state.global_step, state.max_steps, self._epoch, self._loss, self._score))

    def _scored(self) -> tuple[float, float | None]:
        """How well dev is predicted, and from what score on a text has a label if that is to be chosen on dev."""
        run = self._run
        if run.config.model.label_threshold or not is_free(run.schema):
            return dev_score(run.model, run.dev, run.schema), None
        predicted = list(run.model.predict_raw_many([document.article for document in run.dev]))
        threshold = best_threshold(run.dev, predicted)
        return dev_metric(run.dev, [relabelled(found, threshold) for found in predicted], run.schema), threshold
