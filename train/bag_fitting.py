"""A bag of words learned from labelled texts, by scikit-learn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tocsin.data.schema import Schema
from tocsin.data.types import Document
from tocsin.model.bag_of_words import BagOfWords, terms_of

LEAST_TEXTS = 2  # that a word stands in
STRENGTH = 10.0  # the inverse of the penalty of large weights; between 3 and 100 it made little difference


def fit_bag(documents: Sequence[Document], schema: Schema) -> BagOfWords:
    """The bag of words of the documents whose labels are known; rare labels weigh as much as the rest of texts.

    It holds the words' counts of all of them at once. Of too few texts for any word to recur it knows no words, and
    says how frequent each label is.
    """
    names = schema.text_labels
    chosen = [{label.name for label in document.labels} for document in documents if document.labels is not None]
    answers = np.array([[name in own for name in names] for own in chosen], dtype=bool).reshape(-1, len(names))
    vectorizer = TfidfVectorizer(analyzer=terms_of, min_df=LEAST_TEXTS, sublinear_tf=True)
    try:
        features = vectorizer.fit_transform(d.article.text for d in documents if d.labels is not None)
    except ValueError:  # no word stands in so many texts
        return _bag((), np.zeros(0), np.zeros((0, len(names))), _odds(answers))
    weights, bias = _exclusive(features, answers) if schema.one_text_label else _free(features, answers)
    return _bag(tuple(map(str, vectorizer.get_feature_names_out())), vectorizer.idf_, weights, bias)


def _bag(terms: tuple[str, ...], *numbers: Any) -> BagOfWords:
    return BagOfWords(terms, *(torch.tensor(each, dtype=torch.float32) for each in numbers))


def _odds(answers: Any) -> Any:
    """The log-odds of each label, (labels,), whatever a text says; of bool (texts, labels)."""
    n_with = answers.sum(axis=0)
    return np.log((n_with + 0.5) / (len(answers) - n_with + 0.5))


def _free(features: Any, answers: Any) -> tuple[Any, Any]:
    """The weights (terms, labels) and biases (labels,) where a text has any number of labels."""
    weights, bias = np.zeros((features.shape[1], answers.shape[1])), _odds(answers)
    for label, column in enumerate(answers.T):
        if 0 < column.sum() < len(column):  # a label of all texts or of none has nothing to go by
            fitted = _fitted(features, column)
            weights[:, label], bias[label] = fitted.coef_[0], fitted.intercept_[0]
    return weights, bias


def _exclusive(features: Any, answers: Any) -> tuple[Any, Any]:
    """The same where a text has exactly one."""
    weights, bias = np.zeros((features.shape[1], answers.shape[1])), _odds(answers)
    seen = np.flatnonzero(answers.any(axis=0))
    if len(seen) > 1:
        fitted = _fitted(features, answers.argmax(axis=1))
        # Two labels have one column between them.
        sides = np.array([[-0.5], [0.5]]) if len(seen) == 2 else np.eye(len(seen))
        weights[:, seen], bias[seen] = (sides @ fitted.coef_).T, sides @ fitted.intercept_
    return weights, bias


def _fitted(features: Any, answers: Any) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000).fit(features, answers)
