"""Whether the model that a run starts from has seen what is held out from the run, or its dev documents."""

from collections.abc import Iterator, Sequence

from tocsin.data.errors import ArtifactError, Problem
from tocsin.data.listing import first_of
from tocsin.data.types import Document
from tocsin.model.artifact import record_of
from tocsin.train.config import RunConfig
from tocsin.train.seen import Seen, all_seen

N_NAMED = 10


def leaks(config: RunConfig, held_out: Sequence[Document]) -> Iterator[Problem]:
    """Say which articles that are to be held out the model of `[init]` has learned from, or chose its epoch on.

    What that model was started from itself counts too.

    Args:
        config: the run's.
        held_out: articles that it is measured on.

    Raises:
        ArtifactError: `[init]` names no whole model.
    """
    yield from told(config, start_has_seen(config), held_out)


def told(config: RunConfig, known: Seen, held_out: Sequence[Document]) -> Iterator[Problem]:
    """The same of what the model is known to have seen."""
    if ids := [document.article.id for document in held_out if document.article in known]:
        fault = (
            f"has seen articles that are held out{known.proviso}: {first_of(ids, N_NAMED)}; "
            "their scores are too good, start from a model of other articles"
        )
        yield Problem(f"[init] from {config.init.from_}", fault)


def seen_in_dev(config: RunConfig, dev: Sequence[Document]) -> Iterator[Problem]:
    """How many dev documents the model of `[init]` has learned from, or chose its epoch on.

    Raises:
        ArtifactError: see `leaks`.
    """
    known = start_has_seen(config)
    if seen := [document.article.id for document in dev if document.article in known]:
        fault = f"has seen {len(seen)} of the {len(dev)} dev documents{known.proviso}, {min(seen)} for one"
        yield Problem(f"[init] from {config.init.from_}", f"{fault}: dev scores may be too good")


def start_has_seen(config: RunConfig) -> Seen:
    """What the model of `[init]` has seen; nothing without such a model.

    Raises:
        ArtifactError: see `leaks`.
    """
    if not config.init.from_:
        return Seen()
    try:
        run = record_of(config.paths((config.init.from_,))[0]).run
    except ArtifactError as error:
        raise ArtifactError(f"[init] from: {error}") from error
    return all_seen(run)
