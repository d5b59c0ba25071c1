"""What a user installs: the wheel is built, looked into, installed beside the running environment, and run there."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = PROJECT["tool"]["setuptools"]["package-dir"]


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command; its own words are the error if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the tree: a build in place would take up what an older build left there."""
    tree = tmp_path_factory.mktemp("tree") / "tocsin"
    tree.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tree)
    for folder in (*FOLDERS.values(), "tests"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    made = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", made, tree, cwd=tree)
    (built,) = made.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; it sees the packages of the running one, but not its editable tocsin."""
    folder = tmp_path_factory.mktemp("user") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    options = ("--no-deps", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "--python", python_of(folder), "install", *options, wheel, cwd=folder)
    packages = run(
        python_of(folder), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    ).strip()
    # A folder named in a .pth file is searched for modules, but the .pth files in it are not read: they make
    # the checkout importable. It is named after the install, or pip would find tocsin installed there.
    seen = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(packages) / "dependencies.pth").write_text("\n".join(sorted(seen)) + "\n", encoding="utf-8")
    return folder


def python_of(folder: Path) -> Path:
    return folder / "bin" / "python"


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    expected = {
        f"{name.replace('.', '/')}/{path.relative_to(ROOT / folder)}"
        for name, folder in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", "passes", "authored"} & set(path.parts)
    }
    names = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == expected


@pytest.mark.parametrize(
    "name",
    [
        "tocsin/py.typed",
        "tocsin/data/types.py",
        "tocsin/data/annotated/seeds.jsonl",
        "tocsin/data/annotated/authored.jsonl",
        "tocsin/configs/seeds.toml",
        "tocsin/seeds/000_3c24a04f4ada2f6e.txt",
        "tocsin-{version}.dist-info/licenses/LICENSE",
        "tocsin-{version}.dist-info/licenses/NOTICE",
    ],
)
def test_the_wheel_holds(wheel: Path, name: str) -> None:
    assert name.format(version=PROJECT["project"]["version"]) in ZipFile(wheel).namelist()


def test_the_installed_package_is_the_wheels(environment: Path, tmp_path: Path) -> None:
    program = "import tocsin, tocsin.data, tocsin.model, tocsin.train; print(tocsin.__file__, tocsin.data.__file__)"
    files = run(python_of(environment), "-c", program, cwd=tmp_path).split()
    assert [file for file in files if not Path(file).is_relative_to(environment)] == []


def test_the_installed_command_says_how_it_is_used(environment: Path, tmp_path: Path) -> None:
    assert "predict" in run(environment / "bin" / "tocsin", "--help", cwd=tmp_path)


def test_the_installed_package_loads_a_model(environment: Path, tiny_artifact: Path, tmp_path: Path) -> None:
    program = (
        "import sys, tocsin; model = tocsin.load(sys.argv[1]); "
        "print(model.predict(tocsin.Article(text='On Tuesday two drones hit Camp Vale.')).article.id, tocsin.__file__)"
    )
    own_id, file = run(python_of(environment), "-c", program, tiny_artifact, cwd=tmp_path).split()
    assert len(own_id) == 16
    assert Path(file).is_relative_to(environment)
