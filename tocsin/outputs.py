"""Predicted documents on their way out, each written as soon as it is there."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from rich.rule import Rule
from rich.text import Text

from tocsin.data.document_level import with_mentions
from tocsin.data.files import written_whole
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.render import article_text, countable, footer, heading, incident_table, left_out, legend
from tocsin.render_whole import (
    Row,
    fillers_table,
    headings,
    label_lines,
    label_rows,
    labels_table,
    n_told,
    noun,
    rows,
    rows_table,
    template_table,
)
from tocsin.tables import counted
from tocsin.terminal import Page

Format = Literal["jsonl", "table", "text"]


def write_jsonl(documents: Iterable[Document], page: Page, schema: Schema) -> None:
    """A document a line, for programs."""
    for document in documents:
        write_documents(page.stream, [document])
        page.stream.flush()


def write_table(documents: Iterable[Document], page: Page, schema: Schema) -> None:
    """All articles in one table: the incidents, or without events in the schema what else was found; and its counts."""
    if schema.event_types:
        _write_incidents(documents, page, schema)
    else:
        _write_rows(documents, page, schema)


def write_text(documents: Iterable[Document], page: Page, schema: Schema) -> None:
    """Each article with its spans in colour, a legend, its labels, and its incidents or fillers."""
    has_colour = page.console.color_system is not None and not page.console.no_color
    for document in documents:
        page.show(Rule(heading(document.article, schema), align="left", style="none"), Text())
        text = article_text(with_mentions(document), schema, marked=not has_colour)
        text.rstrip()
        page.show(text, Text())
        if schema.span_labels:
            page.show(legend(schema), Text())
        if schema.text_labels:
            page.show(label_lines(document), Text())
        if schema.event_types:
            _show_incidents(document, page, schema)
        if schema.fillers:
            _show_fillers(document, page, schema)


def _write_incidents(documents: Iterable[Document], page: Page, schema: Schema) -> None:
    width = page.console.width
    others: Counter[str] = Counter()
    n_articles = n_incidents = n_without = 0
    labelled: list[Row] = []
    for document in documents:
        n_here = len(countable(document, schema))
        if n_here:
            if n_incidents:
                page.show(Rule(style="none"))
            page.show(incident_table([document], schema, width=width, with_article=True, with_header=n_incidents == 0))
        n_articles, n_incidents, n_without = n_articles + 1, n_incidents + n_here, n_without + (not n_here)
        others += left_out(document.incidents, schema)
        labelled += label_rows(document)
    shown = f"{counted(n_incidents, 'incident')} in {counted(n_articles, 'article')}"
    without = f"{counted(n_without, 'article')} without any" if n_without else ""
    page.show(Text("\n" + "; ".join(part for part in (shown, without, footer(others)) if part), "dim"))
    if schema.text_labels and labelled:
        page.show(Text(), labels_table(labelled, width=width))


def _write_rows(documents: Iterable[Document], page: Page, schema: Schema) -> None:
    columns, (one, many) = headings(schema), noun(schema)
    width = page.console.width
    n_articles = n_found = n_without = 0
    with_header = True
    labelled: list[Row] = []
    for document in documents:
        found, n_here = rows(document, schema), n_told(document, schema)
        if found:
            page.show(rows_table(columns, found, width=width, with_header=with_header))
            with_header = False
        n_articles, n_found, n_without = n_articles + 1, n_found + n_here, n_without + (not n_here)
        labelled += label_rows(document) if schema.span_labels else ()
    shown = f"{n_found} {one if n_found == 1 else many} in {counted(n_articles, 'article')}"
    without = f"{counted(n_without, 'article')} without any" if n_without else ""
    page.show(Text("\n" + "; ".join(part for part in (shown, without) if part), "dim"))
    if labelled:
        page.show(Text(), labels_table(labelled, width=width))


def _show_incidents(document: Document, page: Page, schema: Schema) -> None:
    if countable(document, schema):
        width = page.console.width
        page.show(incident_table([document], schema, width=width, with_article=False, with_header=True))
    else:
        page.show(Text("no incident for the table"))
    rest = footer(left_out(document.incidents, schema))
    page.show(Text(f"\n{rest}\n" if rest else "", "dim"))


def _show_fillers(document: Document, page: Page, schema: Schema) -> None:
    page.show(fillers_table(document, schema) if document.fillers else Text("no filler of any role"), Text())
    for template in document.templates:
        page.show(template_table(template, schema), Text())


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """One JSON object as a file, whole or not at all."""
    with written_whole(path) as stream:
        stream.write(json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


WRITERS: Mapping[Format, Callable[[Iterable[Document], Page, Schema], None]] = {
    "jsonl": write_jsonl,
    "table": write_table,
    "text": write_text,
}
