"""What shapes a network besides its schema; saved with it, needed again to load it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tocsin.data.errors import refuse

_LEAST_TOKENS = 8
EVEN = 0.5  # the threshold of text labels where none is chosen


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The `[model]` table of a run."""

    max_tokens: int = 256  # subwords a window, special tokens included
    overlap: int = 64  # subwords neighbouring windows share at least
    passage_words: int = 2000  # whole sentences read at once; bounds memory on texts of any length
    shape_width: int = 16  # of the word-shape embedding; 0 leaves it out
    pair_width: int = 128  # hidden units of the argument and link heads
    dropout: float = 0.2  # on word vectors
    attention_dropout: bool = True  # as the encoder was pretrained; CPUs are faster without it
    pooling: Literal["mean", "max", "learned"] = "mean"  # of a text's windows, where the text as a whole is labelled
    bag_of_words: bool = False  # whether a linear model of a text's words has a say in its labels, beside the encoder
    focal: float = 0.0  # how much less a label counts that is told well already (gamma of the focal loss); 0: no less
    class_weights: bool = False  # rare labels count more, the more so the fewer there are in train
    label_threshold: float = EVEN  # a text has the labels of this score or more; 0: what does best on dev, else 0.5

    def __post_init__(self) -> None:
        refuse(self._flaws())

    def _flaws(self) -> Iterator[str]:
        for name, least in (("max_tokens", _LEAST_TOKENS), ("passage_words", 1), ("shape_width", 0), ("pair_width", 1)):
            if getattr(self, name) < least:
                yield f"{name} = {getattr(self, name)}: expected {least} or more"
        # What is too much beside windows that are refused themselves may be right beside others.
        if self.overlap < 0 or _LEAST_TOKENS <= self.max_tokens <= self.overlap + 2:
            yield f"overlap = {self.overlap}: expected 0 or more and less than max_tokens - 2"
        for name in ("dropout", "label_threshold"):
            if not 0.0 <= getattr(self, name) < 1.0:
                yield f"{name} = {getattr(self, name)}: expected at least 0 and less than 1"
