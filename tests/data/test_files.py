"""Files written whole, and what is written to as it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.files import is_stream, written_whole

WRITER = """
import sys
from pathlib import Path
from tocsin.data.files import written_whole
with written_whole(Path(sys.argv[1])) as stream:
    stream.write("told\\n")
"""


def test_standard_output_is_written_to_by_its_path() -> None:
    done = subprocess.run([sys.executable, "-c", WRITER, "/dev/stdout"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("told\n", "")


def test_a_pipe_is_written_to_by_its_descriptor() -> None:
    reading, writing = os.pipe()
    path = Path(f"/dev/fd/{writing}")
    assert is_stream(path)
    with written_whole(path) as stream:
        stream.write("told\n")
    os.close(writing)
    with os.fdopen(reading) as received:
        assert received.read() == "told\n"


def test_an_error_of_writing_names_the_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3, 3))"
    done = subprocess.run([sys.executable, "-c", limited + WRITER, path], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith(f"File too large: '{path}'")
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_reading_meanwhile_is_not_taken_for_one_of_writing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="broken") as caught, written_whole(tmp_path / "a.txt"):
        raise OSError(5, "broken")
    assert caught.value.filename is None


@pytest.mark.parametrize("folder", [".", "/", ".."])
def test_a_folder_is_refused(folder: str) -> None:
    with (
        pytest.raises(DataError, match=r"cannot be written \(it is a folder\); expected a file"),
        written_whole(Path(folder)),
    ):
        pass


def test_a_file_a_folder_and_nothing_are_no_streams(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not any(map(is_stream, (tmp_path / "file", tmp_path, tmp_path / "none")))
    assert is_stream(Path("/dev/null"))
