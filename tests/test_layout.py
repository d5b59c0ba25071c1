"""The folders are the architecture: what is installed, who may import whom, what a checkout holds."""

import ast
import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FOLDERS = {name: ROOT / folder for name, folder in SETUPTOOLS["package-dir"].items()}
LAYERS = {  # what files of a layer may import of tocsin, beside their own layer
    "tocsin.configs": (),
    "tocsin.seeds": (),
    "tocsin.data": (),
    "tocsin.model": ("tocsin.data",),
    "tocsin.train": ("tocsin.data", "tocsin.model"),
}
HEAVY = {"accelerate", "datasets", "safetensors", "sklearn", "tokenizers", "torch", "transformers"}
TOP_LEVEL = ("tocsin", "train", "model", "data", "seeds", "configs", "tests", "benchmarks")
NOT_SHIPPED = ("data/annotated/passes", "data/annotated/authored/")  # in the forms annotators wrote them in
ELSEWHERE = ("/" + "work/", ".." + "/shared")  # paths of one machine; in two parts, since this file is searched too
SEEDS = {
    "000_3c24a04f4ada2f6e.txt": "7ed10ddf88b78d07ddecc3f688934a766af60d31f01b1ba0b3c8c03918d67cdb",
    "001_e0468df48925e4ca.txt": "7eee1cd85792ab96b6eddeac19ee95dc12584c9acd323c9134794505284a4932",
    "002_80f3a7a793f883fd.txt": "6340a39de9b0185a042ea8b599b6de845fbc2c2fd66481fd4b86e2be8ba6f2b4",
    "003_4f1d9c5f90fc1b95.txt": "55f2bc2454e3044998e3745624302a9f2c04aa556fe3fae997ecbb006abb18cc",
    "004_5b3cfe8a4d55e474.txt": "83e388c67ce4ce4c6e04c24fd8968406d33d30d31bc7622f783956b83604da89",
}


def project_files() -> list[Path]:
    """Every file of the checkout but those git ignores by the name of their folder."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [".git", *(line.rstrip("/") for line in lines if line.endswith("/"))]

    def walk(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if any(fnmatch(path.name, pattern) for pattern in ignored):
                continue
            if path.is_dir() and not path.is_symlink():
                yield from walk(path)
            else:
                yield path

    return list(walk(ROOT))


FILES = project_files()
MODULES = [path for path in FILES if path.suffix == ".py"]


def package_of(path: Path) -> str | None:
    """The import name of the innermost package a file belongs to; None for tests and benchmarks."""
    for name, folder in FOLDERS.items():
        if path.is_relative_to(folder):
            return ".".join([name, *path.parent.relative_to(folder).parts])
    return None


def imports(path: Path) -> list[str]:
    """What a file imports, at its top or inside functions; `from a import b` counts as a and as a.b."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return found


def show(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_installed_packages_are_the_folders_with_an_init_file() -> None:
    on_disk = {package_of(path) for path in FILES if path.name == "__init__.py"}
    assert set(SETUPTOOLS["packages"]) == on_disk


def test_every_package_has_the_name_of_its_folder() -> None:
    assert {name: folder.name for name, folder in FOLDERS.items()} == {
        name: name.rpartition(".")[2] for name in FOLDERS
    }


def is_shipped(path: Path, package: Path) -> bool:
    """Whether setuptools' patterns take a file; unlike fnmatch's, their stars stop at a slash."""
    inside = path.relative_to(package)
    patterns = ["*.py", *SETUPTOOLS["package-data"]["*"]]
    return any(len(inside.parts) == len(Path(each).parts) and inside.match(each) for each in patterns)


def test_every_file_of_a_package_is_shipped() -> None:
    packages = [path.parent for path in FILES if path.name == "__init__.py"]
    owned = [(path, package) for path in FILES for package in packages if path.is_relative_to(package)]
    innermost = dict(sorted(owned, key=lambda pair: len(pair[1].parts)))
    left_out = [show(path) for path, package in innermost.items() if not is_shipped(path, package)]
    assert [name for name in left_out if not name.startswith(NOT_SHIPPED)] == []


@pytest.mark.parametrize(
    "pattern", ["tocsin/py.typed", "configs/*.toml", "seeds/*.txt", "data/demo.txt", "data/annotated/*.jsonl"]
)
def test_what_the_packages_promise_is_there(pattern: str) -> None:
    assert [path for path in ROOT.glob(pattern) if path.stat().st_size > 0 or path.name == "py.typed"]


@pytest.mark.parametrize("layer", LAYERS)
def test_no_layer_imports_upward(layer: str) -> None:
    allowed = (layer, *LAYERS[layer])
    upward = [
        f"{show(path)}: {module}"
        for path in MODULES
        if (package_of(path) or "").startswith(layer)
        for module in imports(path)
        if module.partition(".")[0] == "tocsin" and not module.startswith(allowed)
    ]
    assert upward == []


def test_data_imports_nothing_heavy_not_even_in_a_function() -> None:
    found = [
        f"{show(path)}: {module}"
        for path in MODULES
        if (package_of(path) or "").startswith("tocsin.data")
        for module in imports(path)
        if module.partition(".")[0] in HEAVY | {"rich", "typer"}
    ]
    assert found == []


def test_importing_tocsin_and_its_data_loads_nothing_heavy() -> None:
    names = [f"tocsin.data.{path.stem}" for path in MODULES if package_of(path) == "tocsin.data"]
    program = f"import sys, importlib; [importlib.import_module(n) for n in {['tocsin', *names]}]; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert HEAVY & set(run.stdout.split()) == set()


def test_the_folders_are_imported_by_their_installed_names() -> None:
    bare = {folder.name for folder in FOLDERS.values()} - {"tocsin"}
    found = [
        f"{show(path)}: {module}"
        for path in MODULES
        for module in imports(path)
        if module.partition(".")[0] in bare or module.startswith(".")
    ]
    assert found == []


def test_every_python_file_says_what_it_holds() -> None:
    silent = [show(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [f"{show(path)}: {word}" for path in FILES for word in ELSEWHERE if word.encode() in path.read_bytes()]
    assert found == []


def test_the_seed_articles_are_as_published() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").glob("*.txt")}
    assert found == SEEDS


def test_the_text_of_every_seed_article_is_annotated_as_it_stands() -> None:
    lines = (ROOT / "data" / "annotated" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {json.loads(line)["text"] for line in lines}
    published = [(ROOT / "seeds" / name).read_text(encoding="utf-8") for name in SEEDS]
    assert [name for name, text in zip(SEEDS, published, strict=True) if not any(t in text for t in texts)] == []


@pytest.mark.parametrize("folder", TOP_LEVEL)
def test_the_folders_of_the_design_are_there(folder: str) -> None:
    assert any(path.is_relative_to(ROOT / folder) for path in FILES)


def test_tests_mirror_the_folders() -> None:
    mirrored = {path.parent.relative_to(ROOT / "tests") for path in MODULES if path.is_relative_to(ROOT / "tests")}
    assert [str(folder) for folder in mirrored if not (ROOT / folder).is_dir()] == []


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def test_constraints_are_exact_versions_for_every_machine() -> None:
    loose = [
        str(pin)
        for pin in pins().values()
        if pin.url or [each.operator for each in pin.specifier] != ["=="] or set("+*") & set(str(pin.specifier))
    ]
    assert loose == []


def test_every_dependency_has_a_pinned_version_that_it_allows() -> None:
    project = PROJECT["project"]
    pinned = pins()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"], *PROJECT["build-system"]["requires"]]
    for requirement in map(Requirement, wanted):
        (version,) = pinned[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(version.version), requirement
