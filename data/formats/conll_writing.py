"""Writing words and tags in columns: documents as `tocsin.data.formats.conll` reads them.

Documents go through a temporary file, as only the last may tell that one of them has several sentences and all need
-DOCSTART- lines. An id is written as a comment, unless it only numbers the document, as a reader does itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from tocsin.data.files import written_whole
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.left_out import count_left_out
from tocsin.data.formats.tag_schemes import in_scheme
from tocsin.data.sentences import sentences
from tocsin.data.tags import spans_to_tags
from tocsin.data.types import Article, Document, Sentences, Span
from tocsin.data.words import words

DOCSTART = "-DOCSTART-"
_START = "\0"  # of a document, in the temporary file


def write(documents: Iterable[Document], path: Path, options: Options, lost: Tally) -> None:
    """Write a word and its tag a line, entities and triggers alike.

    Args:
        documents: words are those of `Article.sentences`; a text without is cut by rule.
        path: appears when all is written.
        options: `scheme`, by default BIO, and `separator`, by default a tab.
        lost: counts what has no place there.

    Raises:
        DataError: the file cannot be made there.
    """
    separator = options.separator or "\t"
    with TemporaryFile("w+", encoding="utf-8", newline="") as spool, written_whole(path) as stream:
        has_long = _spool(documents, spool, options, path.stem, lost)
        spool.seek(0)
        for line in spool:
            if not line.startswith(_START):
                stream.write(line)
                continue
            if has_long:
                stream.write(f"{DOCSTART}{separator}O\n\n")
            if own_id := line[1:-1]:
                stream.write(f"# id = {own_id}\n")


def _spool(documents: Iterable[Document], spool: TextIO, options: Options, stem: str, lost: Tally) -> bool:
    """Write each document after a line with its id; whether any has several sentences."""
    has_long, number = False, 0
    for document in documents:
        count_left_out(document, ("entities", "triggers"), lost)
        found = _sentences(document.article, lost)
        if not found:
            lost["documents without a word, left out"] += 1
            continue
        number += 1
        has_long = has_long or len(found) > 1
        own_id = _kept_id(document.article.id, f"{stem}-{number}", number, options.separator or "\t", lost)
        spool.write(f"{_START}{own_id}\n")
        if number == 1 and not own_id and document.article.text[found[0][0][0]] == "\ufeff":
            spool.write("\n")  # a reader drops the character where a file opens with it
        for line in _lines(document, found, options, lost):
            spool.write(f"{line}\n")
    return has_long


def _sentences(article: Article, lost: Tally) -> Sentences:
    """The words of a text sentence by sentence, without those that nobody would see between two separators."""
    text = article.text
    cut = article.sentences or tuple(
        tuple((start + word_start, start + word_end) for word_start, word_end in words(text[start:end]))
        for start, end in sentences(text)
    )
    visible = tuple(tuple(word for word in sentence if text[slice(*word)].strip()) for sentence in cut)
    n_blank = sum(map(len, cut)) - sum(map(len, visible))
    if n_blank:
        lost["words of white space alone, left out"] += n_blank
    found = tuple(filter(None, visible))
    joined = "\n".join(" ".join(text[start:end] for start, end in sentence) for sentence in found)
    if found and joined != text:
        lost["texts whose white space is not kept"] += 1
    return found


def _kept_id(own_id: str, numbered: str, number: int, separator: str, lost: Tally) -> str:
    """The id as a comment can hold it; empty where none is needed."""
    if own_id == numbered:
        return ""
    if re.fullmatch(rf".+-{number}", own_id):
        lost["ids that only number the documents, made anew from the file's name when read"] += 1
        return ""
    has_columns = separator != " " and separator in f"# id = {own_id}"  # a line of them is read as word and tag
    if has_columns or own_id != own_id.strip() or re.search(r"[\0\r\n]", own_id):
        lost["ids that no comment can hold"] += 1
        return ""
    return own_id


def _lines(document: Document, found: Sentences, options: Options, lost: Tally) -> Iterator[str]:
    text = document.article.text
    separator = options.separator or "\t"
    tags = iter(_tags(document, list(chain.from_iterable(found)), lost))
    for sentence in found:
        own_tags = [next(tags) for _ in sentence]
        if own_tags[0].startswith("I-"):
            lost["entities across the end of a sentence, cut in two"] += 1
            own_tags[0] = f"B-{own_tags[0][2:]}"
        for (start, end), tag in zip(sentence, in_scheme(own_tags, options.scheme or "bio"), strict=True):
            yield f"{_held(text[start:end], separator, lost)}{separator}{tag}"
        yield ""


def _tags(document: Document, offsets: Sequence[tuple[int, int]], lost: Tally) -> tuple[str, ...]:
    spans = [*document.entities, *(event.trigger for event in document.events)]
    distinct = list({(span.start, span.end, span.label): span for span in spans}.values())
    tagging = spans_to_tags(distinct, offsets)
    n_wordless = sum(not _has_word(span, offsets) for span in tagging.uncovered)
    for what, n in (
        ("entities given twice", len(spans) - len(distinct)),
        ("entities with an edge inside a word, widened to it", len(tagging.widened)),
        ("entities without a word", n_wordless),
        ("entities that overlap another", len(tagging.uncovered) - n_wordless),
    ):
        if n:
            lost[what] += n
    return tagging.tags


def _has_word(span: Span, offsets: Sequence[tuple[int, int]]) -> bool:
    return any(start < span.end and span.start < end for start, end in offsets)


def _held(word: str, separator: str, lost: Tally) -> str:
    """A word as a column can hold it."""
    breaking = rf"[\0\r\n\t]|{re.escape(separator)}"
    held = re.sub(f"{breaking}|[ \t]" if separator == " " else breaking, "_", word)
    if held != word:
        lost["words with a separator or line break in them, written as _"] += 1
    if held == DOCSTART:
        lost[f"words {DOCSTART}, which open a document when read, written with _"] += 1
        return held.replace("-", "_")
    return held
