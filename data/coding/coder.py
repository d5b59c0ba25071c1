"""From a document to accounts: its incidents with linked values, classes, tolls, days and places.

Coding reads the roles and labels of the default schema, named in `SLOTS_BY_ROLE`, `CASUALTY` and `LAYERS`; a schema
without one of them leaves that slot empty. Coded are the incidents that count (`Schema.countable`), with what denies
them (`denials.py`), and single attacks that the article only denies: other articles may tell of them. What is left out
(a series, a threat) is counted by the attribute value that keeps it out.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tocsin.data.coding.account import Account, ArticleRef, Evidence, Telling, Value
from tocsin.data.coding.days import Dating, datings, evidence_of
from tocsin.data.coding.denials import DENIED, STATUS, with_denials
from tocsin.data.coding.tolls import phrases_of, tolls
from tocsin.data.coding.weapons import implied_class, weapon_class
from tocsin.data.coding.where import locate
from tocsin.data.gazetteers.entry import Layer, Link
from tocsin.data.gazetteers.linker import Mention
from tocsin.data.incidents import is_countable, normalise
from tocsin.data.schema import Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Article, Document, Event, Filler, Incident, Span

WEAPON = "weapon"
SLOTS_BY_ROLE: Mapping[str, str] = {
    "attacker": "attackers",
    "target": "targets",
    WEAPON: "weapons",
    "place": "places",
    "claimant": "claimants",
    "source": "sources",
}
CASUALTY = "casualty"  # the role whose fillers are tolls
LAYERS: Mapping[str, tuple[Layer, ...]] = {  # of gazetteers, in the order in which a label's names are looked up
    "ACTOR": ("actor",),
    "BASE": ("base",),
    "ASSET": ("base", "place"),
    "LOCATION": ("place",),
}
N_KEY_DIGITS = 16


class Linker(Protocol):
    """What coding asks of a gazetteer: all names of an article at once, since they are each other's context."""

    def link_article(self, mentions: Sequence[Mention]) -> list[Link | None]: ...


@dataclass(frozen=True, slots=True)
class Coding:
    """The accounts of one article, in the order of its incidents, and how many incidents are none."""

    accounts: tuple[Account, ...]
    left_out: Mapping[str, int]  # by what keeps them out: "series", "threatened"


@dataclass(frozen=True, slots=True)
class _Context:
    """What coding needs of the article around an incident."""

    article: Article
    roles: frozenset[str]
    links: Mapping[tuple[int, int], Link]  # by offsets
    sentences: Sequence[tuple[int, int]]


def code(document: Document, schema: Schema, linker: Linker | None = None) -> Coding:
    """Code the incidents of a document.

    Args:
        linker: what names are looked up in; without one nothing is linked, and nothing located.
    """
    document = with_denials(document, schema)
    with_denied = _with_denied(schema)
    coded = [incident for incident in document.incidents if is_countable(incident, with_denied)]
    barred = [incident for incident in document.incidents if not is_countable(incident, with_denied)]
    context = _Context(
        document.article,
        frozenset(role.name for role in schema.roles),
        _links(document, linker) if linker and coded else {},
        sentences(document.article.text),
    )
    dated, reference = _dated(document, schema), article_ref(document.article)
    return Coding(
        tuple(
            _account(f"{reference.key}-{number}", reference, incident, dated[incident.id], context)
            for number, incident in enumerate(coded, start=1)
        ),
        dict(Counter(_bar(incident, with_denied) for incident in barred)),
    )


def article_key(article: Article) -> str:
    """What copies of one content have in common, in hexadecimal digits: of its words in their order.

    >>> article_key(Article("A raid\\ncame.")) == article_key(Article(" A raid came.", id="b7"))
    True
    """
    words = unicodedata.normalize("NFC", article.text).split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:N_KEY_DIGITS]


def article_ref(article: Article) -> ArticleRef:
    return ArticleRef(article_key(article), article.id, article.title, article.published, article.source, article.url)


def _dated(document: Document, schema: Schema) -> Mapping[str, Dating]:
    """The dating of every incident that is coded. No other incident takes its days from one that is only denied."""
    return datings(document, _with_denied(schema)) | datings(document, schema)


def _with_denied(schema: Schema) -> Schema:
    """The schema in which what an article only denies counts as well."""
    allowed = schema.countable.get(STATUS, ())
    is_value = any(DENIED in attribute.values for attribute in schema.attributes if attribute.name == STATUS)
    if not (allowed and is_value) or DENIED in allowed:
        return schema
    return replace(schema, countable={**schema.countable, STATUS: (*allowed, DENIED)})


def _links(document: Document, linker: Linker) -> dict[tuple[int, int], Link]:
    """The link of every name that has one; arguments may be of entities the document does not list."""
    arguments = (argument.span for event in document.events for argument in event.arguments)
    fillers = (span for incident in document.incidents for filler in incident.fillers for span in filler.spans)
    spans = {
        (span.start, span.end): span for span in (*fillers, *arguments, *document.entities) if span.label in LAYERS
    }
    offsets = sorted(spans)
    names = [Mention(spans[place].text(document.article), LAYERS[spans[place].label]) for place in offsets]
    found = zip(offsets, linker.link_article(names), strict=True)
    return {place: link for place, link in found if link is not None}


def _bar(incident: Incident, schema: Schema) -> str:
    """The attribute value that keeps an incident from counting, the first in the order of the schema."""
    for attribute in schema.attributes:
        value = incident.attributes.get(attribute.name)
        if value is not None and value not in schema.countable.get(attribute.name, (value,)):
            return value
    raise ValueError(f"incident {incident.id!r} counts; expected one that does not")


def _account(number: str, reference: ArticleRef, incident: Incident, dating: Dating, context: _Context) -> Account:
    slots = {slot: _values(_spans(incident.fillers, role), context) for role, slot in SLOTS_BY_ROLE.items()}
    slots["weapons"] = _classed(slots["weapons"]) or _implied_weapons(incident.mentions, context)
    casualties = _spans(incident.fillers, CASUALTY)
    return Account(
        id=number,
        article=reference,
        type=incident.mentions[0].type,
        status=incident.attributes.get("status", ""),
        outcome=incident.attributes.get("outcome", ""),
        score=incident.score,
        **slots,
        locations=locate(slots["targets"], slots["places"]),
        tolls=tolls(phrases_of((evidence_of(context.article, span), span.attributes) for span in casualties)),
        days=dating.days,
        unresolved=dating.unresolved,
        tellings=tuple(_telling(mention, context) for mention in incident.mentions),
    )


def _spans(fillers: Iterable[Filler], role: str) -> list[Span]:
    """The spans of a role, in the order of the text."""
    spans = (span for filler in fillers if filler.role == role for span in filler.spans)
    return sorted(spans, key=lambda span: (span.start, span.end))


def _values(spans: Sequence[Span], context: _Context) -> tuple[Value, ...]:
    """Values in the order of the text; spans that say the same, or are linked to the same, are one."""
    groups: dict[object, list[Span]] = {}
    for span in spans:
        groups.setdefault(_identity(span, context), []).append(span)
    return tuple(_value(group, context) for group in groups.values())


def _identity(span: Span, context: _Context) -> object:
    """What two spans of one value share. A place and what is near it stay apart: their positions are not as exact."""
    if link := context.links.get((span.start, span.end)):
        return link.entry.id, link.entry.where_prec
    surface = span.text(context.article)
    return normalise(surface) or surface


def _value(spans: Sequence[Span], context: _Context) -> Value:
    longest = max(spans, key=lambda span: span.end - span.start)
    text = longest.text(context.article)
    links = [link for span in spans if (link := context.links.get((span.start, span.end)))]
    return Value(
        text,
        longest.label,
        max(span.score for span in spans),
        tuple(evidence_of(context.article, span) for span in spans),
        max(links, key=lambda link: link.score, default=None),
    )


def _classed(weapons: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(replace(weapon, weapon_class=weapon_class(weapon.text)) for weapon in weapons)


def _implied_weapons(mentions: Sequence[Event], context: _Context) -> tuple[Value, ...]:
    """The weapons that the triggers themselves name, for an incident that has no other: "airstrike", "gunned down"."""
    groups: dict[str, list[Span]] = {}
    for mention in mentions if WEAPON in context.roles else ():
        if name := implied_class(mention.trigger.text(context.article)):
            groups.setdefault(name, []).append(mention.trigger)
    return tuple(replace(_value(group, context), weapon_class=name) for name, group in groups.items())


def _telling(mention: Event, context: _Context) -> Telling:
    return Telling(
        mention.attributes.get("status", ""),
        mention.attributes.get("outcome", ""),
        evidence_of(context.article, mention.trigger),
        _sentence(mention.trigger, context),
        _values(_played(mention, "claimant"), context),
        _values(_played(mention, "source"), context),
    )


def _played(mention: Event, role: str) -> list[Span]:
    """The spans that play a role in a mention, scored as arguments, in the order of the text."""
    spans = [replace(argument.span, score=argument.score) for argument in mention.arguments if argument.role == role]
    return sorted(spans, key=lambda span: (span.start, span.end))


def _sentence(trigger: Span, context: _Context) -> Evidence:
    """The sentence, or where a trigger reaches over a boundary the sentences, that a trigger stands in."""
    touched = [(start, end) for start, end in context.sentences if start < trigger.end and trigger.start < end]
    start = min((start for start, _ in touched), default=trigger.start)
    end = max((end for _, end in touched), default=trigger.end)
    return Evidence(context.article.id, start, end, context.article.text[start:end])
