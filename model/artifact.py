"""A trained model on disk: a folder of safetensors and JSON, nothing that runs when it is read.

    tocsin.json         format version, and size and SHA-256 of each other file
    model.safetensors   all weights, the encoder's included
    encoder.json        the encoder's architecture, as `transformers` writes it
    tokenizer.json ...  the tokenizer
    schema.json, settings.json, calibration.json (null without one), run.json, metrics.json
    bag_of_words.json, bag_of_words.safetensors   where settings.json wants one: its words, and their weights
    README.md           the card

The manifest is written last: a folder without one was never finished.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from tocsin.data.errors import ArtifactError, DataError
from tocsin.data.files import written_whole
from tocsin.data.schema import Schema, span_attributes
from tocsin.model.bag_of_words import BagOfWords
from tocsin.model.calibration import Calibration
from tocsin.model.network import Network, head_name
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings

FORMAT_VERSION = 2
MANIFEST = "tocsin.json"
_WEIGHTS = "model.safetensors"
_JSON = ("encoder.json", "schema.json", "settings.json", "calibration.json", "run.json", "metrics.json")
_OWN = (_WEIGHTS, *_JSON, "README.md")
_TERMS, _TERM_WEIGHTS = "bag_of_words.json", "bag_of_words.safetensors"  # of some


@dataclass(frozen=True, slots=True)
class Record:
    """What is told of a model beside the model itself."""

    run: Mapping[str, Any]  # the resolved config, versions, machine
    metrics: Mapping[str, Any]
    card: str  # Markdown


def save(folder: Path, model: Model, record: Record) -> None:
    """Write an artefact into a folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    tokenizer_files = [Path(name).name for name in model.tokenizer.save_pretrained(folder)]
    write_tensors(weights_of(model.network), folder / _WEIGHTS)
    model.network.encoder.config.to_json_file(folder / "encoder.json", use_diff=False)
    _write_json(folder / "schema.json", model.schema.to_json())
    _write_json(folder / "settings.json", asdict(model.settings))
    _write_json(folder / "calibration.json", model.calibration.to_json() if model.calibration else None)
    if model.bag:
        _write_json(folder / _TERMS, model.bag.terms)
        write_tensors(model.bag.tensors(), folder / _TERM_WEIGHTS)
    _write_json(folder / "run.json", record.run)
    _write_json(folder / "metrics.json", record.metrics)
    _write(folder / "README.md", record.card)
    # Only what is ours: a file of the user's beside it is neither verified nor ever removed with the model.
    own = {*_OWN, *tokenizer_files, *((_TERMS, _TERM_WEIGHTS) if model.bag else ())}
    files = [folder / name for name in sorted(own) if (folder / name).is_file()]
    manifest = {
        "format_version": FORMAT_VERSION,
        "files": {path.name: {"size": path.stat().st_size, "sha256": _sha256(path)} for path in files},
    }
    _write_json(folder / MANIFEST, manifest)


def weights_of(network: Network) -> dict[str, Tensor]:
    """Every weight by name, as safetensors takes them."""
    return {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}


def write_tensors(tensors: Mapping[str, Tensor], path: Path) -> None:
    """Write a file of safetensors, for all who may read other files that are made there.

    Raises:
        ArtifactError: it cannot be written to its end.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    path.unlink(missing_ok=True)
    path.touch()
    mode = path.stat().st_mode
    try:
        save_file(dict(tensors), path)  # makes a new file, for its owner alone
        path.chmod(mode)
    except SafetensorError as error:
        fault = f"cannot be written ({error}); expected a folder with as much space as the weights take"
        raise ArtifactError(f"{path}: {fault}; free some, or name another folder") from error


def _without_head(weights: Iterable[str], schema: Schema) -> set[str]:
    """The attributes that no training document had a value of: the network was made without a head for them."""
    heads = {name.split(".")[1] for name in weights if name.startswith("attribute_heads.")}
    return {name for name in span_attributes(schema) if head_name(name) not in heads}


def load(folder: Path, *, device: str = "cpu") -> Model:
    """Read an artefact, after comparing every file with the manifest.

    Args:
        folder: what `tocsin train` wrote.
        device: a torch device name.

    Raises:
        ArtifactError: it is missing, unfinished, altered, of a newer format, or its parts disagree.
    """
    verify(folder)
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    try:
        schema = Schema.from_json(_read_json(folder / "schema.json"))
        settings = ModelSettings(**_read_json(folder / "settings.json"))
        calibration_record = _read_json(folder / "calibration.json")
        calibration = Calibration.from_json(calibration_record) if calibration_record else None
        encoder_record = _read_json(folder / "encoder.json")
        encoder_config = AutoConfig.for_model(encoder_record.pop("model_type"), **encoder_record)
        weights = load_file(folder / _WEIGHTS)
        untaught = _without_head(weights, schema)
        network = Network(AutoModel.from_config(encoder_config), schema, settings, untaught=untaught)
        network.load_state_dict(weights)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        bag = _bag(folder, schema) if settings.bag_of_words and schema.text_labels else None
    except (DataError, KeyError, TypeError, ValueError, RuntimeError, OSError, SafetensorError) as error:
        raise ArtifactError(f"{folder}: its parts do not fit together ({error}); train it again") from error
    return Model(network.to(device).eval(), tokenizer, schema, settings, calibration, bag)


def _bag(folder: Path, schema: Schema) -> BagOfWords:
    from safetensors.torch import load_file

    bag = BagOfWords(tuple(_read_json(folder / _TERMS)), **load_file(folder / _TERM_WEIGHTS))
    if len(bag.bias) != len(schema.text_labels):
        raise ValueError(f"a bag of words of {len(bag.bias)} labels, expected {len(schema.text_labels)}")
    return bag


def weights_hash(folder: Path) -> str:
    """A SHA-256 of an artefact's weights, as its manifest has them: what tells one model from another.

    Raises:
        ArtifactError: the manifest is missing or damaged.
    """
    files = _manifest(folder)["files"]
    own = [str(files[name]["sha256"]) for name in (_WEIGHTS, _TERMS, _TERM_WEIGHTS) if name in files]
    return own[0] if len(own) == 1 else hashlib.sha256("".join(own).encode()).hexdigest()


def verify(folder: Path) -> Mapping[str, Any]:
    """Compare an artefact's files with its manifest, and return that.

    Raises:
        ArtifactError: something differs; says every file that does.
    """
    manifest = _manifest(folder)
    problems = []
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}: missing")
        elif path.stat().st_size != expected["size"]:
            problems.append(f"{path}: {path.stat().st_size} bytes, expected {expected['size']}")
        elif _sha256(path) != expected["sha256"]:
            problems.append(f"{path}: altered, its SHA-256 is not the manifest's")
    if problems:
        raise ArtifactError("\n".join([*problems, "copy the artefact again, or train it again"]))
    return manifest


def record_of(folder: Path) -> Record:
    """What an artefact tells of itself.

    Raises:
        ArtifactError: see `verify`.
    """
    verify(folder)
    card = (folder / "README.md").read_text(encoding="utf-8")
    return Record(_read_json(folder / "run.json"), _read_json(folder / "metrics.json"), card)


def _manifest(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise ArtifactError(f"{folder}: no such folder; expected a model that `tocsin train` wrote")
    path = folder / MANIFEST
    if not path.is_file():
        raise ArtifactError(
            f"{folder}: holds no {MANIFEST}, so it is no finished model; "
            "give the folder `tocsin train` named at its end, or finish the run with --resume"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version, files = manifest["format_version"], manifest["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path}: altered ({error!r}); copy the artefact again, or train it again") from error
    if version != FORMAT_VERSION:
        raise ArtifactError(
            f"{path}: format version {version}, this tocsin reads {FORMAT_VERSION}; "
            "load it with the version that wrote it, or train it again"
        )
    if not _is_listing(files):
        raise ArtifactError(f"{path}: altered, a size or hash is gone; copy the artefact again, or train it again")
    return dict(manifest)


def _is_listing(files: Any) -> bool:
    """Whether every file of an artefact is there with a size and a hash."""
    return (
        isinstance(files, dict)
        and all(name in files for name in _OWN)
        and all(isinstance(entry, dict) and {"size", "sha256"} <= entry.keys() for entry in files.values())
    )


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write_json(path: Path, record: Any) -> None:
    _write(path, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def _write(path: Path, content: str) -> None:
    with written_whole(path) as stream:
        stream.write(content)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
