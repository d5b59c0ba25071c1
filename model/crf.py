"""Linear-chain conditional random field over BIO tags (Lafferty et al. 2001; Lample et al. 2016, section 2.2).

Transitions that no well-formed BIO sequence has are barred, in training as in decoding.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tocsin.data.tags import allowed

BARRED = -1e4  # finite: sums of a few stay exact enough, and no inf - inf arises


class CRF(nn.Module):
    """Scores whole tag sequences of sentences.

    Shapes: emissions float32 (sentences, words, tags); mask bool (sentences, words), False is padding, and
    every sentence has a first word; tags int64 (sentences, words), any value under padding.
    """

    barred: Tensor
    barred_start: Tensor

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(len(tags), len(tags)))  # from row to column
        self.start = nn.Parameter(torch.zeros(len(tags)))
        self.end = nn.Parameter(torch.zeros(len(tags)))
        barred = [[0.0 if allowed(a, b) else BARRED for b in tags] for a in tags]
        self.register_buffer("barred", torch.tensor(barred), persistent=False)
        barred_start = [0.0 if allowed(None, tag) else BARRED for tag in tags]
        self.register_buffer("barred_start", torch.tensor(barred_start), persistent=False)

    def loss(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Negative log-likelihood of each sentence's tags, float32 (sentences,)."""
        normaliser = torch.logsumexp(self._forward(emissions, mask)[-1] + self.end, dim=-1)
        return normaliser - self._score(emissions, tags, mask)

    def decode(self, emissions: Tensor, mask: Tensor) -> list[list[int]]:
        """The best legal tag sequence of each sentence (Viterbi)."""
        steps, start = self._steps()
        best = start + emissions[:, 0]
        pointers = []
        for position in range(1, emissions.shape[1]):
            values, previous = (best[:, :, None] + steps).max(dim=1)
            inside = mask[:, position, None]
            best = torch.where(inside, values + emissions[:, position], best)
            # Under padding each tag points at itself, so that the walk back starts at the last real word.
            pointers.append(torch.where(inside, previous, torch.arange(previous.shape[1], device=mask.device)))
        return _walk_back((best + self.end).argmax(dim=-1), pointers, mask)

    def marginals(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Probability of each tag at each word, float32 (sentences, words, tags); undefined under padding."""
        steps, _ = self._steps()
        forward = self._forward(emissions, mask)
        n_words = emissions.shape[1]
        after = self.end.expand(emissions.shape[0], -1)
        backward = [after]
        for position in range(n_words - 1, 0, -1):
            ahead = torch.logsumexp(steps + (emissions[:, position] + after)[:, None, :], dim=-1)
            after = torch.where(mask[:, position, None], ahead, after)
            backward.append(after)
        scores = torch.stack(forward, dim=1) + torch.stack(backward[::-1], dim=1)
        return scores.softmax(dim=-1)

    def _steps(self) -> tuple[Tensor, Tensor]:
        return self.transitions + self.barred, self.start + self.barred_start

    def _forward(self, emissions: Tensor, mask: Tensor) -> list[Tensor]:
        """Log-sum of all prefixes that end in each tag, one (sentences, tags) a word; held under padding."""
        steps, start = self._steps()
        alpha = start + emissions[:, 0]
        alphas = [alpha]
        for position in range(1, emissions.shape[1]):
            ahead = torch.logsumexp(alpha[:, :, None] + steps, dim=1) + emissions[:, position]
            alpha = torch.where(mask[:, position, None], ahead, alpha)
            alphas.append(alpha)
        return alphas

    def _score(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        steps, start = self._steps()
        weight = mask.to(emissions.dtype)
        tags = tags * mask  # any legal index will do under padding
        words = (emissions.gather(2, tags[:, :, None]).squeeze(2) * weight).sum(dim=1)
        moves = (steps[tags[:, :-1], tags[:, 1:]] * weight[:, 1:]).sum(dim=1)
        last = tags.gather(1, mask.sum(dim=1, keepdim=True) - 1).squeeze(1)
        return words + moves + start[tags[:, 0]] + self.end[last]


def _walk_back(last: Tensor, pointers: list[Tensor], mask: Tensor) -> list[list[int]]:
    path = [last]
    for pointer in reversed(pointers):
        path.append(pointer.gather(1, path[-1][:, None]).squeeze(1))
    paths = torch.stack(path[::-1], dim=1).tolist()
    return [tags[:length] for tags, length in zip(paths, mask.sum(dim=1).tolist(), strict=True)]
