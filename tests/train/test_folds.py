"""What is trained and what is held out: nothing is ever both."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.errors import DataError
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Span
from tocsin.model.settings import ModelSettings
from tocsin.train.config import CalibrationSettings, CrossvalSettings, DataSettings, OptimSettings, RunConfig
from tocsin.train.folds import Fold, default_sizes, folds, identity, smaller, with_equal_steps

SEEDS = (1, 5, 9)
DOCUMENTS = tuple(Document(Article(f"Rockets fell on camp {n}.", id=f"a{n}")) for n in range(7))


def names(documents: tuple[Document, ...]) -> list[str]:
    return [document.article.id for document in documents]


def sizes_and_folds() -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(2, 7).flatmap(lambda n: st.tuples(st.just(n), st.sampled_from([0, *range(2, n + 1)])))


@given(plan=sizes_and_folds())
def test_every_document_is_held_out_once_with_each_seed_and_never_trained_on_then(plan: tuple[int, int]) -> None:
    n_documents, n_folds = plan
    documents = DOCUMENTS[:n_documents]
    dealt = folds(documents, SEEDS, n_folds=n_folds)
    held_out = Counter((name, fold.seed) for fold in dealt for name in names(fold.held_out))
    assert held_out == Counter((name, seed) for name in names(documents) for seed in SEEDS)
    for fold in dealt:
        assert sorted(names(fold.held_out) + names(fold.train)) == names(documents)
        assert fold.n_all == len(fold.train) > 0


def test_by_default_one_document_is_held_out_at_a_time() -> None:
    assert [names(fold.held_out) for fold in folds(DOCUMENTS[:3], (4,))] == [["a0"], ["a1"], ["a2"]]


def test_into_fewer_folds_documents_are_dealt_in_turn() -> None:
    dealt = folds(DOCUMENTS, (4,), n_folds=3)
    assert [names(fold.held_out) for fold in dealt] == [["a0", "a3", "a6"], ["a1", "a4"], ["a2", "a5"]]
    assert names(dealt[1].train) == ["a0", "a2", "a3", "a5", "a6"]


def test_one_document_cannot_be_left_out() -> None:
    with pytest.raises(DataError, match=r"^1 document; leaving one out takes at least 2"):
        folds(DOCUMENTS[:1], (1,))


def test_more_folds_than_documents_are_refused() -> None:
    with pytest.raises(DataError, match=r"\[crossval\] folds = 4: there are 3 documents"):
        folds(DOCUMENTS[:3], (1,), n_folds=4)


def test_the_same_text_under_two_ids_is_refused() -> None:
    copy = replace(DOCUMENTS[0], article=replace(DOCUMENTS[0].article, id="copy"))
    with pytest.raises(DataError, match="a0 and copy have the same text"):
        folds([*DOCUMENTS, copy], (1,))


@pytest.mark.parametrize("turn", range(8))
@pytest.mark.parametrize("fold", folds(DOCUMENTS, (1,), n_folds=3), ids=lambda fold: "-".join(names(fold.held_out)))
def test_smaller_folds_hold_out_the_same_and_are_nested(fold: Fold, turn: int) -> None:
    grown = [smaller(fold, size, turn=turn) for size in range(1, len(fold.train) + 1)]
    for size, part in enumerate(grown, start=1):
        assert (part.held_out, part.seed, part.n_all) == (fold.held_out, fold.seed, len(fold.train))
        assert len(set(names(part.train))) == size
        assert set(names(part.train)) <= set(names(fold.train))
    assert all(set(names(a.train)) < set(names(b.train)) for a, b in pairwise(grown))


def test_each_turn_begins_with_another_article() -> None:
    fold, *_ = folds(DOCUMENTS[:4], (1,))
    assert [names(smaller(fold, 2, turn=turn).train) for turn in range(4)] == [
        ["a1", "a2"],
        ["a2", "a3"],
        ["a3", "a1"],
        ["a1", "a2"],
    ]


def test_every_training_has_a_name_of_its_own() -> None:
    plan = folds(DOCUMENTS, SEEDS, n_folds=3)
    plan += [smaller(fold, size, turn=0) for fold in plan for size in range(1, len(fold.train))]
    assert len({fold.name for fold in plan}) == len(plan)


def test_a_name_is_fit_for_a_file_whatever_the_articles_are_called() -> None:
    odd = tuple(Document(Article(f"Text {n}", id=f"https://news.example/{'x' * 300}?page={n}")) for n in range(2))
    assert all(Path(fold.name).name == fold.name and len(fold.name) < 40 for fold in folds(odd, (1,)))


@given(n_train=st.integers(1, 300))
def test_the_default_sizes_rise_to_all_there_is(n_train: int) -> None:
    sizes = default_sizes(n_train)
    assert list(sizes) == sorted(set(sizes))
    assert sizes[0] == 1
    assert sizes[-1] == n_train


CONFIG = RunConfig(optim=OptimSettings(epochs=40, checkpoint_every=5))


def test_fewer_articles_are_gone_through_oftener() -> None:
    quarter = with_equal_steps(CONFIG, n_train=1, n_all=4)
    assert (quarter.optim.epochs, quarter.optim.checkpoint_every) == (160, 20)
    assert replace(quarter, optim=CONFIG.optim) == CONFIG


@given(n_all=st.integers(1, 60), n_train=st.integers(1, 60), epochs=st.integers(1, 100))
def test_the_steps_stay_equal_to_half_a_pass(n_all: int, n_train: int, epochs: int) -> None:
    n_train = min(n_train, n_all)
    config = RunConfig(optim=OptimSettings(epochs=epochs))
    changed = with_equal_steps(config, n_train=n_train, n_all=n_all)
    assert abs(changed.optim.epochs * n_train - epochs * n_all) <= n_train / 2


def test_all_articles_are_gone_through_as_the_config_says() -> None:
    assert with_equal_steps(CONFIG, n_train=4, n_all=4) == CONFIG


def stamp(config: RunConfig = CONFIG, schema: Schema = DEFAULT_SCHEMA, documents: tuple[Document, ...] = ()) -> str:
    return identity(config, schema, documents or DOCUMENTS)


@pytest.mark.parametrize(
    "other",
    [
        lambda: stamp(replace(CONFIG, encoder="mpnet-base")),
        lambda: stamp(replace(CONFIG, optim=replace(CONFIG.optim, weight_decay=0.5))),
        lambda: stamp(replace(CONFIG, model=ModelSettings(dropout=0.7))),
        lambda: stamp(schema=replace(DEFAULT_SCHEMA, entity_labels=(*DEFAULT_SCHEMA.entity_labels, "SHIP"))),
        lambda: stamp(documents=DOCUMENTS[:-1]),
        lambda: stamp(documents=DOCUMENTS[::-1]),
        lambda: stamp(documents=(replace(DOCUMENTS[0], entities=(Span(0, 7, "WEAPON"),)), *DOCUMENTS[1:])),
    ],
    ids=["encoder", "optim", "model", "schema", "fewer", "order", "annotation"],
)
def test_all_that_decides_what_is_trained_changes_the_identity(other: Callable[[], str]) -> None:
    assert other() != stamp()


def test_other_weights_in_the_folder_of_an_encoder_change_the_identity(tiny_encoder: Path, tmp_path: Path) -> None:
    config = replace(CONFIG, encoder=str(shutil.copytree(tiny_encoder, tmp_path / "encoder")))
    before = stamp(config)
    assert stamp(config) == before
    weights = tmp_path / "encoder" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    assert stamp(config) != before


@pytest.mark.parametrize(
    "config",
    [
        replace(CONFIG, seed=7),
        replace(CONFIG, base="/elsewhere"),
        replace(CONFIG, data=DataSettings(train=("other.jsonl",))),
        replace(CONFIG, crossval=CrossvalSettings(seeds=(7,), folds=2, sizes=(1,))),
        replace(CONFIG, calibration=CalibrationSettings("crossval.json")),
    ],
    ids=["seed", "folder", "file-name", "crossval", "calibration"],
)
def test_what_does_not_decide_what_is_trained_leaves_the_identity_as_it_is(config: RunConfig) -> None:
    assert stamp(config) == stamp()
