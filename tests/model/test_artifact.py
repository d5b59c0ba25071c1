"""An artefact loads to the model that was saved, or says what is wrong with it."""

import json
import resource
import shutil
from pathlib import Path

import pytest
import torch

from tocsin.data.errors import ArtifactError
from tocsin.data.types import Document
from tocsin.model.artifact import load, record_of, save, write_tensors
from tocsin.model.calibration import SCORED_LAYERS, Calibration, Scaling, Step
from tocsin.model.prediction import Model

CALIBRATION = Calibration(
    "two articles",
    {layer: Scaling(2.0, -number / 3) for number, layer in enumerate(SCORED_LAYERS)},
    dict.fromkeys(SCORED_LAYERS, (Step(1 / 3, 0.5, 1.0, 12),)),
)


@pytest.fixture
def copy(tiny_artifact: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(tiny_artifact, folder)
    return folder


def test_a_loaded_model_gives_the_documents_of_the_saved_one(
    tiny_artifact: Path, tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    loaded = load(tiny_artifact)
    for document in tiny_documents:
        assert loaded.predict(document.article) == tiny_model.predict(document.article)


def test_a_calibration_is_kept_to_the_last_digit(
    copy: Path, tiny_model: Model, tiny_documents: tuple[Document, ...]
) -> None:
    parts = tiny_model.network, tiny_model.tokenizer, tiny_model.schema, tiny_model.settings
    save(copy, Model(*parts, CALIBRATION), record_of(copy))
    loaded, article = load(copy), tiny_documents[0].article
    assert loaded.calibration == CALIBRATION
    assert loaded.predict(article) == CALIBRATION.apply(tiny_model.predict_raw(article))
    assert loaded.predict_raw(article) == tiny_model.predict_raw(article)
    assert [*loaded.predict_many([article])] == [loaded.predict(article)]


def test_a_calibration_that_was_altered_is_found(copy: Path) -> None:
    (copy / "calibration.json").write_text(json.dumps(CALIBRATION.to_json()))
    with pytest.raises(ArtifactError, match=r"calibration\.json: \d+ bytes, expected"):
        load(copy)


def test_it_holds_only_data(tiny_artifact: Path) -> None:
    assert {path.suffix for path in tiny_artifact.iterdir()} == {".json", ".safetensors", ".md"}


def test_its_weights_are_for_all_who_may_read_the_rest_of_it(tiny_artifact: Path) -> None:
    assert len({path.stat().st_mode for path in tiny_artifact.iterdir()}) == 1


def test_it_tells_what_it_was_trained_on_and_how(tiny_artifact: Path) -> None:
    record = record_of(tiny_artifact)
    assert record.run["train"]["ids"] == ["first", "second"]
    assert record.metrics["scored_on"] == "train"
    assert "says nothing about" in record.card
    assert "| entities | BASE | 1.000 | 1.000 | 1.000 | 2 |" in record.card


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="nowhere: no such folder; expected a model"):
        load(tmp_path / "nowhere")


def test_a_folder_that_was_never_finished_says_how_to_finish_it(copy: Path) -> None:
    (copy / "tocsin.json").unlink()
    with pytest.raises(ArtifactError, match=r"holds no tocsin\.json.*--resume"):
        load(copy)


def test_truncated_weights_are_named_with_both_sizes(copy: Path) -> None:
    weights = copy / "model.safetensors"
    size = weights.stat().st_size
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ArtifactError, match=f"model.safetensors: 1000 bytes, expected {size}"):
        load(copy)


def test_a_flipped_bit_is_found(copy: Path) -> None:
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    with pytest.raises(ArtifactError, match=r"model\.safetensors: altered"):
        load(copy)


def test_every_file_that_differs_is_named_at_once(copy: Path) -> None:
    (copy / "schema.json").unlink()
    (copy / "settings.json").write_text("{}")
    with pytest.raises(ArtifactError) as caught:
        load(copy)
    assert "schema.json: missing" in str(caught.value)
    assert "settings.json: 2 bytes" in str(caught.value)


def test_an_artefact_of_another_format_version_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "tocsin.json").read_text())
    (copy / "tocsin.json").write_text(json.dumps({**manifest, "format_version": 99}))
    with pytest.raises(ArtifactError, match="format version 99, this tocsin reads 2"):
        load(copy)


def test_a_broken_manifest_is_an_error_of_the_artefact(copy: Path) -> None:
    (copy / "tocsin.json").write_text('{"format_version": 1, "files"')
    with pytest.raises(ArtifactError, match=r"tocsin\.json: altered"):
        load(copy)


@pytest.mark.parametrize("files", [{}, {"schema.json": {}}, []], ids=["none", "no-size", "no-object"])
def test_a_manifest_that_lists_nothing_verifies_nothing(copy: Path, files: object) -> None:
    manifest = json.loads((copy / "tocsin.json").read_text())
    (copy / "tocsin.json").write_text(json.dumps({**manifest, "files": files}))
    with pytest.raises(ArtifactError, match="a size or hash is gone"):
        load(copy)


def test_a_file_of_the_users_beside_a_model_is_none_of_its_business(copy: Path) -> None:
    (copy / "notes.txt").write_text("mine")
    loaded = load(copy)
    save(copy, loaded, record_of(copy))
    (copy / "notes.txt").write_text("changed")
    assert "notes.txt" not in json.loads((copy / "tocsin.json").read_text())["files"]
    assert load(copy).schema == loaded.schema


def test_weights_that_find_no_space_are_told_with_their_file(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(ArtifactError, match=rf"{path}: cannot be written \(.*File too large.*; free some"):
            write_tensors({"a": torch.zeros(1000)}, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def rewritten(folder: Path, name: str, content: str) -> None:
    """Replace a file together with its entry in the manifest, as someone who edits on purpose would."""
    import hashlib

    (folder / name).write_text(content)
    manifest = json.loads((folder / "tocsin.json").read_text())
    manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content.encode()).hexdigest()}
    (folder / "tocsin.json").write_text(json.dumps(manifest))


def test_a_calibration_that_is_none_is_refused(copy: Path) -> None:
    rewritten(copy, "calibration.json", '{"source": "elsewhere"}')
    with pytest.raises(ArtifactError, match=r"do not fit together \(calibration: cannot be read"):
        load(copy)


def test_a_schema_that_disagrees_with_the_weights_is_refused(copy: Path) -> None:
    schema = json.loads((copy / "schema.json").read_text())
    schema["entity_labels"].append("VESSEL")
    rewritten(copy, "schema.json", json.dumps(schema))
    with pytest.raises(ArtifactError, match="its parts do not fit together"):
        load(copy)
