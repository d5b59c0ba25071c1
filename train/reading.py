"""Annotated documents of files in whatever format, read and checked for a task.

They are stored on disk as they are read: of a file no more than one document is held, and ids and hashes of all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal

from tocsin.data.check import Report, absent_names, check_documents
from tocsin.data.check_formats import likeliest_task
from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.catalogue import format_of, read
from tocsin.data.formats.conversion import AS_FOUND, Converted, Options, Tally, with_stems
from tocsin.data.formats.inference import Task, seen_in
from tocsin.data.formats.same_ids import Ids
from tocsin.data.jsonl import each_document
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.train.documents import Documents, stored

N_NAMED = 100  # problems that are told one by one
_MEND = "mend these"
_REMEDY = f"{_MEND}; `tocsin check FILE` lists them again"
_COLUMNS = " (its options name format and columns, as was done here)"


@dataclass(frozen=True, slots=True)
class Annotated:
    """What some files hold."""

    documents: Sequence[Document]  # on disk
    left_out: tuple[Problem, ...] = ()  # what a document cannot hold, and lines that hold none
    oddities: tuple[Problem, ...] = ()  # what `check_documents` finds odd, and no error
    absent: frozenset[tuple[str, str]] = frozenset()  # nouns and names that the oddities say a file has no example of


def read_set(
    paths: Sequence[Path],
    *,
    form: str = "",
    schema: Schema | None = None,
    columns: Options = AS_FOUND,
    unreadable: Literal["refuse", "skip"] = "refuse",
    task: Task | None = None,
    told: str = "",
) -> Annotated:
    """The documents of some files.

    Args:
        paths: files or folders.
        form: the name of their format; "" if it is to be found out for each.
        schema: what may be annotated; None for whatever there is.
        columns: which there are in tables and in files of words and tags; its schema is not asked.
        unreadable: whether lines that hold no document are errors, or left out and told. In files of tocsin's own
            format they are errors in any case where a schema is given.
        task: what is to be learned; where that is entities, relations between them make no events of them.
        told: what else to say to whoever has to mend an error, such as where the schema is from.

    Raises:
        DataError: anything cannot be read, two documents have one id, or there is no document.
    """
    if absent := [path for path in paths if not path.exists()]:
        raise DataError.from_problems([Problem(str(path), "no such file or folder; check the path") for path in absent])
    if schema is not None and all(format_of(path, form).name == "jsonl" for path in paths):
        return _checked(paths, schema, told=told)
    options, converted = replace(columns, schema=schema, relations_make_events=task != "tokens"), Converted()
    repeated: list[Problem] = []
    documents = stored(_each_once(with_stems(paths, options), form, converted, repeated))
    names, problems = ", ".join(map(str, paths)), converted.problems
    is_lenient = unreadable == "skip" and bool(documents)
    faults = [*([] if is_lenient else problems), *repeated]
    if not documents and not problems:
        faults.append(Problem(names, "no document found; expected annotated documents"))
    if faults:
        whole = f"{_REMEDY}{_COLUMNS if form or columns != AS_FOUND else ''}"
        remedy = _MEND if faults == repeated else whole  # `check` looks at each file alone
        raise DataError.from_problems([*_first(faults), Problem("to go on", f"{remedy}; {told}" if told else remedy)])
    return Annotated(documents, (*_lost(names, converted.lost_reading), *_skipped(names, problems)))


def shown_schema(
    gold: Sequence[Path], predictions: Path, *, form: str, columns: Options = AS_FOUND, default: Schema | None = None
) -> Schema:
    """The label set that gold and predictions show between them, for a file of predictions that comes without one.

    Args:
        gold: decides which task it is, but that what relations lead from are entities if they are predicted as such.
        predictions: in a format that its name or content tell.
        form: gold's.
        columns: likewise.
        default: taken if it has a place for all their labels.

    Raises:
        DataError: one of them cannot be read, or nothing is annotated.
    """
    documents = read_set(gold, form=form, columns=columns).documents
    predicted = read_set([predictions]).documents
    seen = seen_in(chain(documents, predicted))
    if default and seen.is_held_by(default):
        return default
    if seen.torn and not any(document.events for document in predicted):
        documents = read_set(gold, form=form, columns=columns, task="tokens").documents
        seen = seen_in(chain(documents, predicted))
    return seen.schema(likeliest_task(seen_in(documents)))


def of_schema(
    documents: Iterable[Document], schema: Schema, *, where: str = "data"
) -> tuple[Documents, tuple[Problem, ...]]:
    """The documents without what a schema has no place for, and how much that was, told of `where`.

    A file may hold more than a task is about: events where entities are learned, entities where labels of texts are.
    """
    lost: Tally = Counter()
    kept = stored(_within(document, schema, lost) for document in documents)
    unheld = [
        Problem(where, f"{n} {what} are left out: the label set has no place for them") for what, n in lost.items()
    ]
    return kept, tuple(unheld)


def _within(document: Document, schema: Schema, lost: Tally) -> Document:
    events = document.events if schema.event_types else ()
    kept = replace(
        document,
        entities=tuple(span for span in document.entities if span.label in schema.entity_labels),
        events=events,
        incidents=document.incidents if events else (),
        labels=document.labels if schema.text_labels else None,
        fillers=document.fillers if schema.fillers else (),
        templates=document.templates if schema.fillers and schema.template_types else (),
    )
    for what, before, after in (
        ("entities", document.entities, kept.entities),
        ("events", document.events, kept.events),
        ("labels of texts", document.labels or (), kept.labels or ()),
        ("fillers", document.fillers, kept.fillers),
        ("templates", document.templates, kept.templates),
    ):
        if n := len(before) - len(after):
            lost[what] += n
    return kept


def _each_once(
    paths: Iterable[tuple[Path, Options]], form: str, converted: Converted, repeated: list[Problem]
) -> Iterator[Document]:
    """The documents as they come; those whose id was given before are put down as problems."""
    ids = Ids()
    for path, options in paths:
        for found in read(path, form, options, converted):
            if isinstance(found, Problem):
                continue  # `converted` has it
            own = ids.apart(found, path, options.stem, converted.lost_reading)
            if isinstance(own, Problem):
                repeated.append(own)
            else:
                yield own


def _checked(paths: Sequence[Path], schema: Schema, *, told: str) -> Annotated:
    """What files in tocsin's own format hold, and what is odd about them."""
    reports = [check_documents(path, schema) for path in paths]
    _refuse_errors(reports, told)
    oddities = [finding for report in reports for finding in report.findings if not finding.is_error]
    absent = frozenset(each for report in reports for each in absent_names(report.counts))
    documents = stored(each_document(paths, schema))
    return Annotated(documents, (), tuple(Problem(odd.where, odd.message) for odd in oddities), absent)


def _refuse_errors(reports: Sequence[Report], told: str) -> None:
    """Raise a DataError that names each error with its line, if there are any."""
    findings = [finding for report in reports for finding in report.findings]
    if errors := [Problem(finding.where, finding.message) for finding in findings if finding.is_error]:
        remedy = f"{_REMEDY} (with --schema for labels of your own)"
        rest = Problem("to go on", f"{remedy}; {told}" if told else remedy)
        raise DataError.from_problems([*_first(errors), rest])


def _lost(names: str, lost: Tally) -> Iterator[Problem]:
    for what, n in lost.items():
        yield Problem(names, f"not as they stand there: {n} {what}")


def _skipped(names: str, problems: Sequence[Problem]) -> Iterator[Problem]:
    """Say how many lines are left out, with the first of them."""
    if problems:
        n = "1 line holds" if len(problems) == 1 else f"{len(problems)} lines hold"
        yield Problem(names, f"{n} no document, left out as [data] unreadable says; the first is {problems[0]}")


def _first(problems: Sequence[Problem]) -> list[Problem]:
    """The first problems, and how many more there are."""
    rest = len(problems) - N_NAMED
    more = [Problem(problems[-1].where, f"and {rest} more problems, this the last of them")] if rest > 0 else []
    return [*problems[:N_NAMED], *more]
