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
from tocsin.train.layers import layer_records, with_mentions
from tocsin.train.mistakes import Mistake, cost, costliest, kinds, mistakes
from tocsin.train.quiet import quiet_record
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

    def by_seed(self, gold: Sequence[Document], schema: Schema) -> list[list[Scores]]:
        """The scores of each article, seed after seed.

        Raises:
            DataError: the articles or labels of the two sides differ.
        """
        return [score_each(gold, documents, schema, name=self.name) for documents in self.predicted.values()]

    def parts(self, gold: Sequence[Document], schema: Schema) -> list[Scores]:
        """The scores of each article, its seeds added up; raises as `by_seed`."""
        return added(self.by_seed(gold, schema))


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
    by_seed = system.by_seed(gold, schema)
    parts = added(by_seed)
    total = sum(parts, Scores())
    found = _all_mistakes(gold, system, schema)
    repeated = [with_mentions(document, schema) for _ in system.predicted for document in gold]
    everything = [with_mentions(document, schema) for documents in system.predicted.values() for document in documents]
    return {
        "schema": schema.to_json(),
        "data": counts(gold, schema),
        "seeds": [seed for seed in system.predicted if seed is not None] or None,
        "bootstrap": {"n_resamples": N_RESAMPLES, "seed": SEED, "level": LEVEL, "unit": "article"},
        "headline": headline(parts),
        "quiet": quiet_record(gold, system.predicted, schema),
        "baselines": [
            {"name": b.name, "what": b.what, **compared(parts, b.parts(gold, schema), "against_model")}
            for b in baselines
        ],
        "against": against and {"name": against.name, **compared(parts, against.parts(gold, schema), "measures")},
        "rows": [row.to_json() for row in rows(total)],
        "classification": {name: c.to_json() for name, c in classifications(total, schema).items()},
        "confusion": confusion(repeated, everything, schema),
        "mistakes": _mistakes_record(found, schema),
        **_documents(gold, system, schema, by_seed[0], found),
    }


def added(by_seed: Sequence[Sequence[Scores]]) -> list[Scores]:
    """Each article's scores with all seeds together."""
    return [sum(of_article, Scores()) for of_article in zip(*by_seed, strict=True)]


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
    """A mistake as each of the seeds that make it makes it; their costs may differ."""

    made: tuple[tuple[int | None, Mistake], ...]  # a seed that makes it twice stands twice

    @property
    def worst(self) -> Mistake:
        return max((mistake for _, mistake in self.made), key=lambda mistake: mistake.cost)

    @property
    def cost(self) -> int:
        return sum(mistake.cost for _, mistake in self.made)

    @property
    def n_seeds(self) -> int | None:
        seeds = {seed for seed, _ in self.made}
        return None if None in seeds else len(seeds)


def _all_mistakes(gold: Sequence[Document], system: System, schema: Schema) -> dict[str, list[_Repeated]]:
    """By article; what several seeds get wrong in the same way is one mistake."""
    found: dict[str, list[_Repeated]] = {}
    for index, document in enumerate(gold):
        same: dict[Any, list[tuple[int | None, Mistake]]] = {}
        for seed, documents in system.predicted.items():
            for mistake in mistakes(document, documents[index], schema):
                same.setdefault(replace(mistake, cost=0), []).append((seed, mistake))
        found[document.article.id] = [_Repeated(tuple(made)) for made in same.values()]
    return found


def _mistakes_record(found: Mapping[str, Sequence[_Repeated]], schema: Schema) -> dict[str, Any]:
    repeated = [item for items in found.values() for item in items]
    made = [mistake for item in repeated for _, mistake in item.made]
    weighed = {replace(item.worst, cost=item.cost): item for item in repeated}
    return {
        "n": len(made),
        "cost": cost(schema),
        "kinds": kinds(made, schema),
        "costliest": [{**mistake.to_json(), "n_seeds": weighed[mistake].n_seeds} for mistake in costliest(weighed)],
    }


def _documents(
    gold: Sequence[Document],
    system: System,
    schema: Schema,
    scores: Sequence[Scores],
    found: Mapping[str, Sequence[_Repeated]],
) -> dict[str, Any]:
    """Gold beside the first seed's prediction and scores; of too many articles those with the costliest mistakes."""
    seed, predicted = next(iter(system.predicted.items()))
    costs = [sum(item.cost for item in found[document.article.id]) for document in gold]
    shown = sorted(sorted(range(len(gold)), key=lambda index: -costs[index])[:MAX_DOCUMENTS])
    return {
        "documents": [
            {
                **_article_record(gold[index].article),
                "headline": {name: rounded(value) for name, value in scores[index].headline().items()},
                "seed": seed,
                "gold": _side(gold[index], schema),
                "predicted": _side(predicted[index], schema),
                "mistakes": [
                    {**mistake.to_json(), "n_seeds": item.n_seeds}
                    for item in found[gold[index].article.id]
                    for made_with, mistake in item.made
                    if made_with == seed
                ],
            }
            for index in shown
        ],
        "n_documents_left_out": len(gold) - len(shown),
    }


def _article_record(article: Article) -> dict[str, Any]:
    published = article.published.isoformat() if article.published else ""
    return {"id": article.id, "title": article.title, "published": published, "text": article.text}


def _side(document: Document, schema: Schema) -> dict[str, Any]:
    document = with_mentions(document, schema)
    spans = sorted([*document.entities, *(event.trigger for event in document.events)], key=lambda s: (s.start, s.end))
    return {
        "spans": [{"start": s.start, "end": s.end, "label": s.label, "score": round(s.score, 4)} for s in spans],
        "incidents": [_incident_record(incident, schema) for incident in document.incidents],
        **layer_records(document, schema),
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
