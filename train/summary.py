"""A finished cross-validation as a record: scores, spreads, baselines, calibration and learning curve."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tocsin.data.types import Document
from tocsin.model.calibration import Calibration
from tocsin.train.baselines import LEXICON, NEAREST, lexicon_baseline, nearest_baseline
from tocsin.train.counts import rounded, spread
from tocsin.train.crossval import Crossval, FoldResult
from tocsin.train.evaluation import FEW_ARTICLES, SEED, System, measured
from tocsin.train.joint import HOW_SHARED
from tocsin.train.leaks import told
from tocsin.train.learning_curve import learning_curve
from tocsin.train.measures import plain_labels
from tocsin.train.reliability import Outcomes, fit, left_out, outcomes, reliability
from tocsin.train.scores import Scores, score


def crossval_record(run: Crossval, *, title: str, reproduce: Sequence[str]) -> dict[str, Any]:
    """All that a report on a cross-validation shows.

    Calibrated scores in it come, for each article, from a calibration fitted on the other articles; the one under
    "calibration" is fitted on all of them, for a model that is trained on all of them.
    """
    raw = System("model", _by_seed(run, run.results))
    articles = _outcomes(run, raw)
    calibration = fit(articles.values(), source=_source(run), n_seeds=len(run.seeds))
    held_out = left_out(articles, n_seeds=len(run.seeds))
    system = System("model", {seed: _calibrated(documents, held_out) for seed, documents in raw.predicted.items()})
    record = measured(run.documents, system, run.schema, baselines=_baselines(run))
    by_article = dict(zip(record["data"]["ids"], raw.parts(run.documents, run.schema), strict=True))
    for measure, spreads in _spreads(run, raw, by_article).items():
        record["headline"][measure] |= spreads
    return {
        "kind": "crossval",
        "title": title,
        "reproduce": list(reproduce),
        "identity": run.identity,
        "provenance": run.provenance,
        "trained_at": _commits(run),
        "config": run.config.to_json(),
        "seconds": {"training": run.seconds},
        "seen_by_start": _n_leaked(run),
        **record,
        "by_article": {article: scores.to_json() for article, scores in by_article.items()},
        "calibration": reliability(articles, calibration, held_out, measured_on=calibration.source),
        "learning_curve": _curve(run) if run.curve else None,
        "notes": _notes(run),
    }


def brief(record: Mapping[str, Any]) -> dict[str, Any]:
    """What `crossval.json` keeps of a record: all but the articles and their mistakes one by one."""
    kept = {key: value for key, value in record.items() if key not in ("documents", "n_documents_left_out")}
    return {**kept, "mistakes": {key: value for key, value in record["mistakes"].items() if key != "costliest"}}


def _by_seed(run: Crossval, results: Sequence[FoldResult]) -> dict[int | None, list[Document]]:
    """Each seed's predictions in the order of the gold documents."""
    by_seed: dict[int | None, dict[str, Document]] = {seed: {} for seed in run.seeds}
    for result in results:
        by_seed[result.fold.seed] |= {document.article.id: document for document in result.predicted}
    return {seed: [found[d.article.id] for d in run.documents] for seed, found in by_seed.items()}


def _outcomes(run: Crossval, raw: System) -> dict[str, dict[Any, Outcomes]]:
    """What is right of each article's raw predictions, the seeds together."""
    articles: dict[str, dict[Any, Outcomes]] = {}
    for documents in raw.predicted.values():
        for gold, predicted in zip(run.documents, documents, strict=True):
            found = outcomes(gold, predicted, run.schema)
            before = articles.get(gold.article.id)
            articles[gold.article.id] = {k: before[k] + v for k, v in found.items()} if before else dict(found)
    return articles


def _calibrated(documents: Sequence[Document], calibrations: Mapping[str, Calibration]) -> list[Document]:
    return [calibrations[document.article.id].apply(document) for document in documents]


def _baselines(run: Crossval) -> list[System]:
    """Learned from the training articles of each fold, which are the same for every seed.

    They tag spans, so there is none of a schema without any that are scored one by one.
    """
    if not (run.schema.event_types or plain_labels(run.schema)):
        return []
    first = [result for result in run.results if result.fold.seed == run.seeds[0]]
    by_article: dict[str, Document] = {}
    for result in first:
        predict = lexicon_baseline(result.fold.train, run.schema)
        by_article |= {document.article.id: predict(document.article) for document in result.fold.held_out}
    lexicon = [by_article[document.article.id] for document in run.documents]
    nearest = [
        replace(result, predicted=tuple(map(nearest_baseline(result.fold.train, run.schema), result.predicted)))
        for result in run.results
    ]
    nearest_entity = [System("nearest entity", _by_seed(run, nearest), NEAREST)] if run.schema.event_types else []
    return [System("lexicon", {None: lexicon}, LEXICON), *nearest_entity]


def _spreads(run: Crossval, system: System, by_article: Mapping[str, Scores]) -> dict[str, dict[str, float | None]]:
    """The sample standard deviation of each measure over seeds, of all articles together, and over articles."""
    by_seed = [score(run.documents, documents, run.schema).headline() for documents in system.predicted.values()]
    each = [scores.headline() for scores in by_article.values()]
    return {
        measure: {
            "sd_over_seeds": rounded(spread([headline[measure] for headline in by_seed])[1]),
            "sd_over_articles": rounded(spread([headline[measure] for headline in each])[1]),
        }
        for measure in each[0]
    }


def _curve(run: Crossval) -> dict[str, Any]:
    by_size = {
        size: System("model", _by_seed(run, results)).parts(run.documents, run.schema)
        for size, results in run.curve.items()
    }
    return learning_curve(by_size, seed=SEED)


def _source(run: Crossval) -> str:
    n_seeds = len(run.seeds)
    seeds = f", with {n_seeds} seeds each" if n_seeds > 1 else ""
    leaked = f", {n_leaked} of them seen by the model started from" if (n_leaked := _n_leaked(run)) else ""
    return f"{len(run.documents)} articles, each predicted by models that were not trained on it{seeds}{leaked}"


def _n_leaked(run: Crossval) -> int:
    """How many of the articles the model of `[init]` has seen, though they are held out in turn."""
    return sum(document.article in run.seen_by_start for document in run.documents)


def _notes(run: Crossval) -> list[str]:
    n_seeds, n_articles = len(run.seeds), len(run.documents)
    notes = [f"Every article was predicted by models trained on others, at commit {', '.join(_commits(run))}."]
    notes += (f"{leak}." for leak in told(run.config, run.seen_by_start, run.documents))
    if run.schema.span_labels:  # else nothing is calibrated
        notes.append("Calibrated figures of an article come from a calibration fitted on the other articles.")
    if names := run.config.joint.configs:
        n_left_out = sum(result.n_left_out for result in run.results)
        notes.append(
            f"The encoder learned from {', '.join(names)} too; over all trainings, {n_left_out} of their documents "
            f"were left out, since they share their text with held-out articles ({HOW_SHARED})."
        )
    if n_seeds > 1:
        notes.append(
            f"Counts and mistakes are those of {n_seeds} seeds together; the articles at the end are shown as the "
            "first seed predicts them."
        )
    if n_articles < FEW_ARTICLES:
        notes.append(
            f"{n_articles} articles are few: intervals drawn from so few are too narrow rather than too wide, "
            "and say nothing about articles of another kind."
        )
    return notes


def _commits(run: Crossval) -> list[str]:
    """Of the code that trained the folds, which may have been kept from an earlier run."""
    return sorted({result.commit for results in (run.results, *run.curve.values()) for result in results})
