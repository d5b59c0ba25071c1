r"""Documents as INCEpTION's TSV 3, which it imports into a project that has these layers:

- webanno.custom.Span, of spans at any place (characters, overlapping, across sentences), with the string feature
  "label" and one for every attribute of entities or events that occurs, "incident" among them;
- webanno.custom.Relation, of relations between those spans, with the string feature "label".

Entities and triggers are spans, arguments relations from trigger to entity. The words are those the article comes with,
else those of tocsin's rules; where a span begins or ends within a word, the part has a line of its own.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from tocsin.data.errors import DataError
from tocsin.data.files import written_whole
from tocsin.data.formats.brat_writing import INCIDENT, count_beside_spans
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.fitting import count, without_nul
from tocsin.data.formats.folders import file_stem, new_folder
from tocsin.data.formats.label_studio_tasks import unit_offsets
from tocsin.data.formats.regions import Region, Relation, count_bare_triggers, regions_and_relations
from tocsin.data.sentences import sentences as split_sentences
from tocsin.data.types import Article, Document, Sentences
from tocsin.data.words import words

MARK = "#FORMAT=WebAnno TSV 3"  # of any minor version
SPAN, RELATION, LABEL = "webanno.custom.Span", "webanno.custom.Relation", "label"
BASE = "BT_"  # before the layer whose spans a relation joins
SLOT = "ROLE_"  # before the name of a feature that links a span to others
_IN_VALUES = re.compile(r"->|[\\\[\]|_;*\t\n\r]")
_IN_TEXTS = re.compile(r"[\\\t\r\b\f]")
_CONTROLS = {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\b": r"\b", "\f": r"\f"}
_ESCAPED = re.compile(r"\\(->|.)")
_UNESCAPED = {escape[1]: control for control, escape in _CONTROLS.items()}

Place = tuple[int, int, int]  # number of the word, and the characters of it, or of its part


@dataclass(frozen=True, slots=True)
class _Laid:
    """A span laid over the words of its text."""

    region: Region
    places: tuple[Place, ...]
    number: int  # that tells it from others; 0: none is needed

    @property
    def suffix(self) -> str:
        return f"[{self.number}]" if self.number else ""


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """One document into a .tsv file, or any number into a new folder, a file each.

    Raises:
        DataError: the file or folder cannot be made there, or there are several documents for one file.
    """
    if path.suffix.lower() != ".tsv":
        stems: set[str] = set()
        with new_folder(path) as folder:
            for document in documents:
                with written_whole(folder / f"{file_stem(document.article.id, stems, lost)}.tsv") as stream:
                    stream.writelines(_lines(document, options, lost))
        return
    with written_whole(path) as stream:
        for number, document in enumerate(documents):
            if number:
                raise DataError(f"{path}: a file holds one document, but there are more; name a folder instead of it")
            count(lost, "ids, which are the names of files", document.article.id != path.stem)
            stream.writelines(_lines(document, options, lost))


def _lines(document: Document, options: Options, lost: Tally) -> Iterator[str]:
    """A file, line by line."""
    article = replace(document.article, text=without_nul(document.article.text, lost))
    count_beside_spans(document, lost)
    cut = _cut(article)
    count(lost, "texts without a word", not cut)
    with_nul, relations = regions_and_relations(document, lost)
    regions = [_without_nul(region, lost) for region in with_nul]
    laid = {each.region.id: each for each in _laid([word for sentence in cut for word in sentence], regions, lost)}
    kept = [each for each in relations if each.source in laid and each.target in laid]
    count(lost, "relations of spans that are left out", len(relations) - len(kept))
    count_bare_triggers((each.region for each in laid.values()), kept, options.schema, lost)
    attributes = sorted({name for each in laid.values() for name in _values(each.region)} - {LABEL})
    dropped = [name for each in laid.values() for name in each.region.attributes.keys() - _values(each.region).keys()]
    reserved = [name for each in laid.values() for name in each.region.attributes if name == LABEL]
    count(lost, "attributes that are empty, or of a name that the format needs", len(dropped) + len(reserved))
    yield f"{MARK}.3\n"
    if laid:
        yield f"#T_SP={'|'.join([SPAN, LABEL, *attributes])}\n"
    if kept:
        yield f"#T_RL={RELATION}|{LABEL}|{BASE}{SPAN}\n"
    yield "\n"
    yield from _sentences(article, cut, _Columns.of(cut, laid, kept, attributes), lost)


def _without_nul(region: Region, lost: Tally) -> Region:
    held = {name: without_nul(value, lost) for name, value in region.attributes.items() if isinstance(value, str)}
    return replace(region, attributes={**region.attributes, **held}, incident=without_nul(region.incident, lost))


def _cut(article: Article) -> Sentences:
    """The words of each sentence: the article's own, or those of the rules."""
    if article.sentences:
        return tuple(filter(None, article.sentences))
    text = article.text
    return tuple(
        tuple((start + first, start + last) for first, last in words(text[start:end]))
        for start, end in split_sentences(text)
    )


def _laid(cut: Sequence[tuple[int, int]], regions: Sequence[Region], lost: Tally) -> list[_Laid]:
    """The spans that have a word or a part of one, in text order, numbered where a line could mean two."""
    starts, ends = [start for start, _ in cut], [end for _, end in cut]
    placed: list[tuple[Region, tuple[Place, ...]]] = []
    for region in sorted(regions, key=lambda region: (region.start, region.end)):
        numbers = range(bisect_right(ends, region.start), bisect_left(starts, region.end))
        places = tuple((i, max(starts[i], region.start), min(ends[i], region.end)) for i in numbers)
        if not places:
            lost["spans without a word"] += 1
            continue
        n_edges = (places[0][1] > region.start) + (places[-1][2] < region.end)
        count(lost, "edges of spans that lie in no word, moved to the next one", n_edges)
        placed.append((region, places))
    n_at = Counter(place for _, places in placed for place in places)
    laid = []
    number = 0
    for region, places in placed:
        needs_number = len(places) > 1 or n_at[places[0]] > 1
        number += needs_number
        laid.append(_Laid(region, places, number if needs_number else 0))
    return laid


def _values(region: Region) -> dict[str, str]:
    """The features of a span that are not null."""
    others = {INCIDENT: region.incident} if region.incident else {}
    values = {**region.attributes, **others, LABEL: region.label}
    return {name: str(value) for name, value in values.items() if value != "" and not name.startswith((BASE, SLOT))}


@dataclass(frozen=True, slots=True)
class _Columns:
    """What stands where: the annotations at each place, and how each place is called."""

    units: dict[Place, str]
    spans: dict[Place, list[_Laid]]
    relations: dict[Place, list[tuple[str, str]]]  # label, and the pointer to the source
    names: tuple[str, ...]  # of the features of spans

    @classmethod
    def of(
        cls, cut: Sentences, laid: dict[str, _Laid], relations: Sequence[Relation], attributes: Sequence[str]
    ) -> "_Columns":
        spans: dict[Place, list[_Laid]] = {}
        for each in laid.values():
            for place in each.places:
                spans.setdefault(place, []).append(each)
        units = _units(cut, spans)
        pointers: dict[Place, list[tuple[str, str]]] = {}
        for relation in relations:
            source, target = laid[relation.source], laid[relation.target]
            numbers = f"[{source.number}_{target.number}]" if source.number or target.number else ""
            pointer = f"{units[source.places[0]]}{numbers}"
            pointers.setdefault(target.places[0], []).append((_escaped(relation.type), pointer))
        return cls(units, spans, pointers, (LABEL, *attributes) if spans else ())

    def cells(self, place: Place) -> Iterator[str]:
        """The columns of a line."""
        here = self.spans.get(place, [])
        for name in self.names:
            values = ((_values(each.region).get(name), each.suffix) for each in here)
            stacked = [("*" if value is None else _escaped(value)) + suffix for value, suffix in values]
            yield "|".join(stacked) or "_"
        if self.relations:
            pointers = self.relations.get(place, [])
            yield "|".join(label for label, _ in pointers) or "_"
            yield "|".join(pointer for _, pointer in pointers) or "_"


def _units(cut: Sentences, spans: Iterable[Place]) -> dict[Place, str]:
    """What the words are called, "1-2", and the parts of words that annotations have, "1-2.1"."""
    units: dict[Place, str] = {}
    names = ((f"{i}-{j}", word) for i, each in enumerate(cut, 1) for j, word in enumerate(each, 1))
    for number, (name, word) in enumerate(names):
        units[number, *word] = name
    parts: Counter[str] = Counter()
    whole = {place[0]: name for place, name in units.items()}
    for place in sorted(set(spans) - units.keys()):
        name = whole[place[0]]
        parts[name] += 1
        units[place] = f"{name}.{parts[name]}"
    return units


def _sentences(article: Article, cut: Sentences, columns: _Columns, lost: Tally) -> Iterator[str]:
    """Every sentence: its text, then its words and their parts."""
    text, offsets = article.text, unit_offsets(article.text)
    lines: dict[int, list[str]] = {}  # by number of the word
    for (number, start, end), unit in sorted(columns.units.items()):
        fields = [unit, f"{offsets[start]}-{offsets[end]}", _escaped_text(text[start:end]).replace("\n", r"\n")]
        cells = list(columns.cells((number, start, end)))
        lines.setdefault(number, []).append("\t".join([*fields, *cells, ""]) + "\n")
    starts = [sentence[0][0] for sentence in cut]
    if starts and text[: starts[0]].strip("\n"):
        lost["beginnings of texts that are in no word, written as line breaks"] += 1
    n_words = 0
    for sentence, (start, following) in zip(cut, pairwise([*starts, len(text) + 1]), strict=True):
        # The file leaves out what is between sentences; it is read back as line breaks, so anything else is kept.
        characters = text[start:] if following > len(text) else text[start:following].rstrip("\n")
        yield "\n"
        yield from (f"#Text={_escaped_text(line)}\n" for line in characters.split("\n"))
        for number in range(n_words, n_words + len(sentence)):
            yield from _with_the_word_first(lines[number])
        n_words += len(sentence)


def _with_the_word_first(lines: Sequence[str]) -> list[str]:
    """The lines of a word in the order of the format: the word, then its parts."""
    return sorted(lines, key=lambda line: "." in line.partition("\t")[0])


def _escaped(value: str) -> str:
    return _IN_VALUES.sub(lambda match: _CONTROLS.get(match[0], f"\\{match[0]}"), value)


def _escaped_text(text: str) -> str:
    return _IN_TEXTS.sub(lambda match: _CONTROLS.get(match[0], f"\\{match[0]}"), text)


def unescaped(text: str) -> str:
    r"""A text or value as it was before the file.

    >>> unescaped(r"B\_1 \-> 2")
    'B_1 -> 2'
    """
    return _ESCAPED.sub(lambda match: _UNESCAPED.get(match[1], match[1]), text)
