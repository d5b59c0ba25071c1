r"""INCEpTION's and WebAnno's TSV 3: one document a file, a line a word, annotations in columns.

    #FORMAT=WebAnno TSV 3.3
    #T_SP=webanno.custom.Span|label|outcome
    #T_RL=webanno.custom.Relation|label|BT_webanno.custom.Span

    #Text=Rockets hit Fort Orle .
    1-1     0-7     Rockets     WEAPON    *      weapon   1-2
    1-2     8-11    hit         ATTACK    hit    _        _
    1-3     12-16   Fort        BASE[1]   *[1]   target   1-2[0_1]
    1-4     17-21   Orle        BASE[1]   *[1]   _        _

Offsets count UTF-16 code units, as Java does, so that an emoji counts two. Read are

- named entities and all layers of spans that are the user's own. The label is the feature called "value" or "label",
  since exports list features by name; else the layer's first; of a layer without features its own name without its
  package. Other features are attributes, and the one called "incident" names what real operation an event belongs to.
  Triggers are told as in `regions.py`. What has no label though its layer has a feature for one, the layers of grammar,
  chains of coreference and slots are counted as lost;
- relations between them, which stand in the line where their target begins and point to their source;
- the words, as sentences of the article. What is between two sentences is not in the file: line breaks are put there.

A document's id is the path of its file in the folder, or of a single file its name, without the suffix. A document with
anything wrong in it is not read. What is written is told in `webanno_writing.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import MAX_ARTICLE_BYTES, os_fault
from tocsin.data.formats.brat_writing import INCIDENT
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.fitting import count, name_fault
from tocsin.data.formats.folders import files_in, ids_of
from tocsin.data.formats.label_studio_tasks import unit_offsets
from tocsin.data.formats.regions import Region, Relation, Scope, entities_and_events
from tocsin.data.formats.text_lines import text_lines, without_end
from tocsin.data.formats.webanno_writing import BASE, MARK, SLOT, unescaped, write
from tocsin.data.record_values import shorten
from tocsin.data.types import Article, Document, Sentences

_BUILT_IN = "de.tudarmstadt.ukp.dkpro.core.api."
_GRAMMAR = tuple(_BUILT_IN + each for each in ("lexmorph", "segmentation", "syntax", "transform", "anomaly"))
_LABEL_FEATURES = ("value", "label")
_HEADER = re.compile(r"#T_(SP|CH|RL)=([^|]+)(?:\|(.*))?")
_ROW = re.compile(r"(\d{1,9}-\d{1,9})(\.\d{1,9})?")
_OFFSETS = re.compile(r"(\d{1,9})-(\d{1,9})")
_STACKED = re.compile(r"(?:[^|\\]|\\.?)+")
_VALUE = re.compile(r"((?:[^\[\\]|\\.?)*)(?:\[(\d{1,9})\])?")
_SOURCE = re.compile(r"(\d{1,9}-\d{1,9}(?:\.\d{1,9})?)(?:\[(\d{1,9})_(\d{1,9})\])?")

_Key = tuple[str, str, int]  # of an annotation: layer, unit or none, number; what relations call it is made of it


@dataclass(frozen=True, slots=True)
class _Layer:
    """One of the header's lines: a layer and its columns."""

    kind: str  # "SP" spans, "RL" relations, "CH" chains
    name: str
    features: tuple[str, ...]  # one a column
    first: int  # column, among those of annotations

    @property
    def short_name(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def label(self) -> int | None:
        """Which of the features is the label."""
        own = [i for i, name in enumerate(self.features) if name and not name.startswith((SLOT, BASE))]
        usable = [i for i in own if not self.is_target(i)]
        named = [i for i in usable if self.features[i] in _LABEL_FEATURES]
        return next(iter(named or usable), None)

    def is_target(self, feature: int) -> bool:
        """Whether a column holds what the slots before it point to."""
        return feature > 0 and self.features[feature - 1].startswith(SLOT)

    def take_label(self, values: dict[str, str]) -> str:
        """The label, taken out of the values; empty if it is null."""
        return self.short_name if self.label is None else values.pop(self.features[self.label], "")

    @property
    def is_read(self) -> bool:
        return self.kind == "SP" and not self.name.startswith(_GRAMMAR)


@dataclass(frozen=True, slots=True)
class _Row:
    """A word, or a part of one."""

    line: int
    unit: str  # "1-2", of a part "1-2.1"
    start: int  # UTF-16 code units
    end: int
    surface: str
    cells: tuple[str, ...]

    @property
    def word(self) -> str:
        return self.unit.partition(".")[0]


@dataclass(slots=True)
class _Sentence:
    lines: list[str] = field(default_factory=list)  # of the text
    rows: list[_Row] = field(default_factory=list)


@dataclass(slots=True)
class _Annotation:
    """A span with what its columns say; it fills up line by line."""

    layer: _Layer
    line: int  # the first
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # by unit, in code points


@dataclass(slots=True)
class _File:
    """What was read of one file so far, what is wrong with it, and what is lost."""

    layers: list[_Layer] = field(default_factory=list)
    sentences: list[_Sentence] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)  # by line
    lost: Tally = field(default_factory=Counter)

    @property
    def rows(self) -> Iterator[_Row]:
        return (row for sentence in self.sentences for row in sentence.rows)


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a folder and the folders in it, or the one of a file."""
    files = files_in(path, ".tsv") if path.is_dir() else [path]
    if not files:
        yield Problem(str(path), "holds no .tsv file; expected files of INCEpTION's or WebAnno's TSV 3")
    for own_id, file in zip(ids_of(path, files), files, strict=True):
        yield from _read_file(file, own_id, options, lost)


def _read_file(path: Path, own_id: str, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    found = _File()
    try:
        problems = list(_parse_lines(path, found))
    except OSError as error:
        yield Problem(str(path), os_fault(error))
        return
    except DataError as error:
        yield Problem(str(path), str(error))
        return
    document = None if problems or found.faults else _document(own_id, options, found)
    problems += [Problem(f"{path}:{line}" if line else str(path), fault) for line, fault in sorted(found.faults)]
    yield from problems
    if document:
        lost.update(+found.lost)
        yield document


def _parse_lines(path: Path, found: _File) -> Iterator[Problem]:
    """Read every line; yields those that are no text.

    Raises:
        OSError: the file cannot be read.
        DataError: it is of another format.
    """
    is_open = False  # whether a text line goes on with the sentence before it
    for entry in text_lines(path):
        if isinstance(entry, Problem):
            yield entry
            continue
        number, line = entry[0], without_end(entry[1])
        if number == 1 and not line.startswith(MARK):
            raise DataError(f"opens with {shorten(line)!r}; expected {MARK}: export it as WebAnno TSV v3")
        if line.startswith("#Text="):
            if not is_open:
                found.sentences.append(_Sentence())
            found.sentences[-1].lines.append(unescaped(line.removeprefix("#Text=")))
        elif line.startswith("#T_"):
            _parse_header(number, line, found)
        elif line and not line.startswith("#"):
            _parse_row(number, line, found)
        is_open = line.startswith("#Text=")
    if not found.sentences and not found.faults:
        found.faults.append((0, "holds no sentence; expected lines that begin with #Text=, and words"))


def _parse_header(number: int, line: str, found: _File) -> None:
    match = _HEADER.fullmatch(line)
    if not match or found.sentences:
        fault = f"{shorten(line)!r} cannot be read; expected a layer before all text: #T_SP=webanno.custom.Span|label"
        found.faults.append((number, fault))
        return
    first = sum(len(layer.features) for layer in found.layers)
    features = tuple((match[3] or "").split("|"))  # a layer without features has a column as well
    found.layers.append(_Layer(match[1], match[2], features, first))


def _parse_row(number: int, line: str, found: _File) -> None:
    unit, *others = line.removesuffix("\t").split("\t")  # of each line the last column ends in a tab as well
    match = _ROW.fullmatch(unit)
    offsets = _OFFSETS.fullmatch(others[0]) if others else None
    n_columns = sum(len(layer.features) for layer in found.layers)
    if not match or not offsets or len(others) < 2:
        fault = f"{shorten(line)!r} cannot be read; expected a word's number, offsets and characters, with tabs between"
    elif not found.sentences:
        fault = "a word before the first line of text; expected #Text= before it"
    elif len(others) - 2 != n_columns:
        fault = f"has {len(others) - 2} columns of annotations; the header names {n_columns}"
    else:
        row = _Row(number, unit, int(offsets[1]), int(offsets[2]), others[1], tuple(others[2:]))
        found.sentences[-1].rows.append(row)
        return
    found.faults.append((number, fault))


def _document(own_id: str, options: Options, found: _File) -> Document | None:
    text = _text(found)
    places = _places(text, found)
    if found.faults:
        return None
    annotations: dict[_Key, _Annotation] = {}
    here: dict[tuple[str, str], list[_Key]] = {}  # by layer and unit
    for row in found.rows:
        for layer in found.layers:
            if layer.kind != "RL":
                for key, values in _stacked(row, layer):
                    annotation = annotations.setdefault(key, _Annotation(layer, row.line, values))
                    annotation.places[row.unit] = places[row.unit]
                    here.setdefault((layer.name, row.unit), []).append(key)
    scope = Scope(options, lost=found.lost)
    regions = {key: _region(key, each, scope) for key, each in annotations.items() if each.layer.is_read}
    unlabelled = [regions.pop(key).id for key, region in list(regions.items()) if not region.label]
    count(found.lost, "annotations without a label", len(unlabelled))
    left_out = Counter(each.layer.short_name for each in annotations.values() if not each.layer.is_read)
    found.lost.update({f"annotations of the layer {name}": n for name, n in left_out.items()})
    lines = {region.label: annotations[key].line for key, region in reversed(regions.items())}  # the first of each
    known = options.schema.span_labels if options.schema else None
    faults = [(line, name_fault("label", label, known)) for label, line in lines.items() if known != ()]
    found.faults += [(line, fault) for line, fault in faults if fault]
    relations = list(_relations(found, here))
    if not found.faults:
        entities, events = entities_and_events(list(regions.values()), relations, scope, left_out=unlabelled)
    found.faults += [(0, fault) for fault in scope.faults]
    if found.faults:
        return None
    words = (tuple(places[row.unit] for row in each.rows if row.unit == row.word) for each in found.sentences)
    sentences: Sentences = tuple(filter(None, words))
    return Document(Article(text, own_id, sentences=sentences), entities, events)


def _text(found: _File) -> str:
    """The text that the words' offsets count in: that of the sentences, and line breaks between them."""
    pieces: list[str] = []
    n_units = 0
    for sentence in found.sentences:
        text = "\n".join(sentence.lines)
        if not sentence.rows:
            found.faults.append((0, f"the sentence {shorten(text)!r} has no words; expected lines of its words below"))
            continue
        first = sentence.rows[0]
        n_before = len(text) - len(text.lstrip())  # white space that is part of the sentence, but of no word
        is_inside = n_before and not first.surface[:1].isspace() and first.start - n_before >= n_units
        start = first.start - n_before if is_inside else first.start
        if not 0 <= start - n_units < MAX_ARTICLE_BYTES:
            fault = f"the word begins at {first.start}, but the text before it ends at {n_units}"
            found.faults.append((first.line, f"{fault}; offsets count UTF-16 code units, in order"))
            return ""
        pieces.append("\n" * (start - n_units) + text)
        n_units = start + len(text.encode("utf-16-le", "surrogatepass")) // 2
    return "".join(pieces)


def _places(text: str, found: _File) -> dict[str, tuple[int, int]]:
    """The characters of each unit; notes those that are not what the file says they are."""
    characters = {n_units: n for n, n_units in enumerate(unit_offsets(text))}
    places: dict[str, tuple[int, int]] = {}
    end_before = 0
    for row in found.rows if text else ():
        start, end = characters.get(row.start, -1), characters.get(row.end, -1)
        there = text[start:end] if start >= 0 else ""
        if row.unit in places:
            fault = f"{row.unit} is there twice; expected each word once"
        elif not 0 <= start < end:
            fault = f"[{row.start}, {row.end}) is empty, cuts a character in two, or ends past the text"
        elif there not in (row.surface, unescaped(row.surface)):
            fault = f"the line has {shorten(row.surface)!r} but the text {shorten(there)!r} at [{row.start}, {row.end})"
        elif row.unit == row.word and start < end_before:
            fault = f"[{row.start}, {row.end}) begins before the end of the word before it"
        else:
            places[row.unit] = start, end
            end_before = max(end, end_before)
            continue
        found.faults.append((row.line, f"{fault}; offsets count UTF-16 code units (an emoji two), end exclusive"))
    return places


def _stacked(row: _Row, layer: _Layer) -> Iterator[tuple[_Key, dict[str, str]]]:
    """The annotations of a layer in a line, with the values that are not null."""
    columns = {
        feature: _pieces(row.cells[layer.first + i])
        for i, feature in enumerate(layer.features)
        if not layer.is_target(i)
    }
    for i in range(max(map(len, columns.values()))):
        number, values = 0, {}
        for feature, pieces in columns.items():
            match = _VALUE.fullmatch(pieces[i]) if i < len(pieces) else None
            value = match[1] if match else "".join(pieces[i : i + 1])
            number = number or int(match[2] or 0) if match else number
            if feature and value not in ("", "*"):
                values[feature] = unescaped(value)
        yield (layer.name, "", number) if number else (layer.name, row.unit, i), values


def _pieces(cell: str) -> list[str]:
    """What is stacked in a cell, still escaped."""
    return [] if cell == "_" else _STACKED.findall(cell)


def _region(key: _Key, annotation: _Annotation, scope: Scope) -> Region:
    layer = annotation.layer
    # A part at the beginning of a word may stand in the word's own line as well.
    with_parts = {unit.partition(".")[0] for unit in annotation.places if "." in unit}
    places = [place for unit, place in annotation.places.items() if unit not in with_parts]
    values = dict(annotation.values)
    slots = [name for name in values if name.startswith(SLOT)]
    count(scope.lost, "slots, which link a span to others", sum(values.pop(name).count(";") + 1 for name in slots))
    label, incident = layer.take_label(values), values.pop(INCIDENT, "")
    start, end = min(start for start, _ in places), max(end for _, end in places)
    return Region(_name(key), start, end, label, values, incident)


def _relations(found: _File, here: Mapping[tuple[str, str], Sequence[_Key]]) -> Iterator[Relation]:
    given: set[Relation] = set()  # one may stand in every line of its target
    for row in found.rows:
        for layer in found.layers:
            if layer.kind == "RL":
                for relation in _relations_of(row, layer, found, here):
                    if relation not in given and relation.type:
                        yield relation
                    count(found.lost, "relations without a label", relation not in given and not relation.type)
                    given.add(relation)


def _relations_of(
    row: _Row, layer: _Layer, found: _File, here: Mapping[tuple[str, str], Sequence[_Key]]
) -> Iterator[Relation]:
    cells = row.cells[layer.first : layer.first + len(layer.features)]
    base = next((i for i, name in enumerate(layer.features) if name.startswith(BASE)), len(cells) - 1)
    ends = layer.features[base].removeprefix(BASE)
    pointers = _pieces(cells[base])
    if not any(other.name == ends and other.is_read for other in found.layers):
        count(found.lost, f"relations of the layer {layer.short_name}", len(pointers))
        return
    values = [values for _, values in _stacked(row, layer)]
    for i, pointer in enumerate(pointers):
        match = _SOURCE.fullmatch(pointer)
        source = _at(ends, match[1], int(match[2] or 0), here) if match else None
        target = _at(ends, row.unit, int(match[3] or 0), here) if match else None
        if source is None or target is None:
            fault = f"{shorten(pointer)!r} leads from or to no annotation of the layer {ends}"
            found.faults.append((row.line, f"{fault}; expected such as 1-3, or 1-3[2_1] with the numbers of both"))
            continue
        label = layer.take_label(values[i])
        values[i].pop(layer.features[base], "")
        count(found.lost, "attributes of relations", len(values[i]))
        yield Relation(_name(source), _name(target), label)


def _at(layer: str, unit: str, number: int, here: Mapping[tuple[str, str], Sequence[_Key]]) -> _Key | None:
    """The annotation of a layer at a unit, by its number if it has one."""
    keys = here.get((layer, unit), ())
    return next((key for key in keys if not number or key == (layer, "", number)), None)


def _name(key: _Key) -> str:
    layer, unit, number = key
    return f"{layer} {unit}[{number}]"


FORMAT = Format(
    name="webanno",
    described="INCEpTION's and WebAnno's TSV 3: a file a document",
    suffixes=(".tsv",),
    read=read,
    write=write,
)
