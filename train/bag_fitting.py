"""A bag of words learned from labelled texts, by scikit-learn."""

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tocsin.data.errors import DataError
from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.bag_of_words import BagOfWords, terms_of

LEAST_TEXTS = 2  # that a word stands in
STRENGTH = 10.0  # the inverse of the penalty of large weights; between 3 and 100 it made little difference


def fit_bag(documents: Sequence[Document], schema: Schema) -> BagOfWords:
    """The bag of words of the documents whose labels are known; rare labels weigh as much as the rest of texts.

    Raises:
        DataError: no word stands in two of them.
    """
    chosen = [[label.name for label in document.labels] for document in documents if document.labels is not None]
    vectorizer = TfidfVectorizer(analyzer=terms_of, min_df=LEAST_TEXTS, sublinear_tf=True)
    try:
        # Not a list: there may be more documents than fit into memory.
        features = vectorizer.fit_transform(d.article.text for d in documents if d.labels is not None)
    except ValueError as error:
        raise DataError(
            f"[model] bag_of_words: no word stands in {LEAST_TEXTS} of the {len(chosen)} texts with known labels; "
            "give more of them, or take the key out"
        ) from error
    names = schema.text_labels
    if schema.one_text_label:
        weights, bias = _exclusive(features, np.array([names.index(own) for (own,) in chosen]), len(names))
    else:
        answers = np.array([[name in own for name in names] for own in chosen])
        columns = [_single(features, answers[:, place]) for place in range(len(names))]
        weights, bias = np.stack([own for own, _ in columns], axis=1), np.array([own for _, own in columns])
    return BagOfWords(
        terms=tuple(map(str, vectorizer.get_feature_names_out())),
        idf=torch.tensor(vectorizer.idf_, dtype=torch.float32),
        weights=torch.tensor(weights, dtype=torch.float32),
        bias=torch.tensor(bias, dtype=torch.float32),
    )


def _single(features: Any, answers: Any) -> tuple[Any, float]:
    """The weights (terms,) and the bias of one label; a label of all texts or of none is learned as its odds alone."""
    n_with, n = int(answers.sum()), len(answers)
    if n_with in (0, n):
        return np.zeros(features.shape[1]), log((n_with + 0.5) / (n - n_with + 0.5))
    fitted = _fitted(features, answers)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _exclusive(features: Any, answers: Any, n_labels: int) -> tuple[Any, Any]:
    """The weights (terms, labels) and biases (labels,) of labels of which each text has one."""
    weights, bias = np.zeros((features.shape[1], n_labels)), np.full(n_labels, log(0.5 / (len(answers) + 0.5)))
    seen = np.unique(answers)
    if len(seen) == 1:
        bias[seen] = -bias[seen]
        return weights, bias
    fitted = _fitted(features, answers)
    if len(seen) == 2:  # one column tells them apart
        halves = np.concatenate([-fitted.coef_, fitted.coef_]) / 2, np.array([-1, 1]) * fitted.intercept_ / 2
    else:
        halves = fitted.coef_, fitted.intercept_
    weights[:, seen], bias[seen] = halves[0].T, halves[1]
    return weights, bias


def _fitted(features: Any, answers: Any) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000).fit(features, answers)
