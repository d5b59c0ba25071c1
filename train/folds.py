"""The trainings of a cross-validation: what is held out, what is trained on, with which seed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tocsin.data.errors import DataError
from tocsin.data.jsonl import document_to_record
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.settings import EVEN
from tocsin.train.config import RunConfig
from tocsin.train.joint import JointSet
from tocsin.train.json_text import json_text
from tocsin.train.starts import start_hash

FORMAT = 2  # of the files in which finished folds are kept
# Settings that came after FORMAT 2: as they are by default, a run is the one it was without them.
LATER: dict[str, Any] = {
    "task": "events", "init": {"from": ""}, "search": {},
    "optim": {"accumulate": 1, "precision": "fp32"},
    "model": {"attention_dropout": True, "pooling": "mean", "label_threshold": EVEN, "bag_of_words": False},
}  # fmt: skip
ASIDE = ("crossval", "data", "seed", "calibration")  # parts of a config that do not tell one training from another


@dataclass(frozen=True, slots=True)
class Fold:
    """One training of a cross-validation."""

    held_out: tuple[Document, ...]
    train: tuple[Document, ...]
    seed: int
    n_all: int  # articles there are to train on, of which `train` may be a part

    @property
    def name(self) -> str:
        """Fit for a file; an article's id may be an address or longer than a name."""
        ids = [[document.article.id for document in side] for side in (self.held_out, self.train)]
        return f"{hashlib.sha256(json.dumps(ids).encode()).hexdigest()[:16]}-seed{self.seed}"


def folds(documents: Sequence[Document], seeds: Sequence[int], *, n_folds: int = 0) -> list[Fold]:
    """Every document held out once with every seed.

    Args:
        n_folds: into how many parts the documents are dealt, in turn; 0 holds out one at a time.

    Raises:
        DataError: too few documents to leave any to train on; a text that is there twice would be trained on
            while it is held out.
    """
    if len(documents) < 2:
        found = "1 document" if documents else "no document"
        raise DataError(f"{found}; leaving one out takes at least 2")
    if n_folds > len(documents):
        raise DataError(f"[crossval] folds = {n_folds}: there are {len(documents)} documents; expected no more folds")
    _refuse_copies(documents)
    n_parts = n_folds or len(documents)
    parts = [tuple(documents[part::n_parts]) for part in range(n_parts)]
    return [
        Fold(held_out, tuple(d for d in documents if d not in held_out), seed, len(documents) - len(held_out))
        for seed in seeds
        for held_out in parts
    ]


def smaller(fold: Fold, size: int, *, turn: int) -> Fold:
    """The fold with fewer articles to train on: consecutive ones, from another one on for each `turn`.

    Sizes of one turn are nested, so that a step of the learning curve adds articles and takes none away.
    """
    n_train = len(fold.train)
    return replace(fold, train=tuple(fold.train[(turn + offset) % n_train] for offset in range(size)))


def default_sizes(n_train: int) -> tuple[int, ...]:
    """Numbers of training articles for a learning curve: each up to 4, then doubled, and all.

    >>> default_sizes(4), default_sizes(19)
    ((1, 2, 3, 4), (1, 2, 3, 4, 8, 16, 19))
    """
    sizes = [1, 2, 3, 4]
    while sizes[-1] < n_train:
        sizes.append(2 * sizes[-1])
    return tuple(sorted({min(size, n_train) for size in sizes}))


def with_equal_steps(config: RunConfig, *, n_train: int, n_all: int) -> RunConfig:
    """The config for a smaller training set, which is gone through oftener.

    With the epochs as they are, one article would get a quarter of the steps of four: the curve would show how much
    was trained and not on how much.
    """
    factor = n_all / n_train
    optim = replace(
        config.optim,
        epochs=round(config.optim.epochs * factor),
        checkpoint_every=round(config.optim.checkpoint_every * factor),
    )
    return replace(config, optim=optim)


def identity(
    config: RunConfig, schema: Schema, documents: Sequence[Document], *, beside: Sequence[JointSet] = ()
) -> str:
    """A hash of all that decides what is trained, but for the code and the seed.

    Args:
        config: its `[joint]` names files; what counts is what they hold, see `beside`.
        schema: the run's own.
        documents: what its own set is.
        beside: what else is learned from.
    """
    settings = _without_later({key: value for key, value in config.to_json().items() if key not in ASIDE})
    if start := start_hash(config):
        settings["init" if config.init.from_ else "encoder_files"] = start
    if beside:
        settings["joint"] = [config.joint.temperature, *(each.record() for each in beside)]
    record = [FORMAT, settings, schema.to_json(), map(document_to_record, documents)]
    digest = hashlib.sha256()
    for piece in json_text(record, sort_keys=True):
        digest.update(piece.encode())
    return digest.hexdigest()


def _without_later(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they were told before `LATER`, unless one of these is set."""
    kept = {}
    for key, value in settings.items():
        if key in LATER and value == LATER[key]:
            continue
        later = LATER.get(key)
        if isinstance(value, dict) and isinstance(later, dict):
            value = {name: item for name, item in value.items() if name not in later or item != later[name]}
        kept[key] = value
    return kept


def _refuse_copies(documents: Sequence[Document]) -> None:
    by_text: dict[str, list[str]] = {}
    for document in documents:
        by_text.setdefault(document.article.text, []).append(document.article.id)
    repeated = next((ids for ids in by_text.values() if len(ids) > 1), None)
    if repeated:
        raise DataError(
            f"{' and '.join(repeated)} have the same text; leave one in, or each is trained on while held out"
        )
