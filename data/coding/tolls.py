"""How many people an incident harmed: counted phrases as low, best and high, and what several come to together.

A phrase that states numbers is taken at its word (`quantities.bounds`): of a range the best is its lower end, as
ACLED takes the most conservative figure, and of "up to 10", which names only one number, that number. A vague
word has no number of its own, so `VAGUE` gives it a fixed one, after ACLED's codebook: "dozens" count as 12,
"hundreds" as 100, "several" as 3. These are conventions, no facts; they bound nothing from above. "An unknown number"
says that somebody was harmed, and no more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.data.coding.account import Evidence, Toll
from tocsin.data.incidents import normalise
from tocsin.data.quantities import MAX_COUNT, bounds
from tocsin.data.types import AttributeValue

HARMS = ("killed", "wounded", "captured", "missing", "any")
ZERO_MEANS = ("killed", "wounded")  # what "no casualties" says of, having no harm of its own

# word -> low and best; the first in the phrase counts. ACLED has "several", "dozens" and "hundreds"; the rest
# follows their pattern: a plural of a unit is one of it, and "a couple" is two.
VAGUE: Sequence[tuple[re.Pattern[str], int, int]] = tuple(
    (re.compile(rf"\b(?:{words})\b"), low, best)
    for words, low, best in (
        ("thousands|thousand", 1000, 1000),
        ("hundreds|hundred", 100, 100),
        ("scores", 20, 20),
        ("dozens|dozen", 12, 12),
        ("tens", 10, 10),
        ("couple", 2, 2),
        ("several|few|some|many|multiple|various|numerous|number|handful|group|countless|lots?", 2, 3),
    )
)
N_UNCOUNTED = 1  # the least that "casualties" without any count says, and "an unknown number"

_UNKNOWN = re.compile(
    r"\b(?:un(?:known|specified|disclosed|determined|confirmed|stated)|indeterminate) (?:\w+ )?numbers?\b"
)
_ADDS = re.compile(r"\b(?:another|additional|further|others?|extra|(?<!or )more(?! than))\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A counted phrase of an article: what is said of how many."""

    text: str
    evidence: tuple[Evidence, ...]  # every place that says it in these words
    attributes: Mapping[str, AttributeValue]  # "harm", "min" and "max", as far as they are known

    @property
    def adds(self) -> bool:
        """Whether it counts people beside those counted before: "another 24"."""
        return bool(_ADDS.search(self.text.lower()))


def toll(phrase: Phrase) -> Toll:
    """What one phrase says. Bounds it was annotated with go before those its words state.

    >>> def said(text): return toll(Phrase(text, (), {"harm": "killed"}))
    >>> [(said(text).low, said(text).best, said(text).high) for text in ("at least three", "up to 10", "dozens")]
    [(3, 3, None), (0, 10, 10), (12, 12, None)]
    """
    low, best, high = _numbers(phrase)
    harm = phrase.attributes.get("harm")
    return Toll(harm if isinstance(harm, str) else "any", low, best, high, phrase.evidence)


def _numbers(phrase: Phrase) -> tuple[int, int | None, int | None]:
    low, high = (_integer(phrase.attributes.get(name)) for name in ("min", "max"))
    if low is None and high is None:
        low, high = bounds(phrase.text)
    if low is not None:
        return low, low, high
    if high is not None:
        return 0, high, high
    _, least, convention = _convention(phrase.text) or ("", N_UNCOUNTED, None)
    return least, convention, None


def _convention(text: str) -> tuple[str, int, int] | None:
    """A vague word of a phrase, with the low and best it counts as; None if it has none, or numbers of its own."""
    plain = text.lower()
    if _UNKNOWN.search(plain) or bounds(text) != (None, None):
        return None
    found = ((pattern.search(plain), low, best) for pattern, low, best in VAGUE)
    return next(((match[0], low, best) for match, low, best in found if match), None)


def vague_words(said: Toll) -> tuple[str, ...]:
    """The vague words whose convention is the best of a toll; none if a number of the text is.

    >>> vague_words(Toll("killed", 12, 12, None, (Evidence("a1", 0, 15, "Dozens of pupils"),)))
    ('dozens',)
    """
    texts = dict.fromkeys(place.text for place in said.evidence)
    if said.best is None or said.best in {toll(Phrase(text, (), {})).best for text in texts if not _convention(text)}:
        return ()
    return tuple(dict.fromkeys(found[0] for text in texts if (found := _convention(text))))


def _integer(value: AttributeValue) -> int | None:
    """An annotated bound, if it can be one of people."""
    return value if isinstance(value, int) and 0 <= value <= MAX_COUNT else None


def tolls(phrases: Iterable[Phrase]) -> tuple[Toll, ...]:
    """What the phrases of one incident come to, one toll a harm in the order of `HARMS`.

    Phrases of one harm that allow a common number refine each other ("at least three", "five": five). Others
    disagree: the toll has the least low and the greatest high of all. Best is what the first phrase says, as far as
    the bounds allow it: news opens with the figure that stands, and comes to older and disputed ones later. "Another
    24" is added to what stands before it, and counts by itself where nothing does; a later phrase that fits the
    sum and not what the sum was made of ("bringing the toll to five") restates the sum. Zero of any harm is zero
    killed and zero wounded.

    Args:
        phrases: in the order of the text, those in the same words once.
    """
    by_harm: dict[str, list[tuple[Toll, bool]]] = {}
    for phrase in phrases:
        for said in _by_harm(toll(phrase)):
            by_harm.setdefault(said.harm, []).append((said, phrase.adds))
    known = sorted(by_harm, key=lambda harm: HARMS.index(harm) if harm in HARMS else len(HARMS))
    return tuple(_together(by_harm[harm]) for harm in known)


def phrases_of(mentions: Iterable[tuple[Evidence, Mapping[str, AttributeValue]]]) -> tuple[Phrase, ...]:
    """Casualty mentions in the order of the text as phrases: same words of the same harm are one phrase."""
    found: dict[tuple[str, AttributeValue], Phrase] = {}
    for evidence, attributes in mentions:
        key = (normalise(evidence.text), attributes.get("harm"))
        if earlier := found.get(key):
            found[key] = replace(earlier, evidence=(*earlier.evidence, evidence))
        else:
            found[key] = Phrase(evidence.text, (evidence,), attributes)
    return tuple(found.values())


def _by_harm(said: Toll) -> Iterator[Toll]:
    if said.harm == "any" and said.high == 0:
        yield from (replace(said, harm=harm) for harm in ZERO_MEANS)
    else:
        yield said


def _together(said: Sequence[tuple[Toll, bool]]) -> Toll:
    """One toll of all that is said of one harm, in the order of the text."""
    base: list[Toll] = []  # what is told of the same people
    added: list[Toll] = []  # what is told of others
    for item, adds in said:
        if adds and base:
            added.append(item)
        elif added and not _agree(_united(base), item) and _agree(_sum(_united(base), added), item):
            base, added = [_sum(_united(base), added), item], []
        else:
            base.append(item)
    return _sum(_united(base), added)


def _agree(first: Toll, second: Toll) -> bool:
    """Whether some number fits both."""
    return max(first.low, second.low) <= min(_top(first), _top(second))


def _top(said: Toll) -> float:
    return float("inf") if said.high is None else said.high


def _united(said: Sequence[Toll]) -> Toll:
    low, high = max(item.low for item in said), min((item for item in said), key=_top).high
    if high is not None and high < low:
        low, high = min(item.low for item in said), max((item for item in said), key=_top).high
    bests = [item.best for item in said if item.best is not None]
    fitting = [best for best in bests if low <= best and (high is None or best <= high)]
    evidence = tuple(place for item in said for place in item.evidence)
    return Toll(said[0].harm, low, fitting[0] if fitting else None, high, evidence)


def _sum(base: Toll, added: Sequence[Toll]) -> Toll:
    """A toll and what is added to it; a best or high that one of them lacks, the sum lacks."""
    parts = (base, *added)
    return Toll(
        base.harm,
        sum(part.low for part in parts),
        _total([part.best for part in parts]),
        _total([part.high for part in parts]),
        tuple(place for part in parts for place in part.evidence),
    )


def _total(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
