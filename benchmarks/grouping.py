"""How well mentions of one incident are found to be one, on held-out articles: what is learned beside simple rules.

python benchmarks/grouping.py        (15 trainings, about 15 minutes; writes benchmarks/results/grouping.json)

Each seed article is grouped by models trained on the other four. Their mentions are the annotators', so that nothing
but the grouping is measured; the last row is of the mentions the models find themselves, where both have them.
Pairs: two mentions put into one incident, by precision, recall and F1. B-cubed (Bagga and Baldwin 1998): the same for
each mention's incident, averaged over mentions.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from sklearn.metrics.cluster import pair_confusion_matrix

from tocsin.data.dates import resolve
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document, Event
from tocsin.model.prediction import Model
from tocsin.train.config import CalibrationSettings, RunConfig, read_config
from tocsin.train.folds import Fold, folds
from tocsin.train.preparation import prepare
from tocsin.train.provenance import provenance
from tocsin.train.sets import load_sets
from tocsin.train.training import train

ROOT = Path(__file__).parents[1]
OUT = ROOT / "benchmarks" / "results" / "grouping.json"

Groups = tuple[list[str], list[str]]  # of the same mentions: the annotators' incidents, and what is measured
Grouping = Callable[[Document], Sequence[str]]


def alone(document: Document) -> Sequence[str]:
    """Every mention an incident of its own."""
    return [str(number) for number, _ in enumerate(document.events)]


def together(document: Document) -> Sequence[str]:
    """All real single attacks one incident, all the others another."""
    return [str(_kind(event)) for event in document.events]


def by_day(document: Document) -> Sequence[str]:
    """Mentions of one kind, attacker and day are one incident."""
    return [f"{_kind(event)} {_who(event, document)} {_when(event, document)}" for event in document.events]


RULES: Mapping[str, Grouping] = {"every mention alone": alone, "all of a kind": together, "kind, who and day": by_day}


def _kind(event: Event) -> tuple[str, ...]:
    return event.attributes["scope"], event.attributes["status"]


def _who(event: Event, document: Document) -> str:
    return " ".join(sorted(span.text(document.article).lower() for span in event.fillers("attacker")))


def _when(event: Event, document: Document) -> str:
    texts = [span.text(document.article) for span in event.fillers("date")]
    return " ".join(str(resolve(text, document.article.published).interval) for text in texts)


def figures(groups: Sequence[Groups]) -> dict[str, float | int]:
    """Pairs and B-cubed over all articles: pairs are counted together, mentions averaged."""
    matrices = [pair_confusion_matrix(gold, found) for gold, found in groups if gold]
    (_, wrong), (missed, right) = np.sum(matrices, axis=0).tolist()
    precisions = [share for gold, found in groups for share in _shares(found, gold)]
    recalls = [share for gold, found in groups for share in _shares(gold, found)]
    return {
        "mentions": len(precisions),
        **_measures("pair", _ratio(right, right + wrong), _ratio(right, right + missed)),
        **_measures("b_cubed", float(np.mean(precisions)), float(np.mean(recalls))),
    }


def _shares(own: Sequence[str], others: Sequence[str]) -> list[float]:
    """For each mention, of its group the share that the other side has with it too."""
    mates = [[j for j, group in enumerate(own) if group == name] for name in own]
    return [sum(others[j] == others[i] for j in group) / len(group) for i, group in enumerate(mates)]


def _measures(name: str, precision: float, recall: float) -> dict[str, float]:
    f1 = _ratio(2 * precision * recall, precision + recall)
    values = {"precision": precision, "recall": recall, "f1": f1}
    return {f"{name}_{key}": round(value, 4) for key, value in values.items()}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def of_gold(document: Document, found: Sequence[str]) -> Groups:
    return [event.incident for event in document.events], list(found)


def of_own(document: Document, predicted: Document) -> Groups:
    """The mentions both sides have, by their triggers."""
    own = {(event.trigger.start, event.trigger.end): event.incident for event in predicted.events}
    pairs = [(event.incident, own.get((event.trigger.start, event.trigger.end))) for event in document.events]
    return [gold for gold, found in pairs if found], [found for _, found in pairs if found]


def trained(fold: Fold, config: RunConfig) -> Model:
    uncalibrated = replace(config, seed=fold.seed, calibration=CalibrationSettings())
    with TemporaryDirectory(prefix="tocsin-") as folder:
        run = prepare(uncalibrated, DEFAULT_SCHEMA, fold.train, ())
        return train(run, work=Path(folder), resume=False, watch=lambda progress: None)


def main() -> None:
    started = perf_counter()
    config = read_config(ROOT / "configs" / "seeds.toml")
    documents = tuple(load_sets(config).train)
    learned: list[Groups] = []
    own: list[Groups] = []
    for fold in folds(documents, config.crossval.seeds):
        model = trained(fold, config)
        for document in fold.held_out:
            learned.append(of_gold(document, [event.incident for event in model.regroup(document).events]))
            own.append(of_own(document, model.predict_raw(document.article)))
            print(document.article.id, fold.seed, figures(learned[-1:]), flush=True)
    rows = {name: figures([of_gold(d, rule(d)) for d in documents]) for name, rule in RULES.items()}
    rows |= {"learned": figures(learned), "learned, on its own mentions": figures(own)}
    record = {
        "provenance": provenance(),
        "seconds": round(perf_counter() - started, 1),
        "seeds": list(config.crossval.seeds),
        "rows": rows,
    }
    OUT.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(rows, indent=1))
    print(OUT)


if __name__ == "__main__":
    main()
