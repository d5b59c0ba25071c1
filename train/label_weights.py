"""How much more the labels count that few texts have: else a model learns of rare ones that no text has them.

A text that has a label counts as the root of how many there are that lack it to each that has it. Their number itself,
which makes both weigh as much ("balanced" class weights), would give a text of a label that one in twenty-five has the
pull of twenty-four.
"""

from collections import Counter
from collections.abc import Iterable

import torch
from torch import Tensor

from tocsin.data.schema import Schema
from tocsin.data.types import Document


def label_weights(documents: Iterable[Document], schema: Schema) -> Tensor:
    """What a text that has a label counts beside one that lacks it, float32 (text labels,); 1 at least.

    Args:
        documents: what is learned from; those that nobody labelled are not counted.
        schema: gives texts any number of labels.
    """
    found: Counter[str] = Counter()
    n_labelled = 0
    for document in documents:  # on disk, and one at a time is held
        n_labelled += document.labels is not None
        found.update(label.name for label in document.labels or ())
    n_having = torch.tensor([float(max(1, found[name])) for name in schema.text_labels])
    return ((n_labelled - n_having) / n_having).clamp(min=1.0).sqrt()
