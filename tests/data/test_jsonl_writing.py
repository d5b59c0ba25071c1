"""Documents written as JSON lines: what a file then holds, and that reading it gives the same documents."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.incidents import build_incidents
from tocsin.data.jsonl import document_from_record, document_to_record, read_documents, write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Argument, Article, DateInterval, Document, Event, Span

TEXT = "On Friday rockets hit Fort Orle in Estmark, wounding two guards. A ship fled."


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_scores_are_written_rounded_and_only_where_they_are_not_one() -> None:
    base, weapon = Span(22, 31, "BASE", 0.123456), Span(10, 17, "WEAPON", 0.99999)
    event = Event(Span(18, 21, "ATTACK", 0.5), (Argument("target", base, 0.25),))
    article = Article(TEXT, "n1")
    record = document_to_record(
        Document(article, (base, weapon), (event,), build_incidents(article, [event], DEFAULT_SCHEMA))
    )
    assert [entity.get("score") for entity in record["entities"]] == [None, 0.1235]
    assert record["events"][0]["score"] == 0.5
    assert record["events"][0]["arguments"] == [{"role": "target", "entity": "T2", "score": 0.25}]
    assert record["incidents"][0]["score"] == 0.5
    assert record["incidents"][0]["fillers"]["target"][0]["score"] == 0.25


def test_a_label_that_is_called_score_keeps_its_own() -> None:
    schema = Schema(text_labels=("score", "other"))
    document = Document(Article(TEXT, "n1"), labels=(), label_scores={"score": 0.99999, "other": 0.00001})
    record = document_to_record(document)
    assert record["label_scores"] == {"score": 1.0, "other": 0.0}
    assert document_from_record(record, schema).label_scores == {"score": 1.0, "other": 0.0}


def test_two_events_on_one_trigger_keep_their_own_incidents() -> None:
    trigger = Span(18, 21, "ATTACK")
    events = (Event(trigger, incident="I1"), Event(trigger, incident="I2"))
    article = Article(TEXT, "n1")
    record = document_to_record(Document(article, (), events, build_incidents(article, events, DEFAULT_SCHEMA)))
    assert [incident["mentions"] for incident in record["incidents"]] == [["E1"], ["E2"]]


def test_an_argument_that_is_no_entity_of_the_document_cannot_be_written() -> None:
    event = Event(Span(18, 21, "ATTACK"), (Argument("target", Span(22, 31, "BASE")),))
    with pytest.raises(ValueError, match=r"BASE \[22, 31\) is referred to but is not in the document"):
        document_to_record(Document(Article(TEXT), (), (event,)))


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    article = Article("First\u2028second\x85third\r\nfourth", "n1")
    path = tmp_path / "out.jsonl"
    write_documents(path, [Document(article)])
    assert list(read_documents(path, DEFAULT_SCHEMA)) == [Document(article)]


def test_a_stream_gets_one_line_a_document_in_its_own_letters() -> None:
    stream = io.StringIO()
    write_documents(stream, [Document(Article("Überfall bei Öl-Depot", "a")), Document(Article("Ruhe", "b"))])
    lines = stream.getvalue().splitlines()
    assert lines[0] == (
        '{"id": "a", "title": "", "published": "", "source": "", "text": "Überfall bei Öl-Depot", '
        '"entities": [], "events": []}'
    )
    assert len(lines) == 2


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = written(tmp_path / "out.jsonl", "before")

    def documents() -> Any:
        yield Document(Article("Quiet.", "a"))
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_documents(path, documents())
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_keeps_pointing_at_the_file_written(tmp_path: Path) -> None:
    target = written(tmp_path / "real.jsonl", "before")
    link = tmp_path / "link.jsonl"
    link.symlink_to(target)
    write_documents(link, [Document(Article("Quiet.", "a"))])
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith('{"id": "a"')


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_documents(Path("/dev/null"), [Document(Article("Quiet.", "a"))])
    assert Path("/dev/null").is_char_device()


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none/out\.jsonl: cannot be written .* a folder that exists"):
        write_documents(tmp_path / "none" / "out.jsonl", [])


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        write_documents(tmp_path, [])


# Generated documents: any text, spans anywhere in it, arguments among the entities.
characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters, min_size=2, max_size=60).filter(str.strip)
scores = st.integers(0, 10_000).map(lambda n: n / 10_000)
dates = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1))
casualties = st.fixed_dictionaries(
    {
        "harm": st.sampled_from(["killed", "any"]),
        "min": st.none() | st.integers(0, 9),
        "max": st.none() | st.integers(9, 99),
    }
)


@st.composite
def spans(draw: st.DrawFn, text: str, labels: tuple[str, ...], score: st.SearchStrategy[float]) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    label = draw(st.sampled_from(labels))
    attributes = draw(casualties) if label == "CASUALTY" else {}
    return Span(start, draw(st.integers(start + 1, len(text))), label, draw(score), attributes)


@st.composite
def events(draw: st.DrawFn, text: str, entities: list[Span], score: st.SearchStrategy[float]) -> Event:
    arguments = st.builds(
        Argument, st.sampled_from([r.name for r in DEFAULT_SCHEMA.roles]), st.sampled_from(entities), score
    )
    return Event(
        draw(spans(text, DEFAULT_SCHEMA.event_types, score)),
        tuple(draw(st.lists(arguments, max_size=4))) if entities else (),
        {attribute.name: draw(st.sampled_from(attribute.values)) for attribute in DEFAULT_SCHEMA.attributes},
        draw(st.sampled_from(["", "I1", "I2", "raid"])),
    )


@st.composite
def documents(draw: st.DrawFn, score: st.SearchStrategy[float]) -> Document:
    text = draw(texts)
    article = Article(
        text,
        draw(st.text(characters)),
        draw(st.text(characters)),
        draw(st.none() | dates),
        "Echo",
        draw(st.text(characters)),
    )
    entities = draw(
        st.lists(
            spans(text, DEFAULT_SCHEMA.entity_labels, score), max_size=5, unique_by=lambda s: (s.start, s.end, s.label)
        )
    )
    mentions = draw(st.lists(events(text, entities, score), max_size=4)) if entities else []
    known = draw(
        st.dictionaries(
            st.sampled_from(["I1", "raid"]),
            st.builds(DateInterval, dates.map(lambda _: date(2024, 1, 1)), st.just(date(2024, 1, 3))),
        )
    )
    return Document(
        article,
        tuple(sorted(entities, key=lambda span: (span.start, span.end, span.label))),
        tuple(sorted(mentions, key=lambda event: (event.trigger.start, event.trigger.end))),
        build_incidents(article, mentions, DEFAULT_SCHEMA, known),
    )


@given(documents(st.just(1.0)))
def test_gold_written_and_read_is_the_same_document(document: Document) -> None:
    line = json.dumps(document_to_record(document), ensure_ascii=False)
    assert document_from_record(json.loads(line), DEFAULT_SCHEMA) == document


@given(documents(scores))
def test_predictions_written_and_read_differ_at_most_in_the_rounding_of_derived_scores(document: Document) -> None:
    record = document_to_record(document)
    again = document_from_record(record, DEFAULT_SCHEMA)
    assert (again.article, again.entities, again.events) == (document.article, document.entities, document.events)
    assert document_to_record(again) == record


@given(documents(scores))
def test_every_surface_written_stands_at_its_offsets(document: Document) -> None:
    record = document_to_record(document)
    for item in [*record["entities"], *(event["trigger"] for event in record["events"])]:
        assert record["text"][item["start"] : item["end"]] == item["text"]
