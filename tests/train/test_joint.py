"""The sets that `[joint]` names: what holds of their configs, what is refused, and what is never learned from them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.data.errors import ConfigError, DataError
from tocsin.data.jsonl import write_documents
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, TextLabel
from tocsin.model.settings import ModelSettings
from tocsin.train.config import CalibrationSettings, JointSettings, RunConfig, read_config
from tocsin.train.crossval import Crossval, fold_result
from tocsin.train.earlier import read_earlier
from tocsin.train.folds import folds, identity
from tocsin.train.joint import JointSet, without_copies
from tocsin.train.sets import Sets, load_sets
from tocsin.train.summary import brief, crossval_record

MAIN = '[data]\ntrain = ["train.jsonl"]\ndev = ["dev.jsonl"]\n[joint]\nconfigs = ["words.toml"]\n'
WORDS = 'task = "tokens"\n[data]\ntrain = ["words.conll"]\n'
CONLL = "drones\tB-CRAFT\nhit\tO\n\nrockets\tB-CRAFT\nfell\tO\n"


@pytest.fixture
def folder(tmp_path: Path, tiny_documents: tuple[Document, ...]) -> Path:
    """One document to train on, one as dev, and a set of words and tags beside."""
    write_documents(tmp_path / "train.jsonl", tiny_documents[:1])
    write_documents(tmp_path / "dev.jsonl", tiny_documents[1:])
    (tmp_path / "words.conll").write_text(CONLL)
    (tmp_path / "words.toml").write_text(WORDS)
    (tmp_path / "main.toml").write_text(MAIN)
    return tmp_path


def loaded(folder: Path, **changed: str) -> Sets:
    """The sets of main.toml.

    Args:
        changed: texts of other files, by their names without ".toml".
    """
    for name, text in changed.items():
        (folder / f"{name}.toml").write_text(text)
    return load_sets(read_config(folder / "main.toml"))


def told(sets: Sets) -> list[str]:
    return [str(problem) for problem in sets.warnings if problem.where.startswith("[joint]")]


def test_another_set_has_the_labels_and_windows_that_its_own_config_gives_it(folder: Path) -> None:
    sets = loaded(folder, words=f"{WORDS}[model]\nmax_tokens = 64\noverlap = 8\n")
    (beside,) = sets.beside
    assert beside.name == "words.toml"
    assert beside.schema.entity_labels == ("CRAFT",)
    assert [document.article.text for document in beside.documents] == ["drones hit", "rockets fell"]
    assert (beside.config.model.max_tokens, beside.config.model.overlap) == (64, 8)
    assert sets.schema == DEFAULT_SCHEMA
    assert told(sets) == []


def test_configs_in_other_folders_find_their_files_and_data_replaces_the_folders_of_all(folder: Path) -> None:
    (folder / "other").mkdir()
    for name in ("words.toml", "words.conll"):
        (folder / name).rename(folder / "other" / name)
    main = MAIN.replace("words.toml", "other/words.toml")
    (folder / "main.toml").write_text(main)
    assert len(loaded(folder).beside[0].documents) == 2
    with pytest.raises(DataError, match=r"words\.conll: no such file"):
        load_sets(read_config(folder / "main.toml", data=folder))


@pytest.mark.parametrize(
    ("main", "words", "message"),
    [
        (
            MAIN.replace("words", "none"),
            WORDS,
            r"\[joint\] configs: none\.toml: no file .*none\.toml; expected",
        ),
        (
            MAIN.replace('["words.toml"', '["words.toml", "words.toml"'),
            WORDS,
            r"words\.toml: has the task, files and labels of words\.toml; name",
        ),
        (
            MAIN.replace('["words.toml"', '["words.toml", "./words.toml"'),
            WORDS,
            r"\./words\.toml: has the task, files and labels of words\.toml; name",
        ),
        (
            MAIN.replace("words", "main"),
            WORDS,
            r"main\.toml: has the task, files and labels of the run's own; name",
        ),
        (MAIN, MAIN.partition("[joint]")[0], r"words\.toml: has the task, files and labels of the run's own; name"),
        (
            MAIN,
            f'{WORDS}[joint]\nconfigs = ["main.toml"]\n',
            r"words\.toml: has \[joint\] itself; expected",
        ),
        (MAIN, "sed = 3\n", r"words\.toml: unknown key 'sed'"),
        (f"{MAIN}temperature = 1.5\n", WORDS, r"joint\.temperature = 1\.5: expected a number between 0 and 1"),
        (f"{MAIN}temperature = -0.1\n", WORDS, r"joint\.temperature = -0\.1: expected a number between 0 and 1"),
        (
            f'{MAIN}[search]\njoint.configs = ["a.toml"]\n',
            WORDS,
            r"search\.joint\.configs: is no setting",
        ),
    ],
    ids=[
        "missing",
        "twice",
        "twice-otherwise",
        "itself",
        "twin",
        "nested",
        "broken",
        "too-hot",
        "too-cold",
        "searched",
    ],
)
def test_configs_that_make_no_sense_are_refused(folder: Path, main: str, words: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        loaded(folder, main=main, words=words)


def test_two_labellings_of_one_file_are_two_sets(folder: Path) -> None:
    (folder / "table.tsv").write_text("text\tmood\tplace\ntwo drones\tcalm\tNorland\nno one\traid\tOrland\n")
    config = 'task = "text"\n[data]\ntrain = ["table.tsv"]\ntext_column = "text"\nlabel_columns = ["{}"]\n'
    for name in ("mood", "place"):
        (folder / f"{name}.toml").write_text(config.format(name))
    sets = loaded(folder, main=MAIN.replace('["words.toml"', '["mood.toml", "place.toml"'))
    assert [beside.schema.text_labels for beside in sets.beside] == [("calm", "raid"), ("Norland", "Orland")]
    (folder / "again.toml").write_text(f"seed = 7\n{config.format('mood')}dev_share = 0.5\n")
    with pytest.raises(ConfigError, match=r"again\.toml: has the task, files and labels of mood\.toml; name each"):
        loaded(folder, main=MAIN.replace('["words.toml"', '["mood.toml", "again.toml"'))


def test_a_set_without_documents_is_refused_by_name(folder: Path) -> None:
    (folder / "words.conll").write_text("\n")
    with pytest.raises(DataError, match=r"\[joint\] words\.toml: .*words\.conll"):
        loaded(folder)


def test_settings_of_another_config_that_have_no_effect_are_told(folder: Path) -> None:
    words = f"{WORDS}dev_share = 0.5\n[optim]\nepochs = 7\nwarmup = 0.2\n[model]\n"
    words += "attention_dropout = false\nbag_of_words = true\nlabel_threshold = 0\n"
    sets = loaded(folder, main=f"{MAIN}[optim]\nwarmup = 0.2\n", words=f"seed = 4\n{words}")
    assert told(sets)[-2:] == [
        "[joint] words.toml: seed, model.attention_dropout, model.bag_of_words, model.label_threshold, optim.epochs: "
        "change nothing; the run's own config says how all sets are trained",
        "[joint] words.toml: its dev set of 1 takes no part; only the run's own may choose an epoch",
    ]
    assert len(sets.beside[0].documents) == 1


def test_what_is_odd_about_another_set_is_told_with_its_name(folder: Path) -> None:
    sets = loaded(folder, words=f"{WORDS}split_seed = 9\n")
    assert told(sets) == [
        "[joint] words.toml: [data] split_seed: 9 changes nothing; no documents are drawn without dev_share"
    ]


@pytest.mark.parametrize("rest", ["[joint]\ntemperature = 0.9\n", "[search]\njoint.temperature = [0.1, 0.9]\n"])
def test_a_temperature_of_nothing_is_told(folder: Path, rest: str) -> None:
    sets = loaded(folder, main=MAIN.partition("[joint]")[0] + rest)
    assert told(sets) == ["[joint] temperature: changes nothing; [joint] names no configs of other sets"]


def as_words(text: str) -> str:
    """A text as words and tags, parted from the mark before the last."""
    *words, last = text.replace(".", " .").split()
    return "".join(f"{word}\tO\n" for word in words) + f"{last}\tO\n"


@pytest.fixture
def leaky(folder: Path, tiny_documents: tuple[Document, ...]) -> Path:
    """The dev article stands in the set beside as well, its words parted by single blanks."""
    text = tiny_documents[1].article.text
    (folder / "words.conll").write_text(f"{CONLL}\n{as_words(text)}")
    return folder


def with_shared(shared: str) -> str:
    return MAIN.replace("[joint]", f'shared = "{shared}"\n[joint]')


def test_a_dev_article_that_another_set_trains_on_is_refused(leaky: Path) -> None:
    refused = (
        r"\[joint\] words\.toml: train articles that share their text with dev articles of this run .*: words-3; "
        '.*shared = "drop"'
    )
    with pytest.raises(DataError, match=refused):
        loaded(leaky)


@pytest.mark.parametrize(
    ("shared", "n_kept", "message"),
    [
        ("drop", 2, "left out, since dev shares their text (the same, hardly changed, or one within the other): 1"),
        ("keep", 3, "learned from texts of dev, as [data] shared says: 1; dev scores are too good"),
    ],
)
def test_it_is_dropped_or_kept_and_told_as_shared_says(leaky: Path, shared: str, n_kept: int, message: str) -> None:
    sets = loaded(leaky, main=with_shared(shared))
    assert len(sets.beside[0].documents) == n_kept
    assert told(sets) == [f"[joint] words.toml: {message}"]


def test_a_sentence_of_a_dev_article_counts_as_that_article(folder: Path, tiny_documents: tuple[Document, ...]) -> None:
    article = tiny_documents[1].article
    longer = replace(article, text=" ".join([article.text, *(f"word{number}" for number in range(40))]))
    write_documents(folder / "dev.jsonl", [replace(tiny_documents[1], article=longer)])
    (folder / "words.conll").write_text(f"{CONLL}\n{as_words(article.text)}")
    sets = loaded(folder, main=with_shared("drop"))
    assert [document.article.text for document in sets.beside[0].documents] == ["drones hit", "rockets fell"]
    assert "one within the other): 1" in told(sets)[0]


def test_an_article_of_the_runs_own_training_may_stand_in_another_set(
    folder: Path, tiny_documents: tuple[Document, ...]
) -> None:
    (folder / "words.conll").write_text(f"{CONLL}\n{as_words(tiny_documents[0].article.text)}")
    assert len(loaded(folder).beside[0].documents) == 3


def test_nothing_that_is_left_after_dropping_is_an_error(tiny_documents: tuple[Document, ...]) -> None:
    with pytest.raises(DataError, match="every train text is shared with one that is held out"):
        without_copies(tiny_documents, tiny_documents, "drop")


SCHEMA = Schema(text_labels=("raid", "calm"), one_text_label=True)
CALM = tuple(
    Document(Article(f"Nothing was heard at camp {n} on Monday.", id=f"calm{n}"), labels=(TextLabel("calm"),))
    for n in range(3)
)


def beside(documents: tuple[Document, ...] = CALM, model: ModelSettings | None = None) -> JointSet:
    settings = model or ModelSettings(max_tokens=24, overlap=6, pair_width=32)
    return JointSet("calm.toml", RunConfig(task="text", model=settings), SCHEMA, documents)


def jointly(config: RunConfig, temperature: float = 0.5) -> RunConfig:
    return replace(config, joint=JointSettings(("calm.toml",), temperature))


def stamp(config: RunConfig, *others: JointSet) -> str:
    return identity(config, DEFAULT_SCHEMA, CALM, beside=others)


def test_a_run_without_other_sets_is_the_one_it_was_before_there_could_be_any() -> None:
    idle = replace(RunConfig(), joint=JointSettings((), 0.9))
    assert RunConfig().to_json() == idle.to_json()
    assert "joint" not in RunConfig().to_json()
    assert stamp(RunConfig()) == stamp(idle)


@pytest.mark.parametrize(
    "other",
    [
        lambda: stamp(RunConfig()),
        lambda: stamp(jointly(RunConfig(), 0.6), beside()),
        lambda: stamp(jointly(RunConfig()), beside(CALM[:2])),
        lambda: stamp(jointly(RunConfig()), beside((replace(CALM[0], labels=(TextLabel("raid"),)), *CALM[1:]))),
        lambda: stamp(jointly(RunConfig()), beside(model=ModelSettings(max_tokens=32, overlap=6, pair_width=32))),
        lambda: stamp(jointly(RunConfig()), replace(beside(), schema=replace(SCHEMA, text_labels=("calm", "raid")))),
        lambda: stamp(jointly(RunConfig()), beside(), replace(beside(), name="again.toml")),
    ],
    ids=["alone", "temperature", "fewer", "annotation", "windows", "schema", "another"],
)
def test_all_that_is_learned_from_other_sets_changes_the_identity(other: Callable[[], str]) -> None:
    assert other() != stamp(jointly(RunConfig()), beside())


def test_names_and_unused_settings_of_other_sets_leave_the_identity_as_it_is() -> None:
    same = replace(beside(), name="renamed.toml", config=replace(beside().config, seed=9, base="/elsewhere"))
    renamed = replace(RunConfig(), joint=JointSettings(("renamed.toml",)))
    assert stamp(renamed, same) == stamp(jointly(RunConfig()), beside())


def test_a_fold_does_not_learn_what_it_holds_out_from_another_set(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    optim = replace(tiny_config.optim, epochs=3, checkpoint_every=3)
    config = replace(jointly(tiny_config), optim=optim)
    fold = next(fold for fold in folds(tiny_documents, (1,)) if fold.held_out == tiny_documents[:1])
    article = tiny_documents[0].article
    copy = Document(replace(article, id="copy", text=article.text.replace(". ", ".\n\n")), labels=(TextLabel("raid"),))

    def held_out(name: str, *documents: Document) -> tuple[tuple[Document, ...], int]:
        path = tmp_path / f"{name}.json"
        found = fold_result(config, DEFAULT_SCHEMA, fold, path, lambda _: None, beside=[beside(documents)])
        again = fold_result(
            config, DEFAULT_SCHEMA, fold, path, lambda _: pytest.fail("trained"), beside=[beside(documents)]
        )
        assert again == found
        return found.predicted, found.n_left_out

    predicted, n_left_out = held_out("with", *CALM, copy)
    assert n_left_out == 1
    assert (predicted, 0) == held_out("without", *CALM)
    with pytest.raises(DataError, match=r"\[joint\] calm\.toml: every train text"):
        held_out("only", copy)


def test_a_cross_validation_beside_other_documents_is_not_of_this_run(
    tiny_config: RunConfig, made_crossval: Crossval, tmp_path: Path
) -> None:
    config, documents = jointly(tiny_config), made_crossval.documents
    made = replace(made_crossval, identity=identity(config, DEFAULT_SCHEMA, documents, beside=[beside()]))
    (tmp_path / "crossval.json").write_text(json.dumps(brief(crossval_record(made, title="t", reproduce=["tocsin"]))))
    named = replace(config, base=str(tmp_path), calibration=CalibrationSettings("crossval.json"))
    assert read_earlier(named, DEFAULT_SCHEMA, documents, beside=[beside()]) is not None
    with pytest.raises(ConfigError, match="is of another run than this"):
        read_earlier(named, DEFAULT_SCHEMA, documents, beside=[beside(CALM[:2])])


def test_the_notes_of_a_cross_validation_say_what_else_was_learned_from(made_crossval: Crossval) -> None:
    results = tuple(replace(result, n_left_out=2) for result in made_crossval.results)
    made = replace(made_crossval, config=jointly(made_crossval.config), results=results)
    notes = crossval_record(made, title="t", reproduce=[])["notes"]
    assert any(
        "learned from calm.toml too; over all trainings, 12 of their documents were left out" in n for n in notes
    )
