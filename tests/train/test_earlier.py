"""The cross-validation a config names: taken over if it is of this very run, refused with what differs if not."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.model.artifact import load, record_of
from tocsin.model.calibration import Calibration
from tocsin.model.prediction import Model
from tocsin.train.config import CalibrationSettings, RunConfig
from tocsin.train.crossval import Crossval
from tocsin.train.earlier import Earlier, read_earlier
from tocsin.train.finish import finish
from tocsin.train.preparation import Run, prepare
from tocsin.train.reliability import fit, left_out, outcomes, reliability
from tocsin.train.summary import brief, crossval_record


@pytest.fixture(scope="module")
def content(made_crossval: Crossval) -> str:
    record = crossval_record(made_crossval, title="a run", reproduce=["tocsin crossval run.toml"])
    return json.dumps(brief(record))


@pytest.fixture
def file(content: str, tmp_path: Path) -> Path:
    path = tmp_path / "crossval.json"
    path.write_text(content)
    return path


@pytest.fixture
def config(tiny_config: RunConfig, file: Path) -> RunConfig:
    """The config of the cross-validation, which now names it."""
    return replace(tiny_config, seed=9, base=str(file.parent), calibration=CalibrationSettings(file.name))


def read(config: RunConfig, documents: tuple[Document, ...]) -> Earlier:
    earlier = read_earlier(config, DEFAULT_SCHEMA, documents)
    assert earlier is not None
    return earlier


def test_a_config_that_names_none_has_none(tiny_config: RunConfig, three_documents: tuple[Document, ...]) -> None:
    assert read_earlier(tiny_config, DEFAULT_SCHEMA, three_documents) is None


def test_what_it_found_is_taken_over(config: RunConfig, three_documents: tuple[Document, ...], file: Path) -> None:
    earlier, record = read(config, three_documents), json.loads(file.read_text())
    assert earlier.calibration == Calibration.from_json(record["calibration"])
    facts = earlier.facts
    assert (facts["n_articles"], facts["n_seeds"], facts["reproduce"]) == (3, 2, "tocsin crossval run.toml")
    assert facts["provenance"] == {"date": "2024-06-01", "commit": "0123abc"}
    assert {name: figures["value"] for name, figures in facts["headline"].items()} == {
        name: figures["value"] for name, figures in record["headline"].items()
    }
    for name, layer in facts["calibration"]["layers"].items():
        assert layer.items() <= record["calibration"]["layers"][name].items()


def test_articles_in_another_order_are_said_to_be(config: RunConfig, three_documents: tuple[Document, ...]) -> None:
    with pytest.raises(ConfigError, match="another run than this: the same articles in another order"):
        read(config, three_documents[::-1])


@pytest.mark.parametrize(
    "flaw",
    [
        {"reproduce": []},
        {"headline": {"entity_f1": {"value": "high", "low": None, "high": None}}},
        {"headline": {"entity_f1": {"value": 0.5}}},
        {"provenance": None},
        {"data": {"documents": "many", "ids": []}},
    ],
    ids=["no-command", "no-number", "no-bounds", "no-provenance", "no-count"],
)
def test_a_flaw_that_a_card_would_show_is_found_before_the_training(
    config: RunConfig, three_documents: tuple[Document, ...], file: Path, flaw: dict[str, object]
) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **flaw}))
    with pytest.raises(ConfigError, match="holds no whole cross-validation"):
        prepare(config, DEFAULT_SCHEMA, three_documents, ())


def test_a_missing_file_is_named(config: RunConfig, three_documents: tuple[Document, ...], file: Path) -> None:
    file.unlink()
    with pytest.raises(ConfigError, match=rf"\[calibration\] crossval: {file} cannot be read .*tocsin crossval CONFIG"):
        read(config, three_documents)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "holds no JSON object"),
        ("{}", "holds no whole cross-validation"),
        ('{"calibration": null}', "holds no whole cross-validation"),
        ('{"kind": "evaluation", "calibration": {"source": "", "layers": {}}}', "holds no whole cross-validation"),
    ],
    ids=["cut-short", "a-list", "empty", "no-calibration", "an-evaluation"],
)
def test_a_file_that_is_no_cross_validation_is_refused(
    config: RunConfig, three_documents: tuple[Document, ...], file: Path, other: str, message: str
) -> None:
    file.write_text(other)
    with pytest.raises(ConfigError, match=rf"{message}.*copy its crossval\.json there, or take the key out"):
        read(config, three_documents)


@pytest.mark.parametrize("key", ["calibration", "headline", "seeds", "identity", "config", "data", "reproduce"])
def test_a_file_with_a_part_missing_names_it(
    config: RunConfig, three_documents: tuple[Document, ...], file: Path, key: str
) -> None:
    record = json.loads(file.read_text())
    del record[key]
    file.write_text(json.dumps(record))
    with pytest.raises(ConfigError, match=f"holds no whole cross-validation.*'{key}'"):
        read(config, three_documents)


def test_a_setting_that_differs_is_named_with_both_values(
    config: RunConfig, three_documents: tuple[Document, ...]
) -> None:
    other = replace(config, optim=replace(config.optim, epochs=61), model=replace(config.model, dropout=0.2))
    with pytest.raises(ConfigError) as caught:
        read(other, three_documents)
    assert "model.dropout = 0.0 there, 0.2 here; optim.epochs = 60 there, 61 here; write it anew" in str(caught.value)
    assert "is of another run than this" in str(caught.value)
    assert "seed" not in str(caught.value)


def test_an_encoder_that_differs_is_named(config: RunConfig, three_documents: tuple[Document, ...]) -> None:
    with pytest.raises(ConfigError, match=r"encoder = .* there, mpnet-base here"):
        read(replace(config, encoder="mpnet-base"), three_documents)


def test_other_articles_are_said_to_be_others(config: RunConfig, three_documents: tuple[Document, ...]) -> None:
    with pytest.raises(ConfigError, match="another run than this: 3 articles there, 2 here; only one side has third"):
        read(config, three_documents[:2])


def test_annotations_that_changed_since_are_found(config: RunConfig, three_documents: tuple[Document, ...]) -> None:
    first, *rest = three_documents
    changed = (replace(first, entities=first.entities[:-1], events=(), incidents=()), *rest)
    with pytest.raises(
        ConfigError, match="the files of the encoder have changed since, or an earlier version wrote it"
    ):
        read(config, changed)


def test_no_training_starts_on_a_cross_validation_of_another_run(
    config: RunConfig, three_documents: tuple[Document, ...]
) -> None:
    with pytest.raises(ConfigError, match="is of another run than this"):
        prepare(replace(config, optim=replace(config.optim, epochs=3)), DEFAULT_SCHEMA, three_documents, ())


def finished(run: Run, trained: Model, documents: tuple[Document, ...], out: Path) -> Path:
    """The artefact of a run, as if its training had ended in a model trained elsewhere."""
    model = Model(trained.network, trained.tokenizer, trained.schema, trained.settings)
    finish(run, model, documents, out, seconds=1.0)
    return out


def test_a_model_ships_the_calibration_of_the_cross_validation_and_predicts_with_it(
    config: RunConfig, three_documents: tuple[Document, ...], tiny_model: Model, tmp_path: Path
) -> None:
    run = prepare(config, DEFAULT_SCHEMA, three_documents, ())
    out = finished(run, tiny_model, three_documents, tmp_path / "model")
    model, article = load(out), three_documents[0].article
    expected = read(config, three_documents).calibration
    assert model.calibration == expected
    assert model.predict_raw(article) == tiny_model.predict_raw(article)
    assert model.predict(article) == expected.apply(model.predict_raw(article))
    assert model.predict(article) != model.predict_raw(article)
    facts = read(config, three_documents).facts
    assert record_of(out).metrics["crossval"] == facts
    assert record_of(out).metrics["calibration"] == facts["calibration"]


def test_the_file_is_not_needed_once_a_model_has_its_calibration(
    config: RunConfig, three_documents: tuple[Document, ...], tiny_model: Model, file: Path, tmp_path: Path
) -> None:
    out = finished(prepare(config, DEFAULT_SCHEMA, three_documents, ()), tiny_model, three_documents, tmp_path / "a")
    before = load(out).calibration
    file.unlink()
    shutil.move(out, tmp_path / "b")
    assert load(tmp_path / "b").calibration == before


def test_a_run_with_dev_articles_fits_its_calibration_on_them(
    tiny_config: RunConfig, three_documents: tuple[Document, ...], tiny_model: Model, tmp_path: Path
) -> None:
    documents, dev = three_documents[:1], three_documents[1:]
    run = prepare(tiny_config, DEFAULT_SCHEMA, documents, dev)
    out = finished(run, tiny_model, documents, tmp_path / "model")
    predicted = tiny_model.predict_raw_many(document.article for document in dev)
    found = [outcomes(gold, other, DEFAULT_SCHEMA) for gold, other in zip(dev, predicted, strict=True)]
    source = "2 dev articles, on which the best epoch was chosen too"
    assert load(out).calibration == fit(found, source=source)
    metrics = record_of(out).metrics
    assert (metrics["scored_on"], metrics["crossval"]) == ("dev", None)
    articles = {document.article.id: of_article for document, of_article in zip(dev, found, strict=True)}
    figures = reliability(articles, fit(found, source=source), left_out(articles), measured_on=source)
    assert metrics["calibration"] == json.loads(json.dumps(figures))
    assert metrics["calibration"]["layers"]["entities"]["n"] > 0


def test_a_cross_validation_goes_before_dev_articles(
    config: RunConfig,
    tiny_config: RunConfig,
    three_documents: tuple[Document, ...],
    tiny_model: Model,
    tmp_path: Path,
    annotate: Callable[..., Document],
) -> None:
    other = annotate(replace(three_documents[2].article, id="dev", text="A raid failed near Camp Vale."), {}, [])
    run = prepare(config, DEFAULT_SCHEMA, three_documents, (other,))
    out = finished(run, tiny_model, three_documents, tmp_path / "model")
    assert load(out).calibration == read(config, three_documents).calibration
    assert record_of(out).metrics["scored_on"] == "silent dev"
    alone = finished(prepare(tiny_config, DEFAULT_SCHEMA, three_documents, (other,)), tiny_model, three_documents, out)
    assert record_of(alone).metrics["calibration"]["source"] == "1 dev article, in which nothing is annotated"


def test_with_neither_there_is_no_calibration_and_scores_are_the_networks(
    tiny_artifact: Path, tiny_documents: tuple[Document, ...]
) -> None:
    model = load(tiny_artifact)
    assert model.calibration is None
    assert json.loads((tiny_artifact / "calibration.json").read_text()) is None
    assert record_of(tiny_artifact).metrics["calibration"] is None
    article = tiny_documents[0].article
    assert model.predict(article) == model.predict_raw(article)
