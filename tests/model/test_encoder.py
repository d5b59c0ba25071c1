"""Encoders of every family come from disk, read text whole, and are refused with a reason where they cannot serve."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from tocsin.data.errors import ConfigError
from tocsin.data.schema import DEFAULT_SCHEMA
from tocsin.data.types import Article
from tocsin.model.artifact import Record, load, save
from tocsin.model.batches import join
from tocsin.model.encoder import DEFAULT_ENCODER, encoder_folder, encoder_hash, load_encoder
from tocsin.model.network import Network
from tocsin.model.passages import Reader
from tocsin.model.prediction import Model
from tocsin.model.settings import ModelSettings
from tocsin.model.shapes import SHAPES, shape

SIZES = {
    "vocab_size": 160,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 66,
}
DEBERTA_V3 = {
    "relative_attention": True,
    "position_buckets": 16,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
    "pos_att_type": ["p2c", "c2p"],
    "position_biased_input": False,
    "type_vocab_size": 0,
}
FAMILIES: dict[str, Callable[[], Any]] = {
    "bert": lambda: transformers.BertConfig(**SIZES),
    "roberta": lambda: transformers.RobertaConfig(**SIZES),
    "distilbert": lambda: transformers.DistilBertConfig(
        vocab_size=160, dim=32, n_layers=2, n_heads=2, hidden_dim=64, max_position_embeddings=66
    ),
    "electra": lambda: transformers.ElectraConfig(embedding_size=16, **SIZES),
    "deberta-v3": lambda: transformers.DebertaV2Config(**DEBERTA_V3, **SIZES),
    "modernbert": lambda: transformers.ModernBertConfig(
        pad_token_id=0, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3, **SIZES
    ),
    "mpnet": lambda: transformers.MPNetConfig(**SIZES),
    "xlm-roberta": lambda: transformers.XLMRobertaConfig(**SIZES),
}
every_family = pytest.mark.parametrize("family", FAMILIES)
SETTINGS = ModelSettings(max_tokens=64, overlap=8)
TEXT = "On Tuesday two drones hit Camp Vale.\n\nThree soldiers were wounded. No one was hurt."


def write_encoder(folder: Path, config: Any, tokenizer: Path) -> str:
    """A folder with a model of random weights, and the tokenizer files of another."""
    torch.manual_seed(0)
    transformers.AutoModel.from_config(config).save_pretrained(folder)
    for path in tokenizer.glob("tokenizer*.json"):
        shutil.copy(path, folder)
    return str(folder)


@pytest.fixture
def bert(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny encoder, to be spoilt."""
    return shutil.copytree(tiny_encoder, tmp_path / "bert")


def edit(path: Path, **keys: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **keys}), encoding="utf-8")


@pytest.mark.parametrize("name", ["google/electra-base-discriminator", "no-such-encoder"])
def test_what_is_no_folder_is_a_name(name: str, tmp_path: Path) -> None:
    assert encoder_folder(name, base=tmp_path) == name


def test_a_folder_is_looked_for_beside_the_config(tiny_encoder: Path) -> None:
    assert encoder_folder(tiny_encoder.name, base=tiny_encoder.parent) == str(tiny_encoder)


def test_an_encoder_is_told_by_what_is_in_its_files(bert: Path, tiny_encoder: Path) -> None:
    ours, theirs = (encoder_hash(str(folder), base=Path()) for folder in (bert, tiny_encoder))
    assert ours == theirs != ""
    (bert / "README.md").write_text("words about it")
    assert encoder_hash("bert", base=bert.parent) == ours
    edit(bert / "tokenizer_config.json", do_lower_case="no")
    assert encoder_hash(str(bert), base=Path()) != ours


def test_a_packaged_encoder_is_told_by_its_name(tmp_path: Path) -> None:
    assert encoder_hash(DEFAULT_ENCODER, base=tmp_path) == ""


def test_the_default_encoder_is_one_that_can_be_loaded() -> None:
    encoder, tokenizer = load_encoder(encoder_folder(DEFAULT_ENCODER, base=Path()))
    assert (encoder.config.hidden_size, len(tokenizer)) == (384, 30522)


@every_family
def test_every_weight_that_is_trained_has_a_gradient(family: str, tiny_encoder: Path, tmp_path: Path) -> None:
    encoder, tokenizer = load_encoder(write_encoder(tmp_path, FAMILIES[family](), tiny_encoder))
    batch = join(list(Reader(tokenizer, SETTINGS).passages(TEXT)))
    hidden = encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    hidden.pow(3).sum().backward()
    trained = {name: weight for name, weight in encoder.named_parameters() if weight.requires_grad}
    assert [name for name, weight in trained.items() if weight.grad is None] == []
    assert not [name for name in trained if "pooler" in name]


@every_family
def test_a_window_is_read_alike_alone_and_beside_a_longer_one(family: str, tiny_encoder: Path, tmp_path: Path) -> None:
    encoder, tokenizer = load_encoder(write_encoder(tmp_path, FAMILIES[family](), tiny_encoder))
    reader = Reader(tokenizer, SETTINGS)
    short, long = next(reader.passages("two drones hit camp vale")), next(reader.passages(TEXT))
    with torch.no_grad():
        alone, beside = (
            encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state[0]
            for batch in (join([short]), join([short, long]))
        )
    assert len(beside) > len(alone)
    torch.testing.assert_close(beside[: len(alone)], alone, rtol=0.0, atol=1e-5)


@every_family
def test_a_model_on_any_encoder_comes_back_from_disk_as_it_was(family: str, tiny_encoder: Path, tmp_path: Path) -> None:
    encoder, tokenizer = load_encoder(write_encoder(tmp_path / "encoder", FAMILIES[family](), tiny_encoder))
    model = Model(Network(encoder, DEFAULT_SCHEMA, SETTINGS).eval(), tokenizer, DEFAULT_SCHEMA, SETTINGS)
    save(tmp_path / "model", model, Record({}, {}, "a card"))
    article = Article(TEXT)
    assert load(tmp_path / "model").predict(article) == model.predict(article)


@pytest.fixture
def network_calls() -> Iterator[list[str]]:
    """What is asked of the network while a test runs."""
    calls: list[str] = []
    watched = [True]  # a hook cannot be taken off again

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if watched[0] and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
            calls.append(f"{event} {arguments}")

    sys.addaudithook(hook)
    yield calls
    watched[0] = False


def test_a_name_that_is_not_on_this_machine_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, network_calls: list[str]
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(ConfigError, match="Nothing is fetched while training: run `hf download some/encoder --local-d"):
        load_encoder(encoder_folder("some/encoder", base=Path()))
    assert network_calls == []


def test_a_folder_is_loaded_without_the_network(
    tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch, network_calls: list[str]
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    load_encoder(str(tiny_encoder))
    assert network_calls == []


def test_a_name_is_looked_up_in_the_hugging_face_cache(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network_calls: list[str]
) -> None:
    shutil.copytree(tiny_encoder, tmp_path / "models--some--encoder" / "snapshots" / "f00d")
    (tmp_path / "models--some--encoder" / "refs").mkdir()
    (tmp_path / "models--some--encoder" / "refs" / "main").write_text("f00d")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    encoder, _ = load_encoder(encoder_folder("some/encoder", base=tmp_path))
    assert encoder.config.hidden_size == 32
    assert network_calls == []


def test_a_path_that_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder; expected one, from the config file's own folder on"):
        load_encoder(encoder_folder("../no/such/folder", base=tmp_path))


def test_a_trained_model_is_no_encoder_but_can_be_started_from(tiny_artifact: Path) -> None:
    with pytest.raises(ConfigError, match=rf'is a model that tocsin trained.*\[init\] from = "{tiny_artifact}"'):
        load_encoder(str(tiny_artifact))


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"holds no config\.json"):
        load_encoder(str(tmp_path))


def test_pickled_weights_are_refused_and_the_way_out_is_told(bert: Path) -> None:
    (bert / "model.safetensors").rename(bert / "pytorch_model.bin")
    with pytest.raises(ConfigError, match=r"a pickle, which can run code .*convert it once: python -c .*save_pretrain"):
        load_encoder(str(bert))


@pytest.mark.parametrize(
    ("name", "message"),
    [("model.safetensors", "holds no weights"), ("tokenizer.json", "holds no tokenizer; expected tokenizer.json")],
)
def test_a_file_that_was_not_fetched_is_told(bert: Path, name: str, message: str) -> None:
    (bert / name).unlink()
    with pytest.raises(ConfigError, match=message):
        load_encoder(str(bert))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model_type": "bert", "hidden_size": "x"}'])
def test_damaged_files_are_told(bert: Path, name: str, content: str) -> None:
    (bert / name).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"cannot be loaded \("):
        load_encoder(str(bert))


def test_a_model_with_code_of_its_own_is_refused_without_a_question(bert: Path) -> None:
    edit(bert / "config.json", model_type="own", auto_map={"AutoConfig": "own.Config", "AutoModel": "own.Model"})
    with pytest.raises(ConfigError, match="custom code"):
        load_encoder(str(bert))


def test_weights_that_would_start_at_random_are_told(bert: Path) -> None:
    edit(bert / "config.json", num_hidden_layers=3)
    with pytest.raises(ConfigError, match=r"its file lacks 16 of the weights .*, encoder\.layer\.2\..* at random"):
        load_encoder(str(bert))


def test_a_missing_pooler_is_no_fault(bert: Path) -> None:
    weights = load_file(bert / "model.safetensors")
    kept = {name: weight for name, weight in weights.items() if not name.startswith("pooler.")}
    save_file(kept, bert / "model.safetensors", metadata={"format": "pt"})
    assert len(kept) < len(weights)
    assert load_encoder(str(bert))


def test_a_tokenizer_without_offsets_is_told(bert: Path) -> None:
    edit(bert / "tokenizer_config.json", tokenizer_class="CanineTokenizer")
    with pytest.raises(ConfigError, match="gives no character offsets; expected a fast tokenizer"):
        load_encoder(str(bert))


def test_a_tokenizer_of_a_larger_model_is_told(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = write_encoder(tmp_path, transformers.BertConfig(**{**SIZES, "vocab_size": 50}), tiny_encoder)
    with pytest.raises(ConfigError, match=r"its tokenizer has \d+ tokens, the model 50 .* give it the"):
        load_encoder(folder)


def test_a_mask_that_the_tokenizer_adds_is_no_fault(bert: Path) -> None:
    edit(bert / "tokenizer_config.json", mask_token="[MASK]")
    encoder, tokenizer = load_encoder(str(bert))
    assert tokenizer.mask_token_id == encoder.config.vocab_size


OTHERS: dict[str, Callable[[], Any]] = {
    "each of its tokens sees only those before it.*GPT2Model": lambda: transformers.GPT2Config(
        vocab_size=160, n_embd=32, n_layer=2, n_head=2, n_positions=64
    ),
    "each of its tokens sees only those before it.*LlamaModel": lambda: transformers.LlamaConfig(**SIZES),
    "each of its tokens sees only those before it.*BertModel": lambda: transformers.BertConfig(
        is_decoder=True, **SIZES
    ),
    "is an encoder with a decoder.*T5Model": lambda: transformers.T5Config(
        vocab_size=160, d_model=32, d_kv=16, d_ff=64, num_layers=2, num_heads=2
    ),
    "is an encoder with a decoder.*BartModel": lambda: transformers.BartConfig(
        vocab_size=160,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
    ),
    "does not read text.*ViTModel": lambda: transformers.ViTConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64, image_size=32
    ),
}


@pytest.mark.parametrize("message", OTHERS)
def test_a_model_that_is_no_encoder_is_told(message: str, tiny_encoder: Path, tmp_path: Path) -> None:
    folder = write_encoder(tmp_path, OTHERS[message](), tiny_encoder)
    with pytest.raises(ConfigError, match=message):
        load_encoder(folder)


@pytest.mark.parametrize("word", ["Harir", "US", "A", "al", "2024", "F16", "McCain", ",", "é", "Ł"])
def test_every_word_has_a_shape(word: str) -> None:
    assert 0 <= shape(word) < len(SHAPES)
