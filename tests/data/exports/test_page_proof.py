"""Proofs: sentences cut at their spans, all of them still there, each span with its roles."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.account import Evidence
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.page_proof import ROLES, numbers, pieces, proofs

Tell = Callable[..., MergedIncident]
SPANS = st.lists(st.tuples(st.integers(-3, 30), st.integers(1, 12), st.sampled_from(ROLES)), max_size=6)


@given(st.text(min_size=1, max_size=25), SPANS)
def test_pieces_are_the_text_with_the_roles_of_every_character(text: str, drawn: list[tuple[int, int, str]]) -> None:
    spans = [(start, start + n, role) for start, n, role in drawn]
    found = pieces(text, spans)
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    roles = [set(piece.roles) for piece in found for _ in piece.text]
    assert roles == [{role for start, end, role in spans if start <= i < end} for i in range(len(text))]


def test_a_span_of_two_roles_is_one_piece_with_both(raid: MergedIncident) -> None:
    (piece, *_) = pieces("Karr", [(0, 4, "claimant"), (0, 4, "attacker")])
    assert piece.roles == ("attacker", "claimant")


def test_each_article_has_its_own_proof(raid: MergedIncident) -> None:
    first, second = proofs(raid)
    assert (first.number, first.article.id) == (1, "a1")
    assert [piece.text for piece in second.sentences[0].pieces if "casualty" in piece.roles] == ["two men"]
    assert numbers(raid) == {"a1": 1, "a2": 2}


def test_a_base_is_marked_as_the_target_and_not_as_its_own_place(raid: MergedIncident) -> None:
    found = [piece.roles for proof in proofs(raid) for each in proof.sentences for piece in each.pieces]
    assert ("target",) in found
    assert not any("place" in roles for roles in found)


def test_a_sentence_with_two_mentions_is_shown_once(raid: MergedIncident) -> None:
    first, second = raid.accounts
    twice = replace(raid, accounts=(replace(first, tellings=first.tellings * 2), second))
    assert [len(proof.sentences) for proof in proofs(twice)] == [1, 1]


def test_evidence_in_no_telling_sentence_is_kept_apart(raid: MergedIncident) -> None:
    first, second = raid.accounts
    assert first.days is not None
    far = Evidence("a1", 900, 903, "May")
    told = replace(first, days=replace(first.days, evidence=(far,)))
    proof, other = proofs(replace(raid, accounts=(told, second)))
    assert [(each.evidence, each.roles) for each in proof.elsewhere] == [(far, ("date",))]
    assert other.elsewhere == ()


def test_evidence_of_one_article_is_never_marked_in_another(raid: MergedIncident) -> None:
    first, second = raid.accounts
    stray = Evidence("a1", 0, 4, "Camp")
    alike = replace(second, targets=(*second.targets, replace(second.targets[0], evidence=(stray,))))
    _, other = proofs(replace(raid, accounts=(first, alike)))
    assert other.sentences[0].pieces[0].text == "Camp Vale"
