"""Passages read every word of a text, whatever its length, once."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from tocsin.data.sentences import sentences
from tocsin.data.words import words
from tocsin.model.passages import Passage, Reader
from tocsin.model.settings import ModelSettings


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder: Path) -> Any:
    return AutoTokenizer.from_pretrained(tiny_encoder)


def read(tokenizer: Any, text: str, **settings: int) -> list[Passage]:
    return list(Reader(tokenizer, ModelSettings(max_tokens=16, overlap=4, **settings)).passages(text))  # type: ignore[arg-type] # ints only


TEXTS = st.lists(
    st.sampled_from(["drones", "hit", "Camp", "Vale", "U.S.", ".", ",", "\n\n", "“", "é", "\u200b", "Norland"])
).map(" ".join)


@settings(max_examples=60)
@given(text=TEXTS)
def test_passages_hold_every_word_once_and_in_order(tokenizer: Any, text: str) -> None:
    passages = read(tokenizer, text, passage_words=5)
    expected = [(a + x, a + y) for a, b in sentences(text) for x, y in words(text[a:b])]
    assert [word for passage in passages for word in passage.words] == expected


@settings(max_examples=60)
@given(text=TEXTS)
def test_each_word_points_at_its_own_first_subword(tokenizer: Any, text: str) -> None:
    for passage in read(tokenizer, text):
        for (start, end), window, token in zip(passage.words, passage.word_window, passage.word_token, strict=True):
            subword = tokenizer.convert_ids_to_tokens(passage.windows[window][token])
            if passage.n_unread == 0 and subword != "[UNK]":
                assert text[start:end].lower().startswith(subword.replace("é", "e")) or text[start:end] == "é"


def test_a_long_sentence_is_read_to_its_last_word(tokenizer: Any) -> None:
    text = " ".join(["drones hit camp vale"] * 50)
    (passage,) = read(tokenizer, text)
    assert len(passage.words) == 200
    assert all(len(window) <= 16 for window in passage.windows)
    last = passage.windows[passage.word_window[-1]][passage.word_token[-1]]
    assert tokenizer.convert_ids_to_tokens(last) == "vale"


def test_words_the_vocabulary_drops_are_counted(tokenizer: Any) -> None:
    (passage,) = read(tokenizer, "drones \u200b hit")
    assert passage.n_unread == sum(1 for start, end in passage.words if "drones \u200b hit"[start:end] == "\u200b")


def test_a_truncation_stored_with_the_tokenizer_cuts_nothing(tokenizer: Any) -> None:
    tokenizer.backend_tokenizer.enable_truncation(8)
    (passage,) = read(tokenizer, " ".join(["drones"] * 100))
    assert passage.n_unread == 0
    assert len(set(zip(passage.word_window, passage.word_token, strict=True))) == 100


def test_a_passage_ends_with_a_sentence(tokenizer: Any) -> None:
    passages = read(tokenizer, "drones hit camp vale . " * 3 + "\n\n" + "it struck . ", passage_words=6)
    assert all(passage.sentences[-1][1] == len(passage.words) for passage in passages)
    assert len(passages) > 1


def test_an_empty_text_has_no_passage(tokenizer: Any) -> None:
    assert read(tokenizer, " \n ") == []
