"""The folder that something long ends in: what may lie there already, and what is removed to make room."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.data.errors import TocsinError

CHECKPOINTS = "checkpoints"
REPORT_FILES = ("report.html", "report.md", "report.json")
N_NAMED = 3


def claim(out: Path, *, overwrite: bool, resume: bool) -> None:
    """Make sure that a run may write into a folder, and can; nothing that lies there is touched yet.

    Raises:
        TocsinError: the folder holds something, and neither flag, or the wrong one, says what to do about it; or it
            cannot be made or written to.
    """
    from tocsin.model.artifact import MANIFEST

    if out.exists() and not out.is_dir():
        raise TocsinError(f"{out}: is a file; expected a folder, or a name that is not taken: choose another --out")
    refuse_unwritable(out)
    names = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    if not names:
        return
    has_checkpoints, has_model = CHECKPOINTS in names, MANIFEST in names
    if not has_checkpoints and not has_model:
        shown = ", ".join(names[:N_NAMED]) + (", ..." if len(names) > N_NAMED else "")
        raise TocsinError(
            f"{out}: holds files that are no model of tocsin's ({shown}); choose another --out: "
            "--overwrite and --resume are for folders that `tocsin train` made"
        )
    if resume and not has_checkpoints:
        raise TocsinError(f"{out}: its run is finished, nothing is left to resume; --overwrite trains it again")
    if resume or overwrite:
        return
    if has_model:
        raise TocsinError(
            f"{out}: holds a model; --overwrite replaces it, --resume goes on with a run that was interrupted, "
            "another --out keeps it"
        )
    raise TocsinError(f"{out}: holds a run that was interrupted; --resume goes on with it, --overwrite starts anew")


def refuse_unwritable(folder: Path) -> None:
    """Make sure that a folder can be written to, or made: better it shows before long work. Nothing is left behind.

    Raises:
        TocsinError: a file is in the way, or the system refuses it.
    """
    there = next((path for path in (folder, *folder.parents) if path.exists() or path.is_symlink()), Path())
    if not there.is_dir():
        raise TocsinError(f"{folder}: {there} is no folder; expected one, or a name that is not taken: choose another")
    try:
        # Asked for permissions alone, a system may promise what it does not keep: /proc, or a disk that is full.
        with TemporaryDirectory(prefix=".tocsin-", dir=there):
            pass
    except OSError as error:
        raise TocsinError(
            f"{folder}: nothing can be written in {there} ({error.strerror}); expected a folder of yours with room "
            "left: choose another"
        ) from error


def make_folder(folder: Path | None) -> None:
    """Make a folder that is written to at the end of long work, if one is named; better it fails before.

    Raises:
        TocsinError: it cannot be made there.
    """
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TocsinError(f"{folder}: cannot be made ({error.strerror}); expected a folder, or room for one") from error


def remove_model(out: Path) -> None:
    """Remove the files a model's manifest names: none of them may be taken for one of the next model's."""
    from tocsin.model.artifact import MANIFEST

    manifest = out / MANIFEST
    if not manifest.is_file():
        return
    try:
        names = list(json.loads(manifest.read_text(encoding="utf-8"))["files"])
    except (ValueError, KeyError, TypeError):
        names = []  # it is altered, and what it names cannot be trusted
    for name in names:
        if Path(name).name == name:
            (out / name).unlink(missing_ok=True)
    manifest.unlink()
