"""`tocsin convert`: what is written, what is told, and what is never written over."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.data.jsonl import load_documents, write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema, read_schema
from tocsin.data.types import Document, Span

Run = Callable[..., Result]
CONLL = "Rockets\tB-WEAPON\nhit\tO\nFort\tB-BASE\nOrle\tI-BASE\n\nNobody\tO\ndied\tO\n\n"


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["convert", *map(str, arguments)])

    return invoke


@pytest.fixture
def conll(tmp_path: Path) -> Path:
    path = tmp_path / "news.conll"
    path.write_text(CONLL)
    return path


def unboxed(done: Result) -> str:
    """What was told, as one line: errors of usage come in a box as wide as the terminal."""
    return " ".join(done.stderr.replace("│", " ").split())


def test_a_file_is_converted_and_what_it_holds_is_told(run: Run, conll: Path, tmp_path: Path) -> None:
    out, labels = tmp_path / "news.jsonl", tmp_path / "labels.json"
    done = run(conll, out, "--write-schema", labels, "--task", "tokens")
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"read 2 documents from 1 input; wrote 2 documents to {out} as jsonl" in done.stderr
    assert read_schema(labels) == Schema(entity_labels=("BASE", "WEAPON"))
    first, _ = load_documents([out], read_schema(labels))
    assert first.entities == (Span(0, 7, "WEAPON"), Span(12, 21, "BASE"))


def test_standard_output_gets_the_file_and_nothing_else(run: Run, conll: Path) -> None:
    done = run(conll, "-", "--to", "conll", "--scheme", "bioes", "--separator", " ")
    assert done.exit_code == 0
    assert done.stdout == ("Rockets S-WEAPON\nhit O\nFort B-BASE\nOrle E-BASE\n\nNobody O\ndied O\n\n")


def test_a_list_of_doccano_is_told_from_tasks_of_label_studio(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text('[{"id": 1, "text": "Rebels hit", "label": [[0, 6, "ACTOR"]]}]')
    done = run(path, "-", "--to", "conll")
    assert (done.exit_code, done.stdout) == (0, "# id = 1\nRebels\tB-ACTOR\nhit\tO\n\n")


@pytest.mark.parametrize(("to", "instead"), [("brat", "folder"), ("re3d", "folder"), ("docbin", "file")])
def test_what_is_no_single_text_does_not_go_to_standard_output(run: Run, conll: Path, to: str, instead: str) -> None:
    done = run(conll, "-", "--to", to)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{to} is no single file of text; name a {instead}" in unboxed(done)


def test_what_a_format_cannot_hold_is_shown_with_how_often(
    run: Run, tmp_path: Path, tiny_documents: tuple[Document, ...]
) -> None:
    write_documents(tmp_path / "gold.jsonl", tiny_documents)
    done = run(tmp_path / "gold.jsonl", tmp_path / "gold.conll")
    n_arguments = sum(len(event.arguments) for document in tiny_documents for event in document.events)
    assert done.exit_code == 0
    assert "lost on writing" in done.stderr
    lines = [line.split() for line in done.stderr.splitlines()]
    assert ["arguments", "of", "events", str(n_arguments)] in lines


def test_what_can_be_read_is_written_and_the_rest_told(run: Run, conll: Path, tmp_path: Path) -> None:
    conll.write_text(CONLL + "Three\n\n")
    done = run(conll, tmp_path / "news.jsonl")
    assert done.exit_code == 1
    assert f"{conll}:9: has no tag: 'Three'" in done.stderr
    assert "what could be read was written" in done.stderr
    assert len((tmp_path / "news.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"Three\n"])
def test_nothing_is_written_where_nothing_can_be_read(run: Run, conll: Path, tmp_path: Path, content: bytes) -> None:
    conll.write_bytes(content)
    done = run(conll, tmp_path / "news.jsonl")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"error: {conll}")
    assert not (tmp_path / "news.jsonl").exists()


def test_what_was_left_out_is_shown_where_nothing_is_left_to_write(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"data": {"text": "Rain fell."}, "annotations": [], "predictions": [{"result": []}]}]))
    done = run(path, tmp_path / "news.jsonl", "--from", "label-studio")
    assert done.exit_code == 1
    lines = [" ".join(line.split()) for line in done.stderr.splitlines()]
    assert "tasks that nobody annotated, left out 1" in lines
    assert "predictions of tasks 1" in lines
    assert lines[-1] == f"error: {path}: holds no document"


def test_a_missing_input_and_an_unknown_kind_are_told(run: Run, conll: Path, tmp_path: Path) -> None:
    assert "no such file" in run(tmp_path / "none.conll", tmp_path / "a.jsonl").stderr
    done = run(conll.rename(tmp_path / "news.txt"), tmp_path / "a.jsonl")
    assert done.exit_code == 1
    assert "name one by --from" in done.stderr
    assert run(tmp_path / "news.txt", tmp_path / "a.jsonl", "--from", "conll").exit_code == 0


def test_an_output_is_replaced_only_when_told_to(run: Run, conll: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.jsonl"
    out.write_text("years of work")
    refused = run(conll, out)
    assert (refused.exit_code, out.read_text()) == (1, "years of work")
    assert "--overwrite replaces it" in refused.stderr
    assert run(conll, out, "--overwrite").exit_code == 0
    assert len(out.read_text().splitlines()) == 2


def test_an_input_is_never_written_over(run: Run, conll: Path) -> None:
    done = run(conll, conll, "--overwrite")
    assert done.exit_code == 2
    assert "is what is converted" in unboxed(done)
    assert conll.read_text() == CONLL


def test_the_label_set_is_never_written_over_the_documents(run: Run, conll: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.jsonl"
    done = run(conll, out, "--write-schema", tmp_path / "." / "news.jsonl", "--task", "tokens", "--overwrite")
    assert done.exit_code == 2
    assert "is named twice, for the documents and for the label set; choose another name for one" in unboxed(done)
    assert not out.exists()


@pytest.mark.parametrize("given", ["a.ann", "a.txt", "."])
@pytest.mark.parametrize("output", ["a.ann", "a.txt"])
def test_neither_of_a_pair_of_files_is_written_over_whatever_of_it_is_named(
    run: Run, tmp_path: Path, given: str, output: str
) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Drones hit Orle.")
    (folder / "a.ann").write_text("T1\tWEAPON 0 6\tDrones\n")
    done = run(folder / given, folder / output, "--from", "brat", "--to", "conll", "--overwrite")
    assert done.exit_code == 2
    assert "is what is converted" in unboxed(done)
    assert (folder / "a.txt").read_text() == "Drones hit Orle."
    (folder / "all.conll").write_text("of another day")
    assert run(folder / given, folder / "all.conll", "--from", "brat", "--overwrite").exit_code == 0


def test_a_folder_inside_the_one_that_is_read_is_kept(run: Run, tmp_path: Path) -> None:
    inner = tmp_path / "corpus" / "inner"
    inner.mkdir(parents=True)
    (inner / "a.txt").write_text("Drones hit Orle.")
    (inner / "a.ann").write_text("")
    done = run(inner.parent, inner, "--to", "brat", "--overwrite")
    assert done.exit_code == 2
    assert "is what is converted" in unboxed(done)


def test_a_folder_is_written_and_replaced_whole(run: Run, conll: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    assert run(conll, out, "--to", "brat").exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "news-1.ann", "news-1.txt", "news-2.ann", "news-2.txt"
    ]  # fmt: skip
    assert run(conll, out, "--to", "brat").exit_code == 1
    conll.write_text("Nobody\tO\n\n")
    assert run(conll, out, "--to", "brat", "--overwrite").exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["news-1.ann", "news-1.txt"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert "is what is converted" in unboxed(run(out / "news-1.ann", out, "--to", "brat", "--overwrite"))


def test_a_folder_with_something_else_in_it_is_left_alone(run: Run, conll: Path, tmp_path: Path) -> None:
    out = tmp_path / "home"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    done = run(conll, out, "--to", "brat", "--overwrite")
    assert done.exit_code == 1
    assert "holds thesis.txt, which no conversion to brat wrote" in done.stderr
    assert (out / "thesis.txt").read_text() == "years of work"
    done = run(conll, out, "--to", "jsonl", "--overwrite")
    assert done.exit_code == 2
    assert "is a folder; jsonl is one file" in unboxed(done)


def test_several_inputs_go_into_one_output_each_id_once(run: Run, conll: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.conll"
    other.write_text("# id = news-1\nCopy\tO\n\nNew\tO\n\n")
    done = run(conll, other, tmp_path / "all.jsonl")
    assert done.exit_code == 1
    assert f"{other}: document id 'news-1' is taken by {conll}" in done.stderr
    ids = [json.loads(line)["id"] for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert ids == ["news-1", "news-2", "other-2"]


def test_where_entities_are_to_be_learned_relations_leave_them_what_they_are(run: Run, tmp_path: Path) -> None:
    spans = [
        {"id": number, "label": label, "start_offset": start, "end_offset": end}
        for number, label, start, end in ((1, "PER", 0, 3), (2, "ORG", 10, 19))
    ]
    relation = {"id": 1, "from_id": 1, "to_id": 2, "type": "leads"}
    source, labels = tmp_path / "export.jsonl", tmp_path / "labels.json"
    source.write_text(json.dumps({"id": 1, "text": "Ana leads Red Front.", "entities": spans, "relations": [relation]}))
    done = run(source, tmp_path / "all.jsonl", "--task", "tokens", "--write-schema", labels)
    assert done.exit_code == 0, done.stderr
    assert json.loads(labels.read_text())["entity_labels"] == ["ORG", "PER"]
    (record,) = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [entity["label"] for entity in record["entities"]] == ["PER", "ORG"]


def ids_in(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("name", "content", "numbers"),
    [
        ("t.conll", CONLL, (1, 2)),
        ("t.tsv", "text\tlabel\nRain fell.\tweather\nCrowds marched.\tunrest\n", (2, 3)),
        ("t.jsonl", '{"text": "Rain fell.", "label": ["weather"]}\n{"text": "Crowds marched.", "label": []}\n', (1, 2)),
    ],
)
def test_ids_that_are_made_of_files_of_one_name_differ(
    run: Run, tmp_path: Path, name: str, content: str, numbers: tuple[int, int]
) -> None:
    paths = [tmp_path / folder / name for folder in "AB"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(content)
    done = run(*paths, tmp_path / "all.jsonl")
    assert done.exit_code == 0, done.stderr
    assert ids_in(tmp_path / "all.jsonl") == [f"{stem}-{number}" for stem in ("t", "t-2") for number in numbers]


def test_a_file_that_is_given_twice_is_no_other_file(run: Run, conll: Path, tmp_path: Path) -> None:
    done = run(conll, conll.parent / "." / conll.name, tmp_path / "all.jsonl")
    assert done.exit_code == 1
    assert f"document id 'news-1' is taken by {conll}" in done.stderr
    assert ids_in(tmp_path / "all.jsonl") == ["news-1", "news-2"]


def test_a_label_beside_the_schema_is_a_problem(run: Run, conll: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps(Schema(entity_labels=("BASES",)).to_json()))
    done = run(conll, tmp_path / "a.jsonl", "--schema", labels)
    assert done.exit_code == 1
    assert "news.conll:3: unknown label 'BASE'; did you mean 'BASES'?" in " ".join(done.stderr.split("; its"))


def test_columns_of_a_table_are_named(run: Run, tmp_path: Path) -> None:
    table, labels = tmp_path / "a.csv", tmp_path / "labels.json"
    table.write_text("id;story;kind\n1;Rain fell.;weather\n2;Crowds marched.;unrest\n")
    columns = ("--text-column", "story", "--label-column", "kind")
    done = run(table, tmp_path / "a.jsonl", *columns, "--write-schema", labels, "--task", "text")
    assert done.exit_code == 0
    assert read_schema(labels) == Schema(text_labels=("unrest", "weather"), one_text_label=True)
    assert "cells of columns beside" in done.stderr
    (tmp_path / "b.tsv").write_text("Rain fell.\t0\nCrowds marched.\t1\n")
    assert run(tmp_path / "b.tsv", tmp_path / "b.jsonl", "--text-label", "unrest").exit_code == 0
    assert json.loads((tmp_path / "b.jsonl").read_text().splitlines()[1])["labels"] == ["unrest"]


def test_a_separator_and_a_scheme_are_the_outputs_unless_it_has_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Fort|B-BASE\nOrle|I-BASE\n\n")
    assert run(tmp_path / "a.conll", tmp_path / "a.jsonl", "--separator", "|", "--scheme", "bio").exit_code == 0
    out = tmp_path / "b.conll"
    done = run(tmp_path / "a.conll", out, "--from-separator", "|", "--separator", "\\t", "--scheme", "bilou")
    assert done.exit_code == 0
    assert out.read_text() == "Fort\tB-BASE\nOrle\tL-BASE\n\n"


def test_events_of_another_format_come_with_their_incidents(run: Run, tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text(json.dumps(DEFAULT_SCHEMA.to_json()))
    (tmp_path / "a.conll").write_text("Drones\tB-WEAPON\nattacked\tB-ATTACK\n\n")
    for arguments in ((), ("--schema", tmp_path / "labels.json")):
        assert run(tmp_path / "a.conll", tmp_path / "a.jsonl", "--overwrite", *arguments).exit_code == 0
    (document,) = load_documents([tmp_path / "a.jsonl"], DEFAULT_SCHEMA)
    assert len(document.events) == len(document.incidents) == 1


def test_relations_that_make_a_label_both_are_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Drones hit Orle. A hit.")
    (folder / "a.ann").write_text(
        "T1\tWEAPON 0 6\tDrones\nT2\tHIT 7 10\thit\nT3\tHIT 19 22\thit\nR1\ttool Arg1:T2 Arg2:T1\n"
    )
    torn = "HIT: labels of entities in some places, types of events in others"
    done = run(folder, tmp_path / "a.jsonl")
    assert done.exit_code == 1
    assert f"{tmp_path / 'a.jsonl'}: cannot be read again: {torn}" in done.stderr
    assert "the rest is not in the output" not in done.stderr
    done = run(folder, tmp_path / "b.jsonl", "--to", "doccano")
    assert done.exit_code == 0
    assert f"note: {torn}" in done.stderr
    assert [len(json.loads(line)["entities"]) for line in (tmp_path / "b.jsonl").read_text().splitlines()] == [3]


def test_a_label_set_that_cannot_be_found_is_told_and_the_output_kept(run: Run, conll: Path, tmp_path: Path) -> None:
    done = run(conll, tmp_path / "a.jsonl", "--write-schema", tmp_path / "s.json", "--task", "text")
    assert done.exit_code == 1
    assert "s.json: not written: a label of a text for task text is not in any of 2 documents" in done.stderr
    assert "the rest is not in the output" not in done.stderr
    assert (tmp_path / "a.jsonl").exists()
    assert not (tmp_path / "s.json").exists()
    assert run(conll, tmp_path / "b.jsonl", "--write-schema", tmp_path / "s.json").exit_code == 2
    assert not (tmp_path / "b.jsonl").exists()
