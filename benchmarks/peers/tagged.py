"""What the peers share: sentences of words and tags from a file, their scores, and the file of figures they leave.

Written apart from tocsin's own reader and scorer, so that a mistake there would show.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and their tags, BIO, one each."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


def read_tagged(path: Path) -> list[Sentence]:
    """The sentences of a file: a word, a tab or blank, a tag; an empty line after each sentence.

    Raises:
        SystemExit: a line is not that.
    """
    sentences, rows = [], []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], start=1):
        line = line.rstrip("\r")
        if line.strip():
            cells = line.split("\t" if "\t" in line else " ")
            if len(cells) != 2 or not all(cell.strip() for cell in cells):
                raise SystemExit(f"{path}:{number}: {line[:60]!r}; expected a word and a tag")
            rows.append((cells[0], cells[1].strip()))
        elif rows:
            sentences.append(Sentence(*map(tuple, zip(*rows, strict=True))))
            rows = []
    return sentences


def entities(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Spans of words [start, end) with their labels, as seqeval reads them by default."""
    return [(start, last + 1, label) for label, start, last in get_entities(list(tags))]


def tags_of(n_words: int, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """
    >>> tags_of(3, [(1, 3, "Weapon")])
    ['O', 'B-Weapon', 'I-Weapon']
    """
    tags = ["O"] * n_words
    for start, end, label in spans:
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def headline(gold: Sequence[Sentence], predicted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Entity scores over every sentence; zero where there is nothing to divide by."""
    expected, found = [list(sentence.tags) for sentence in gold], [list(tags) for tags in predicted]
    return {
        "entity_f1": round(float(f1_score(expected, found, zero_division=0)), 4),
        "entity_macro_f1": round(float(f1_score(expected, found, average="macro", zero_division=0)), 4),
        "entity_precision": round(float(precision_score(expected, found, zero_division=0)), 4),
        "entity_recall": round(float(recall_score(expected, found, zero_division=0)), 4),
    }


def parser(text: str | None) -> argparse.ArgumentParser:
    """The options that every peer has."""
    found = argparse.ArgumentParser(description=(text or "").partition("\n")[0])
    found.add_argument("--data", type=Path, required=True, metavar="DIR", help="the folder of the data sets")
    found.add_argument("--train", default="re3d/train.txt", metavar="FILE", help="in DIR")
    found.add_argument("--dev", default="re3d/dev.txt", metavar="FILE", help="in DIR")
    found.add_argument("--keep-shared", action="store_true", help="learn also from sentences that FILE of --dev has")
    found.add_argument("--seed", type=int, default=1)
    found.add_argument("--out", type=Path, metavar="FILE", help="where figures are written; they are printed as well")
    return found


def read_sets(given: argparse.Namespace) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences to learn from and those to be scored on; none is both, unless that is asked for.

    Raises:
        SystemExit: a file is missing, or holds something else.
    """
    paths = [given.data / given.train, given.data / given.dev]
    if lacking := [str(path) for path in paths if not path.is_file()]:
        raise SystemExit(f"no file {', '.join(lacking)}; `python benchmarks/field.py` says where it comes from")
    train, dev = map(read_tagged, paths)
    if not train or not dev:
        raise SystemExit(f"{paths[0]} and {paths[1]}: one of them has no sentences; expected some in both")
    shared = set() if given.keep_shared else {sentence.words for sentence in dev}
    return [sentence for sentence in train if sentence.words not in shared], dev


def leave(out: Path | None, figures: dict[str, float], record: dict[str, Any]) -> None:
    """Print the figures, and write them with the rest of the record if there is a file for it."""
    print(json.dumps(figures))
    if out:
        whole = {"primary": {"name": "entity_f1", "value": figures["entity_f1"]}, "headline": figures, **record}
        unfinished = out.with_name(f"{out.name}.part")
        unfinished.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(out)
