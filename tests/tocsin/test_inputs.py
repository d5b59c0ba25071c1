"""Articles from files, folders and standard input, and what is said of them at the end."""

import io
import json
from datetime import date
from pathlib import Path

import spacy
from spacy.tokens import DocBin

from tocsin.inputs import STDIN, take_in

NOTHING = io.BytesIO(b"")


def test_files_folders_and_standard_input_are_read_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Two drones hit Camp Vale.")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("A raid failed.")
    intake = take_in([tmp_path / "news", STDIN, tmp_path / "b.txt"], io.BytesIO(b"Rockets fell."), published=None)
    assert [article.text for article in intake] == ["A raid failed.", "Rockets fell.", "Two drones hit Camp Vale."]
    assert (intake.n_done, intake.n_articles, intake.problems) == (3, 3, [])


def test_a_problem_stops_nothing_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A raid failed."}\n{"text": 7}\n{"text": "Rockets fell."}\n')
    intake = take_in([tmp_path / "none.txt", tmp_path / "a.jsonl"], NOTHING, published=None)
    assert len(list(intake)) == 2
    assert [problem.where for problem in intake.problems] == [str(tmp_path / "none.txt"), f"{tmp_path}/a.jsonl:2"]


def test_an_id_that_two_files_share_is_noted_with_both(tmp_path: Path) -> None:
    for name in ("may", "june"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.txt").write_text(f"date 2024-05-02\nA raid in {name}.")
    intake = take_in([tmp_path], NOTHING, published=None)
    assert len(list(intake)) == 2
    (note,) = intake.notes()
    assert note.startswith("2 articles have the id 'report': ")
    assert f"{tmp_path}/may/report.txt" in note
    assert f"{tmp_path}/june/report.txt" in note


def test_ids_that_are_made_of_annotated_files_of_one_name_differ(tmp_path: Path) -> None:
    paths = [tmp_path / name / "report.conll" for name in ("may", "june")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("Rain\tO\n\n")
    intake = take_in(paths, NOTHING, published=None, form="conll")
    assert [article.id for article in intake] == ["report-1", "report-2-1"]
    assert intake.notes(asks_days=False) == []


def test_many_shared_ids_are_counted_not_listed(tmp_path: Path) -> None:
    lines = [f'{{"id": "a{n % 8}", "published": "2024-05-02", "text": "Raid {n}."}}' for n in range(16)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    intake = take_in([tmp_path / "a.jsonl"], NOTHING, published=None)
    assert len(list(intake)) == 16
    assert len(intake.notes()) == 6
    assert intake.notes()[-1] == "3 more ids are shared by several articles"


def test_articles_without_a_day_are_counted_and_the_option_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A raid failed yesterday.")
    (tmp_path / "b.txt").write_text("date 2024-05-02\nRockets fell yesterday.")
    intake = take_in([tmp_path], NOTHING, published=None)
    assert len(list(intake)) == 2
    (note,) = intake.notes()
    assert note.startswith("1 of 2 articles state no day of publication")
    assert "--published" in note


def test_the_given_day_is_for_articles_that_state_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A raid failed yesterday.")
    (tmp_path / "b.txt").write_text("date 2024-05-02\nRockets fell yesterday.")
    intake = take_in([tmp_path], NOTHING, published=date(2024, 6, 1))
    assert [article.published for article in intake] == [date(2024, 6, 1), date(2024, 5, 2)]
    assert intake.notes() == []


def test_files_left_out_of_a_folder_are_a_note_and_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("date 2024-05-02\nA raid failed.")
    (tmp_path / "thesis.docx").write_bytes(b"PK")
    intake = take_in([tmp_path], NOTHING, published=None)
    assert len(list(intake)) == 1
    assert intake.problems == []
    assert "thesis.docx" in intake.notes()[0]


def test_of_annotated_documents_the_texts_that_nobody_annotated_are_read_too(tmp_path: Path) -> None:
    text = "Rockets fell."
    DocBin(docs=[spacy.blank("xx")(text)]).to_disk(tmp_path / "news.spacy")
    (tmp_path / "news.json").write_text(json.dumps([{"id": 7, "data": {"text": text}, "annotations": []}]))
    for name, form in (("news.spacy", "docbin"), ("news.json", "label-studio")):
        intake = take_in([tmp_path / name], NOTHING, published=date(2024, 5, 2), form=form)
        assert [(article.text, article.published) for article in intake] == [(text, date(2024, 5, 2))]
        assert intake.problems == []


def test_what_the_reader_of_a_format_leaves_out_or_changes_is_a_note(tmp_path: Path) -> None:
    notes = [{"text": "Rockets fell.", "label": [], "comments": ["sure?"]}, {"text": "Drones fell.", "label": []}]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, notes)))
    intake = take_in([tmp_path / "news.jsonl"], NOTHING, published=date(2024, 5, 2), form="doccano")
    assert len(list(intake)) == 2
    assert "1 comments: lost or changed when doccano was read" in intake.notes()
