"""Documents for people: the article with its spans in colour, and its incidents as a table.

Texts of articles are never parsed as markup, and what could steer a terminal is shown as a blank.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from tocsin.data.incidents import is_countable
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Incident, Span
from tocsin.palette import label_style

# One blank for one character, so that offsets hold: a carriage return or an escape never reaches the terminal.
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ") | {ord("\n"): "\n"}
N_WIDE = 120  # columns from which each fact has a column of its own


@dataclass(frozen=True, slots=True)
class Fact:
    """A cell of the incident table: its heading, and the roles and attributes it tells."""

    heading: str
    names: tuple[str, ...]  # a value of any but the first is told with its name


@dataclass(frozen=True, slots=True)
class Column:
    """Facts that stand below each other."""

    facts: tuple[str, ...]  # headings
    share: int = 0  # of the width that columns without a width of their own leave
    width: int | None = None


_FACTS = (
    Fact("attackers", ("attacker",)),
    Fact("targets", ("target",)),
    Fact("weapons", ("weapon",)),
    Fact("place", ("place",)),
    Fact("outcome", ("outcome",)),
    Fact("who says so", ("status", "claimant", "source")),
    Fact("casualties", ("casualty",)),
)
_WIDE = (
    Column(("article",), share=3),
    Column(("date",), width=12),
    Column(("attackers",), share=4),
    Column(("targets",), share=5),
    Column(("weapons",), share=4),
    Column(("place",), share=4),
    Column(("outcome",), width=11),
    Column(("who says so",), share=5),
    Column(("casualties",), share=4),
    Column(("score",), width=5),
)
_NARROW = (
    Column(("article", "date", "place"), share=4),
    Column(("attackers",), share=4),
    Column(("targets",), share=5),
    Column(("weapons", "casualties"), share=4),
    Column(("outcome", "who says so", "score"), share=5),
)


def article_text(document: Document, schema: Schema, *, marked: bool) -> Text:
    """The article with entities in the colours of their labels and triggers underlined.

    Args:
        document: gold or predicted.
        schema: its labels give the colours.
        marked: write labels into the text too, "[BASE Camp Vale]", for where there is no colour.
    """
    spans = [*document.entities, *(event.trigger for event in document.events)]
    text = Text(document.article.text.translate(_CONTROLS))
    for span in spans:
        text.stylize(label_style(span.label, schema), span.start, span.end)
    return _marked(text, spans) if marked else text


def legend(schema: Schema) -> Text:
    """Every label in its colour."""
    return Text("  ").join(Text(label, label_style(label, schema)) for label in schema.span_labels)


def heading(article: Article, schema: Schema) -> Text:
    """What names an article: id, day, source, title; that it has no day is said where days are to be resolved."""
    no_day = "no day of publication" if resolves_days(schema) else ""
    day = str(article.published) if article.published else no_day
    rest = [inline(part) for part in (day, article.source, article.title) if part]
    return Text(" · ").join([Text(inline(article.id), "bold"), *map(Text, rest)])


def resolves_days(schema: Schema) -> bool:
    """Whether anything that a schema has asks for the day of publication."""
    return any(role.kind == "date" for role in schema.roles)


def incident_table(
    documents: Iterable[Document], schema: Schema, *, width: int, with_article: bool, with_header: bool
) -> Table:
    """A row for each countable incident; equal widths give columns that line up from table to table.

    Args:
        documents: whose incidents to show.
        schema: what roles and attributes there are.
        width: in columns; below `N_WIDE` facts are stacked.
        with_article: say which article an incident is from.
        with_header: begin with the headings.
    """
    columns = _columns(schema, width=width, with_article=with_article)
    table = Table(
        box=box.HORIZONTALS,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
        show_header=with_header,
        show_lines=True,
        width=width,
    )
    height = max(len(column.facts) for column in columns)
    for column in columns:
        # Rich aligns headings at the bottom, and cells at the top.
        title = "\n".join(column.facts) + "\n" * (height - len(column.facts))
        table.add_column(title, ratio=column.share or None, width=column.width, overflow="fold")
    for document in documents:
        for incident in countable(document, schema):
            told = facts(document.article, incident, schema)
            table.add_row(*(_cell(column, told) for column in columns))
    return table


def facts(article: Article, incident: Incident, schema: Schema) -> dict[str, str]:
    """What the table says of an incident, by heading."""
    told = {"article": inline(article.id), "date": _days(incident)}
    told |= {fact.heading: _fact(incident, fact) for fact in all_facts(schema)}
    return {**told, "score": f"{incident.score:.2f}"}


def all_facts(schema: Schema) -> list[Fact]:
    """The facts of the attack schema as far as a schema has them, then a fact for every role and attribute left."""
    names = [role.name for role in schema.roles if role.kind == "text"]
    # An attribute that has one value in every countable incident tells nothing.
    names += [a.name for a in schema.attributes if len(schema.countable.get(a.name, a.values)) != 1]
    known = [Fact(fact.heading, tuple(name for name in fact.names if name in names)) for fact in _FACTS]
    told = {name for fact in known for name in fact.names}
    return [*(fact for fact in known if fact.names), *(Fact(name, (name,)) for name in names if name not in told)]


def countable(document: Document, schema: Schema) -> list[Incident]:
    """The incidents a table shows."""
    return [incident for incident in document.incidents if is_countable(incident, schema)]


def left_out(incidents: Iterable[Incident], schema: Schema) -> Counter[str]:
    """How many incidents of each kind a table leaves out; a kind is the value that makes them uncountable."""
    return Counter(
        next(
            incident.attributes.get(name, f"without {name}")
            for name, allowed in schema.countable.items()
            if incident.attributes.get(name) not in allowed
        )
        for incident in incidents
        if not is_countable(incident, schema)
    )


def footer(kinds: Mapping[str, int]) -> str:
    """Say what a table leaves out; empty if that is nothing."""
    if not kinds:
        return ""
    return ", ".join(f"{n} {kind}" for kind, n in kinds.items()) + ", left out of the table"


def _marked(text: Text, spans: Sequence[Span]) -> Text:
    """The text with a bracket and a label around each span."""
    # At one offset: closings first, then of those that open the longest, for it is to hold the others.
    inserts = [(span.end, 0, 0, "]") for span in spans]
    inserts += [(span.start, 1, -span.end, f"[{span.label} ") for span in spans]
    parts: list[Text] = []
    begin = 0
    for offset, _, _, insert in sorted(inserts):
        parts += [text[begin:offset], Text(insert, "dim")]
        begin = offset
    return Text.assemble(*parts, text[begin:])


def _columns(schema: Schema, *, width: int, with_article: bool) -> list[Column]:
    known = ["article", "date", *(fact.heading for fact in all_facts(schema)), "score"]
    layout = _WIDE if width >= N_WIDE else _NARROW
    placed = {fact for column in layout for fact in column.facts}
    extra = [Column((fact,), share=4) for fact in known if fact not in placed]
    shown = [fact for fact in known if with_article or fact != "article"]
    kept = [
        Column(tuple(fact for fact in column.facts if fact in shown), column.share, column.width)
        for column in (*layout[:-1], *extra, layout[-1])
    ]
    return [column for column in kept if column.facts]


def _cell(column: Column, told: Mapping[str, str]) -> Text:
    return Text("\n").join(Text(told[fact], "bold" if fact == "article" else "") for fact in column.facts if told[fact])


def _fact(incident: Incident, fact: Fact) -> str:
    first, *others = fact.names
    lines = [_values(incident, first), *(_values(incident, name, f"{name}: ") for name in others)]
    return "\n".join(line for line in lines if line)


def _values(incident: Incident, name: str, before: str = "") -> str:
    """The fillers of a role, one a line, or the value of an attribute."""
    value = incident.attributes.get(name)
    values = [*incident.texts(name), *([value] if value else [])]
    return before + ",\n".join(map(inline, values)) if values else ""


def _days(incident: Incident) -> str:
    if incident.date is None:
        return ""
    start, end = incident.date.start, incident.date.end
    return str(start) if start == end else f"{start}\n– {end}"


def inline(text: str) -> str:
    """On one line: a filler may run over the end of one."""
    return " ".join(text.translate(_CONTROLS).split())
