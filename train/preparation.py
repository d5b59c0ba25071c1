"""What a run is trained on, and the network it begins with."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import datasets
from transformers import set_seed

from tocsin.data.errors import ArtifactError, ConfigError, DataError
from tocsin.data.jsonl import document_to_record
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.artifact import load
from tocsin.model.encoder import DEFAULT_ENCODER, encoder_again, encoder_folder, load_encoder
from tocsin.model.network import Network
from tocsin.model.passages import Reader
from tocsin.model.prediction import Model
from tocsin.model.settings import EVEN, ModelSettings
from tocsin.train.bag_fitting import fit_bag
from tocsin.train.config import RunConfig
from tocsin.train.earlier import Earlier, read_earlier
from tocsin.train.examples import Losses
from tocsin.train.joint import JointSet
from tocsin.train.json_text import json_text
from tocsin.train.leaks import start_has_seen
from tocsin.train.optimizer import freeze
from tocsin.train.processes import n_processes
from tocsin.train.rows import write_rows
from tocsin.train.seen import Seen
from tocsin.train.shares import Shares
from tocsin.train.starts import start_hash
from tocsin.train.taught import untaught

_ROWS = "training documents, or an earlier version's rows of them"


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
    digests: Mapping[str, str]  # SHA-256 by what is learned from, chosen on or started from, in words
    dev: tuple[Document, ...]
    losses: Losses
    earlier: Earlier | None = None  # the cross-validation that the config names
    beside: tuple[Companion, ...] = ()  # what else the encoder learns from
    start: str = ""  # SHA-256 of the weights of the model whose encoder it starts from, if `[init]` names one
    seen_by_start: Seen = field(default_factory=Seen)  # the articles that had a part in that model

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
        ArtifactError: the model that `[init]` names is missing or altered.
        ConfigError: the encoder is not to be had, its windows are shorter than a config wants, or the cross-validation
            it names is not of this run.
        DataError: the documents hold nothing to learn from.
    """
    if len(beside) != len(config.joint.configs):
        raise ValueError(f"{len(beside)} sets beside {len(config.joint.configs)} that [joint] names; give each of them")
    earlier = read_earlier(config, schema, documents, beside=beside)
    set_seed(config.seed)
    encoder, tokenizer = encoder_of(config)
    refuse_longer_windows(encoder, config.model)
    freeze(encoder, config.optim.frozen_layers)
    reader = Reader(tokenizer, config.model)
    rows, losses, digest = write_rows(documents, reader, schema)
    settings = replace(config.model, label_threshold=config.model.label_threshold or EVEN)
    bag = fit_bag(documents, schema) if settings.bag_of_words and schema.text_labels else None
    network = Network(encoder, schema, settings, untaught=untaught(schema, documents))
    model = Model(network, tokenizer, schema, settings, bag=bag)
    start = start_hash(config)
    others = tuple(_companion(origin, encoder, tokenizer) for origin in beside)
    digests = {_ROWS: digest, **_digests(dev, start, beside)}
    begun = (start if config.init.from_ else "", start_has_seen(config))
    return Run(config, schema, model, rows, digests, tuple(dev), losses, earlier, others, *begun)


def _digests(dev: Sequence[Document], start: str, beside: Sequence[JointSet]) -> dict[str, str]:
    """What a run takes beside its training documents, see `Run.digests`."""
    sets = {f"documents or settings of [joint] {origin.name}": _sha256(origin.record()) for origin in beside}
    return {"dev documents": _sha256(map(document_to_record, dev)), "weights to start from": start, **sets}


def _sha256(record: Any) -> str:
    digest = hashlib.sha256()
    for piece in json_text(record):
        digest.update(piece.encode())
    return digest.hexdigest()


def _companion(origin: JointSet, encoder: Any, tokenizer: Any) -> Companion:
    """A set that is learned from beside the run's own, with heads of its own."""
    settings = origin.config.model
    try:
        refuse_longer_windows(encoder, settings)
        rows, losses, _ = write_rows(origin.documents, Reader(tokenizer, settings), origin.schema)
    except (ConfigError, DataError) as error:
        raise type(error)(f"[joint] {origin.name}: {error}") from error
    return Companion(origin, Network(encoder, origin.schema, settings), rows, losses)


def encoder_of(config: RunConfig) -> tuple[Any, Any]:
    """What the network is built on, and its tokenizer: pretrained, or taken from a model of any task.

    Raises:
        ConfigError: the encoder is not to be had, or two are named.
        ArtifactError: `[init]` names no whole model.
    """
    if not config.init.from_:
        folder = encoder_folder(config.encoder, base=Path(config.base))
        return load_encoder(folder, attention_dropout=config.model.attention_dropout)
    if config.encoder != DEFAULT_ENCODER:
        raise ConfigError(f"encoder = {config.encoder!r} and [init] from: expected one of the two; from brings its own")
    (folder_of_model,) = config.paths((config.init.from_,))
    try:
        trained = load(folder_of_model)
    except ArtifactError as error:
        raise ArtifactError(f"[init] from: {error}") from error
    encoder = encoder_again(trained.network.encoder, attention_dropout=config.model.attention_dropout)
    return encoder, trained.tokenizer


def refuse_longer_windows(encoder: Any, settings: ModelSettings) -> None:
    """Raise a ConfigError if windows are to be longer than an encoder reads."""
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
