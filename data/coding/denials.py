"""Denials told apart from what they deny: given back to the incident they are of.

An attack, its claim and its denial are one incident. A model may leave a denial alone, since it shares few words with
what it denies ("the army denied any attack"). The rule: a single attack that is only denied is the nearest incident
that counts, of its type, told before it, or if there is none the nearest after it, unless the two contradict each
other: where both fill a role that identifies, they have a word or a day in common.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tocsin.data.dates import resolve
from tocsin.data.incidents import build_incidents, is_countable, normalise
from tocsin.data.schema import Role, Schema
from tocsin.data.types import Article, Document, Incident

STATUS, DENIED = "status", "denied"
SCOPE, SINGLE = "scope", "single"


def with_denials(document: Document, schema: Schema) -> Document:
    """The document with each denial in the incident it denies; a denial of nothing that is told stays alone."""
    told = [incident for incident in document.incidents if is_countable(incident, schema)]
    denials: dict[str, list[Incident]] = {}
    for denial in filter(_is_denial, document.incidents):
        if denied := _denied(denial, told, document.article, schema):
            denials.setdefault(denied.id, []).append(denial)
    moved = {denial.id for group in denials.values() for denial in group}
    return replace(
        document,
        incidents=tuple(
            _united(incident, denials.get(incident.id, ()), document.article, schema)
            for incident in document.incidents
            if incident.id not in moved
        ),
    )


def _is_denial(incident: Incident) -> bool:
    return incident.attributes.get(STATUS) == DENIED and incident.attributes.get(SCOPE, SINGLE) == SINGLE


def _denied(denial: Incident, told: Iterable[Incident], article: Article, schema: Schema) -> Incident | None:
    """The nearest incident before a denial that it may be of, else the nearest after it."""
    own = denial.mentions[0]
    triggers = {
        mention.trigger.start: incident
        for incident in told
        for mention in incident.mentions
        if mention.type == own.type and not _contradict(denial, incident, article, schema)
    }
    before = [start for start in triggers if start < own.trigger.start]
    nearest = max(before) if before else min(triggers, default=None)
    return None if nearest is None else triggers[nearest]


def _contradict(first: Incident, second: Incident, article: Article, schema: Schema) -> bool:
    """Whether both fill a role that identifies, with nothing in common."""
    for role in schema.roles:
        sides = [_contents(incident, role, article) for incident in (first, second)]
        if role.identifies and all(sides) and not sides[0] & sides[1]:
            return True
    return False


def _contents(incident: Incident, role: Role, article: Article) -> frozenset[str]:
    """The words of a role's fillers; of dates the days they mean."""
    texts = incident.texts(role.name)
    if role.kind == "date":
        intervals = (resolve(text, article.published).interval for text in texts)
        return frozenset(str(interval) for interval in intervals if interval)
    return frozenset(word for text in texts for word in normalise(text).split())


def _united(incident: Incident, denials: Sequence[Incident], article: Article, schema: Schema) -> Incident:
    """An incident with the mentions that deny it; its days and its score stay what they were."""
    if not denials:
        return incident
    mentions = [mention for each in (incident, *denials) for mention in each.mentions]
    events = [replace(mention, incident=incident.id) for mention in mentions]
    dates = {incident.id: incident.date} if incident.date else None
    (united,) = build_incidents(article, events, schema, dates)
    return replace(united, score=incident.score)
