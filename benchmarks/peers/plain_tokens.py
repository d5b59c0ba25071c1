"""A plain Hugging Face fine-tune for token classification, after the recipe of the public examples: a peer of tocsin.

python benchmarks/peers/plain_tokens.py --data DIR [--seed 1] [--learning-rate 5e-5] [--epochs 3] [--batch 16]
    [--choose-on-dev] [--out FILE]        (re3d: a minute on two cores, five with tocsin's ten epochs)

The recipe: a linear layer on the encoder's last states, each word's label on its first subword and -100 elsewhere,
AdamW with one rate for all weights and linear decay, the best tag of each word by itself, the last epoch's weights.
With --choose-on-dev it is the epoch that is best on dev, as tocsin chooses. The encoder is tocsin's default one.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from tagged import Sentence, headline, leave, parser, read_sets
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)
from transformers.utils import logging as transformers_logging

from tocsin.model.encoder import DEFAULT_ENCODER, encoder_folder

MAX_TOKENS = 128  # what is beyond is cut off, as in the published runs this set is known from
BATCH = 32  # sentences tagged at once
IGNORED = -100  # the label of what has no part in the loss


class EachEpoch(TrainerCallback):
    """Says how far training is and, if asked to, tags the dev sentences after every epoch and keeps the best."""

    def __init__(self, dev: Sequence[Sentence], tagger: "Tagger", *, chooses: bool) -> None:
        self._dev = dev
        self._tagger = tagger
        self._chooses = chooses
        self.best: tuple[float, int, list[list[str]]] = (-1.0, 0, [])

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        epoch = round(state.epoch)
        if not self._chooses and epoch < args.num_train_epochs:
            print(f"epoch {epoch}", flush=True)
            return
        tags = self._tagger.tag(self._dev)
        score = headline(self._dev, tags)["entity_f1"]
        print(f"epoch {epoch}  dev {score:.3f}", flush=True)
        if score > self.best[0]:
            self.best = score, epoch, tags


class Tagger:
    """A model with its tokenizer and labels."""

    def __init__(self, model: Any, tokenizer: Any, labels: Sequence[str]) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._labels = labels
        self.collate = DataCollatorForTokenClassification(tokenizer)
        self.n_cut = 0  # words of the sentences tagged last that the model did not see

    def encode(self, sentence: Sentence) -> tuple[dict[str, Any], list[int | None]]:
        """The subwords of a sentence with their labels, and of each subword the word it is the first of."""
        words = list(sentence.words)
        encoded = self._tokenizer(words, is_split_into_words=True, truncation=True, max_length=MAX_TOKENS)
        of_words = encoded.word_ids()
        firsts = [
            word if word is not None and word != before else None
            for before, word in zip([None, *of_words], of_words, strict=False)
        ]
        # A tag that was not learned can only be on dev, where the labels of subwords are not looked at.
        number = {label: index for index, label in enumerate(self._labels)}
        labels = [IGNORED if word is None else number.get(sentence.tags[word], IGNORED) for word in firsts]
        return {
            "input_ids": encoded["input_ids"],
            "attention_mask": encoded["attention_mask"],
            "labels": labels,
        }, firsts

    @torch.no_grad()
    def tag(self, sentences: Sequence[Sentence]) -> list[list[str]]:
        """The tags of every word; O of those that were cut off."""
        self._model.eval()
        encoded = [self.encode(sentence) for sentence in sentences]
        tagged = [["O"] * len(sentence.words) for sentence in sentences]
        starts = range(0, len(encoded), BATCH)
        best = [tags for start in starts for tags in self._best([row for row, _ in encoded[start : start + BATCH]])]
        self.n_cut = 0
        for tags, row, (_, firsts) in zip(tagged, best, encoded, strict=True):
            seen = [(word, row[position]) for position, word in enumerate(firsts) if word is not None]
            self.n_cut += len(tags) - len(seen)
            for word, index in seen:
                tags[word] = self._labels[index]
        return tagged

    def _best(self, rows: list[dict[str, Any]]) -> list[list[int]]:
        """The best label's index for every subword of some sentences."""
        batch = self.collate(rows)
        logits = self._model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        best: list[list[int]] = logits.argmax(-1).tolist()
        return best


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--learning-rate", type=float, default=5e-5)
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--batch", type=int, default=16)
    options.add_argument("--choose-on-dev", action="store_true", help="take the best epoch, not the last")
    given = options.parse_args()
    transformers_logging.set_verbosity_error()
    logging.disable(logging.WARNING)  # that the head is new is what is meant
    train, dev = read_sets(given)
    labels = ["O", *sorted({tag for sentence in train for tag in sentence.tags} - {"O"})]
    set_seed(given.seed)
    tagger, model = _model(labels)
    epochs = EachEpoch(dev, tagger, chooses=given.choose_on_dev)
    with TemporaryDirectory(prefix="peer-") as folder:
        trainer = Trainer(
            model=model,
            args=_settings(given, folder),
            train_dataset=[tagger.encode(sentence)[0] for sentence in train],
            data_collator=tagger.collate,
            callbacks=[epochs],
        )
        trainer.train()
    _, best_epoch, tags = epochs.best
    record = {
        "best_epoch": best_epoch,
        "train": len(train),
        "dev": len(dev),
        "details": {"dev_words_cut_off": tagger.n_cut, "max_tokens": MAX_TOKENS},
    }
    leave(given.out, headline(dev, tags), record)


def _model(labels: Sequence[str]) -> tuple[Tagger, Any]:
    folder = encoder_folder(DEFAULT_ENCODER, base=Path())
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForTokenClassification.from_pretrained(
        folder, num_labels=len(labels), id2label=dict(enumerate(labels)), local_files_only=True,
    )  # fmt: skip
    return Tagger(model, tokenizer, labels), model


def _settings(given: Any, folder: str) -> TrainingArguments:
    return TrainingArguments(
        output_dir=folder,
        learning_rate=given.learning_rate,
        num_train_epochs=given.epochs,
        per_device_train_batch_size=given.batch,
        weight_decay=0.01,
        lr_scheduler_type="linear",
        seed=given.seed,
        save_strategy="no",
        logging_strategy="no",
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


if __name__ == "__main__":
    main()
