"""What a report says in words, and the rows its tables share: each number is one of the record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tocsin.data.listing import first_of
from tocsin.tables import counted, measure, ratio

FEW = 20  # gold examples below which a label's figures are marked; articles below which intervals are doubted
TARGETS = (0.8, 0.9, 0.95)  # precisions for which the report names the score to cut at
WIDE = 0.2  # from the lower to the upper end of an interval
N_NAMED = 6  # labels that are listed by name

_RULES = {  # by the layers that have them
    "Spans, triggers and arguments count as right only if offsets and label are those of gold; “overlap” measures also "
    "count spans that share characters.": {"entities", "triggers", "arguments", "attributes", "incidents"},
    "Labels are those of a whole text; “example F1” is the mean over the articles of each one's own F1, those without "
    "any label on either side left out, “macro” the mean over the labels that occur.": {"labels"},
    "A filler counts as right if its mentions are among those of one gold filler of its role, one to one (CEAF-REE).": {
        "fillers"
    },
    "Templates are paired within their type so that the most slots are right; the rest of a template counts as wrong "
    "or missed.": {"templates"},
}

_NOT_FITTED: Mapping[str, Any] = {
    **dict.fromkeys(("temperature", "bias", "ece_after", "brier_after", "article_gap_after")),
    **dict.fromkeys(("after", "steps", "targets"), ()),
}

THIS, OTHER = "this model", "other model"


def in_short(record: Mapping[str, Any]) -> list[str]:
    """Sentences for who reads no further: what is good, what is not, what it costs, how sure all that is."""
    if not is_measured(record):
        nothing = "Nothing could be measured: nothing is annotated, or nothing was predicted."
        return quiet(record.get("quiet")) or [nothing]
    return [
        *_best_and_worst(record["headline"]),
        *_widest(record["headline"], record["data"]["documents"]),
        *quiet(record.get("quiet")),
        *_labels(record["rows"], few_examples(record)),
        *_mistakes(record["mistakes"]),
        *_attributes(record["classification"]),
        *_baselines(record["baselines"], record["data"]["documents"]),
        *_against(record["against"], record["data"]["documents"]),
        *_calibration(record["calibration"]),
        *_gain(record["learning_curve"], record["data"]["documents"]),
    ]


def quiet(found: Mapping[str, Any] | None) -> list[str]:
    """What is found in articles where there is nothing to find; no sentence where there is no such article."""
    if not found:
        return []
    per_100 = f"{found['value']:.1f} false incidents in 100 articles without an event"
    bounds = f"{100 * found['level']:.0f} % interval {found['low']:.1f} to {found['high']:.1f}"
    return [f"{per_100} ({bounds}): {found['n_incidents']} in {counted(found['n_read'], 'such article')} read."]


def is_measured(record: Mapping[str, Any]) -> bool:
    """Whether any headline measure of the model has a value."""
    return any(values["value"] is not None for values in record["headline"].values())


def systems(record: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What has a headline, by the name that plots and tables give it: the model, the baselines, the other model.

    Each has `headline` and `against`, the model's difference to it by measure (None for the model itself).
    """
    found: dict[str, Mapping[str, Any]] = {THIS: {"headline": record["headline"], "against": None}}
    for baseline in record["baselines"]:
        found[baseline["name"]] = {"headline": baseline["headline"], "against": baseline["against_model"]}
    if record["against"]:
        found[OTHER] = {"headline": record["against"]["headline"], "against": record["against"]["measures"]}
    return found


def exactness(rows: Iterable[Mapping[str, Any]]) -> str:
    """What is compared, in two or three words."""
    words = {
        "labels": "labels of whole texts",
        "fillers": "fillers by their mentions",
        "templates": "aligned templates",
    }
    layers = {row["layer"] for row in rows}
    named = (["exact spans"] if layers - words.keys() else []) + [words[layer] for layer in words if layer in layers]
    return _sentence("; ".join(named))[:-1] if named else "Nothing is annotated"


def rules(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """When something counts as right, a sentence for each sort of layer."""
    layers = {row["layer"] for row in rows}
    return [text for text, of in _RULES.items() if layers & of]


def layer_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of each layer, in their order."""
    layers: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        layers.setdefault(row["layer"], []).append(row)
    return layers


def reached(steps: Sequence[Mapping[str, Any]], precision: float) -> Mapping[str, Any] | None:
    """The lowest threshold with at least this precision.

    >>> reached([{"threshold": 0.3, "precision": 0.7}, {"threshold": 0.6, "precision": 0.9}], 0.8)
    {'threshold': 0.6, 'precision': 0.9}
    """
    return next((step for step in steps if step["precision"] >= precision), None)


def calibrated_layers(calibration: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    """The layers of a calibration that have scores; what was not fitted is None, or an empty list of bins."""
    layers = calibration["layers"] if calibration else {}
    return {name: {**_NOT_FITTED, **layer} for name, layer in layers.items() if layer["n"]}


def bins(layer: Mapping[str, Any]) -> list[tuple[tuple[float, float], Any, Any]]:
    """Each bin that has scores before or after calibration, with both its entries or None, lowest first."""
    before, after = ({(each["low"], each["high"]): each for each in layer[name]} for name in ("before", "after"))
    return [(edges, before.get(edges), after.get(edges)) for edges in sorted({*before, *after})]


def interval(values: Mapping[str, float | None]) -> str:
    """The ends of an interval; empty if there is none.

    >>> interval({"low": -0.012, "high": 0.5})
    '-0.012 to 0.500'
    """
    if values["low"] is None or values["high"] is None:
        return ""
    return f"{ratio(values['low'])} to {ratio(values['high'])}"


def _best_and_worst(headline: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    known = {
        name: values
        for name, values in headline.items()
        if values["value"] is not None and "overlap" not in name  # the lenient measure of a layer that is there already
    }
    if len(known) < 2:
        return
    best = max(known, key=lambda name: known[name]["value"])
    worst = min(known, key=lambda name: known[name]["value"])
    if known[best]["value"] == known[worst]["value"]:
        yield f"All measures are {ratio(known[best]['value'])}."
        return
    yield f"Best is {_value(best, known[best])}; worst is {_value(worst, known[worst])}."


def _widest(headline: Mapping[str, Mapping[str, Any]], n_articles: int) -> Iterator[str]:
    known = {name: values for name, values in headline.items() if interval(values)}
    if not known:
        return
    widest = max(known, key=lambda name: known[name]["high"] - known[name]["low"])
    reach = f"the widest interval, of {measure(widest)}, goes from {interval(known[widest])}"
    if known[widest]["high"] - known[widest]["low"] >= WIDE:
        yield f"Mind the uncertainty: {reach}. Small differences may be chance; more gold articles would tell."
    elif n_articles < FEW:
        # Resampling a handful of articles cannot show what none of them is like.
        yield f"With {counted(n_articles, 'article')}, take the intervals for too narrow: {reach}."
    else:
        yield f"The figures are fairly sure: {reach}."


def few_examples(record: Mapping[str, Any]) -> int:
    """The support below which a label's figures say little; with several seeds each example counts once a seed."""
    return FEW * len(record["seeds"] or [None])


def _labels(rows: Iterable[Mapping[str, Any]], few_from: int) -> Iterator[str]:
    labels = [row for row in rows if row["label"] not in ("micro", "macro") and row["support"]]
    enough = [row for row in labels if row["support"] >= few_from and row["f1"] is not None]
    if enough:
        worst = min(enough, key=lambda row: row["f1"])
        yield (
            f"Of the labels with a support of {few_from} or more, {worst['label']} ({worst['layer']}) does worst: "
            f"F1 {ratio(worst['f1'])} over {worst['support']}."
        )
    few = [f"{row['label']} ({row['layer']}, {row['support']})" for row in labels if row["support"] < few_from]
    if few:
        yield f"A support below {few_from} is too little to judge by: {first_of(few, N_NAMED)}."


def _mistakes(mistakes: Mapping[str, Any]) -> Iterator[str]:
    kinds = [kind for kind in mistakes["kinds"] if kind["n"]]
    if not kinds:
        yield "No mistakes were made."
        return
    worst = max(kinds, key=lambda kind: kind["cost"])
    yield (
        f"The mistakes to mend first: {worst['kind']} ({worst['layer']}), {counted(worst['n'], 'time')}, "
        f"cost {worst['cost']}. {_sentence(worst['what'])}"
    )


def _attributes(classification: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Attributes that are told no better than by always saying the same."""
    for name, found in classification.items():
        if found["n"] >= FEW and found["accuracy"] <= found["accuracy_of_commonest"]:
            yield (
                f"{_sentence(name)[:-1]} is told no better than by rote: accuracy {ratio(found['accuracy'])}, "
                f"always saying “{found['commonest']}” {ratio(found['accuracy_of_commonest'])}."
            )


def _baselines(baselines: Iterable[Mapping[str, Any]], n_articles: int) -> Iterator[str]:
    for baseline in baselines:
        opening = f"This model beside the baseline “{baseline['name']}”"
        yield from _verdict(opening, baseline["against_model"], n_articles)


def _against(against: Mapping[str, Any] | None, n_articles: int) -> Iterator[str]:
    if against:
        yield from _verdict(f"This model beside {against['name']}", against["measures"], n_articles)


def _verdict(opening: str, differences: Mapping[str, Mapping[str, Any]], n_articles: int) -> Iterator[str]:
    """In which measures the interval of a difference lies above, below and about zero."""
    # Of few articles an interval leaves zero out too easily: all of them on one side is enough.
    few = f" on these {n_articles} articles" if n_articles < FEW else ""
    higher, lower, level = f"higher{few} in", f"lower{few} in", "no clear difference in"
    groups: dict[str, list[str]] = {higher: [], lower: [], level: []}
    for name, values in differences.items():
        if values["difference"] is None or not interval(values) or values["low"] == values["high"] == 0.0:
            continue  # not measured, or the two are alike by their making
        where = higher if values["low"] > 0 else lower if values["high"] < 0 else level
        groups[where].append(measure(name))
    parts = [f"{where} {', '.join(names)}" for where, names in groups.items() if names]
    if parts:
        yield f"{opening}: {'; '.join(parts)}."


def _calibration(calibration: Mapping[str, Any] | None) -> Iterator[str]:
    if not calibration:
        return
    key = "ece_after" if calibration["fitted"] else "ece_before"
    known = {name: layer for name, layer in calibrated_layers(calibration).items() if layer[key] is not None}
    if not known:
        return
    worst = max(known, key=lambda name: known[name][key])
    opening = "Calibrated scores" if calibration["fitted"] else "Scores are taken as they are: those"
    before = f" (before calibration {ratio(known[worst]['ece_before'])})" if calibration["fitted"] else ""
    yield f"{opening} of {worst} are off most: expected calibration error {ratio(known[worst][key])}{before}."
    yield from _worst_bin(known, "after" if calibration["fitted"] else "before")


def _worst_bin(layers: Mapping[str, Mapping[str, Any]], when: str) -> Iterator[str]:
    """The scores, of those that are not few, that are farthest from what they say."""
    found = [(name, each) for name, layer in layers.items() for each in layer[when] if each["n"] >= FEW]
    if found:
        name, worst = max(found, key=lambda pair: abs(pair[1]["mean_score"] - pair[1]["share_right"]))
        yield (
            f"Farthest from what they say are scores of {name} from {worst['low']:.1f} to {worst['high']:.1f}: "
            f"of {worst['n']}, {ratio(worst['share_right'])} are right."
        )


def _gain(curve: Mapping[str, Any] | None, n_articles: int) -> Iterator[str]:
    if curve and curve["gain"]:
        fewer, more = curve["sizes"][-2:]
        yield from _verdict(f"Trained on {more} articles instead of {fewer}", curve["gain"], n_articles)


def _value(name: str, values: Mapping[str, Any]) -> str:
    told = interval(values)
    return f"{measure(name)}, {ratio(values['value'])}" + (f" ({told})" if told else "")


def _sentence(text: str) -> str:
    """Begun with a capital, ended with a full stop.

    >>> _sentence("gold has it")
    'Gold has it.'
    """
    return text[:1].upper() + text[1:].rstrip(".") + "." if text else ""
