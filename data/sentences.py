"""Sentences: where the sentences of a news text begin and end, in characters.

Rules over one pass of candidate stops, in the manner of the Punkt and golden-rule splitters (Kiss and Strunk 2006;
pragmatic_segmenter), with news in mind: line breaks end a sentence, quotes and brackets stay with theirs. In doubt two
sentences stay together, since an event told across a false boundary is lost. The word lists are of English news;
other languages are split at the same marks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tocsin.data.words import words

# Abbreviations, in lower case and without their last full stop. "U.S." and initials need no list, being single letters
# with full stops.
_TITLES = """
    mr mrs ms mx dr prof rev hon msgr gen lt col maj brig capt cmdr cdr comdr adm radm vadm cpl sgt pvt pfc spc ssgt
    msgt gov sen rep sec pres amb insp supt det st ste ft mt messrs
"""
_LINKS = "vs e.g i.e eg ie approx ca cf viz sq incl esp"
_MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec"
_WEEKDAYS = "mon tue tues wed thu thur thurs fri"  # "sat" and "sun" are words
_FIRMS = "inc ltd co corp llc plc bros"
_OTHERS = "etc al a.m p.m jr sr ph.d dept govt univ assn ave blvd min hrs mil"
# What follows belongs to them: a name, a number, the thing compared.
_NEVER_LAST = frozenset(f"{_TITLES} {_LINKS}".split())
# They may end a sentence: what follows decides.
_MAYBE_LAST = frozenset(f"{_MONTHS} {_WEEKDAYS} {_FIRMS} {_OTHERS}".split())
# Abbreviations before a number only: "No. 3", but "they said no. The".
_NUMBERING = frozenset("no nos art fig vol ch para p pp".split())
# Words that start a sentence far more often than a name.
_OPENERS = frozenset(
    """
    A About According After All Also Although Among An And Another As At Authorities Because Before Both But By Despite
    During Each Earlier Following For From He Her Here His How However I If In It Its Last Later Many Meanwhile Moreover
    Most Nearly Nevertheless No Not Nothing Now Officials On Once One Only Other Others Our Over Residents Several She
    Since So Some Soon Still Such That The Their Then There These They This Those Though Three Through To Today Two
    Under Until We What When Where Which While Who Why With Witnesses Yesterday Yet You
    """.split()
)

_NEWLINE = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"  # what str.splitlines splits on
_CLOSING = "”’»›\"')]}"
_CLOSE = re.escape(_CLOSING)

_LINE_BREAK = re.compile(rf"[{_NEWLINE}]+")
_PARAGRAPH_BREAK = re.compile(  # a blank line, or a line break before a bullet
    rf"(?>\r\n|[{_NEWLINE}])[^\S{_NEWLINE}]*+(?:(?>\r\n|[{_NEWLINE}])|(?=[-*•‣▪◦]\s))"
)
_TERMINAL = re.compile(rf"[.!?…:][{_CLOSE}“]*\Z")

# Quantifiers are possessive: no text makes the search slower than linear.
_STOP = re.compile(
    r"(?P<mark>[.!?…؟۔]++)"
    r"(?P<tail>(?:"
    rf"[{_CLOSE}]|[“«‘](?=\s|\Z)"  # `Syria.”`, and `Syria.“ ` as German has it
    r"|\[\d{1,3}\]|[\u200b-\u200f\u2060\ufeff]"  # `Syria.[3]`, and what web pages hide between sentences
    r"|\s++[”»›)\]](?=\W|\Z)"  # `Syrie. »`
    rf"|\s*+[.!?…]++(?=[\s{_CLOSE}]|\Z)"  # `Syria. .`, `Syria.”.`
    r")*+)"
)
_LAST_TOKEN = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
_TOKEN_REACH, _ADDRESS_REACH = 40, 200  # characters looked at before a stop; bounds the work
_AHEAD = re.compile(  # "al-Tanf" begins with a capital for our purpose
    r"(?P<gap>\s*+[\W_]{0,8}?)(?P<article>(?:al|el|ad|an|ar|as|ash|at|az)-(?=[A-Z]))?(?P<word>[^\W_]++)(?P<dot>\.?)"
)
_DASH = re.compile(r"\s*[-–—]")
_ENUMERATOR = re.compile(r"[\W_]{0,3}(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,4})?")  # "1." or "(b." that opens an item
_LETTERS_AND_DOTS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # initials and "U.S"
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:com|org|net|edu|gov|info)\b", re.IGNORECASE)
_CLAUSE_MARKS = frozenset(";:,)]}-–—")


@dataclass(frozen=True, slots=True)
class _Stop:
    """A mark that may end a sentence, with what the decision rests on."""

    mark: str  # "." or "?!" or "..."
    is_closed: bool  # a closing quote or bracket follows
    before: str  # the token it stands after, inner stops included: "U.S", "Gen"; "" after anything but a word
    gap: str  # what lies between mark, quotes and the next word
    after: str  # the next word, "" if there is none near
    has_article: bool  # the next word is the Tanf of "al-Tanf"
    is_initial: bool  # the next word is a single letter with a full stop

    @property
    def is_glued(self) -> bool:
        return not self.gap[:1].isspace()

    @property
    def precedes_lower_case(self) -> bool:
        return self.after[:1].islower() and not self.has_article

    @property
    def precedes_opener(self) -> bool:
        return self.after in _OPENERS and not self.is_initial and not self.precedes_dash

    @property
    def precedes_dash(self) -> bool:
        return _DASH.match(self.gap) is not None


def sentences(text: str, *, max_words: int = 400) -> list[tuple[int, int]]:
    """Offsets `[start, end)` of every sentence: in order, disjoint, together all but white space.

    A line break ends a sentence, unless the text looks hard-wrapped: then only a blank line does, or a bullet on the
    next line. Hard-wrapped is a text where, of the lines directly followed by another, most have 50 to 100 characters
    and do not end like a sentence, and a quarter go on in lower case. A sentence of more than `max_words` words is cut,
    after a clause mark if one is near: a boundary that bounds the work per sentence, not a loss.

    Raises:
        ValueError: max_words is less than 1.

    >>> text = "The U.S. base was hit. No one was hurt."
    >>> [text[start:end] for start, end in sentences(text)]
    ['The U.S. base was hit.', 'No one was hurt.']
    """
    if max_words < 1:
        raise ValueError(f"sentences: max_words {max_words}; expected at least 1")
    return [
        part
        for block in _blocks(text)
        for sentence in _block_sentences(text, *block)
        for part in _parts(text, *sentence, max_words=max_words)
    ]


def _is_hard_wrapped(text: str) -> bool:
    """Whether lone line breaks are typesetting, see `sentences`."""
    lines = [line.strip() for line in text.splitlines()]
    joints = [(line, following) for line, following in pairwise(lines) if line and following]
    n_full = sum(50 <= len(line) <= 100 and not _TERMINAL.search(line) for line, _ in joints)
    # headlines one below the other are as long and as unpunctuated as wrapped lines, but start in upper case
    n_continued = sum(following[0].islower() for _, following in joints)
    return 2 * n_full > len(joints) and 4 * n_continued >= len(joints)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses."""
    start = 0
    for gap in (_PARAGRAPH_BREAK if _is_hard_wrapped(text) else _LINE_BREAK).finditer(text):
        yield from _stripped(text, start, gap.start())
        start = gap.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without white space at its ends; nothing if nothing is left."""
    surface = text[start:end]
    if surface and not surface.isspace():
        yield end - len(surface.lstrip()), start + len(surface.rstrip())


def _block_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _STOP.finditer(text, start, end):
        if _ENUMERATOR.fullmatch(text, start, match.start()):
            continue
        if _ends_sentence(_stop(text, match, end), text, match):
            yield from _stripped(text, start, match.end())
            start = match.end()
    yield from _stripped(text, start, end)


def _stop(text: str, match: re.Match[str], end: int) -> _Stop:
    before = _LAST_TOKEN.search(text[max(match.start() - _TOKEN_REACH, 0) : match.start()].rstrip())
    ahead = _AHEAD.match(text, match.end(), end)
    return _Stop(
        mark=match["mark"],
        is_closed=any(character in _CLOSING for character in match["tail"]),
        before=before[0] if before else "",
        gap=ahead["gap"] if ahead else text[match.end() : match.end() + 1],
        after=ahead["word"] if ahead else "",
        has_article=bool(ahead and ahead["article"]),
        is_initial=bool(ahead and ahead["dot"] and len(ahead["word"]) == 1),
    )


def _ends_sentence(stop: _Stop, text: str, match: re.Match[str]) -> bool:
    if stop.is_glued:
        return _is_missing_space(stop) and not _is_in_address(text, match)
    if stop.mark != ".":
        return not stop.precedes_lower_case
    if _never_ends(stop):
        return False
    if _is_abbreviation(stop.before):
        return stop.precedes_opener
    if stop.precedes_lower_case:
        return stop.before.isalpha() and stop.before.islower() and not stop.is_closed and not stop.precedes_dash
    return True


def _never_ends(stop: _Stop) -> bool:
    token = stop.before.lower()
    return token in _NEVER_LAST or (token in _NUMBERING and stop.after[:1].isdigit())


def _is_abbreviation(token: str) -> bool:
    """Whether a full stop after the token is its own, so that only what follows can tell an end."""
    return token.lower() in _MAYBE_LAST or _LETTERS_AND_DOTS.fullmatch(token) is not None


def _is_missing_space(stop: _Stop) -> bool:
    """Whether two sentences were run together, as in "fell.The army"."""
    if stop.gap.strip("“«‘(") or not (stop.after[:1].isupper() and stop.after[1:2].islower()):
        return False
    if _never_ends(stop):
        return False
    ends_plainly = stop.is_closed or (stop.before[-1:].islower() and not _is_abbreviation(stop.before))
    return ends_plainly or stop.precedes_opener


def _is_in_address(text: str, match: re.Match[str]) -> bool:
    """Whether the stop stands in a URL, a mail address or a bare domain name."""
    left = text[max(match.start() - _ADDRESS_REACH, 0) : match.start() + 1]
    return _ADDRESS.search(left.split()[-1]) is not None or _DOMAIN.match(text, match.end()) is not None


def _parts(text: str, start: int, end: int, *, max_words: int) -> Iterator[tuple[int, int]]:
    """A sentence, cut where it has too many words."""
    if end - start <= max_words:  # a word has a character
        yield start, end
        return
    offsets = [(start + word_start, start + word_end) for word_start, word_end in words(text[start:end])]
    first = 0
    while first < len(offsets):
        last = _cut(text, offsets, first, max_words)
        yield offsets[first][0], offsets[last - 1][1]
        first = last


def _cut(text: str, offsets: list[tuple[int, int]], first: int, max_words: int) -> int:
    """Index of the word after the cut: behind the last clause mark in the second half, else at the limit."""
    limit = first + max_words
    if len(offsets) <= limit:
        return len(offsets)
    for index in range(limit, first + max_words // 2, -1):
        mark_start, mark_end = offsets[index - 1]
        # a comma inside "1,000" and the hyphen of "al-Tanf" have no space behind them
        if text[mark_start:mark_end] in _CLAUSE_MARKS and (text[mark_start] == "—" or mark_end < offsets[index][0]):
            return index
    return limit
