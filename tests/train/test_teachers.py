"""A student learns what its teachers hold possible, word by word, whatever encoder and windows these read with."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA, Schema
from tocsin.data.types import Article, Document, Span, TextLabel
from tocsin.model.artifact import load, weights_hash
from tocsin.model.posteriors import posteriors
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings
from tocsin.train.batches import Collator
from tocsin.train.config import DistillSettings, JointSettings, RunConfig
from tocsin.train.crossval import crossval
from tocsin.train.finish import finish
from tocsin.train.joint import JointSet
from tocsin.train.preparation import Run, prepare
from tocsin.train.search import begin, plan
from tocsin.train.sets import Sets
from tocsin.train.teachers import Lessons, ask, seen_by_teachers, teachers_of
from tocsin.train.training import Progress, train

CRAFT = Schema(entity_labels=("BASE", "CRAFT"))
MOOD = Schema(text_labels=("raid", "calm"), one_text_label=True)
TEXTS = (
    "two drones hit camp vale on monday . no one was hurt .",
    "rockets struck fort dane near port sund . the raid failed . three soldiers were wounded .",
    "the red brigade denied any attack at camp vale .",
)
DOCUMENTS = tuple(Document(Article(text, id=text[:3])) for text in TEXTS)
OTHER_WINDOWS = ModelSettings(max_tokens=12, overlap=3, passage_words=6, pair_width=8, dropout=0.0)


@pytest.fixture(scope="module")
def spelling_encoder(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny encoder with a tokenizer that knows no word and spells each."""
    folder = tmp_path_factory.mktemp("encoder") / "spelling"
    shutil.copytree(tiny_encoder, folder)
    record = json.loads((folder / "tokenizer.json").read_text())
    known = record["model"]["vocab"]
    record["model"]["vocab"] = {
        token: at for token, at in known.items() if len(token.removeprefix("##")) == 1 or token.startswith("[")
    }
    (folder / "tokenizer.json").write_text(json.dumps(record))
    return folder


@pytest.fixture(scope="module")
def make(
    tiny_config: RunConfig, spelling_encoder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """Writes an untrained model of another encoder and other windows, which is sure of nothing."""

    def write(schema: Schema, seed: int) -> Path:
        config = replace(tiny_config, encoder=str(spelling_encoder), model=OTHER_WINDOWS, seed=seed)
        document = Document(Article("drones hit camp vale ."))
        run = prepare(config, schema, [document], ())
        folder = tmp_path_factory.mktemp("teacher") / f"seed-{seed}"
        finish(run, run.model, [document], folder, seconds=0.0)
        return folder

    return write


@pytest.fixture(scope="module")
def craft_teacher(tiny_config: RunConfig, spelling_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of another encoder that knows the weapons and places of TEXTS by heart."""
    marked = {"drones": "CRAFT", "rockets": "CRAFT", "camp vale": "BASE", "fort dane": "BASE"}
    documents = [
        replace(
            document,
            entities=tuple(
                Span(document.article.text.index(words), document.article.text.index(words) + len(words), label)
                for words, label in marked.items()
                if words in document.article.text
            ),
        )
        for document in DOCUMENTS
    ]
    config = replace(tiny_config, encoder=str(spelling_encoder), model=OTHER_WINDOWS)
    return written(config, CRAFT, documents, tmp_path_factory.mktemp("craft"))


@pytest.fixture(scope="module")
def mood_teacher(tiny_config: RunConfig, spelling_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of another encoder that knows the moods of TEXTS by heart."""
    labels = ("raid", "raid", "calm")
    documents = [replace(d, labels=(TextLabel(label),)) for d, label in zip(DOCUMENTS, labels, strict=True)]
    config = replace(tiny_config, encoder=str(spelling_encoder), model=OTHER_WINDOWS)
    return written(config, MOOD, documents, tmp_path_factory.mktemp("mood"))


def written(config: RunConfig, schema: Schema, documents: list[Document], folder: Path) -> Path:
    run = prepare(config, schema, documents, ())
    model = train(run, work=folder / "work", resume=False, watch=lambda progress: None)
    finish(run, model, documents, folder / "model", seconds=0.0)
    return folder / "model"


def taught_by(config: RunConfig, *folders: Path, weight: float = 0.5) -> RunConfig:
    return replace(config, distill=DistillSettings(tuple(map(str, folders)), weight))


def lessons_of(config: RunConfig, schema: Schema, documents: tuple[Document, ...] = DOCUMENTS) -> Lessons:
    return ask(teachers_of(config, schema), documents, schema)


def trained(run: Run, work: Path, *, resume: bool = False, watch: Callable[[Progress], None] | None = None) -> Model:
    return train(run, work=work, resume=resume, watch=watch or (lambda progress: None))


def found(model: Model, documents: tuple[Document, ...] = DOCUMENTS) -> list[set[tuple[int, int, str]]]:
    predicted = [model.predict(document.article) for document in documents]
    return [{(span.start, span.end, span.label) for span in document.entities} for document in predicted]


def test_a_student_that_no_annotation_teaches_comes_to_agree_with_its_teacher(
    tiny_config: RunConfig, craft_teacher: Path, tmp_path: Path
) -> None:
    config = taught_by(tiny_config, craft_teacher, weight=1.0)
    student = trained(prepare(config, CRAFT, DOCUMENTS, ()), tmp_path / "work")
    teacher = load(craft_teacher)
    assert found(student) == found(teacher)
    assert sum(map(len, found(teacher))) == 5
    said = [posteriors(model, [document.article for document in DOCUMENTS]) for model in (student, teacher)]
    for own, theirs in zip(*said, strict=True):
        assert torch.equal(own.words, theirs.words)
        assert (own.tags - theirs.tags).abs().max() < 0.05


def test_a_student_learns_labels_of_texts_that_nobody_annotated(
    tiny_config: RunConfig, mood_teacher: Path, tmp_path: Path
) -> None:
    student = trained(prepare(taught_by(tiny_config, mood_teacher), MOOD, DOCUMENTS, ()), tmp_path / "work")
    told = [[label.name for label in student.predict(d.article).labels or ()] for d in DOCUMENTS]
    assert told == [["raid"], ["raid"], ["calm"]]


def test_the_annotation_teaches_as_much_as_the_weight_leaves_it(tiny_config: RunConfig, craft_teacher: Path) -> None:
    def lost(config: RunConfig) -> float:
        run = prepare(config, CRAFT, DOCUMENTS, ())
        collate = Collator(CRAFT, distill=config.distill)
        run.model.network.eval()
        with torch.inference_mode():
            return float(run.model.network(**collate([run.rows[n] for n in range(len(run.rows))]))["tags"])

    annotated, taught = lost(tiny_config), lost(taught_by(tiny_config, craft_teacher, weight=1.0))
    assert abs(annotated - taught) > 0.1
    expected = 0.75 * annotated + 0.25 * taught
    assert lost(taught_by(tiny_config, craft_teacher, weight=0.25)) == pytest.approx(expected, rel=1e-4)


def test_several_teachers_say_the_mean_of_what_each_says(
    tiny_config: RunConfig, craft_teacher: Path, make: Callable[..., Path]
) -> None:
    folders = [craft_teacher, make(CRAFT, 5), make(CRAFT, 6)]
    together = list(lessons_of(taught_by(tiny_config, *folders), CRAFT))
    apart = [list(posteriors(load(folder), [d.article for d in DOCUMENTS])) for folder in folders]
    for number, lesson in enumerate(together):
        mean = sum(said[number].tags for said in apart) / 3
        assert torch.allclose(lesson.tags, mean, atol=1e-5)  # type: ignore[arg-type] # there are three, no 0
        assert not torch.allclose(lesson.tags, apart[0][number].tags, atol=0.05)


def test_the_mean_of_labels_too_is_that_of_all_teachers(
    tiny_config: RunConfig, mood_teacher: Path, make: Callable[..., Path]
) -> None:
    other = make(MOOD, 5)
    together = list(lessons_of(taught_by(tiny_config, mood_teacher, other), MOOD))
    apart = [[load(f).predict_raw(d.article).label_scores["raid"] for d in DOCUMENTS] for f in (mood_teacher, other)]
    means = [(a + b) / 2 for a, b in zip(*apart, strict=True)]
    assert [float(lesson.labels[0]) for lesson in together] == pytest.approx(means, abs=1e-4)


def test_a_teacher_may_have_its_labels_in_another_order(tiny_config: RunConfig, make: Callable[..., Path]) -> None:
    roles = Schema(entity_labels=("A", "B"), fillers=("A", "B"), text_labels=("raid", "calm"))
    turned = Schema(entity_labels=("B", "A"), fillers=("A", "B"), text_labels=("calm", "raid"))
    config = taught_by(tiny_config, make(roles, 5))
    for own, other in zip(lessons_of(config, roles), lessons_of(config, turned), strict=True):
        assert torch.equal(own.tags, other.tags.flip(1))
        assert torch.equal(own.labels, other.labels.flip(0))
    config = taught_by(tiny_config, make(CRAFT, 5))
    turned = Schema(entity_labels=("CRAFT", "BASE"))
    for own, other in zip(lessons_of(config, CRAFT), lessons_of(config, turned), strict=True):
        assert torch.equal(own.tags, other.tags[:, :, [0, 3, 4, 1, 2]])


def test_of_a_long_text_each_passage_of_the_student_has_its_own_words_of_the_lesson(
    tiny_config: RunConfig, craft_teacher: Path
) -> None:
    long = Document(Article(" ".join(TEXTS * 6), id="long"))
    config = taught_by(replace(tiny_config, model=replace(tiny_config.model, passage_words=25)), craft_teacher)
    run = prepare(config, CRAFT, [*DOCUMENTS, long], ())
    (said,) = posteriors(load(craft_teacher), [long.article])
    rows = [run.rows[n] for n in range(len(DOCUMENTS), len(run.rows))]
    passages = [json.loads(row["example"])["passage"] for row in rows]
    assert len(rows) > 3
    assert max(len(passage["windows"]) for passage in passages) > 1
    batch = Collator(CRAFT, teaching=0.5)(rows)["targets"]
    assert torch.allclose(batch["taught"]["tags"], said.tags, atol=1e-3)  # type: ignore[typeddict-item] # of targets
    assert [tuple(word) for passage in passages for word in passage["words"]] == [tuple(w) for w in said.words.tolist()]


def test_without_teachers_rows_and_config_are_what_they_were(tiny_config: RunConfig) -> None:
    run = prepare(tiny_config, CRAFT, DOCUMENTS, ())
    assert run.rows.column_names == ["example", "length"]
    assert "distill" not in tiny_config.to_json()
    assert Collator(CRAFT)([run.rows[0]])["targets"]["taught"] is None  # type: ignore[typeddict-item] # of targets
    changed = tiny_config.with_settings({"distill.weight": 0.25})
    assert "distill" not in changed.to_json()


def test_a_student_starts_from_the_weights_it_would_have_without_a_teacher(
    tiny_config: RunConfig, craft_teacher: Path
) -> None:
    alone, taught = (
        prepare(config, CRAFT, DOCUMENTS, ()).model.network.state_dict()
        for config in (tiny_config, taught_by(tiny_config, craft_teacher))
    )
    assert all(torch.equal(alone[name], taught[name]) for name in alone)


OTHERS = {
    "label-lacks": (Schema(entity_labels=("BASE", "CRAFT", "SHIP")), "has no entity label SHIP, which this run learns"),
    "label-more": (Schema(entity_labels=("BASE",)), "has entity label CRAFT, which this run does not learn"),
    "event": (Schema(entity_labels=("BASE",), event_types=("CRAFT",)), "has entity label CRAFT, which this run does"),
    "fillers": (replace(CRAFT, fillers=("BASE",)), "has no filler BASE, which this run learns"),
    "texts": (replace(CRAFT, text_labels=("raid",)), "has no text label raid, which this run learns"),
}


@pytest.mark.parametrize(("schema", "message"), OTHERS.values(), ids=OTHERS)
def test_a_teacher_of_other_labels_is_refused_with_the_first_that_differs(
    tiny_config: RunConfig, craft_teacher: Path, schema: Schema, message: str
) -> None:
    expected = rf"\[distill\] teacher: .*model: {message}.*name its schema.json under \[data\] schema, or another"
    with pytest.raises(ConfigError, match=expected):
        prepare(taught_by(tiny_config, craft_teacher), schema, DOCUMENTS, ())


def test_a_teacher_that_chooses_one_label_does_not_teach_to_choose_any(
    tiny_config: RunConfig, mood_teacher: Path
) -> None:
    with pytest.raises(ConfigError, match="gives each text exactly one of its labels, and this run does not"):
        prepare(taught_by(tiny_config, mood_teacher), replace(MOOD, one_text_label=False), DOCUMENTS, ())


def test_a_folder_that_holds_no_model_teaches_nothing(tiny_config: RunConfig, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"\[distill\] teacher: .*empty: holds no tocsin.json, so it is no finished"):
        prepare(taught_by(tiny_config, tmp_path / "empty"), CRAFT, DOCUMENTS, ())


def test_teachers_are_looked_for_beside_the_config_and_an_altered_one_is_refused(
    tiny_config: RunConfig, craft_teacher: Path, tmp_path: Path
) -> None:
    shutil.copytree(craft_teacher, tmp_path / "runs" / "a")
    config = replace(taught_by(tiny_config, Path("runs/a")), base=str(tmp_path))
    (teacher,) = prepare(config, CRAFT, DOCUMENTS, ()).teachers
    assert (teacher.name, teacher.weights) == ("runs/a", weights_hash(craft_teacher))
    (tmp_path / "runs" / "a" / "settings.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"\[distill\] teacher: .*settings.json: 2 bytes"):
        prepare(config, CRAFT, DOCUMENTS, ())


def test_dev_documents_that_a_teacher_was_trained_on_are_told(tiny_config: RunConfig, craft_teacher: Path) -> None:
    config = taught_by(tiny_config, craft_teacher)
    unseen = Document(Article("no raid .", id="new"))
    (told,) = seen_by_teachers(config, CRAFT, (*DOCUMENTS[:2], unseen))
    assert str(told) == (
        f"[distill] teacher {craft_teacher}: 2 of 3 dev documents have ids of texts it was trained on, roc for one: "
        "dev scores may be too good"
    )
    assert list(seen_by_teachers(config, CRAFT, (unseen,))) == []


class StopError(Exception):
    """Stands for whatever ends a run early."""


def stop(progress: Progress) -> None:
    if progress.step == 8:
        raise StopError


def test_a_resumed_run_ends_in_the_weights_of_an_uninterrupted_one_and_a_changed_teacher_is_refused(
    tiny_config: RunConfig, craft_teacher: Path, make: Callable[..., Path], tmp_path: Path
) -> None:
    shutil.copytree(craft_teacher, tmp_path / "teacher")
    config = taught_by(tiny_config, tmp_path / "teacher")
    config = replace(config, optim=replace(config.optim, epochs=4, checkpoint_every=1))

    def prepared() -> Run:
        return prepare(config, CRAFT, DOCUMENTS, ())

    whole = trained(prepared(), tmp_path / "whole").network.state_dict()
    with pytest.raises(StopError):
        trained(prepared(), tmp_path / "work", watch=stop)
    shutil.copytree(tmp_path / "work", tmp_path / "again")
    resumed = trained(prepared(), tmp_path / "work", resume=True).network.state_dict()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    shutil.rmtree(tmp_path / "teacher")
    shutil.copytree(make(CRAFT, 5), tmp_path / "teacher")
    with pytest.raises(ConfigError, match="left by a run with another config or other documents"):
        trained(prepared(), tmp_path / "again", resume=True)


def test_a_search_with_a_changed_teacher_is_another_search(
    tiny_config: RunConfig, craft_teacher: Path, make: Callable[..., Path], tmp_path: Path
) -> None:
    shutil.copytree(craft_teacher, tmp_path / "teacher")
    config = replace(taught_by(tiny_config, tmp_path / "teacher"), search={"distill.weight": (0.25, 0.5)})
    sets = Sets(CRAFT, DOCUMENTS[:2], DOCUMENTS[2:])
    places = {"out": tmp_path / "out", "work": tmp_path / "work"}
    assert [trial.config.distill.weight for trial in plan(config)] == [0.25, 0.5]
    begin(config, plan(config), sets, resume=False, **places)
    assert begin(config, plan(config), sets, resume=True, **places).outcomes == ()
    shutil.rmtree(tmp_path / "teacher")
    shutil.copytree(make(CRAFT, 5), tmp_path / "teacher")
    with pytest.raises(ConfigError, match="left by another search: other teachers"):
        begin(config, plan(config), sets, resume=True, **places)


def test_of_several_sets_only_the_runs_own_is_taught(
    tiny_config: RunConfig, craft_teacher: Path, tmp_path: Path
) -> None:
    labelled = [replace(d, labels=(TextLabel("raid"),)) for d in DOCUMENTS]
    other = JointSet("mood.toml", RunConfig(task="text", model=OTHER_WINDOWS), MOOD, labelled)
    config = taught_by(replace(tiny_config, joint=JointSettings(("mood.toml",))), craft_teacher, weight=1.0)
    run = prepare(config, CRAFT, DOCUMENTS, (), beside=(other,))
    assert run.rows.column_names == ["example", "length", "taught_tags", "taught_labels"]
    assert run.beside[0].rows.column_names == ["example", "length"]
    student = trained(run, tmp_path / "work")
    assert found(student) == found(load(craft_teacher))


def test_events_are_taught_by_a_model_of_events_and_the_model_tells_its_teachers(
    tiny_config: RunConfig, tiny_artifact: Path, tiny_documents: tuple[Document, ...], tmp_path: Path
) -> None:
    config = taught_by(tiny_config, tiny_artifact)
    run = prepare(replace(config, optim=replace(config.optim, epochs=2)), DEFAULT_SCHEMA, tiny_documents, ())
    finish(run, trained(run, tmp_path / "work"), tiny_documents, tmp_path / "model", seconds=0.0)
    record = json.loads((tmp_path / "model" / "run.json").read_text())["distill"]
    weights = weights_hash(tiny_artifact)
    assert record == {"weight": 0.5, "teachers": [{"model": str(tiny_artifact), "weights": weights}]}
    card = (tmp_path / "model" / "README.md").read_text()
    assert f"with a share of 0.5 of the loss: {tiny_artifact} (weights {weights[:12]});" in card
    assert "with the config below, the same teachers and the same articles" in card
    assert "distill" not in json.loads((tiny_artifact / "run.json").read_text())
    assert "teachers" not in (tiny_artifact / "README.md").read_text()


def test_a_cross_validation_with_teachers_is_refused(
    tiny_config: RunConfig, craft_teacher: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"\[distill\] teacher: .*may have been trained on it; take \[distill\] out"):
        crossval(
            taught_by(tiny_config, craft_teacher),
            CRAFT,
            DOCUMENTS,
            out=tmp_path / "out",
            learning_curve=False,
            watch=lambda number, n_folds, progress: None,
        )
    assert not (tmp_path / "out").exists()
