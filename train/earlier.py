"""What an earlier cross-validation of a config found: scores on unseen articles, and what scores mean."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.data.errors import ConfigError, DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.calibration import Calibration
from tocsin.train.config import RunConfig, differing_settings
from tocsin.train.folds import ASIDE, identity
from tocsin.train.joint import JointSet

FIGURES = ("ece_before", "ece_after", "article_gap_after", "temperature", "bias")  # of a calibrated layer


@dataclass(frozen=True, slots=True)
class Earlier:
    """A `crossval.json` that belongs to a run."""

    calibration: Calibration
    facts: Mapping[str, Any]  # what an artefact repeats of it


def read_earlier(
    config: RunConfig, schema: Schema, documents: Sequence[Document], *, beside: Sequence[JointSet] = ()
) -> Earlier | None:
    """The cross-validation that `[calibration] crossval` names; None if it names none.

    Args:
        config: the run's.
        schema: its own set's.
        documents: what that is trained on.
        beside: what else is learned from.

    Raises:
        ConfigError: the file is missing, is none, or is of other settings or articles: its scores would be those of
            another model.
    """
    if not config.calibration.crossval:
        return None
    (path,) = config.paths((config.calibration.crossval,))
    record = _read(path)
    try:
        calibration = Calibration.from_json(record["calibration"])
        facts = facts_of(record)
        belongs = record["identity"] == identity(config, schema, documents, beside=beside)
        differing = _differences(record["config"], config.to_json(), record["data"]["ids"], documents)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, DataError) as error:
        raise ConfigError(f"{path}: holds no whole cross-validation ({_told(error)}); {_remedy()}") from error
    if not belongs:
        raise ConfigError(f"{path}: is of another run than this: {differing}; {_remedy()}")
    return Earlier(calibration, facts)


def facts_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that a card and `tocsin info` show, each looked at now: a flaw must not show after the training."""
    source, calibration = record["provenance"], record["calibration"]
    return {
        "headline": {
            name: {key: _number(figures[key]) for key in ("value", "low", "high")}
            for name, figures in record["headline"].items()
        },
        "n_seeds": len(record["seeds"]),
        "n_articles": int(record["data"]["documents"]),
        "provenance": {"date": str(source["date"]), "commit": ", ".join(record["trained_at"])},
        "reproduce": str(record["reproduce"][0]),
        "seen_by_start": int(record.get("seen_by_start", 0)),  # one from before this was counted says nothing of it
        "rows": [
            {
                "layer": str(row["layer"]),
                "label": str(row["label"]),
                "support": int(row["support"]),
                **{key: _number(row[key]) for key in ("precision", "recall", "f1")},
            }
            for row in record["rows"]
        ],
        "calibration": {
            "source": str(calibration["source"]),
            "layers": {
                name: {"n": int(layer["n"]), **{key: _number(layer[key]) for key in FIGURES}}
                for name, layer in calibration["layers"].items()
            },
        },
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _told(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"[calibration] crossval: {path} cannot be read ({error}); {_remedy()}") from error
    if not isinstance(record, dict):
        raise ConfigError(f"{path}: holds no JSON object; {_remedy()}")
    return record


def _remedy() -> str:
    return "write it anew with `tocsin crossval CONFIG` and copy its crossval.json there, or take the key out"


def _differences(
    theirs: Mapping[str, Any], ours: Mapping[str, Any], ids: Sequence[str], documents: Sequence[Document]
) -> str:
    """What differs, as far as the record tells: settings by name, then articles."""
    told = differing_settings(*({key: each[key] for key in each if key not in ASIDE} for each in (theirs, ours)))
    here = [document.article.id for document in documents]
    if sorted(ids) == sorted(here) and list(ids) != here:
        told.append("the same articles in another order")
    elif list(ids) != here:
        apart = sorted({*ids} ^ {*here})
        told.append(f"{len(ids)} articles there, {len(here)} here; only one side has {', '.join(apart[:3])}")
    return (
        "; ".join(told)
        or "the annotations, the schema or the files of the encoder have changed since, or an earlier version wrote it"
    )
