"""The sentences that prove an incident, article by article, with what each span of them is evidence of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tocsin.data.coding.account import SLOTS, Account, ArticleRef, Evidence, Telling
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.evidence import articles_of

ROLES = ("trigger", "attacker", "target", "weapon", "place", "date", "casualty", "claimant", "source")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a sentence; without roles it is evidence of nothing."""

    text: str
    roles: tuple[str, ...]  # in the order of `ROLES`


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that tells the incident, cut at the ends of its spans."""

    start: int  # in characters of the article
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Evidence that stands in no sentence that tells the incident."""

    evidence: Evidence
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What one article has to show for an incident."""

    number: int  # of the article within the incident, from 1
    account: Account
    copies: tuple[ArticleRef, ...]  # the same content elsewhere
    sentences: tuple[Sentence, ...]  # in the order of the text
    elsewhere: tuple[Elsewhere, ...]

    @property
    def article(self) -> ArticleRef:
        return self.account.article


def proofs(incident: MergedIncident) -> tuple[Proof, ...]:
    """The proof of every account, in their order."""
    return tuple(_proof(number, account, incident) for number, account in enumerate(incident.accounts, start=1))


def numbers(incident: MergedIncident) -> dict[str, int]:
    """The number of each article within the incident, by the id that evidence names it with."""
    return {account.article.id: number for number, account in reversed([*enumerate(incident.accounts, start=1)])}


def pieces(text: str, spans: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """Cut a text at the ends of spans, which may overlap.

    Args:
        text: to be cut.
        spans: start, end and role of each; what lies outside the text is left out.

    >>> [(piece.text, piece.roles) for piece in pieces("They shelled Karr.", [(5, 12, "trigger"), (13, 17, "place")])]
    [('They ', ()), ('shelled', ('trigger',)), (' ', ()), ('Karr', ('place',)), ('.', ())]
    """
    inside = [(max(start, 0), min(end, len(text)), role) for start, end, role in spans if start < len(text) and end > 0]
    cuts = sorted({0, len(text), *(start for start, _, _ in inside), *(end for _, end, _ in inside)})
    return tuple(
        Piece(text[start:end], _ordered(role for first, last, role in inside if first <= start and end <= last))
        for start, end in pairwise(cuts)
    )


def _proof(number: int, account: Account, incident: MergedIncident) -> Proof:
    """An account's own evidence, and what the incident adds about the same article."""
    own = account.article.id
    roles: dict[Evidence, list[str]] = defaultdict(list)
    for role, evidence in (*_evidence(account), *_evidence(incident)):
        if evidence.article == own:
            roles[evidence].append(role)
    for location in (*account.locations, *incident.locations):  # of a base its target tells already
        for evidence in location.evidence:
            if evidence.article == own and evidence not in roles:
                roles[evidence] = ["place"]
    told = (telling.sentence for telling in (*account.tellings, *incident.tellings))
    places = sorted({sentence for sentence in told if sentence.article == own}, key=_offsets)
    spans = sorted(roles, key=_offsets)
    return Proof(
        number=number,
        account=account,
        copies=tuple(each for each in articles_of(incident) if each.key == account.article.key and each.id != own),
        sentences=tuple(_sentence(place, spans, roles) for place in places),
        elsewhere=tuple(
            Elsewhere(span, _ordered(roles[span])) for span in spans if not any(_holds(place, span) for place in places)
        ),
    )


def _sentence(place: Evidence, spans: Sequence[Evidence], roles: dict[Evidence, list[str]]) -> Sentence:
    here = [(span.start - place.start, span.end - place.start, role) for span in spans for role in roles[span]]
    return Sentence(place.start, place.end, pieces(place.text, here))


def _evidence(told: Account | MergedIncident) -> Iterator[tuple[str, Evidence]]:
    """Every evidence of an account or an incident but that of its locations, with the role it is evidence of."""
    for slot in SLOTS:
        for value in getattr(told, slot):
            yield from ((slot.removesuffix("s"), evidence) for evidence in value.evidence)
    for toll in told.tolls:
        yield from (("casualty", evidence) for evidence in toll.evidence)
    yield from (("date", evidence) for evidence in (told.days.evidence if told.days else ()))
    if isinstance(told, Account):
        yield from (("date", unresolved.evidence) for unresolved in told.unresolved)
    for telling in told.tellings:
        yield from _telling_evidence(telling)


def _telling_evidence(telling: Telling) -> Iterator[tuple[str, Evidence]]:
    yield "trigger", telling.trigger
    for role, values in (("claimant", telling.claimants), ("source", telling.sources)):
        yield from ((role, evidence) for value in values for evidence in value.evidence)


def _ordered(roles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(roles), key=ROLES.index))


def _offsets(evidence: Evidence) -> tuple[int, int]:
    return evidence.start, evidence.end


def _holds(place: Evidence, span: Evidence) -> bool:
    return place.start <= span.start and span.end <= place.end
