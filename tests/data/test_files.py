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
