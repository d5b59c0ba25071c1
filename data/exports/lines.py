"""Incidents as JSON lines: one a line, all of it, with every account and all evidence (`coding.account_json`)."""

import json
from collections.abc import Iterable
from typing import TextIO

from tocsin.data.coding.account_json import merged_to_json
from tocsin.data.coding.merged import MergedIncident
from tocsin.data.exports.evidence import NOTHING_TOLD, is_bare
from tocsin.data.exports.written import Tally, Written


def write_lines(incidents: Iterable[MergedIncident], stream: TextIO) -> Written:
    """Write one incident a line."""
    tally = Tally()
    for incident in incidents:
        stream.write(json.dumps(merged_to_json(incident), ensure_ascii=False) + "\n")
        tally.add(1, [NOTHING_TOLD] if is_bare(incident) else [])
    return tally.written()
