"""Names: the forms in which two spellings of one name are equal, from strict to lenient.

`fold` takes away what typing takes away (accents, case, punctuation); `key` also the articles that English and Arabic
put before a name; `rough` also what transliterations of Arabic, Persian and Kurdish differ in. Each holds what the
one before it holds: equal folds have equal keys, equal keys have equal rough forms. `core` leaves out the head nouns of
a layer ("air base", "province of"). All of them are idempotent.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from tocsin.data.gazetteers.entry import Layer

# Letters that Unicode does not take apart, as English newsrooms write them.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ə": "e"}
)
_DROPPED = re.compile("['’‘‛`´ʹʺʻʼʽʾʿˈˊˋ′″.]")  # apostrophes, ʿayn and hamza, full stops of "U.S."
_POSSESSIVE = re.compile(r"(?<=\w\w\w)['’]s\b")  # of "Erbil's", not of "Ra's al-Khaimah"
_MARKS = re.compile(r"[\W_]+")
_INITIALS = re.compile(r"\b([^\W\d_]) (?=(?:[^\W\d_]|\d+)\b)")  # "U S" is "US", "K-1" is "K1"

# The Arabic article as its first letter bends it, with the case ending that some spellings give it.
_ARABIC_ARTICLES = frozenset("al el il ul an ar as ash ad adh at ath az ed es esh ez ud uz".split())
_ENGLISH_ARTICLES = frozenset({"the", "a"})

_VOWEL = re.compile("[aeiouy]")
_ACRONYM = re.compile(r"[^\W\d_]{2,6}")
# Spellings of one sound. All of them shorten or turn letters one way, so repeating them comes to an end.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"iyy?(?=[aeiou])", "i"),  # Sulaymaniyya, Sulaymaniya, Sulaimania
        (r"[ae]y|ei", "ai"),  # Dayr, Deir, Dair; Ayn, Ein, Ain
        (r"dh", "d"),
        (r"gh", "g"),
        (r"q|ck", "k"),
        (r"dj", "j"),
        (r"y\b", "i"),
        (r"(?<=\w\w)[ae]h\b", "a"),
        (r"(?<=\w\w)ie\b", "ia"),
        (r"([^\W\d])\1+", r"\1"),
    )
)

_HEADS: dict[Layer, frozenset[str]] = {
    "base": frozenset(
        """
        base bases airbase airbases air army naval navy military militia camp camps fort airfield airfields airstrip
        international station facility facilities garrison headquarters hq outpost outposts post position
        positions site sites compound barracks complex installation installations forward operating fob stronghold
        strongholds area zone joint main
        """.split()
    ),
    "actor": frozenset(
        """
        group groups militia militias organization organisation movement network faction factions party fighters fighter
        militants militant members member forces force troops soldiers extremist extremists terror terrorist terrorists
        jihadist jihadists jihadi islamist islamists paramilitary paramilitaries rebel rebels insurgent insurgents armed
        agency outlet sources officials official spokesman spokesperson spokeswoman commander commanders leaders leader
        """.split()
    ),
    "place": frozenset(
        """
        province provinces governorate governorates region regions state states oblast oblasts district districts county
        municipality prefecture department departments city cities town towns village villages area areas neighborhood
        neighbourhood territory
        """.split()
    ),
}
_CONNECTIVES = frozenset("of in at near on by the located situated known as".split())


@lru_cache(maxsize=2**14)
def fold(name: str) -> str:
    """Lower case, no accents, no punctuation, single spaces.

    >>> fold("Ḩarīr’s  U.S. “Base”"), fold("K-1")
    ('harir us base', 'k1')
    """
    text = _POSSESSIVE.sub("", _plain_letters(name))
    return _settle(_MARKS.sub(" ", _DROPPED.sub("", text)).strip(), lambda text: _INITIALS.sub(r"\1", text))


@lru_cache(maxsize=2**14)
def key(name: str) -> str:
    """`fold` without the English article before and the Arabic article anywhere in a name.

    >>> key("Deir ez-Zor"), key("the Al-Tanf"), key("Nur ad-Din")
    ('deir zor', 'tanf', 'nur din')
    """
    return _settle(fold(name), lambda text: fold(_without_articles(text)))


@lru_cache(maxsize=2**14)
def rough(name: str) -> str:
    """`key` with one spelling for each sound.

    >>> rough("Ayn al-Assad") == rough("Ain al-Asad"), rough("As-Sulaymāniyyah")
    (True, 'sulaimania')
    """
    return _settle(key(name), lambda text: key(_respell(text)))


def core(name: str, layer: Layer) -> str:
    """`key` without the layer's head nouns; empty if nothing else is there.

    >>> core("Al Harir military base", "base"), core("province of Erbil", "place"), core("air bases", "base")
    ('harir', 'erbil', '')
    """
    return _settle(key(name), lambda text: key(_without_heads(text, layer)))


def is_acronym(name: str) -> bool:
    """Whether a name is one word of a few capitals.

    >>> is_acronym("PLA"), is_acronym("M23"), is_acronym("Hamas")
    (True, False, False)
    """
    return name.isupper() and bool(_ACRONYM.fullmatch(name))


def without(name: str, words: frozenset[str]) -> str:
    """`key` without the words given."""
    return key(" ".join(word for word in key(name).split() if word not in words))


def _settle(text: str, step: Callable[[str], str]) -> str:
    """Repeat a step until it changes nothing: what it takes away may join what was apart."""
    while (following := step(text)) != text:
        text = following
    return text


def _plain_letters(name: str) -> str:
    """Lower-case letters without marks; of other scripts they stay what they are."""
    return name.lower() if name.isascii() else _settle(name, _plainer)


def _plainer(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _without_articles(text: str) -> str:
    words = text.split()
    while len(words) > 1 and words[0] in _ENGLISH_ARTICLES:
        words = words[1:]
    # A name that ends in such a word has it as a name ("Ras al"), not as an article.
    return " ".join([word for word in words[:-1] if word not in _ARABIC_ARTICLES] + words[-1:])


def _without_heads(text: str, layer: Layer) -> str:
    return " ".join(word for word in text.split() if word not in _HEADS[layer] and word not in _CONNECTIVES)


def _respell(text: str) -> str:
    if not _VOWEL.search(text):  # an acronym: KKK is not KCK
        return text
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    return text
