"""The documents a config names, read and checked: no run starts on annotations with errors."""

import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from tocsin.data.check import TEXT_LABELS, absent_names, alike_names, counted_names, occurrences
from tocsin.data.check_formats import OTHER_EVENTS
from tocsin.data.containment import containments
from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.catalogue import format_of
from tocsin.data.formats.conversion import COLUMNS, Options
from tocsin.data.formats.inference import schema_of
from tocsin.data.listing import first_of
from tocsin.data.near_duplicates import near_duplicates
from tocsin.data.schema import Schema, attacks, read_schema
from tocsin.data.types import Document
from tocsin.model.settings import EVEN, ModelSettings
from tocsin.train.config import DataSettings, JointSettings, RunConfig
from tocsin.train.documents import Documents, select
from tocsin.train.joint import HOW_SHARED, JointSet, idle_settings, joint_configs, numbered_texts, without_copies
from tocsin.train.label_threshold import is_free
from tocsin.train.layers import counts_of_layers
from tocsin.train.odd_labels import contradicting, taken_for_classes
from tocsin.train.reading import Annotated, of_schema, read_set
from tocsin.train.seen import text_hash
from tocsin.train.taught import told_of_attributes

_UNKNOWN = re.compile(r"unknown (label|role)\b")
N_NAMED = 10
N_COMPARED = 20_000  # train texts at a time; of each, and of each dev text, 700 bytes are held


@dataclass(frozen=True, slots=True)
class Sets:
    """What a run learns from, and what it is measured on while it learns.

    What is learned from stays on disk. Dev documents are held: after each epoch all of them are scored together.
    """

    schema: Schema
    train: Sequence[Document]
    dev: tuple[Document, ...]
    warnings: tuple[Problem, ...] = ()  # what is odd and no error, what is left out, which settings have no effect
    beside: tuple[JointSet, ...] = ()  # what else the encoder learns from


def load_sets(config: RunConfig) -> Sets:
    """Read and check every file of `[data]`, and of the configs that `[joint]` names.

    Without a schema of its own, a task has the labels that its files hold, but for events, which are attacks then.

    Raises:
        ArtifactError: the model that `[init]` names cannot be used.
        ConfigError: a config that `[joint]` names cannot be used.
        DataError: a schema file is no schema, an annotation is wrong (all errors of a set's files are named), there is
            nothing to learn, or train and dev share an article.
    """
    others = joint_configs(config)
    own = _own_sets(config)
    found = [_joint_set(name, other, config, own.dev) for name, other in others.items()]
    told = [problem for _, problems in found for problem in problems]
    told += [*_nearly_shared(own.train, own.dev), *_told_of_start(config, own)]
    return replace(own, warnings=(*own.warnings, *told), beside=tuple(beside for beside, _ in found))


def _told_of_start(config: RunConfig, own: Sets) -> list[Problem]:
    """What is to be said of the model that `[init]` names."""
    if not config.init.from_:
        return []
    from tocsin.train.leaks import seen_in_dev  # torch takes seconds to load, which few runs need here

    return list(seen_in_dev(config, own.dev))


def _joint_set(
    name: str, other: RunConfig, config: RunConfig, dev: Sequence[Document]
) -> tuple[JointSet, list[Problem]]:
    """A set that `[joint]` names, and what is to be said of it; texts of `dev` are kept out as `[data] shared` says."""
    where = f"[joint] {name}"
    try:
        sets = _own_sets(other)
        learned, n_copies = without_copies(sets.train, dev, config.data.shared)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error
    told = [Problem(f"{where}: {problem.where}", problem.message) for problem in sets.warnings]
    told += idle_settings(name, other, config)
    if n_dev := len(sets.dev):
        told.append(Problem(where, f"its dev set of {n_dev} takes no part; only the run's own may choose an epoch"))
    if n_copies and config.data.shared == "drop":
        told.append(Problem(where, f"left out, since dev shares their text ({HOW_SHARED}): {n_copies}"))
    elif n_copies:
        fault = f"learned from texts of dev, as [data] shared says: {n_copies}; dev scores are too good"
        told.append(Problem(where, fault))
    return JointSet(name, other, sets.schema, learned), told


def _own_sets(config: RunConfig) -> Sets:
    """What the files of `[data]` hold."""
    _refuse_other_format(config)
    train = _annotated(config, config.data.train)
    dev = _annotated(config, config.data.dev) if config.data.dev else Annotated(())
    schema = _stated_schema(config) or schema_of(chain(train.documents, dev.documents), config.task)
    _refuse_other_task(schema, config.task)
    learned, unheld = of_schema(train.documents, schema, where="train")
    of_dev, unheld_in_dev = of_schema(dev.documents, schema, where="dev")
    if config.data.dev_share:
        learned, of_dev = _held_out(learned, config.data.dev_share, config.data.split_seed)
    held_out = tuple(of_dev)
    learned, told = _apart(learned, held_out, config.data)
    if schema.text_labels and all(document.labels is None for document in learned):
        told = [*told, *_without_labels(config, schema)]
    warnings = (*train.left_out, *train.oddities, *dev.left_out, *unheld, *unheld_in_dev, *told, *_silent(held_out))
    odd = (
        *_unlearnable(learned, schema, told=train.absent),
        *told_of_attributes(learned, schema),
        *taken_for_classes(config, schema, _columns(config.data)),
        *contradicting(learned, schema),
    )
    return Sets(schema, learned, held_out, (*warnings, *odd, *_idle(config, schema)))


def _without_labels(config: RunConfig, schema: Schema) -> Iterator[Problem]:
    """What is to be said of train documents none of which has labels.

    Raises:
        DataError: without them nothing is learned, or nothing that is of use.
    """
    if schema.gate:
        raise DataError(
            f"no train document says whether it is {schema.gate}, without which a text has no incident; give each "
            f'document "labels", an empty list for none, or take {schema.gate} out of [data] text_labels'
        )
    if not schema.span_labels:
        raise DataError(
            'no train document has labels, so that nothing can be learned; give each document "labels", '
            "an empty list for none"
        )
    if config.model.bag_of_words:
        yield Problem("[model] bag_of_words", "says nothing; it learns from labelled texts, and no train document is")


def _refuse_other_format(config: RunConfig) -> None:
    """Raise a DataError if there is no format of the name that the config gives."""
    try:
        if config.data.format:
            format_of(Path(), config.data.format)
    except DataError as error:
        raise DataError(f"[data] format: {error}") from error


def _refuse_other_task(schema: Schema, task: str) -> None:
    """Raise a DataError if a schema has nothing of what the task learns."""
    asked = {"tokens": "entity_labels", "text": "text_labels", "fillers": "fillers"}
    if task in asked and not getattr(schema, asked[task]):
        raise DataError(
            f'[data] schema: has no {asked[task]}, which task = "{task}" learns; name another schema or task'
        )


def _stated_schema(config: RunConfig) -> Schema | None:
    """That of the config, or for events that of attacks; None where the data say it."""
    if config.data.schema:
        return read_schema(config.data_paths((config.data.schema,))[0])
    return attacks(config.data.text_labels) if config.task == "events" else None


def _annotated(config: RunConfig, names: tuple[str, ...]) -> Annotated:
    """What some files of `[data]` hold."""
    try:
        return read_set(
            config.data_paths(names),
            form=config.data.format,
            schema=_stated_schema(config),
            columns=_columns(config.data),
            unreadable=config.data.unreadable,
            task=config.task,
        )
    except DataError as error:
        if config.task == "events" and not config.data.schema and _UNKNOWN.search(str(error)):
            raise DataError(f"{error}; the labels known here are those of attacks; {OTHER_EVENTS}") from error
        raise


def _columns(data: DataSettings) -> Options:
    return Options(
        separator=data.separator or None,
        tag_column=data.tag_column,
        text_column=data.text_column,
        label_columns=data.label_columns,
        text_labels=data.text_labels,
    )


def _unlearnable(
    documents: Sequence[Document], schema: Schema, *, told: Collection[tuple[str, str]]
) -> Iterator[Problem]:
    """Labels of which there is nothing to learn from, and such as may be one in two spellings.

    Args:
        documents: what is learned from.
        schema: which labels there are.
        told: nouns and names of those of which it was said before.
    """
    uses = Counter(use for document in documents for use in occurrences(document, schema.fillers))
    counts = counted_names(uses, schema)
    absent = [each for each in absent_names(counts) if each not in told]
    for noun, named in groupby(absent, key=itemgetter(0)):
        yield Problem("train", f"no example of {noun} {', '.join(name for _, name in named)}; a model cannot learn it")
    yield from (Problem("train", message) for message in alike_names(counts))
    one = [name for kind, name in uses if kind == TEXT_LABELS]
    if schema.one_text_label and len(one) == 1:
        yield Problem("train", f"one class only, {one[0]}: nothing can be told apart")


def is_silent(dev: Sequence[Document]) -> bool:
    """Whether there are dev documents, and nothing is annotated in them that a model could be scored by."""
    return bool(dev) and not any(d.entities or d.events or d.labels or d.fillers for d in dev)


def _silent(dev: Sequence[Document]) -> Iterator[Problem]:
    """A dev set by which no epoch can be chosen."""
    if is_silent(dev):
        yield Problem("dev", "nothing is annotated in it: every epoch scores 0, and the last one is taken")


def _idle(config: RunConfig, schema: Schema) -> Iterator[Problem]:
    """Settings that are not as they are by default, and have no effect."""
    split_seed = config.data.split_seed
    yield from _idle_columns(config)
    if config.data.schema and config.data.text_labels and config.task == "events":
        yield Problem("[data] text_labels", "changes nothing; [data] schema says which labels there are")
    if split_seed != DataSettings().split_seed and not config.data.dev_share:
        yield Problem("[data] split_seed", f"{split_seed} changes nothing; no documents are drawn without dev_share")
    is_given = config.joint.temperature != JointSettings().temperature or "joint.temperature" in config.search
    if is_given and not config.joint.configs:
        yield Problem("[joint] temperature", "changes nothing; [joint] names no configs of other sets")
    tried = [config.with_settings(settings) for settings in config.combinations()] if config.search else [config]
    yield from dict.fromkeys(problem for each in tried for problem in _idle_model(each, schema))


def _idle_model(config: RunConfig, schema: Schema) -> Iterator[Problem]:
    """The same of `[model]`, for one training."""
    pooling = config.model.pooling
    if pooling != ModelSettings().pooling and not (schema.text_labels or schema.template_types):
        fault = f"{pooling} changes nothing; the label set has no text labels and no template types"
        yield Problem("[model] pooling", fault)
    if config.model.bag_of_words and not schema.text_labels:
        yield Problem("[model] bag_of_words", "changes nothing; the label set has no text labels")
    if config.model.label_threshold != EVEN and (fault := _no_threshold(config, schema)):
        yield Problem("[model] label_threshold", f"{config.model.label_threshold:g} changes nothing; {fault}")


def _idle_columns(config: RunConfig) -> Iterator[Problem]:
    """Settings of columns, where no file is of a format that has such."""
    paths = config.data_paths((*config.data.train, *config.data.dev))
    formats = {format_of(path, config.data.format).name for path in paths}
    for name in ("separator", "tag_column", "text_column", "label_columns"):
        used_by = COLUMNS[name]
        if getattr(config.data, name) != getattr(DataSettings(), name) and formats.isdisjoint(used_by):
            yield Problem(f"[data] {name}", f"changes nothing; the files are {', '.join(sorted(formats))}")


def _no_threshold(config: RunConfig, schema: Schema) -> str:
    """Why the threshold of labels that a config sets is not used; "" if it is."""
    if not schema.is_multi_label:
        return "no text has any number of labels"
    if config.model.label_threshold:
        return ""
    if not is_free(schema):
        return f"a threshold is chosen on dev only where nothing but labels is learned; {EVEN} is taken"
    return "" if config.data.dev or config.data.dev_share else f"there is no dev set to choose it on; {EVEN} is taken"


def _held_out(documents: Documents, share: float, seed: int) -> tuple[Documents, Documents]:
    """Train and dev documents: a share drawn at random is held out, at least one, the same for the same seed.

    Raises:
        DataError: there are too few to leave any to train on.
    """
    n_dev = max(1, round(share * len(documents)))
    if n_dev >= len(documents):
        raise DataError(f"[data] dev_share = {share}: of {len(documents)} documents none is left to train on")
    drawn = set(random.Random(seed).sample(range(len(documents)), n_dev))
    parts = [[i for i in range(len(documents)) if (i in drawn) is wanted] for wanted in (False, True)]
    return select(documents, parts[0]), select(documents, parts[1])


def _apart(train: Documents, dev: Sequence[Document], data: DataSettings) -> tuple[Documents, list[Problem]]:
    """The train documents to learn from, and what is to be said of texts that dev has too.

    Raises:
        DataError: there are some and `[data] shared` refuses them, or none would be left.
    """
    if not dev:
        return train, []
    texts = {d.article.text: d.article.text for d in dev}  # dev's own are taken, which are held anyway
    both = {i: texts[d.article.text] for i, d in enumerate(train) if d.article.text in texts}
    if not both or data.shared == "keep":
        n_dev = len(set(both.values()))
        told = f"learned from texts of dev, as [data] shared says: {n_dev}; dev scores are too good"
        return train, [Problem("train", told)] if both else []
    if data.shared == "refuse":
        refused = set(both.values())
        ids = sorted(d.article.id for d in dev if d.article.text in refused)
        drawn = "take the repeats out of the files of train, of which [data] dev_share draws dev"
        remedy = drawn if data.dev_share else "take them out of one of the two"
        raise DataError(
            f"dev articles that are also trained on: {first_of(ids, N_NAMED)}; {remedy}, or write "
            'shared = "drop" under [data] to leave them out of training'
        )
    if len(both) == len(train):
        raise DataError("every train text is also a dev text; expected others to learn from")
    kept = select(train, [i for i in range(len(train)) if i not in both])
    return kept, [Problem("train", f"left out, since dev has the same texts: {len(both)}")]


def _nearly_shared(train: Sequence[Document], dev: Sequence[Document]) -> Iterator[Problem]:
    """Texts of dev that stand hardly changed in train, within a text of it or around one.

    They are learned from, as nothing tells which are reprints.
    """
    near: dict[int, str] = {}
    for number, where in chain(_hardly_changed(train, dev), _within(train, dev)) if dev else ():
        near.setdefault(number, f"{dev[number].article.id} ({where} in train)")
    if near:
        named = first_of(list(near.values()), N_NAMED)
        yield Problem(
            "dev",
            "texts shared with ones that are learned from (hardly changed, or one within the other): "
            f"{len(near)}; its scores may be too good: {named}",
        )


def _hardly_changed(train: Sequence[Document], dev: Sequence[Document]) -> Iterator[tuple[int, str]]:
    """Dev texts by number, with the train text that each is like; of equal ones it is told before."""
    for start in range(0, len(train), N_COMPARED):
        part = select(train, range(start, min(start + N_COMPARED, len(train))))
        groups = {"train": partial(numbered_texts, part), "dev": partial(numbered_texts, dev)}
        for found in near_duplicates(groups):
            other = part[found.other_key].article
            if other.text != dev[found.key].article.text:
                yield found.key, f"of {other.id}"


def _within(train: Sequence[Document], dev: Sequence[Document]) -> Iterator[tuple[int, str]]:
    """Dev texts by number, with a train text that each stands within or around."""
    for found in containments(numbered_texts(dev), numbered_texts(train)):
        other = train[found.other].article
        if other.text != dev[found.key].article.text:
            yield found.key, f"{'around' if found.is_part else 'within'} {other.id}"


def counts(documents: Sequence[Document], schema: Schema) -> dict[str, Any]:
    """How many documents and which, of each label how many spans, and what `counts_of_layers` counts."""
    ids: list[str] = []
    texts: list[str] = []
    spans: Counter[str] = Counter()

    def counted() -> Iterator[Document]:
        for document in documents:
            ids.append(document.article.id)
            texts.append(text_hash(document.article.text))
            spans.update(span.label for span in document.entities)
            spans.update(event.type for event in document.events)
            yield document

    layers = counts_of_layers(counted(), schema)
    return {"documents": len(ids), "ids": ids, "texts": texts, "spans": dict(spans), **layers}
