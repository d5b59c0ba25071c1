"""`tocsin incidents` and `tocsin export`: what is added once, merged and why, and what comes out again."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Article, Document

Run = Callable[..., Result]
REPORTED = {"status": "reported", "scope": "single", "outcome": "hit"}
SERIES = {"status": "reported", "scope": "series", "outcome": "unknown"}
FORMATS = ("jsonl", "csv", "geojson", "acled", "ucdp", "plover", "gtd")


@pytest.fixture
def documents(annotate: Callable[..., Document]) -> tuple[Document, Document]:
    """Two outlets' reports of one attack, one of them with a series, which is no incident."""
    first = annotate(
        Article(
            "Kataib Hezbollah said its drones hit Ain al-Asad Air Base in Anbar on Tuesday. It was the 40th attack.",
            id="wire-7",
            published=date(2024, 3, 14),
            source="Norland Wire",
        ),
        {
            "Kataib Hezbollah": "ACTOR",
            "drones": "WEAPON",
            "Ain al-Asad Air Base": "BASE",
            "Anbar": "LOCATION",
            "Tuesday": "DATE",
        },
        [
            (
                "hit",
                {
                    "Kataib Hezbollah": "attacker",
                    "drones": "weapon",
                    "Ain al-Asad Air Base": "target",
                    "Anbar": "place",
                    "Tuesday": "date",
                },
                REPORTED,
                "I1",
            ),
            ("attack", {}, SERIES, "I2"),
        ],
    )
    second = annotate(
        Article(
            "Three soldiers were wounded on 12 March when a drone struck the Ayn al-Assad base, the Pentagon said.",
            id="post-3",
            published=date(2024, 3, 13),
            source="Vale Post",
        ),
        {
            "Three soldiers": "CASUALTY",
            "12 March": "DATE",
            "drone": "WEAPON",
            "Ayn al-Assad base": "BASE",
            "Pentagon": "ACTOR",
        },
        [
            (
                "struck",
                {
                    "Three soldiers": "casualty",
                    "12 March": "date",
                    "drone": "weapon",
                    "Ayn al-Assad base": "target",
                    "Pentagon": "source",
                },
                REPORTED,
                "I1",
            )
        ],
    )
    return first, second


@pytest.fixture
def predicted(tmp_path: Path, documents: tuple[Document, Document]) -> Path:
    path = tmp_path / "predicted.jsonl"
    write_documents(path, documents)
    return path


def exported(run: Run, source: Path, form: str = "jsonl") -> list[dict[str, Any]]:
    done = run("export", source, "--format", form)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_two_reports_of_one_attack_are_one_incident_and_the_table_says_why(
    run: Run, predicted: Path, tmp_path: Path
) -> None:
    done = run("incidents", predicted, "--store", tmp_path / "events.db")
    assert done.exit_code == 0, done.output
    assert "Ain al-Asad Air Base" in done.stdout
    assert "Norland Wire" in done.stdout
    assert "tell of one incident" in done.stdout
    assert "both at Ain al-Asad Air Base" in done.stdout
    assert "2 new articles" in done.stderr
    assert "not coded: 1 series" in done.stderr
    assert "now holds 2 articles and 1 incident, 1 of them told by several articles" in done.stderr


def test_adding_the_same_articles_again_changes_nothing(run: Run, predicted: Path, tmp_path: Path) -> None:
    store = tmp_path / "events.db"
    run("incidents", predicted, "--store", store)
    before = exported(run, store)
    again = run("incidents", predicted, "--store", store)
    assert again.exit_code == 0
    assert "0 new articles, 2 articles known already" in again.stderr
    assert exported(run, store) == before


def test_a_file_of_documents_is_exported_as_its_store_would_be(run: Run, predicted: Path, tmp_path: Path) -> None:
    run("incidents", predicted, "--store", tmp_path / "events.db")
    assert exported(run, predicted) == exported(run, tmp_path / "events.db")


def test_every_value_that_is_exported_can_be_found_in_its_article(
    run: Run, predicted: Path, documents: tuple[Document, Document]
) -> None:
    texts = {document.article.id: document.article.text for document in documents}
    found = list(_evidence(exported(run, predicted)))
    assert len(found) > 10
    assert all(texts[item["article"]][item["start"] : item["end"]] == item["text"] for item in found)


def _evidence(value: Any) -> Any:
    """Every evidence anywhere in a JSON value."""
    if isinstance(value, dict):
        if {"article", "start", "end", "text"} <= value.keys():
            yield value
        for part in value.values():
            yield from _evidence(part)
    elif isinstance(value, list):
        for part in value:
            yield from _evidence(part)


def test_a_text_format_goes_to_standard_output_or_into_a_file(run: Run, predicted: Path, tmp_path: Path) -> None:
    run("incidents", predicted, "--store", tmp_path / "events.db")
    for form in FORMATS:
        written = run("export", tmp_path / "events.db", "--format", form, "--output", tmp_path / "out")
        assert written.exit_code == 0, written.output
        assert written.stdout == ""
        assert "wrote" in written.stderr
        piped = run("export", tmp_path / "events.db", "--format", form)
        assert piped.stdout == (tmp_path / "out").read_text(encoding="utf-8")


def test_the_page_and_parquet_are_files(run: Run, predicted: Path, tmp_path: Path) -> None:
    store = tmp_path / "events.db"
    run("incidents", predicted, "--store", store)
    assert run("export", store, "--format", "parquet").exit_code == 2
    for form in ("parquet", "html"):
        path = tmp_path / f"incidents.{form}"
        assert run("export", store, "--format", form, "--output", path).exit_code == 0
        assert path.stat().st_size > 1000


def test_a_gazetteer_of_the_users_wins_over_the_one_that_ships(run: Run, predicted: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    with own.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "name", "aliases", "country", "latitude", "longitude"])
        rows.writerow(["mine:1", "Ain al-Asad Air Base", "Ayn al-Assad", "IQ", "33.5", "42.5"])
    (incident,) = exported_with(run, predicted, own)
    assert {target["link"]["entry"]["id"] for target in incident["targets"]} == {"mine:1"}
    (location,) = incident["locations"]
    assert (location["latitude"], location["longitude"]) == (33.5, 42.5)


def exported_with(run: Run, source: Path, gazetteer: Path) -> list[dict[str, Any]]:
    done = run("export", source, "--gazetteer", gazetteer)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_gazetteer_with_a_fault_is_named_with_its_line(run: Run, predicted: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("name,latitude,longitude\nCamp Vale,91,0\n", encoding="utf-8")
    done = run("export", predicted, "--gazetteer", own)
    assert done.exit_code == 1
    assert f"{own}:2: " in done.stderr


def test_articles_are_read_by_a_model_and_known_ones_are_not_read_again(
    run: Run, tiny_artifact: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("On Tuesday two drones hit Camp Vale in Norland.", encoding="utf-8")
    rest = ("--store", tmp_path / "events.db", "--published", "2024-05-02")
    first = run("incidents", tiny_artifact, tmp_path / "a.txt", *rest)
    assert first.exit_code == 0, first.output
    assert "1 new article" in first.stderr
    assert "Camp Vale" in first.stdout
    (tmp_path / "b.txt").write_text("On Tuesday two drones hit Camp Vale in Norland.", encoding="utf-8")
    again = run("incidents", tiny_artifact, tmp_path / "b.txt", *rest)
    assert "0 new articles, 1 article known already" in again.stderr


def test_a_line_that_is_no_document_is_named_and_the_rest_is_added(run: Run, predicted: Path, tmp_path: Path) -> None:
    with predicted.open("a", encoding="utf-8") as stream:
        stream.write("{broken\n")
    done = run("incidents", predicted, "--store", tmp_path / "events.db")
    assert done.exit_code == 1
    assert "2 new articles" in done.stderr
    assert f"{predicted}:3: " in done.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nothing.db", "no such file; expected a store that tocsin incidents made, or a file of documents"),
        (".", "is a folder"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "postgresql://"),
    ],
)
def test_a_source_that_is_none_is_told_and_no_password_with_it(run: Run, source: str, said: str) -> None:
    done = run("export", source)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "secret" not in done.stderr


def test_a_store_that_is_another_file_stays_as_it_was(run: Run, predicted: Path) -> None:
    before = predicted.read_bytes()
    done = run("incidents", predicted, "--store", predicted)
    assert done.exit_code == 1
    assert "is no SQLite database" in done.stderr
    assert predicted.read_bytes() == before


def test_a_corrected_annotation_replaces_what_is_stored_only_when_asked_to(
    run: Run, documents: tuple[Document, Document], predicted: Path, tmp_path: Path
) -> None:
    store = tmp_path / "events.db"
    run("incidents", predicted, "--store", store)
    mended = predicted.read_text(encoding="utf-8").replace('"outcome": "hit"', '"outcome": "failed"')
    predicted.write_text(mended, encoding="utf-8")
    told = run("incidents", predicted, "--store", store)
    assert "2 known articles are coded differently now; --again replaces that" in told.stderr
    assert [incident["outcome"] for incident in exported(run, store)] == ["hit"]
    again = run("incidents", predicted, "--store", store, "--again")
    assert "0 new articles, 2 articles coded anew" in again.stderr
    assert [incident["outcome"] for incident in exported(run, store)] == ["failed"]


def test_an_article_seen_undated_first_is_not_doubled_when_its_day_is_given(
    run: Run, tiny_artifact: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("On Tuesday two drones hit Camp Vale in Norland.", encoding="utf-8")
    command = ("incidents", tiny_artifact, tmp_path / "a.txt", "--store", tmp_path / "events.db")
    run(*command)
    dated = run(*command, "--published", "2024-05-02")
    assert dated.exit_code == 0, dated.output
    assert "0 new articles, 1 article coded anew" in dated.stderr
    assert "now holds 1 article and 1 incident" in dated.stderr


def test_what_is_exported_is_never_written_over(run: Run, predicted: Path, tmp_path: Path) -> None:
    store = tmp_path / "events.db"
    run("incidents", predicted, "--store", store)
    for source, output in ((predicted, predicted), (store, store), (predicted, store)):
        before = output.read_bytes()
        refused = run("export", source, "--format", "csv", "--output", output)
        assert refused.exit_code == 2
        assert "choose another file" in " ".join(refused.stderr.replace("│", " ").split())
        assert output.read_bytes() == before


def test_options_that_would_do_nothing_are_refused(
    run: Run, predicted: Path, tiny_artifact: Path, tmp_path: Path
) -> None:
    store, schema = tmp_path / "events.db", tmp_path / "schema.json"
    schema.write_text(json.dumps(DEFAULT_SCHEMA.to_json()), encoding="utf-8")
    run("incidents", predicted, "--store", store)
    assert run("incidents", predicted, "--store", store, "--published", "2024-05-02").exit_code == 2
    assert run("incidents", tiny_artifact, predicted, "--store", store, "--schema", schema).exit_code == 2
    assert run("export", store, "--schema", schema).exit_code == 2
    assert run("export", store, "--gazetteer", tmp_path / "own.csv").exit_code == 2


def test_a_model_that_is_not_there_is_told_as_one_or_as_documents(run: Run, tmp_path: Path) -> None:
    done = run("incidents", tmp_path / "nothing", "--store", tmp_path / "events.db", given="")
    assert done.exit_code == 1
    assert "not there; expected a folder that `tocsin train` wrote, or a file of documents" in done.stderr
    assert not (tmp_path / "events.db").exists()


def test_an_empty_file_is_no_export_of_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    done = run("export", tmp_path / "empty.db")
    assert done.exit_code == 1
    assert "is empty; expected a store" in done.stderr


def test_a_text_taken_for_documents_does_not_flood_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A line.\n" * 500, encoding="utf-8")
    done = run("export", tmp_path / "a.txt")
    assert done.exit_code == 1
    assert "and 400 more problems" in done.stderr
    assert len(done.stderr.splitlines()) < 120


def test_documents_take_no_articles_beside_them(run: Run, predicted: Path, tmp_path: Path) -> None:
    assert run("incidents", predicted, predicted, "--store", tmp_path / "events.db").exit_code == 2
