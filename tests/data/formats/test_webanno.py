"""INCEpTION's TSV 3: what its columns say, what they cannot say, and that nothing changes on the way there and back."""

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.data.errors import DataError, Problem
from tocsin.data.formats.conversion import Options, Tally
from tocsin.data.formats.webanno import FORMAT
from tocsin.data.records import span_order
from tocsin.data.schema import Attribute, Role, Schema
from tocsin.data.types import Argument, Article, Document, Event, Span, TextLabel

SCHEMA = Schema(
    entity_labels=("ACTOR", "BASE", "WEAPON"),
    event_types=("ATTACK",),
    roles=(Role("weapon", ("WEAPON",)), Role("target", ("BASE", "ACTOR"))),
    attributes=(Attribute("status", ("reported", "claimed")),),
    entity_attributes={"BASE": (Attribute("kind", ("port", "air_field|*")), Attribute("size"))},
)
WITH_SCHEMA = Options(schema=SCHEMA)
NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"

# As INCEpTION exports it: built-in layers of grammar beside named entities, features by name, a tab at each line's end.
EXPORT = (
    "#FORMAT=WebAnno TSV 3.3\n"
    "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue\n"
    f"#T_SP={NER}|identifier|value\n"
    "#T_SP=webanno.custom.Span|label|status\n"
    f"#T_RL=webanno.custom.Relation|label|BT_webanno.custom.Span\n"
    "#T_RL=de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.Dependency|DependencyType|flavor|"
    "BT_de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS\n"
    "\n"
    "\n"
    "#Text=🚀 Rockets hit Fort Orle.\n"
    "1-1\t0-2\t🚀\tSYM\t*\t_\t_\t_\t_\t_\t_\tdep\t*\t1-3\t\n"
    "1-2\t3-10\tRockets\tNNS\t*\t_\t_\tWEAPON\t*\tweapon\t1-3[0_0]\tnsubj\t*\t1-3\t\n"
    "1-3\t11-14\thit\tVBD\t*\t_\t_\tATTACK\tclaimed\t_\t_\t_\t_\t_\t\n"
    "1-4\t15-19\tFort\tNNP\t*\t*[1]\tGPE\\_X[1]\tBASE[2]|ACTOR[3]\t*[2]|*[3]\ttarget|target\t1-3[0_2]|1-3[0_3]\t_\t_\t_\t\n"
    "1-5\t20-24\tOrle\tNNP\t*\t*[1]\tGPE\\_X[1]\tBASE[2]\t*[2]\t_\t_\t_\t_\t_\t\n"
    "1-6\t24-25\t.\t.\t*\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
    "\n"
    "#Sentence.id=s2\n"
    "#Text=It fell.\n"
    "2-1\t27-29\tIt\tPRP\t*\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
    "2-2\t30-34\tfell\tVBD\t*\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
    "2-3\t34-35\t.\t.\t*\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
)
PLAIN = (
    "#FORMAT=WebAnno TSV 3.2\n"
    "#T_SP=webanno.custom.Span|label\n"
    "#T_RL=webanno.custom.Relation|label|BT_webanno.custom.Span\n\n\n"
    "#Text=Guns hit it\n"
    "1-1\t0-4\tGuns\tWEAPON\t_\t_\t\n"
    "1-2\t5-8\thit\tATTACK\t_\t_\t\n"
    "1-3\t9-11\tit\tBASE\ttarget\t1-2\t\n"
)


def readings(path: Path, options: Options = WITH_SCHEMA) -> tuple[list[Document | Problem], Tally]:
    lost: Tally = Counter()
    return list(FORMAT.read(path, options, lost)), lost


def file_of(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "n1.tsv"
    path.write_bytes(content.encode())
    return path


def only_document(path: Path, options: Options = WITH_SCHEMA) -> Document:
    (found,), _ = readings(path, options)
    assert isinstance(found, Document), found
    return found


def only_problem(path: Path, options: Options = WITH_SCHEMA) -> str:
    (found,), _ = readings(path, options)
    assert isinstance(found, Problem), found
    return str(found).removeprefix(f"{path.parent}/")


def surfaces(document: Document) -> list[tuple[str, str]]:
    return [(span.label, span.text(document.article)) for span in document.entities]


def written(tmp_path: Path, *documents: Document, options: Options = WITH_SCHEMA) -> tuple[Path, Tally]:
    assert FORMAT.write
    lost: Tally = Counter()
    FORMAT.write(documents, tmp_path / "out", options, lost)
    return tmp_path / "out", lost


def test_an_export_is_read_with_its_words_spans_and_relations(tmp_path: Path) -> None:
    schema = replace(SCHEMA, entity_labels=(*SCHEMA.entity_labels, "GPE_X"))
    (document,), lost = readings(file_of(tmp_path, EXPORT), Options(schema=schema))
    assert isinstance(document, Document), document
    article = document.article
    assert (article.id, article.text) == ("n1", "🚀 Rockets hit Fort Orle.\n\nIt fell.")
    assert [[article.text[start:end] for start, end in sentence] for sentence in article.sentences] == [
        ["🚀", "Rockets", "hit", "Fort", "Orle", "."],
        ["It", "fell", "."],
    ]
    assert surfaces(document) == [
        ("WEAPON", "Rockets"),
        ("ACTOR", "Fort"),
        ("BASE", "Fort Orle"),
        ("GPE_X", "Fort Orle"),
    ]
    (event,) = document.events
    assert (event.type, event.trigger.text(article), event.attributes) == ("ATTACK", "hit", {"status": "claimed"})
    assert [(each.role, each.span.label) for each in event.arguments] == [
        ("weapon", "WEAPON"),
        ("target", "BASE"),
        ("target", "ACTOR"),
    ]
    assert lost == {"annotations of the layer POS": 9, "relations of the layer Dependency": 2}


def test_lines_without_a_last_tab_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    plain = only_document(file_of(tmp_path, PLAIN))
    assert only_document(file_of(tmp_path, PLAIN.replace("\t\n", "\n"))) == plain
    assert only_document(file_of(tmp_path, "\ufeff" + PLAIN.replace("\n", "\r\n"))) == plain
    assert len(plain.events) == 1


def test_without_a_schema_relations_tell_the_events(tmp_path: Path) -> None:
    (document,), lost = readings(file_of(tmp_path, PLAIN), Options())
    assert isinstance(document, Document)
    assert [event.type for event in document.events] == ["ATTACK"]
    assert surfaces(document) == [("WEAPON", "Guns"), ("BASE", "it")]
    assert lost == {"entities read as triggers, as a relation leads from them": 1}


def test_what_has_no_label_is_left_out_and_counted(tmp_path: Path) -> None:
    content = PLAIN.replace("WEAPON", "*").replace("target\t1-2", "target|*\t1-2|1-1")
    (document,), lost = readings(file_of(tmp_path, content))
    assert isinstance(document, Document), document
    assert surfaces(document) == [("BASE", "it")]
    assert [argument.role for argument in document.events[0].arguments] == ["target"]
    assert lost == {"annotations without a label": 1, "relations without a label": 1}


def test_relations_of_what_has_no_label_are_counted(tmp_path: Path) -> None:
    (document,), lost = readings(file_of(tmp_path, PLAIN.replace("BASE", "*")))
    assert isinstance(document, Document), document
    assert document.events[0].arguments == ()
    assert lost == {"annotations without a label": 1, "relations of regions that are left out": 1}


def test_a_relation_without_a_label_in_all_lines_of_its_target_is_counted_once(tmp_path: Path) -> None:
    content = PLAIN.replace("it\n", "it all\n").replace("BASE\ttarget\t1-2\t\n", "BASE[1]\t*\t1-2[0_1]\t\n")
    _, lost = readings(file_of(tmp_path, f"{content}1-4\t12-15\tall\tBASE[1]\t*\t1-2[0_1]\t\n"))
    assert lost == {"relations without a label": 1}


def test_layers_without_a_feature_for_a_label_give_their_names(tmp_path: Path) -> None:
    content = PLAIN.replace("Span|label", "Span").replace("Relation|label|", "Relation|")
    for label in ("WEAPON", "ATTACK", "BASE"):
        content = content.replace(f"{label}\t_\t_\t", "*\t_\t").replace(f"{label}\ttarget", "*")
    (event,) = only_document(file_of(tmp_path, content), Options()).events
    assert (event.type, [argument.role for argument in event.arguments]) == ("Span", ["Relation"])


def test_what_a_slot_points_to_is_no_label(tmp_path: Path) -> None:
    slot = "ROLE_webanno.custom.Frame:args_webanno.custom.FrameArgsLink|webanno.custom.Entity"
    content = (
        f"#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Frame|{slot}|type\n\n\n#Text=Guns hit it\n"
        "1-1\t0-4\tGuns\t_\t_\t_\t\n1-2\t5-8\thit\tagent[1];target[1]\t1-1;1-3\tATTACK\t\n1-3\t9-11\tit\t_\t_\t_\t\n"
    )
    (document,), lost = readings(file_of(tmp_path, content), Options())
    assert isinstance(document, Document), document
    assert surfaces(document) == [("ATTACK", "hit")]
    assert lost == {"slots, which link a span to others": 2}


@pytest.mark.parametrize("header", ["#T_SP=my.Flag", "#T_SP=my.Flag|"])
def test_a_layer_without_features_has_a_column(tmp_path: Path, header: str) -> None:
    content = f"#FORMAT=WebAnno TSV 3.3\n{header}\n\n\n#Text=a b\n1-1\t0-1\ta\t_\t\n1-2\t2-3\tb\t*\t\n"
    assert surfaces(only_document(file_of(tmp_path, content), Options())) == [("Flag", "b")]


def test_parts_of_words_are_spans(tmp_path: Path) -> None:
    content = (
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=my.Layer|label\n\n\n#Text=anti-rebel men\n"
        "1-1\t0-10\tanti-rebel\tA[3]\t\n1-1.1\t0-4\tanti\tA[3]\t\n1-1.2\t5-10\trebel\tB[1]\t\n1-2\t11-14\tmen\tB[1]\t\n"
    )
    assert surfaces(only_document(file_of(tmp_path, content), Options())) == [("A", "anti"), ("B", "rebel men")]


def test_a_text_of_several_lines_and_escapes_is_whole(tmp_path: Path) -> None:
    content = (
        "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=a\\tb\n#Text=c\\\\n\\r\n"
        "1-1\t0-1\ta\t\n1-2\t2-3\tb\t\n1-3\t4-7\tc\\\\n\t\n\n#Text= d\n2-1\t9-10\td\t\n"
    )
    assert only_document(file_of(tmp_path, content)).article.text == "a\tb\nc\\n\r d"


def test_what_a_document_cannot_hold_is_counted(tmp_path: Path) -> None:
    content = (
        "#FORMAT=WebAnno TSV 3.3\n"
        "#T_SP=my.Frame|label|note|ROLE_my.Frame:roles_my.FrameLink|my.Part\n"
        "#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink|referenceRelation|referenceType\n"
        "#T_RL=my.Near|certain|BT_my.Frame\n\n\n"
        "#Text=Guns hit it\n"
        "1-1\t0-4\tGuns\tWEAPON\t*\t*\t_\t*->1-1\tnam\tno\t1-3\t\n"
        "1-2\t5-8\thit\tATTACK\tsad\tby;to\t1-1[2];1-3\t_\t_\t_\t_\t\n"
        "1-3\t9-11\tit\tBASE\t*\t*\t_\t*->1-2\tpro\t_\t_\t\n"
    )
    (document,), lost = readings(file_of(tmp_path, content))
    assert isinstance(document, Document), document
    assert lost == {
        "attributes that the schema does not name": 1,
        "slots, which link a span to others": 2,
        "annotations of the layer CoreferenceLink": 2,
        "relations that lead from no event to an entity": 1,
    }


def test_a_folder_of_exports_gives_ids_by_path(tmp_path: Path) -> None:
    (tmp_path / "annotation" / "n1.txt").mkdir(parents=True)
    (tmp_path / "annotation" / "n1.txt" / "ann.tsv").write_text(PLAIN)
    (tmp_path / "bad.tsv").write_text("one\ttwo\n")
    found, _ = readings(tmp_path)
    assert isinstance(found[0], Document)
    assert found[0].article.id == "annotation/n1.txt/ann"
    assert "opens with 'one\\ttwo'; expected #FORMAT=WebAnno TSV 3" in str(found[1])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("WEAPON", "WEPON", "n1.tsv:7: unknown label 'WEPON'; did you mean 'WEAPON'?"),
        ("\ttarget", "\ttarge", "n1.tsv: unknown role 'targe'; did you mean 'target'?"),
        ("1-2\t5-8", "1-2\t6-9", "n1.tsv:8: the line has 'hit' but the text 'it ' at [6, 9); offsets count UTF-16"),
        ("1-2\t5-8", "1-2\t8-8", "n1.tsv:8: [8, 8) is empty, cuts"),
        ("1-2\t5-8", "1-2\t5-99", "n1.tsv:8: [5, 99) is empty, cuts"),
        ("1-2\t5-8", "1-1\t5-8", "n1.tsv:8: 1-1 is there twice"),
        ("1-2\t5-8\thit", "1-2\t3-8\ts hit", "n1.tsv:8: [3, 8) begins before the end of the word before it"),
        ("1-2\t5-8", "1-2", "n1.tsv:8: '1-2\\thit\\tATTACK"),
        ("1-2\t5-8", f"1-2\t5-{'8' * 9999}", "n1.tsv:8: '1-2\\t5-888"),
        ("\tATTACK\t_", "\tATTACK", "n1.tsv:8: has 2 columns of annotations; the header names 3"),
        ("ATTACK\t_", "ATTACK\t_\t_\t_", "n1.tsv:8: has 5 columns of annotations; the header names 3"),
        (
            "target\t1-2",
            "target\t1-9",
            "n1.tsv:9: '1-9' leads from or to no annotation of the layer webanno.custom.Span",
        ),
        ("target\t1-2", "target\tsomewhere", "n1.tsv:9: 'somewhere' leads from or to no annotation"),
        ("target\t1-2", "target\t1-2[7_0]", "n1.tsv:9: '1-2[7_0]' leads from or to no annotation"),
        ("#Text=Guns hit it\n", "", "n1.tsv:6: a word before the first line of text"),
        ("#T_SP=webanno.custom.Span|label", "#T_SP=", "n1.tsv:2: '#T_SP=' cannot be read; expected a layer"),
        (
            "\n1-3",
            "\n#T_SP=my.Late|label\n1-3",
            "n1.tsv:9: '#T_SP=my.Late|label' cannot be read; expected a layer before",
        ),
        ("#FORMAT=WebAnno TSV 3.2", "#FORMAT=WebAnno TSV 2", "n1.tsv: opens with '#FORMAT=WebAnno TSV 2'; expected"),
        ("\t0-4\t", "\t999999999-1\t", "n1.tsv:7: the word begins at 999999999, but the text before it ends at 0"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in PLAIN
    found, _ = readings(file_of(tmp_path, PLAIN.replace(old, new)))
    assert str(found[0]).removeprefix(f"{tmp_path}/").startswith(told)
    assert not any(isinstance(reading, Document) for reading in found)


def test_offsets_that_count_characters_are_told(tmp_path: Path) -> None:
    content = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=🚀 hit it\n1-1\t0-1\t🚀\t\n1-2\t2-5\thit\t\n"
    found, _ = readings(file_of(tmp_path, content))
    assert "[0, 1) is empty, cuts a character in two" in str(found[0])
    assert "the line has 'hit' but the text ' hi' at [2, 5)" in str(found[1])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no sentence"),
        (b"#FORMAT=WebAnno TSV 3.3\n", "holds no sentence"),
        (b"#FORMAT=WebAnno TSV 3.3\n\n#Text=a b\n", "the sentence 'a b' has no words"),
        (b"\0\1", "has a NUL byte"),
        (b"#FORMAT=WebAnno TSV 3.3\n#Text=\xe9\n", "n1.tsv:2: byte 0xe9"),
    ],
)
def test_a_file_that_holds_no_document_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "n1.tsv").write_bytes(content)
    found, _ = readings(tmp_path / "n1.tsv")
    assert told in str(found[0])
    assert not any(isinstance(reading, Document) for reading in found)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "no such file" in only_problem(tmp_path / "n2.tsv")
    assert "holds no .tsv file" in only_problem(tmp_path)


def raid(own_id: str = "n1") -> Document:
    guns, fort = Span(2, 9, "WEAPON"), Span(14, 23, "BASE", attributes={"kind": "air_field|*", "size": 2})
    event = Event(Span(10, 13, "ATTACK"), (Argument("weapon", guns), Argument("target", fort)), {}, "I1")
    return Document(Article("🚀 Rockets hit Fort Orle. It \\ fell.", own_id), (guns, fort), (event,))


def test_what_is_written_is_what_inception_imports(tmp_path: Path) -> None:
    folder, lost = written(tmp_path, raid())
    assert lost == {}
    assert (folder / "n1.tsv").read_bytes().decode().split("\n") == [
        "#FORMAT=WebAnno TSV 3.3",
        "#T_SP=webanno.custom.Span|label|incident|kind|size",
        "#T_RL=webanno.custom.Relation|label|BT_webanno.custom.Span",
        "",
        "",
        "#Text=🚀 Rockets hit Fort Orle. ",
        "1-1\t0-2\t🚀\t_\t_\t_\t_\t_\t_\t",
        "1-2\t3-10\tRockets\tWEAPON\t*\t*\t*\tweapon\t1-3\t",
        "1-3\t11-14\thit\tATTACK\tI1\t*\t*\t_\t_\t",
        "1-4\t15-19\tFort\tBASE[1]\t*[1]\tair\\_field\\|\\*[1]\t2[1]\ttarget\t1-3[0_1]\t",
        "1-5\t20-24\tOrle\tBASE[1]\t*[1]\tair\\_field\\|\\*[1]\t2[1]\t_\t_\t",
        "1-6\t24-25\t.\t_\t_\t_\t_\t_\t_\t",
        "",
        "#Text=It \\\\ fell.",
        "2-1\t26-28\tIt\t_\t_\t_\t_\t_\t_\t",
        "2-2\t29-30\t\\\\\t_\t_\t_\t_\t_\t_\t",
        "2-3\t31-35\tfell\t_\t_\t_\t_\t_\t_\t",
        "2-4\t35-36\t.\t_\t_\t_\t_\t_\t_\t",
        "",
    ]


def test_a_single_document_can_be_a_file_and_two_cannot(tmp_path: Path) -> None:
    assert FORMAT.write
    lost: Tally = Counter()
    FORMAT.write([raid()], tmp_path / "x.tsv", WITH_SCHEMA, lost)
    assert lost == {"ids, which are the names of files": 1}
    with pytest.raises(DataError, match="a file holds one document"):
        FORMAT.write([raid(), raid("n2")], tmp_path / "two.tsv", WITH_SCHEMA, lost)
    assert [path.name for path in tmp_path.iterdir()] == ["x.tsv"]


def test_spans_over_parts_of_words_and_over_each_other_are_written(tmp_path: Path) -> None:
    spans = (Span(0, 4, "ACTOR"), Span(0, 9, "BASE"), Span(2, 8, "BASE"))
    folder, _ = written(tmp_path, Document(Article("antimatter bomb"[:14], "n1"), spans))
    assert (folder / "n1.tsv").read_text(encoding="utf-8").splitlines()[5:] == [
        "1-1\t0-10\tantimatter\t_\t",
        "1-1.1\t0-4\tanti\tACTOR\t",
        "1-1.2\t0-9\tantimatte\tBASE\t",
        "1-1.3\t2-8\ttimatt\tBASE\t",
        "1-2\t11-14\tbom\t_\t",
    ]


def test_what_the_format_cannot_hold_is_counted(tmp_path: Path) -> None:
    article = Article(" a\t\tb", "n1", title="Raid")
    event = Event(Span(3, 4, "ATTACK"), (Argument("target", Span(1, 3, "BASE")),))
    other = Event(Span(4, 5, "ATTACK"), attributes={"status": "", "label": "x", "ROLE_x": "y"})
    document = Document(article, (Span(1, 3, "BASE"),), (event, other), labels=(TextLabel("x"),))
    _, lost = written(tmp_path, document, options=Options())
    assert lost == {
        "titles": 1,
        "labels of texts": 1,
        "spans without a word": 1,
        "attributes that are empty, or of a name that the format needs": 3,
        "relations of spans that are left out": 1,
        "edges of spans that lie in no word, moved to the next one": 1,
        "events without arguments, which only a schema can tell from entities": 1,
        "beginnings of texts that are in no word, written as line breaks": 1,
    }


def test_what_would_be_no_text_when_read_is_replaced_character_for_character_and_counted(tmp_path: Path) -> None:
    raided = Event(Span(8, 12, "ATTACK"), attributes={"status": "a\0"}, incident="I\0")
    document = Document(Article("\ufeffRe\0els raid", "n1"), (Span(0, 7, "ACTOR"),), (raided,))
    folder, lost = written(tmp_path, document)
    assert lost == {"NUL characters, written as \ufffd": 3}
    schema = replace(SCHEMA, attributes=(Attribute("status", ("a\ufffd",)),))
    found = only_document(folder, Options(schema))
    assert found.article.text == "\ufeffRe\ufffdels raid"
    assert (found.entities, found.events[0].trigger) == (document.entities, raided.trigger)
    assert (found.events[0].attributes, found.events[0].incident) == ({"status": "a\ufffd"}, "I\ufffd")


ALPHABET = "ab .\t\r\n\\_*[|\u2028é\u0301🚀👩🏽\u200d𝔘"
label = st.sampled_from(["ACTOR", "BASE"])
sizes = st.fixed_dictionaries({}, optional={"kind": st.sampled_from(["port", "air_field|*"]), "size": st.integers()})
statuses = st.fixed_dictionaries({}, optional={"status": st.sampled_from(["reported", "claimed"])})
incidents = st.sampled_from(["", "I1", "_", "*", "a->b;[2]\t|\n\r\\"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text("\n", max_size=2)) + draw(st.text(ALPHABET, min_size=1, max_size=40).filter(str.strip)).lstrip()

    def span(label: str) -> Span:
        start = draw(st.sampled_from([i for i, character in enumerate(text) if character.strip()]))
        ends = [i + 1 for i, character in enumerate(text) if character.strip() and i >= start]
        return Span(start, draw(st.sampled_from(ends)), label)

    entities = {span_order(each): each for each in (span(draw(label)) for _ in range(draw(st.integers(0, 4))))}
    bases = [replace(each, attributes=draw(sizes)) if each.label == "BASE" else each for each in entities.values()]
    ordered = tuple(sorted(bases, key=span_order))
    targets = st.lists(st.sampled_from(ordered), max_size=4, unique_by=span_order) if ordered else st.just([])
    events = [
        Event(
            span("ATTACK"), tuple(Argument("target", each) for each in draw(targets)), draw(statuses), draw(incidents)
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    return Document(Article(text, "n1"), ordered, tuple(sorted(events, key=lambda each: span_order(each.trigger))))


def unordered(document: Document) -> Document:
    """Without the order of arguments and of events at one place, which the format does not keep."""
    events = [
        replace(event, arguments=tuple(sorted(event.arguments, key=lambda each: span_order(each.span))))
        for event in document.events
    ]
    return replace(document, events=tuple(sorted(events, key=repr)))


@settings(max_examples=200)
@given(documents())
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, lost = written(Path(folder), document)
        assert lost == {}
        (found,), lost = readings(path)
        assert isinstance(found, Document), found
        assert lost == {}
        assert unordered(replace(found, article=replace(found.article, sentences=()))) == unordered(document)


@settings(max_examples=50)
@given(documents())
def test_the_words_come_back_as_they_were(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as second:
        once = only_document(written(Path(folder), document)[0])
        assert unordered(only_document(written(Path(second), once)[0])) == unordered(once)


@settings(max_examples=100)
@given(st.binary(max_size=100))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.tsv"
        path.write_bytes(content)
        assert readings(path, Options())[0]
        path.write_bytes(b"#FORMAT=WebAnno TSV 3.3\n#Text=a\n" + content)
        assert readings(path, Options())[0]


@settings(max_examples=300)
@given(st.text("1-2[]_|*\\;>ab", max_size=12), st.text("1-2[]_|*\\;>ab", max_size=12), st.integers(0, 2))
def test_no_cell_makes_the_reader_fail(cell: str, other: str, row: int) -> None:
    lines = PLAIN.splitlines()
    fields = lines[6 + row].split("\t")
    fields[3], fields[5] = cell, other
    lines[6 + row] = "\t".join(fields)
    with tempfile.TemporaryDirectory() as folder:
        assert readings(file_of(Path(folder), "\n".join(lines)), Options())[0]
