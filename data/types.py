"""The values every part of tocsin passes around: articles, spans, events, incidents, documents.

Offsets count Unicode characters of `Article.text`, `[start, end)`. Gold and predicted documents are of the
same type; gold scores are 1.0. Mappings inside frozen values belong to the value: never change one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

AttributeValue = str | int | None
Sentences = tuple[tuple[tuple[int, int], ...], ...]  # for each sentence its words' characters [start, end)


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known about its publication.

    `text` is all that is read: put the headline into it if it should be. Without an `id`, one is derived
    from the text, so that the same article always has the same id. `sentences` holds, for a text that comes cut into
    words, the offsets of each sentence's words, in order and disjoint; a text without them is cut by rule. Of a moment
    of publication the day is kept, that of its own time zone.

    Raises:
        TypeError: the text is no str, or `published` is neither a date nor None.
        ValueError: a text without an id has half a character, which no file can hold.
    """

    text: str
    id: str = ""
    title: str = ""
    published: date | None = None
    source: str = ""
    url: str = ""
    sentences: Sentences = ()

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"Article(text=...) was given a {type(self.text).__name__}; expected a str")
        if not isinstance(self.published, date | None):
            found = f"{type(self.published).__name__} ({self.published!r})"
            raise TypeError(f"Article(published=...) was given a {found}; expected a datetime.date, or None")
        if isinstance(self.published, datetime):
            object.__setattr__(self, "published", self.published.date())
        if not self.id:
            object.__setattr__(self, "id", _id_of(self.text))


def _id_of(text: str) -> str:
    try:
        return hashlib.sha256(text.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        half = f"half a character (a lone surrogate, {text[error.start]!r}) at {error.start}"
        raise ValueError(f"Article(text=...) has {half}; read the text with its right encoding") from error


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, end)` of a text, with what they are."""

    start: int
    end: int
    label: str
    score: float = 1.0  # in [0, 1]
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is empty or negative; expected 0 <= start < end")

    def text(self, article: Article) -> str:
        """The characters themselves."""
        return article.text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Argument:
    """An entity that plays a role in an event."""

    role: str
    span: Span
    score: float = 1.0  # in [0, 1]


@dataclass(frozen=True, slots=True)
class Event:
    """One mention of an event: its trigger, whose label is the event's type, and what the sentence says of it."""

    trigger: Span
    arguments: tuple[Argument, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    incident: str = ""  # mentions of one real operation share it

    @property
    def type(self) -> str:
        return self.trigger.label

    @property
    def score(self) -> float:
        return self.trigger.score

    def fillers(self, role: str) -> tuple[Span, ...]:
        """The spans that play a role, in the order of the arguments."""
        return tuple(argument.span for argument in self.arguments if argument.role == role)


@dataclass(frozen=True, slots=True, order=True)
class DateInterval:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"interval from {self.start} to {self.end} ends before it starts")

    @property
    def n_days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def precision(self) -> int:
        """UCDP GED's `date_prec`: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 more."""
        for precision, longest in ((1, 1), (2, 6), (3, 7), (4, 31)):
            if self.n_days <= longest:
                return precision
        return 5

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}/{self.end}"


@dataclass(frozen=True, slots=True)
class Filler:
    """What fills a role of an incident, with every span that says so."""

    role: str
    text: str  # the surface of the longest span
    spans: tuple[Span, ...]

    @property
    def score(self) -> float:
        return max(span.score for span in self.spans)


@dataclass(frozen=True, slots=True)
class Incident:
    """One real operation: the union of its mentions in an article."""

    id: str
    mentions: tuple[Event, ...]
    fillers: tuple[Filler, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    date: DateInterval | None = None
    score: float = 1.0  # in [0, 1]

    def texts(self, role: str) -> tuple[str, ...]:
        """The surfaces that fill a role."""
        return tuple(filler.text for filler in self.fillers if filler.role == role)

    @property
    def attackers(self) -> tuple[str, ...]:
        return self.texts("attacker")

    @property
    def targets(self) -> tuple[str, ...]:
        return self.texts("target")

    @property
    def weapons(self) -> tuple[str, ...]:
        return self.texts("weapon")

    @property
    def places(self) -> tuple[str, ...]:
        return self.texts("place")

    @property
    def casualties(self) -> tuple[str, ...]:
        return self.texts("casualty")

    @property
    def claimants(self) -> tuple[str, ...]:
        return self.texts("claimant")

    @property
    def sources(self) -> tuple[str, ...]:
        return self.texts("source")

    @property
    def evidence(self) -> tuple[Span, ...]:
        """Every trigger and filler span the incident rests on, in the order of the text, each once."""
        spans = {(span.start, span.end): span for filler in self.fillers for span in filler.spans}
        spans |= {(event.trigger.start, event.trigger.end): event.trigger for event in self.mentions}
        return tuple(spans[offsets] for offsets in sorted(spans))


@dataclass(frozen=True, slots=True)
class TextLabel:
    """What a text as a whole is, or reports."""

    name: str
    score: float = 1.0  # in [0, 1]


@dataclass(frozen=True, slots=True)
class Template:
    """One incident as template filling has it: of some type, filled by entities from anywhere in the document."""

    type: str
    fillers: tuple[Filler, ...] = ()  # each also one of the document's
    score: float = 1.0  # in [0, 1]

    @property
    def types(self) -> tuple[str, ...]:
        """The types of which any is right: MUC-4 has "bombing / attack" where its annotators differed."""
        return tuple(self.type.split(" / "))


@dataclass(frozen=True, slots=True)
class Document:
    """An article with what is annotated, or was predicted, in it."""

    article: Article
    entities: tuple[Span, ...] = ()
    events: tuple[Event, ...] = ()
    incidents: tuple[Incident, ...] = ()
    labels: tuple[TextLabel, ...] | None = None  # None: not annotated, which is not the same as none
    label_scores: Mapping[str, float] = field(default_factory=dict)  # of every label, chosen or not; predicted only
    fillers: tuple[Filler, ...] = ()  # entities of the whole document, each mention a span
    templates: tuple[Template, ...] = ()
