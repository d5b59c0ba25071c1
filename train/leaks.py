"""Whether the model that a run starts from has seen what is held out from the run, or its dev documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tocsin.data.errors import ArtifactError, Problem
from tocsin.data.listing import first_of
from tocsin.data.types import Document
from tocsin.model.artifact import record_of
from tocsin.train.config import RunConfig

N_NAMED = 10


def leaks(config: RunConfig, held_out: Sequence[Document]) -> Iterator[Problem]:
    """Say which articles that are to be held out the model of `[init]` has learned from, or chose its epoch on.

    Ids are all that a model keeps of its articles: another text may have the id of one of them. What that model was
    started from itself is not looked at.

    Args:
        config: the run's.
        held_out: articles that it is measured on.

    Raises:
        ArtifactError: `[init]` names no whole model.
    """
    known = _seen_by_start(config)
    if ids := [document.article.id for document in held_out if document.article.id in known]:
        fault = (
            f"has seen articles that are held out, if equal ids are equal texts: {first_of(ids, N_NAMED)}; "
            "their scores are too good, start from a model of other articles"
        )
        yield Problem(f"[init] from {config.init.from_}", fault)


def seen_in_dev(config: RunConfig, dev: Sequence[Document]) -> Iterator[Problem]:
    """Dev documents that the model of `[init]` has learned from, or chose its epoch on, as far as their ids tell.

    Raises:
        ArtifactError: see `leaks`.
    """
    here = {document.article.id for document in dev}
    if seen := here & _seen_by_start(config):
        fault = f"{len(seen)} of {len(here)} dev documents have ids of texts it has seen, {min(seen)} for one"
        yield Problem(f"[init] from {config.init.from_}", f"{fault}: dev scores may be too good")


def _seen_by_start(config: RunConfig) -> frozenset[str]:
    """The ids of what the model of `[init]` has seen; none without such a model."""
    if not config.init.from_:
        return frozenset()
    try:
        return frozenset(_ids(record_of(config.paths((config.init.from_,))[0]).run))
    except ArtifactError as error:
        raise ArtifactError(f"[init] from: {error}") from error


def _ids(facts: Mapping[str, Any]) -> Iterator[str]:
    """Of the documents that a model's `run.json` names; one from before `[joint]` says nothing of other sets."""
    joint = facts.get("joint") or {"sets": []}
    for counted in (facts["train"], facts["dev"], *(each["train"] for each in joint["sets"])):
        yield from counted["ids"]
