"""Words find their subwords in vocabularies of every kind, and a word after a blank is the subword with the blank."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import DebertaV2Tokenizer, PreTrainedTokenizerFast, RobertaTokenizer, XLMRobertaTokenizer

from tocsin.model.passages import Passage, Reader
from tocsin.model.settings import ModelSettings

LINES = ["Two drones hit Camp Vale, and a drone was lost.", "The drones hit the camp. Nobody saw a second drone hit."]
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
PIECES = "▁ s n ▁drone ▁hit ▁camp ▁Camp ▁Vale ▁two 中 文 . , ▁( ) - ' e é 🚁".split()
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] drone ##s ##n hit camp Camp vale Vale e é 中 文 . , ( ) - ' ss fire".split()
MARKERS = "Ġ▁"


def _marked(tokenizer: Tokenizer, pad: str) -> PreTrainedTokenizerFast:
    """With the special tokens of RoBERTa or of BERT around each text."""
    first, last = ("<s>", "</s>") if pad == "<pad>" else ("[CLS]", "[SEP]")
    ids = [(token, tokenizer.token_to_id(token)) for token in (first, last)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{first} $A {last}", special_tokens=ids)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=pad, cls_token=first, sep_token=last)


def _trained() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=SPECIAL,
        show_progress=False,
    )
    tokenizer.train_from_iterator(LINES, trainer)
    return tokenizer


TRAINED = json.loads(_trained().to_str())["model"]
MERGES = [(left, right) for left, right in TRAINED["merges"]]


def _byte_pairs(prefix: bool, normalizer: Any) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(TRAINED["vocab"], MERGES))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def _roberta(prefix: bool) -> Any:
    return RobertaTokenizer(vocab=TRAINED["vocab"], merges=MERGES, add_prefix_space=prefix)


def _modernbert(prefix: bool) -> Any:
    tokenizer = _byte_pairs(prefix, normalizers.NFC())
    tokenizer.add_tokens([AddedToken(" " * n, normalized=True) for n in (2, 3, 4)])  # as that vocabulary has them
    return _marked(tokenizer, "<pad>")


def _lower_byte_pairs(prefix: bool) -> Any:
    strip = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
    return _marked(_byte_pairs(prefix, strip), "<pad>")


def _scored(pieces: list[str]) -> list[tuple[str, float]]:
    letters = [chr(code) for code in (*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1))]
    return [(piece, -1.0 - i / 100) for i, piece in enumerate(dict.fromkeys([*SPECIAL, *pieces, *letters]))]


def _sentence_pieces(prefix: bool) -> Any:
    tokenizer = Tokenizer(models.Unigram(_scored(PIECES), unk_id=3))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always" if prefix else "never")
    return _marked(tokenizer, "<pad>")


def _word_pieces(*, lower: bool) -> Any:
    letters = [chr(code) for code in (*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1))]
    vocabulary = dict.fromkeys([*WORDS, *letters, *("##" + letter for letter in letters)])
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[PAD]", "[CLS]", "[SEP]", "[MASK]"])
    return _marked(tokenizer, "[PAD]")


# With an argument: whether it puts a blank before the first word by itself.
KINDS: dict[str, Callable[[bool], Any]] = {
    "roberta": _roberta,
    "modernbert": _modernbert,
    "byte pairs, lower-case": _lower_byte_pairs,
    "sentence pieces": _sentence_pieces,
    "deberta-v3": lambda _: DebertaV2Tokenizer(vocab=_scored(PIECES)),
    "xlm-roberta": lambda _: XLMRobertaTokenizer(vocab=_scored(PIECES)),
    "bert-uncased": lambda _: _word_pieces(lower=True),
    "bert-cased": lambda _: _word_pieces(lower=False),
}
BYTES = ("roberta", "modernbert")
BUILT = {(kind, prefix): build(prefix) for kind, build in KINDS.items() for prefix in (False, True)}

every_kind = pytest.mark.parametrize("kind", KINDS)
CHUNKS = [
    "Two",
    "drones",
    "hit",
    "(drone)",
    "Camp-Vale",
    "“drone”",
    "U.S.",
    "drone's",
    "中文",
    "drone中",
    "🚁",
    "👩🏽‍🚒",
    "...",
]
BLANKS = [" ", "\n", "\n\n", "  ", "\t", "\u00a0", "\u3000 ", "\r\n", "   \n    "]
TEXTS = st.lists(st.tuples(st.sampled_from(CHUNKS), st.sampled_from(BLANKS)), min_size=1, max_size=12).map(
    lambda pairs: "".join(chunk + blank for chunk, blank in pairs)
)


def read(tokenizer: Any, text: str, **sizes: int) -> list[Passage]:
    return list(Reader(tokenizer, ModelSettings(**{"max_tokens": 4096, **sizes})).passages(text))  # type: ignore[arg-type] # ints only


def firsts(tokenizer: Any, text: str, **sizes: int) -> list[tuple[str, str]]:
    """Each word with its first subword."""
    return [
        (text[start:end], tokenizer.convert_ids_to_tokens(passage.windows[window][token]))
        for passage in read(tokenizer, text, **sizes)
        for (start, end), window, token in zip(passage.words, passage.word_window, passage.word_token, strict=True)
    ]


@every_kind
@settings(max_examples=40)
@given(text=TEXTS)
def test_a_text_has_the_ids_that_transformers_gives_its_words(kind: str, text: str) -> None:
    expected = BUILT[kind, True](text.split(), is_split_into_words=True)["input_ids"]
    (passage,) = read(BUILT[kind, False], text)
    assert passage.windows == (tuple(expected),)


@pytest.mark.parametrize("kind", BYTES)
@settings(max_examples=60)
@given(text=TEXTS)
def test_a_word_points_at_the_subword_that_its_first_byte_is_in(kind: str, text: str) -> None:
    (passage,) = read(BUILT[kind, False], text)
    before = [" " + " ".join(text[: start + 1].split()) for start, _ in passage.words]  # up to each first character
    tokens = BUILT[kind, False].convert_ids_to_tokens(list(passage.windows[0]))[1:-1]
    owner = [index + 1 for index, token in enumerate(tokens) for _ in token]  # each character of a token is a byte
    assert list(passage.word_token) == [owner[len(each[:-1].encode())] for each in before]


@every_kind
@settings(max_examples=40)
@given(text=TEXTS)
def test_a_word_after_a_blank_or_a_line_break_carries_the_marker(kind: str, text: str) -> None:
    tokenizer = BUILT[kind, False]
    (passage,) = read(tokenizer, text)
    tokens = tokenizer.convert_ids_to_tokens(list(passage.windows[0]))
    for (start, _), token in zip(passage.words, passage.word_token, strict=True):
        if not kind.startswith("bert") and (start == 0 or text[start - 1].isspace()):
            assert tokens[token][0] in MARKERS or tokens[token - 1] in MARKERS


@every_kind
@pytest.mark.parametrize("before", ["", " ", "Two ", "Two\n", "Two\r\n\r\n", "Two  ", "\ttwo\t", "Two.\u00a0", "\n\n"])
def test_a_word_is_one_subword_wherever_it_stands(kind: str, before: str) -> None:
    tokenizer = BUILT[kind, False]
    assert firsts(tokenizer, f"{before}drone hit")[-2:] == firsts(tokenizer, "Two drone hit")[-2:]


@pytest.mark.parametrize(("kind", "subword"), [("roberta", "Ġdrone"), ("sentence pieces", "▁drone")])
def test_the_first_word_of_every_passage_has_its_blank(kind: str, subword: str) -> None:
    found = firsts(BUILT[kind, False], "drone hit.\n\ndrone hit. drone hit.", passage_words=3)
    assert [token for word, token in found if word == "drone"] == [subword] * 3


def test_a_word_after_a_bracket_has_no_blank() -> None:
    assert firsts(BUILT["roberta", False], "Two (drones)")[2] == ("drones", "dr")


@every_kind
def test_accents_and_capitals_leave_the_words_after_them_in_place(kind: str) -> None:
    text = "É́clat ﬁre İzmir Straße naïve e\u0301 n\u0303o: drone, DRONE Vale"
    found = {word: token.lstrip(MARKERS) for word, token in firsts(BUILT[kind, False], text)}
    assert "drone".startswith(found["drone"])
    assert "Vale".lower().startswith(found["Vale"].lower())
    assert found["DRONE"].lower()[0] == "d"


@every_kind
def test_a_combining_mark_shares_its_letter_or_is_counted_as_unread(kind: str) -> None:
    (passage,) = read(BUILT[kind, False], "hit e\u0301 hit")
    hit, letter, mark, last = passage.word_token
    assert hit < letter < last
    assert mark in (letter, letter + 1, letter + 2) or passage.n_unread == 1


@pytest.mark.parametrize("kind", ["roberta", "modernbert", "bert-uncased", "bert-cased"])
def test_special_tokens_in_an_article_are_text(kind: str) -> None:
    tokenizer = BUILT[kind, False]
    (passage,) = read(tokenizer, "drone [SEP] </s> <pad> [PAD] <s><mask> [CLS] hit")
    special = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id}
    assert special & set(passage.windows[0][1:-1]) == set()


def test_composed_letters_have_their_place_after_composition() -> None:
    decomposed = unicodedata.normalize("NFD", "é é drone")
    found = firsts(BUILT["modernbert", False], decomposed)
    assert [token for word, token in found if word == "drone"] == ["Ġdrone"]


@every_kind
def test_a_hundred_thousand_characters_without_a_blank_are_read(kind: str) -> None:
    passages = read(BUILT[kind, False], "hit " + "n" * 100_000 + " hit", max_tokens=512)
    assert sum(len(passage.words) for passage in passages) == 3
    assert all(passage.n_unread == 0 for passage in passages)
