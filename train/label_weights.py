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
    labelled = [document.labels for document in documents if document.labels is not None]
    found = Counter(label.name for labels in labelled for label in labels)
    n_having = torch.tensor([float(max(1, found[name])) for name in schema.text_labels])
    return ((len(labelled) - n_having) / n_having).clamp(min=1.0).sqrt()
