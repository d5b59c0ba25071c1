"""Small real things for the tests: an encoder with random weights, a schema, documents, a trained model."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import hypothesis
import pytest
import torch

from tocsin.data.gazetteers.cities import open_cities
from tocsin.data.incidents import build_incidents
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Argument, Article, Document, Event, Span
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings
from tocsin.train.config import DataSettings, OptimSettings, RunConfig
from tocsin.train.finish import finish
from tocsin.train.preparation import prepare
from tocsin.train.training import train

# How long an example takes is for benchmarks to say: a busy machine makes no test fail.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# The networks of the tests are too small for two threads to be worth their quarrel.
torch.set_num_threads(1)

WORDS = (
    "on tuesday two drones hit camp vale in norland the red brigade said it fired rockets at fort dane "
    "northern army denied any attack near port sund last night three soldiers were wounded and a raid failed "
    "no one was hurt monday strike targeted struck . , \" ' ( )"
).split()


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a BERT of two narrow layers, random weights, and a word-piece tokenizer of a few words."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)] + [str(digit) for digit in range(10)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + letter for letter in letters)]
    vocabulary += [word for word in dict.fromkeys(WORDS) if word not in vocabulary]
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def annotated(
    article: Article, entities: dict[str, str], events: list[tuple[str, dict[str, str], dict[str, str], str]]
) -> Document:
    """A document from surfaces that occur once in its text.

    Args:
        article: the text.
        entities: label by surface.
        events: trigger surface, role by entity surface, attributes, incident id.
    """
    spans = {surface: _span(article, surface, label) for surface, label in entities.items()}
    mentions = tuple(
        Event(
            trigger=_span(article, trigger, "ATTACK"),
            arguments=tuple(Argument(role, spans[surface]) for surface, role in roles.items()),
            attributes=attributes,
            incident=incident,
        )
        for trigger, roles, attributes, incident in events
    )
    ordered = tuple(sorted(spans.values(), key=lambda span: span.start))
    return Document(article, ordered, mentions, build_incidents(article, mentions, DEFAULT_SCHEMA))


def _span(article: Article, surface: str, label: str) -> Span:
    assert article.text.count(surface) == 1, surface
    start = article.text.index(surface)
    attributes = {"harm": "wounded", "min": 3, "max": 3} if label == "CASUALTY" else {}
    return Span(start, start + len(surface), label, attributes=attributes)


REPORTED_HIT = {"status": "reported", "scope": "single", "outcome": "hit"}
CLAIMED = {"status": "claimed", "scope": "single", "outcome": "unknown"}


@pytest.fixture(scope="session", autouse=True)
def _few_cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An index of two cities instead of the one of all, which takes a quarter of a minute to build on a new machine."""
    cities = [
        {"geonameid": 95446, "name": "Erbil", "countrycode": "IQ", "admin1code": "11"},
        {"geonameid": 98182, "name": "Baghdad", "countrycode": "IQ", "admin1code": "07"},
    ]
    rest = {"latitude": 33.3, "longitude": 44.4, "population": 900_000, "alternatenames": []}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOCSIN_CACHE", str(tmp_path_factory.mktemp("cache")))
        open_cities(lambda: [{**city, **rest} for city in cities]).close()
        yield


@pytest.fixture(scope="session")
def annotate() -> Callable[..., Document]:
    """`annotated`, for the tests, which cannot import it from here."""
    return annotated


@pytest.fixture(scope="session")
def tiny_documents() -> tuple[Document, ...]:
    """Two invented articles with two incidents in all."""
    first = Article(
        "On Tuesday two drones hit Camp Vale in Norland. Three soldiers were wounded in the raid.",
        id="first",
        published=date(2024, 5, 2),
    )
    second = Article(
        "The Red Brigade said it fired rockets at Fort Dane on Monday. The Northern Army denied any attack.",
        id="second",
        published=date(2024, 5, 8),
    )
    return (
        annotated(
            first,
            {
                "Tuesday": "DATE",
                "drones": "WEAPON",
                "Camp Vale": "BASE",
                "Norland": "LOCATION",
                "Three soldiers": "CASUALTY",
            },
            [
                (
                    "hit",
                    {"Tuesday": "date", "drones": "weapon", "Camp Vale": "target", "Norland": "place"},
                    REPORTED_HIT,
                    "I1",
                ),
                ("raid", {"Three soldiers": "casualty"}, REPORTED_HIT, "I1"),
            ],
        ),
        annotated(
            second,
            {
                "Red Brigade": "ACTOR",
                "rockets": "WEAPON",
                "Fort Dane": "BASE",
                "Monday": "DATE",
                "Northern Army": "ACTOR",
            },
            [
                (
                    "fired",
                    {"Red Brigade": "attacker", "rockets": "weapon", "Fort Dane": "target", "Monday": "date"},
                    CLAIMED,
                    "I1",
                ),
                ("attack", {"Northern Army": "source"}, {**CLAIMED, "status": "denied"}, "I2"),
            ],
        ),
    )


@pytest.fixture(scope="session")
def tiny_config(tiny_encoder: Path) -> RunConfig:
    """Trains the tiny encoder until it knows two articles by heart, in seconds."""
    return RunConfig(
        encoder=str(tiny_encoder),
        data=DataSettings(train=("unused.jsonl",)),
        model=ModelSettings(max_tokens=24, overlap=6, pair_width=32, dropout=0.0),
        optim=OptimSettings(epochs=60, learning_rate=3e-3, head_learning_rate=1e-2, checkpoint_every=20),
    )


@pytest.fixture(scope="session")
def tiny_model(
    tiny_config: RunConfig, tiny_documents: tuple[Document, ...], tmp_path_factory: pytest.TempPathFactory
) -> Model:
    run = prepare(tiny_config, DEFAULT_SCHEMA, tiny_documents, ())
    work = tmp_path_factory.mktemp("run") / "work"
    return train(run, work=work, resume=False, watch=lambda progress: None)


@pytest.fixture(scope="session")
def tiny_artifact(
    tiny_model: Model,
    tiny_config: RunConfig,
    tiny_documents: tuple[Document, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with the tiny model, as `tocsin train` would leave it."""
    run = prepare(tiny_config, DEFAULT_SCHEMA, tiny_documents, ())
    folder = tmp_path_factory.mktemp("artifact") / "tiny"
    finish(run, tiny_model, tiny_documents, folder, seconds=1.0)
    return folder
