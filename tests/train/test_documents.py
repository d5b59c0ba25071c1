"""Documents on disk are those that were given, are read when asked for, and go when nobody has them any more."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.types import (
    Argument,
    Article,
    DateInterval,
    Document,
    Event,
    Filler,
    Incident,
    Span,
    Template,
    TextLabel,
)
from tocsin.train.documents import select, stored
from tocsin.train.on_disk import N_WRITTEN

NUMBERED = [Document(Article(f"article {n}", id=str(n))) for n in range(2 * N_WRITTEN + 7)]

# Whatever a document can hold, in whatever order; characters that UTF-8 does not have are among those of the texts.
names = st.text(st.characters(), max_size=4)
scores = st.floats(0, 1)
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
attributes = st.dictionaries(names, names | st.integers() | st.none(), max_size=2)
pairs = st.tuples(st.integers(0, 9), st.integers(10, 19))
spans = st.builds(lambda ends, *rest: Span(*ends, *rest), pairs, names, scores, attributes)
fillers = st.builds(Filler, names, names, st.lists(spans, max_size=2).map(tuple))
events = st.builds(
    Event,
    spans,
    st.lists(st.builds(Argument, names, spans, scores), max_size=2).map(tuple),
    st.dictionaries(names, names, max_size=2),
    names,
)
incidents = st.builds(
    Incident,
    names,
    st.lists(events, max_size=2).map(tuple),
    st.lists(fillers, max_size=2).map(tuple),
    st.dictionaries(names, names, max_size=2),
    st.none() | st.builds(lambda day, n: DateInterval(day, day + timedelta(n)), days, st.integers(0, 9)),
    scores,
)
articles = st.builds(
    Article,
    names,
    names.filter(bool),
    names,
    st.none() | days,
    names,
    names,
    st.lists(st.lists(pairs, max_size=3).map(tuple), max_size=2).map(tuple),
)
documents = st.builds(
    Document,
    articles,
    st.lists(spans, max_size=2).map(tuple),
    st.lists(events, max_size=2).map(tuple),
    st.lists(incidents, max_size=2).map(tuple),
    st.none() | st.lists(st.builds(TextLabel, names, scores), max_size=2).map(tuple),
    st.dictionaries(names, scores, max_size=2),
    st.lists(fillers, max_size=2).map(tuple),
    st.lists(st.builds(Template, names, st.lists(fillers, max_size=2).map(tuple), scores), max_size=2).map(tuple),
)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds all temporary files of a test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@given(st.lists(documents, max_size=3))
def test_what_is_read_back_is_equal(given: list[Document]) -> None:
    assert list(stored(given)) == given


def test_documents_are_a_sequence_of_any_length() -> None:
    found = stored(NUMBERED)
    assert len(found) == len(NUMBERED)
    assert list(found) == NUMBERED
    assert (found[0], found[-1], found[N_WRITTEN]) == (NUMBERED[0], NUMBERED[-1], NUMBERED[N_WRITTEN])
    assert list(found[3::50]) == NUMBERED[3::50]
    assert NUMBERED[5] in found
    assert not stored([])
    with pytest.raises(IndexError):
        found[len(NUMBERED)]


def test_a_selection_has_the_documents_of_its_numbers_in_their_order() -> None:
    chosen = select(stored(NUMBERED), [7, 300, 2])
    assert [document.article.id for document in chosen] == ["7", "300", "2"]
    assert [document.article.id for document in select(chosen[1:], [1, 0])] == ["2", "300"]
    assert list(select(NUMBERED, [4])) == [NUMBERED[4]]


def test_the_file_goes_with_the_last_selection(scratch: Path) -> None:
    found = stored(NUMBERED)
    chosen = select(found, [7])
    del found
    assert [path.suffix for path in scratch.glob("*/*")] == [".arrow"]
    assert chosen[0] == NUMBERED[7]
    del chosen
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_behind_by_what_was_interrupted(scratch: Path, error: type[BaseException]) -> None:
    def interrupted() -> Iterator[Document]:
        yield from NUMBERED
        assert len(list(scratch.iterdir())) == 1
        raise error

    with pytest.raises(error):
        stored(interrupted())
    assert list(scratch.iterdir()) == []


def test_nothing_is_left_behind_by_a_program_that_is_interrupted(tmp_path: Path) -> None:
    program = (
        "from tocsin.data.types import Article, Document; from tocsin.train.documents import stored; "
        "import os, signal; held = stored([Document(Article('a'))]); "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # programs in the background are born deaf to it
        f"print(len(os.listdir({str(tmp_path)!r})), flush=True); signal.raise_signal(signal.SIGINT)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert "KeyboardInterrupt" in ended.stderr
    assert ended.stdout == "1\n"
    assert list(tmp_path.iterdir()) == []
