"""Pretrained encoders, always from disk: one that packages carry, a folder, or a name in the Hugging Face cache.

Any encoder of `transformers` will do whose weights are safetensors and whose tokenizer tells character offsets: cased
or not, with word pieces, byte pairs or sentence pieces. What cannot work is told before anything is trained on it.
"""

import copy
import hashlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin.data.errors import ConfigError
from tocsin.model.packaged import minilm_folder, mpnet_folder

DEFAULT_ENCODER = "minilm-l6"
PACKAGED = {DEFAULT_ENCODER: minilm_folder, "mpnet-base": mpnet_folder}
_OF_AN_ENCODER = {".json", ".model", ".safetensors", ".txt"}  # suffixes of what is read of a folder
_VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")
_CONVERT = (
    'python -c "from transformers import AutoModel, AutoTokenizer; '
    "[kind.from_pretrained('{folder}').save_pretrained('NEW') for kind in (AutoModel, AutoTokenizer)]\""
)
_ATTENTION_DROPOUT = ("attention_probs_dropout_prob", "attention_dropout")  # as the kinds of encoders name it


def encoder_folder(name: str, *, base: Path) -> str:
    """Where an encoder lies: a folder, or a name for the Hugging Face cache to look up.

    Args:
        name: `minilm-l6`, `mpnet-base`, a folder (relative ones from `base`), or a Hugging Face name.

    Raises:
        ConfigError: a packaged encoder is not installed or was altered.
    """
    if name in PACKAGED:
        return str(PACKAGED[name]())
    folder = base / Path(name).expanduser()
    return str(folder) if folder.is_dir() else name


def encoder_hash(name: str, *, base: Path) -> str:
    """A SHA-256 of an encoder's files; "" for packaged ones, whose weights are checked whenever they are loaded.

    Args:
        name: see `encoder_folder`.
        base: likewise.

    Raises:
        ConfigError: there is none of that name.
    """
    if name in PACKAGED:
        return ""
    digest = hashlib.sha256()
    for path in sorted(_on_disk(encoder_folder(name, base=base)).iterdir()):
        if path.suffix in _OF_AN_ENCODER and path.is_file():
            with path.open("rb") as stream:
                digest.update(path.name.encode() + hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def load_encoder(folder: str, *, attention_dropout: bool = True) -> tuple[Any, Any]:
    """The pretrained `transformers` model and its fast tokenizer, without touching the network.

    What the model has to sum up a whole window (its pooler) is never read, and is frozen: processes that train
    together would wait for its gradient for ever.

    Args:
        folder: from `encoder_folder`.
        attention_dropout: whether attention weights are dropped in training as they were in pretraining.

    Raises:
        ConfigError: nothing usable is there; says what to do about it.
    """
    path = _on_disk(folder)
    fault = _fault_of_folder(path)
    if fault:
        raise ConfigError(f"encoder {folder!r}: {fault}")
    encoder, tokenizer, missing = _read(path, {} if attention_dropout else dict.fromkeys(_ATTENTION_DROPOUT, 0.0))
    fault = _fault_of_model(encoder, missing) or _fault_of_tokenizer(encoder, tokenizer)
    if fault:
        raise ConfigError(f"encoder {folder!r}: {fault}")
    if not _reads_ahead(encoder, len(tokenizer)):
        raise ConfigError(
            f"encoder {folder!r}: each of its tokens sees only those before it, as in a language model that writes "
            f"text ({type(encoder).__name__}); expected an encoder such as BERT, RoBERTa, DeBERTa or ModernBERT"
        )
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler.requires_grad_(False)
    return encoder, tokenizer


def encoder_again(encoder: Any, *, attention_dropout: bool) -> Any:
    """A trained encoder, ready to be trained on.

    Args:
        encoder: is left as it is.
        attention_dropout: False trains on without; True leaves what it was trained with.
    """
    config = copy.deepcopy(encoder.config)
    for name in () if attention_dropout else _ATTENTION_DROPOUT:
        if hasattr(config, name):
            setattr(config, name, 0.0)
    again = type(encoder)(config)
    again.load_state_dict(encoder.state_dict())
    if getattr(again, "pooler", None) is not None:
        again.pooler.requires_grad_(False)
    return again


def _on_disk(folder: str) -> Path:
    return Path(folder) if Path(folder).is_dir() else _cached(folder)


def _cached(name: str) -> Path:
    """The folder of the Hugging Face cache that holds an encoder.

    Raises:
        ConfigError: there is none.
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        config = try_to_load_from_cache(name, "config.json")
    except HFValidationError as error:
        raise ConfigError(
            f"encoder {name!r}: no such folder; expected one, from the config file's own folder on, a name as in "
            f"google/electra-base-discriminator, or one of {', '.join(PACKAGED)}"
        ) from error
    if not isinstance(config, str):
        raise ConfigError(
            f"encoder {name!r}: no folder of that name, and not in the Hugging Face cache. Nothing is fetched while "
            f"training: run `hf download {name} --local-dir FOLDER` on a machine with a network and give the folder "
            f'as the key encoder, or use encoder = "{DEFAULT_ENCODER}", which is installed'
        )
    return Path(config).parent


def _fault_of_folder(folder: Path) -> str:
    """Why the files cannot be those of an encoder; empty if they may be."""
    from tocsin.model.artifact import MANIFEST

    if (folder / MANIFEST).is_file():
        return (
            "is a model that tocsin trained, not a pretrained encoder; "
            f'to start from what it learned, write: [init] from = "{folder}"'
        )
    if not (folder / "config.json").is_file():
        return "holds no config.json; expected a folder as `save_pretrained` of transformers writes it"
    if not any(folder.glob("*.safetensors")):
        if any(folder.glob("*.bin")):
            return (
                "its weights are a pickle, which can run code when it is read; expected model.safetensors. "
                f"If you trust where it is from, convert it once: {_CONVERT.format(folder=folder)}"
            )
        return f"{folder} holds no weights; expected model.safetensors, so fetch it again, all of it"
    if not any(True for pattern in _VOCABULARIES for _ in folder.glob(pattern)):
        return f"{folder} holds no tokenizer; expected tokenizer.json, so fetch it again, all of it"
    return ""


def _read(folder: Path, settings: Mapping[str, float]) -> tuple[Any, Any, list[str]]:
    """Model, tokenizer, and the weights that the model wants and the file lacks.

    Args:
        settings: of the model's config, where it has them, instead of its own.
    """
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    # Without a plain no, transformers asks at the terminal whether it may run a model's own code.
    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        config = AutoConfig.from_pretrained(str(folder), **options)
        for name, value in settings.items():
            if hasattr(config, name):
                setattr(config, name, value)
        encoder, loading = AutoModel.from_pretrained(
            str(folder), config=config, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **options
        )
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **options)
    except Exception as error:  # what transformers, tokenizers and safetensors raise has no base in common
        raise ConfigError(
            f"encoder {str(folder)!r}: cannot be loaded ({type(error).__name__}: {error}); expected an encoder that "
            "transformers knows, with a tokenizer.json and no code of its own. A tokenizer in another form can be "
            f"converted where the package sentencepiece is installed: {_CONVERT.format(folder=folder)}"
        ) from error
    return encoder, tokenizer, sorted(loading["missing_keys"])


def _fault_of_tokenizer(encoder: Any, tokenizer: Any) -> str:
    if not tokenizer.is_fast:
        return "its tokenizer gives no character offsets; expected a fast tokenizer, one with a tokenizer.json"
    n_rows = encoder.get_input_embeddings().num_embeddings
    never_met = {tokenizer.mask_token, tokenizer.pad_token}  # some tokenizers add them to a vocabulary without
    beyond = [token for token, at in tokenizer.get_vocab().items() if at >= n_rows and token not in never_met]
    if beyond:
        return (
            f"its tokenizer has {len(tokenizer)} tokens, the model {n_rows} ({beyond[0]!r} is one it does not know); "
            "give it the tokenizer it came with"
        )
    return ""


def _fault_of_model(encoder: Any, missing: list[str]) -> str:
    if encoder.config.is_encoder_decoder:
        return (
            f"is an encoder with a decoder ({type(encoder).__name__}); "
            "expected an encoder alone, such as BERT, RoBERTa, DeBERTa or ModernBERT"
        )
    needed = [name for name in missing if not name.startswith("pooler.")]
    if needed:
        return (
            f"its file lacks {len(needed)} of the weights that its config.json asks for, {needed[0]} for one; "
            "they would start at random. Fetch both files again from one place"
        )
    wanted: Mapping[str, Any] = inspect.signature(encoder.forward).parameters
    if not hasattr(encoder.config, "hidden_size") or not {"input_ids", "attention_mask"} <= wanted.keys():
        return f"does not read text ({type(encoder).__name__}); expected a text encoder"
    return ""


def _reads_ahead(encoder: Any, n_tokens: int) -> bool:
    """Whether the first token's vector depends on the last token."""
    import torch

    middle = n_tokens // 2
    windows = torch.tensor([[middle, middle, middle, last] for last in (middle - 1, middle)])
    with torch.no_grad():
        one, other = encoder(input_ids=windows, attention_mask=torch.ones_like(windows)).last_hidden_state[:, 0]
    return not torch.allclose(one, other, rtol=0.0, atol=1e-5)
