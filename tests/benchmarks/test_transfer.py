"""The whole comparison on tiny things: what is trained, kept, told as missing, and never started from."""

import doctest
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import transfer
from field_runs import Folders
from field_sets import Entry, Measure
from transfer import PACKAGED, ROWS, Bench, Row, arguments, run_all

from tocsin.data.jsonl import write_documents
from tocsin.data.types import Article, Document
from tocsin.model.artifact import weights_hash
from tocsin.train.config import RunConfig, read_config
from tocsin.train.finish import finish
from tocsin.train.preparation import prepare
from tocsin.train.sets import load_sets
from tocsin.train.training import train

ARTICLES = """\
encoder = "{encoder}"
[data]
train = ["gold.jsonl"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 1
"""
WORDS = """\
task = "tokens"
encoder = "{encoder}"
[data]
train = ["words/train.conll"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 1
"""
CONLL = "drones\tB-CRAFT\nhit\tO\n\nrockets\tB-CRAFT\nfell\tO\n"
ENTRY = Entry("words", "words", (Measure("entity_f1", "entity micro-F1"),), 10)
ALONE, STARTED, BESIDE = (
    Row(PACKAGED),
    Row("[init] from words", "init", ENTRY),
    Row("[joint] with words", "joint", ENTRY),
)
Benches = Callable[..., Bench]


@pytest.fixture
def made(tiny_encoder: Path, tiny_documents: tuple[Document, ...], tmp_path: Path) -> Path:
    """The folder of a checkout, as it were: two articles, their config, and a set of words with its own."""
    for name in ("configs/benchmarks", "data/words", "models"):
        (tmp_path / name).mkdir(parents=True)
    write_documents(tmp_path / "configs" / "gold.jsonl", tiny_documents)
    (tmp_path / "configs" / "seeds.toml").write_text(ARTICLES.format(encoder=tiny_encoder))
    (tmp_path / "configs" / "benchmarks" / "words.toml").write_text(WORDS.format(encoder=tiny_encoder))
    (tmp_path / "data" / "words" / "train.conll").write_text(CONLL)
    return tmp_path


@pytest.fixture
def bench(made: Path) -> Benches:
    def new(*rows: Row, seeds: tuple[int, ...] = (1,), has_data: bool = True) -> Bench:
        base = read_config(made / "configs" / "seeds.toml")
        folders = Folders(made / "data", made / "configs" / "benchmarks", made / "models", made / "results")
        return Bench(base, load_sets(base), seeds, folders, has_data, made / "runs", rows)

    return new


def model_of(config: RunConfig, out: Path) -> None:
    """What `tocsin train` would leave there."""
    sets = load_sets(config)
    run = prepare(config, sets.schema, sets.train, ())
    model = train(run, work=out.parent / "work", resume=False, watch=lambda _: None)
    finish(run, model, sets.train, out, seconds=1.0)


@pytest.fixture
def started_from(made: Path) -> Path:
    """The model of the set of words, seed 1."""
    out = made / "models" / "words-seed1"
    model_of(read_config(made / "configs" / "benchmarks" / "words.toml", seed=1, data=made / "data"), out)
    return out


def record(made: Path) -> dict[str, Any]:
    """What was written, its rows by name."""
    found: dict[str, Any] = json.loads((made / "results" / "transfer.json").read_text())
    return {**found, "rows": {row["part"]: row for row in found["rows"]}}


def page(made: Path) -> str:
    return (made / "results" / "transfer.md").read_text()


def test_every_row_is_trained_compared_and_told_with_what_it_started_from(
    made: Path, bench: Benches, started_from: Path
) -> None:
    rows = (ALONE, STARTED, BESIDE)
    assert run_all(bench(*rows), rows) == 0
    found = record(made)
    assert list(found["rows"]) == [row.name for row in rows]
    assert [row["n_trainings"] for row in found["rows"].values()] == [2, 2, 2]
    assert {len(row["over_packaged"]) for row in found["rows"].values()} == {0, 6}
    assert found["rows"][STARTED.name]["started_from"]["weights_sha256"] == weights_hash(started_from)
    learned = found["rows"][BESIDE.name]["learned_beside"]
    assert (learned["documents"], list(learned["files"])) == (2, ["words/train.conll"])
    assert set(found["provenance"]) == {"date", "commit", "machine", "python", "packages"}
    assert found["seconds"] == pytest.approx(sum(row["seconds"] for row in found["rows"].values()), abs=0.2)
    assert "## Missing" not in page(made)
    assert f"- {STARTED.name} (seeds 1): better: " in page(made)
    assert str(made) not in page(made) + json.dumps(found)


def test_each_row_is_trained_on_what_it_names(made: Path, bench: Benches, started_from: Path) -> None:
    own = bench(ALONE, STARTED, BESIDE)
    for row in own.rows:
        transfer.look_at(own, row)
    alone, started, beside = (own.ready[row.name].part for row in own.rows)
    assert (alone.config.init.from_, alone.config.joint.configs, alone.beside) == ("", (), ())
    assert started.config.init.from_ == str(started_from)
    assert [document.article.text for document in beside.beside[0].documents] == ["drones hit", "rockets fell"]
    assert alone.config.optim == started.config.optim == beside.config.optim
    assert alone.folds == started.folds == beside.folds


def test_what_is_finished_is_not_trained_again_and_rows_do_not_overwrite_each_other(
    made: Path, bench: Benches, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (ALONE, BESIDE)
    run_all(bench(*rows), rows)
    assert "4 trainings to go" in capsys.readouterr().err
    first = record(made)["rows"]
    run_all(bench(*rows), rows)
    assert "0 trainings to go" in capsys.readouterr().err
    assert record(made)["rows"] == first


def test_a_row_that_is_not_asked_for_keeps_its_figures_and_one_that_was_never_run_is_missing(
    made: Path, bench: Benches
) -> None:
    rows = (ALONE, BESIDE)
    run_all(bench(*rows), (ALONE,))
    assert record(made)["rows"][BESIDE.name] == {
        "part": BESIDE.name,
        "missing": 'not run yet; run: python benchmarks/transfer.py --data DIR --only "[joint] with words"',
        "missing_seeds": [1],
    }
    assert f"| {BESIDE.name} | missing |" in page(made)
    alone = record(made)["rows"][ALONE.name]
    run_all(bench(*rows), (BESIDE,))
    assert record(made)["rows"][ALONE.name] == alone


def test_what_was_measured_elsewhere_is_kept_with_what_made_it(made: Path, bench: Benches, started_from: Path) -> None:
    rows = (ALONE, STARTED, BESIDE)
    run_all(bench(*rows), rows)
    first = record(made)["rows"]
    shutil.rmtree(made / "runs")
    shutil.rmtree(started_from)
    run_all(bench(*rows, has_data=False), (ALONE,))
    found = record(made)["rows"]
    assert found[ALONE.name].get("kept") is None
    for row in (STARTED, BESIDE):
        assert found[row.name] == {**first[row.name], "kept": True}
        assert row.name in page(made).partition("Kept from an earlier run")[2].partition("Difference")[0]
    assert "## Missing" not in page(made)


def test_a_kept_row_says_which_seeds_it_lacks_and_gives_way_to_one_of_as_many_seeds(made: Path, bench: Benches) -> None:
    run_all(bench(ALONE, BESIDE), (ALONE, BESIDE))
    shutil.rmtree(made / "runs")
    run_all(bench(ALONE, BESIDE, seeds=(1, 2)), ())
    found = record(made)["rows"][BESIDE.name]
    assert (found["kept"], found["seeds"], found["missing_seeds"]) == (True, [1], [2])
    run_all(bench(ALONE, BESIDE), (ALONE, BESIDE))
    assert "kept" not in json.dumps(record(made))


@pytest.mark.parametrize("has_data", [True, False], ids=["data", "no-data"])
def test_what_was_measured_with_other_settings_is_not_kept(made: Path, bench: Benches, *, has_data: bool) -> None:
    run_all(bench(ALONE, BESIDE), (ALONE, BESIDE))
    shutil.rmtree(made / "runs")
    settings = made / "configs" / "seeds.toml"
    settings.write_text(settings.read_text().replace("epochs = 1", "epochs = 2"))
    run_all(bench(ALONE, BESIDE, has_data=has_data), ())
    assert all("missing" in row and "headline" not in row for row in record(made)["rows"].values())


def test_only_seeds_that_both_have_are_compared_and_the_others_stand_as_missing(made: Path, bench: Benches) -> None:
    run_all(bench(ALONE, BESIDE), (ALONE, BESIDE))
    run_all(bench(ALONE, BESIDE, seeds=(1, 2)), (BESIDE,))
    found = record(made)["rows"]
    assert (found[ALONE.name]["seeds"], found[ALONE.name]["missing_seeds"]) == ([1], [2])
    assert (found[BESIDE.name]["seeds"], found[BESIDE.name]["over_packaged_seeds"]) == ([1, 2], [1])
    assert f"- {ALONE.name}, seeds 2: not run yet; run:" in page(made)


def test_without_its_model_a_row_is_missing_with_the_command_that_makes_it(
    made: Path, bench: Benches, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_all(bench(ALONE, STARTED), (STARTED,)) == 0
    told = (
        "no finished model words-seed1 in the folder of --models; make it: "
        "tocsin train configs/benchmarks/words.toml --data DIR --seed 1 --out MODELS/words-seed1"
    )
    assert record(made)["rows"][STARTED.name]["missing"] == told
    assert f"{STARTED.name}: {told}" in capsys.readouterr().err


def test_a_model_of_other_settings_is_not_started_from(made: Path, bench: Benches, started_from: Path) -> None:
    config = made / "configs" / "benchmarks" / "words.toml"
    config.write_text(config.read_text().replace("epochs = 1", "epochs = 9"))
    run_all(bench(ALONE, STARTED), ())
    assert "is of other settings (optim.epochs changed); make it again: tocsin train configs/" in page(made)


def test_a_model_that_has_seen_the_articles_is_not_started_from(
    made: Path, bench: Benches, tiny_documents: tuple[Document, ...]
) -> None:
    settings = made / "configs" / "benchmarks" / "words.toml"
    settings.write_text((made / "configs" / "seeds.toml").read_text())
    write_documents(made / "data" / "gold.jsonl", tiny_documents)
    model_of(read_config(settings, seed=1, data=made / "data"), made / "models" / "words-seed1")
    run_all(bench(ALONE, STARTED), ())
    assert "the model words-seed1 has seen the seed articles" in page(made)


def test_a_model_that_was_altered_is_told_without_naming_its_folder_among_the_results(
    made: Path, bench: Benches, started_from: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (started_from / "schema.json").write_text("{}")
    run_all(bench(ALONE, STARTED), ())
    assert f"{started_from}/schema.json" in capsys.readouterr().err
    assert record(made)["rows"][STARTED.name]["missing"].startswith("cannot be trained; this says why: python")


def test_another_model_of_the_same_name_is_another_start(made: Path, bench: Benches, started_from: Path) -> None:
    rows = (ALONE, STARTED)
    run_all(bench(*rows), rows)
    config = read_config(made / "configs" / "benchmarks" / "words.toml", seed=1, data=made / "data")
    (made / "data" / "words" / "train.conll").write_text(CONLL.replace("fell", "hit"))
    model_of(config, started_from)
    run_all(bench(*rows), ())
    assert record(made)["rows"][STARTED.name]["missing"].startswith("not run yet")


@pytest.mark.parametrize(
    ("has_data", "is_there", "told"),
    [
        (False, True, "the folder of the data sets was not named; run: python benchmarks/transfer.py --data DIR"),
        (True, False, "no file words/train.conll in the folder of --data; with it there, run: python"),
    ],
    ids=["not-named", "not-there"],
)
def test_without_its_data_a_row_is_missing(
    made: Path, bench: Benches, *, has_data: bool, is_there: bool, told: str
) -> None:
    if not is_there:
        (made / "data" / "words" / "train.conll").unlink()
    run_all(bench(ALONE, BESIDE, has_data=has_data), (BESIDE,))
    assert record(made)["rows"][BESIDE.name]["missing"].startswith(told)


def test_copies_of_a_held_out_article_are_not_learned_beside_and_are_counted(
    made: Path, bench: Benches, tiny_documents: tuple[Document, ...]
) -> None:
    settings = made / "configs" / "benchmarks" / "words.toml"
    settings.write_text((made / "configs" / "seeds.toml").read_text().replace("epochs = 1", "epochs = 2"))
    other = Document(Article("Nothing happened in Norland.", id="other"), (), (), ())
    write_documents(made / "data" / "gold.jsonl", [*tiny_documents, other])
    run_all(bench(ALONE, BESIDE), (BESIDE,))
    assert record(made)["rows"][BESIDE.name]["n_left_out"] == 2
    assert "left out as copies of held-out articles, over all trainings: 2." in page(made)


def test_what_of_the_other_config_changes_nothing_is_told_if_the_row_is_wanted(
    made: Path, bench: Benches, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = made / "configs" / "benchmarks" / "words.toml"
    settings.write_text(settings.read_text().replace("epochs = 1", "epochs = 9"))
    run_all(bench(ALONE, BESIDE), ())
    assert "note:" not in capsys.readouterr().err
    run_all(bench(ALONE, BESIDE), (BESIDE,))
    assert "words.toml: optim.epochs: changes nothing; the run's own config" in capsys.readouterr().err


def test_a_training_that_fails_is_told_and_the_exit_code_is_1(
    made: Path, bench: Benches, tiny_documents: tuple[Document, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = made / "configs" / "benchmarks" / "words.toml"
    settings.write_text((made / "configs" / "seeds.toml").read_text().replace("epochs = 1", "epochs = 2"))
    write_documents(made / "data" / "gold.jsonl", tiny_documents[:1])
    assert run_all(bench(ALONE, BESIDE), (ALONE, BESIDE)) == 1
    told = capsys.readouterr().err
    assert "every train text is shared with one that is held out" in told
    found = record(made)["rows"]
    assert found[ALONE.name]["seeds"] == [1]
    assert found[BESIDE.name]["missing"].startswith("cannot be trained; this says why: python")


def test_a_model_in_the_folder_by_default_is_made_by_a_command_of_this_checkout(bench: Benches) -> None:
    own = bench()
    own.folders = replace(own.folders, runs=transfer.ROOT / "runs" / "no-benchmarks")
    transfer.look_at(own, STARTED)
    assert own.missing[STARTED.name].endswith("--seed 1 --out runs/no-benchmarks/words-seed1")


def test_rows_and_seeds_are_named_with_commas() -> None:
    wanted = arguments(["--only", "packaged encoder, [joint] with re3d", "--seeds", "4,5"])
    assert [row.name for row in wanted.only] == ["packaged encoder", "[joint] with re3d"]
    assert (wanted.seeds, wanted.data) == ((4, 5), None)
    assert (arguments([]).only, arguments([]).seeds) == (ROWS, (1, 2, 3))


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("--only", "re3d", "re3d: unknown; expected some of packaged encoder, [init] from re3d"),
        ("--seeds", "1,1", "expected different whole numbers"),
        ("--data", "no/such/folder", "no such folder; expected the one that make benchmarks takes"),
    ],
)
def test_a_bad_option_is_told(option: str, text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments([option, text])
    assert told in capsys.readouterr().err


def test_every_row_has_a_folder_of_its_own_and_the_packaged_encoder_comes_first() -> None:
    assert len({row.folder for row in ROWS}) == len(ROWS)
    assert ROWS[0].name == PACKAGED


def test_the_examples_in_docstrings_come_out_as_they_say() -> None:
    outcome = doctest.testmod(transfer)
    assert (outcome.failed, bool(outcome.attempted)) == (0, True)
