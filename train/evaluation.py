"""An evaluation as one record: what a report shows, and where every number on it comes from.

A system is scored on articles, each predicted once or, in a cross-validation, once a seed. The counts of an article's
seeds are added up before anything is derived: the article is what the bootstrap draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tocsin.data.incidents import is_countable
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Incident
from tocsin.train.bootstrap import LEVEL, N_RESAMPLES, intervals, paired
from tocsin.train.classification import classifications
from tocsin.train.confusion import confusion
from tocsin.train.counts import rounded
from tocsin.train.mistakes import COST, Mistake, costliest, kinds, mistakes
from tocsin.train.scores import Scores, rows, score_each
from tocsin.train.sets import counts

SEED = 0  # of the bootstrap
FEW_ARTICLES = 20  # below which a percentile interval over articles is said to be too narrow
MAX_DOCUMENTS = 100  # articles a report shows in full


@dataclass(frozen=True, slots=True)
class System:
    """What one system predicts for the gold articles."""

    name: str
    predicted: Mapping[int | None, Sequence[Document]]  # by seed, None where there is but one; in the order of gold
    what: str = ""  # how it works, in a sentence

    def parts(self, gold: Sequence[Document], schema: Schema) -> list[Scores]:
        """The scores of each article, its seeds added up.

        Raises:
            DataError: the articles or labels of the two sides differ.
        """
        by_seed = [score_each(gold, documents, schema) for documents in self.predicted.values()]
        return [sum(of_article, Scores()) for of_article in zip(*by_seed, strict=True)]


def measured(
    gold: Sequence[Document],
    system: System,
    schema: Schema,
    *,
    baselines: Sequence[System] = (),
    against: System | None = None,
) -> dict[str, Any]:
    """All of a report that follows from gold and predictions alone.

    Args:
        gold: the annotated articles.
        system: what is evaluated.
        schema: of both.
        baselines: simpler systems on the same articles.
        against: another model on the same articles.
    """
    parts = system.parts(gold, schema)
    total = sum(parts, Scores())
    found = _all_mistakes(gold, system, schema)
    repeated = [document for _ in system.predicted for document in gold]
    everything = [document for documents in system.predicted.values() for document in documents]
    return {
        "schema": schema.to_json(),
        "data": counts(gold),
        "seeds": [seed for seed in system.predicted if seed is not None] or None,
        "bootstrap": {"n_resamples": N_RESAMPLES, "seed": SEED, "level": LEVEL, "unit": "article"},
        "headline": headline(parts),
        "baselines": [
            {"name": b.name, "what": b.what, **compared(parts, b.parts(gold, schema), "against_model")}
            for b in baselines
        ],
        "against": against and {"name": against.name, **compared(parts, against.parts(gold, schema), "measures")},
        "rows": [row.to_json() for row in rows(total)],
        "classification": {name: c.to_json() for name, c in classifications(total, schema).items()},
        "confusion": confusion(repeated, everything, schema),
        "mistakes": _mistakes_record(found, schema),
        **_documents(gold, system, schema, parts, found),
    }


def headline(parts: Sequence[Scores]) -> dict[str, dict[str, float | None]]:
    """The measures with their intervals."""
    return {name: interval.to_json() for name, interval in intervals(parts, seed=SEED).items()}


def compared(parts: Sequence[Scores], others: Sequence[Scores], name: str) -> dict[str, Any]:
    """Another system's headline, and under `name` how far the first exceeds it on the same resamples."""
    differences = paired(parts, others, seed=SEED)
    return {
        "headline": headline(others),
        name: {measure: difference.to_json() for measure, difference in differences.items()},
    }


@dataclass(frozen=True, slots=True)
class _Repeated:
    """A mistake, and the seeds that made it."""

    mistake: Mistake
    seeds: tuple[int | None, ...]  # one that made it twice stands twice

    def to_json(self) -> dict[str, Any]:
        n_seeds = None if None in self.seeds else len(set(self.seeds))
        return {**self.mistake.to_json(), "n_seeds": n_seeds}


def _all_mistakes(gold: Sequence[Document], system: System, schema: Schema) -> dict[str, list[_Repeated]]:
    """By article; what several seeds get wrong in the same way is one mistake, at the highest of its costs."""
    found: dict[str, list[_Repeated]] = {}
    for index, document in enumerate(gold):
        same: dict[Any, list[tuple[int | None, Mistake]]] = {}
        for seed, documents in system.predicted.items():
            for mistake in mistakes(document, documents[index], schema):
                same.setdefault(replace(mistake, cost=0), []).append((seed, mistake))
        found[document.article.id] = [
            _Repeated(max((m for _, m in group), key=lambda m: m.cost), tuple(seed for seed, _ in group))
            for group in same.values()
        ]
    return found


def _mistakes_record(found: Mapping[str, Sequence[_Repeated]], schema: Schema) -> dict[str, Any]:
    repeated = [item for items in found.values() for item in items]
    made = [item.mistake for item in repeated for _ in item.seeds]
    weighed = {replace(item.mistake, cost=item.mistake.cost * len(item.seeds)): item for item in repeated}
    return {
        "n": len(made),
        "cost": COST,
        "kinds": kinds(made, schema),
        "costliest": [weighed[mistake].to_json() for mistake in costliest(weighed)],
    }


def _documents(
    gold: Sequence[Document],
    system: System,
    schema: Schema,
    parts: Sequence[Scores],
    found: Mapping[str, Sequence[_Repeated]],
) -> dict[str, Any]:
    """Gold beside the first seed's prediction; of too many articles those with the costliest mistakes."""
    seed, predicted = next(iter(system.predicted.items()))
    costs = [sum(item.mistake.cost for item in found[document.article.id]) for document in gold]
    shown = sorted(sorted(range(len(gold)), key=lambda index: -costs[index])[:MAX_DOCUMENTS])
    return {
        "documents": [
            {
                **_article_record(gold[index].article),
                "headline": {name: rounded(value) for name, value in parts[index].headline().items()},
                "seed": seed,
                "gold": _side(gold[index], schema),
                "predicted": _side(predicted[index], schema),
                "mistakes": [item.to_json() for item in found[gold[index].article.id] if seed in item.seeds],
            }
            for index in shown
        ],
        "n_documents_left_out": len(gold) - len(shown),
    }


def _article_record(article: Article) -> dict[str, Any]:
    published = article.published.isoformat() if article.published else ""
    return {"id": article.id, "title": article.title, "published": published, "text": article.text}


def _side(document: Document, schema: Schema) -> dict[str, Any]:
    spans = sorted([*document.entities, *(event.trigger for event in document.events)], key=lambda s: (s.start, s.end))
    return {
        "spans": [{"start": s.start, "end": s.end, "label": s.label, "score": round(s.score, 4)} for s in spans],
        "incidents": [_incident_record(incident, schema) for incident in document.incidents],
    }


def _incident_record(incident: Incident, schema: Schema) -> dict[str, Any]:
    fillers = {role.name: list(incident.texts(role.name)) for role in schema.roles}
    return {
        "id": incident.id,
        "date": str(incident.date) if incident.date else None,
        "attributes": dict(incident.attributes),
        "fillers": {role: texts for role, texts in fillers.items() if texts},
        "score": round(incident.score, 4),
        "countable": is_countable(incident, schema),
    }
