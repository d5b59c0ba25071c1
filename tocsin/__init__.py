"""The face of tocsin: load a model, read articles, get documents.

    import tocsin

    model = tocsin.load("runs/seeds")
    document = model.predict(tocsin.Article(text="On Tuesday two drones hit Camp Vale in Norland."))
    for incident in document.incidents:
        print(incident.date, incident.attackers, incident.targets)

Every name is fetched when it is first used (PEP 562), so that the import itself costs nothing.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.data.errors import TocsinError
    from tocsin.data.types import Article, Document, Event, Incident, Span
    from tocsin.model.prediction import Model

    __version__: str
else:
    _HOMES = {
        "Article": "tocsin.data.types",
        "Document": "tocsin.data.types",
        "Event": "tocsin.data.types",
        "Incident": "tocsin.data.types",
        "Model": "tocsin.model.prediction",
        "Span": "tocsin.data.types",
        "TocsinError": "tocsin.data.errors",
    }

    # Hidden from type checkers: they would take it to say that every name exists.
    def __getattr__(name):
        if name == "__version__":
            return import_module("importlib.metadata").version("tocsin")
        if name not in _HOMES:
            raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = ["Article", "Document", "Event", "Incident", "Model", "Span", "TocsinError", "__version__", "load"]


def load(path: str | os.PathLike[str], *, device: str = "cpu") -> "Model":
    """Read a trained model, after comparing its files with their hashes.

    Args:
        path: the folder `tocsin train` wrote.
        device: as torch names it, "cpu" or "cuda:0"; "auto" is a GPU if there is one.

    Raises:
        ArtifactError: the folder is missing, unfinished, altered, or of a newer format.
        TocsinError: the device cannot be used here.
    """
    from tocsin.model.artifact import load as load_artifact

    return load_artifact(Path(path), device=_usable_device(device))


def _usable_device(name: str) -> str:
    import torch

    from tocsin.data.errors import TocsinError

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise TocsinError(f"device {name!r} cannot be used here ({reason}); expected cpu, cuda or auto") from error
    return name
