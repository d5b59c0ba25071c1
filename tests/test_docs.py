"""What the documents show is true: commands parse, code runs, examples come out as they say, files are there."""

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from tocsin.cli import app
from tocsin.data.jsonl import write_documents
from tocsin.data.types import Document
from tocsin.tables import counted
from tocsin.train.config import read_config
from tocsin.train.earlier import read_earlier
from tocsin.train.sets import load_sets

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
PACKAGES = {
    "data": "tocsin.data",
    "data/coding": "tocsin.data.coding",
    "data/exports": "tocsin.data.exports",
    "data/formats": "tocsin.data.formats",
    "data/gazetteers": "tocsin.data.gazetteers",
    "data/store": "tocsin.data.store",
    "model": "tocsin.model",
    "train": "tocsin.train",
    "tocsin": "tocsin",
    "tocsin/commands": "tocsin.commands",
}
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w+)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`((?:tocsin|train|model|data|configs|tests|benchmarks|\.ci)/[\w./*-]+)`")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined] # several commands make it a group


def blocks(kind: str) -> list[tuple[str, str]]:
    """The fenced blocks of a kind in all documents, each with where it stands."""
    found = []
    for name in DOCUMENTS:
        path = ROOT / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for fence in FENCE.finditer(text):
            if fence["kind"] == kind:
                found.append((f"{name}:{text.count(chr(10), 0, fence.start()) + 1}", textwrap.dedent(fence["body"])))
    return found


def typed_lines() -> Iterator[tuple[str, str]]:
    """What a reader types: all of `sh` blocks, the lines after a `$` in `console` blocks."""
    for where, body in blocks("sh"):
        yield from ((where, line) for line in body.replace("\\\n", " ").splitlines())
    for where, body in blocks("console"):
        lines = body.replace("\\\n", " ").splitlines()
        yield from ((where, line.removeprefix("$ ")) for line in lines if line.startswith("$ "))


def commands(line: str) -> Iterator[list[str]]:
    """The commands of a shell line, without its pipes, redirections and comments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    tokens = iter(lexer)
    for token in tokens:
        if set(token) <= set("|&;"):
            yield words
            words = []
        elif set(token) <= set("<>"):
            next(tokens)
        else:
            words.append(token)
    yield words


def documented(program: str) -> list[tuple[str, str]]:
    """Where a program is called, and with what; each call once."""
    calls = {
        shlex.join(words[1:]): where
        for where, line in typed_lines()
        for words in commands(line)
        if words and words[0] == program
    }
    return [(where, arguments) for arguments, where in calls.items()]


def parse(arguments: str) -> None:
    """Read a command's arguments as the command itself does, without running it.

    Raises:
        typer.BadParameter or another usage error: the command would refuse them.
    """
    name, *rest = shlex.split(arguments)
    if name not in ("--help", "--version"):
        COMMANDS[name].make_context(name, rest)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(("where", "arguments"), documented("tocsin"), ids=lambda value: value)
def test_a_documented_command_parses(where: str, arguments: str) -> None:
    parse(arguments)


@pytest.mark.parametrize(("where", "arguments"), documented("make"), ids=lambda value: value)
def test_a_documented_make_target_exists(where: str, arguments: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [word for word in shlex.split(arguments) if "=" not in word and word not in targets] == []


@pytest.mark.parametrize(("where", "code"), blocks("python"), ids=lambda value: value.partition("\n")[0])
def test_documented_code_runs(
    where: str, code: str, tiny_artifact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code.replace("runs/seeds", str(tiny_artifact)), where, "exec"), {"__name__": "__main__"})


TINY_CONFIG = """\
encoder = "{encoder}"
[data]
train = ["../data/annotated/seeds.jsonl"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 2
[crossval]
seeds = [1]
"""

TINY_TAGGER = """\
task = "tokens"
encoder = "{encoder}"
[data]
train = ["words.conll"]
[model]
max_tokens = 24
overlap = 6
[optim]
epochs = 1
"""


def test_the_session_of_the_readme_runs_from_its_first_line_to_its_last(
    tiny_encoder: Path, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    """In a small copy of the checkout, with a small encoder; `make` and the activation are the test run itself."""
    for folder in ("configs", "seeds", "data/annotated"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "configs" / "seeds.toml").write_text(TINY_CONFIG.format(encoder=tiny_encoder))
    (tmp_path / "mine.toml").write_text(TINY_TAGGER.format(encoder=tiny_encoder))
    write_documents(tmp_path / "data" / "annotated" / "seeds.jsonl", tiny_documents)
    shutil.copy(ROOT / "data" / "demo.txt", tmp_path / "data")
    shutil.copy(next((ROOT / "seeds").glob("*.txt")), tmp_path / "seeds")
    lines = [
        line for where, line in typed_lines() if where.startswith("README") and not line.startswith(("make", ". "))
    ]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert (tmp_path / "runs" / "crossval" / "crossval.json").is_file()
    words = [(tmp_path / name).read_text().split() for name in ("words.conll", "predicted.conll")]
    assert words[0][::2] == words[1][::2]


MEASURES = {
    "entity_f1": "entities, F1",
    "entity_overlap_f1": "entities with partial overlap, F1",
    "trigger_f1": "triggers, F1",
    "argument_f1": "arguments, F1",
    "attribute_accuracy": "attributes, accuracy",
    "incident_f1": "incident slots, F1",
}


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def crossval_of_the_seeds() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((ROOT / "configs" / "seeds.crossval.json").read_text(encoding="utf-8"))
    return record


@pytest.mark.parametrize("measure", MEASURES)
def test_the_scores_in_the_readme_are_those_of_the_file_that_a_command_wrote(measure: str) -> None:
    record = crossval_of_the_seeds()
    figures = record["headline"][measure]
    cells = [
        MEASURES[measure],
        f"{figures['value']:.3f} ({figures['low']:.3f} to {figures['high']:.3f})",
        f"{figures['sd_over_seeds']:.3f}",
        f"{figures['sd_over_articles']:.3f}",
        *(f"{baseline['headline'][measure]['value']:.3f}" for baseline in record["baselines"]),
    ]
    assert f"| {' | '.join(cells)} |" in readme()


@pytest.mark.parametrize("measure", MEASURES)
def test_the_learning_curve_in_the_readme_is_that_of_the_file(measure: str) -> None:
    curve = crossval_of_the_seeds()["learning_curve"]
    gain = curve["gain"][measure]
    points = [f"{point['mean']:.3f}" for point in curve["measures"][measure]]
    told = f"{gain['difference']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f})"
    assert f"| {' | '.join([MEASURES[measure], *points, told])} |" in readme()


@pytest.mark.parametrize("layer", ["entities", "events", "arguments", "incidents"])
def test_the_calibration_in_the_readme_is_that_of_the_file(layer: str) -> None:
    found = crossval_of_the_seeds()["calibration"]["layers"][layer]
    errors = f"{found['ece_before']:.3f} | {found['ece_after']:.3f} | {found['article_gap_after']:.3f}"
    assert f"| {layer} | {found['n']} | {errors} | {found['temperature']:.2f} | {found['bias']:.2f} |" in readme()


def test_the_config_of_the_seeds_names_a_cross_validation_that_is_of_it() -> None:
    config = read_config(ROOT / "configs" / "seeds.toml")
    sets = load_sets(config)
    earlier = read_earlier(config, sets.schema, sets.train)
    assert earlier is not None
    assert earlier.facts["n_articles"] == len(sets.train)


def result(name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((ROOT / "benchmarks" / "results" / name).read_text(encoding="utf-8"))
    return record


def test_the_other_figures_in_the_readme_are_those_of_files_too() -> None:
    text = " ".join(readme().split())
    demo, agreed = result("demo.json"), result("agreement.json")["first and second"]["headline"]
    folds, speed = crossval_of_the_seeds(), result("evaluation.json")
    f1 = {(row["layer"], row["label"]): row["f1"] for row in folds["rows"]}
    boundary = next(kind for kind in folds["mistakes"]["kinds"] if kind["kind"] == "wrong boundary")
    outcome = folds["classification"]["outcome"]
    sure = [found for found in folds["calibration"]["layers"]["arguments"]["after"] if found["low"] >= 0.8]
    n_right = sum(round(found["n"] * found["share_right"]) for found in sure)
    wanted = {layer: found["targets"][1] for layer, found in folds["calibration"]["layers"].items()}
    expected = [
        f"takes {demo['seconds']:.0f} seconds and {demo['megabytes']:,} MB",
        f"Places (F1 {f1['entities', 'LOCATION']:.2f}) and dates ({f1['entities', 'DATE']:.2f})",
        f"casualties hardly ever ({f1['entities', 'CASUALTY']:.2f}",
        f"(arguments {f1['arguments', 'source']:.2f} and {f1['arguments', 'claimant']:.2f})",
        f"({boundary['n']} times in all 15 predictions, {boundary['cost']} items wrong through them)",
        f'(accuracy {outcome["accuracy"]:.3f}, always saying "unknown" {outcome["accuracy_of_commonest"]:.3f})',
        f"of {sum(found['n'] for found in sure)} with a score of 0.8 or more, {n_right} were right",
        f"60 trainings in all, {folds['seconds']['training'] / 60:.0f} minutes",
        f"trained at commit `{', '.join(folds['trained_at'])}`",
        f"entities came to {wanted['entities']['precision']:.2f}, events to {wanted['events']['precision']:.2f}",
        f"1,000 articles take {speed['seconds_of_evaluation']:.0f} seconds",
        f"agree to {agreed['entity_f1']:.3f} on entities, {agreed['trigger_f1']:.3f} on triggers and "
        f"{agreed['argument_f1']:.3f} on arguments",
    ]
    assert [figures for figures in expected if figures not in text] == []


@pytest.mark.parametrize(
    ("named", "found"),
    [("of the five seeds", "seeds"), ("hard, first half", "hard dev"), ("hard, second half", "hard test")],
)
def test_the_figures_of_linking_in_the_readme_are_those_of_the_file(named: str, found: str) -> None:
    layer = result("linking.json")[found]["layers"]["all"]
    shares = " | ".join(f"{layer[name]['share']:.3f}" for name in ("accuracy", "precision", "recall"))
    assert f"| {named} | {layer['mentions']} | {shares} |" in readme()


def test_the_figures_of_merging_grouping_and_the_store_in_the_readme_are_those_of_files() -> None:
    text = " ".join(readme().split())
    linked = result("linking.json")["hard test"]["layers"]["all"]["accuracy"]
    merged, grouped, measured = result("merging.json")["test"], result("grouping.json")["rows"], result("store.json")
    learned, rule = grouped["learned"], grouped["all of a kind"]
    own = grouped["learned, on its own mentions"]
    first, *_, last = steps = measured["measured"]
    seconds = [step["seconds"] for step in steps]
    pairs = [step["pairs_compared_per_account"] for step in steps]
    expected = [
        f"interval {linked['low']:.3f} to {linked['high']:.3f}",
        f"Of {merged['pairs']} pairs of invented reports",
        f"precision of {merged['precision']:.3f}, and {merged['recall']:.3f} of those that are one are merged",
        f"B-cubed F1 of {learned['b_cubed_f1']:.3f}, against {rule['b_cubed_f1']:.3f}",
        f"({learned['pair_f1']:.3f} against {rule['pair_f1']:.3f})",
        f"({learned['pair_precision']:.3f} against {rule['pair_precision']:.3f})",
        f"B-cubed F1 is {own['b_cubed_f1']:.3f} (`benchmarks/results/grouping.json`)",
        f"empty store takes {first['seconds']:.1f} seconds, to one of 100,000 incidents {last['seconds']:.1f},",
        f"({min(seconds):.1f} to {max(seconds):.1f} on the way",
        f"compared with {min(pairs):.0f} to {max(pairs):.0f} others",
    ]
    assert last["incidents_before"] >= 100_000
    assert [figures for figures in expected if figures not in text] == []


def test_the_agreement_of_the_annotators_is_that_of_the_file() -> None:
    text = (ROOT / "data" / "annotated" / "README.md").read_text(encoding="utf-8")
    names = ("entity_f1", "trigger_f1", "argument_f1", "attribute_accuracy", "incident_f1")
    for pair in ("first and second", "first and adjudicated", "second and adjudicated"):
        figures = result("agreement.json")[pair]["headline"]
        assert f"| {pair} | " + " | ".join(f"{figures[name]:.3f}" for name in names) + " |" in text
        authored = result("agreement.json")["authored"][pair]
        cells = [f"{authored['n_articles']}", *(f"{authored['headline'][name]:.3f}" for name in names)]
        assert f"| authored, {pair} | " + " | ".join(cells) + " |" in text


def test_what_the_authored_articles_are_good_for_is_that_of_the_file() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = {(row["part"], row["test"]): row for row in result("authored.json")["rows"]}
    names = ("entity_f1", "trigger_f1", "argument_f1", "attribute_accuracy", "incident_f1")
    seeds, held_out, quiet = "seed articles", "held-out articles", "all quiet held-out articles"
    for key in (("seeds", seeds), ("authored", seeds), ("authored+seeds", seeds), ("all", held_out)):
        figures = [rows[key]["headline"][name] for name in names]
        cells = [f"{f['value']:.3f} ({f['low']:.3f} to {f['high']:.3f})" for f in figures]
        assert f"| {' | '.join(cells)} |" in text
    found = rows["all", quiet]["quiet"]
    assert f"**False incidents in 100 quiet articles: {found['value']:.1f}.**" in text
    told = f"finds {found['n_incidents']} incidents: {found['value']:.1f} in 100 such articles"
    told_text = " ".join(text.split())
    assert told in told_text
    assert f"{found['low']:.1f} to {found['high']:.1f})" in text
    right, of_held_out = rows["all", quiet]["relevance"], rows["all", held_out]["relevance"]
    counted = f"right for {right['n_right']} of these {right['n']}, and for {of_held_out['n_right']} of the 30 held-out"
    assert counted in told_text
    curve = [rows[name, seeds] for name in ("curve-20", "curve-80", "curve-138", "authored")]
    few, some, more, most = (f"{row['headline']['entity_f1']['value']:.3f} with {row['n_train']}" for row in curve)
    assert f"{few} authored articles over {some} and {more} to {most}, of which 80 are" in told_text


def test_what_the_two_packaged_encoders_reach_is_that_of_the_file() -> None:
    rows = {row["entry"]: row for row in result("field.json")["rows"] if row["key"] == "entity_f1"}
    larger, default = (
        f"{rows[name]['mean']:.3f} ({counted(len(rows[name]['values']), 'seed')})" for name in ("re3d_mpnet", "re3d")
    )
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"reaches an F1 of {larger}, the default encoder {default}." in text


def test_what_learning_beside_another_set_gives_is_that_of_the_file() -> None:
    rows = {row["part"]: row for row in result("transfer.json")["rows"]}
    beside = rows["[joint] with re3d"]
    assert (beside["better"], beside["worse"]) == (["entity_f1", "argument_f1"], ["attribute_accuracy"])
    entities, arguments, attributes = (
        f"{abs(over['difference']):.3f} [{low:.3f}, {high:.3f}]"
        for over in (beside["over_packaged"][name] for name in ("entity_f1", "argument_f1", "attribute_accuracy"))
        for low, high in [sorted((abs(over["low"]), abs(over["high"])))]
    )
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    told = f"entity F1 gains {entities} and argument F1 {arguments}, and attribute accuracy loses {attributes}"
    assert f"{told} ({counted(len(beside['over_packaged_seeds']), 'seed')})" in text
    assert all(not row.get("better") for part, row in rows.items() if part.startswith("[init]"))


def test_what_the_cross_validation_of_all_articles_gave_is_that_of_the_file() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    record = json.loads((ROOT / "configs" / "default.crossval.json").read_text(encoding="utf-8"))
    names = {"entity_f1": "entities", "trigger_f1": "triggers", "argument_f1": "arguments"}
    names |= {"attribute_accuracy": "attributes", "incident_f1": "incident slots"}
    told = [f"{noun} {record['headline'][name]['value']:.3f}" for name, noun in names.items()]
    quiet = record["quiet"]
    assert f"Each of the {record['data']['documents']} articles" in text
    assert f"{', '.join(told)}, and {quiet['value']:.1f} false incidents in 100 of the {quiet['n_read']} quiet" in text
    assert f"{quiet['n_with_incidents']} of which yield any at all" in text
    roles = {row["label"]: row["f1"] for row in record["rows"] if row["layer"] == "arguments"}
    assert f"claimants, {roles['claimant']:.2f}, and sources, {roles['source']:.2f})" in text
    errors = [f"{error['ece_after']:.3f} for {layer}" for layer, error in record["calibration"]["layers"].items()]
    assert f"in it is {', '.join(errors)} (`configs/default.crossval.json`)" in text


@pytest.mark.parametrize("path", sorted(set(PATH.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))))
def test_a_file_that_contributors_are_pointed_to_is_there(path: str) -> None:
    assert list(ROOT.glob(path.rstrip("/")))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_shows_an_example_that_parses(name: str) -> None:
    command = COMMANDS[name]
    examples = re.findall(r"^ *Example: tocsin (.+)$", f"{command.help}\n{command.epilog}", re.MULTILINE)
    assert command.help
    assert examples
    for example in examples:
        for arguments in commands(f"tocsin {example}"):
            assert arguments[1] == name
            parse(shlex.join(arguments[1:]))


def modules_with_examples() -> list[str]:
    """The import names of files that hold a `>>>`."""
    return [
        f"{package}.{path.stem}"
        for folder, package in PACKAGES.items()
        for path in sorted((ROOT / folder).glob("*.py"))
        if ">>>" in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_in_docstrings_come_out_as_they_say(name: str) -> None:
    outcome = doctest.testmod(import_module(name))
    assert outcome.failed == 0
    assert outcome.attempted


def test_pipes_redirections_and_comments_are_no_arguments() -> None:
    line = "cat a.txt | tocsin predict runs/demo - > out.jsonl  # say"
    assert list(commands(line)) == [["cat", "a.txt"], ["tocsin", "predict", "runs/demo", "-"]]
