"""What can be evaluated, a model or a file of predictions, and what is said of those that cannot."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.data.errors import ArtifactError, DataError, TocsinError
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema
from tocsin.data.types import Article, Document
from tocsin.model.artifact import load, record_of, save
from tocsin.model.calibration import SCORED_LAYERS, Calibration, Scaling, Step
from tocsin.model.prediction import Model
from tocsin.train.candidates import Candidate, check_alike, evaluation_record, open_candidate
from tocsin.train.config import InitSettings, RunConfig
from tocsin.train.counts import rounded
from tocsin.train.finish import finish
from tocsin.train.preparation import prepare
from tocsin.train.scores import score

Articles = tuple[Document, ...]
COOLED = Calibration(
    "articles of another time",
    dict.fromkeys(SCORED_LAYERS, Scaling(3.0, -0.5)),
    dict.fromkeys(SCORED_LAYERS, (Step(0.25, 0.9, 1.0, 40),)),
)


def evaluated(
    gold: Sequence[Document], candidate: Path, *, against: Path | None = None, schema: Schema | None = None
) -> dict[str, Any]:
    other = open_candidate(against, schema=schema) if against else None
    return evaluation_record(
        gold,
        open_candidate(candidate, schema=schema),
        against=other,
        title="t",
        reproduce=["tocsin evaluate"],
        tell=lambda n_done, number: None,
    )


def written(path: Path, documents: Sequence[Document]) -> Path:
    write_documents(path, documents)
    return path


@pytest.fixture
def predictions(three_documents: Articles, misread: Callable[..., Document], tmp_path: Path) -> Path:
    return written(tmp_path / "predicted.jsonl", [misread(document, 0, score=0.9) for document in three_documents])


@pytest.fixture
def calibrated(tiny_artifact: Path, tiny_model: Model, tmp_path: Path) -> Path:
    """The tiny artefact with a calibration."""
    parts = tiny_model.network, tiny_model.tokenizer, tiny_model.schema, tiny_model.settings
    save(tmp_path / "calibrated", Model(*parts, COOLED), record_of(tiny_artifact))
    return tmp_path / "calibrated"


def test_a_model_gives_a_record_that_holds_all_a_report_reads(
    tiny_artifact: Path,
    calibrated: Path,
    three_documents: Articles,
    check_record: Callable[[Mapping[str, Any]], None],
) -> None:
    for folder in (tiny_artifact, calibrated):
        record = evaluated(three_documents, folder, against=tiny_artifact)
        check_record(record)
        assert (record["kind"], record["config"], record["learning_curve"]) == ("evaluation", None, None)
        assert set(record["seconds"]) == {"prediction", "evaluation"}
        assert record["reproduce"] == ["tocsin evaluate"]


def test_a_file_gives_one_too_with_the_numbers_of_its_scores(
    predictions: Path,
    three_documents: Articles,
    misread: Callable[..., Document],
    check_record: Callable[[Mapping[str, Any]], None],
) -> None:
    record = evaluated(three_documents, predictions)
    check_record(record)
    expected = score(three_documents, [misread(d, 0, score=0.9) for d in three_documents], DEFAULT_SCHEMA)
    assert {name: figures["value"] for name, figures in record["headline"].items()} == {
        name: rounded(value) for name, value in expected.headline().items()
    }


@pytest.mark.parametrize("folder", ["tiny_artifact", "calibrated"])
def test_a_file_of_what_a_model_predicted_scores_as_the_model_does(
    folder: str, request: pytest.FixtureRequest, three_documents: Articles, tmp_path: Path
) -> None:
    path = request.getfixturevalue(folder)
    model = load(path)
    predicted = written(tmp_path / "out.jsonl", [model.predict(document.article) for document in three_documents])
    of_model, of_file = evaluated(three_documents, path), evaluated(three_documents, predicted)
    for part in ("headline", "rows", "classification", "confusion", "mistakes", "documents"):
        assert of_file[part] == of_model[part], part


def test_the_order_of_a_file_does_not_matter(predictions: Path, three_documents: Articles, tmp_path: Path) -> None:
    turned = tmp_path / "turned.jsonl"
    turned.write_text("".join(reversed(predictions.read_text().splitlines(keepends=True))))
    assert evaluated(three_documents, turned)["rows"] == evaluated(three_documents, predictions)["rows"]


@pytest.mark.parametrize("kind", ["tiny_artifact", "predictions"])
def test_against_itself_nothing_is_won(kind: str, request: pytest.FixtureRequest, three_documents: Articles) -> None:
    path = request.getfixturevalue(kind)
    record = evaluated(three_documents, path, against=path)
    assert record["against"]["name"] == str(path)
    assert record["against"]["headline"] == record["headline"]
    even = {"difference": 0.0, "low": 0.0, "high": 0.0, "share_won": 0.5}
    assert record["against"]["measures"] == dict.fromkeys(record["headline"], even)


def test_a_model_can_be_held_against_a_file(tiny_artifact: Path, predictions: Path, three_documents: Articles) -> None:
    record = evaluated(three_documents, tiny_artifact, against=predictions)
    back = evaluated(three_documents, predictions, against=tiny_artifact)
    gained = {name: figures["difference"] for name, figures in record["against"]["measures"].items()}
    assert {name: -figures["difference"] for name, figures in back["against"]["measures"].items()} == gained
    assert record["against"]["headline"] == back["headline"]


def test_scores_are_shown_as_users_see_them_and_judged_from_what_the_network_gave(
    tiny_artifact: Path, calibrated: Path, three_documents: Articles
) -> None:
    raw, cooled = evaluated(three_documents, tiny_artifact), evaluated(three_documents, calibrated)
    model = load(calibrated)
    shown = [span["score"] for document in cooled["documents"] for span in document["predicted"]["spans"]]
    seen = [model.predict(document.article) for document in three_documents]
    assert sorted(shown) == sorted(
        round(span.score, 4)
        for document in seen
        for span in (*document.entities, *(event.trigger for event in document.events))
    )
    assert raw["calibration"]["fitted"] is False
    assert cooled["calibration"]["fitted"] is True
    for layer, figures in cooled["calibration"]["layers"].items():
        before = raw["calibration"]["layers"][layer]
        assert {key: figures[key] for key in ("n", "ece_before", "brier_before", "before")} == {
            key: before[key] for key in ("n", "ece_before", "brier_before", "before")
        }
        assert figures["brier_after"] != figures["brier_before"]


def test_thresholds_are_the_models_own_and_what_they_come_to_is_counted_on_gold(
    calibrated: Path, three_documents: Articles
) -> None:
    record = evaluated(three_documents, calibrated)["calibration"]
    assert (record["source"], record["measured_on"]) == ("articles of another time", "3 articles of gold")
    layer = record["layers"]["entities"]
    assert layer["steps"] == [{"threshold": 0.25, "precision": 0.9, "recall": 1.0, "n_kept": 40}]
    document = load(calibrated).predict
    scores = [span.score for gold in three_documents for span in document(gold.article).entities]
    assert [target["n_kept"] for target in layer["targets"]] == [sum(s >= 0.25 for s in scores)] * 2 + [0]


def test_every_article_is_told_before_it_is_read(tiny_artifact: Path, three_documents: Articles) -> None:
    told: list[tuple[int, int]] = []
    candidate = open_candidate(tiny_artifact, schema=None)
    candidate.predict(three_documents, lambda n_done, number: told.append((n_done, number)))
    assert told == [(0, 1), (1, 2), (2, 3)]


def test_notes_say_which_articles_a_model_was_trained_on(
    tiny_artifact: Path, calibrated: Path, predictions: Path, three_documents: Articles
) -> None:
    known = f"{tiny_artifact} was trained on 2 of these 3 articles: its figures say nothing about new ones."
    assert known in evaluated(three_documents, tiny_artifact)["notes"]
    assert known in evaluated(three_documents, calibrated, against=tiny_artifact)["notes"]
    renamed = [replace(d, article=replace(d.article, id=f"new-{d.article.id}")) for d in three_documents]
    assert known in evaluated(renamed, tiny_artifact)["notes"]
    new = [*evaluated(three_documents[2:], tiny_artifact)["notes"], *evaluated(three_documents, predictions)["notes"]]
    assert not any("trained on" in note for note in new)


def test_notes_say_which_articles_the_model_that_it_started_from_had_seen(
    tiny_config: RunConfig, tiny_artifact: Path, three_documents: Articles, tmp_path: Path
) -> None:
    config = replace(tiny_config, encoder=RunConfig().encoder, init=InitSettings(str(tiny_artifact)))
    run = prepare(config, DEFAULT_SCHEMA, three_documents[2:], ())
    finish(run, run.model, three_documents[2:], tmp_path / "model", seconds=1.0)
    notes = evaluated(three_documents, tmp_path / "model")["notes"]
    assert any("was trained on 1 of these 3 articles" in note for note in notes)
    name = tmp_path / "model"
    told = f"The model that {name} started from had seen 2 of these 3 articles: figures of {name} may be too good."
    assert told in notes
    assert not any("started from" in note for note in evaluated(three_documents, tiny_artifact)["notes"])


def test_notes_say_whose_scores_are_not_calibrated(
    tiny_artifact: Path, calibrated: Path, predictions: Path, three_documents: Articles
) -> None:
    told = f"{tiny_artifact}: scores are not calibrated, they are what the network says of itself."
    assert told in evaluated(three_documents, tiny_artifact)["notes"]
    assert not any("calibrated:" in note for note in evaluated(three_documents, calibrated)["notes"])
    of_file = f"{predictions}: whether its scores are calibrated, a file does not tell; they are taken as they are."
    assert of_file in evaluated(three_documents, predictions)["notes"]


def test_predictions_without_scores_are_not_judged_by_them(
    three_documents: Articles, check_record: Callable[[Mapping[str, Any]], None], tmp_path: Path
) -> None:
    found = [replace(d, entities=(replace(d.entities[0], label="ASSET"), *d.entities[1:])) for d in three_documents]
    sure = written(tmp_path / "sure.jsonl", [replace(document, events=(), incidents=()) for document in found])
    record = evaluated(three_documents, sure)
    check_record(record)
    assert record["calibration"] is None
    (note,) = [note for note in record["notes"] if "score" in note]
    assert note == f"{sure}: has no score, or none but 1; what scores mean is not measured."


def test_notes_say_which_articles_the_best_epoch_was_chosen_on(
    tiny_config: RunConfig, tiny_model: Model, three_documents: Articles, tmp_path: Path
) -> None:
    run = prepare(tiny_config, DEFAULT_SCHEMA, three_documents[:2], three_documents[2:])
    parts = tiny_model.network, tiny_model.tokenizer, tiny_model.schema, tiny_model.settings
    finish(run, Model(*parts), three_documents[:2], tmp_path / "model", seconds=1.0)
    told = " ".join(evaluated(three_documents[1:], tmp_path / "model")["notes"])
    assert "was trained on 1 of these 2 articles" in told
    assert "had 1 of these 2 articles as dev articles: its best epoch was chosen on them" in told


def test_notes_name_labels_that_only_the_prediction_uses(predictions: Path, three_documents: Articles) -> None:
    gold = [replace(document, entities=(), events=(), incidents=()) for document in three_documents]
    notes = evaluated(gold, predictions)["notes"]
    assert any(note.startswith("BASE is predicted 3 times and never in gold") for note in notes)
    assert not any("micro" in note or "ASSET" in note for note in notes)
    assert not any("never in gold" in note for note in evaluated(three_documents, predictions)["notes"])


def test_notes_say_how_far_intervals_can_be_trusted(predictions: Path, three_documents: Articles) -> None:
    assert any("3 articles are few" in note for note in evaluated(three_documents, predictions)["notes"])
    first = predictions.read_text().splitlines(keepends=True)[0]
    predictions.write_text(first)
    record = evaluated(three_documents[:1], predictions)
    assert "A single article has no intervals." in record["notes"]
    assert record["headline"]["entity_f1"]["low"] is None


def test_a_file_of_other_articles_names_what_is_missing_and_what_is_too_much(
    predictions: Path, three_documents: Articles
) -> None:
    first, *rest = three_documents
    other = replace(first, article=replace(first.article, id="other"))
    with pytest.raises(DataError) as caught:
        evaluated([other, *rest], predictions)
    assert str(caught.value).splitlines() == [
        f"{predictions}: no prediction for other of gold",
        f"{predictions}: predictions for first, which gold does not have",
        "to go on: predict exactly the articles of GOLD, under the same ids: tocsin predict MODEL GOLD",
    ]


def test_of_many_articles_five_are_named(three_documents: Articles, predictions: Path) -> None:
    gold = [replace(three_documents[0], article=Article(f"Text {n}.", id=f"a{n}")) for n in range(8)]
    with pytest.raises(DataError, match="no prediction for a0, a1, a2, a3, a4 and 3 more of gold"):
        evaluated([replace(document, entities=(), events=(), incidents=()) for document in gold], predictions)


def test_a_file_of_other_texts_says_from_where_on_they_differ(predictions: Path, three_documents: Articles) -> None:
    first, *rest = three_documents
    longer = Document(replace(first.article, text=f"{first.article.text} More followed."))
    with pytest.raises(DataError, match=r"another text than gold's under first; .* from character 88 on"):
        evaluated([longer, *rest], predictions)


def test_a_label_the_schema_does_not_have_is_named_with_its_line(predictions: Path) -> None:
    predictions.write_text(predictions.read_text().replace('"BASE"', '"BASS"'))
    with pytest.raises(DataError, match=rf"{predictions}:1: .*unknown label 'BASS'; did you mean 'BASE'\?"):
        open_candidate(predictions, schema=None)


def test_a_file_can_be_of_a_schema_of_the_users(three_documents: Articles, predictions: Path) -> None:
    schema = replace(DEFAULT_SCHEMA, entity_labels=(*DEFAULT_SCHEMA.entity_labels, "SHIP"))
    record = evaluated(three_documents, predictions, schema=schema)
    assert "SHIP" in [row["label"] for row in record["rows"]]


@pytest.mark.parametrize("name", ["nowhere", "nowhere.jsonl"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=f"{name}: not there; expected a folder .*, or a file of predictions"):
        open_candidate(tmp_path / name, schema=None)


def test_an_empty_file_holds_no_predictions(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(DataError, match=r"empty\.jsonl: no document found"):
        open_candidate(tmp_path / "empty.jsonl", schema=None)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"holds no tocsin\.json"):
        open_candidate(tmp_path, schema=None)


@pytest.mark.parametrize("kind", ["tiny_artifact", "predictions"])
def test_nothing_can_be_evaluated_on_no_articles(kind: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(TocsinError, match=r"gold"):
        evaluated([], request.getfixturevalue(kind))


def test_a_model_brings_its_own_schema(tiny_artifact: Path) -> None:
    assert open_candidate(tiny_artifact, schema=DEFAULT_SCHEMA).schema == DEFAULT_SCHEMA
    with pytest.raises(DataError, match="brings a schema of its own, which is not the one given; leave --schema out"):
        open_candidate(tiny_artifact, schema=Schema(entity_labels=("SHIP",)))


def of(name: str, schema: Schema) -> Candidate:
    return Candidate(name, schema, None, lambda gold, tell: list(gold))


def test_models_of_different_schemas_say_what_each_alone_knows() -> None:
    ships = replace(
        DEFAULT_SCHEMA,
        entity_labels=(*DEFAULT_SCHEMA.entity_labels, "SHIP"),
        roles=(*DEFAULT_SCHEMA.roles, Role("vessel", ("SHIP",))),
    )
    moods = replace(DEFAULT_SCHEMA, attributes=(*DEFAULT_SCHEMA.attributes, Attribute("mood", ("calm",))))
    with pytest.raises(DataError) as caught:
        check_alike(of("runs/ships", ships), of("runs/moods", moods))
    assert str(caught.value).splitlines() == [
        "runs/ships: alone knows entity label SHIP, role vessel",
        "runs/moods: alone knows attribute mood, value calm of mood",
        "to go on: compare what has one schema: train with the same file under [data] schema, read files with --schema",
    ]


def test_schemas_of_the_same_names_can_differ_too() -> None:
    turned = replace(DEFAULT_SCHEMA, entity_labels=DEFAULT_SCHEMA.entity_labels[::-1])
    with pytest.raises(DataError, match="a and b: have schemas that differ in more than names"):
        check_alike(of("a", DEFAULT_SCHEMA), of("b", turned))


def test_candidates_of_different_schemas_are_not_compared(
    tiny_artifact: Path, three_documents: Articles, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_artifact, tmp_path / "copy")
    predictions = written(tmp_path / "p.jsonl", [Document(document.article) for document in three_documents])
    other = open_candidate(predictions, schema=Schema(entity_labels=("SHIP",)))
    with pytest.raises(DataError, match="alone knows entity label SHIP"):
        evaluation_record(
            three_documents,
            open_candidate(folder, schema=None),
            against=other,
            title="t",
            reproduce=[],
            tell=lambda n_done, number: None,
        )


def test_two_files_of_the_same_system_give_the_same_record(predictions: Path, three_documents: Articles) -> None:
    varies = ("seconds", "provenance")
    one, two = (evaluated(three_documents, predictions) for _ in range(2))
    assert json.dumps({**one, **dict.fromkeys(varies)}) == json.dumps({**two, **dict.fromkeys(varies)})
