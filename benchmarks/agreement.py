"""How far annotators agree with each other and with what was decided: of the seed articles, and of the authored ones.

python benchmarks/agreement.py        (seconds; writes benchmarks/results/agreement.json)
"""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from tocsin.data.jsonl import load_documents
from tocsin.data.schema import RELEVANCE, attacks
from tocsin.data.types import Document
from tocsin.train.provenance import provenance
from tocsin.train.scores import agreement

ANNOTATED = Path(__file__).parents[1] / "data" / "annotated"
SCHEMA = attacks((RELEVANCE,))
SEEDS = {"first": ["passes/first.jsonl"], "second": ["passes/second.jsonl"], "adjudicated": ["seeds.jsonl"]}
AUTHORED = {
    "first": ["passes/authored-first.jsonl"],
    "second": ["passes/authored-second.jsonl"],
    "adjudicated": ["authored.jsonl", "heldout.jsonl", "quiet.jsonl"],
}


def main() -> None:
    record = {"provenance": provenance(), **compared(SEEDS), "authored": compared(AUTHORED)}
    out = Path(__file__).parent / "results" / "agreement.json"
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for name, found in (("seed articles", record), ("authored articles", record["authored"])):
        for pair, scores in found.items():
            if " and " in pair:
                print(f"{name}, {pair}: {scores['n_articles']} articles, {scores['headline']}")
    print(out)


def compared(files: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Every two passes over the articles whose text is the same in both: a text may be mended after a pass."""
    sets = {name: load_documents([ANNOTATED / file for file in own], SCHEMA) for name, own in files.items()}
    found = {}
    for a, b in combinations(sets, 2):
        left, right = shared(sets[a], sets[b])
        found[f"{a} and {b}"] = {**agreement(left, right, SCHEMA).to_json(), "n_articles": len(left)}
    return found


def shared(a: Sequence[Document], b: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """The documents of both that have one text, in the order of the first."""
    texts = {document.article.id: document for document in b}
    pairs = [(document, texts[document.article.id]) for document in a if document.article.id in texts]
    same = [(left, right) for left, right in pairs if left.article.text == right.article.text]
    return [left for left, _ in same], [right for _, right in same]


if __name__ == "__main__":
    main()
