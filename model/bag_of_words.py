"""A linear model of the words of a text, which has a say beside the encoder where texts are labelled.

The encoder knows what words mean, and learns a rare label slowly; a bag of words knows only which words go with a
label, and learns that from a handful of long texts. Their log-odds are averaged: where they err, they err apart.
"""

from collections import Counter
from dataclasses import dataclass, field

import torch
from torch import Tensor

from tocsin.data.words import words


def terms_of(text: str) -> list[str]:
    """What counts as a word here.

    >>> terms_of("Two U.S. drones")
    ['two', 'u', '.', 's', '.', 'drones']
    """
    return [text[start:end].lower() for start, end in words(text)]


@dataclass(frozen=True, eq=False, slots=True)
class BagOfWords:
    """Logistic regression over words weighted by term frequency and inverse document frequency (tf-idf).

    A word that stands n times in a text has the weight (1 + log n) idf; a text's weights have the length 1.
    """

    terms: tuple[str, ...]
    idf: Tensor  # float32 (terms,)
    weights: Tensor  # float32 (terms, text labels)
    bias: Tensor  # float32 (text labels,)
    _places: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n_terms, n_labels = len(self.terms), len(self.bias)
        if self.idf.shape != (n_terms,) or self.weights.shape != (n_terms, n_labels):
            raise ValueError(
                f"a bag of {n_terms} words has {tuple(self.idf.shape)} idf and {tuple(self.weights.shape)} weights; "
                f"expected {(n_terms,)} and {(n_terms, n_labels)}"
            )
        object.__setattr__(self, "_places", {term: place for place, term in enumerate(self.terms)})

    def logits(self, text: str) -> Tensor:
        """float32 (text labels,), log-odds; up to a constant where a text has exactly one label."""
        known = Counter(place for term in terms_of(text) if (place := self._places.get(term)) is not None)
        if not known:
            return self.bias
        at = torch.tensor(list(known))
        frequencies = torch.tensor(list(known.values()), dtype=torch.float32)
        weights: Tensor = (1.0 + frequencies.log()) * self.idf[at]
        told: Tensor = weights / weights.norm() @ self.weights[at] + self.bias
        return told

    def tensors(self) -> dict[str, Tensor]:
        """All but the words, by name."""
        return {"idf": self.idf, "weights": self.weights, "bias": self.bias}
