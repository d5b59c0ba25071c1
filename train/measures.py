"""The numbers of a headline: which of them a schema has, and the sums over documents that each follows from.

A measure is the mean of some ratios, those whose whole is 0 left out: a micro-averaged F1 is one ratio, a macro average
one for each label. Parts and wholes add up over documents, so a measure of a set, or of a resample of it, is that of
the sums.
"""

from tocsin.data.schema import Schema
from tocsin.train.counts import Counts, mean

Ratio = tuple[float, float]  # part and whole, both of them sums over documents
Ratios = tuple[Ratio, ...]

ENTITY_MEASURES = ("entity_f1", "entity_overlap_f1")
EVENT_MEASURES = (*ENTITY_MEASURES, "trigger_f1", "argument_f1", "attribute_accuracy", "incident_f1")
MEASURES = (
    *EVENT_MEASURES, "example_f1", "label_f1", "label_macro_f1", "label_accuracy", "filler_f1", "template_f1",
)  # fmt: skip

MICRO = {  # the tally whose counts, all labels together, a measure is the F1 of
    "entity_f1": "entities",
    "entity_overlap_f1": "entity_overlap",
    "trigger_f1": "triggers",
    "argument_f1": "arguments",
    "attribute_accuracy": "attributes",
    "incident_f1": "incidents",
    "label_f1": "labels",
    "filler_f1": "fillers",
    "template_f1": "templates",
}


def value(ratios: Ratios) -> float:
    """The mean of the ratios that are defined; nan if none is.

    >>> value(((1.0, 2.0), (0.0, 0.0), (4.0, 4.0)))
    0.75
    """
    return mean([part / whole for part, whole in ratios if whole])


def f1_ratio(counts: Counts) -> Ratio:
    """What an F1 is the quotient of.

    >>> f1_ratio(Counts(n_matched=1, n_predicted=2, n_gold=1))
    (2.0, 3.0)
    """
    return 2.0 * counts.n_matched, float(counts.n_predicted + counts.n_gold)


def measures_of(schema: Schema) -> tuple[str, ...]:
    """The names of the headline's numbers, the primary one of a task first.

    Data with events have all six of the guidelines, whatever of them the schema leaves without labels.
    """
    of_spans = EVENT_MEASURES if schema.event_types else ENTITY_MEASURES if plain_labels(schema) else ()
    of_fillers = ("filler_f1",) if schema.fillers else ()
    of_templates = ("template_f1",) if schema.template_types else ()
    return (*of_spans, *text_measures(schema), *of_fillers, *of_templates)


def main_measures(schema: Schema) -> tuple[tuple[str, ...], ...]:
    """By which a task is judged: some of the headline for spans, for labels of texts, and for fillers, if it has them.

    The first of all is the primary one. Labels of texts have one: of several labels, any number of them to a text, the
    example-based F1; of one label to a text the macro-averaged F1 of the classes that occur in gold or prediction; of
    a single label, which a text has or has not, its F1. Mentions of fillers are not judged as entities.

    >>> main_measures(Schema(entity_labels=("BASE",), text_labels=("raid", "claim")))
    (('entity_f1',), ('example_f1',))
    """
    of_spans = ("entity_f1",) if schema.event_types or plain_labels(schema) else ()
    of_events = ("trigger_f1", "argument_f1") if schema.event_types else ()
    of_fillers = ("filler_f1",) if schema.fillers else ()
    of_templates = ("template_f1",) if schema.fillers and schema.template_types else ()
    return tuple(filter(None, ((*of_spans, *of_events), text_measures(schema)[:1], (*of_fillers, *of_templates))))


def text_measures(schema: Schema) -> tuple[str, ...]:
    """Those of the labels of a text, the primary one first; none where the schema has no such labels."""
    if not schema.text_labels:
        return ()
    if schema.one_text_label:
        return "label_macro_f1", "label_accuracy"
    if len(schema.text_labels) == 1:
        return ("label_f1",)
    return "example_f1", "label_f1", "label_macro_f1"


def plain_labels(schema: Schema) -> tuple[str, ...]:
    """Labels of entities that are scored one by one: a mention of a filler is scored with its filler only."""
    return tuple(label for label in schema.entity_labels if label not in schema.fillers)
