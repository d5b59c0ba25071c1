"""The articles a command is given: files, folders and standard input in turn, with all that was odd about them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from tocsin.data.errors import Problem
from tocsin.data.formats.conversion import AS_FOUND, Converted, Options, with_stems
from tocsin.data.listing import first_of
from tocsin.data.readers import STANDARD_INPUT, Skipped, find_files, read_articles, read_stream
from tocsin.data.types import Article, Document

STDIN = Path("-")
N_NAMED = 5


@dataclass(slots=True)
class Intake:
    """A stream of articles that keeps its problems for the end; iterate over it once."""

    sources: Sequence[Path]  # files, and `STDIN`
    stdin: BinaryIO
    published: date | None  # of articles that state no day
    form: str = ""  # of annotated documents whose texts are read; "": articles, each file as its suffix says
    columns: Options = AS_FOUND  # which there are in such documents
    told: str = ""  # what to say beside problems, if there are any
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    n_done: int = 0  # sources read to the end
    n_articles: int = 0
    n_undated: int = 0
    lost: Counter[str] = field(default_factory=Counter)  # what the reader of a format left out or changed
    places: dict[str, list[str]] = field(default_factory=dict)  # article id to the sources that have it

    def __iter__(self) -> Iterator[Article]:
        # Articles are named by other means, and of them there may be too many to keep their paths.
        unnamed = ((source, self.columns) for source in self.sources)
        for source, columns in with_stems(self.sources, self.columns) if self.form else unnamed:
            for reading in self._read(source, columns):
                if isinstance(reading, Problem):
                    self.problems.append(reading)
                else:
                    self._count(reading, STANDARD_INPUT if source == STDIN else str(source))
                    yield reading
            self.n_done += 1

    def notes(self, *, asks_days: bool = True) -> list[str]:
        """What a person should know of the articles, though none of it is an error.

        Args:
            asks_days: whether anything is to be resolved to days, for which that of publication is needed.
        """
        notes = [str(skipped) for skipped in self.skipped]
        notes += [f"{n} {what}: lost or changed when {self.form} was read" for what, n in self.lost.items()]
        repeated = {own_id: places for own_id, places in self.places.items() if len(places) > 1}
        for own_id, places in list(repeated.items())[:N_NAMED]:
            named = first_of(places, N_NAMED)
            notes.append(f"{len(places)} articles have the id {own_id!r}: {named}; rename all but one")
        if len(repeated) > N_NAMED:
            notes.append(f"{len(repeated) - N_NAMED} more ids are shared by several articles")
        if self.n_undated and asks_days:
            notes.append(
                f'{self.n_undated} of {self.n_articles} articles state no day of publication, so that "yesterday" and '
                "the like stay without a date; give it with --published"
            )
        return notes

    def all_problems(self) -> list[Problem]:
        """What could not be read, and what to say to whoever has to mend it; none if all could be."""
        rest = [Problem("to go on", self.told)] if self.told and self.problems else []
        return [*self.problems, *rest]

    def _read(self, source: Path, columns: Options) -> Iterator[Article | Problem]:
        if self.form:
            return self._texts(source, columns)
        if source == STDIN:
            return read_stream(self.stdin, published=self.published)
        return read_articles(source, published=self.published)

    def _texts(self, source: Path, columns: Options) -> Iterator[Article | Problem]:
        """The texts of annotated documents, with the words they come cut into."""
        from tocsin.data.formats.catalogue import read

        converted = Converted(lost_reading=self.lost)
        options = replace(columns, texts_only=True)
        for found in read(source, self.form, options, converted):
            if not isinstance(found, Document):
                yield found
            elif found.article.published or not self.published:
                yield found.article
            else:
                yield replace(found.article, published=self.published)

    def _count(self, article: Article, place: str) -> None:
        self.n_articles += 1
        self.n_undated += article.published is None
        self.places.setdefault(article.id, []).append(place)


def take_in(
    inputs: Sequence[Path],
    stdin: BinaryIO,
    *,
    published: date | None,
    form: str = "",
    columns: Options = AS_FOUND,
    told: str = "",
) -> Intake:
    """Find the files of all inputs; nothing is read yet.

    Args:
        inputs: files, folders and `-`.
        stdin: what `-` stands for.
        published: for articles that state no day of publication.
        form: the format of annotated documents whose texts are read, each input as a whole; "" for articles.
        columns: which there are in files of that format.
        told: what to say beside problems, if there are any.
    """
    if form:
        return Intake(list(inputs), stdin, published, form, columns, told)
    sources: list[Path] = []
    intake = Intake(sources, stdin, published)
    for path in inputs:
        for found in [STDIN] if path == STDIN else find_files([path]):
            if isinstance(found, Problem):
                intake.problems.append(found)
            elif isinstance(found, Skipped):
                intake.skipped.append(found)
            else:
                sources.append(found)
    return intake
