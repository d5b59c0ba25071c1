"""spaCy's DocBin (.spacy), what `spacy train` reads: msgpack under zlib, every word and label as a 64-bit hash.

Entities come from doc.ents and from all groups of doc.spans, each span once; labels from doc.cats at 0.5 and more.
Offsets are those of doc.text, which counts characters as tocsin does. Tokens of white space are no words of a sentence.

A document without entities, groups and categories is one that nobody annotated if spaCy holds the entities of all its
words missing, not one without entities: it is left out. Where some are missing, those words are counted.

Read are the few columns that a document has a place for, straight from the arrays: no spaCy pipeline runs over what a
stranger's file holds. Nothing in it can be unpickled or run: msgpack's own types are taken and no others, without the
decoders that packages may register with srsly. Written are also an article's id and metadata, as user data.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.data.errors import DataError, Problem
from tocsin.data.files import os_fault, size_fault, written_whole
from tocsin.data.formats.conversion import Format, Options, Tally
from tocsin.data.formats.docbin_writing import packed
from tocsin.data.formats.fitting import count
from tocsin.data.formats.regions import Region, Scope, article_of, entities_and_events, read_each, text_labels
from tocsin.data.jsonl import Record
from tocsin.data.record_values import shorten
from tocsin.data.types import Document, Sentences, TextLabel

MAX_BYTES = 2**31  # of a file unpacked: it can only be read whole
CHOSEN = 0.5  # the score from which on a category is one of the text's labels
_SPACY_IS_MISSING = ".spacy files need the package spaCy; install it: pip install 'tocsin[spacy]'"
_GROUP_SPANS = {struct.calcsize(code): code for code in (">QQQllll", ">QQllll")}  # of spaCy 3.4 and later, of older
_MISSING, _INSIDE, _BEGIN = 0, 1, 3  # spaCy's ENT_IOB; the fourth is "in none"
NOT_ANNOTATED = "texts that nobody annotated, left out"
_ANALYSES = ("TAG", "POS", "MORPH", "LEMMA", "DEP")

Tokens = np.ndarray[tuple[int, int], np.dtype[np.uint64]]
_TokenSpan = tuple[int, int, int]  # tokens [first, end) and the hash of a label


@dataclass(frozen=True, slots=True)
class _Bin:
    """What all documents of a file share."""

    unpack: Callable[[bytes], Any]
    columns: Mapping[str, int]  # of the token array, by spaCy's name of the attribute
    strings: Mapping[int, str]  # by hash


def read(path: Path, options: Options, lost: Tally) -> Iterator[Document | Problem]:
    """The documents of a file.

    Raises:
        DataError: spaCy is not installed.
    """
    unpack, ids, hashes = _spacy()
    try:
        content = _unpacked(path, unpack)
        columns = {name: content["attrs"].index(ids[name]) for name in ids if ids[name] in content["attrs"]}
        opened = _Bin(unpack, columns, hashes(content["strings"]))
        records = list(_records(content, path, opened))
    except OSError as error:
        yield Problem(str(path), os_fault(error))
    except DataError as error:
        yield Problem(str(path), str(error))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        yield Problem(str(path), f"is no DocBin ({shorten(str(error))}); expected what spaCy's DocBin.to_disk writes")
    else:
        if not records:
            yield Problem(str(path), "holds no document; expected a DocBin with documents")
        yield from read_each(records, path.stem, options, lost, partial(_document, opened))


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """Write all documents; they are held until the end, as a DocBin is one block.

    Raises:
        DataError: spaCy is not installed, or the file cannot be made there.
    """
    _spacy()
    with written_whole(path) as stream:
        stream.buffer.write(packed(documents, options.schema, lost))


def _spacy() -> tuple[Callable[[bytes], Any], Mapping[str, int], Callable[[Iterable[str]], dict[int, str]]]:
    """Of spaCy's what is needed to read: the unpacker of msgpack, the attributes' numbers, the hashes of strings."""
    try:
        from spacy.attrs import IDS
        from spacy.strings import StringStore
        from srsly import msgpack
    except ImportError as error:
        raise DataError(_SPACY_IS_MISSING) from error

    def unpack(content: bytes) -> Any:
        # With a hook of one's own, srsly leaves out the decoders that are registered with it.
        return msgpack.unpackb(content, raw=False, use_list=False, strict_map_key=False, object_pairs_hook=dict)

    def hashes(strings: Iterable[str]) -> dict[int, str]:
        store = StringStore()
        return {0: ""} | {store.add(string): string for string in strings}

    return unpack, IDS, hashes


def _unpacked(path: Path, unpack: Callable[[bytes], Any]) -> dict[str, Any]:
    """The file's content.

    Raises:
        OSError: the file cannot be read.
        DataError: it is no msgpack under zlib, or too large.
    """
    expected = "expected what spaCy's DocBin.to_disk writes; other formats have other names"
    packed_content = path.read_bytes()
    if not packed_content:
        raise DataError(f"is empty; {expected}")
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(packed_content, MAX_BYTES)
    except zlib.error as error:
        raise DataError(f"is no DocBin (not compressed by zlib); {expected}") from error
    if inflater.unconsumed_tail:
        raise DataError(size_fault(MAX_BYTES, MAX_BYTES, remedy="split it into several files"))
    if not inflater.eof:
        raise DataError("is cut off before its end; copy or write it again")
    try:
        content = unpack(inflated)
    except Exception as error:  # msgpack names no class that all its errors are of
        raise DataError(f"is no DocBin (no msgpack: {shorten(str(error))}); {expected}") from error
    if not isinstance(content, dict):
        raise DataError(f"is no DocBin (it holds {type(content).__name__}); {expected}")
    return content


def _records(content: Mapping[str, Any], path: Path, opened: _Bin) -> Iterator[Record]:
    """The parts of each document; any error says that the file is no DocBin."""
    attributes = content["attrs"]
    lengths = np.frombuffer(content["lengths"], dtype="<i4").tolist()
    tokens = np.frombuffer(content["tokens"], dtype="<u8").reshape(-1, len(attributes))
    spaces = np.frombuffer(content["spaces"], dtype=bool)
    if "ORTH" not in opened.columns or min(lengths, default=0) < 0 or sum(lengths) != len(tokens):
        raise ValueError("its tokens do not add up to documents")
    if len(spaces) != len(tokens):
        raise ValueError("its white space does not belong to its tokens")
    parts: dict[str, Any] = {"cats": {}, "flags": {}, "span_groups": b"", "user_data": None}
    listed = {key: content.get(key) or [missing] * len(lengths) for key, missing in parts.items()}
    if any(len(items) != len(lengths) for items in listed.values()):
        raise ValueError("its parts are of different numbers of documents")
    for number, (start, end) in enumerate(pairwise(accumulate(lengths, initial=0))):
        own = {key: items[number] for key, items in listed.items()}
        yield Record(f"{path}:{number + 1}", {"tokens": tokens[start:end], "spaces": spaces[start:end], **own})


def _document(opened: _Bin, content: dict[str, Any], name: str, scope: Scope) -> Document | None:
    tokens: Tokens = content["tokens"]
    words = [opened.strings.get(orth) for orth in tokens[:, opened.columns["ORTH"]].tolist()]
    known = [word for word in words if word is not None]
    if len(known) < len(words):
        scope.faults.append("a word's hash is of none of the file's strings; the file is damaged: write it again")
        return None
    text, offsets = _text(known, content)
    if not text.strip():
        scope.faults.append("has no words; expected the text of an article")
        return None
    starts = _column(tokens, opened, "SENT_START") == 1
    metadata = _user_data(content["user_data"], opened, scope)
    sentences = _sentences(known, offsets, starts.tolist())
    article = article_of(text, str(metadata.pop("id", "") or name), metadata, scope.lost)
    article = replace(article, sentences=sentences)
    groups = _groups(content["span_groups"], opened, scope)
    grouped = [span for group in groups for span in group]
    regions = list(_regions(tokens, offsets, grouped, opened, scope))
    entities, events = entities_and_events(regions, [], scope)
    analyses = any(_column(tokens, opened, attribute).any() for attribute in _ANALYSES)
    count(scope.lost, "texts with parts of speech, lemmas or parses, now without them", analyses)
    document = Document(article, entities, events, labels=_labels(content["cats"], scope))
    has_ents = bool((_column(tokens, opened, "ENT_IOB") != _MISSING).any())
    if not (has_ents or groups or content["cats"] or scope.faults or scope.options.texts_only):
        scope.lost.clear()  # what else it has is left out with it
        scope.lost[NOT_ANNOTATED] += 1
        return None
    if has_ents or not groups:  # else the groups say all there is to say
        _count_missing(known, tokens, grouped, opened, scope)
    return document


def _text(words: Sequence[str], content: Mapping[str, Any]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and the offsets of every token."""
    flags = content["flags"]
    # spaCy takes tokens whose white space nobody knows to stand apart, the last one too.
    is_unknown = isinstance(flags, dict) and flags.get("has_unknown_spaces") is True
    spaces = [True] * len(words) if is_unknown else content["spaces"].tolist()
    pieces = [word + " " * space for word, space in zip(words, spaces, strict=True)]
    starts = accumulate(map(len, pieces), initial=0)
    return "".join(pieces), [(start, start + len(word)) for start, word in zip(starts, words, strict=False)]


def _column(tokens: Tokens, opened: _Bin, name: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """An attribute of every token; zeros if the file has it not."""
    column = opened.columns.get(name)
    return np.zeros(len(tokens), np.uint64) if column is None else tokens[:, column]


def _sentences(words: Sequence[str], offsets: Sequence[tuple[int, int]], starts: Sequence[bool]) -> Sentences:
    """The words by sentence; one sentence if no token says that it starts one."""
    sentences: list[list[tuple[int, int]]] = [[]]
    for word, place, is_start in zip(words, offsets, starts, strict=True):
        if is_start:
            sentences.append([])
        if word.strip():
            sentences[-1].append(place)
    return tuple(tuple(sentence) for sentence in sentences if sentence)


def _regions(
    tokens: Tokens, offsets: Sequence[tuple[int, int]], grouped: Sequence[_TokenSpan], opened: _Bin, scope: Scope
) -> Iterator[Region]:
    """The spans of doc.ents and of all groups, each once, in text order."""
    found: set[tuple[int, int, str]] = set()
    for first, end, label in (*_ents(tokens, opened), *grouped):
        name = opened.strings.get(label, "")
        if not 0 <= first < end <= len(offsets) or offsets[first][0] >= offsets[end - 1][1]:
            scope.faults.append(f"a span is of the tokens [{first}, {end}); the text has {len(offsets)} tokens")
        elif not name:
            count(scope.lost, "spans without a label")
        else:
            found.add((offsets[first][0], offsets[end - 1][1], name))
    begins = _column(tokens, opened, "ENT_IOB") == _BEGIN
    links = sum(int(np.count_nonzero(_column(tokens, opened, name)[begins])) for name in ("ENT_KB_ID", "ENT_ID"))
    count(scope.lost, "links and ids of entities", links)
    for number, (start, end, name) in enumerate(sorted(found), start=1):
        yield Region(f"T{number}", start, end, name)


def _count_missing(
    words: Sequence[str], tokens: Tokens, grouped: Iterable[_TokenSpan], opened: _Bin, scope: Scope
) -> None:
    """Count the words that no entity holds, though nobody said that none does; a schema without spans asks for none."""
    missing = _column(tokens, opened, "ENT_IOB") == _MISSING
    for first, end, _ in grouped:
        missing[max(first, 0) : max(end, 0)] = False
    if scope.schema is None or scope.schema.span_labels:
        n = sum(is_missing and bool(word.strip()) for word, is_missing in zip(words, missing.tolist(), strict=True))
        count(scope.lost, "words whose entities nobody annotated, read as in none", n)


def _ents(tokens: Tokens, opened: _Bin) -> Iterator[_TokenSpan]:
    """The entities; I with no B before it opens one."""
    first, label = -1, 0
    places = _column(tokens, opened, "ENT_IOB").tolist()
    types = _column(tokens, opened, "ENT_TYPE").tolist()
    for number, (place, own_type) in enumerate(zip(places, types, strict=True)):
        if place == _INSIDE and (label or not own_type):
            continue
        if label:
            yield first, number, label
        first, label = number, own_type if place in (_BEGIN, _INSIDE) else 0
    if label:
        yield first, len(tokens), label


def _groups(content: object, opened: _Bin, scope: Scope) -> list[list[_TokenSpan]]:
    """The spans of each group of a document."""
    groups: list[list[_TokenSpan]] = []
    try:
        listed = opened.unpack(content) if isinstance(content, bytes) and content else ()
        for group in listed:  # a list of groups, or a mapping from each to its names
            groups.append([])
            for packed_span in opened.unpack(group)["spans"]:
                *_, label, first, end, _, _ = struct.unpack(_GROUP_SPANS[len(packed_span)], packed_span)
                groups[-1].append((first, end, label))
    except Exception as error:  # msgpack names no class that all its errors are of
        scope.faults.append(
            f"its span groups cannot be read ({shorten(str(error))}); write the file again with spaCy 3"
        )
    return groups


def _user_data(content: object, opened: _Bin, scope: Scope) -> dict[str, Any]:
    """The values under plain names; others are counted."""
    if content is None:
        return {}
    try:
        listed = opened.unpack(content) if isinstance(content, bytes) else None
    except Exception as error:  # msgpack names no class that all its errors are of
        listed = shorten(str(error))
    if not isinstance(listed, dict):
        scope.faults.append(f"its user data cannot be read ({listed or 'no bytes'}); write the file without them")
        return {}
    plain = {key: value for key, value in listed.items() if isinstance(key, str)}
    count(scope.lost, "user data of texts, under keys that are no names", len(listed) - len(plain))
    return plain


def _labels(cats: object, scope: Scope) -> tuple[TextLabel, ...] | None:
    """The categories that are chosen; None where none was scored."""
    if not isinstance(cats, dict):
        scope.faults.append(f"doc.cats is {shorten(repr(cats))}; expected a score for each label")
        return None
    faults = [
        f"doc.cats: {shorten(repr(name))} has the score {shorten(repr(score))}; expected names, numbers from 0 to 1"
        for name, score in cats.items()
        if not isinstance(name, str) or not isinstance(score, int | float) or not 0 <= score <= 1
    ]
    scope.faults.extend(faults)
    if faults or not cats:
        return None
    count(scope.lost, "scores of labels", sum(score not in (0, 1) for score in cats.values()))
    return text_labels([name for name, score in cats.items() if score >= CHOSEN], scope)


FORMAT = Format("docbin", "spaCy's DocBin, what `spacy train` reads", (".spacy",), read, write)
