"""What a run starts from, as a hash: a folder keeps its name when other weights are put there."""

from pathlib import Path

from tocsin.model.artifact import weights_hash
from tocsin.model.encoder import encoder_hash
from tocsin.train.config import RunConfig


def start_hash(config: RunConfig) -> str:
    """A SHA-256 of the model that `[init]` names, or else of the encoder's files; "" if that is a packaged one.

    Raises:
        ArtifactError: `[init]` names no whole model.
        ConfigError: the encoder is not to be had.
    """
    if config.init.from_:
        return weights_hash(config.paths((config.init.from_,))[0])
    return encoder_hash(config.encoder, base=Path(config.base))
