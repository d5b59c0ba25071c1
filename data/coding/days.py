"""The days of an article's incidents: stated, or inherited by one rule, or unresolved with a reason.

Stated are the days that an incident's own date expressions come to (`incidents.combine`). The rule "anaphora": an
incident without such days whose date expression is relative to another event of the text takes that event's days,
shifted as the expression says ("the next day": one day on; "the same night" and "a few hours later": the same days,
as the text has no more to say of midnight). The other event is
- behind "hours after", "the day before" and the like, the mention that follows in the same clause: their object;
- else the nearest dated mention before the expression, of another countable incident. A series is no such event:
  its days are those of many. Nor is a threat, or what only denials tell of.
An incident that inherited its days may pass them on. Nothing else is inherited: no date expression, no days; and
an expression that names none, or others than those taken, is kept with the reason. Days that a document lists, as
gold's may, and no expression says, are "given".
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tocsin.data.coding.account import Days, Evidence, Unresolved
from tocsin.data.date_patterns import OTHER_EVENT
from tocsin.data.date_periods import OUTSIDE
from tocsin.data.dates import Resolution, resolve, shift_of
from tocsin.data.incidents import is_countable
from tocsin.data.schema import Schema
from tocsin.data.sentences import sentences
from tocsin.data.types import Article, DateInterval, Document, Incident, Span

NO_SHIFT = "it does not say how many days lie between"
NO_EVENT = "no event with known days is told before it"
UNKNOWN_DAYS = "the days of that event are not known"

_WANTS_OBJECT = re.compile(r".*\b(?:after|before|following)", re.IGNORECASE | re.DOTALL)
_CLAUSE_MARK = re.compile(r"[,;:–—]")


@dataclass(frozen=True, slots=True)
class Dating:
    """What an article says of when one incident happened."""

    days: Days | None
    unresolved: tuple[Unresolved, ...] = ()  # in the order of the text


def datings(document: Document, schema: Schema) -> dict[str, Dating]:
    """The dating of every countable incident, by its id."""
    incidents = [incident for incident in document.incidents if is_countable(incident, schema)]
    context = _Context(document, schema)
    found = {incident.id: _stated(incident, context) for incident in incidents}
    waiting = [
        (span, incident)
        for incident in incidents
        if not _is_told(incident, context)
        for span in context.date_spans(incident)
        if _resolve(span, context).reason == OTHER_EVENT
    ]
    # In the order of the text, so that days pass on from one incident to the next.
    for span, incident in sorted(waiting, key=lambda pair: (pair[0].start, pair[0].end)):
        found[incident.id] = _with(found[incident.id], _inherited(span, incident, context, found))
    return found


class _Context:
    """What resolving needs of the article around an expression."""

    def __init__(self, document: Document, schema: Schema) -> None:
        self.article = document.article
        self._date_roles = {role.name for role in schema.roles if role.kind == "date"}
        self._sentences = sentences(document.article.text)
        self._mentions = sorted(
            ((event, incident) for incident in document.incidents for event in incident.mentions),
            key=lambda pair: (pair[0].trigger.start, pair[0].trigger.end),
        )

    def text(self, span: Span) -> str:
        return span.text(self.article)

    def date_spans(self, incident: Incident) -> list[Span]:
        """The incident's date expressions, in the order of the text."""
        spans = (span for filler in incident.fillers if filler.role in self._date_roles for span in filler.spans)
        return sorted(spans, key=lambda span: (span.start, span.end))

    def before(self, span: Span, own: Incident) -> Iterator[str]:
        """The other incidents mentioned before an expression, the nearest first."""
        for event, incident in reversed(self._mentions):
            if event.trigger.start < span.start and incident.id != own.id:
                yield incident.id

    def behind(self, span: Span, own: Incident) -> Incident | None:
        """Any incident whose mention is the first behind an expression in its clause, and not dated by it itself."""
        index = bisect_right(self._sentences, span.start, key=lambda sentence: sentence[1])
        end = self._sentences[index][1] if index < len(self._sentences) else span.end
        if mark := _CLAUSE_MARK.search(self.article.text, span.end, end):
            end = mark.start()
        following = (incident for event, incident in self._mentions if span.end <= event.trigger.start < end)
        first = next(following, own)
        offsets = {(date.start, date.end) for date in self.date_spans(first)}
        return None if first.id == own.id or (span.start, span.end) in offsets else first


def evidence_of(article: Article, span: Span) -> Evidence:
    """Where a span stands, and what it says."""
    return Evidence(article.id, span.start, span.end, span.text(article))


def _resolve(span: Span, context: _Context) -> Resolution:
    return resolve(span.text(context.article), context.article.published)


def _is_told(incident: Incident, context: _Context) -> bool:
    """Whether an expression of the incident's own names its days; else a document may still list some."""
    intervals = (_resolve(span, context).interval for span in context.date_spans(incident))
    return incident.date is not None and any(days and _share_days(days, incident.date) for days in intervals)


def _stated(incident: Incident, context: _Context) -> Dating:
    """The incident's own days. They rest on every expression that shares a day with them; days that the document lists
    and no expression tells rest on the mentions.
    """
    proofs, unresolved = [], []
    is_told = _is_told(incident, context)
    for span in context.date_spans(incident):
        evidence, resolution = evidence_of(context.article, span), _resolve(span, context)
        if resolution.interval is None:
            if is_told or resolution.reason != OTHER_EVENT:  # else it is still to be tried
                unresolved.append(Unresolved(evidence, resolution.reason))
        elif incident.date and _share_days(resolution.interval, incident.date):
            proofs.append(evidence)
        else:
            unresolved.append(Unresolved(evidence, _contradiction(resolution.interval, incident.date)))
    mentioned = [evidence_of(context.article, event.trigger) for event in incident.mentions]
    if incident.date is None:
        return Dating(None, tuple(unresolved))
    days = Days(incident.date, "stated", tuple(proofs)) if proofs else Days(incident.date, "given", tuple(mentioned))
    return Dating(days, tuple(unresolved))


def _contradiction(found: DateInterval, taken: DateInterval | None) -> str:
    return f"contradicted: it means {found}, the incident's days are {taken or 'not known'}"


def _share_days(first: DateInterval, second: DateInterval) -> bool:
    return max(first.start, second.start) <= min(first.end, second.end)


def _inherited(span: Span, incident: Incident, context: _Context, found: Mapping[str, Dating]) -> Days | Unresolved:
    """The days of another event, shifted as an expression says, or why they are not known."""
    evidence = evidence_of(context.article, span)
    shift = shift_of(evidence.text)
    if shift is None:
        return Unresolved(evidence, f"{OTHER_EVENT}, and {NO_SHIFT}")
    object_incident = context.behind(span, incident) if _WANTS_OBJECT.fullmatch(evidence.text) else None
    meant = [object_incident.id] if object_incident else context.before(span, incident)
    known = (found[other].days for other in meant if other in found)  # only those that count are
    days = next((days for days in known if days), None)
    if days is None:
        return Unresolved(evidence, f"{OTHER_EVENT}, and {UNKNOWN_DAYS if object_incident else NO_EVENT}")
    try:
        interval = DateInterval(days.interval.start + timedelta(shift), days.interval.end + timedelta(shift))
    except OverflowError:
        return Unresolved(evidence, OUTSIDE)
    return Days(interval, "anaphora", (evidence, *days.evidence))


def _with(dating: Dating, found: Days | Unresolved) -> Dating:
    """A dating with what one more expression comes to; known days stay, others must share one with them."""
    days, unresolved = dating.days, dating.unresolved
    if isinstance(found, Unresolved):
        unresolved = (*unresolved, found)
    elif days is None:
        days = found
    elif not _share_days(days.interval, found.interval):
        unresolved = (*unresolved, Unresolved(found.evidence[0], _contradiction(found.interval, days.interval)))
    else:
        earlier = days.evidence if days.rule == found.rule else ()  # of listed days, the expression is the better proof
        days = Days(days.interval, found.rule, tuple(dict.fromkeys((*earlier, *found.evidence))))
    return Dating(days, tuple(sorted(unresolved, key=lambda item: (item.evidence.start, item.evidence.end))))
