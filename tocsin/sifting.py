"""What `tocsin predict` leaves out as not sure enough, and what it says of that."""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.thresholds import LeftOut, Thresholds, keep, layers_of
from tocsin.data.types import Document

if TYPE_CHECKING:
    from tocsin.model.calibration import Calibration


class Sieve:
    """Lets through what reaches the thresholds, a document at a time, and counts the rest."""

    def __init__(self, thresholds: Thresholds, schema: Schema) -> None:
        self.thresholds = thresholds
        self.left_out = LeftOut()
        self._schema = schema

    def __call__(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents as they come, with what stays of each."""
        for document in documents:
            kept, left_out = keep(document, self.thresholds, self._schema)
            self.left_out += left_out
            yield kept

    def note(self) -> str:
        """What was left out so far; empty without any threshold."""
        return "" if self.thresholds == Thresholds() else f"left out: {self.left_out.told(self.thresholds)}"


def thresholds_for(
    calibration: "Calibration | None", schema: Schema, *, min_score: float, precision: float | None
) -> Thresholds:
    """The thresholds a user asks for; where both ask for one, the higher counts.

    Args:
        calibration: of the model that predicts.
        schema: of the model; a layer that it has nothing of has no threshold.
        min_score: for every layer.
        precision: to be reached by each layer on the articles the scores were calibrated on.

    Raises:
        DataError: a precision is asked for, and the model has no calibration.
    """
    thresholds = Thresholds.everywhere(min_score).within(schema)
    if precision is None or not layers_of(schema):
        return thresholds
    if calibration is None:
        raise DataError(
            f"the model has no calibration, so no score is known to reach precision {precision:g}; name dev articles "
            "under [data] dev, or a crossval.json under [calibration] crossval, and train again"
        )
    return thresholds.stricter(calibration.thresholds(precision).within(schema))


def sifting_notes(
    calibration: "Calibration | None", schema: Schema, *, min_score: float, precision: float | None
) -> Iterator[str]:
    """What a user should know of the thresholds before anything is left out."""
    if not min_score and precision is None:
        return
    if schema.text_labels:
        yield "labels of texts are written whatever their scores: --min-score and --precision are not for them"
    if not (layers := layers_of(schema)):
        return
    if calibration is None and min_score:
        yield "the scores of this model are not calibrated: a score of 0.9 may be right far less often than 9 in 10"
    if calibration is None or precision is None:
        return
    from tocsin.model.calibration import SCORED_LAYERS

    thresholds = calibration.thresholds(precision).within(schema)
    yield f"precision {precision:g} as counted on {calibration.source}; on other articles it may be lower"
    if "incidents" in layers and thresholds.incidents < math.inf and thresholds.arguments > 0.0:
        yield "the precision of incidents was counted with all their arguments, before any is left out"
    for layer in (layer for layer in SCORED_LAYERS if layer in layers):
        if getattr(thresholds, layer) == math.inf:
            best = calibration.best_precision(layer)
            # Rounded down: 0.8996 must not look like the 0.9 it does not reach.
            highest = "too few to judge by" if math.isnan(best) else f"highest {math.floor(best * 1000) / 1000:g}"
            where = f"no threshold with enough above it reaches precision {precision:g} ({highest})"
            yield f"{layer}: {where}: all are left out"


def checked_score(value: float) -> float:
    """For an option that takes a score.

    Raises:
        BadParameter: it is not from 0 to 1.
    """
    if not 0.0 <= value <= 1.0:
        raise typer.BadParameter(f"{value:g} is no score; expected a number from 0 to 1")
    return value


def checked_precision(value: float | None) -> float | None:
    """For an option that takes a precision.

    Raises:
        BadParameter: it is not above 0 and up to 1.
    """
    if value is not None and not 0.0 < value <= 1.0:
        raise typer.BadParameter(f"{value:g} is no precision; expected a number above 0, up to 1")
    return value
