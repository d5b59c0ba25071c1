"""spaCy's DocBin: what spaCy wrote is read, what is written spaCy reads, and nothing in a file is ever run."""

import os
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import spacy
import srsly
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.docbin import FORMAT
from tocsin.data.schema import Schema
from tocsin.data.types import Argument, Article, Document, Event, Span, TextLabel
from tocsin.data.words import words

TEXT = "🚀 Two drones hit Camp Vale.  It burned\n\nuntil dawn."
NLP = spacy.blank("xx")
SCHEMA = Schema(("WEAPON", "BASE"), ("ATTACK",), text_labels=("unrest", "crime"))


def at(surface: str, label: str) -> Span:
    start = TEXT.index(surface)
    return Span(start, start + len(surface), label)


def doc_of(*cut: str, sent_starts: list[bool] | None = None, spaces: list[bool] | None = None) -> Doc:
    return Doc(NLP.vocab, words=list(cut), sent_starts=sent_starts, spaces=spaces)


def packed(path: Path, *docs: Doc, user_data: bool = False) -> Path:
    DocBin(store_user_data=user_data, docs=docs).to_disk(path / "in.spacy")
    return path / "in.spacy"


def read(path: Path, schema: Schema | None = None) -> tuple[list[Document | Problem], Tally]:
    lost: Tally = Counter()
    return list(FORMAT.read(path, Options(schema=schema), lost)), lost


def read_one(path: Path, schema: Schema | None = None) -> tuple[Document, Tally]:
    (document,), lost = read(path, schema)
    assert isinstance(document, Document)
    return document, lost


def written(path: Path, *documents: Document, schema: Schema | None = None) -> tuple[list[Doc], Tally]:
    lost: Tally = Counter()
    assert FORMAT.write is not None
    FORMAT.write(documents, path / "out.spacy", Options(schema=schema), lost)
    return list(DocBin().from_disk(path / "out.spacy").get_docs(spacy.blank("xx").vocab)), lost


def test_entities_labels_words_and_sentences_of_a_spacy_document_are_read(tmp_path: Path) -> None:
    doc = doc_of(*"Drones 🚀 hit Camp Vale . It burned".split(), sent_starts=[n in (0, 6) for n in range(8)])
    doc.ents = [DocSpan(doc, 0, 1, label="WEAPON"), DocSpan(doc, 3, 5, label="BASE")]
    doc.cats = {"unrest": 1.0, "crime": 0.0}
    document, lost = read_one(packed(tmp_path, doc))
    assert document.article.text == doc.text
    assert [(span.text(document.article), span.label) for span in document.entities] == [
        ("Drones", "WEAPON"),
        ("Camp Vale", "BASE"),
    ]
    assert document.labels == (TextLabel("unrest"),)
    assert [len(sentence) for sentence in document.article.sentences] == [6, 2]
    assert document.article.id == "in-1"
    assert lost == {}


def test_spans_of_all_groups_are_entities_each_once(tmp_path: Path) -> None:
    doc = doc_of("Camp", "Vale", "burned")
    doc.ents = [DocSpan(doc, 0, 2, label="BASE")]
    doc.spans["sc"] = [DocSpan(doc, 0, 2, label="BASE"), DocSpan(doc, 1, 2, label="NAME")]
    doc.spans["other"] = [DocSpan(doc, 0, 3, label="CLAUSE"), DocSpan(doc, 0, 1)]
    document, lost = read_one(packed(tmp_path, doc))
    assert [(span.start, span.end, span.label) for span in document.entities] == [
        (0, 9, "BASE"),
        (0, 16, "CLAUSE"),
        (5, 9, "NAME"),
    ]
    assert lost == {"spans without a label": 1}


def test_entities_that_touch_are_two(tmp_path: Path) -> None:
    doc = doc_of("Norland", "Camp", "Vale")
    doc.ents = [DocSpan(doc, 0, 1, label="BASE"), DocSpan(doc, 1, 3, label="BASE")]
    document, _ = read_one(packed(tmp_path, doc))
    assert [(span.start, span.end) for span in document.entities] == [(0, 7), (8, 17)]


def test_without_sentence_starts_there_is_one_sentence_and_white_space_is_no_word(tmp_path: Path) -> None:
    doc = NLP("Two drones  hit\n\nCamp Vale.")
    doc.ents = []
    document, _ = read_one(packed(tmp_path, doc))
    (sentence,) = document.article.sentences
    assert [document.article.text[start:end] for start, end in sentence] == "Two drones hit Camp Vale .".split()


def test_words_whose_white_space_nobody_knows_stand_apart_as_in_spacy(tmp_path: Path) -> None:
    doc = doc_of("Camp", "Vale", ".")
    assert doc.has_unknown_spaces
    doc.ents = []
    document, _ = read_one(packed(tmp_path, doc))
    assert document.article.text == doc.text == "Camp Vale . "


def test_with_a_schema_event_types_are_triggers(tmp_path: Path) -> None:
    doc = doc_of("Drones", "hit")
    doc.ents = [DocSpan(doc, 0, 1, label="WEAPON"), DocSpan(doc, 1, 2, label="ATTACK")]
    document, _ = read_one(packed(tmp_path, doc), SCHEMA)
    assert document.entities == (Span(0, 6, "WEAPON"),)
    assert document.events == (Event(Span(7, 10, "ATTACK")),)


def test_what_a_document_has_no_place_for_is_counted(tmp_path: Path) -> None:
    doc = Doc(NLP.vocab, words=["Drones", "hit"], pos=["NOUN", "VERB"], lemmas=["drone", "hit"])
    doc.ents = [DocSpan(doc, 0, 1, label="WEAPON", kb_id="Q1")]
    doc.cats = {"unrest": 0.9}
    doc.user_data |= {"title": "A title", "mood": "grim", ("._.", "read", None, None): True}
    document, lost = read_one(packed(tmp_path, doc, user_data=True))
    assert document.article.title == "A title"
    assert lost == {
        "texts with parts of speech, lemmas or parses, now without them": 1,
        "links and ids of entities": 1,
        "scores of labels": 1,
        'values of "mood"': 1,
        "user data of texts, under keys that are no names": 1,
    }


MISSING = "words whose entities nobody annotated, read as in none"


def test_words_whose_entities_are_missing_are_counted_and_white_space_is_no_word(tmp_path: Path) -> None:
    doc = NLP("Two drones  hit\n\nCamp Vale.")
    drones, vale = DocSpan(doc, 1, 2, label="WEAPON"), DocSpan(doc, 5, 7, label="BASE")
    doc.set_ents([drones], outside=[doc[3:4]], default="missing")
    doc.spans["sc"] = [vale]
    document, lost = read_one(packed(tmp_path, doc))
    assert [span.label for span in document.entities] == ["WEAPON", "BASE"]
    assert lost == {MISSING: 2}  # "Two" and the stop; of "Camp Vale" the group tells
    assert read_one(packed(tmp_path, doc), SCHEMA)[1] == {MISSING: 2}


def test_a_document_whose_entities_are_all_missing_is_left_out_and_counted(tmp_path: Path) -> None:
    bare, empty = doc_of("Camp", "Vale"), doc_of("It", "burned")
    bare.user_data["mood"] = "grim"
    empty.ents = []
    found, lost = read(packed(tmp_path, bare, empty, user_data=True))
    assert [(item.article.id, item.entities) for item in found if isinstance(item, Document)] == [("in-2", ())]
    assert lost == {"texts that nobody annotated, left out": 1}


def test_a_docbin_without_a_column_of_entities_has_none_annotated(tmp_path: Path) -> None:
    doc = doc_of("Camp", "Vale")
    doc.ents = [DocSpan(doc, 0, 2, label="BASE")]
    DocBin(attrs=["ORTH"], docs=[doc]).to_disk(tmp_path / "in.spacy")
    assert read(tmp_path / "in.spacy") == ([], {"texts that nobody annotated, left out": 1})


@pytest.mark.parametrize(("schema", "n"), [(None, 2), (SCHEMA, 2), (Schema(text_labels=("unrest",)), 0)])
def test_a_document_of_categories_alone_is_read_and_its_words_counted_if_entities_are_asked_for(
    tmp_path: Path, schema: Schema | None, n: int
) -> None:
    doc = doc_of("Camp", "Vale")
    doc.cats = {"unrest": 1.0}
    document, lost = read_one(packed(tmp_path, doc), schema)
    assert document.labels == (TextLabel("unrest"),)
    assert lost == ({MISSING: n} if n else {})


def test_where_groups_alone_are_annotated_they_say_which_words_are_in_no_span(tmp_path: Path) -> None:
    with_spans, without = doc_of("Camp", "Vale", "burned"), doc_of("It", "burned")
    with_spans.spans["sc"] = [DocSpan(with_spans, 0, 2, label="BASE")]
    without.spans["sc"] = []
    found, lost = read(packed(tmp_path, with_spans, without))
    assert [len(item.entities) for item in found if isinstance(item, Document)] == [1, 0]
    assert lost == {}


def test_texts_that_nobody_annotated_are_read_where_the_texts_only_are_asked_for(tmp_path: Path) -> None:
    path = packed(tmp_path, doc_of("Camp", "Vale"), doc_of("It", "burned"))
    found = list(FORMAT.read(path, Options(texts_only=True), Counter()))
    assert [item.article.text for item in found if isinstance(item, Document)] == ["Camp Vale ", "It burned "]


@pytest.mark.parametrize(
    ("label", "cat", "message"),
    [("BAES", "unrest", "did you mean 'BASE'?"), ("BASE", "unrests", "did you mean 'unrest'?")],
    ids=["label", "category"],
)
def test_names_that_the_schema_has_not_are_told(tmp_path: Path, label: str, cat: str, message: str) -> None:
    doc = doc_of("Camp", "Vale")
    doc.ents = [DocSpan(doc, 0, 2, label=label)]
    doc.cats = {cat: 1.0}
    (problem,), _ = read(packed(tmp_path, doc), SCHEMA)
    assert isinstance(problem, Problem)
    assert problem.where.endswith("in.spacy:1")
    assert message in problem.message


def test_a_label_that_can_be_none_is_told(tmp_path: Path) -> None:
    doc = doc_of("Camp", "Vale")
    doc.ents = [DocSpan(doc, 0, 2, label="a/base")]
    (problem,), _ = read(packed(tmp_path, doc))
    assert isinstance(problem, Problem)
    assert "'a/base' cannot be a name" in problem.message


def test_what_is_written_spacy_reads(tmp_path: Path) -> None:
    article = Article(TEXT, "n1", "Head", date(2024, 5, 2), "Agency", "https://example.org/1")
    entities = at("drones", "WEAPON"), at("Camp Vale", "BASE")
    document = Document(article, entities, (Event(at("hit", "ATTACK")),), labels=(TextLabel("unrest"),))
    (doc,), lost = written(tmp_path, document, schema=SCHEMA)
    assert doc.text == TEXT
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("drones", "WEAPON"),
        ("hit", "ATTACK"),
        ("Camp Vale", "BASE"),
    ]
    assert doc.cats == {"unrest": 1.0, "crime": 0.0}
    assert [token.text for token in doc if token.is_space] == [" ", "\n\n"]
    assert lost == {}
    back, _ = read_one(tmp_path / "out.spacy", SCHEMA)
    assert replace(back.article, sentences=()) == article
    assert (back.entities, back.events, back.labels) == (document.entities, document.events, document.labels)


def test_spans_that_overlap_go_into_the_group_that_the_span_categoriser_reads(tmp_path: Path) -> None:
    document = Document(Article(TEXT, "n1"), (at("Camp Vale", "BASE"), at("Vale", "NAME")))
    (doc,), lost = written(tmp_path, document)
    assert [ent.text for ent in doc.ents] == ["Camp Vale"]
    assert [span.text for span in doc.spans["sc"]] == ["Vale"]
    assert lost == {'spans that overlap others: in doc.spans["sc"], not in doc.ents': 1}
    assert read_one(tmp_path / "out.spacy")[0].entities == document.entities


def test_spans_that_fit_no_words_are_widened_and_counted(tmp_path: Path) -> None:
    blank = TEXT.index(" hit")
    document = Document(Article(TEXT, "n1"), (at("amp Va", "BASE"), Span(blank, blank + 1, "GAP")))
    (doc,), lost = written(tmp_path, document)
    assert [ent.text for ent in doc.ents] == ["Camp Vale"]
    assert lost == {
        "spans with an edge inside a token, moved to its edge": 1,
        "spans of nothing but a blank, which is no token": 1,
    }


def test_the_words_that_a_text_comes_with_are_the_tokens(tmp_path: Path) -> None:
    text = "Camp-Vale burned . It fell"
    sentences = ((0, 9), (10, 16), (17, 18)), ((19, 21), (22, 26))
    (doc,), _ = written(tmp_path, Document(Article(text, "n1", sentences=sentences)))
    assert [token.text for token in doc] == text.split()
    assert [sentence.text for sentence in doc.sents] == ["Camp-Vale burned .", "It fell"]
    assert read_one(tmp_path / "out.spacy")[0].article.sentences == sentences


def test_what_spacy_has_no_place_for_is_counted(tmp_path: Path) -> None:
    weapon = at("drones", "WEAPON")
    event = Event(at("hit", "ATTACK"), (Argument("weapon", weapon),), {"status": "reported"}, "I1")
    _, lost = written(tmp_path, Document(Article(TEXT, "n1"), (weapon,), (event,), labels=()))
    assert lost == {
        "arguments of events": 1,
        "attributes of events": 1,
        "incidents": 1,
        "events, which only a schema can tell from entities": 1,
        "texts labelled with none of the labels: without a schema, the same as not labelled": 1,
    }


def test_triggers_that_only_a_schema_tells_from_entities_are_counted_once(tmp_path: Path) -> None:
    gap = TEXT.index(" hit")
    triggers = at("hit", "ATTACK"), at("hit", "ATTACK"), at("burned", "ATTACK"), Span(gap, gap + 1, "ATTACK")
    document = Document(Article(TEXT, "n1"), (at("burned", "ATTACK"),), tuple(map(Event, triggers)))
    others = {"entities given twice": 2, "spans of nothing but a blank, which is no token": 1}
    assert written(tmp_path, document, schema=SCHEMA)[1] == others
    assert written(tmp_path, document)[1] == others | {"events, which only a schema can tell from entities": 1}
    back, _ = read_one(tmp_path / "out.spacy")
    assert (len(back.entities), back.events) == (2, ())


def test_where_the_schema_tags_nothing_entities_are_missing_and_not_known_to_be_none(tmp_path: Path) -> None:
    (doc,), _ = written(tmp_path, Document(Article(TEXT, "n1")), schema=Schema(text_labels=("unrest",)))
    assert not doc.has_annotation("ENT_IOB")
    (doc,), _ = written(tmp_path, Document(Article(TEXT, "n1")), schema=SCHEMA)
    assert doc.has_annotation("ENT_IOB")


def _edited(path: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    content = srsly.msgpack_loads(zlib.decompress(path.read_bytes()))
    edit(content)
    path.write_bytes(zlib.compress(srsly.msgpack_dumps(content)))
    return path


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda content: content.pop("attrs"), "is no DocBin"),
        (lambda content: content.update(attrs=[]), "is no DocBin"),
        (lambda content: content.update(attrs=["ORTH"]), "is no DocBin"),
        (lambda content: content.update(tokens="text"), "is no DocBin"),
        (lambda content: content.update(tokens=content["tokens"][:-8]), "is no DocBin"),
        (lambda content: content.update(lengths=struct.pack("<ii", -1, 3)), "do not add up"),
        (lambda content: content.update(spaces=b"\0"), "white space does not belong"),
        (lambda content: content.update(cats=[{}, {}]), "different numbers of documents"),
        (lambda content: content.update(strings=[3]), "is no DocBin"),
        (lambda content: content.update(strings=[]), "hash is of none of the file's strings"),
        (lambda content: content.update(cats=[[1]]), "doc.cats is (1,); expected a score"),
        (lambda content: content.update(cats=[{"unrest": "yes"}]), "has the score 'yes'"),
        (lambda content: content.update(cats=[{"unrest": float("nan")}]), "has the score nan"),
        (lambda content: content.update(span_groups=[b"\xc1"]), "span groups cannot be read"),
        (lambda content: content.update(user_data=[b"\xc1"]), "user data cannot be read"),
        (lambda content: content.update(user_data=[3]), "user data cannot be read"),
    ],
)
def test_a_damaged_file_is_told(tmp_path: Path, edit: Callable[[dict[str, Any]], object], message: str) -> None:
    problems, lost = read(_edited(packed(tmp_path, doc_of("Camp", "Vale")), edit))
    assert len(problems) == 1
    assert isinstance(problems[0], Problem)
    assert message in problems[0].message
    assert lost == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; expected what"),
        (b"\xff\xfe\x00binary", "is no DocBin (not compressed by zlib)"),
        (b"\xef\xbb\xbf{}\r\n", "is no DocBin (not compressed by zlib)"),
        (zlib.compress(b"plain text, no msgpack"), "is no DocBin"),
        (zlib.compress(b"\x91" * 100_000), "is no DocBin"),
        (zlib.compress(srsly.msgpack_dumps([1])), "is no DocBin (it holds tuple)"),
        (zlib.compress(os.urandom(999))[:-9], "is cut off"),
    ],
    ids=["empty", "binary", "text", "zlib", "nested", "list", "cut"],
)
def test_what_is_no_docbin_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "in.spacy").write_bytes(content)
    (problem,), _ = read(tmp_path / "in.spacy")
    assert isinstance(problem, Problem)
    assert message in problem.message


@pytest.mark.parametrize("name", ["missing.spacy", "."], ids=["missing", "folder"])
def test_what_cannot_be_opened_is_told(tmp_path: Path, name: str) -> None:
    (problem,), _ = read(tmp_path / name)
    assert isinstance(problem, Problem)


def test_a_span_past_the_text_and_a_file_without_documents_are_told(tmp_path: Path) -> None:
    group = {"name": "sc", "attrs": {}, "spans": [struct.pack(">QQQllll", 0, 0, 0, 1, 9, 0, 0)]}
    groups = srsly.msgpack_dumps({srsly.msgpack_dumps(group): ["sc"]})
    path = _edited(packed(tmp_path, doc_of("Camp", "Vale")), lambda content: content.update(span_groups=[groups]))
    (problem,), _ = read(path)
    assert "a span is of the tokens [1, 9); the text has 2 tokens" in str(problem)
    (problem,), _ = read(packed(tmp_path))
    assert "holds no document" in str(problem)


def test_nothing_in_a_file_is_decoded_by_what_is_registered_with_srsly(tmp_path: Path) -> None:
    decoded: list[object] = []

    def decoder(value: object, chain: object = None) -> object:
        decoded.append(value)
        return value

    doc = doc_of("Camp", "Vale")
    doc.spans["sc"] = [DocSpan(doc, 0, 2, label="BASE")]
    doc.user_data["array"] = {"nd": True, "kind": "O", "data": b"cos\nsystem\n."}
    path = packed(tmp_path, doc, user_data=True)
    srsly.msgpack_decoders.register("probe", func=decoder)
    try:
        document, lost = read_one(path)
    finally:
        srsly.msgpack_decoders.register("probe", func=lambda value, chain=None: chain(value) if chain else value)
    assert decoded == []
    assert document.entities == (Span(0, 9, "BASE"),)
    assert lost == {'values of "array"': 1}


def test_without_spacy_the_error_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy.attrs", None)
    with pytest.raises(DataError, match=r"pip install 'tocsin\[spacy\]'"):
        read(tmp_path / "in.spacy")
    with pytest.raises(DataError, match=r"pip install 'tocsin\[spacy\]'"):
        written(tmp_path, Document(Article(TEXT)))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(alphabet="ab é🚀\u0301\n\r\t.\u00a0", min_size=1, max_size=50).filter(str.strip))
    cut = words(text)
    ends = sorted(draw(st.sets(st.integers(1, len(cut)), max_size=3)) | {len(cut)})
    sentences = tuple(tuple(cut[first:end]) for first, end in pairwise([0, *ends]))
    labels = st.sampled_from(["BASE", "WEAPON", "PERSON"])
    places = st.tuples(st.sampled_from(cut), st.sampled_from(cut), labels)
    spans = {(min(a[0], b[0]), max(a[1], b[1]), label) for a, b, label in draw(st.lists(places, max_size=5))}
    chosen = draw(st.sampled_from([None, (TextLabel("unrest"),)]))
    return Document(
        Article(text, "d", sentences=sentences), tuple(Span(*span) for span in sorted(spans)), labels=chosen
    )


@given(document=documents())
def test_a_document_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    path = tmp_path_factory.mktemp("docbin")
    (doc,), _ = written(path, document)
    assert doc.text == document.article.text
    assert read_one(path / "out.spacy") == (document, {})
