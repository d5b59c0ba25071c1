"""From what the network says of itself to a probability of being right.

Each layer's raw score s becomes 1 / (1 + exp(-(logit(s) / temperature + bias))): temperature scaling
(Guo et al. 2017), with the bias of Platt (1999), since what a threshold let through is right far less often than
one half where the network was trained on little. Both numbers are fitted by `tocsin.train.reliability`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal, get_args

from tocsin.data.errors import DataError
from tocsin.data.thresholds import Thresholds
from tocsin.data.types import Argument, Document, Event, Filler, Incident, Span

ScoredLayer = Literal["entities", "events", "arguments", "incidents"]
SCORED_LAYERS: tuple[ScoredLayer, ...] = get_args(ScoredLayer)
EDGE = 1e-6  # raw scores are kept this far from 0 and 1, where the logit ends; files hold no more digits


@dataclass(frozen=True, slots=True)
class Scaling:
    """How the scores of one layer are moved; the default leaves them as they are."""

    temperature: float = 1.0  # above 1 the scores move towards one half
    bias: float = 0.0  # in logits; below 0 all scores fall

    def __post_init__(self) -> None:
        if not 0.0 < self.temperature < math.inf or not math.isfinite(self.bias):
            raise ValueError(
                f"temperature {self.temperature}, bias {self.bias}: expected a temperature above 0 and finite numbers"
            )

    def __call__(self, score: float) -> float:
        """A probability for a raw score in [0, 1].

        >>> round(Scaling(temperature=2.0)(0.9), 3)
        0.75
        """
        moved = logit(score) / self.temperature + self.bias
        odds = math.exp(-abs(moved))  # of the less likely: no temperature makes it overflow
        return (1.0 if moved >= 0.0 else odds) / (1.0 + odds)


@dataclass(frozen=True, slots=True)
class Step:
    """What is left, and how much of it right, of the scores from a threshold on."""

    threshold: float  # a calibrated score
    precision: float
    recall: float  # right ones from the threshold on, of all in gold
    n_kept: int

    def __post_init__(self) -> None:
        if not all(0.0 <= share <= 1.0 for share in (self.threshold, self.precision, self.recall)) or self.n_kept < 1:
            raise ValueError(f"{self}: expected shares from 0 to 1 of at least one prediction")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the scores of a model mean, and what it rests on.

    The steps of a layer rise in threshold and in precision: each is the lowest threshold that reaches its precision.
    """

    source: str  # what it was fitted on, in words
    scalings: Mapping[ScoredLayer, Scaling] = field(default_factory=dict)
    steps: Mapping[ScoredLayer, tuple[Step, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for layer, steps in self.steps.items():
            if any(a.threshold >= b.threshold or a.precision >= b.precision for a, b in pairwise(steps)):
                raise ValueError(f"steps of {layer} do not rise; expected each above the one before")

    def apply(self, document: Document) -> Document:
        """The document with every score of a span or an event scaled; it must come straight from the network.

        A filler's score is that of its mentions. Labels and templates keep their scores.
        """
        scale = {layer: self.scalings.get(layer, Scaling()) for layer in SCORED_LAYERS}

        def entity(span: Span) -> Span:
            return replace(span, score=scale["entities"](span.score))

        def event(mention: Event) -> Event:
            return replace(
                mention,
                trigger=replace(mention.trigger, score=scale["events"](mention.trigger.score)),
                arguments=tuple(
                    Argument(argument.role, entity(argument.span), scale["arguments"](argument.score))
                    for argument in mention.arguments
                ),
            )

        def filler(found: Filler) -> Filler:
            return replace(found, spans=tuple(map(entity, found.spans)))

        return replace(
            document,
            entities=tuple(map(entity, document.entities)),
            events=tuple(map(event, document.events)),
            incidents=tuple(
                _scaled_incident(incident, event, scale["arguments"], scale["incidents"])
                for incident in document.incidents
            ),
            fillers=tuple(map(filler, document.fillers)),
            templates=tuple(replace(t, fillers=tuple(map(filler, t.fillers))) for t in document.templates),
        )

    def thresholds(self, precision: float) -> Thresholds:
        """For each layer the lowest score from which on the precision is reached; infinite where none reaches it.

        Args:
            precision: in (0, 1], as counted on the articles of `source`.
        """
        return Thresholds(**{layer: self._threshold(layer, precision) for layer in SCORED_LAYERS})

    def best_precision(self, layer: ScoredLayer) -> float:
        """The highest precision that any threshold reaches; nan where nothing was predicted."""
        steps = self.steps.get(layer, ())
        return steps[-1].precision if steps else math.nan

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "layers": {
                layer: {
                    **asdict(self.scalings.get(layer, Scaling())),
                    "steps": [asdict(step) for step in self.steps.get(layer, ())],
                }
                for layer in SCORED_LAYERS
            },
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Calibration":
        """Read what `to_json` wrote, or a report's "calibration", which holds as much.

        Raises:
            DataError: a part is missing, of the wrong shape, or impossible.
        """
        try:
            layers = {layer: record["layers"][layer] for layer in SCORED_LAYERS}
            return cls(
                source=str(record["source"]),
                scalings={
                    layer: Scaling(float(entry["temperature"]), float(entry["bias"])) for layer, entry in layers.items()
                },
                steps={layer: tuple(_step(step) for step in entry["steps"]) for layer, entry in layers.items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                f"calibration: cannot be read ({error!r}); expected what Calibration.to_json writes"
            ) from error

    def _threshold(self, layer: ScoredLayer, precision: float) -> float:
        reached = (step.threshold for step in self.steps.get(layer, ()) if step.precision >= precision)
        return next(reached, math.inf)


def logit(score: float) -> float:
    """The log odds of a score in [0, 1], of one kept `EDGE` away from both ends."""
    inner = min(max(score, EDGE), 1.0 - EDGE)
    return math.log(inner) - math.log1p(-inner)


def steps_of(scores: Sequence[float], are_right: Sequence[bool], *, n_gold: int, min_kept: int = 1) -> tuple[Step, ...]:
    """The thresholds worth knowing: each reaches a precision that no lower threshold does.

    Args:
        scores: of all that was predicted, calibrated.
        are_right: whether each is right.
        n_gold: how many there were to find.
        min_kept: a threshold that leaves fewer is none: three of three is no precision to rely on.

    >>> [(step.threshold, step.precision) for step in steps_of([0.2, 0.6, 0.9], [False, True, True], n_gold=4)]
    [(0.2, 0.6666666666666666), (0.6, 1.0)]
    """
    ranked = sorted(zip(scores, are_right, strict=True))
    n_kept, n_right = len(ranked), sum(are_right)
    steps: list[Step] = []
    last = -1.0
    for score, is_right in ranked:
        if score > last and n_kept >= min_kept:  # equal scores stay or go together
            last = score
            precision = n_right / n_kept
            if n_right and (not steps or precision > steps[-1].precision):
                steps.append(Step(score, precision, n_right / n_gold if n_gold else 0.0, n_kept))
        n_kept, n_right = n_kept - 1, n_right - is_right
    return tuple(steps)


def _scaled_incident(
    incident: Incident, event: Callable[[Event], Event], argument: Scaling, scaling: Scaling
) -> Incident:
    """An incident's filler spans carry the scores of arguments."""
    return replace(
        incident,
        mentions=tuple(map(event, incident.mentions)),
        fillers=tuple(
            Filler(f.role, f.text, tuple(replace(span, score=argument(span.score)) for span in f.spans))
            for f in incident.fillers
        ),
        score=scaling(incident.score),
    )


def _step(record: Mapping[str, Any]) -> Step:
    return Step(float(record["threshold"]), float(record["precision"]), float(record["recall"]), int(record["n_kept"]))
