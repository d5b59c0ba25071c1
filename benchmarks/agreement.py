"""How far the two annotators of the seed articles agree with each other and with what was adjudicated.

python benchmarks/agreement.py        (seconds; writes benchmarks/results/agreement.json)
"""

import json
from pathlib import Path

from tocsin.data.jsonl import load_documents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.train.provenance import provenance
from tocsin.train.scores import agreement

ANNOTATED = Path(__file__).parents[1] / "data" / "annotated"
FILES = {
    "first": ANNOTATED / "passes" / "first.jsonl",
    "second": ANNOTATED / "passes" / "second.jsonl",
    "adjudicated": ANNOTATED / "seeds.jsonl",
}
PAIRS = (("first", "second"), ("first", "adjudicated"), ("second", "adjudicated"))


def main() -> None:
    sets = {name: load_documents([path], DEFAULT_SCHEMA) for name, path in FILES.items()}
    record = {
        "provenance": provenance(),
        **{f"{a} and {b}": agreement(sets[a], sets[b], DEFAULT_SCHEMA).to_json() for a, b in PAIRS},
    }
    out = Path(__file__).parent / "results" / "agreement.json"
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for a, b in PAIRS:
        print(f"{a} and {b}: {record[f'{a} and {b}']['headline']}")
    print(out)


if __name__ == "__main__":
    main()
