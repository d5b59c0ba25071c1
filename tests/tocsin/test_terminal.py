"""Streams and endings: what a closed pipe, a full disk, a wrong device or Ctrl-C come to."""

import errno
import io
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from rich.console import Console
from rich.text import Text

from tocsin.data.errors import DataError
from tocsin.data.jsonl import write_documents
from tocsin.data.types import Article, Document, TextLabel
from tocsin.terminal import ending, interruptible, page, page_for, say

TOCSIN = [sys.executable, "-m", "tocsin"]
CHECK = "check the path, its permissions and the space on the disk\n"
CALM = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS")}


@pytest.fixture
def gold(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> Path:
    path = tmp_path / "gold.jsonl"
    write_documents(path, tiny_documents)
    return path


@pytest.mark.parametrize(("n_processes", "code"), [(1, 143), (2, -signal.SIGTERM)])
def test_sigterm_takes_temporary_files_away_even_if_it_comes_twice_unless_processes_train_together(
    n_processes: int, code: int, tmp_path: Path
) -> None:
    program = (
        "import signal, tempfile; from tocsin.terminal import mind_sigterm; mind_sigterm()\n"
        f"with tempfile.TemporaryDirectory(dir={str(tmp_path)!r}):\n"
        "    try: signal.raise_signal(signal.SIGTERM)\n"
        "    finally: signal.raise_signal(signal.SIGTERM)\n"
    )
    environment = {**os.environ, "WORLD_SIZE": str(n_processes)}
    assert subprocess.run([sys.executable, "-c", program], env=environment).returncode == code
    assert len(list(tmp_path.iterdir())) == n_processes - 1


def test_a_reader_that_goes_away_is_no_error_to_talk_about(gold: Path) -> None:
    process = subprocess.Popen([*TOCSIN, "check", str(gold)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def _mind_ctrl_c() -> None:
    """A shell without job control lets what it runs in the background ignore it, and so would the tests' processes."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(("stopping", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_stops_it_while_standard_input_is_awaited_sees_one_line_and_no_files(
    stopping: signal.Signals, code: int, tiny_artifact: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [*TOCSIN, "predict", str(tiny_artifact), "-", "--output", str(output)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_mind_ctrl_c,
    )  # fmt: skip
    assert process.stdin
    process.stdin.write('{"text": "On Tuesday two drones hit Camp Vale."}\n')
    process.stdin.flush()
    # What it wrote of the first article shows that it now waits for the next, and no longer loads.
    while not any(path.stat().st_size for path in tmp_path.iterdir() if path.name.endswith(".part")):
        assert process.poll() is None
    process.send_signal(stopping)
    said = process.communicate()[1]
    assert process.returncode == code
    assert said.splitlines()[-1] == f"interrupted; nothing was written to {output}"
    assert list(tmp_path.iterdir()) == []


def test_what_goes_to_a_pipe_has_no_colour_codes(gold: Path) -> None:
    done = subprocess.run([*TOCSIN, "check", str(gold)], capture_output=True, check=True, env=CALM)
    assert b"\x1b" not in done.stdout + done.stderr
    wanted = subprocess.run([*TOCSIN, "check", str(gold)], capture_output=True, env={**CALM, "FORCE_COLOR": "1"})
    assert b"\x1b[" in wanted.stdout


def test_standard_output_is_utf_8_whatever_the_locale(gold: Path) -> None:
    gold.write_text(gold.read_text().replace('"second"', '"zweiter Artikel – Nörland"'), encoding="utf-8")
    gold.write_text(gold.read_text().replace('"BASE"', '"BÄSE"'), encoding="utf-8")
    foreign = {**CALM, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([*TOCSIN, "check", str(gold)], capture_output=True, env=foreign)
    assert "BÄSE" in done.stdout.decode("utf-8")


def test_the_version_is_the_packages() -> None:
    done = subprocess.run([*TOCSIN, "--version"], capture_output=True, check=True, text=True)
    assert done.stdout.split()[0] == "tocsin"
    assert done.stdout.split()[1][0].isdigit()


def test_help_loads_nothing_that_calculates() -> None:
    code = "import sys, tocsin.cli; print(*{'numpy', 'scipy', 'sklearn', 'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.split() == []


def test_help_answers_within_a_second() -> None:
    code = "import time; start = time.perf_counter(); import tocsin.cli; print(time.perf_counter() - start)"
    took = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in "123"]
    assert min(took) < 1.0


def test_an_error_of_the_users_is_a_message_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stop, ending():
        raise DataError("gold.jsonl:3: holds no text; expected some")
    assert stop.value.exit_code == 1
    assert capsys.readouterr() == ("", "error: gold.jsonl:3: holds no text; expected some\n")


def test_what_the_system_refuses_is_named_with_its_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(typer.Exit), ending():
        (tmp_path / "nowhere" / "a.json").write_text("{}")
    assert f"error: {tmp_path / 'nowhere' / 'a.json'}: No such file or directory; check" in capsys.readouterr().err


FULL = Path("/dev/full")
LIMITED = "ulimit -f 1; exec "  # blocks of 512 bytes, or of 1024


def test_an_error_of_reading_is_not_one_of_standard_output() -> None:
    with pytest.raises(OSError, match="Input/output") as raised, page_for(None):
        raise OSError(errno.EIO, "Input/output error")
    assert raised.value.filename is None


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", ["check GOLD", "convert GOLD - --to jsonl"])
def test_a_full_disk_under_standard_output_is_told_in_one_line(command: str, gold: Path) -> None:
    arguments = command.replace("GOLD", str(gold)).split()
    with FULL.open("w") as full:
        done = subprocess.run([*TOCSIN, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, env=CALM)
    assert done.returncode == 1
    assert done.stderr == "error: standard output: No space left on device; " + CHECK


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_label_set_that_finds_no_space_is_told_beside_what_was_written(gold: Path) -> None:
    out = gold.with_name("out.conll")
    arguments = ["convert", str(gold), str(out), "--write-schema", str(FULL), "--task", "tokens"]
    done = subprocess.run([*TOCSIN, *arguments], capture_output=True, text=True, env=CALM)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "1 problem:\n/dev/full: not written: No space left on device; check the space on the disk\n"
    )
    assert out.exists()


@pytest.mark.parametrize("to", ["jsonl", "conll", "docbin", "brat"])
def test_a_file_that_cannot_be_written_to_its_end_is_told_in_one_line(to: str, tmp_path: Path) -> None:
    texts = [Document(Article("Rockets hit Orle. " * 500, f"a{n}"), labels=(TextLabel("unrest"),)) for n in range(5)]
    write_documents(tmp_path / "large.jsonl", texts)
    arguments = [*TOCSIN, "convert", str(tmp_path / "large.jsonl"), str(tmp_path / "out"), "--to", to]
    done = subprocess.run(["sh", "-c", LIMITED + shlex.join(arguments)], capture_output=True, text=True, env=CALM)
    assert done.returncode == 1
    assert re.fullmatch(r"error: .*File too large.*; check .*space on the disk.*\n", done.stderr), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["large.jsonl"]


def test_a_full_disk_is_told_though_nobody_knows_under_which_file(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stop, ending():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert stop.value.exit_code == 1
    assert capsys.readouterr().err.startswith("error: a file cannot be written to its end (No space left on device)")
    with pytest.raises(OSError, match="no address"), ending():
        raise OSError(errno.EFAULT, "no address")


def test_an_error_of_another_process_than_the_first_is_told_if_nothing_has_ended_it_meanwhile(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setattr("tocsin.terminal.PATIENCE", 0.2)
    started = time.monotonic()
    with pytest.raises(typer.Exit), ending():
        raise DataError("gold.jsonl: no such file")
    assert time.monotonic() - started >= 0.2
    assert capsys.readouterr().err == "error: gold.jsonl: no such file\n"


def test_an_error_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), ending():
        print(1 // 0)


def test_ctrl_c_says_how_to_go_on_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stop, interruptible(Console(stderr=True), "go on with: tocsin train a.toml"):
        raise KeyboardInterrupt
    assert stop.value.exit_code == 130
    assert capsys.readouterr().err == "interrupted; go on with: tocsin train a.toml\n"


def test_a_page_on_a_file_leaves_nothing_behind_if_it_is_not_finished(tmp_path: Path) -> None:
    def interrupted() -> None:
        with page_for(tmp_path / "out.txt") as out:
            out.write("half a line")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_lines_are_left_whole_and_texts_are_no_markup() -> None:
    stream = io.StringIO()
    long = "gold.jsonl:1: [bold]" + " word" * 60
    page(stream, width=40).show_lines(Text(long))
    assert stream.getvalue() == f"{long}\n"


def test_a_message_in_a_log_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    say(Console(stderr=True, width=40), "word " * 30 + "end", kind="note", style="bold")
    assert capsys.readouterr().err == "note: " + "word " * 30 + "end\n"
