"""Civilians told by a word and no name: "villagers", "two aid workers", and what the codebooks take them for.

Only the head of a phrase says who people are, and only in small letters or alone, since what is capitalised may be a
name ("Children of the Vale"). Of several joined by "and" all must be civilians. What is armed or wears a uniform by
any word of the phrase is none; nor are people of whom only number or nation is told ("people", "Norlanders"), nor
"men"; women and children are.
"""

import re
from dataclasses import dataclass

from tocsin.data.coding.account import Value

PROTESTERS, CIVILIANS = 6, 7  # values of ACLED's inter


@dataclass(frozen=True, slots=True)
class Civilians:
    """What the codebooks call people of one kind."""

    inter: int  # ACLED's actor type
    target_type: int | None  # GTD's; None where its codebook decides by where they were, or by something else
    sector: str  # PLOVER's


_WORDS: tuple[tuple[Civilians, str], ...] = (  # patterns apart by " | "; the first kind whose word the head ends in
    (Civilians(PROTESTERS, 14, "CVL"), "protest[eo]rs? | demonstrators? | marchers?"),
    (
        Civilians(CIVILIANS, 10, "JRN"),
        "(?:photo)?journalists? | reporters? | correspondents? | camera(?:man|men|woman|women) | photographers? | "
        "(?:camera|news|television|tv) crews? | media workers?",
    ),
    (Civilians(CIVILIANS, 12, "CVL"), "(?:aid|relief|humanitarian|charity|ngo) (?:worker|volunteer)s?"),
    (Civilians(CIVILIANS, 8, "EDU"), "(?:school|head)?teachers? | professors? | lecturers?"),
    (Civilians(CIVILIANS, 14, "EDU"), "students? | pupils? | school ?(?:child|children|girls?|boys?)"),
    (
        Civilians(CIVILIANS, 15, "REL"),
        "priests? | bishops? | pastors? | imams? | rabbis? | monks? | nuns? | clerics? | missionar(?:y|ies)",
    ),
    (
        Civilians(CIVILIANS, None, "MED"),
        "doctors? | surgeons? | nurses? | midwi(?:fe|ves) | (?:para)?medics? | health ?workers? | "
        "(?:health ?care|health|medical|hospital) (?:workers?|staff)",
    ),
    (
        Civilians(CIVILIANS, 13, "REF"),
        "refugees? | asylum[- ]seekers? | idps? | (?:internally |the )displaced | "
        "(?:people|persons|families) displaced | displaced (?:people|persons?|famil(?:y|ies)|civilians?)",
    ),
    (
        Civilians(CIVILIANS, 14, "AGR"),
        "farm ?(?:er|hand|worker)s? | peasants? | herd(?:er|sman|smen)s? | shepherds?",
    ),
    (Civilians(CIVILIANS, None, "LAB"), "miners? | labou?rers? | drivers? | workers?"),
    (Civilians(CIVILIANS, 18, "CVL"), "tourists? | hikers? | holidaymakers?"),
    (
        Civilians(CIVILIANS, None, "CVL"),
        "worshipp?ers? | churchgoers? | congregants? | fisher(?:s|man|men|folk)? | migrants? | passengers? | "
        "commuters? | motorists? | travell?ers?",
    ),
    (
        Civilians(CIVILIANS, 14, "CVL"),
        "civilians? | non-?combatants? | villagers? | residents? | inhabitants? | locals? | townspeople | townsfolk | "
        "(?:local|elderly|ordinary) people | bystanders? | passers?-?by | pedestrians? | onlookers? | shoppers? | "
        "traders? | vendors? | shopkeepers? | mourners? | wedding guests? | pilgrims? | elders? | wom[ae]n | child | "
        "children | girls? | boys? | bab(?:y|ies) | infants? | famil(?:y|ies)",
    ),
)
_KINDS = tuple((re.compile(rf"\b(?:{words.replace(' | ', '|')})$"), kind) for kind, words in _WORDS)
_COUNTS = re.compile(
    r"^(?:(?:at (?:least|most)|up to|as many as|no (?:more|fewer|less) than|(?:more|fewer|less) than|nearly|around) )*"
    r"(?:(?:[\w,-]+ ){0,3}?(?:groups?|crowds?|dozens?|scores|hundreds|thousands|numbers?|handful|couple|pair"
    r"|famil(?:y|ies)|bus(?:load)?s?|one|two|three|four|five|some|many|most|several|all|\d+) of (?:the |its |their )?)?"
)
_HEAD = re.compile(
    r"[(;:]| (?:of|from|at|in|on|near|who|that|which|with|without|for|to|by|around|outside|inside|along|during|after"
    r"|before|among|aged|including|fleeing|returning|waiting|working|living|sheltering|seeking|attending|gathered)\b"
)
_FORCES = re.compile(
    r"\b(?:soldier|troop|fighter|militant|gunm[ae]n|guard|officer|policem[ae]n|rebel|insurgent|commander|recruit"
    r"|conscript|peacekeeper|combatant)s?\b|(?<!non-)\b(?:police|militia|paramilitar)\w*"
)
_ARMED = re.compile(r"\b(?:armed|combat|militant|military|army|navy|naval|air force|security|vigilante|jihadi\w*)\b")
_COUNT = re.compile(
    r"(?:(?:[\d,]+|[a-z]+teen|[a-z]+ty|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores"
    r"|hundreds?|thousands?|couple|several|few|many|more|others?|another|at|least|most|up|to|as|than|about|around|over"
    r"|nearly|almost|some|an?|and|or|of|them)(?:[ -]|$))+"
)
_AND = re.compile(r",? (?:and|or|&) |, ?")


def civilians(value: Value) -> Civilians | None:
    """What unlinked people are to the codebooks; None unless their words say that they are civilians."""
    return None if value.link or value.label not in ("ACTOR", "CASUALTY") else civilians_of(value.text)


def civilians_of(phrase: str) -> Civilians | None:
    """The kind of civilians a phrase names; of several kinds the first.

    >>> civilians_of("at least two aid workers from Norland").target_type, civilians_of("villagers and soldiers")
    (12, None)
    """
    text = " ".join(phrase.split())
    plain = text.lower()
    if _FORCES.search(plain.replace("non-combatant", "")):
        return None
    counted = _COUNTS.sub("", plain)
    found = _HEAD.search(counted)
    head = counted[: found.start()] if found else counted
    rest = counted[len(head) :]
    if _ARMED.search(head) or (rest.startswith(" of ") and _ARMED.search(rest)) or _is_name(text, head, rest):
        return None
    kinds = [_kind(part.strip()) for part in _AND.split(head) if part.strip()]
    return kinds[0] if kinds and all(kinds) else None


def is_count(phrase: str) -> bool:
    """Whether a phrase counts people without a word for who they are: "another five"."""
    return bool(_COUNT.fullmatch(" ".join(phrase.lower().split())))


def _kind(words: str) -> Civilians | None:
    return next((kind for pattern, kind in _KINDS if pattern.search(words)), None)


def _is_name(text: str, head: str, rest: str) -> bool:
    """Whether the head's last word is capitalised, other than as the first word of a text that is no title."""
    own = text[len(text) - len(head) - len(rest) :][: len(head)].split()
    if not own or not own[-1][:1].isupper():
        return False
    return len(own) > 1 or rest.startswith((" of ", " for "))
