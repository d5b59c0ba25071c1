"""The record of a cross-validation: seeds added up, every article judged by what others teach."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.types import Document
from tocsin.model.artifact import record_of
from tocsin.model.calibration import Calibration
from tocsin.train.config import CrossvalSettings, InitSettings
from tocsin.train.counts import rounded, spread
from tocsin.train.crossval import Crossval
from tocsin.train.reliability import fit, left_out, outcomes, reliability
from tocsin.train.scores import Scores, score
from tocsin.train.seen import trained_on
from tocsin.train.summary import brief, crossval_record


def by_seed(run: Crossval) -> dict[int, list[Document]]:
    return {seed: [d for r in run.results if r.fold.seed == seed for d in r.predicted] for seed in run.seeds}


@pytest.fixture(scope="module")
def record(made_crossval: Crossval) -> dict[str, Any]:
    return crossval_record(made_crossval, title="a run", reproduce=["tocsin crossval run.toml"])


@pytest.fixture(scope="module")
def one_seed(made_crossval: Crossval) -> dict[str, Any]:
    config = replace(made_crossval.config, crossval=CrossvalSettings(seeds=(4,)))
    results = tuple(result for result in made_crossval.results if result.fold.seed == 4)
    run = replace(made_crossval, config=config, results=results, curve={})
    return crossval_record(run, title="a run", reproduce=[])


def test_it_holds_all_that_a_report_reads(
    record: dict[str, Any], one_seed: dict[str, Any], check_record: Callable[[Mapping[str, Any]], None]
) -> None:
    for each in (record, one_seed):
        check_record(each)
        assert each["kind"] == "crossval"
    assert (record["seeds"], one_seed["seeds"]) == ([4, 5], [4])


def test_the_counts_of_all_seeds_are_added_up(made_crossval: Crossval, record: dict[str, Any]) -> None:
    run = made_crossval
    total = sum((score(run.documents, documents, run.schema) for documents in by_seed(run).values()), Scores())
    assert {name: figures["value"] for name, figures in record["headline"].items()} == {
        name: rounded(value) for name, value in total.headline().items()
    }
    parts = [Scores.from_json(scores) for scores in record["by_article"].values()]
    assert sum(parts, Scores()).to_json() == total.to_json()
    assert [*record["by_article"]] == ["first", "second", "third"]


def test_spreads_are_over_seeds_and_over_articles(made_crossval: Crossval, record: dict[str, Any]) -> None:
    run = made_crossval
    seeds = [score(run.documents, documents, run.schema).headline()["entity_f1"] for documents in by_seed(run).values()]
    articles = [scores["headline"]["entity_f1"] for scores in record["by_article"].values()]
    figures = record["headline"]["entity_f1"]
    assert figures["sd_over_seeds"] == rounded(spread(seeds)[1])
    assert figures["sd_over_articles"] == pytest.approx(spread(articles)[1], abs=1e-4)
    assert figures["sd_over_articles"] > 0


def test_a_single_seed_has_no_spread_over_seeds(one_seed: dict[str, Any]) -> None:
    assert one_seed["headline"]["entity_f1"]["sd_over_seeds"] is None
    assert one_seed["headline"]["entity_f1"]["sd_over_articles"] is not None


def all_outcomes(run: Crossval) -> dict[str, dict[Any, Any]]:
    seeds = by_seed(run).values()
    found: dict[str, dict[Any, Any]] = {}
    for gold, *predicted in zip(run.documents, *seeds, strict=True):
        first, second = (outcomes(gold, document, run.schema) for document in predicted)
        found[gold.article.id] = {layer: first[layer] + second[layer] for layer in first}
    return found


def test_what_a_model_ships_is_fitted_on_all_articles(made_crossval: Crossval, record: dict[str, Any]) -> None:
    source = "3 articles, each predicted by models that were not trained on it, with 2 seeds each"
    written = json.loads(json.dumps(record["calibration"]))
    assert Calibration.from_json(written) == fit(all_outcomes(made_crossval).values(), source=source, n_seeds=2)


def test_scores_shown_are_scaled_by_what_the_other_articles_teach(
    made_crossval: Crossval, record: dict[str, Any]
) -> None:
    others = left_out(all_outcomes(made_crossval))
    for document, raw in zip(record["documents"], by_seed(made_crossval)[4], strict=True):
        expected = others[document["id"]].apply(raw)
        assert [incident["score"] for incident in document["predicted"]["incidents"]] == [
            round(incident.score, 4) for incident in expected.incidents
        ]
        scores = {(span["start"], span["end"]): span["score"] for span in document["predicted"]["spans"]}
        assert all(scores[s.start, s.end] == round(s.score, 4) for s in expected.entities)


def test_the_figures_after_are_of_articles_scaled_by_the_others(
    made_crossval: Crossval, record: dict[str, Any]
) -> None:
    articles = all_outcomes(made_crossval)
    source = record["calibration"]["source"]
    shipped = fit(articles.values(), source=source, n_seeds=2)
    others = left_out(articles, n_seeds=2)
    assert record["calibration"] == reliability(articles, shipped, others, measured_on=source)
    assert record["calibration"] != reliability(articles, shipped, measured_on=source)


def test_a_mistake_says_how_many_seeds_made_it(record: dict[str, Any]) -> None:
    second = next(document for document in record["documents"] if document["id"] == "second")
    short = {m["gold"]: m["n_seeds"] for m in second["mistakes"] if m["kind"] == "wrong boundary"}
    # Entity 1 is short with both seeds, 4 with the first, which is shown; 0 (5 of 5) with the second.
    assert short == {"rockets": 2, "Northern Army": 1}


def test_totals_count_the_mistakes_of_every_seed(record: dict[str, Any], one_seed: dict[str, Any]) -> None:
    kinds = {kind["kind"]: kind["n"] for kind in record["mistakes"]["kinds"]}
    of_one = {kind["kind"]: kind["n"] for kind in one_seed["mistakes"]["kinds"]}
    assert kinds["wrong boundary"] == 2 + 2 + 1 + 2 + 2 + 2  # by article and seed; third: 1 and 4 are one of three
    assert of_one["wrong boundary"] == 2 + 2 + 1
    assert {mistake["n_seeds"] for mistake in one_seed["mistakes"]["costliest"]} == {1}


def test_baselines_learn_from_the_training_articles_of_each_fold_alone(record: dict[str, Any]) -> None:
    lexicon, nearest = record["baselines"]
    assert (lexicon["name"], nearest["name"]) == ("lexicon", "nearest entity")
    # Of what is annotated, only the Red Brigade is in two articles: one ACTOR in each, of 13 entities.
    assert lexicon["headline"]["entity_f1"]["value"] == rounded(2 * 2 / (13 + 2))
    assert nearest["headline"]["entity_f1"]["value"] == record["headline"]["entity_f1"]["value"]
    assert nearest["against_model"]["entity_f1"] == {"difference": 0.0, "low": 0.0, "high": 0.0, "share_won": 0.5}
    assert lexicon["against_model"]["entity_f1"]["difference"] > 0


def test_the_curve_has_a_point_for_each_size_and_the_gain_of_the_last(
    record: dict[str, Any], one_seed: dict[str, Any]
) -> None:
    curve = record["learning_curve"]
    assert curve["sizes"] == [1, 2]
    last = curve["measures"]["entity_f1"][-1]
    assert last["mean"] == record["headline"]["entity_f1"]["value"]
    gained = last["mean"] - curve["measures"]["entity_f1"][0]["mean"]
    assert curve["gain"]["entity_f1"]["difference"] == pytest.approx(gained, abs=1e-4)
    assert one_seed["learning_curve"] is None


def test_a_training_that_is_a_point_of_the_curve_takes_its_time_once(record: dict[str, Any]) -> None:
    assert record["seconds"] == {"training": 6 * 1.5 + 6 * 1.25}


def test_notes_say_what_figures_are_of(record: dict[str, Any], one_seed: dict[str, Any]) -> None:
    told, of_one = " ".join(record["notes"]), " ".join(one_seed["notes"])
    assert "Every article was predicted by models trained on others, at commit 0123abc." in told
    assert "those of 2 seeds together" in told
    assert "seeds together" not in of_one
    assert "3 articles are few" in of_one


def test_articles_that_the_model_started_from_has_seen_are_no_new_ones(
    made_crossval: Crossval, tiny_artifact: Path, record: dict[str, Any]
) -> None:
    config = replace(made_crossval.config, init=InitSettings(str(tiny_artifact)))
    seen = trained_on(record_of(tiny_artifact).run)
    leaked = crossval_record(replace(made_crossval, config=config, seen_by_start=seen), title="a run", reproduce=[])
    (note,) = [note for note in leaked["notes"] if "[init]" in note]
    assert note.startswith(f"[init] from {tiny_artifact}: has seen articles that are held out: first, second; their")
    assert leaked["calibration"]["source"].endswith("with 2 seeds each, 2 of them seen by the model started from")
    assert (leaked["seen_by_start"], record["seen_by_start"]) == (2, 0)
    assert not any("[init]" in note for note in record["notes"])


def test_where_it_comes_from_is_that_of_the_run(made_crossval: Crossval, record: dict[str, Any]) -> None:
    assert record["provenance"] == made_crossval.provenance
    assert record["trained_at"] == ["0123abc"]
    assert record["identity"] == made_crossval.identity
    assert record["config"] == made_crossval.config.to_json()
    assert record["reproduce"] == ["tocsin crossval run.toml"]


def test_the_brief_keeps_all_but_the_articles_and_single_mistakes(record: dict[str, Any]) -> None:
    kept = brief(record)
    assert set(record) - set(kept) == {"documents", "n_documents_left_out"}
    assert set(kept["mistakes"]) == {"n", "cost", "kinds"}
    assert all(kept[key] == record[key] for key in kept if key != "mistakes")
    assert all(document["text"] not in json.dumps(kept) for document in record["documents"])
