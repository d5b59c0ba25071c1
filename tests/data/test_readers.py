"""Articles from files and standard input: what is read, and what bad input is told."""

import codecs
import errno
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tocsin.data.errors import Problem
from tocsin.data.files import MAX_ARTICLE_BYTES, os_fault
from tocsin.data.readers import read_articles, read_stream
from tocsin.data.types import Article

DAY = date(2024, 2, 3)
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Drones hit depot near Velmora - Norland Daily</title>
<meta property="og:title" content="Drones hit depot near Velmora">
<meta property="og:site_name" content="Norland Daily">
<meta property="article:published_time" content="2024-05-02T23:30:00-05:00">
<link rel="canonical" href="https://daily.example.org/drones"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article>
<p>Three drones struck a fuel depot near the town of Velmora on Tuesday night, the governor told reporters.</p>
<p>Nobody was hurt, and the fire was put out before dawn by nine engines of the province's fire service.</p>
</article><footer>Copyright 2021 Norland Daily</footer></body></html>"""


def read(path: Path, content: bytes | str, *, published: date | None = None) -> list[Article | Problem]:
    """What is read from a file with the given content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_articles(path, published=published))


def article(path: Path, content: bytes | str, *, published: date | None = None) -> Article:
    (only,) = read(path, content, published=published)
    assert isinstance(only, Article), only
    return only


def fault(path: Path, content: bytes | str) -> str:
    """The message of the one problem a file has; it is told with the file's name."""
    (only,) = read(path, content)
    assert isinstance(only, Problem), only
    assert only.where.startswith(str(path))
    return only.message


def piped(content: bytes, *, published: date | None = None) -> list[Article | Problem]:
    return list(read_stream(io.BytesIO(content), published=published))


@pytest.mark.parametrize("name", ["raid.txt", "raid.text", "raid.md", "raid", "RAID.TXT"])
def test_a_plain_text_is_one_article_named_after_its_file(name: str, tmp_path: Path) -> None:
    only = article(tmp_path / name, "A raid.\n\nIt failed.\n")
    assert (only.id.lower(), only.text, only.published) == ("raid", "A raid.\n\nIt failed.\n", None)


def test_windows_newlines_stay_in_the_text(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", b"One.\r\nTwo.\rThree.\n").text == "One.\r\nTwo.\rThree.\n"


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", codecs.BOM_UTF8 + "Überfall".encode()).text == "Überfall"


DATED = {
    "before the text": " date 2024-02-03 The raid failed.\n",
    "on a line of its own": "date 2024-02-03\n\nThe raid failed.\n",
    "with a colon": "Date: 2024-02-03\r\nThe raid failed.\n",
}


@pytest.mark.parametrize("content", DATED.values(), ids=DATED)
def test_a_leading_date_is_the_day_of_publication_and_no_text(content: str, tmp_path: Path) -> None:
    only = article(tmp_path / "a.txt", content)
    assert (only.text, only.published) == ("The raid failed.\n", DAY)


UNDATED = {
    "a sentence about a date": "date 2024-02-03T10:00 is when it began.",
    "a date later on": "The raid of date 2024-02-03 failed.",
    "a longer word": "update 2024-02-03 The raid failed.",
}


@pytest.mark.parametrize("content", UNDATED.values(), ids=UNDATED)
def test_any_other_date_is_text(content: str, tmp_path: Path) -> None:
    only = article(tmp_path / "a.txt", content)
    assert (only.text, only.published) == (content, None)


def test_a_day_the_file_states_wins_over_the_one_given(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", "date 2024-02-03 A raid.", published=date(1999, 1, 1)).published == DAY


def test_the_day_given_is_for_articles_that_state_none(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", "A raid.", published=DAY).published == DAY


def test_a_leading_date_that_is_no_day_is_a_problem(tmp_path: Path) -> None:
    assert fault(tmp_path / "a.txt", "date 2024-02-31 A raid.").startswith(
        "opens with the date 2024-02-31, which is no day"
    )


def test_a_date_alone_is_no_article(tmp_path: Path) -> None:
    assert fault(tmp_path / "a.txt", "date 2024-02-03\n") == "has nothing but a date; expected the text of an article"


BAD_FILES = {
    "empty": (b"", "is empty or only white space; expected the text of an article"),
    "white space": (b" \r\n\t\n", "is empty or only white space; expected the text of an article"),
    "binary": (b"\x89PNG\r\n\0\0", "has a NUL byte at position 6: a binary file"),
    "windows-1252": (
        b"One line.\nA caf\xe9 was hit.",
        "byte 0xe9 at position 15 (line 2) is not UTF-8; if the text is of an older Windows program, convert it: "
        "iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW",
    ),
    "not utf-8 after a mark": (codecs.BOM_UTF8 + b"caf\xe9", "byte 0xe9 at position 6 (line 1) is not UTF-8"),
    "utf-16": (
        "A raid.".encode("utf-16"),
        "is UTF-16 (it opens with that byte order mark); expected UTF-8: iconv -f UTF-16",
    ),
    "utf-32": (
        "A raid.".encode("utf-32"),
        "is UTF-32 (it opens with that byte order mark); expected UTF-8: iconv -f UTF-32",
    ),
    "utf-16 without a mark": ("A raid.".encode("utf-16-le"), "has a NUL byte at position 1: a binary file, or UTF-16"),
}


@pytest.mark.parametrize(("content", "expected"), BAD_FILES.values(), ids=BAD_FILES)
@pytest.mark.parametrize("suffix", [".txt", ".json", ".html"])
def test_a_file_that_is_no_text_is_a_problem(content: bytes, expected: str, suffix: str, tmp_path: Path) -> None:
    assert fault(tmp_path / f"a{suffix}", content).startswith(expected)


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "a.jsonl", tmp_path / "a.docx"]
    problems = [problem for path in paths for problem in read_articles(path)]
    assert problems == [Problem(str(path), "no such file or folder; check the path") for path in paths]


@pytest.mark.parametrize("name", ["news", "news.txt", "news.docx"])
def test_a_folder_where_a_file_is_expected_is_a_problem(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    assert list(read_articles(tmp_path / name)) == [Problem(str(tmp_path / name), "is a folder; expected a file")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A raid.", encoding="utf-8")
    path.chmod(0)
    assert list(read_articles(path)) == [Problem(str(path), os_fault(PermissionError()))]


def test_a_refusal_of_the_system_says_what_to_do() -> None:
    assert os_fault(PermissionError(13, "x")) == "no permission to read it; allow it (chmod u+r) or copy the file"
    assert os_fault(OSError(5, "Input/output error")) == "cannot be read (Input/output error); expected a readable file"


def test_an_unknown_kind_of_file_is_a_problem_that_names_the_known(tmp_path: Path) -> None:
    assert fault(tmp_path / "a.docx", "A raid.") == (
        "is of an unknown kind, '.docx'; expected one of: "
        "no suffix, .txt, .text, .md, .html, .htm, .jsonl, .ndjson, .json; "
        "annotated documents are read with --from FORMAT"
    )


@pytest.mark.parametrize("suffix", [".txt", ".json", ".html"])
def test_a_file_too_large_for_an_article_is_refused_by_its_size(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as stream:
        stream.truncate(50 * 2**30)  # a sparse file: reading it would take minutes
    (problem,) = read_articles(path)
    assert isinstance(problem, Problem)
    assert problem.message.startswith("is 51200.0 MiB or more; the limit is 16 MiB; ")


def test_json_lines_are_an_article_each(tmp_path: Path) -> None:
    full = {
        "id": "n1",
        "text": "A raid.",
        "title": "Raid",
        "published": "2024-02-03",
        "source": "Echo",
        "url": "https://e.org/1",
    }
    path = tmp_path / "a.jsonl"
    lines = [full | {"comments": 3}, {"id": 7, "text": "Quiet.", "title": None, "published": ""}]
    assert read(path, "\n\n".join(map(json.dumps, lines)), published=date(1999, 1, 1)) == [
        Article("A raid.", "n1", "Raid", DAY, "Echo", "https://e.org/1"),
        Article("Quiet.", "7", published=date(1999, 1, 1)),
    ]


def test_an_article_without_an_id_is_named_by_its_text(tmp_path: Path) -> None:
    assert article(tmp_path / "a.ndjson", '{"text": "A raid."}').id == Article("A raid.").id


def test_annotated_documents_are_readable_as_articles(tmp_path: Path) -> None:
    line = {"id": "n1", "text": "A raid.", "entities": [{"wrong": True}], "events": []}
    assert article(tmp_path / "gold.jsonl", json.dumps(line)) == Article("A raid.", "n1")


def test_a_broken_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [b'{"text": "One."}', b'{"text": ', b'{"text": "caf\xe9"}', b'{"body": "x"}', b'{"text": "Two."}\r', b""]
    entries = read(path, b"\n".join(lines))
    assert [entry.text if isinstance(entry, Article) else entry.where for entry in entries] == [
        "One.",
        f"{path}:2",
        f"{path}:3",
        f"{path}:4",
        "Two.",
    ]


def test_every_fault_of_a_line_is_told(tmp_path: Path) -> None:
    entries = read(tmp_path / "a.jsonl", '{"text": "A raid.", "published": "3 Feb", "title": 5}')
    assert [entry.message for entry in entries if isinstance(entry, Problem)] == [
        '"title" is a number; expected a string',
        '"published" is \'3 Feb\'; expected an ISO date such as "2024-05-02"',
    ]


def test_two_articles_of_one_id_are_both_read(tmp_path: Path) -> None:
    entries = read(tmp_path / "a.jsonl", '{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}')
    assert [entry.text for entry in entries if isinstance(entry, Article)] == ["One.", "Two."]


def test_a_file_of_json_lines_that_is_no_text_is_one_problem(tmp_path: Path) -> None:
    assert fault(tmp_path / "a.jsonl", '{"text": "a"}\n{"text": "b"}\n'.encode("utf-16")).startswith("is UTF-16")


@pytest.mark.parametrize("content", ["", "\n \n"], ids=["empty", "white space"])
def test_json_lines_without_a_line_are_a_problem(content: str, tmp_path: Path) -> None:
    assert fault(tmp_path / "a.jsonl", content) == "is empty or only white space; expected an article a line, as JSON"


def test_a_line_too_large_for_an_article_is_dropped_by_its_size_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    large = b'{"text": "' + b"x" * MAX_ARTICLE_BYTES + b'"}'
    first, problem, last = read(path, b'{"text": "One."}\n' + large + b'\n{"text": "Two."}')
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert problem == Problem(f"{path}:2", "is 16.0 MiB or more; the limit is 16 MiB; split the article in two")


def test_json_lines_are_read_one_at_a_time() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the typed buffer is wider than a view
            line = b'{"text": "A raid."}\n'
            buffer[: len(line)] = line
            return len(line)

    stream = read_stream(io.BufferedReader(Endless()))
    assert [next(stream) for _ in range(3)] == [Article("A raid.")] * 3


def test_a_json_file_is_one_article_or_a_list_of_them(tmp_path: Path) -> None:
    assert article(tmp_path / "one.json", '{\n "text": "A raid."\n}') == Article("A raid.")
    entries = read(tmp_path / "list.json", '[{"text": "One."}, 5, {"id": "x"}, {"text": "Two."}]')
    assert entries[0] == Article("One.")
    assert [entry.where for entry in entries[1:3] if isinstance(entry, Problem)] == [
        f"{tmp_path / 'list.json'}: article 2",
        f"{tmp_path / 'list.json'}: article 3",
    ]
    assert entries[3] == Article("Two.")


BAD_JSON = {
    "broken": ('{\n "text": "a",\n}', "is no JSON: "),
    "number": ("5", "holds a number; expected an article"),
    "empty list": ("[]", "holds an empty list; expected an article or a list of them"),
}


@pytest.mark.parametrize(("content", "expected"), BAD_JSON.values(), ids=BAD_JSON)
def test_a_json_file_without_articles_is_a_problem(content: str, expected: str, tmp_path: Path) -> None:
    assert fault(tmp_path / "a.json", content).startswith(expected)


def test_a_web_page_gives_its_headline_text_day_site_and_address(tmp_path: Path) -> None:
    page = article(tmp_path / "drones.html", PAGE, published=date(1999, 1, 1))
    headline, blank, first, second = page.text.split("\n")
    assert (headline, blank) == ("Drones hit depot near Velmora", "")
    assert first.startswith("Three drones struck")
    assert second.endswith("the province's fire service.")
    assert page.id == "drones"
    assert page.title == headline
    assert page.published == date(2024, 5, 2)
    assert (page.source, page.url) == ("Norland Daily", "https://daily.example.org/drones")


def test_a_headline_in_the_text_is_not_put_there_again(tmp_path: Path) -> None:
    page = article(tmp_path / "a.htm", PAGE.replace("<article>", "<article><h1>Drones hit depot near Velmora</h1>"))
    assert page.text.count("Drones hit depot near Velmora") == 1


def test_a_copyright_year_is_no_day_of_publication(tmp_path: Path) -> None:
    undated = "\n".join(line for line in PAGE.splitlines() if "published_time" not in line)
    assert article(tmp_path / "a.html", undated).published is None


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">').replace("Velmora", "Vélmora – East")
    assert article(tmp_path / "a.html", page.encode("cp1252")).title == "Drones hit depot near Vélmora – East"


def test_a_page_in_an_undeclared_encoding_is_not_guessed_at(tmp_path: Path) -> None:
    assert "is not UTF-8" in fault(tmp_path / "a.html", PAGE.replace("Velmora", "Vélmora").encode("cp1252"))


@pytest.mark.parametrize("name", ["utf-8", "klingon"])
def test_a_page_that_declares_a_wrong_encoding_is_a_problem(name: str, tmp_path: Path) -> None:
    page = PAGE.replace("<head>", f'<head><meta charset="{name}">').replace("Velmora", "Vélmora")
    assert fault(tmp_path / "a.html", page.encode("cp1252")).startswith(
        f"is neither UTF-8 nor {name}, which it declares"
    )


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<", "A raid, no page.", "<html><head><title>x</title>"]
)
def test_a_page_without_text_is_a_problem(page: str, tmp_path: Path) -> None:
    assert fault(tmp_path / "a.html", page).startswith("no main text found in the page")


def test_the_page_reader_is_loaded_only_for_pages() -> None:
    code = "import sys, tocsin.data.readers; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_standard_input_is_one_text_named_by_its_content() -> None:
    assert piped(b"\n  date 2024-02-03 A raid.\r\nIt failed.\n") == [Article("A raid.\r\nIt failed.\n", published=DAY)]
    assert piped(b"\n A raid.", published=DAY) == [Article("\n A raid.", published=DAY)]


def test_standard_input_that_opens_with_a_brace_is_json_lines() -> None:
    content = codecs.BOM_UTF8 + b'\n {"text": "One."}\nTwo.\n{"text": "Three."}\n'
    one, problem, three = piped(content, published=DAY)
    assert one == Article("One.", published=DAY)
    assert isinstance(problem, Problem)
    assert problem.where == "standard input:3"
    assert three == Article("Three.", published=DAY)


BAD_STREAMS = {
    "empty": (b"", "is empty or only white space"),
    "white space": (b"\n \n", "is empty or only white space"),
    "binary": (b"\x7fELF\0\0", "has a NUL byte at position 4"),
    "utf-16": ("A raid.".encode("utf-16"), "is UTF-16"),
    "utf-16 json": ('{"text": "A"}'.encode("utf-16"), "is UTF-16"),
    "windows-1252": (b"caf\xe9", "byte 0xe9 at position 3 (line 1) is not UTF-8"),
    "one large line": (b"x" * (MAX_ARTICLE_BYTES + 1), "is 16.0 MiB or more; the limit is 16 MiB; split it"),
    "many lines": (
        b"A raid failed.\n" * (MAX_ARTICLE_BYTES // 15 + 1),
        "is 16.0 MiB or more; the limit is 16 MiB; split",
    ),
}


@pytest.mark.parametrize(("content", "expected"), BAD_STREAMS.values(), ids=BAD_STREAMS)
def test_bad_standard_input_is_one_problem(content: bytes, expected: str) -> None:
    (problem,) = piped(content)
    assert isinstance(problem, Problem)
    assert problem.where == "standard input"
    assert problem.message.startswith(expected)


@pytest.mark.parametrize("head", [b"A raid", b'{"text": "One."}\n'], ids=["text", "json"])
def test_standard_input_that_fails_midway_is_one_problem(head: bytes) -> None:
    class Broken(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell() == len(head):
                raise OSError(errno.EIO, "Input/output error")
            return super().readline(size)

    *_, problem = read_stream(Broken(head))
    assert problem == Problem("standard input", "cannot be read (Input/output error); expected a readable file")


def test_a_large_first_line_of_json_does_not_hide_the_next() -> None:
    problem, second = piped(b'{"text": "' + b"x" * MAX_ARTICLE_BYTES + b'"}\n{"text": "Two."}')
    assert isinstance(problem, Problem)
    assert problem.where == "standard input:1"
    assert second == Article("Two.")
