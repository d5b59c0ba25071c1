"""`tocsin convert`: annotated documents from one format into another."""

import shlex
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tocsin.columns import given_columns, typed
from tocsin.commands.common import (
    Form,
    FromSeparator,
    LabelColumns,
    TagColumn,
    TextColumn,
    TextLabels,
    files_of,
    is_part,
    named,
    refuse_input,
    tell_problems,
)
from tocsin.data.errors import DataError, Problem, TocsinError
from tocsin.data.files import is_stream
from tocsin.data.formats.conversion import Converted, Format, Options, Scheme, Tally, with_stems
from tocsin.data.formats.inference import Seen, Task, attributes_of
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import Role, Schema, read_schema
from tocsin.data.types import Document
from tocsin.outputs import write_json
from tocsin.tables import counted, plain_table
from tocsin.terminal import busy, ending, interruptible, naming_standard_output, page_for, say, talk_console

STDOUT = Path("-")
EXAMPLES = (
    "Example: tocsin convert train.conll train.jsonl --write-schema labels.json --task tokens\n\n"
    "Example: tocsin convert export.json corpus/ --from label-studio --to brat\n\n"
    "Example: tocsin convert train.txt - --from conll --to conll --scheme bioes"
)
_WITH_COLUMNS = ("conll", "table")  # formats with a separator


@dataclass(slots=True)
class _Wanted:
    """What is converted, and what comes of it."""

    inputs: Sequence[Path]
    output: Path
    source: str  # the format of the inputs; "": found out for each
    target: Format
    reading: Options
    writing: Options
    write_schema: Path | None  # where the label set goes that was found; given with the task
    task: Task | None
    converted: Converted = field(default_factory=Converted)
    seen: Seen = field(default_factory=Seen)
    n_read: int = 0


@ending()
def convert(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT", help="Files or folders of annotations.", show_default=False)
    ],
    output: Annotated[
        Path,
        typer.Argument(
            metavar="OUTPUT", help="What to write, whole or not at all; - is standard output.", show_default=False
        ),
    ],
    source: Annotated[
        Form | None, typer.Option("--from", help="Format of INPUT; by default found out from its name and content.")
    ] = None,
    target: Annotated[Form | None, typer.Option("--to", help="Format of OUTPUT; by default told by its name.")] = None,
    schema_file: Annotated[
        Path | None,
        typer.Option("--schema", metavar="FILE", help="JSON of a label set; a label that is not in it is a problem."),
    ] = None,
    scheme: Annotated[
        Scheme | None, typer.Option(help="Of the tags in OUTPUT, by default bio; of INPUT's if OUTPUT has no tags.")
    ] = None,
    from_scheme: Annotated[
        Scheme | None, typer.Option(help="Of the tags in INPUT; by default found out from all of them.")
    ] = None,
    separator: Annotated[
        str | None,
        typer.Option(
            metavar="SEP", help="Between columns of OUTPUT, by default a tab; of INPUT's if OUTPUT has no columns."
        ),
    ] = None,
    from_separator: FromSeparator = None,
    tag_column: TagColumn = None,
    text_column: TextColumn = "",
    label_column: LabelColumns = None,
    text_label: TextLabels = None,
    write_schema: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the label set that was found, as JSON; needs --task.")
    ] = None,
    task: Annotated[Task | None, typer.Option(help="What is to be learned, for --write-schema.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
) -> None:
    """Convert annotations between the formats of the field, and count whatever a format cannot hold.

    Several inputs go into one output. What cannot be read is told with its line, the rest is written all the same;
    the exit code is then 1.
    """
    from tocsin.data.formats.catalogue import format_for

    if bool(write_schema) != bool(task):
        raise typer.BadParameter("give both or neither", param_hint="--write-schema, --task")
    form = format_for(output, target or "")
    schema = read_schema(schema_file) if schema_file else None
    writing = Options(schema, scheme, typed(separator), text_labels=tuple(text_label or ()))
    given = given_columns(from_separator, tag_column, text_column, label_column, text_label)
    of_inputs = Options(schema, from_scheme, **given, relations_make_events=task != "tokens")
    reading = _reading(of_inputs, writing, form)
    outputs = [path for path in (output, write_schema) if path]
    _guard(outputs, inputs, form, source or "", overwrite=overwrite)
    if write_schema and schema_file:
        refuse_input(write_schema, [schema_file], option="--write-schema")
    _run(_Wanted(inputs, output, source or "", form, reading, writing, write_schema, task))


def _reading(of_inputs: Options, writing: Options, form: Format) -> Options:
    """How the inputs are read: what is said of tags and columns is of theirs if the output has none."""
    return replace(
        of_inputs,
        scheme=of_inputs.scheme or (writing.scheme if form.name != "conll" else None),
        separator=of_inputs.separator or (writing.separator if form.name not in _WITH_COLUMNS else None),
    )


def _run(wanted: _Wanted) -> None:
    """Convert, and say what came of it; exits with 1 if there were problems."""
    talk = talk_console()
    with interruptible(talk, f"nothing was written to {wanted.output}"):
        _convert(wanted, talk)
    _tell(wanted, talk)
    if wanted.converted.problems:
        say(talk, "what could be read was written; the rest is not in the output", kind="note", style="bold")
    _tell_torn(wanted, talk)
    if wanted.write_schema and wanted.task:
        _write_schema(wanted.write_schema, wanted, wanted.task, talk)
    tell_problems(talk, wanted.converted.problems)


def _tell_torn(wanted: _Wanted, talk: Console) -> None:
    """Say which labels are both of entities and of events: no schema can have them, and jsonl is read by one."""
    torn = wanted.seen.torn
    if torn and wanted.target.name == "jsonl":
        wanted.converted.problems.append(Problem(str(wanted.output), f"cannot be read again: {torn}"))
    elif torn:
        say(talk, f"{torn}; all were written as they were read", kind="note", style="bold")


def _write_schema(path: Path, wanted: _Wanted, task: Task, talk: Console) -> None:
    try:
        write_json(path, wanted.seen.schema(task).to_json())
    except (DataError, OSError) as error:
        fault = f"{error.strerror}; check the space on the disk" if isinstance(error, OSError) else error
        wanted.converted.problems.append(Problem(str(path), f"not written: {fault}"))
    else:
        say(talk, f"wrote {shlex.quote(str(path))}")


def _guard(outputs: Sequence[Path], inputs: Sequence[Path], form: Format, source: str, *, overwrite: bool) -> None:
    """Refuse to write over what is read or was just written, and over anything else unless told to."""
    from tocsin.data.formats.catalogue import BINARY, is_folder

    is_to_be_folder = is_folder(form, outputs[0]) and outputs[0] != STDOUT
    if outputs[0].is_dir() and not is_to_be_folder:
        raise typer.BadParameter(f"{outputs[0]} is a folder; {form.name} is one file", param_hint="OUTPUT")
    if len({path.resolve() for path in outputs}) < len(outputs) and not is_stream(outputs[0]):
        fault = "is named twice, for the documents and for the label set; choose another name for one"
        raise typer.BadParameter(f"{outputs[0]} {fault}", param_hint="--write-schema")
    read_from = [file.resolve() for path in inputs for file in files_of(path, source)]
    for output in outputs:
        if output == STDOUT:
            if form.name in BINARY or not form.suffixes:
                instead = "file" if form.suffixes else "folder"
                fault = f"{form.name} is no single file of text; name a {instead}"
                raise typer.BadParameter(fault, param_hint="OUTPUT")
            continue
        if any(path.is_relative_to(output.resolve()) for path in read_from):
            raise typer.BadParameter(
                f"{output} is what is converted, or part of it; choose another name", param_hint="OUTPUT"
            )
        is_empty_folder = output.is_dir() and not any(output.iterdir())
        if output.exists() and not is_stream(output) and not is_empty_folder and not overwrite:
            raise TocsinError(f"{output}: is there already; --overwrite replaces it, another name keeps it")


def _convert(wanted: _Wanted, talk: Console) -> None:
    """Read all and write it.

    Raises:
        DataError: nothing could be read.
    """
    with busy(talk, f"converting to {wanted.output}"):
        documents = _documents(wanted)
        first = next(documents, None)
        if first is None:
            _tell_lost(wanted.converted, talk)
            problems = wanted.converted.problems or [Problem(str(wanted.inputs[0]), "holds no document")]
            raise DataError.from_problems(named(problems))
        _write(_chained(first, documents), wanted)


def _chained(first: Document, rest: Iterable[Document]) -> Iterator[Document]:
    yield first
    yield from rest


def _documents(wanted: _Wanted) -> Iterator[Document]:
    """The documents of all inputs, each id once; problems are collected."""
    from tocsin.data.formats.catalogue import format_of, read
    from tocsin.data.formats.same_ids import Ids

    ids, lost = Ids(), wanted.converted.lost_reading
    for path, options in with_stems(wanted.inputs, wanted.reading):
        for found in read(path, wanted.source, options, wanted.converted):
            if isinstance(found, Problem):
                continue
            found = ids.apart(found, path, options.stem, lost)
            if isinstance(found, Problem):
                wanted.converted.problems.append(found)
                continue
            wanted.seen.add(found)
            wanted.n_read += 1
            says_nothing = wanted.target.name == "jsonl" and found.events and not found.incidents
            if says_nothing and format_of(path, wanted.source).name != "jsonl":
                found = _with_incidents(found, wanted.reading.schema)
            yield found


def _with_incidents(document: Document, schema: Schema | None) -> Document:
    """The document with the incidents its events make: tocsin's own format would else say that there are none."""
    if schema is None:
        seen = Seen()
        seen.add(document)
        schema = Schema(roles=tuple(Role(name, ()) for name in seen.roles), attributes=attributes_of(seen.attributes))
    return replace(document, incidents=build_incidents(document.article, document.events, schema))


def _write(documents: Iterator[Document], wanted: _Wanted) -> None:
    from tocsin.data.formats.catalogue import is_folder

    write, lost = wanted.target.write, wanted.converted.lost_writing
    if write is None:
        raise DataError(f"format {wanted.target.name} can only be read; choose another --to")
    if wanted.output == STDOUT:
        with TemporaryDirectory(prefix="tocsin-") as folder:
            path = Path(folder) / f"documents{wanted.target.suffixes[0]}"
            write(documents, path, wanted.writing, lost)
            with path.open(encoding="utf-8", newline="") as stream, page_for(None) as out, naming_standard_output():
                shutil.copyfileobj(stream, out.stream)
    elif is_folder(wanted.target, wanted.output):
        _write_folder(documents, wanted)
    else:
        write(documents, wanted.output, wanted.writing, lost)


def _write_folder(documents: Iterator[Document], wanted: _Wanted) -> None:
    """Write a folder beside the one that is there, which then makes room.

    Raises:
        DataError: there is a file, or a folder with something else in it than what a conversion writes.
    """
    output, write = wanted.output, wanted.target.write
    assert write is not None
    if output.exists() and not output.is_dir():
        raise DataError(f"{output}: is a file; {wanted.target.name} is written as a folder, choose another name")
    entries = list(output.iterdir()) if output.is_dir() else []
    odd = next((entry for entry in entries if not is_part(entry, wanted.target)), None)
    if odd:
        fault = f"holds {odd.name}, which no conversion to {wanted.target.name} wrote"
        raise DataError(f"{output}: {fault}; choose another name, or move it away")
    if not output.parent.is_dir():
        raise DataError(f"{output}: cannot be made; expected a name in a folder that exists")
    with TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as folder:
        path = Path(folder) / output.name
        write(documents, path, wanted.writing, wanted.converted.lost_writing)
        if output.is_dir():
            output.rename(Path(folder) / "old")
        path.rename(output)


def _tell(wanted: _Wanted, talk: Console) -> None:
    """Say how many documents there were, and what was lost on the way."""
    _tell_lost(wanted.converted, talk)
    left_out = sum(n for what, n in wanted.converted.lost_writing.items() if what.startswith("documents "))
    output = "standard output" if wanted.output == STDOUT else shlex.quote(str(wanted.output))
    inputs = counted(len(wanted.inputs), "input")
    say(
        talk,
        f"read {counted(wanted.n_read, 'document')} from {inputs}; "
        f"wrote {counted(wanted.n_read - left_out, 'document')} to {output} as {wanted.target.name}",
    )


def _tell_lost(converted: Converted, talk: Console) -> None:
    for heading, lost in (("lost on reading", converted.lost_reading), ("lost on writing", converted.lost_writing)):
        if any(lost.values()):
            _show_lost(talk, heading, lost)


def _show_lost(talk: Console, heading: str, lost: Tally) -> None:
    table = plain_table((heading, False), ("", True))
    for what, n in lost.most_common():
        if n:
            table.add_row(Text(what), str(n))
    talk.print(table)
