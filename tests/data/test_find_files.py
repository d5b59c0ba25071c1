"""The files of folders and paths: which are read, which are left out, and what is said of them."""

from pathlib import Path

from tocsin.data.errors import Problem
from tocsin.data.readers import Skipped, find_files


def folder(root: Path, *names: str) -> Path:
    """A folder with the given files in it."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("A raid.", encoding="utf-8")
    return root


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(tmp_path: Path) -> None:
    root = folder(tmp_path, "b.txt", "a/2.html", "a/1.JSONL", ".git/c.txt", ".d.txt", "c")
    assert list(find_files([root])) == [root / "a/1.JSONL", root / "a/2.html", root / "b.txt", root / "c"]


def test_files_of_unknown_kinds_in_a_folder_are_counted_and_one_is_shown(tmp_path: Path) -> None:
    root = folder(tmp_path, "a.txt", "b/map.png", "c.docx", "d.pdf")
    *files, skipped = find_files([root])
    assert files == [root / "a.txt"]
    assert skipped == Skipped(
        str(root),
        "3 files of unknown kind left out, e.g. b/map.png; "
        "known: no suffix, .txt, .text, .md, .html, .htm, .jsonl, .ndjson, .json",
    )


def test_a_named_file_is_tried_whatever_its_kind(tmp_path: Path) -> None:
    root = folder(tmp_path, "c.docx", ".hidden")
    assert list(find_files([root / "c.docx", root / ".hidden"])) == [root / "c.docx", root / ".hidden"]


def test_a_path_that_is_not_there_is_a_problem_and_the_others_are_found(tmp_path: Path) -> None:
    root = folder(tmp_path, "a.txt")
    missing, found = find_files([root / "none", root / "a.txt"])
    assert missing == Problem(str(root / "none"), "no such file or folder; check the path")
    assert found == root / "a.txt"


def test_a_folder_without_a_file_to_read_is_a_problem(tmp_path: Path) -> None:
    root = folder(tmp_path, "a.png")
    skipped, problem = find_files([root])
    assert isinstance(skipped, Skipped)
    assert isinstance(problem, Problem)
    assert problem.message.startswith("has no file to read; expected some of a known kind: ")


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path: Path) -> None:
    root = folder(tmp_path, "a.txt", "b/c.txt")
    (root / "b/loop").symlink_to(root)
    assert list(find_files([root])) == [root / "a.txt", root / "b/c.txt"]


def test_a_link_to_nothing_in_a_folder_is_a_problem_if_its_kind_is_known(tmp_path: Path) -> None:
    root = folder(tmp_path, "a.txt")
    for name in ("gone.txt", "gone", "gone.png"):
        (root / name).symlink_to(root / "nowhere")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    file, *problems, skipped = find_files([root])
    assert file == root / "a.txt"
    assert problems[:2] == [
        Problem(str(root / name), "no such file or folder; check the path") for name in ("gone", "gone.txt")
    ]
    assert [problem.where for problem in problems[2:] if isinstance(problem, Problem)] == [str(root / "loop.txt")]
    assert isinstance(skipped, Skipped)
    assert skipped.message.startswith("1 file of unknown kind left out, e.g. gone.png")
