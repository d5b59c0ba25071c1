"""The evidence of an incident: each slot with the characters that prove it, and the sentence that tells it best."""

from collections.abc import Iterable, Iterator

from tocsin.data.coding.account import SLOTS, ArticleRef, Evidence, Telling
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.tellers import claimants, deniers, sources

Proofs = tuple[Evidence, ...]
NOTHING_TOLD = "with nothing but a mention"


def evidence(incident: MergedIncident) -> Iterator[tuple[str, Evidence]]:
    """Every slot with each piece of its evidence, once; "mention" is of the incident itself, its status and outcome."""
    seen: set[tuple[str, Evidence]] = set()
    for pair in _pairs(incident):
        if pair not in seen:
            seen.add(pair)
            yield pair


def _pairs(incident: MergedIncident) -> Iterator[tuple[str, Evidence]]:
    for telling in incident.tellings:
        yield "mention", telling.trigger
        yield "sentence", telling.sentence
    tellers = {"claimants": claimants(incident), "sources": sources(incident)}
    for slot in SLOTS:
        yield from ((slot, place) for value in tellers.get(slot, getattr(incident, slot)) for place in value.evidence)
    yield from (("deniers", place) for value in deniers(incident) for place in value.evidence)
    yield from (("date", place) for place in (incident.days.evidence if incident.days else ()))
    yield from (("location", place) for location in incident.locations for place in location.evidence)
    yield from ((toll.harm, place) for toll in incident.tolls for place in toll.evidence)
    yield from (("unresolved_date", item.evidence) for account in incident.accounts for item in account.unresolved)


def is_bare(incident: MergedIncident) -> bool:
    """Whether nothing is told but that it was."""
    unresolved = any(account.unresolved for account in incident.accounts)
    slots = any(getattr(incident, slot) for slot in SLOTS)
    return not (slots or unresolved or incident.days or incident.locations or incident.tolls)


def main_telling(incident: MergedIncident) -> Telling | None:
    """The first mention that tells the incident as it is: of its status and outcome, else of its status."""
    of_status = [telling for telling in incident.tellings if telling.status == incident.status]
    exact = [telling for telling in of_status if telling.outcome == incident.outcome]
    return next(iter((*exact, *of_status, *incident.tellings)), None)


def mentions(incident: MergedIncident) -> Proofs:
    """Where the incident is told."""
    return _triggers(incident.tellings)


def outcome_proofs(incident: MergedIncident) -> Proofs:
    """The mentions that tell the outcome."""
    return _triggers(telling for telling in incident.tellings if telling.outcome == incident.outcome)


def claim_proofs(incident: MergedIncident) -> Proofs:
    """What says that the attacker's side claims it: who is named as claiming, and mentions that are such claims."""
    claimed = (telling for telling in incident.tellings if telling.status == "claimed")
    named = [place for value in claimants(incident) for place in value.evidence]
    return tuple(dict.fromkeys((*named, *_triggers(claimed))))


def articles_of(incident: MergedIncident) -> tuple[ArticleRef, ...]:
    """The articles that tell it, copies of one another too, each once."""
    return tuple(dict.fromkeys(incident.articles or (account.article for account in incident.accounts)))


def outlet(article: ArticleRef) -> str:
    """Where an article is from; its address or id where neither source nor title says what it is."""
    return article.source or ("" if article.title else article.url or article.id)


def _triggers(tellings: Iterable[Telling]) -> Proofs:
    return tuple(dict.fromkeys(telling.trigger for telling in tellings))
