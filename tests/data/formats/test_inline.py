"""The inline markup: what a file says, what is wrong with one, and that documents come back as they were."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.inline import FORMAT
from tocsin.data.formats.inline_marks import parse_marks
from tocsin.data.formats.inline_writing import STRANGE, STRANGE_ROLES
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA, Attribute, Role, Schema, attacks
from tocsin.data.types import Argument, Article, DateInterval, Document, Event, Span, TextLabel

HEADER = "id: vale-1\ntitle: Camp Vale\npublished: 2024-05-02\nsource: Vale Post\nlabels: reports_attack\n"
BODY = (
    "On [Tuesday|DATE d] [rockets|WEAPON w] [hit|ATTACK I1 reported single hit weapon=w target=b date=d] "
    "[Camp Vale|BASE b], and [at least three men|CASUALTY harm=wounded min=3] were hurt."
)


def stored(folder: Path, content: str, name: str = "a.inline") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def readings(path: Path, schema: Schema | None = None) -> list[Document | Problem]:
    lost: Tally = Counter()
    found = list(FORMAT.read(path, Options(schema), lost))
    assert not lost
    return found


def document_of(folder: Path, content: str, schema: Schema | None = None) -> Document:
    [found] = readings(stored(folder, content), schema)
    assert isinstance(found, Document), found
    return found


def faults(folder: Path, content: str, schema: Schema | None = None) -> list[str]:
    """What is wrong with a file, without its name."""
    found = readings(stored(folder, content), schema)
    assert all(isinstance(item, Problem) for item in found)
    return [str(item).partition("a.inline:")[2].strip() for item in found]


def written(folder: Path, *documents: Document, name: str = "out") -> tuple[Path, Tally]:
    lost: Tally = Counter()
    assert FORMAT.write
    FORMAT.write(documents, folder / name, Options(), lost)
    return folder / name, lost


def test_a_file_is_a_text_with_its_entities_events_labels_and_days(tmp_path: Path) -> None:
    found = document_of(tmp_path, f"{HEADER}days: I1=2024-04-30\n\n{BODY}\n")
    text = "On Tuesday rockets hit Camp Vale, and at least three men were hurt."
    assert found.article == Article(text, "vale-1", "Camp Vale", date(2024, 5, 2), "Vale Post")
    day, weapon, base, hurt = found.entities
    assert [(span.text(found.article), span.label) for span in found.entities] == [
        ("Tuesday", "DATE"),
        ("rockets", "WEAPON"),
        ("Camp Vale", "BASE"),
        ("at least three men", "CASUALTY"),
    ]
    assert hurt.attributes == {"harm": "wounded", "min": 3, "max": None}
    [event] = found.events
    assert event.trigger.text(found.article) == "hit"
    assert event.arguments == (Argument("weapon", weapon), Argument("target", base), Argument("date", day))
    assert event.attributes == {"status": "reported", "scope": "single", "outcome": "hit"}
    assert found.labels == (TextLabel("reports_attack"),)
    assert found.incidents[0].date == DateInterval(date(2024, 4, 30), date(2024, 4, 30))


def test_a_text_keeps_its_paragraphs_and_its_brackets(tmp_path: Path) -> None:
    found = document_of(tmp_path, "id: a\n\n\nOne \\[sic\\] \\| two \\\\ three.\n\n[Four|DATE]\n\n")
    assert found.article.text == "One [sic] | two \\ three.\n\nFour"
    assert found.entities == (Span(26, 30, "DATE"),)


def test_keys_are_those_of_their_sentence(tmp_path: Path) -> None:
    raid = "[{}|BASE b] was [raided|ATTACK I1 reported single hit target=b]."
    found = document_of(tmp_path, f"id: a\n\n{raid.format('Fort Ash')} {raid.format('Fort Oak')}\n")
    assert [event.fillers("target")[0].text(found.article) for event in found.events] == ["Fort Ash", "Fort Oak"]


@pytest.mark.parametrize(("line", "expected"), [("", None), ("labels:\n", ()), ("labels: x\n", (TextLabel("x"),))])
def test_no_labels_are_not_the_same_as_none_said(
    tmp_path: Path, line: str, expected: tuple[TextLabel, ...] | None
) -> None:
    assert document_of(tmp_path, f"id: a\n{line}\nQuiet.\n").labels == expected


def test_labels_that_the_schema_does_not_name_are_counted(tmp_path: Path) -> None:
    lost: Tally = Counter()
    [found] = FORMAT.read(stored(tmp_path, "id: a\nlabels: x, y\n\nQuiet.\n"), Options(DEFAULT_SCHEMA), lost)
    assert isinstance(found, Document)
    assert found.labels is None
    assert lost == {"labels of texts the schema does not name": 2}


def test_a_label_that_is_no_attacks_is_told_once_with_the_way_to_name_another_set(tmp_path: Path) -> None:
    path = stored(tmp_path, "id: a\n\nA [ship|SHIP].\nA [boat|SHIP].\nA [raft|SHIP].\n")
    (problem,) = FORMAT.read(path, Options(), Counter())
    assert str(problem).startswith(f"{path}:3: unknown label 'SHIP'; ")
    assert str(problem).endswith(
        "; so on line 4, 5; a label set of one's own is named by --schema FILE, or schema in [data] of a config"
    )
    (found,) = FORMAT.read(path, Options(Schema(("SHIP",))), Counter())
    assert isinstance(found, Document)
    assert len(found.entities) == 3


def test_labels_that_will_be_unknown_when_read_are_counted_when_written(tmp_path: Path) -> None:
    lost: Tally = Counter()
    document = Document(Article("A ship.", id="a"), (Span(2, 6, "SHIP"),))
    assert FORMAT.write
    FORMAT.write([document], tmp_path / "a.inline", Options(), lost)
    assert lost[STRANGE] == 1
    FORMAT.write([document], tmp_path / "b.inline", Options(Schema(("SHIP",))), lost)
    assert lost[STRANGE] == 1


def test_roles_that_will_be_unknown_when_read_are_counted_when_written(tmp_path: Path) -> None:
    lost: Tally = Counter()
    ship = Span(2, 6, "BASE")
    document = Document(
        Article("A ship burnt.", id="a"), (ship,), (Event(Span(7, 12, "ATTACK"), (Argument("victim", ship),)),)
    )
    assert FORMAT.write
    FORMAT.write([document], tmp_path / "a.inline", Options(), lost)
    assert (lost[STRANGE], lost[STRANGE_ROLES]) == (0, 1)
    known = replace(attacks(), roles=(*attacks().roles, Role("victim", ("BASE",))))
    FORMAT.write([document], tmp_path / "b.inline", Options(known), lost)
    assert lost[STRANGE_ROLES] == 1


def test_a_file_without_an_id_is_called_by_its_name_and_one_without_days_is_resolved(tmp_path: Path) -> None:
    found = document_of(tmp_path, f"published: 2024-05-02\n\n{BODY}")
    assert found.article.id == "a"
    assert str(found.incidents[0].date) == "2024-04-30"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("A [fort|BAES b].", "3: unknown label 'BAES'; did you mean 'BASE'?"),
        ("A [fort|BASE", "3: the mark of 'fortBASE' is not closed on its line"),
        ("A [fort\n\n|BASE] b.", "3: the mark of 'fort' is not closed on its line"),
        ("A fort] b.", "3: a ] out of place in 'A fort] b.'"),
        ("A [fort [b|BASE]", "3: a [ out of place in"),
        ("A [|BASE] b.", "3: a mark without characters"),
        ("A [fort|] b.", "3: a mark without a label"),
        ("A [fort|BASE a b].", "3: BASE has the keys a, b; expected one at most"),
        ("A [fort|BASE a] and [camp|BASE a].", "3: key 'a' is given twice in one sentence"),
        ("A [man|CASUALTY min=1].", "3: CASUALTY has no harm; expected harm= one of: killed,"),
        ("A [man|CASUALTY harm=hurt].", "3: unknown value of harm 'hurt'; expected one of: killed,"),
        ("A [man|CASUALTY harm=any min=few].", "3: min of CASUALTY is 'few'; expected an integer"),
        ("A [man|ACTOR harm=any].", "3: unknown attribute of ACTOR 'harm'"),
        ("A [raid|ATTACK I1 reported single].", "3: ATTACK has no outcome; expected one of: hit,"),
        ("A [raid|ATTACK I1 I2 reported single hit].", "3: the incident is 'I1' already; unknown value 'I2'"),
        ("A [raid|ATTACK I1 reported denied single hit].", "3: status is 'reported' and 'denied'; expected one value"),
        ("A [raid|ATTACK I1 reported single hit status=denied].", "3: status is 'reported' and 'denied'; expected one"),
        ("A [raid|ATTACK I1 outcome=hit outcome=failed].", "3: outcome is 'hit' and 'failed'; expected one value"),
        ("A [man|CASUALTY harm=any harm=killed].", "3: harm is 'any' and 'killed'; expected one value"),
        ("A [man|CASUALTY harm=any min=0 min=2].", "3: min is '0' and '2'; expected one value"),
        ("A [raid|ATTACK I1 reported single hit where=b].", "3: unknown role 'where'"),
        ("A [raid|ATTACK I1 reported single outcome=bad].", "3: unknown value of outcome 'bad'"),
        (
            "A [fort|BASE b]. A [raid|ATTACK I1 reported single hit target=b].",
            "3: target=b: no entity of that key in 'A raid.'; its keys: none",
        ),
    ],
)
def test_a_bad_mark_is_told_with_its_line(tmp_path: Path, body: str, told: str) -> None:
    [fault, *_] = faults(tmp_path, f"id: a\n\n{body}\n")
    assert fault.startswith(told), fault


def test_what_the_rules_of_annotation_forbid_is_told(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, "id: a\n\nA [fort|BASE b] was [hit|ATTACK I1 reported single hit weapon=b].")
    assert "weapon" in fault
    assert "BASE" in fault


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id: a\nwriter: me", "2: 'writer: me' is no line of a header; expected one of id, title,"),
        ("Two men were seen.", "1: 'Two men were seen.' is no line of a header"),
        ("id: a\nid: b", "2: 'id' is given twice"),
        ("id: a\npublished: May 2", "\"published\" is 'May 2'; expected an ISO date"),
        ("id: a\ndays: I1", "2: \"days\" has 'I1'; expected I1=2024-05-02"),
        ("id: a\ndays: I1=2024-05-02", "2: \"days\" names unknown incident 'I1'"),
    ],
)
def test_a_bad_header_is_told_with_its_line(tmp_path: Path, header: str, told: str) -> None:
    assert faults(tmp_path, f"{header}\n\nQuiet.\n")[0].startswith(told)


def test_a_bad_line_of_a_header_does_not_shift_the_lines_of_the_others(tmp_path: Path) -> None:
    found = faults(tmp_path, "id: a\nwriter: me\ndays: I1\n\nQuiet.\n")
    assert [fault[:2] for fault in found] == ["2:", "3:"]


def test_what_an_event_lacks_is_told_in_the_order_of_the_schema(tmp_path: Path) -> None:
    found = faults(tmp_path, "id: a\n\nA [raid|ATTACK I1].\n")
    assert [fault.split()[4] for fault in found] == ["status;", "scope;", "outcome;"]


def test_of_a_file_that_is_not_all_text_only_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.inline"
    path.write_bytes(b"id: a\ntitle: \xff\n\nA [fort|BAES].\n")
    [problem] = readings(path)
    assert str(problem).startswith(f"{path}:2: byte 0xff")


def test_a_long_text_with_many_marks_is_read_in_linear_time(tmp_path: Path) -> None:
    body = ("They saw " * 10 + "[Camp Vale|BASE] from afar. ") * 60_000
    started = process_time()
    text, marks = parse_marks(body, 1, lambda line, fault: None)
    assert process_time() - started < 10.0  # seconds; a copy of the text for each mark took a minute
    assert (len(marks), text[marks[-1].start : marks[-1].end]) == (60_000, "Camp Vale")


def test_all_faults_of_a_file_are_told_at_once_and_the_other_files_are_read(tmp_path: Path) -> None:
    stored(tmp_path, "id: a\n\nA [x|Y].\nA [z|V].\n", "a.inline")
    stored(tmp_path, "id: b\n\nQuiet.\n", "b.inline")
    stored(tmp_path, "id: b\n\nQuiet again.\n", "c.inline")
    first, second, document, repeated = readings(tmp_path)
    assert [str(item).split("a.inline:")[1][:2] for item in (first, second)] == ["3:", "4:"]
    assert isinstance(document, Document)
    assert document.article.id == "b"
    assert "document id 'b' is taken by" in str(repeated)


@pytest.mark.parametrize(
    ("content", "told"), [("", "has no text"), ("id: a\n\n\n", "has no text"), ("\x00\x01\x02\x00", "binary")]
)
def test_a_file_without_a_text_is_told(tmp_path: Path, content: str, told: str) -> None:
    [problem, *_] = readings(stored(tmp_path, content))
    assert told in str(problem)


def test_an_empty_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    assert "holds no file whose name ends in .inline" in str(readings(tmp_path)[0])
    assert "no such file or folder" in str(readings(tmp_path / "b.inline")[0])


def test_a_value_that_two_attributes_have_needs_its_name(tmp_path: Path) -> None:
    attributes = (Attribute("sure", ("yes", "no")), Attribute("big", ("yes", "no")))
    schema = Schema(("BASE",), ("RAID",), (Role("at", ("BASE",)),), attributes)
    assert faults(tmp_path, "id: a\n\nA [raid|RAID yes big=no].", schema)[0].startswith(
        "3: 'yes' is a value of sure and big; expected sure=yes or big=yes"
    )
    found = document_of(tmp_path, "id: a\n\nA [raid|RAID sure=yes big=no].", schema)
    assert found.events[0].attributes == {"sure": "yes", "big": "no"}


def test_what_markup_cannot_hold_is_counted(tmp_path: Path) -> None:
    text = "Raid on\nFort Ash. Fort Oak."
    ash, oak = Span(8, 16, "BASE"), Span(18, 26, "BASE")
    event = Event(Span(0, 4, "ATTACK"), (Argument("target", oak),), {"status": "not sure"}, "first raid")
    document = Document(Article(text, "a"), (Span(5, 16, "BASE"), ash, oak, Span(8, 12, "ACTOR")), (event,))
    path, lost = written(tmp_path, document)
    assert lost == {
        "spans over several lines": 1,
        "spans that overlap another": 1,
        "arguments outside the sentence of their trigger": 1,
        "names and values that are no single word": 2,
        "attributes that are not given, without which a mark is not read": 2,
    }
    assert path.joinpath("a.inline").read_text(encoding="utf-8") == (
        "id: a\n\n[Raid|ATTACK] on\n[Fort Ash|BASE]. [Fort Oak|BASE].\n"
    )


def test_white_space_at_the_edges_of_spans_is_left_out_of_marks_and_counted(tmp_path: Path) -> None:
    article = Article("Ash fell. Rebels hit Orle.\n", "a")
    rebels, orle = Span(9, 17, "ACTOR"), Span(20, 27, "BASE")
    given = {"status": "reported", "scope": "single", "outcome": "hit"}
    arguments = (Argument("attacker", rebels), Argument("target", orle))
    hit = Event(Span(17, 21, "ATTACK"), arguments, given, "I1")
    blank = Span(3, 4, "ACTOR")
    path, lost = written(tmp_path, Document(article, (blank, rebels, orle), (hit,)))
    assert lost == {
        "spans with white space at an edge, written without it": 3,
        "spans of white space alone": 1,
        "blank space around texts": 1,
    }
    [found] = readings(path)
    assert isinstance(found, Document)
    assert found.entities == (Span(10, 16, "ACTOR"), Span(21, 26, "BASE"))
    (event,) = found.events
    assert event.trigger == Span(17, 20, "ATTACK")
    assert [argument.span for argument in event.arguments] == list(found.entities)


def test_an_argument_in_another_sentence_is_not_taken_for_what_has_its_key_here(tmp_path: Path) -> None:
    article = Article("Ash was raided. Oak was hit.", "a")
    ash, oak = Span(0, 3, "BASE"), Span(16, 19, "BASE")
    given = {"status": "reported", "scope": "single", "outcome": "hit"}
    raided = Event(Span(8, 14, "ATTACK"), (Argument("target", ash), Argument("target", oak)), given, "I1")
    hit = Event(Span(24, 27, "ATTACK"), (Argument("target", oak),), given, "I2")
    events = (raided, hit)
    path, lost = written(
        tmp_path, Document(article, (ash, oak), events, build_incidents(article, events, DEFAULT_SCHEMA))
    )
    assert lost == {"arguments outside the sentence of their trigger": 1}
    [found] = readings(path)
    assert isinstance(found, Document)
    assert [event.arguments for event in found.events] == [(Argument("target", ash),), (Argument("target", oak),)]


@pytest.mark.parametrize(
    ("incident", "entities"),
    [("", ()), ("hit", ()), ("first raid", ()), ("I1", (Span(0, 6, "ASSET"),))],
    ids=["no name", "the name of a value", "no word", "no mark"],
)
def test_days_of_an_incident_that_no_mark_names_are_counted_and_not_written(
    tmp_path: Path, incident: str, entities: tuple[Span, ...]
) -> None:
    article = Article("A raid began.", "a")
    given = {"status": "reported", "scope": "single", "outcome": "failed"}
    events = (Event(Span(2, 6, "ATTACK"), (), given, incident),)
    days = {incident or "I1": DateInterval(date(2024, 5, 1), date(2024, 5, 1))}
    incidents = build_incidents(article, events, DEFAULT_SCHEMA, days)
    path, lost = written(tmp_path, Document(article, entities, events, incidents))
    assert lost["days of incidents that no mark names"] == 1
    assert isinstance(readings(path)[0], Document)


def test_what_no_line_of_a_header_can_hold_is_counted(tmp_path: Path) -> None:
    labels = (TextLabel("good"), TextLabel("two\nlines"), TextLabel(" blank"), TextLabel("a, b"))
    path, lost = written(tmp_path, Document(Article("One.", "a  b", "Two\nlines"), labels=labels))
    assert lost == {
        "line breaks in headers, and blank space around what stands there": 1,
        "names and values that are no single word": 3,
    }
    [found] = readings(path)
    assert isinstance(found, Document)
    assert (found.article.id, found.article.title, found.labels) == ("a  b", "Two lines", (TextLabel("good"),))


def test_what_would_be_no_text_when_read_is_replaced_character_for_character_and_counted(tmp_path: Path) -> None:
    article = Article("\ufeffRe\0els left.", "a", "Ti\0tle")
    men = Span(8, 12, "CASUALTY", attributes={"harm": "k\0"})
    labels = (TextLabel("go\0od"), TextLabel("bad"))
    path, lost = written(tmp_path, Document(article, (Span(0, 7, "ACTOR"), men), labels=labels))
    assert lost == {"NUL characters, written as \ufffd": 4}
    assert path.joinpath("a.inline").read_text(encoding="utf-8") == (
        "id: a\ntitle: Ti\ufffdtle\nlabels: go\ufffdod, bad\n\n"
        "[\ufeffRe\ufffdels|ACTOR] [left|CASUALTY harm=k\ufffd].\n"
    )


def test_a_value_of_another_schema_is_written_with_its_name(tmp_path: Path) -> None:
    schema = Schema(("BASE",), ("RAID",), (), (Attribute("first", ("hit", "run")), Attribute("last", ("hit", "run"))))
    article = Article("A raid.", "a")
    events = (Event(Span(2, 6, "RAID"), (), {"first": "hit", "last": "run"}, "I1"),)
    document = Document(article, (), events, build_incidents(article, events, schema))
    path, lost = written(tmp_path, document)  # by default with the schema of attacks, where "hit" is an outcome
    assert (readings(path, schema), lost) == ([document], {STRANGE: 1})


@pytest.mark.parametrize(("label", "n"), [("CASUALTY", 1), ("ATTACK", 3), ("BASE", 0)])
def test_what_a_mark_lacks_to_be_read_again_is_counted(tmp_path: Path, label: str, n: int) -> None:
    path, lost = written(tmp_path, Document(Article("Men.", "a"), (Span(0, 3, label),)))  # as CoNLL columns give it
    assert lost["attributes that are not given, without which a mark is not read"] == n
    assert isinstance(readings(path)[0], Problem) == bool(n)


def test_a_number_below_zero_counts_nobody_and_is_told(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, "id: a\n\n[Men|CASUALTY harm=any min=-1] left.")
    assert '"min" is -1; expected 0 or more' in fault


def test_several_documents_do_not_go_into_one_file(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match="2 documents for one file of inline markup; expected one document, or a folder"
    ):
        written(tmp_path, Document(Article("One.")), Document(Article("Two.")), name="out.inline")
    path, _ = written(tmp_path, Document(Article("One.", "a")), name="out.inline")
    assert path.read_text(encoding="utf-8") == "id: a\n\nOne.\n"


WORDS = st.lists(st.sampled_from(["raid", "Fort", "[x]", "a|b", "\\", "hit.", "Ash", "U.S.", "“so”"]), min_size=1)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text of lines, with marks on some of its words, arguments within a line that is one sentence."""
    text, spans = "", []
    for words in draw(st.lists(WORDS, min_size=1, max_size=4)):
        for word in words:
            if draw(st.booleans()):
                spans.append(Span(len(text), len(text) + len(word), draw(st.sampled_from(["BASE", "ACTOR", "ATTACK"]))))
            text += f"{word} "
        text = text.rstrip() + draw(st.sampled_from(["\n", "\n\n"]))
    article = Article(text.strip(), "d1", published=draw(st.sampled_from([None, date(2024, 5, 2)])))
    entities = tuple(span for span in spans if span.label != "ATTACK")
    triggers = [span for span in spans if span.label == "ATTACK"]
    attributes = {"status": "claimed", "scope": "single", "outcome": draw(st.sampled_from(["hit", "failed"]))}
    events = tuple(Event(span, (), attributes, draw(st.sampled_from(["I1", "I2"]))) for span in triggers)
    labels = draw(st.sampled_from([None, (), (TextLabel("x"),)]))
    return Document(article, entities, events, build_incidents(article, events, DEFAULT_SCHEMA), labels)


@given(documents())
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    with TemporaryDirectory() as folder:
        path, lost = written(Path(folder), document)
        assert not lost
        assert readings(path) == [document]


def test_annotated_articles_come_back_as_they_were(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> None:
    path, lost = written(tmp_path, *tiny_documents)
    assert not lost
    assert readings(path) == sorted(tiny_documents, key=lambda document: document.article.id)
