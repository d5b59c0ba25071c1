"""Labels, entities, fillers and templates for people: what models predict that build no incidents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from tocsin.data.records import span_order
from tocsin.data.schema import Schema
from tocsin.data.types import Document, Filler, Template
from tocsin.palette import label_style
from tocsin.render import inline
from tocsin.tables import counted, plain_table

N_LABELS = 10  # of a text that are shown with their scores, if no more are chosen
CHOSEN = "*"  # stands before a chosen label, for where there is no colour

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table that is written an article at a time, so that its width is known beforehand."""

    name: str
    share: int = 0  # of the width that columns without a width of their own leave
    width: int | None = None
    is_number: bool = False


_ARTICLE = Heading("article", share=3)
_SCORE = Heading("score", width=5, is_number=True)
_LABELS = (_ARTICLE, Heading("labels", share=5), Heading("scores", width=7, is_number=True))
_ENTITIES = (
    _ARTICLE,
    Heading("label", share=3),
    Heading("text", share=6),
    Heading("start", width=7, is_number=True),
    Heading("end", width=7, is_number=True),
    _SCORE,
)
_TEMPLATES = (_ARTICLE, Heading("template", share=3), Heading("role", share=2), Heading("filler", share=6))


def headings(schema: Schema) -> tuple[Heading, ...]:
    """The columns of the one table for all articles of a schema without events."""
    if schema.fillers:
        return _TEMPLATES if schema.template_types else tuple(h for h in _TEMPLATES if h.name != "template")
    return _ENTITIES if schema.entity_labels else _LABELS


def rows(document: Document, schema: Schema) -> list[Row]:
    """What the table says of one article: a row a filler, an entity, or one with all labels."""
    own_id = inline(document.article.id)
    if schema.fillers:
        return [(own_id, *row) for row in _filler_rows(document, schema)]
    if schema.entity_labels:
        return [
            (own_id, e.label, inline(e.text(document.article)), str(e.start), str(e.end), f"{e.score:.2f}")
            for e in sorted(document.entities, key=span_order)
        ]
    return label_rows(document)


def label_rows(document: Document) -> list[Row]:
    """One row with the labels of a text, one below the other; none for a text without any."""
    labels = document.labels or ()
    if not labels:
        return []
    names = "\n".join(inline(label.name) for label in labels)
    return [(inline(document.article.id), names, "\n".join(f"{label.score:.2f}" for label in labels))]


def n_told(document: Document, schema: Schema) -> int:
    """How much of what the table is about an article has: not rows, as a filler has one in each of its templates."""
    return len(document.fillers) if schema.fillers else len(rows(document, schema))


def noun(schema: Schema) -> tuple[str, str]:
    """What the table is about, one and many."""
    if schema.fillers:
        return "filler", "fillers"
    return ("entity", "entities") if schema.entity_labels else ("text with labels", "texts with labels")


def rows_table(columns: Sequence[Heading], found: Iterable[Row], *, width: int, with_header: bool) -> Table:
    """Rows below each other; equal widths give columns that line up from table to table."""
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, show_header=with_header, width=width
    )
    for column in columns:
        justify = "right" if column.is_number else "left"
        table.add_column(column.name, ratio=column.share or None, width=column.width, justify=justify, overflow="fold")  # type: ignore[arg-type] # the two words it may be
    for row in found:
        table.add_row(*map(Text, row))
    return table


def labels_table(found: Iterable[Row], *, width: int) -> Table:
    """The labels of all texts, for models whose table is about something else."""
    return rows_table(_LABELS, found, width=width, with_header=True)


def label_lines(document: Document) -> Text:
    """A line a label with its score, the likeliest first, those that were chosen marked and bold."""
    chosen = {label.name: label.score for label in document.labels or ()}
    scores = {**document.label_scores, **chosen}
    ranked = sorted(scores, key=lambda name: (name not in chosen, -scores[name], name))
    shown = ranked[: max(N_LABELS, len(chosen))]
    width = max((len(inline(name)) for name in shown), default=0)
    lines = [
        Text(
            f"{CHOSEN if name in chosen else ' '} {inline(name):<{width}}  {scores[name]:.2f}",
            "bold" if name in chosen else "dim",
        )
        for name in shown
    ]
    if not chosen:
        lines.insert(0, Text("no label" if document.labels is not None else "labels were not predicted"))
    if len(ranked) > len(shown):
        lines.append(Text(f"  and {counted(len(ranked) - len(shown), 'more label')}", "dim"))
    return Text("\n").join(lines)


def fillers_table(document: Document, schema: Schema) -> Table:
    """What fills each role of the document, with how often it is mentioned."""
    table = plain_table(("role", False), ("filler", False), ("mentions", True), ("score", True))
    for filler in _in_order(document.fillers, schema):
        style = label_style(filler.role, schema)
        figures = str(len(filler.spans)), f"{filler.score:.2f}"
        table.add_row(Text(filler.role, style), Text(inline(filler.text)), *figures)
    return table


def template_table(template: Template, schema: Schema) -> Table:
    """One template: its type with its score, and below it the fillers of each role."""
    table = plain_table((inline(template.type), False), (f"{template.score:.2f}", False))
    for role in schema.fillers:
        texts = [inline(filler.text) for filler in template.fillers if filler.role == role]
        if texts:
            table.add_row(Text(role, label_style(role, schema)), Text("\n".join(texts)))
    if not template.fillers:
        table.add_row("", Text("no filler", "dim"))
    return table


def _filler_rows(document: Document, schema: Schema) -> list[Row]:
    """By template; fillers that are in none come last, with no type."""
    if not schema.template_types:
        return [(filler.role, inline(filler.text)) for filler in _in_order(document.fillers, schema)]
    sorted_in = [filler for template in document.templates for filler in template.fillers]
    found: list[Row] = []
    for template in document.templates:
        fillers = _in_order(template.fillers, schema)
        found += [(inline(template.type), f.role, inline(f.text)) for f in fillers] or [(inline(template.type), "", "")]
    rest = [filler for filler in document.fillers if filler not in sorted_in]
    return found + [("", filler.role, inline(filler.text)) for filler in _in_order(rest, schema)]


def _in_order(fillers: Iterable[Filler], schema: Schema) -> list[Filler]:
    return sorted(fillers, key=lambda filler: (schema.fillers.index(filler.role), span_order(filler.spans[0])))
