"""What a config names is read and checked before anything is trained on it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, RELEVANCE
from tocsin.data.types import Document, TextLabel
from tocsin.train.config import DataSettings, RunConfig
from tocsin.train.sets import load_sets


def config_of(tmp_path: Path, documents: tuple[Document, ...]) -> RunConfig:
    write_documents(tmp_path / "train.jsonl", documents)
    return RunConfig(data=DataSettings(train=("train.jsonl",), text_labels=(RELEVANCE,)), base=str(tmp_path))


def test_labels_of_texts_are_learned_beside_events_and_open_the_gate(
    tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    labelled = tuple(
        replace(document, labels=(TextLabel(RELEVANCE),) if document.events else ()) for document in tiny_documents
    )
    sets = load_sets(config_of(tmp_path, labelled))
    assert (sets.schema.text_labels, sets.schema.gate) == ((RELEVANCE,), RELEVANCE)
    assert sets.schema.event_types == DEFAULT_SCHEMA.event_types
    assert [bool(document.labels) for document in sets.train] == [bool(d.events) for d in labelled]


def test_a_gate_that_no_document_teaches_is_refused(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> None:
    refused = r"no train document says whether it is reports_attack.*take reports_attack out"
    with pytest.raises(DataError, match=refused):
        load_sets(config_of(tmp_path, tiny_documents))
