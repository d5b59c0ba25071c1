"""What the authored articles are good for: models with and without them, on articles they have not seen.

python benchmarks/authored.py [--seeds 1,2,3] [--only NAME,...] [--runs runs/authored]

Each part trains on some articles and is tested on others; the five seed articles are a test of their own, and so are
the held-out authored ones:

  seeds             four seed articles, tested on the fifth, each held out once
  authored          the authored articles, tested on all seed articles, the held-out authored ones, and more quiet ones
  authored+seeds    the authored articles and four seed articles, tested on the fifth
  all               the authored and all seed articles, tested on the held-out authored ones, and more quiet ones
  curve-N           N articles of the first batch, as many steps as with all of that batch, tested as `authored` is

A training that is finished is kept under --runs and not run again unless its articles or settings changed; the same
command goes on after an interruption. Writes benchmarks/results/authored.json and authored.md with what there is.
"""

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parts import Part, costs, figures, finished, lead, leads_table, predicted_by_seed, scored, table, trained

from tocsin.data.jsonl import load_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Document
from tocsin.train.config import RunConfig, read_config
from tocsin.train.crossval import FoldResult
from tocsin.train.folds import Fold
from tocsin.train.provenance import provenance
from tocsin.train.quiet import quiet_record
from tocsin.train.scores import Scores
from tocsin.train.sets import load_sets

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
ALONE = "seeds"  # the part that needs no authored article
SEEDS, HELD_OUT, QUIET = "seed articles", "held-out articles", "all quiet held-out articles"
SIZES = (20, 40, 80, 138)  # the last is the whole first batch


@dataclass(frozen=True, slots=True)
class Articles:
    """What there is to learn from and to test on."""

    seeds: tuple[Document, ...]
    authored: tuple[Document, ...]
    held_out: tuple[Document, ...]
    quiet: tuple[Document, ...]  # also held out; none holds an attack
    first_batch: tuple[Document, ...]  # of the authored ones


def main() -> None:
    wanted = _arguments()
    source = provenance()
    default = read_config(ROOT / "configs" / "default.toml")
    seeds_only = read_config(ROOT / "configs" / "seeds.toml")
    articles, schema = _articles(default)
    parts = _parts(articles, default, seeds_only, schema, wanted.seeds)
    jobs = [(part, fold) for part in parts if not wanted.only or part.name in wanted.only for fold in part.folds]
    folder = wanted.runs / "folds"
    folder.mkdir(parents=True, exist_ok=True)
    for number, (part, fold) in enumerate(jobs, start=1):
        print(f"[{number}/{len(jobs)}] {part.name}, {len(fold.train)} articles, seed {fold.seed}", file=sys.stderr)
        trained(part, fold, folder)
        _write(_record({part.name: finished(part, folder) for part in parts}, articles, schema, source))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=lambda text: tuple(map(int, text.split(","))), default=(1, 2, 3))
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "authored")
    return parser.parse_args()


def _articles(default: RunConfig) -> tuple[Articles, Schema]:
    sets = load_sets(default)
    annotated = ROOT / "data" / "annotated"
    seed_ids = {document.article.id for document in load_documents([annotated / "seeds.jsonl"], DEFAULT_SCHEMA)}
    seeds = tuple(document for document in sets.train if document.article.id in seed_ids)
    authored = tuple(document for document in sets.train if document.article.id not in seed_ids)
    held_out, quiet = (
        tuple(load_documents([annotated / f"{name}.jsonl"], sets.schema)) for name in ("heldout", "quiet")
    )
    with (annotated / "authored" / "plan.csv").open(encoding="utf-8", newline="") as stream:
        first = {row["id"] for row in csv.DictReader(stream) if row["batch"] == "1"}
    batch = tuple(document for document in authored if document.article.id in first)
    return Articles(seeds, authored, held_out, quiet, batch), sets.schema


def _parts(
    articles: Articles, default: RunConfig, seeds_only: RunConfig, schema: Schema, seeds: Sequence[int]
) -> list[Part]:
    """All parts, the cheapest to the dearest; folds are as a cross-validation's, one a test set and a seed."""
    plain = tuple(load_documents([ROOT / "data" / "annotated" / "seeds.jsonl"], DEFAULT_SCHEMA))
    unseen, n_authored = articles.held_out + articles.quiet, len(articles.authored)

    def one_out(listed: Sequence[Document], more: Sequence[Document], seed: int) -> list[Fold]:
        rest = [tuple(d for d in listed if d is not held_out) for held_out in listed]
        return [
            Fold((held_out,), (*more, *others), seed, len(more) + len(others))
            for held_out, others in zip(listed, rest, strict=True)
        ]

    def each(make: Any) -> tuple[Fold, ...]:
        return tuple(fold for seed in seeds for fold in make(seed))

    whole = (*articles.authored, *articles.seeds)
    return [
        Part(ALONE, seeds_only, DEFAULT_SCHEMA, each(lambda seed: one_out(plain, (), seed))),
        Part(
            "authored",
            default,
            schema,
            each(lambda seed: [Fold(articles.seeds + unseen, articles.authored, seed, n_authored)]),
        ),
        Part("all", default, schema, each(lambda seed: [Fold(unseen, whole, seed, len(whole))])),
        Part("authored+seeds", default, schema, each(lambda seed: one_out(articles.seeds, articles.authored, seed))),
        *(
            Part(f"curve-{size}", default, schema, each(lambda seed, size=size: [_curve(articles, size, seed)]))
            for size in SIZES
        ),
    ]


def _curve(articles: Articles, size: int, seed: int) -> Fold:
    """Some of the first batch, evenly spread over the theatres (their order in the file); others with each seed."""
    n = len(articles.first_batch)
    chosen = sorted({(index * n // size + seed) % n for index in range(size)})
    return Fold(articles.seeds + articles.held_out, tuple(articles.first_batch[i] for i in chosen), seed, n)


def _record(
    results: Mapping[str, Sequence[FoldResult]], articles: Articles, schema: Schema, source: Mapping[str, Any]
) -> dict[str, Any]:
    """All figures of what is finished: by part and by test set."""
    rows: list[dict[str, Any]] = []
    all_quiet = tuple(d for d in articles.held_out + articles.quiet if not d.events)
    by_test = {SEEDS: articles.seeds, HELD_OUT: articles.held_out, QUIET: all_quiet}
    reference: dict[int | None, list[Scores]] = {}
    for name, found in results.items():
        for test, gold in by_test.items():
            predicted = predicted_by_seed(found, gold)
            if not predicted:
                continue
            scores = scored(gold, predicted)
            reference = scores if (name, test) == (ALONE, SEEDS) else reference
            is_led = reference and test == SEEDS and name != ALONE
            row = {"part": name, "test": test, "n_train": len(found[0].fold.train), "n_test": len(gold)}
            row |= figures(scores)
            row["over_seeds_only"] = lead(scores, reference) if is_led else {}
            row["quiet"] = quiet_record(gold, predicted, schema) if test != SEEDS else None
            row |= {"relevance": _relevance(gold, predicted), **costs(found)}
            rows.append(row)
    return {"provenance": dict(source), "rows": rows}


def _relevance(gold: Sequence[Document], predicted: Mapping[int | None, Sequence[Document]]) -> dict[str, int] | None:
    """How often the label of the text is right."""
    pairs = [(g, p) for documents in predicted.values() for g, p in zip(gold, documents, strict=True)]
    if any(side.labels is None for pair in pairs for side in pair):
        return None
    right = sum(bool(g.labels) == bool(p.labels) for g, p in pairs)
    return {"n_right": right, "n": len(pairs)}


def _write(record: Mapping[str, Any]) -> None:
    (RESULTS / "authored.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "authored.md").write_text(_markdown(record), encoding="utf-8")


def _markdown(record: Mapping[str, Any]) -> str:
    source = record["provenance"]
    lines = [
        "# Models with and without the authored articles",
        "",
        "What `python benchmarks/authored.py` measured; written by it, not by hand. In brackets the 95 % interval of a",
        "bootstrap over the test articles, the seeds of an article added up. Five articles are few: take the intervals",
        "of the seed articles for too narrow. Minutes are those of the clock, beside whatever else the machine did.",
    ]
    for test in (SEEDS, HELD_OUT):
        rows = [row for row in record["rows"] if row["test"] == test]
        lines += ["", f"## Tested on the {test}", "", *table(rows)]
        leads = [row for row in rows if row["over_seeds_only"]]
        if leads:
            told = "Lead over the model of four seed articles, paired over the articles:"
            lines += ["", told, "", *leads_table(leads, "over_seeds_only")]
    for test in (HELD_OUT, QUIET):
        rows = [row for row in record["rows"] if row["test"] == test]
        lines += ["", f"## False incidents in {test} that hold no attack, and the label of the text", "", *_quiet(rows)]
    commits = sorted({commit for row in record["rows"] for commit in row["commits"]})
    lines += ["", f"Machine: {source['machine']}. Date: {source['date']}. Trained at commit: {', '.join(commits)}.", ""]
    return "\n".join(lines)


def _quiet(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        "| trained on | quiet articles read | false incidents | in 100 articles | label right |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        found, told = row["quiet"], row["relevance"]
        rate = f"{found['value']:.1f} [{found['low']:.1f}, {found['high']:.1f}]"
        right = f"{told['n_right']} of {told['n']}" if told else "-"
        lines.append(f"| {row['part']} | {found['n_read']} | {found['n_incidents']} | {rate} | {right} |")
    return lines


if __name__ == "__main__":
    main()
