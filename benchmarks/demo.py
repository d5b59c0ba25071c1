"""How long `make demo` takes and how much memory, training included, where .venv is there already.

python benchmarks/demo.py        (two minutes; writes benchmarks/results/demo.json; needs /usr/bin/time, of GNU)
"""

import json
import re
import subprocess
from pathlib import Path

from tocsin.train.provenance import provenance

ROOT = Path(__file__).parents[1]
ELAPSED = re.compile(r"Elapsed \(wall clock\) time .*: (?:(\d+):)?(\d+):([\d.]+)\n")
MEMORY = re.compile(r"Maximum resident set size \(kbytes\): (\d+)")


def main() -> None:
    source = provenance()
    done = subprocess.run(["/usr/bin/time", "-v", "make", "demo"], cwd=ROOT, capture_output=True, text=True, check=True)
    elapsed, memory = ELAPSED.search(done.stderr), MEMORY.search(done.stderr)
    if elapsed is None or memory is None:
        raise SystemExit(f"/usr/bin/time did not print what GNU time prints:\n{done.stderr[-2000:]}")
    hours, minutes, seconds = elapsed.groups(default="0")
    record = {
        "provenance": source,
        "seconds": round(3600 * int(hours) + 60 * int(minutes) + float(seconds), 1),
        "megabytes": round(int(memory[1]) / 1024),
    }
    out = Path(__file__).parent / "results" / "demo.json"
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(done.stdout)
    print(f"{record['seconds']} s, {record['megabytes']} MB; wrote {out}")


if __name__ == "__main__":
    main()
