"""A run's TOML file: all that is wrong with it is said at once."""

from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError
from tocsin.train.config import read_config

CONFIGS = sorted((Path(__file__).parents[2] / "configs").rglob("*.toml"))


def written(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", CONFIGS, ids=[path.name for path in CONFIGS])
def test_every_config_that_ships_is_valid_and_names_its_command(path: Path) -> None:
    config = read_config(path)
    has_data_of_its_own = "--data" not in path.read_text(encoding="utf-8")
    assert all(file.is_file() is has_data_of_its_own for file in config.data_paths(config.data.train))
    assert path.read_text(encoding="utf-8").startswith("# ")
    assert "tocsin train" in path.read_text(encoding="utf-8")


def test_keys_left_out_have_their_defaults(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[data]\ntrain = ["a.jsonl"]\n[optim]\nepochs = 3\n'))
    assert (config.optim.epochs, config.optim.warmup, config.seed) == (3, 0.1, 1)


def test_files_are_looked_for_beside_the_config(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[data]\ntrain = ["a.jsonl"]\n'))
    assert config.paths(config.data.train) == [tmp_path / "a.jsonl"]


def test_a_cross_validation_is_looked_for_beside_the_config_too(tmp_path: Path) -> None:
    tables = '[crossval]\nfolds = 5\nsizes = [1, 8]\n[calibration]\ncrossval = "cv/crossval.json"\n'
    config = read_config(written(tmp_path, f'[data]\ntrain = ["a.jsonl"]\n{tables}'))
    assert (config.crossval.folds, config.crossval.sizes, config.crossval.seeds) == (5, (1, 8), (1, 2, 3))
    assert config.paths((config.calibration.crossval,)) == [tmp_path / "cv" / "crossval.json"]


def test_a_single_name_needs_no_list(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[data]\ntrain = "a.jsonl"\n[joint]\nconfigs = "b.toml"\n'))
    assert (config.data.train, config.joint.configs) == (("a.jsonl",), ("b.toml",))


def test_a_seed_given_beside_the_file_wins(tmp_path: Path) -> None:
    assert read_config(written(tmp_path, 'seed = 4\n[data]\ntrain = ["a"]\n'), seed=9).seed == 9


def test_an_integer_is_good_where_a_number_is_wanted(tmp_path: Path) -> None:
    assert (
        read_config(written(tmp_path, '[data]\ntrain = ["a"]\n[optim]\nweight_decay = 0\n')).optim.weight_decay == 0.0
    )


def test_all_mistakes_are_named_at_once_each_with_what_to_do(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "sed = 1\nencoder = 5\n[data]\ntrain = 3\n[optim]\nlerning_rate = 1e-4\nepochs = true\n[model]\nxyz = 1\n",
    )
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert str(caught.value).splitlines() == [
        f"{path}: unknown key 'sed'; did you mean 'seed'?",
        f"{path}: encoder is 5; expected a string",
        f"{path}: data.train is 3; expected a list, each item a string",
        f"{path}: unknown key 'optim.lerning_rate'; did you mean 'learning_rate'?",
        f"{path}: optim.epochs is True; expected a whole number",
        f"{path}: unknown key 'model.xyz'; expected one of: "
        "max_tokens, overlap, passage_words, shape_width, pair_width, dropout, attention_dropout, pooling, "
        "bag_of_words, label_threshold",
    ]


def test_a_missing_train_file_is_told_beside_other_mistakes(tmp_path: Path) -> None:
    path = written(tmp_path, "[data]\ndev_share = 2\n")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert str(caught.value).splitlines() == [
        f"{path}: data.dev_share = 2.0: expected a share, at least 0 and less than 1",
        f"{path}: [data] train is missing; expected a list of files of annotated documents",
    ]


def test_a_seed_beside_the_file_has_the_same_bounds(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--seed: seed = 4294967296: expected"):
        read_config(written(tmp_path, '[data]\ntrain = ["a"]\n'), seed=2**32)


def test_all_bad_values_of_a_table_are_named_at_once(tmp_path: Path) -> None:
    tables = {
        "data": 'train = ["a"]\ndev = ["b"]\ndev_share = 2',
        "optim": "epochs = -1\nbatch_passages = 0\nlearning_rate = -1\nfrozen_layers = -1\nwarmup = 2",
        "model": "max_tokens = 4\ndropout = 1.5",
        "crossval": "seeds = []\nfolds = 1\nsizes = [0]",
        "joint": "temperature = 2",
    }
    text = "".join(f"[{name}]\n{lines}\n" for name, lines in tables.items())
    path = written(tmp_path, f"seed = -1\n{text}")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    named = [line.removeprefix(f"{path}: ").split(" ")[0] for line in str(caught.value).splitlines()]
    assert named == [
        "data.dev_share", "data.dev",
        "optim.epochs", "optim.batch_passages", "optim.learning_rate", "optim.frozen_layers", "optim.warmup",
        "model.max_tokens", "model.dropout",
        "crossval.seeds", "crossval.folds", "crossval.sizes",
        "joint.temperature",
        "seed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[data\n", "no valid TOML"),
        ("seed = 1\n", r"\[data\] train is missing"),
        ("data = 3\n", r"data is 3; expected a table \[data\]"),
        ('[data]\ntrain = ["a"]\n[optim]\nepochs = 0\n', "epochs = 0: expected 1 or more"),
        ('[data]\ntrain = ["a"]\n[crossval]\nseeds = []\n', "expected one or more different whole numbers"),
        ('[data]\ntrain = ["a"]\n[crossval]\nfolds = 1\n', "folds = 1: expected 2 or more, or 0"),
        ('[data]\ntrain = ["a"]\n[crossval]\nfolds = -2\n', "folds = -2: expected 2 or more, or 0"),
        ('[data]\ntrain = ["a"]\n[crossval]\nsizes = [2, 0]\n', "expected whole numbers of articles, 1 or more"),
        ('[data]\ntrain = ["a"]\n[calibration]\ncrossval = 3\n', "calibration.crossval is 3; expected a string"),
        ('[data]\ntrain = ["a"]\n[optim]\nfrozen_layers = -1\n', "frozen_layers .*expected 0 or more"),
        ('seed = -1\n[data]\ntrain = ["a"]\n', "seed = -1: expected 0 or more"),
        ('seed = 4294967296\n[data]\ntrain = ["a"]\n', "seed = 4294967296: expected 0 or more, 4294967295 at most"),
        ('[data]\ntrain = ["a"]\n[crossval]\nseeds = [1, 4294967296]\n', "whole numbers, 0 or more and 4294967295"),
        ('[data]\ntrain = ["a"]\n[search]\nseed = [1, 4294967296]\n', r"\[search\]: seed = 4294967296: expected"),
        ('[data]\ntrain = ["a"]\n[model]\noverlap = 256\n', "overlap = 256: expected"),
        ("[data]\ntrain = false\n", r"toml: data.train is False; expected a list, each item a string$"),
        ('[data]\ntrain = ["a"]\n[joint]\nconfigs = 3\n', "joint.configs is 3; expected a list, each item a"),
        ('[data]\ntrain = ["a"]\n[search]\njoint.configs = [["a"], ["b"]]\n', "no setting that can be chosen on dev"),
    ],
    ids=[
        "broken",
        "no-data",
        "no-table",
        "out-of-range",
        "no-seeds",
        "one-fold",
        "folds",
        "sizes",
        "calibration",
        "negative",
        "seed",
        "large-seed",
        "large-seeds",
        "large-seed-to-try",
        "two-that-disagree",
        "no-names",
        "no-list",
        "sets-to-choose-from",
    ],
)
def test_a_wrong_config_says_what_was_expected(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_config(written(tmp_path, text))


def test_a_missing_config_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: no such file"):
        read_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match=r"is a folder; expected a file$"):
        read_config(tmp_path)
