"""The CRF against the sum over all tag sequences, which small cases allow to write out."""

from itertools import pairwise, product

import pytest
import torch

from tocsin.data.tags import allowed, tag_names
from tocsin.model.crf import CRF

TAGS = tag_names(["BASE", "DATE"])


@pytest.fixture
def crf() -> CRF:
    crf = CRF(TAGS)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in crf.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return crf.requires_grad_(False)


def emissions_of(n_words: int) -> torch.Tensor:
    return torch.randn(1, n_words, len(TAGS), generator=torch.Generator().manual_seed(n_words))


def legal_sequences(n_words: int) -> list[tuple[int, ...]]:
    return [
        sequence
        for sequence in product(range(len(TAGS)), repeat=n_words)
        if allowed(None, TAGS[sequence[0]]) and all(allowed(TAGS[a], TAGS[b]) for a, b in pairwise(sequence))
    ]


def weight(crf: CRF, emissions: torch.Tensor, sequence: tuple[int, ...]) -> float:
    """What the sequence scores, added up by hand."""
    moves = list(pairwise(sequence))
    terms = [crf.start[sequence[0]], crf.end[sequence[-1]]]
    terms += [emissions[0, word, tag] for word, tag in enumerate(sequence)]
    terms += [crf.transitions[before, after] for before, after in moves]
    return sum(term.item() for term in terms)


@pytest.mark.parametrize("n_words", [1, 2, 4])
def test_the_loss_is_the_negative_log_share_of_the_right_sequence(crf: CRF, n_words: int) -> None:
    emissions, mask = emissions_of(n_words), torch.ones(1, n_words, dtype=torch.bool)
    sequences = legal_sequences(n_words)
    weights = torch.tensor([weight(crf, emissions, sequence) for sequence in sequences])
    right = sequences[len(sequences) // 2]
    expected = torch.logsumexp(weights, 0) - weights[sequences.index(right)]
    assert (crf.loss(emissions, torch.tensor([right]), mask)).item() == pytest.approx(expected.item(), abs=1e-3)


@pytest.mark.parametrize("n_words", [1, 2, 4])
def test_decoding_finds_the_best_legal_sequence(crf: CRF, n_words: int) -> None:
    emissions, mask = emissions_of(n_words), torch.ones(1, n_words, dtype=torch.bool)
    best = max(legal_sequences(n_words), key=lambda sequence: weight(crf, emissions, sequence))
    assert crf.decode(emissions, mask) == [list(best)]


def test_a_marginal_is_the_share_of_the_sequences_with_that_tag(crf: CRF) -> None:
    emissions, mask = emissions_of(3), torch.ones(1, 3, dtype=torch.bool)
    sequences = legal_sequences(3)
    shares = torch.tensor([weight(crf, emissions, sequence) for sequence in sequences]).softmax(0)
    for word, tag in product(range(3), range(len(TAGS))):
        expected = sum(float(s) for s, seq in zip(shares, sequences, strict=True) if seq[word] == tag)
        assert float(crf.marginals(emissions, mask)[0, word, tag]) == pytest.approx(expected, abs=1e-3)


def test_padding_changes_nothing(crf: CRF) -> None:
    short, long = emissions_of(2), emissions_of(5)
    padded = torch.cat([torch.cat([short, torch.full((1, 3, len(TAGS)), 9.0)], dim=1), long])
    mask = torch.tensor([[True, True, False, False, False], [True] * 5])
    alone = torch.ones(1, 2, dtype=torch.bool)
    tags = torch.tensor([[1, 2, 0, 0, 0], [0, 1, 2, 2, 0]])
    assert crf.decode(padded, mask)[0] == crf.decode(short, alone)[0]
    assert torch.allclose(crf.loss(padded, tags, mask)[0], crf.loss(short, tags[:1, :2], alone)[0], atol=1e-4)
    assert torch.allclose(crf.marginals(padded, mask)[0, :2], crf.marginals(short, alone)[0], atol=1e-4)


def test_an_inside_tag_never_opens_a_sentence_however_high_it_scores(crf: CRF) -> None:
    emissions = torch.zeros(1, 3, len(TAGS))
    emissions[0, :, TAGS.index("I-BASE")] = 50.0
    assert [TAGS[tag] for tag in crf.decode(emissions, torch.ones(1, 3, dtype=torch.bool))[0]] == [
        "B-BASE",
        "I-BASE",
        "I-BASE",
    ]
