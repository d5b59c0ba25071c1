"""Words and tags in columns: what is read, what is written, and what a bad line is told."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.data.errors import Problem
from tocsin.data.formats.conll import FORMAT, read, write
from tocsin.data.formats.conversion import Options, Scheme, Tally
from tocsin.data.formats.tag_schemes import ORPHANS
from tocsin.data.schema import Schema
from tocsin.data.types import Argument, Article, Document, Event, Span, TextLabel

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
FILES = {
    "bio": "Rockets\tB-WEAPON\nhit\tO\nFort\tB-BASE\nOrle\tI-BASE\nCamp\tB-BASE\nVale\tI-BASE\n.\tO\n\nNobody\tO\n\n",
    "iob1": "Rockets\tI-WEAPON\nhit\tO\nFort\tI-BASE\nOrle\tI-BASE\nCamp\tB-BASE\nVale\tI-BASE\n.\tO\n\nNobody\tO\n\n",
    "bioes": "Rockets\tS-WEAPON\nhit\tO\nFort\tB-BASE\nOrle\tE-BASE\nCamp\tB-BASE\nVale\tE-BASE\n.\tO\n\nNobody\tO\n\n",
    "bilou": "Rockets\tU-WEAPON\nhit\tO\nFort\tB-BASE\nOrle\tL-BASE\nCamp\tB-BASE\nVale\tL-BASE\n.\tO\n\nNobody\tO\n\n",
}
DOCUMENTS = "-DOCSTART-\tO\n\nA\tO\nraid\tB-ACT\n\nIt\tO\nfailed\tO\n\n-DOCSTART-\tO\n\n# id = second\nNo\tO\n\n"


def documents_of(path: Path, options: Options | None = None, lost: Tally | None = None) -> list[Document]:
    found = list(read(path, options or Options(), Counter() if lost is None else lost))
    assert [problem for problem in found if isinstance(problem, Problem)] == []
    return [document for document in found if isinstance(document, Document)]


def problems_of(path: Path, options: Options | None = None) -> list[str]:
    found = read(path, options or Options(), Counter())
    return [str(problem).removeprefix(str(path)) for problem in found if isinstance(problem, Problem)]


def surfaces(document: Document) -> list[tuple[str, str]]:
    return [(span.text(document.article), span.label) for span in document.entities]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_scheme_is_found_out_and_written_back_as_it_was(scheme: Scheme, tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "news.conll", FILES[scheme])
    documents = documents_of(path, lost=lost)
    assert [document.article.text for document in documents] == ["Rockets hit Fort Orle Camp Vale .", "Nobody"]
    assert surfaces(documents[0]) == [("Rockets", "WEAPON"), ("Fort Orle", "BASE"), ("Camp Vale", "BASE")]
    assert documents[0].article.sentences[0][2:4] == ((12, 16), (17, 21))
    (tmp_path / "again").mkdir()
    write(documents, tmp_path / "again" / "news.conll", Options(scheme=scheme), lost)
    assert (tmp_path / "again" / "news.conll").read_text() == FILES[scheme]
    assert not lost


def test_documents_keep_their_sentences_their_starts_and_their_ids(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "news.conll", DOCUMENTS)
    first, second = documents_of(path, lost=lost)
    assert (first.article.id, first.article.text) == ("news-1", "A raid\nIt failed")
    assert first.article.sentences == (((0, 1), (2, 6)), ((7, 9), (10, 16)))
    assert second.article.id == "second"
    write([first, second], path, Options(), lost)
    assert path.read_text() == DOCUMENTS
    assert not lost


def test_ids_of_sentences_within_a_document_are_counted(tmp_path: Path, lost: Tally) -> None:
    text = "-DOCSTART-\tO\n\n# id = s1\nA\tO\n\n# id = s2\nB\tO\n\n# id = s3\nC\tO\n\n-DOCSTART-\tO\n\nD\tO\n"
    ids = [document.article.id for document in documents_of(written(tmp_path / "a.conll", text), lost=lost)]
    assert ids == ["s1", "a-2"]
    assert lost == {"ids of sentences within a document": 2}


@pytest.mark.parametrize("separator", [" ", "\t", "|", "  "])
def test_a_separator_of_any_kind_is_taken(separator: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.bio", f"Fort{separator}B-BASE\nOrle{separator}I-BASE\n")
    given = Options(separator=separator if separator == "|" else None)
    assert surfaces(documents_of(path, given)[0]) == [("Fort Orle", "BASE")]


def test_columns_between_are_counted_and_another_column_of_tags_is_taken(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.bio", "-DOCSTART- -X- O O\n\nFort NNP B-NP B-BASE\nOrle NNP I-NP I-BASE\n\n")
    assert surfaces(documents_of(path, lost=lost)[0]) == [("Fort Orle", "BASE")]
    assert lost == {"cells of columns beside those of words and tags": 4}
    assert surfaces(documents_of(path, Options(tag_column=2))[0]) == [("Fort Orle", "NP")]


def test_a_column_without_tags_is_told_once_with_the_one_that_has_them(tmp_path: Path) -> None:
    path = written(tmp_path / "a.bio", "Fort B-BASE NNP\nOrle I-BASE NNP\n\n")
    (problem,) = problems_of(path)
    assert "has no tag in the column where tags are expected, e.g. 'NNP'" in problem
    assert "column 1 looks like tags: name it by --tag-column" in problem
    assert surfaces(documents_of(path, Options(tag_column=1))[0]) == [("Fort Orle", "BASE")]


@pytest.mark.parametrize("column", [2, 7, -3])
def test_a_column_that_no_line_has_is_told_once_with_the_one_that_has_tags(tmp_path: Path, column: int) -> None:
    path = written(tmp_path / "a.bio", "Fort\tB-BASE\nOrle\tI-BASE\n\nA\tO\n")
    (problem,) = problems_of(path, Options(tag_column=column))
    assert f"no line has the column {column}, where tags are expected: there are 2, from 0" in problem
    assert "column 1 looks like tags: name it by --tag-column" in problem


def test_a_line_without_a_tag_is_shown_with_what_separates_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "a.bio", "Fort\tNNP\tB-BASE\nOrle\tNNP\n\n")
    (problem,) = problems_of(path, Options(tag_column=2))
    assert r"has no tag: 'Orle\tNNP'; expected a word and a tag, separated by '\t'" in problem


def test_words_without_tags_are_read_where_nothing_but_texts_is_asked_for(tmp_path: Path, lost: Tally) -> None:
    alone = written(tmp_path / "a.bio", "Fort\nOrle\n\nDrones\nfell\n")
    beside = written(tmp_path / "b.bio", "Fort NNP\nOrle NNP\n\nDrones NNS\nfell VBD\n")
    for path in (alone, beside):
        texts = [document.article.text for document in documents_of(path, Options(texts_only=True), lost)]
        assert texts == ["Fort Orle", "Drones fell"]
        assert problems_of(path)
    assert lost["words without a tag, taken as they stand"] == 8


def test_tags_in_another_column_are_never_read_as_words(tmp_path: Path) -> None:
    path = written(tmp_path / "a.bio", "B-BASE\tFort\nI-BASE\tOrle\n")
    assert "column 0 looks like tags" in problems_of(path, Options(texts_only=True))[0]


def test_tags_may_stand_before_words(tmp_path: Path) -> None:
    path = written(tmp_path / "a.bio", "B-BASE\tFort\nI-BASE\tOrle\n")
    assert "column 0 looks like tags: name it by --tag-column" in problems_of(path)[0]
    assert surfaces(documents_of(path, Options(tag_column=0))[0]) == [("Fort Orle", "BASE")]


def test_labels_with_blanks_have_underscores_and_are_counted_by_mention(tmp_path: Path) -> None:
    path = written(tmp_path / "a.bio", "Fort\tB-Military Base\nOrle\tI-Military Base\n.\tO\n")
    lost: Tally = Counter()
    (document,) = documents_of(path, lost=lost)
    assert surfaces(document) == [("Fort Orle", "Military_Base")]
    assert lost == {"labels 'Military Base', read as Military_Base": 1}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("drones", "has no tag: 'drones'"),
        ("drones\t", "has no tag"),
        ("drones\tB", "has the tag 'B'; expected O, B-LABEL"),
        ("drones\tE-BASE", "has the tag 'E-BASE'; expected O, B-LABEL, I-LABEL (BIO)"),
        ("\tB-BASE", "has a tag, 'B-BASE', but no word"),
        ("\u00a0\tB-BASE", "has a tag, 'B-BASE', but no word"),
        ("drones\tB-2x", "'2x' cannot be a name"),
        ("#drones", "has no tag: '#drones'"),
        ("drones\tO\rhit\tO", "has a carriage return inside, as files with the line ends of old Macs have"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_its_sentence_left_out(line: str, told: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", f"Two\tO\n{line}\nhit\tO\n\nNobody\tB-ACTOR\ndied\tI-ACTOR\n\n")
    found = list(read(path, Options(scheme="bio"), Counter()))
    problem, document = found
    assert isinstance(problem, Problem)
    assert problem.where == f"{path}:2"
    assert told in problem.message
    assert "its sentence is left out" in problem.message
    assert isinstance(document, Document)
    assert (document.article.id, document.article.text) == ("a-2", "Nobody died")


def test_a_bad_sentence_takes_only_itself_out_of_its_document(tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", "-DOCSTART-\tO\n\nOne\tO\n\nTwo\n\nThree\tO\n\n")
    problem, document = read(path, Options(), Counter())
    assert isinstance(problem, Problem)
    assert isinstance(document, Document)
    assert document.article.text == "One\nThree"


def test_a_label_beside_the_schema_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", "Orle\tB-BASES\n")
    (problem,) = problems_of(path, Options(schema=Schema(entity_labels=("BASE", "SHIP"))))
    assert "unknown label 'BASES'; did you mean 'BASE'?" in problem


def test_words_of_event_types_are_triggers_and_are_written_as_tags(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.conll", "Orle\tB-BASE\nraid\tB-RAID\n\n")
    (document,) = documents_of(path, Options(schema=Schema(entity_labels=("BASE",), event_types=("RAID",))))
    assert document.events == (Event(Span(5, 9, "RAID")),)
    assert surfaces(document) == [("Orle", "BASE")]
    write([document], path, Options(), lost)
    assert path.read_text() == "Orle\tB-BASE\nraid\tB-RAID\n\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no word"),
        (b"\n \n\t\n", "has no word"),
        (b"-DOCSTART- O\n\n", "has no word"),
        (b"\x00\x01\x02\x03", "NUL byte"),
        (b"\xff\xfeO\x00", "UTF-16"),
        (b"caf\xe9\tO\n", "0xe9 at position 3"),
        (b"One\nTwo\n", "has no tag"),
    ],
)
def test_a_file_without_words_and_tags_is_told_why(content: bytes, told: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", content)
    assert told in "\n".join(problems_of(path))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "no such file" in problems_of(tmp_path / "none.conll")[0]
    assert "is a folder" in problems_of(tmp_path)[0]


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_words_and_tags(tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", b"\xef\xbb\xbfFort\tB-BASE\r\nOrle\tI-BASE\r\n\r\nNo\tO\r\n")
    documents = documents_of(path)
    assert [document.article.text for document in documents] == ["Fort Orle", "No"]
    assert surfaces(documents[0]) == [("Fort Orle", "BASE")]


def test_a_word_of_100_000_characters_is_a_word(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.conll", f"{'x' * 100_000}\tB-BASE\nis\tO\n\n")
    (document,) = documents_of(path)
    assert document.entities == (Span(0, 100_000, "BASE"),)
    assert document.article.sentences == (((0, 100_000), (100_001, 100_003)),)


def test_words_with_white_space_or_nothing_to_see_in_them_keep_offsets_right(tmp_path: Path, lost: Tally) -> None:
    content = "New\u00a0Orle\tB-BASE\n\u200e\tI-BASE\nby the sea\tO\n😀\u2028\tO\nraid\tB-ACT\n\n"
    path = written(tmp_path / "a.conll", content)
    (document,) = documents_of(path)
    assert surfaces(document) == [("New\u00a0Orle \u200e", "BASE"), ("raid", "ACT")]
    write([document], path, Options(), lost)
    assert path.read_bytes().decode() == content
    assert not lost


def test_a_sentence_without_any_entity_is_a_document_like_others(tmp_path: Path) -> None:
    assert documents_of(written(tmp_path / "a.conll", "No\tO\none\tO\n"))[0].entities == ()


def test_tags_that_continue_nothing_open_a_span_and_are_counted(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.conll", "Two\tB-N\nthe\tO\nFort\tI-BASE\nOrle\tI-BASE\n")
    assert surfaces(documents_of(path, lost=lost)[0]) == [("Two", "N"), ("Fort Orle", "BASE")]
    assert lost == {ORPHANS: 1}


def test_an_id_given_twice_is_a_problem(tmp_path: Path) -> None:
    path = written(tmp_path / "a.conll", "# id = x\nOne\tO\n\n# id = x\nTwo\tO\n\n")
    assert "document id 'x' is taken by" in problems_of(path)[0]


def test_other_comments_are_counted_and_a_hash_is_a_word(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.conll", "# text = One #\nOne\tO\n#\tO\n\n")
    assert documents_of(path, lost=lost)[0].article.text == "One #"
    assert lost == {"comments": 1}


def test_starts_and_remarks_without_a_tab_are_none_of_the_words_of_a_file_with_tabs(
    tmp_path: Path, lost: Tally
) -> None:
    starts = "-DOCSTART- (1 NEWS)\n\nOne\tO\n\nTwo\tO\n\n-DOCSTART- (2 NEWS)\n\n# newpar\nThree\tB-X\n\n"
    path = written(tmp_path / "a.conll", starts)
    assert [each.article.text for each in documents_of(path, lost=lost)] == ["One\nTwo", "Three"]
    assert lost == {"comments": 1}


def test_a_hash_and_a_remark_before_a_sentence_are_a_comment_and_with_a_tag_a_word(tmp_path: Path, lost: Tally) -> None:
    path = written(tmp_path / "a.conll", "#\tnews of May\nOne\tO\n#\tO\n\n#\tB-X\n1\tI-X\n\n")
    assert [each.article.text for each in documents_of(path, lost=lost)] == ["One #", "# 1"]
    assert lost == {"comments": 1}


TEXT = "Rockets hit Fort Orle. 😀 It was the third raid."


def test_a_text_without_words_of_its_own_is_cut_and_what_does_not_fit_is_counted(tmp_path: Path, lost: Tally) -> None:
    entities = (Span(0, 7, "WEAPON"), Span(12, 20, "BASE"), Span(17, 21, "TOWN"), Span(21, 34, "LONG"))
    event = Event(Span(42, 46, "RAID"), (Argument("weapon", entities[0]),), {"status": "claimed"}, "I1")
    article = Article(TEXT, id="n1", title="Raid")
    write([Document(article, entities, (event,), labels=(TextLabel("war"),))], tmp_path / "a.conll", Options(), lost)
    assert (tmp_path / "a.conll").read_text() == (
        "-DOCSTART-\tO\n\n# id = n1\nRockets\tB-WEAPON\nhit\tO\nFort\tB-BASE\nOrle\tI-BASE\n.\tB-LONG\n\n"
        "😀\tB-LONG\nIt\tI-LONG\nwas\tI-LONG\nthe\tI-LONG\nthird\tO\nraid\tB-RAID\n.\tO\n\n"
    )
    assert lost == {
        "titles": 1,
        "arguments of events": 1,
        "attributes of events": 1,
        "incidents": 1,
        "labels of texts": 1,
        "texts whose white space is not kept": 1,
        "entities across the end of a sentence, cut in two": 1,
        "entities with an edge inside a word, widened to it": 2,
        "entities that overlap another": 1,
    }


def test_words_that_would_break_a_line_are_mended_and_counted(tmp_path: Path, lost: Tally) -> None:
    article = Article("by the\nsea  ok", id="a-1", sentences=(((0, 10), (11, 12), (12, 14)),))
    write([Document(article, (Span(0, 10, "X"),))], tmp_path / "a.conll", Options(separator=" "), lost)
    assert (tmp_path / "a.conll").read_text() == "by_the_sea B-X\nok O\n\n"
    assert lost == {
        "words with a separator or line break in them, written as _": 1,
        "words of white space alone, left out": 1,
        "texts whose white space is not kept": 1,
    }


def test_a_word_and_an_id_that_would_be_read_as_something_else_are_mended_and_counted(
    tmp_path: Path, lost: Tally
) -> None:
    article = Article("wrote -DOCSTART-", id="Camp, 3", sentences=(((0, 5), (6, 16)),))
    write([Document(article)], tmp_path / "a.conll", Options(separator=","), lost)
    assert lost == {
        "words -DOCSTART-, which open a document when read, written with _": 1,
        "ids that no comment can hold": 1,
    }
    (found,) = documents_of(tmp_path / "a.conll", Options(separator=","))
    assert (found.article.id, found.article.text) == ("a-1", "wrote _DOCSTART_")


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6).filter(
    lambda word: bool(word.strip()) and not word.startswith(("#", "-DOC"))
)
SENTENCES = st.lists(st.tuples(WORDS, st.sampled_from(["", "BASE", "SHIP"])), min_size=1, max_size=6)


def test_a_word_that_a_file_would_open_with_keeps_its_byte_order_mark(tmp_path: Path, lost: Tally) -> None:
    words = Article("\ufeffRebels left", "a-1", sentences=(((0, 7), (8, 12)),))
    document = Document(words, (Span(0, 7, "ACTOR"),))
    write([document], tmp_path / "a.conll", Options(), lost)
    assert documents_of(tmp_path / "a.conll") == [document]
    assert lost == {}


def document_of(sentences: list[list[tuple[str, str]]], own_id: str) -> Document:
    offsets, spans, position = [], [], 0
    for sentence in sentences:
        words = []
        for word, label in sentence:
            words.append((position, position + len(word)))
            spans += [Span(*words[-1], label)] if label else []
            position += len(word) + 1
        offsets.append(tuple(words))
    text = "\n".join(" ".join(word for word, _ in sentence) for sentence in sentences)
    return Document(Article(text, id=own_id, sentences=tuple(offsets)), tuple(spans))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(SENTENCES, min_size=1, max_size=3), min_size=1, max_size=3),
    scheme=st.sampled_from(SCHEMES),
)
def test_what_is_written_is_read_back(texts: list[list[list[tuple[str, str]]]], scheme: Scheme, tmp_path: Path) -> None:
    documents = [document_of(sentences, f"news/{number}é") for number, sentences in enumerate(texts)]
    lost: Tally = Counter()
    write(documents, tmp_path / "a.conll", Options(scheme=scheme), lost)
    assert documents_of(tmp_path / "a.conll", Options(separator="\t"), lost) == documents
    assert not lost


def test_the_format_is_told_by_its_suffixes() -> None:
    assert (FORMAT.name, FORMAT.suffixes) == ("conll", (".conll", ".bio", ".iob"))
