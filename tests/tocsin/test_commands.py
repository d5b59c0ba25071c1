"""The commands: what goes to which stream, exit codes, and what an interruption leaves."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tocsin.commands.train import how_to_go_on
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Span

Run = Callable[..., Result]
TEXT = "On Tuesday two drones hit Camp Vale in Norland. Three soldiers were wounded in the raid."


@pytest.fixture
def gold(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> Path:
    path = tmp_path / "gold.jsonl"
    write_documents(path, tiny_documents)
    return path


@pytest.fixture
def config(tmp_path: Path, tiny_encoder: Path, gold: Path) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(
        f'encoder = "{tiny_encoder}"\n[data]\ntrain = ["{gold.name}"]\n'
        "[model]\nmax_tokens = 24\noverlap = 6\n[optim]\nepochs = 2\ncheckpoint_every = 1\n[crossval]\nseeds = [1]\n"
    )
    return path


def test_check_counts_what_is_there_and_exits_with_0_if_nothing_is_wrong(run: Run, gold: Path) -> None:
    done = run("check", gold)
    assert done.exit_code == 0
    assert "2 documents, 0 errors" in done.stdout
    assert "BASE" in done.stdout


def test_check_names_every_error_with_its_line_and_exits_with_1(run: Run, gold: Path) -> None:
    record = json.loads(gold.read_text().splitlines()[0])
    record["entities"][0]["end"] += 1
    gold.write_text("{broken\n" + json.dumps(record) + "\n")
    done = run("check", gold)
    assert done.exit_code == 1
    assert f"{gold}:1: " in done.stdout
    assert f"{gold}:2: " in done.stdout


def test_check_takes_a_label_set_of_the_users(run: Run, tmp_path: Path) -> None:
    schema = Schema(entity_labels=("SHIP",))
    (tmp_path / "schema.json").write_text(json.dumps(schema.to_json()))
    article = Article("The Dawn sank.", id="a")
    write_documents(tmp_path / "ships.jsonl", [Document(article, (Span(4, 8, "SHIP"),))])
    assert run("check", tmp_path / "ships.jsonl", "--schema", tmp_path / "schema.json").exit_code == 0
    assert run("check", tmp_path / "ships.jsonl").exit_code == 1
    wrong = run("check", tmp_path / "ships.jsonl", "--schema", tmp_path / "ships.jsonl")
    assert wrong.exit_code == 1
    assert "ships.jsonl: lacks entity_labels, event_types" in wrong.stderr


def test_train_says_what_it_does_and_leaves_a_model_and_nothing_else(run: Run, config: Path, tmp_path: Path) -> None:
    done = run("train", config, "--out", tmp_path / "model", "--seed", 7)
    assert done.exit_code == 0
    assert "label without examples: entity label ASSET" in done.stderr
    assert done.stdout == ""
    for said in (
        "seed = 7",
        "head_learning_rate = ",
        "CASUALTY",
        "learned as whole words: none",
        "no dev set",
        "micro",
    ):
        assert said in done.stderr
    assert f"wrote {tmp_path / 'model'}" in done.stderr
    assert not (tmp_path / "model" / "checkpoints").exists()


def test_train_touches_a_folder_with_a_model_only_when_told_to(run: Run, config: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    assert run("train", config, "--out", out).exit_code == 0
    before = (out / "tocsin.json").read_bytes()
    refused = run("train", config, "--out", out)
    assert (refused.exit_code, (out / "tocsin.json").read_bytes()) == (1, before)
    assert "--overwrite replaces it, --resume goes on" in refused.stderr
    assert run("train", config, "--out", out, "--overwrite", "--seed", 2).exit_code == 0
    assert (out / "tocsin.json").read_bytes() != before


def test_train_never_overwrites_what_is_not_a_model(run: Run, config: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.doc").write_text("years of work")
    done = run("train", config, "--out", tmp_path / "home", "--overwrite")
    assert done.exit_code == 1
    assert "holds files that are no model of tocsin's (thesis.doc)" in done.stderr
    assert (tmp_path / "home" / "thesis.doc").is_file()


def test_ctrl_c_says_how_to_go_on(run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("transformers.Trainer.train", interrupted)
    done = run("train", config, "--out", tmp_path / "model")
    assert done.exit_code == 130
    assert f"go on with: tocsin train {config} --out {tmp_path / 'model'} --resume" in done.stderr
    monkeypatch.undo()
    assert run("train", config, "--out", tmp_path / "model", "--resume").exit_code == 0


def test_a_run_that_another_config_left_is_refused_before_it_is_said_where_it_resumes(
    run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tocsin.train.training.take_best", interrupted)
        assert run("train", config, "--out", tmp_path / "model").exit_code == 130
    config.write_text(config.read_text().replace("epochs = 2", "epochs = 3"))
    refused = run("train", config, "--out", tmp_path / "model", "--resume")
    assert refused.exit_code == 1
    assert "was left by another run: optim.epochs = 2 there, 3 here" in refused.stderr
    assert "resumes at" not in refused.stderr


def test_a_run_of_several_processes_goes_on_in_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    hint = how_to_go_on(Path("a b.toml"), Path("runs/a"), data=None, seed=7)
    assert hint == "go on, in 2 processes as before, with: tocsin train 'a b.toml' --out runs/a --seed 7 --resume"


def test_train_starts_on_no_annotation_with_errors(run: Run, config: Path, gold: Path) -> None:
    gold.write_text(gold.read_text() + "{broken\n")
    done = run("train", config, "--out", gold.parent / "model")
    assert done.exit_code == 1
    assert f"{gold}:3: " in done.stderr
    assert not (gold.parent / "model").exists()


def test_crossval_shows_means_and_spreads_and_takes_up_finished_folds(run: Run, config: Path, tmp_path: Path) -> None:
    first = run("crossval", config, "--out", tmp_path / "cv")
    assert first.exit_code == 0
    assert "0 of 2 folds were taken from an earlier run" in first.stderr
    assert "value, 95% interval" in first.stdout
    assert "lexicon" in first.stdout
    assert "2 articles are few" in first.stderr
    again = run("crossval", config, "--out", tmp_path / "cv")
    assert "2 of 2 folds were taken from an earlier run" in again.stderr
    assert again.stdout == first.stdout


def test_crossval_says_if_the_model_it_starts_from_has_seen_what_it_holds_out(
    run: Run, config: Path, tmp_path: Path
) -> None:
    assert run("train", config, "--out", tmp_path / "model").exit_code == 0
    started = tmp_path / "started.toml"
    encoder, _, rest = config.read_text().partition("\n")
    assert encoder.startswith("encoder")
    started.write_text(f'{rest}[init]\nfrom = "model"\n')
    done = run("crossval", started, "--out", tmp_path / "cv")
    assert done.exit_code == 0, done.stderr
    told = " ".join(done.stderr.split())
    assert "[init] from model: has seen articles that are held out: first, second;" in told
    assert "[init]" not in run("crossval", config, "--out", tmp_path / "cv").stderr


def test_a_seed_below_0_is_refused(run: Run, config: Path, tmp_path: Path) -> None:
    done = run("train", config, "--seed", -1, "--out", tmp_path / "model")
    assert done.exit_code == 2
    assert "--seed" in done.stderr


def test_train_says_if_the_model_it_starts_from_has_seen_its_dev_documents(
    run: Run, config: Path, tmp_path: Path
) -> None:
    assert run("train", config, "--out", tmp_path / "model").exit_code == 0
    _, _, rest = config.read_text().partition("\n")
    rest = rest.replace("[data]\n", "[data]\ndev_share = 0.5\n")
    (tmp_path / "started.toml").write_text(f'{rest}[init]\nfrom = "model"\n')
    done = run("train", tmp_path / "started.toml", "--out", tmp_path / "started")
    assert done.exit_code == 0, done.stderr
    assert "note: [init] from model: has seen 1 of the 1 dev documents" in " ".join(done.stderr.split())


def test_crossval_writes_a_file_that_training_takes_its_calibration_from(
    run: Run, config: Path, tmp_path: Path
) -> None:
    assert run("crossval", config, "--out", tmp_path / "cv").exit_code == 0
    config.write_text(config.read_text() + '[calibration]\ncrossval = "cv/crossval.json"\n')
    done = run("train", config, "--out", tmp_path / "model", "--seed", 7)
    assert done.exit_code == 0, done.stderr
    written = json.loads((tmp_path / "cv" / "crossval.json").read_text())
    shipped = json.loads((tmp_path / "model" / "calibration.json").read_text())
    assert shipped["source"] == written["calibration"]["source"]
    assert "calibrated on 2 articles" in run("info", tmp_path / "model").stdout
    config.write_text(config.read_text().replace("epochs = 2", "epochs = 3"))
    refused = run("train", config, "--out", tmp_path / "third")
    assert refused.exit_code == 1
    assert "optim.epochs = 2 there, 3 here" in refused.stderr
    assert not (tmp_path / "third" / "tocsin.json").exists()


def test_crossval_draws_a_learning_curve_and_writes_a_report(
    run: Run, config: Path, gold: Path, annotate: Callable[..., Document], tmp_path: Path
) -> None:
    third = annotate(Article("A raid failed near Camp Vale.", "third"), {"Camp Vale": "BASE"}, [])
    with gold.open("a") as stream:
        write_documents(stream, [third])
    out, report = tmp_path / "cv", tmp_path / "report"
    done = run("crossval", config, "--out", out, "--learning-curve", "--report", report)
    assert done.exit_code == 0, done.stderr
    assert "trained on" in done.stdout
    assert "last step" in done.stdout
    curve = json.loads((out / "crossval.json").read_text())["learning_curve"]
    assert curve["sizes"] == [1, 2]
    told = [line.removeprefix("wrote ") for line in done.stderr.splitlines() if str(report) in line]
    assert sorted(map(Path, told)) == sorted(report.iterdir())
    page = next(path for path in report.iterdir() if path.suffix == ".html").read_text()
    assert f"tocsin crossval {config} --out {out} --learning-curve --report {report}" in page


def test_predict_writes_a_document_a_line(run: Run, tiny_artifact: Path) -> None:
    done = run("predict", tiny_artifact, "-", "--published", "2024-05-02", given=TEXT)
    assert done.exit_code == 0
    (record,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(record["text"][e["start"] : e["end"]] == e["text"] for e in record["entities"])
    (incident,) = record["incidents"]
    assert (incident["date_start"], incident["date_end"], incident["date_prec"]) == ("2024-04-30", "2024-04-30", 1)
    assert incident["fillers"]["target"][0]["text"] == "Camp Vale"


def test_a_bad_file_stops_nothing_and_is_named_at_the_end(run: Run, tiny_artifact: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    (tmp_path / "b.txt").write_text(TEXT)
    done = run("predict", tiny_artifact, tmp_path / "a.txt", tmp_path / "none.txt", tmp_path / "b.txt")
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["b"]
    assert "2 problems:" in done.stderr
    assert "a.txt: byte 0xe9 at position 3 (line 1) is not UTF-8" in done.stderr
    assert "none.txt: no such file" in done.stderr


def test_a_web_page_is_read_without_what_stands_around_the_article(
    run: Run, tiny_artifact: Path, tmp_path: Path
) -> None:
    body = "<nav>Home</nav><article>" + f"<p>{TEXT}</p>" * 3 + "</article><footer>All rights reserved</footer>"
    (tmp_path / "a.html").write_text(f"<html><head><title>Raid</title></head><body>{body}</body></html>")
    done = run("predict", tiny_artifact, tmp_path / "a.html")
    (record,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert record["title"] == "Raid"
    assert TEXT in record["text"]
    assert "Home" not in record["text"]


def test_a_table_has_an_incident_a_row_and_counts_what_is_left_out(run: Run, tiny_artifact: Path) -> None:
    done = run("predict", tiny_artifact, "-", "--published", "2024-05-02", "--format", "table", given=TEXT)
    assert "2024-04-30" in done.stdout
    assert "Camp Vale" in done.stdout
    assert "1 incident in 1 article" in done.stdout


def test_the_text_shows_entities_and_triggers_in_place(run: Run, tiny_artifact: Path) -> None:
    done = run("predict", tiny_artifact, "-", "--format", "text", given=TEXT)
    assert "On [DATE Tuesday] two [WEAPON drones] [ATTACK hit] [BASE Camp Vale] in" in done.stdout


def test_an_output_file_is_whole_or_not_there(run: Run, tiny_artifact: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    done = run("predict", tiny_artifact, tmp_path / "a.txt", "--output", tmp_path / "out.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads((tmp_path / "out.jsonl").read_text())["id"] == "a"
    failed = run("predict", tiny_artifact, tmp_path / "none.txt", "--output", tmp_path / "other.jsonl")
    assert failed.exit_code == 1
    assert not (tmp_path / "other.jsonl").exists()


def test_evaluate_prints_and_writes_the_scores(run: Run, tiny_artifact: Path, gold: Path, tmp_path: Path) -> None:
    done = run("evaluate", tiny_artifact, gold, "--json", tmp_path / "scores.json")
    assert done.exit_code == 0
    record = json.loads((tmp_path / "scores.json").read_text())
    assert record["headline"]["entity_f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert record["reproduce"] == [f"tocsin evaluate {tiny_artifact} {gold}"]
    assert "micro" in done.stdout
    assert "1.000 [1.000, 1.000]" in done.stdout
    assert "was trained on 2 of these 2 articles" in done.stderr
    assert "scores are not calibrated" in done.stderr


def test_evaluate_takes_a_file_of_predictions_and_holds_it_against_a_model(
    run: Run, tiny_artifact: Path, gold: Path, tmp_path: Path
) -> None:
    predicted = tmp_path / "predicted.jsonl"
    assert run("predict", tiny_artifact, gold, "--output", predicted).exit_code == 0
    alone = run("evaluate", predicted, gold)
    assert alone.exit_code == 0, alone.stderr
    done = run("evaluate", predicted, gold, "--against", tiny_artifact, "--json", tmp_path / "scores.json")
    assert done.exit_code == 0
    assert "resamples won" in done.stdout
    assert "resamples won" not in alone.stdout
    record = json.loads((tmp_path / "scores.json").read_text())
    even = {"difference": 0.0, "low": 0.0, "high": 0.0, "share_won": 0.5}
    assert record["against"]["measures"] == dict.fromkeys(record["headline"], even)
    assert record["reproduce"] == [f"tocsin evaluate {predicted} {gold} --against {tiny_artifact}"]


def test_evaluate_writes_a_report(run: Run, tiny_artifact: Path, gold: Path, tmp_path: Path) -> None:
    done = run("evaluate", tiny_artifact, gold, "--report", tmp_path / "deep" / "report")
    assert done.exit_code == 0, done.stderr
    written = list((tmp_path / "deep" / "report").iterdir())
    assert all(f"wrote {path}" in done.stderr for path in written)
    assert {path.suffix for path in written} == {".html", ".md", ".json"}


def test_evaluate_reads_predictions_of_a_schema_of_the_users(run: Run, gold: Path, tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(Schema(entity_labels=("SHIP",)).to_json()))
    ships = tmp_path / "ships.jsonl"
    write_documents(ships, [Document(Article("The Dawn sank.", id="a"), (Span(4, 8, "SHIP"),))])
    done = run("evaluate", ships, ships, "--schema", tmp_path / "schema.json")
    assert done.exit_code == 0, done.stderr
    assert "SHIP" in done.stdout
    refused = run("evaluate", ships, ships)
    assert refused.exit_code == 1
    assert "unknown label 'SHIP'" in refused.stderr
    assert "with the labels of attacks; others are named by --schema FILE, or taken as found with --from" in (
        " ".join(refused.stderr.split())
    )


def test_predictions_of_other_articles_are_refused_without_a_traceback(run: Run, gold: Path, tmp_path: Path) -> None:
    (tmp_path / "half.jsonl").write_text(gold.read_text().splitlines(keepends=True)[0])
    done = run("evaluate", tmp_path / "half.jsonl", gold, "--json", tmp_path / "scores.json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no prediction for second of gold" in done.stderr
    assert "tocsin predict MODEL GOLD" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "scores.json").exists()


def test_gold_with_labels_the_model_does_not_know_is_refused(run: Run, tiny_artifact: Path, gold: Path) -> None:
    gold.write_text(gold.read_text().replace('"BASE"', '"BASS"'))
    done = run("evaluate", tiny_artifact, gold)
    assert done.exit_code == 1
    assert "BASS" in done.stderr
    assert "BASE" in done.stderr


def test_info_says_what_a_model_was_made_of(run: Run, tiny_artifact: Path) -> None:
    done = run("info", tiny_artifact)
    assert done.exit_code == 0
    assert "model.safetensors" in done.stdout
    assert "ACTOR" in done.stdout
    assert "entity F1 1.000 [1.000, 1.000]" in " ".join(done.stdout.split())
    assert "not calibrated: 0.9 does not mean nine in ten" in " ".join(done.stdout.split())


@pytest.mark.parametrize("arguments", [("predict",), ("train", "a.toml", "--sed", "1"), ("fly",)], ids=" ".join)
def test_wrong_usage_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_model_that_is_not_there_is_named_without_a_traceback(run: Run, tmp_path: Path) -> None:
    done = run("predict", tmp_path / "nowhere", "-", given=TEXT)
    assert done.exit_code == 1
    assert "nowhere: no such folder" in done.stderr
    assert "Traceback" not in done.stderr
