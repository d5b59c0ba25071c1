"""One training run: documents in, a model out, the same each time for the same seed.

`transformers.Trainer` does the steps, the schedule and the checkpoints; what is ours hangs on its callbacks.
A run that was killed resumes at its last whole checkpoint and ends in the same weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from tocsin.data.errors import TrainingError
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.prediction import Model
from tocsin.train.batches import LENGTH, Collator
from tocsin.train.best import keep_best, take_best
from tocsin.train.bucketing import LengthSampler
from tocsin.train.clock import Clock, seconds_until
from tocsin.train.config import OptimSettings
from tocsin.train.dev_metric import dev_metric
from tocsin.train.joint_batches import JointCollator, JointRows
from tocsin.train.joint_network import IdleHeads, JointNetwork
from tocsin.train.label_threshold import best_threshold, is_free, relabelled
from tocsin.train.optimizer import optimizer_of, schedule
from tocsin.train.preparation import Run
from tocsin.train.processes import is_first, n_processes, wait_for_all
from tocsin.train.work import claim, last_checkpoint


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; `loss` and `dev_score` are of the last whole epoch, None before there is one."""

    step: int
    n_steps: int
    epoch: int  # whole ones
    loss: float | None
    dev_score: float | None  # see `dev_score`


def train(run: Run, *, work: Path, resume: bool, watch: Callable[[Progress], None]) -> Model:
    """Train to the last epoch; with dev documents, the best epoch's weights are returned.

    Args:
        run: from `prepare`; its model is trained in place.
        work: a folder for checkpoints; remove it when the model is safe elsewhere.
        resume: start from the last whole checkpoint in `work`, if there is one.
        watch: is called after each step.

    Raises:
        ConfigError: `work` holds checkpoints of another run, or of this one in other processes or another precision.
        TrainingError: the loss, or a weight, is no longer a number.
    """
    arguments = _arguments(run, work)  # joins the processes, if there are several
    if is_first():
        claim(work, run, precision=precision(run.config.optim), resume=resume)
    wait_for_all()
    module = JointNetwork(run.networks) if run.beside else run.model.network
    checkpoint = last_checkpoint(work)
    clock = Clock(before=seconds_until(checkpoint))
    trainer = _trainer(run, arguments, module, [clock, _Monitor(run, work, watch)])
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    wait_for_all()
    take_best(run.model, work)
    run.model.network.eval()
    return run.model


def _trainer(run: Run, arguments: TrainingArguments, module: nn.Module, callbacks: list[TrainerCallback]) -> Trainer:
    """What trains the module: the run's network, or all sets' as one."""
    rows: Any = run.rows
    collator: Collator | JointCollator = Collator(run.schema)
    if isinstance(module, JointNetwork):
        rows = JointRows([run.rows, *(other.rows for other in run.beside)], run.shares)
        collator = JointCollator([run.schema, *(other.origin.schema for other in run.beside)])
        callbacks = [*callbacks, IdleHeads(module)]
    optimizer = optimizer_of(run.networks, run.config.optim)
    trainer = _Trainer(
        run.config.optim,
        model=module,
        args=arguments,
        train_dataset=rows,
        data_collator=collator,
        optimizers=(optimizer, schedule(optimizer, n_steps=run.n_steps, warmup=run.config.optim.warmup)),
        callbacks=callbacks,
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def ran_away(what: str, optim: OptimSettings) -> TrainingError:
    """Say what is no longer a number, and what to change."""
    rates = f"learning_rate ({optim.learning_rate:g}) and head_learning_rate ({optim.head_learning_rate:g})"
    return TrainingError(f"{what} is no longer a number: the training ran away; lower {rates} under [optim]")


def dev_score(model: Model, documents: Sequence[Document], schema: Schema) -> float:
    """What the best epoch is chosen by, see `dev_metric`."""
    articles = [document.article for document in documents]
    return dev_metric(documents, list(model.predict_raw_many(articles)), schema)


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


class _Trainer(Trainer):  # type: ignore[misc] # the base class comes without types
    """Batches rows of like length; the base class's own way to do so pads more, and differs between processes.

    It stops where the loss is no number: the weights are none then either, and the base class would log a loss of 0.
    """

    def __init__(self, optim: OptimSettings, **parts: Any) -> None:
        super().__init__(**parts)
        self._optim = optim

    def training_step(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        loss: torch.Tensor = super().training_step(*args, **kwargs)
        if not loss.isfinite():
            raise ran_away(f"at step {self.state.global_step + 1} of {self.state.max_steps} the loss", self._optim)
        return loss

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        if isinstance(self.train_dataset, JointRows):
            return self.train_dataset.sampler(seed=self.args.data_seed)
        if self.args.per_device_train_batch_size == 1:
            return super()._get_train_sampler(train_dataset)
        lengths = self.train_dataset[LENGTH][:]
        return LengthSampler(lengths, self.args.per_device_train_batch_size, seed=self.args.data_seed)


class _Monitor(TrainerCallback):  # type: ignore[misc] # the base class comes without types
    """Reports progress, scores dev documents after each epoch and keeps the best weights."""

    def __init__(self, run: Run, work: Path, watch: Callable[[Progress], None]) -> None:
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
        if not all(weights.isfinite().all() for weights in self._run.model.network.parameters()):
            raise ran_away(f"after epoch {self._epoch} a weight", self._run.config.optim)
        if self._run.dev and is_first():
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
