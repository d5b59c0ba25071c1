"""spaCy's own training of an entity recogniser from scratch, by its default settings for a CPU: a peer of tocsin.

python benchmarks/peers/spacy_ner.py --data DIR [--seed 1] [--out FILE]        (re3d: minutes on two cores)

The config is what `spacy init config --lang en --pipeline ner --optimize efficiency` writes, the training is
`spacy train`: word vectors are learned along (tok2vec), nothing is pretrained, and the best model on dev is kept.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tagged import Sentence, entities, headline, leave, parser, read_sets, tags_of


def main() -> None:
    given = parser(__doc__).parse_args()
    train, dev = read_sets(given)
    try:
        import spacy
        from spacy.cli.init_config import init_config
        from spacy.cli.train import train as spacy_train
    except ImportError as error:
        raise SystemExit(f"spaCy cannot be imported ({error}); run `pip install spacy` in this environment") from error
    with TemporaryDirectory(prefix="peer-") as name:
        folder = Path(name)
        config = init_config(lang="en", pipeline=["ner"], optimize="efficiency", gpu=False)
        config["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v3", "output_file": str(folder / "rows.jsonl")}
        config.to_disk(folder / "config.cfg")
        for part, sentences in (("train", train), ("dev", dev)):
            _docs(sentences, with_entities=True).to_disk(folder / f"{part}.spacy")
        files = {f"paths.{part}": str(folder / f"{part}.spacy") for part in ("train", "dev")}
        spacy_train(folder / "config.cfg", folder / "out", overrides={**files, "training.seed": given.seed})
        best = spacy.load(folder / "out" / "model-best")
        tagged = [_tags(best(doc)) for doc in _docs(dev, with_entities=False).get_docs(best.vocab)]
        epoch, n_rows = _best_epoch(folder / "rows.jsonl")
    record = {
        "best_epoch": epoch,
        "train": len(train),
        "dev": len(dev),
        "details": {"settings": "spacy init config --lang en --pipeline ner --optimize efficiency", "scored": n_rows},
    }
    leave(given.out, headline(dev, tagged), record)


def _best_epoch(log: Path) -> tuple[int | None, int]:
    """The epoch of the best score in spaCy's log of its evaluations, and how many of these there were."""
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return max(rows, key=lambda row: row["score"], default={"epoch": None})["epoch"], len(rows)


def _docs(sentences: Sequence[Sentence], *, with_entities: bool) -> Any:
    """A document for each sentence, in spaCy's own format, its words as they stand in the file."""
    import spacy
    from spacy.tokens import Doc, DocBin, Span

    vocab = spacy.blank("en").vocab
    found = DocBin(store_user_data=True)
    for sentence in sentences:
        doc = Doc(vocab, words=list(sentence.words))
        spans = entities(sentence.tags) if with_entities else []
        doc.ents = [Span(doc, start, end, label=label) for start, end, label in spans]
        found.add(doc)
    return found


def _tags(doc: Any) -> list[str]:
    return tags_of(len(doc), [(span.start, span.end, span.label_) for span in doc.ents])


if __name__ == "__main__":
    main()
