"""`import tocsin` is quick and light, and its names are what they say."""

import subprocess
import sys
from pathlib import Path

import pytest

import tocsin
from tocsin.data.types import Article


def in_a_new_interpreter(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_importing_tocsin_loads_nothing_heavy() -> None:
    heavy = in_a_new_interpreter(
        "import sys, tocsin; tocsin.Article(text='x'); "
        "print([m for m in ('torch', 'transformers', 'numpy', 'typer', 'rich', 'datasets') if m in sys.modules])"
    )
    assert heavy == "[]"


def test_importing_tocsin_takes_less_than_a_fifth_of_a_second() -> None:
    code = "import time; start = time.perf_counter(); import tocsin; print(time.perf_counter() - start)"
    assert min(float(in_a_new_interpreter(code)) for _ in range(3)) < 0.2


def test_the_program_answers_for_help_without_torch() -> None:
    code = "import sys, tocsin.cli; print('torch' in sys.modules)"
    assert in_a_new_interpreter(code) == "False"


def test_every_exported_name_exists() -> None:
    assert all(getattr(tocsin, name) is not None for name in tocsin.__all__)
    assert tocsin.Article is Article


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'tocsin' has no attribute 'lod'"):
        tocsin.lod  # type: ignore[attr-defined] # that is the point # noqa: B018


def test_a_model_is_loaded_from_a_path_or_a_string(tiny_artifact: Path) -> None:
    article = tocsin.Article(text="On Tuesday two drones hit Camp Vale in Norland.")
    assert tocsin.load(str(tiny_artifact)).predict(article) == tocsin.load(tiny_artifact).predict(article)


def test_a_device_that_is_not_there_says_what_to_use(tiny_artifact: Path) -> None:
    with pytest.raises(tocsin.TocsinError, match=r"device 'nonsense' cannot be used here.*expected cpu, cuda or auto"):
        tocsin.load(tiny_artifact, device="nonsense")
