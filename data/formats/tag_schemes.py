"""Schemes of tags: BIO, IOB1, BIOES and BILOU to spans of words and back, and which of them a file follows.

BIO is IOB2. In IOB1 a span opens with I-, and with B- only right after another of its label (Ramshaw and Marcus 1995).
BIOES and BILOU also mark the last word of a span, and the only one (Ratinov and Roth 2009).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.data.formats.conversion import Scheme, Tally
from tocsin.data.tags import WordSpan

PREFIXES: Mapping[Scheme, str] = {"bio": "BI", "iob1": "BI", "bioes": "BIES", "bilou": "BILU"}
ORPHANS = "tags that continue nothing, read as opening a span"
UNENDED = "spans that no tag ends, read as ended"
_CONTINUING = frozenset("IEL")
_CLOSING = frozenset("ESLU")


def split_tag(tag: str) -> tuple[str, str] | None:
    """Prefix and label, both of O without a label; None for a tag of no scheme.

    >>> split_tag("B-WEAPON"), split_tag("O"), split_tag("NN")
    (('B', 'WEAPON'), ('O', ''), None)
    """
    if tag == "O":
        return "O", ""
    prefix, _, label = tag.partition("-")
    return (prefix, label) if len(prefix) == 1 and prefix in "BIESLU" and label else None


def tag_fault(tag: str, scheme: Scheme) -> str:
    """Why a tag is none of a scheme; empty if it is one."""
    parts = split_tag(tag)
    if parts and parts[0] in f"O{PREFIXES[scheme]}":
        return ""
    return f"expected O, {', '.join(f'{prefix}-LABEL' for prefix in PREFIXES[scheme])} ({scheme.upper()})"


def spans_of(tags: Sequence[str], scheme: Scheme, lost: Tally) -> list[WordSpan]:
    """Read spans off the tags of a sentence, in order; any sequence of tags can be read.

    Args:
        tags: each one that `split_tag` can split.
        scheme: says what is ill-formed, which is read all the same and counted.
        lost: gets the counts.
    """
    ends_marked = scheme in ("bioes", "bilou")
    spans: list[WordSpan] = []
    start, open_label = 0, ""  # of the open span; no label: none is open
    for index, tag in enumerate((*tags, "O")):
        prefix, label = split_tag(tag) or ("O", "")
        if prefix not in _CONTINUING or label != open_label:
            if open_label:
                spans.append(WordSpan(start, index, open_label))
                lost.update([UNENDED] * ends_marked)
            # dropping it would reward ill-formed tags (CoNLL's scorer)
            lost.update([ORPHANS] * (prefix in _CONTINUING and scheme != "iob1"))
            start, open_label = index, label
        if prefix in _CLOSING:
            spans.append(WordSpan(start, index + 1, open_label))
            open_label = ""
    return spans


def in_scheme(tags: Sequence[str], scheme: Scheme) -> list[str]:
    """The BIO tags of a sentence in a scheme.

    Args:
        tags: well-formed: every I- continues a span.

    >>> in_scheme(["B-BASE", "I-BASE", "B-BASE", "O"], "bioes")
    ['B-BASE', 'E-BASE', 'S-BASE', 'O']
    >>> in_scheme(["B-BASE", "I-BASE", "B-BASE", "O"], "iob1")
    ['I-BASE', 'I-BASE', 'B-BASE', 'O']
    """
    found = []
    for previous, tag, following in zip(("O", *tags), tags, (*tags[1:], "O"), strict=False):
        prefix, label = split_tag(tag) or ("O", "")
        is_last = following != f"I-{label}"
        match scheme, prefix, is_last:
            case "iob1", "B", _ if previous[2:] != label:
                found.append(f"I-{label}")
            case (("bioes" | "bilou"), ("B" | "I"), True):
                closing = "SE" if scheme == "bioes" else "UL"
                found.append(f"{closing[prefix == 'I']}-{label}")
            case _:
                found.append(tag)
    return found


@dataclass(slots=True)
class Evidence:
    """What the tags of a whole file say of its scheme; it fills up sentence by sentence."""

    n_tags: int = 0
    n_readable: int = 0  # of some scheme
    _prefixes: Counter[str] = field(default_factory=Counter)
    _against: Counter[Scheme] = field(default_factory=Counter)  # tags that BIO, or IOB1, would not have there

    def add(self, tags: Sequence[str]) -> None:
        """Take in the tags of a sentence."""
        previous = "O"
        for tag in tags:
            parts = split_tag(tag)
            self.n_tags += 1
            self.n_readable += parts is not None
            prefix, label = parts or ("O", "")
            self._prefixes[prefix] += 1
            follows_own = previous[1:] == f"-{label}"
            self._against["bio"] += prefix == "I" and not follows_own
            self._against["iob1"] += prefix == "B" and not follows_own
            previous = tag

    @property
    def scheme(self) -> Scheme:
        """The scheme with the fewest tags against it; BIO where several fit, as they then say the same."""
        n_bioes = self._prefixes["E"] + self._prefixes["S"]
        n_bilou = self._prefixes["L"] + self._prefixes["U"]
        if n_bioes or n_bilou:
            return "bioes" if n_bioes >= n_bilou else "bilou"
        return "iob1" if self._against["iob1"] < self._against["bio"] else "bio"
