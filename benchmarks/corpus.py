"""A linter for the authored articles: do they keep to their plan, and how much alike are they?

python benchmarks/corpus.py        (seconds; writes benchmarks/results/corpus.json and the tables of the datasheet)

Reads data/annotated/authored/ (the plan and the files of inline markup) and the seed articles. Exits with 1 if there
is a fault: an article that is not in the plan or not as planned, a sentence that stands twice, a text that is nearly
another, a run of words that two articles or a seed article share, a label of the text that its events contradict,
bounds of casualties that the words contradict.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tocsin.data.formats import inline
from tocsin.data.formats.conversion import Options
from tocsin.data.jsonl import load_documents
from tocsin.data.near_duplicates import near_duplicates
from tocsin.data.quantities import bounds
from tocsin.data.schema import RELEVANCE, attacks
from tocsin.data.sentences import sentences
from tocsin.data.types import Document
from tocsin.data.words import words
from tocsin.train.provenance import provenance

ROOT = Path(__file__).resolve().parents[1]
ANNOTATED = ROOT / "data" / "annotated"
SCHEMA = attacks((RELEVANCE,))
SPLITS = ("train", "heldout", "quiet")  # the last two are kept from all training; quiet has no attacks at all
RUN_WORDS = 10  # words in a row that no two articles should share; names of institutions have up to nine
MIN_SENTENCE_WORDS = 6  # shorter ones ("No group claimed it.") may well be written twice
N_OPENING_WORDS = 3
BEGIN, END = "<!-- what benchmarks/corpus.py wrote: -->", "<!-- until here -->"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its row of the plan."""

    row: Mapping[str, str]
    document: Document

    @property
    def sentences(self) -> list[str]:
        text = self.document.article.text
        return [text[start:end] for start, end in sentences(text)]

    @property
    def n_words(self) -> int:
        return len(self.document.article.text.split())


def main() -> None:
    record = {"provenance": provenance(), **looked_over()}
    (ROOT / "benchmarks" / "results" / "corpus.json").write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    sheet = ANNOTATED / "README.md"
    sheet.write_text(with_tables(sheet.read_text(encoding="utf-8"), record), encoding="utf-8")
    for fault in record["faults"]:
        print(fault, file=sys.stderr)
    print(f"{record['all']['articles']} articles, {len(record['faults'])} faults")
    sys.exit(bool(record["faults"]))


def looked_over() -> dict[str, Any]:
    """The faults of the articles as their files are now, and all counts of the datasheet."""
    entries, faults = read_entries(read_plan())
    seeds = load_documents([ANNOTATED / "seeds.jsonl"], SCHEMA)
    faults += [
        *repeated_sentences(entries),
        *near(entries, seeds),
        *shared_runs(entries, seeds),
        *contradictions(entries),
    ]
    return {"faults": faults, **figures(entries)}


def read_plan() -> dict[str, dict[str, str]]:
    """The plan's rows by the articles' ids."""
    with (ANNOTATED / "authored" / "plan.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def read_entries(plan: Mapping[str, Mapping[str, str]]) -> tuple[list[Entry], list[str]]:
    """The articles, in the order of the plan, and where they do not keep to it."""
    found: dict[str, tuple[str, Document]] = {}
    faults: list[str] = []
    for split in SPLITS:
        for reading in inline.read(ANNOTATED / "authored" / split, Options(schema=SCHEMA), Counter()):
            if isinstance(reading, Document):
                if reading.article.id in found:
                    faults.append(
                        f"{reading.article.id}: is there twice, in {found[reading.article.id][0]} and {split}"
                    )
                found[reading.article.id] = (split, reading)
            else:
                faults.append(str(reading))
    faults += [f"{own_id}: is not in the plan" for own_id in sorted(found.keys() - plan.keys())]
    faults += [f"{own_id}: is planned, and not there" for own_id in sorted(plan.keys() - found.keys())]
    kept = [(row, *found[own_id]) for own_id, row in plan.items() if own_id in found]
    faults += [fault for row, split, document in kept for fault in unplanned(row, split, document)]
    return [Entry(row, document) for row, _, document in kept], faults


def unplanned(row: Mapping[str, str], split: str, document: Document) -> Iterator[str]:
    """What of an article is not as planned."""
    statuses = {event.attributes["status"] for event in document.events}
    kind = "quiet" if not statuses else "threat only" if statuses == {"threatened"} else "attack"
    least, most = map(int, row["words"].split("-"))
    n_words = len(document.article.text.split())
    for what, planned, is_kept in (
        ("split", row["split"], split == row["split"]),
        ("day", row["published"], str(document.article.published) == row["published"]),
        ("kind", row["kind"], kind == row["kind"]),
        ("number of words", row["words"], 0.9 * least <= n_words <= 1.1 * most),
    ):
        if not is_kept:
            yield f"{row['id']}: {what} is not as planned ({planned}); found {kind}, {split}, {n_words} words"


def repeated_sentences(entries: Sequence[Entry]) -> Iterator[str]:
    """Sentences of some length that stand in two places."""
    first: dict[str, str] = {}
    for entry in entries:
        for sentence in entry.sentences:
            key = " ".join(re.findall(r"\w+", sentence.lower()))
            if len(key.split()) < MIN_SENTENCE_WORDS:
                continue
            if key in first:
                yield f"{entry.row['id']}: stands in {first[key]} too: {sentence}"
            first.setdefault(key, entry.row["id"])


def near(entries: Sequence[Entry], seeds: Sequence[Document]) -> Iterator[str]:
    """Articles that are nearly another, or nearly a seed article."""
    own = [(entry.row["id"], entry.document.article.text) for entry in entries]
    groups = {"seeds": [(seed.article.id, seed.article.text) for seed in seeds]}
    groups |= {own_id: [(own_id, text)] for own_id, text in own}
    for found in near_duplicates({name: partial(list, texts) for name, texts in groups.items()}):  # type: ignore[arg-type]
        yield f"{found.key}: nearly {found.other_key}, {found.shared:.0%} of their runs of words are shared"


def shared_runs(entries: Sequence[Entry], seeds: Sequence[Document]) -> Iterator[str]:
    """Runs of words that stand in two articles; of each pair of articles the first."""
    first: dict[tuple[str, ...], str] = {}
    told: set[tuple[str, str]] = set()
    for document in [*seeds, *(entry.document for entry in entries)]:
        own_id, found = document.article.id, re.findall(r"[\w'’-]+", document.article.text.lower())
        for start in range(len(found) - RUN_WORDS + 1):
            run = tuple(found[start : start + RUN_WORDS])
            other = first.setdefault(run, own_id)
            if other != own_id and (other, own_id) not in told:
                told.add((other, own_id))
                yield f"{own_id}: shares a run of words with {other}: {' '.join(run)}"


def contradictions(entries: Sequence[Entry]) -> Iterator[str]:
    """What an annotation says of a text or a count, against what else it says or the words themselves."""
    for entry in entries:
        names = {label.name for label in entry.document.labels or ()}
        if (RELEVANCE in names) != bool(entry.document.events) or entry.document.labels is None:
            yield f"{entry.row['id']}: labels are {sorted(names)}, and there are {len(entry.document.events)} mentions"
        for span in entry.document.entities:
            phrase = span.text(entry.document.article)
            stated = bounds(phrase)
            given = span.attributes.get("min"), span.attributes.get("max")
            if span.label == "CASUALTY" and stated != given:
                yield f"{entry.row['id']}: {phrase!r} is annotated {given}, its words say {stated}"


def figures(entries: Sequence[Entry]) -> dict[str, Any]:
    """All counts of the datasheet."""
    by_split = {split: [entry for entry in entries if entry.row["split"] == split] for split in SPLITS}
    return {
        "all": counts(entries),
        "by_split": {split: counts(of_split) for split, of_split in by_split.items()},
        "by_theatre": by(entries, "theatre"),
        "by_outlet": by(entries, "outlet"),
        "by_year": dict(sorted(Counter(entry.row["published"][:4] for entry in entries).items())),
        "by_spelling": dict(Counter(entry.row["spelling"] for entry in entries)),
        "openings": openings(entries),
        "names_in_one_split_only": names_in_one_split(by_split),
        "attributes": attribute_values(entries),
    }


def counts(entries: Sequence[Entry]) -> dict[str, Any]:
    """What there is of everything."""
    documents = [entry.document for entry in entries]
    labels = Counter(span.label for document in documents for span in document.entities)
    incidents = [incident for document in documents for incident in document.incidents]
    return {
        "articles": len(entries),
        "quiet": sum(not document.events for document in documents),
        "threat_only": sum(entry.row["kind"] == "threat only" for entry in entries),
        "words": sum(entry.n_words for entry in entries),
        "sentences": sum(len(entry.sentences) for entry in entries),
        "entities": sum(labels.values()),
        "labels": {label: labels[label] for label in SCHEMA.entity_labels},
        "mentions": sum(len(document.events) for document in documents),
        "arguments": sum(len(event.arguments) for document in documents for event in document.events),
        "single_incidents": sum(incident.attributes.get("scope") == "single" for incident in incidents),
    }


def by(entries: Sequence[Entry], key: str) -> dict[str, dict[str, Any]]:
    """Counts of each value of a column of the plan, and how much of its vocabulary is its own."""
    names = sorted({entry.row[key] for entry in entries})
    groups = {name: [entry for entry in entries if entry.row[key] == name] for name in names}
    vocabularies = {name: vocabulary(own) for name, own in groups.items()}
    spread = Counter(word for own in vocabularies.values() for word in own)
    return {
        name: {
            **counts(own),
            "word_types": len(vocabularies[name]),
            "own_word_types": sum(spread[word] == 1 for word in vocabularies[name]),
        }
        for name, own in groups.items()
    }


def vocabulary(entries: Iterable[Entry]) -> set[str]:
    texts = (entry.document.article.text for entry in entries)
    return {text[start:end].lower() for text in texts for start, end in words(text) if text[start].isalpha()}


def openings(entries: Sequence[Entry]) -> dict[str, Any]:
    """How sentences and articles begin: the commonest words, and the share they have."""
    firsts = [[word.lower() for word in re.findall(r"[\w'’-]+", s)] for entry in entries for s in entry.sentences]
    firsts = [own for own in firsts if len(own) >= N_OPENING_WORDS]
    leads = [[word.lower() for word in re.findall(r"[\w'’-]+", entry.sentences[0])] for entry in entries]
    return {
        "one_word": commonest(own[0] for own in firsts),
        "three_words": commonest(" ".join(own[:N_OPENING_WORDS]) for own in firsts),
        "articles_three_words": commonest(" ".join(own[:N_OPENING_WORDS]) for own in leads),
    }


def commonest(values: Iterable[str], n: int = 5) -> dict[str, float]:
    found = Counter(values)
    return {value: round(count / found.total(), 4) for value, count in found.most_common(n)}


def names_in_one_split(by_split: Mapping[str, Sequence[Entry]]) -> dict[str, dict[str, float]]:
    """The share of the different strings of a label in the held-out articles that training never sees."""
    strings = {
        split: {
            label: {
                span.text(entry.document.article).lower()
                for entry in own
                for span in entry.document.entities
                if span.label == label
            }
            for label in SCHEMA.entity_labels
        }
        for split, own in by_split.items()
    }
    train, held_out = strings["train"], strings["heldout"]
    return {
        label: {"strings": len(own), "unseen": round(len(own - train[label]) / max(len(own), 1), 4)}
        for label, own in held_out.items()
    }


def attribute_values(entries: Sequence[Entry]) -> dict[str, dict[str, int]]:
    events = [event for entry in entries for event in entry.document.events]
    return {a.name: dict(Counter(event.attributes[a.name] for event in events)) for a in SCHEMA.attributes}


def with_tables(sheet: str, record: Mapping[str, Any]) -> str:
    """The datasheet with its tables as they are now."""
    before, found, rest = sheet.partition(BEGIN)
    if not found or END not in rest:
        return sheet
    return f"{before}{BEGIN}\n{tables(record)}\n{END}{rest.partition(END)[2]}"


def tables(record: Mapping[str, Any]) -> str:
    """The tables of the datasheet."""
    columns = ("articles", "quiet", "words", "sentences", "entities", "mentions", "arguments", "single_incidents")
    heads = " | ".join(name.replace("_", " ") for name in columns)
    split_rows = {"all": record["all"], **record["by_split"]}
    parts = [
        table(f"split | {heads}", [[name, *(own[c] for c in columns)] for name, own in split_rows.items()]),
        table(
            "label | " + " | ".join(split_rows),
            [[label, *(own["labels"][label] for own in split_rows.values())] for label in record["all"]["labels"]],
        ),
        table(
            "theatre | articles | quiet | words | entities | mentions | word types, its own",
            [spread_row(name, own) for name, own in record["by_theatre"].items()],
        ),
        table(
            "outlet | articles | quiet | words | entities | mentions | word types, its own",
            [spread_row(name, own) for name, own in record["by_outlet"].items()],
        ),
        table("attribute | values", [[name, told(own)] for name, own in record["attributes"].items()]),
        table(
            "how sentences begin | share",
            [
                ["their first word", shares(record["openings"]["one_word"])],
                ["their first three words", shares(record["openings"]["three_words"])],
                ["articles, first three words", shares(record["openings"]["articles_three_words"])],
            ],
        ),
        table(
            "label | different strings in held-out articles | never in training",
            [[k, own["strings"], f"{own['unseen']:.0%}"] for k, own in record["names_in_one_split_only"].items()],
        ),
        f"Years: {told(record['by_year'])}. Spelling: {told(record['by_spelling'])}. "
        f"Faults that the linter finds: {len(record['faults'])}.",
    ]
    return "\n\n".join(parts)


def spread_row(name: str, own: Mapping[str, Any]) -> list[object]:
    first = [own[key] for key in ("articles", "quiet", "words", "entities", "mentions")]
    return [name, *first, f"{own['word_types']}, {own['own_word_types']}"]


def told(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in values.items())


def shares(values: Mapping[str, float]) -> str:
    return ", ".join(f"“{name}” {share:.1%}" for name, share in values.items())


def table(head: str, rows: Sequence[Sequence[object]]) -> str:
    lines = [f"| {head} |", f"|{' --- |' * len(head.split(' | '))}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


if __name__ == "__main__":
    main()
