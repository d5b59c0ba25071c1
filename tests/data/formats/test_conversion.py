"""What is made of the names of files: ids that differ, however many files share a name."""

from pathlib import Path

from tocsin.data.formats.conversion import AS_FOUND, with_stems


def stems(*paths: str) -> list[str]:
    return [options.stem for _, options in with_stems(map(Path, paths), AS_FOUND)]


def test_files_of_one_name_are_numbered_in_their_order() -> None:
    assert stems("a/t.tsv", "b/t.tsv", "c/u.tsv", "d/t.conll") == ["t", "t-2", "u", "t-3"]


def test_a_name_that_looks_like_a_made_one_is_not_made_again() -> None:
    assert stems("a/t-2.tsv", "a/t.tsv", "b/t.tsv", "c/t.tsv") == ["t-2", "t", "t-3", "t-4"]


def test_a_file_given_twice_keeps_its_name() -> None:
    assert stems("a/t.tsv", "b/t.tsv", "a/../a/t.tsv") == ["t", "t-2", "t"]


class NoteOfStems(type(Path())):  # type: ignore[misc] # the class of the system's paths is known when it runs
    """A path that notes how often its stem is asked for, once for each name that is tried."""

    n_asked = 0

    @property
    def stem(self) -> str:
        NoteOfStems.n_asked += 1
        return super().stem


def test_hundreds_of_files_of_one_name_are_not_each_counted_from_the_first() -> None:
    paths = [NoteOfStems(f"{number}/index.tsv") for number in range(300)]
    assert [options.stem for _, options in with_stems(paths, AS_FOUND)][-1] == "index-300"
    assert NoteOfStems.n_asked <= 3 * len(paths)
