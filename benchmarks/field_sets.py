"""What `field.py` runs: the field's public data sets, what is measured on each, what others reach, and the peers.

Targets are ours, for the mean of three seeds on the dev split. Published figures are others', on the test split.
"""

from dataclasses import dataclass, replace
from typing import Literal

ORIGIN = """\
The data sets are others', and none of them is in this repository. In one folder, with these names, there should be:
  re3d/{train,dev}.txt, cameo_ner/train.txt, cameo_class/train.tsv, and {train,dev}.tsv in satp_relevant, insightCrime,
  IndiaPoliceEvents_docs, IndiaPoliceEvents_sents and BBC_News: the folder data of https://github.com/eventdata/ConfliBERT
  muc4/templates_{train,dev}.jsonl: those of https://github.com/xinyadu/gtt, a JSON object a line"""

RERUN = "ConfliBERT 110M {}, ModernBERT-base 149M {}, best of that repository {}"  # aunabilChakmaArizona/ConfliBERT-v2


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a data set."""

    key: str  # under which a record's figures have it
    name: str
    target: float | None = None  # on dev, for the mean of three seeds
    published: str = ""  # on test, by others


@dataclass(frozen=True, slots=True)
class Peer:
    """Another system, trained and scored by a script of ours beside the same data."""

    script: str  # in `peers`
    title: str
    rates: Literal["its own", "ours"]  # learning rate, epochs and batch: the public recipe's, or those of our config


@dataclass(frozen=True, slots=True)
class Entry:
    """What is run once with each seed."""

    name: str
    config: str  # in configs/benchmarks, without .toml; of a peer that of the same data
    measures: tuple[Measure, ...]
    seconds: int  # a rough guess for two cores, until a run is finished: cheap entries go first
    peer: Peer | None = None


RE3D = (
    Measure("entity_f1", "entity micro-F1", 0.73, RERUN.format("0.684±0.015", "0.685±0.016", "0.695±0.010")),
    Measure("entity_macro_f1", "entity macro-F1", None, "ConfliBERT 110M 0.562"),
)
ENTRIES = (
    Entry("re3d", "re3d", RE3D, 300),
    Entry("re3d_mpnet", "re3d_mpnet", tuple(replace(measure, target=None) for measure in RE3D), 1800),
    Entry(
        "cameo_ner", "cameo_ner",
        (
            Measure("entity_f1", "entity micro-F1", 0.74, RERUN.format("0.740±0.011", "0.730±0.008", "0.752")),
            Measure("entity_macro_f1", "entity macro-F1"),
        ),
        400,
    ),
    Entry(
        "cameo_class", "cameo_class",
        (Measure("label_macro_f1", "macro-F1", 0.88, RERUN.format("0.895±0.004", "0.870±0.010", "0.895")),),
        200,
    ),
    Entry(
        "satp_relevant", "satp_relevant",
        (Measure("example_f1", "example-based F1", 0.89, RERUN.format("0.894±0.010", "0.872±0.012", "0.894")),),
        500,
    ),
    Entry(
        "insight_crime", "insight_crime",
        (Measure("example_f1", "example-based F1", 0.69, RERUN.format("0.682±0.005", "0.696±0.005", "0.696")),),
        2000,
    ),
    Entry(
        "india_police_docs", "india_police_docs",
        (Measure("example_f1", "example-based F1", 0.70, RERUN.format("0.708±0.027", "0.631±0.033", "0.708")),),
        1300,
    ),
    Entry(
        "india_police_sents", "india_police_sents",
        (Measure("example_f1", "example-based F1", 0.67, RERUN.format("0.661±0.007", "0.666±0.009", "0.686")),),
        1500,
    ),
    Entry(
        "bbc_news", "bbc_news",
        (Measure("label_f1", "F1 of the positive class", 0.97, RERUN.format("0.981", "0.978", "0.981")),),
        2000,
    ),
    Entry(
        "muc4", "muc4",
        (
            Measure(
                "filler_f1", "role fillers, CEAF-REE F1", 0.56,
                "GRIT (BERT-base) 0.545, TempGen (BART-large) 0.578",
            ),
            Measure(
                "template_f1", "templates, F1", 0.50,
                "GTT (BERT-base) 0.502, IterX (T5-large) 0.530",
            ),
        ),
        3600,
    ),
    Entry(
        "peer-plain_tokens", "re3d", RE3D, 90,
        Peer("plain_tokens.py", "plain Hugging Face fine-tune, rate and epochs of the public recipe", "its own"),
    ),
    Entry(
        "peer-plain_tokens_tuned", "re3d", RE3D, 290,
        Peer("plain_tokens.py", "plain Hugging Face fine-tune, rate, epochs and batch as tocsin's", "ours"),
    ),
    Entry(
        "peer-spacy_ner", "re3d", RE3D, 700,
        Peer("spacy_ner.py", "spaCy's train, tok2vec and NER from scratch", "its own"),
    ),
)  # fmt: skip
