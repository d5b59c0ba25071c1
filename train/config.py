"""A run's TOML file: every key with its default, checked all at once.

Paths are relative to the TOML file, so that a run does not depend on the folder it is started from.
"""

import difflib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from tocsin.data.errors import ConfigError, Problem, refuse
from tocsin.data.files import os_fault
from tocsin.model.encoder import DEFAULT_ENCODER
from tocsin.model.settings import ModelSettings

MAX_SEED = 2**32 - 1  # the largest that NumPy takes
MAX_TRIALS = 1000  # trainings of one search
UNSEARCHED = ("search", "data", "crossval", "calibration")  # tables whose settings no search can choose
NEVER_SEARCHED = ("task", "joint.configs")  # settings of other tables
# Settings that are no more, with the values at which they changed nothing; results tell of them.
FORMER = {
    "optim.layer_decay": 1.0, "optim.averaging": 0.0, "optim.crf_learning_rate": 0.0, "optim.class_weights": False,
    "init.model": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The `[data]` table: what is learned from."""

    train: tuple[str, ...] = ()  # files of annotated documents
    dev: tuple[str, ...] = ()  # more of them; the best epoch is chosen on these
    dev_share: float = 0.0  # of the train documents that are held out as the dev set, if there are no dev files
    split_seed: int = 1  # which documents these are
    unreadable: Literal["refuse", "skip"] = "refuse"  # lines that hold no document, such as texts without a word
    shared: Literal["refuse", "drop", "keep"] = "refuse"  # texts of dev that train has too: drop takes them from train
    schema: str = ""  # a JSON file as `Schema.to_json` writes; "": for events that of attacks, else what train holds
    format: str = ""  # of the files, as `tocsin convert --from` has it; "": what their names say, JSON lines for .jsonl
    text_labels: tuple[str, ...] = ()  # names of a table's columns of 0 and 1, its header's own; labels beside events
    separator: str = ""  # between columns of words and tags or of tables; "": found out
    tag_column: int = -1  # of words and tags, from 0; -1: the last
    text_column: str = ""  # of tables: a header's name, or a number from 0; "": the first
    label_columns: tuple[str, ...] = ()  # likewise; none: all others

    def __post_init__(self) -> None:
        refuse(self._flaws())

    def _flaws(self) -> Iterator[str]:
        if not 0.0 <= self.dev_share < 1.0:
            yield f"dev_share = {self.dev_share}: expected a share, at least 0 and less than 1"
        if self.dev and self.dev_share:
            yield "dev and dev_share are both given; expected one of the two"


@dataclass(frozen=True, slots=True)
class OptimSettings:
    """The `[optim]` table: how it is learned."""

    epochs: int = 40
    batch_passages: int = 1  # passages a step, or a part of a step
    accumulate: int = 1  # parts a step, whose gradients are added: a larger batch in the memory of one part
    precision: Literal["fp32", "bf16", "auto"] = "fp32"  # bf16: half the bits; auto: that where the machine has it
    learning_rate: float = 4e-4  # peak, of the encoder
    head_learning_rate: float = 3e-3  # peak, of all that is not pretrained
    link_learning_rate: float = 2e-2  # peak, of the tables by which mentions are compared
    warmup: float = 0.1  # share of the steps; the rate falls linearly to 0 after it
    frozen_layers: int = 0  # lowest layers of the encoder that stay as pretrained, its embeddings with them
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    checkpoint_every: int = 5  # epochs between two points a run can be resumed from

    def __post_init__(self) -> None:
        refuse(self._flaws())

    def _flaws(self) -> Iterator[str]:
        for name in ("epochs", "batch_passages", "accumulate", "checkpoint_every"):
            if getattr(self, name) < 1:
                yield f"{name} = {getattr(self, name)}: expected 1 or more"
        for name in ("learning_rate", "head_learning_rate", "link_learning_rate", "max_grad_norm"):
            if not 0.0 < getattr(self, name) < math.inf:
                yield f"{name} = {getattr(self, name)}: expected more than 0"
        for name in ("frozen_layers", "weight_decay"):
            if not 0 <= getattr(self, name) < math.inf:
                yield f"{name} = {getattr(self, name)}: expected 0 or more"
        if not 0.0 <= self.warmup <= 1.0:
            yield f"warmup = {self.warmup}: expected a share between 0 and 1"


@dataclass(frozen=True, slots=True)
class CrossvalSettings:
    """The `[crossval]` table."""

    seeds: tuple[int, ...] = (1, 2, 3)  # each fold is trained once with each
    folds: int = 0  # into how many parts the articles are dealt; 0: each is held out by itself
    sizes: tuple[int, ...] = ()  # training articles of the learning curve; none: 1, 2, 3, 4, then doubled, and all

    def __post_init__(self) -> None:
        refuse(self._flaws())

    def _flaws(self) -> Iterator[str]:
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or not all(map(_is_seed, self.seeds)):
            expected = f"expected one or more different whole numbers, 0 or more and {MAX_SEED} at most"
            yield f"seeds = {list(self.seeds)}: {expected}"
        if self.folds < 0 or self.folds == 1:
            yield f"folds = {self.folds}: expected 2 or more, or 0 to hold out one article at a time"
        if min(self.sizes, default=1) < 1:
            yield f"sizes = {list(self.sizes)}: expected whole numbers of articles, 1 or more"


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """The `[calibration]` table."""

    crossval: str = ""  # a crossval.json of this config: its predictions say what scores mean; "": the dev articles do


@dataclass(frozen=True, slots=True)
class InitSettings:
    """The `[init]` table. Its key is `from`: a key that is no name in Python has an underscore after it here."""

    from_: str = ""  # a folder `tocsin train` wrote, whatever its task: the run starts from its encoder


@dataclass(frozen=True, slots=True)
class JointSettings:
    """The `[joint]` table: data sets that the encoder learns from as well, each with heads of its own."""

    configs: tuple[str, ...] = ()  # of these sets; `train/joint.py` says what holds of them
    temperature: float = 0.5  # a set of n rows is drawn with weight n ** temperature: 1 as large as it is, 0 all alike

    def __post_init__(self) -> None:
        refuse(self._flaws())

    def _flaws(self) -> Iterator[str]:
        if not 0.0 <= self.temperature <= 1.0:
            yield f"temperature = {self.temperature}: expected a number between 0 and 1"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """All that decides what weights a run ends in."""

    task: Literal["tokens", "text", "events", "fillers"] = "events"
    encoder: str = DEFAULT_ENCODER  # that, a folder, or a Hugging Face name in the local cache
    seed: int = 1
    data: DataSettings = field(default_factory=DataSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    optim: OptimSettings = field(default_factory=OptimSettings)
    crossval: CrossvalSettings = field(default_factory=CrossvalSettings)
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    init: InitSettings = field(default_factory=InitSettings)
    joint: JointSettings = field(default_factory=JointSettings)
    search: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # "optim.learning_rate" to values to try
    base: str = "."  # the TOML file's folder; not a key
    data_base: str = ""  # the folder of the data files, if not `base`; not a key

    def __post_init__(self) -> None:
        refuse(self._flaws())

    def _flaws(self) -> Iterator[str]:
        if not _is_seed(self.seed):
            yield f"seed = {self.seed}: expected 0 or more, {MAX_SEED} at most"

    def to_json(self) -> dict[str, Any]:
        """Every key with its value, defaults included; without `base`, which says nothing about the run.

        `[joint]` is there only if it names a set: of other runs, results are kept from before there was such a table.
        """
        record = asdict(self)
        del record["base"], record["data_base"]
        if not self.joint.configs:
            del record["joint"]
        record["init"] = {"from": self.init.from_}
        record["search"] = {key: list(values) for key, values in self.search.items()}
        return record

    def paths(self, names: tuple[str, ...]) -> list[Path]:
        """Files named in the config, from where the user stands."""
        return [Path(self.base) / name for name in names]

    def data_paths(self, names: tuple[str, ...]) -> list[Path]:
        """The same of data files, which may lie in a folder of their own."""
        return [Path(self.data_base or self.base) / name for name in names]

    def with_settings(self, settings: Mapping[str, Any]) -> "RunConfig":
        """The config with some settings changed.

        Args:
            settings: values by the name of a setting with its table's, "optim.learning_rate", or "seed".

        Raises:
            ConfigError: there is no such setting, or a value is none of its values beside the others.
        """
        record = json.loads(json.dumps({**self.to_json(), "search": {}}))
        for key, value in settings.items():
            table, _, name = key.rpartition(".")
            if table and not isinstance(record.get(table), dict):
                record[table] = {}
            (record[table] if table else record)[name] = value
        problems: list[Problem] = []
        changed = _build(RunConfig, record, "[search]", "", problems)
        if changed is None or problems:
            raise ConfigError.from_problems(problems)
        kept = {"search": self.search, "base": self.base, "data_base": self.data_base}
        return replace(changed, **kept)  # type: ignore[no-any-return] # _build returns what it was asked to build

    def combinations(self) -> list[dict[str, Any]]:
        """Every combination of the values in `[search]`: settings in the file's order, the seed last and soonest."""
        keys = sorted(self.search, key=lambda key: key == "seed")
        return [dict(zip(keys, values, strict=True)) for values in product(*(self.search[key] for key in keys))]


def read_config(path: Path, *, seed: int | None = None, data: Path | None = None) -> RunConfig:
    """Read a run's TOML file.

    Args:
        path: the file.
        seed: used instead of the file's.
        data: the folder that the paths of `[data]` are relative to, instead of the file's.

    Raises:
        ConfigError: it is missing or no TOML, or keys are unknown or of a wrong type or value: all of them are named.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; expected a run's TOML file such as configs/seeds.toml") from error
    except OSError as error:
        raise ConfigError(f"{path}: {os_fault(error)}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: no valid TOML in UTF-8 ({error}); mend the place it names") from error
    config = _read(table, str(path))
    config = replace(config, base=str(path.parent), data_base=str(data) if data else "")
    if seed is None:
        return config
    try:
        return replace(config, seed=seed)
    except ValueError as error:
        raise ConfigError(f"--seed: {error}") from error


def _read(table: Mapping[str, Any], where: str) -> RunConfig:
    problems: list[Problem] = []
    config = _build(RunConfig, table, where, "", problems)
    data = table.get("data", {})
    if isinstance(data, Mapping) and data.get("train", []) in ([], ""):
        problems.append(Problem(where, "[data] train is missing; expected a list of files of annotated documents"))
    if config is None or problems:
        raise ConfigError.from_problems(problems)
    _try_search(config, where)
    return config  # type: ignore[no-any-return] # _build returns what it was asked to build


def _build(kind: Any, table: Mapping[str, Any], where: str, prefix: str, problems: list[Problem]) -> Any:
    """A settings value from a table, or None with what was wrong added to `problems`."""
    hints = get_type_hints(kind)
    names = {f.name.rstrip("_"): f.name for f in fields(kind) if f.name not in ("base", "data_base")}
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key not in names:
            problems.append(Problem(where, f"unknown key {name!r}; {_nearest(key, list(names))}"))
        elif key == "search":
            values[key] = _search(value, where, problems)
        elif is_dataclass(hints[names[key]]):
            if not isinstance(value, dict):
                problems.append(Problem(where, f"{name} is {value!r}; expected a table [{name}]"))
            else:
                values[names[key]] = _build(hints[names[key]], value, where, f"{name}.", problems)
        else:
            checked = _checked(hints[names[key]], value)
            if checked is None:
                problems.append(Problem(where, f"{name} is {value!r}; expected {_described(hints[names[key]])}"))
            else:
                values[names[key]] = checked
    try:
        return kind(**{key: value for key, value in values.items() if value is not None})
    except ValueError as error:
        problems += [Problem(where, f"{prefix}{flaw}") for flaw in str(error).split("\n")]
        return None


def _search(table: Any, where: str, problems: list[Problem]) -> dict[str, tuple[Any, ...]]:
    """The values to try by setting."""
    grid: dict[str, tuple[Any, ...]] = {}
    for key, values in _leaves(table if isinstance(table, dict) else {"": table}):
        if not isinstance(values, list) or not values or any(isinstance(value, dict) for value in values):
            expected = "expected a list of values to try, as in optim.learning_rate = [3e-4, 6e-4]"
            problems.append(Problem(where, f"{f'search.{key}'.rstrip('.')} is {values!r}; {expected}"))
        elif key.partition(".")[0] in UNSEARCHED or key in NEVER_SEARCHED:
            problems.append(Problem(where, f"search.{key}: is no setting that can be chosen on dev; take it out"))
        elif any(value in values[:n] for n, value in enumerate(values[: MAX_TRIALS + 1])):
            problems.append(Problem(where, f"search.{key} = {values}: a value is there twice; expected each once"))
        else:
            grid[key] = tuple(values)
    return grid


def _try_search(config: RunConfig, where: str) -> None:
    """Make sure that every combination is a config: it must not show after hours that the last is none."""
    if (n_trials := math.prod(map(len, config.search.values()))) > MAX_TRIALS:
        raise ConfigError(f"{where}: [search] names {n_trials:,} trainings; expected {MAX_TRIALS:,} at most")
    problems: dict[str, None] = {}
    for settings in config.combinations():
        try:
            config.with_settings(settings)
        except ConfigError as error:
            problems |= dict.fromkeys(f"{where}: {line}" for line in str(error).splitlines())
    if problems:
        raise ConfigError("\n".join(problems))


def _is_seed(seed: int) -> bool:
    return 0 <= seed <= MAX_SEED


def flat(record: Any) -> dict[str, Any]:
    """Settings as `to_json` tells them, each by its name with its table's; nothing of what is no record.

    >>> flat({"seed": 1, "optim": {"epochs": 3}})
    {'seed': 1, 'optim.epochs': 3}
    """
    tables: list[tuple[str, Any]] = list(record.items()) if isinstance(record, Mapping) else []
    return {
        f"{table}.{key}" if isinstance(values, Mapping) else table: value
        for table, values in tables
        for key, value in (values.items() if isinstance(values, Mapping) else [("", values)])
    }


def settled(record: Any) -> dict[str, Any]:
    """The same in JSON's types, of settings that may have been kept: as they would be told now.

    Those that came later are as they are by default; those that are no more are left out if they changed nothing.

    >>> settled({"seed": 5})["seed"], settled({"seed": 5})["optim.accumulate"]
    (5, 1)
    >>> [key for key in settled({"optim": {"averaging": 0.0, "layer_decay": 0.9}}) if key in FORMER]
    ['optim.layer_decay']
    """
    known = {key: value for each in (RunConfig().to_json(), record) for key, value in flat(_as_json(each)).items()}
    return {key: value for key, value in known.items() if key not in FORMER or value != FORMER[key]}


def differing_settings(theirs: Any, ours: Any) -> list[str]:
    """What tells the settings of two configs apart, by name.

    >>> differing_settings({"seed": 5}, {"seed": 6})
    ['seed = 5 there, 6 here']
    """
    there, here = settled(theirs), settled(ours)
    keys = [key for key in {**there, **here} if there.get(key) != here.get(key)]
    return [f"{key} = {there.get(key)} there, {here.get(key)} here" for key in keys]


def _as_json(record: Any) -> Any:
    return json.loads(json.dumps(record))


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What a table of tables holds, by dotted name."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _checked(hint: Any, value: Any) -> Any:
    """The value as its type has it, or None if it is of another."""
    if get_origin(hint) is Literal:
        return value if value in get_args(hint) else None
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        value = [value] if item is str and isinstance(value, str) else value  # one file, one label
        right = isinstance(value, list) and all(type(element) is item for element in value)
        return tuple(value) if right else None
    if hint is float and type(value) is int:
        return float(value)
    return value if type(value) is hint else None


def _described(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return f"one of: {', '.join(get_args(hint))}"
    names = {int: "a whole number", float: "a number", str: "a string", bool: "true or false"}
    if get_origin(hint) is tuple:
        return f"a list, each item {names[get_args(hint)[0]]}"
    return names[hint]


def _nearest(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"expected one of: {', '.join(known)}"
