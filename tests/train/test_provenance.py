"""What a result says of the machine it was made on."""

import os
import re

import pytest

from tocsin.train.provenance import provenance


def test_a_machine_is_told_with_its_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert re.fullmatch(r"\S+ \S+, \d+ cores", provenance()["machine"])


def test_fewer_threads_than_cores_are_told_for_seconds_are_of_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert provenance()["machine"].endswith("8 cores, OMP_NUM_THREADS=1")


def test_as_many_threads_as_cores_go_without_saying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    assert provenance()["machine"].endswith("8 cores")
