"""The parts of the network that answer one question each about words, spans or pairs of spans."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tocsin.model.settings import ModelSettings


def span_means(vectors: Tensor, spans: Tensor) -> Tensor:
    """The mean vector of each span.

    Args:
        vectors: float32 (words, width).
        spans: int64 (spans, 2), word indices [start, end), none empty.

    Returns:
        float32 (spans, width).
    """
    lengths = spans[:, 1] - spans[:, 0]
    owner = torch.repeat_interleave(torch.arange(len(spans), device=spans.device), lengths)
    offset = torch.arange(len(owner), device=spans.device) - (lengths.cumsum(0) - lengths)[owner]
    means = vectors.new_zeros(len(spans), vectors.shape[1])
    means.index_add_(0, owner, vectors[spans[owner, 0] + offset])
    return means / lengths[:, None]


def window_means(hidden: Tensor, mask: Tensor) -> Tensor:
    """The mean over each window's subwords.

    Args:
        hidden: float32 (windows, tokens, width).
        mask: int64 (windows, tokens), 0 is padding.

    Returns:
        float32 (windows, width).
    """
    weight = mask.to(hidden.dtype)[:, :, None]
    return (hidden * weight).sum(dim=1) / weight.sum(dim=1)


def group_means(rows: Tensor, owner: Tensor, n_groups: int) -> Tensor:
    """The mean of each group's rows.

    Args:
        rows: float32 (rows, width).
        owner: int64 (rows,), the group of each row; none without a row.

    Returns:
        float32 (groups, width).
    """
    sums = rows.new_zeros(n_groups, rows.shape[1]).index_add_(0, owner, rows)
    return sums / torch.bincount(owner, minlength=n_groups)[:, None]


class TextHead(nn.Module):
    """Labels a text from the vectors of all its windows, so that evidence counts wherever it stands.

    The windows' logits are averaged, or the largest of each label is taken, or windows are weighted by learned
    attention before they are scored (Ilse et al. 2018, section 2.4, without the gate).
    """

    def __init__(self, width: int, labels: Sequence[str], settings: ModelSettings) -> None:
        super().__init__()
        self.pooling = settings.pooling
        self.dropout = nn.Dropout(settings.dropout)
        self.hidden = nn.Linear(width, width)
        self.attention = nn.Linear(width, 1) if settings.pooling == "learned" else None
        self.output = nn.Linear(width, len(labels))

    def forward(self, windows: Tensor, owner: Tensor) -> Tensor:
        """Score each label for each text.

        Args:
            windows: float32 (windows, width).
            owner: int64 (windows,), the text of each window; ascending, none without a window.

        Returns:
            float32 (texts, labels), logits.
        """
        vectors = torch.tanh(self.hidden(self.dropout(windows)))
        counts = torch.bincount(owner).tolist()
        rows = nn.utils.rnn.pad_sequence(list(torch.split(vectors, counts)), batch_first=True)
        place = torch.arange(rows.shape[1], device=rows.device)
        inside = (place < torch.tensor(counts, device=rows.device)[:, None])[:, :, None]
        if self.attention is not None:
            weights = self.attention(rows).masked_fill(~inside, -torch.inf).softmax(dim=1)
            return self.output(self.dropout((rows * weights).sum(dim=1)))  # type: ignore[no-any-return] # as below
        logits = self.output(self.dropout(rows))
        if self.pooling == "max":
            return logits.masked_fill(~inside, -torch.inf).amax(dim=1)  # type: ignore[no-any-return] # as below
        return (logits * inside).sum(dim=1) / inside.sum(dim=1)  # type: ignore[no-any-return] # calls are Any


class FillerHead(nn.Module):
    """Sorts fillers into template types by their mentions and the text they are in."""

    def __init__(self, width: int, text_width: int, hidden: int, n_types: int, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(width + text_width, hidden)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, n_types)

    def forward(self, fillers: Tensor, texts: Tensor) -> Tensor:
        """float32 (fillers, width) and (fillers, text_width) to (fillers, types), logits."""
        hidden = torch.nn.functional.gelu(self.hidden(self.dropout(torch.cat([fillers, texts], dim=-1))))
        return self.output(self.dropout(hidden))  # type: ignore[no-any-return] # nn.Module calls are Any


class FeatureSum(nn.Module):
    """Embeds several small integers and adds them up; a value never trained on adds nothing."""

    offsets: Tensor

    def __init__(self, sizes: Sequence[int], width: int) -> None:
        super().__init__()
        starts = torch.tensor([0, *sizes[:-1]]).cumsum(0)
        self.register_buffer("offsets", starts, persistent=False)
        self.table = nn.Embedding(sum(sizes), width)
        nn.init.zeros_(self.table.weight)

    def forward(self, features: Tensor) -> Tensor:
        """int64 (items, features) to float32 (items, width)."""
        return self.table(features + self.offsets).sum(dim=1)  # type: ignore[no-any-return] # nn.Module calls are Any


class PairHead(nn.Module):
    """Scores pairs of spans: do they stand in each of several relations?"""

    def __init__(self, width: int, sizes: Sequence[int], hidden: int, n_outputs: int, dropout: float) -> None:
        super().__init__()
        self.left = nn.Linear(width, hidden)
        self.right = nn.Linear(width, hidden)
        self.features = FeatureSum(sizes, hidden)
        self.hidden = nn.Linear(4 * hidden, hidden)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, n_outputs)

    def forward(self, left: Tensor, right: Tensor, features: Tensor) -> Tensor:
        """Score each pair.

        Args:
            left, right: float32 (pairs, width), the two spans' vectors.
            features: int64 (pairs, features).

        Returns:
            float32 (pairs, outputs), logits.
        """
        a, b = self.left(left), self.right(right)
        joined = torch.cat([a, b, a * b, self.features(features)], dim=-1)
        hidden = torch.nn.functional.gelu(self.hidden(self.dropout(joined)))
        return self.output(self.dropout(hidden))  # type: ignore[no-any-return] # nn.Module calls are Any


class LinkHead(nn.Module):
    """Scores pairs of mentions by their features alone: are they one incident?

    What two mentions share says more than how they are worded: with word vectors beside the features, the few
    hundred pairs of a small set are learned by heart.
    """

    def __init__(self, sizes: Sequence[int], hidden: int, dropout: float) -> None:
        super().__init__()
        self.features = FeatureSum(sizes, hidden)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, 1)

    def forward(self, features: Tensor) -> Tensor:
        """int64 (pairs, features) to float32 (pairs,), logits."""
        hidden = self.dropout(torch.nn.functional.gelu(self.features(features)))
        return self.output(hidden).squeeze(-1)  # type: ignore[no-any-return] # nn.Module calls are Any


class AttributeHead(nn.Module):
    """Chooses one value for a span from the span, its sentence and the cue words around it."""

    def __init__(self, width: int, n_cues: int, hidden: int, n_values: int, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(2 * width + n_cues, hidden)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, n_values)

    def forward(self, spans: Tensor, sentences: Tensor, cues: Tensor) -> Tensor:
        """Score each value for each span.

        Args:
            spans, sentences: float32 (spans, width), the vectors of the spans and of the sentences they are in.
            cues: float32 (spans, cues), 0 or 1, see model/cues.py.

        Returns:
            float32 (spans, values), logits.
        """
        hidden = torch.nn.functional.gelu(self.hidden(self.dropout(torch.cat([spans, sentences, cues], dim=-1))))
        return self.output(self.dropout(hidden))  # type: ignore[no-any-return] # nn.Module calls are Any
