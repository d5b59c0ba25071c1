"""How long it takes to say how good 1,000 predicted articles are, and how sure that is; prediction not counted.

python benchmarks/evaluation.py        (about 20 seconds; writes benchmarks/results/evaluation.json)

The articles are made of invented words: per article about 2,500 characters, 60 entities, 15 events and 4 incidents,
like a long news article. Two predictions are gold with noise: spans dropped, shifted and relabelled, arguments
dropped, attributes changed. Seconds depend on the machine; so each step is also given as a multiple of the seconds
that reading the gold articles from JSONL takes in the same run.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tocsin.data.incidents import build_incidents
from tocsin.data.jsonl import load_documents, write_documents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Argument, Article, AttributeValue, Document, Event, Span
from tocsin.report import html, markdown
from tocsin.train.bootstrap import N_RESAMPLES, intervals, paired
from tocsin.train.candidates import Candidate, evaluation_record
from tocsin.train.mistakes import mistakes
from tocsin.train.provenance import provenance
from tocsin.train.scores import Scores, score_each

SCHEMA = DEFAULT_SCHEMA
N_DOCUMENTS = 1000
N_SENTENCES, N_WORDS = 15, 24  # of an article, of a sentence; each sentence tells one event
N_INCIDENTS = 4  # of an article
TRIGGER_AT, ENTITIES_AT = 4, (7, 12, 16, 20)  # words of a sentence at which they begin
MAX_ENTITY_WORDS = 3
LETTERS, MAX_LETTERS, N_VOCABULARY = "aeioubdfgklmnprstvz", 9, 3000
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALL, PAGE = "all figures of a report, two models", "page and summary"
DROPPED, SHIFTED, RELABELLED, CHANGED = 0.1, 0.08, 0.05, 0.15  # shares of what the noise leaves of gold


def main() -> None:
    source = provenance()
    generator = Random(0)
    vocabulary = ["".join(generator.choices(LETTERS, k=generator.randint(2, MAX_LETTERS))) for _ in range(N_VOCABULARY)]
    gold = [invented(f"invented-{number}", vocabulary, generator) for number in range(N_DOCUMENTS)]
    a, b = ([noisy(document, generator) for document in gold] for _ in range(2))
    seconds = {"reading JSONL": seconds_to_read(gold)} | seconds_by_step(gold, a, b)
    evaluation = seconds[ALL] + seconds[PAGE]
    record = {
        "provenance": source,
        "documents": N_DOCUMENTS,
        "per_document": {
            "characters": mean(len(document.article.text) for document in gold),
            "entities": mean(len(document.entities) for document in gold),
            "events": mean(len(document.events) for document in gold),
            "incidents": mean(len(document.incidents) for document in gold),
        },
        "resamples": N_RESAMPLES,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "seconds_of_evaluation": round(evaluation, 2),
        "times_reading": round(evaluation / seconds["reading JSONL"], 2),
    }
    out = Path(__file__).parent / "results" / "evaluation.json"
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    print(out)


def seconds_by_step(gold: Sequence[Document], a: Sequence[Document], b: Sequence[Document]) -> dict[str, float]:
    """Parts of an evaluation by themselves, then all that `tocsin evaluate A GOLD --against B --report DIR` does."""
    parts: dict[str, list[Scores]] = {}
    shown: dict[str, Any] = {}
    steps: dict[str, Callable[[], object]] = {
        "scores": lambda: parts.update(a=score_each(gold, a, SCHEMA), b=score_each(gold, b, SCHEMA)),
        "intervals": lambda: intervals(parts["a"]),
        "paired differences": lambda: paired(parts["a"], parts["b"]),
        "mistakes": lambda: [mistakes(one, other, SCHEMA) for one, other in zip(gold, a, strict=True)],
        ALL: lambda: shown.update(record_of(gold, a, b)),
        PAGE: lambda: (html(shown), markdown(shown)),
    }
    return {name: seconds_of(step) for name, step in steps.items()}


def record_of(gold: Sequence[Document], a: Sequence[Document], b: Sequence[Document]) -> dict[str, Any]:
    """The record of an evaluation of predictions that are there already."""
    known = {"a": a, "b": b}
    candidates = {name: Candidate(name, SCHEMA, None, lambda _, __, name=name: list(known[name])) for name in known}
    return evaluation_record(
        gold,
        candidates["a"],
        against=candidates["b"],
        title="invented articles",
        reproduce=["python benchmarks/evaluation.py"],
        tell=lambda done, number: None,
    )


def seconds_to_read(documents: Sequence[Document]) -> float:
    with TemporaryDirectory(prefix="tocsin-") as folder:
        path = Path(folder) / "gold.jsonl"
        write_documents(path, documents)
        return seconds_of(lambda: load_documents([path], SCHEMA))


def seconds_of(step: Callable[[], object]) -> float:
    started = perf_counter()
    step()
    return perf_counter() - started


def invented(name: str, vocabulary: Sequence[str], generator: Random) -> Document:
    """An article of nonsense in which every sentence tells an event with all its entities."""
    sentences: list[str] = []
    events: list[Event] = []
    for _ in range(N_SENTENCES):
        start = sum(len(sentence) + 1 for sentence in sentences)
        sentence, event = _sentence(start, vocabulary, generator)
        sentences.append(sentence)
        events.append(event)
    article = Article(" ".join(sentences), id=name, published=date(2024, 5, 2))
    entities = tuple(argument.span for event in events for argument in event.arguments)
    return Document(article, entities, tuple(events), build_incidents(article, events, SCHEMA))


def _sentence(start: int, vocabulary: Sequence[str], generator: Random) -> tuple[str, Event]:
    """Its text, which begins at character `start` of the article, and what it tells."""
    words = generator.choices(vocabulary, k=N_WORDS)
    roles = generator.sample(SCHEMA.roles, k=len(ENTITIES_AT))
    for role, first in zip(roles, ENTITIES_AT, strict=True):
        if role.kind == "date":
            words[first : first + MAX_ENTITY_WORDS] = [generator.choice(DAYS)] * MAX_ENTITY_WORDS

    def span(first: int, n_words: int, label: str) -> Span:
        first_char = start + sum(len(word) + 1 for word in words[:first])
        end = first_char + len(" ".join(words[first : first + n_words]))
        return Span(first_char, end, label, attributes=_entity_attributes(label, generator))

    arguments = tuple(
        Argument(role.name, span(first, generator.randint(1, MAX_ENTITY_WORDS), generator.choice(role.labels)))
        for role, first in zip(roles, ENTITIES_AT, strict=True)
    )
    trigger = span(TRIGGER_AT, 1, generator.choice(SCHEMA.event_types))
    attributes = {attribute.name: generator.choice(attribute.values) for attribute in SCHEMA.attributes}
    incident = f"I{generator.randint(1, N_INCIDENTS)}"
    return " ".join(words) + ".", Event(trigger, arguments, attributes, incident)


def _entity_attributes(label: str, generator: Random) -> dict[str, AttributeValue]:
    return {
        attribute.name: 3 if attribute.is_integer else generator.choice(attribute.values)
        for attribute in SCHEMA.entity_attributes.get(label, ())
    }


def noisy(document: Document, generator: Random) -> Document:
    """What a model that makes every kind of mistake might predict."""
    predicted = {_offsets(span): _noisy_span(span, generator) for span in document.entities}
    entities = tuple(span for span in predicted.values() if span)
    events = [_noisy_event(event, predicted, generator) for event in document.events if generator.random() >= DROPPED]
    incidents = build_incidents(document.article, events, SCHEMA)
    return Document(document.article, entities, tuple(events), incidents)


def _noisy_span(span: Span, generator: Random) -> Span | None:
    kind = generator.random()
    if kind < DROPPED:
        return None
    score = 1 - generator.random() / 2
    if kind < DROPPED + SHIFTED:
        return replace(span, start=span.end - 1, end=span.end + 1, score=score)
    if kind < DROPPED + SHIFTED + RELABELLED:
        return Span(span.start, span.end, generator.choice(SCHEMA.entity_labels), score)
    changed = generator.random() < CHANGED
    return replace(
        span, score=score, attributes=_entity_attributes(span.label, generator) if changed else span.attributes
    )


def _noisy_event(event: Event, predicted: Mapping[tuple[int, int], Span | None], generator: Random) -> Event:
    found = [(argument.role, predicted[_offsets(argument.span)]) for argument in event.arguments]
    arguments = tuple(Argument(role, span) for role, span in found if span and generator.random() >= DROPPED)
    attributes = {
        attribute.name: generator.choice(attribute.values)
        if generator.random() < CHANGED
        else event.attributes[attribute.name]
        for attribute in SCHEMA.attributes
    }
    incident = f"I{generator.randint(1, N_INCIDENTS)}" if generator.random() < CHANGED else event.incident
    return Event(replace(event.trigger, score=generator.random()), arguments, attributes, incident)


def _offsets(span: Span) -> tuple[int, int]:
    return span.start, span.end


if __name__ == "__main__":
    main()
