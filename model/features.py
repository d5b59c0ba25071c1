"""What the argument and link heads see beside word vectors: small integers about a pair, to be embedded.

Pure: words, spans and events in, numbers out; the same functions serve gold spans in training and predicted
ones later.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.data.dates import resolve
from tocsin.data.incidents import has_countable, normalise
from tocsin.data.schema import Role, Schema
from tocsin.data.tags import WordSpan
from tocsin.data.types import Article, Event

_EDGES = (1, 2, 3, 4, 6, 9, 13, 19, 28)  # word distances are told apart below these
LABEL_FEATURE = 1  # where a pair's features hold the entity's label
_FEW = 3  # counts from here on are one value

# Function words say who did what to whom even of names never seen: "by", "against", "were", "said".
_FUNCTION_WORDS = (
    "a an the this that these those and or but as if while after before since during until when where which who "
    "whose of in on at by with from to for against near over into inside outside between around towards toward "
    "using via is are was were be been being has have had do did not no said says say told it its they their he she "
    "his her we our according claimed announced reported confirmed denied ' \" , ; : - ( ) “ ” ‘ ’ s . will would"
).split()
_WORD_NUMBER = {word: number for number, word in enumerate(dict.fromkeys(_FUNCTION_WORDS), 1)}
_N_WORDS = len(_WORD_NUMBER) + 1  # 0 is any other word, or none
_GOVERNORS = frozenset(
    "of in on at by with from to for against near over into inside outside between around towards toward using via as "
    "after before since during until that which who said says told".split()
)
_REACH = 6  # words a governor is looked for before a phrase
_POINTERS = frozenset("the this that these those".split())
_PASSIVE = frozenset("is are was were be been being".split())


@dataclass(frozen=True, slots=True)
class Pair:
    """A trigger and an entity of one sentence, by their indices, with their features."""

    trigger: int
    entity: int
    features: tuple[int, ...]


def pair_sizes(schema: Schema) -> tuple[int, ...]:
    """How many values each feature of a `Pair` has, in the order of `_pair_features`."""
    words = (_N_WORDS,) * 5
    return (2 * (len(_EDGES) + 1), len(schema.entity_labels), _FEW + 1, _FEW + 1, 2, 2, *words, 4, _FEW + 1)


def pairs(
    triggers: Sequence[WordSpan],
    entities: Sequence[WordSpan],
    sentence_of_word: Sequence[int],
    words: Sequence[str],
    schema: Schema,
) -> list[Pair]:
    """Every trigger with every entity of its sentence.

    Args:
        triggers, entities: word indices count from the passage's start.
        sentence_of_word: for each word of the passage the index of its sentence.
        words: the passage's words, lower-case.
        schema: gives the entity labels their numbers.
    """
    entities_in: dict[int, list[int]] = {}
    for index, entity in enumerate(entities):
        entities_in.setdefault(sentence_of_word[entity.start], []).append(index)
    triggers_in: dict[int, list[WordSpan]] = {}
    for trigger in triggers:
        triggers_in.setdefault(sentence_of_word[trigger.start], []).append(trigger)
    found = []
    for t, trigger in enumerate(triggers):
        sentence = sentence_of_word[trigger.start]
        near = entities_in.get(sentence, [])
        view = _Sentence(words, [entities[e] for e in near], triggers_in[sentence])
        found += [Pair(t, e, _pair_features(trigger, entities[e], view, schema)) for e in near]
    return found


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: Sequence[str]  # of the whole passage
    entities: Sequence[WordSpan]
    triggers: Sequence[WordSpan]

    def word(self, index: int) -> int:
        """The number of a function word, 0 for any other and beyond the passage."""
        return _WORD_NUMBER.get(self.words[index], 0) if 0 <= index < len(self.words) else 0


def _pair_features(trigger: WordSpan, entity: WordSpan, sentence: _Sentence, schema: Schema) -> tuple[int, ...]:
    gap = _gap(trigger, entity)
    rivals = [other for other in sentence.entities if other.label == entity.label]
    between = range(min(trigger.end, entity.end), max(trigger.start, entity.start))
    return (
        bisect_right(_EDGES, gap) + (len(_EDGES) + 1) * (entity.start < trigger.start),
        schema.entity_labels.index(entity.label),
        min(sum(_gap(trigger, rival) < gap for rival in rivals), _FEW),
        min(sum(_lies_between(other, trigger, entity) for other in sentence.triggers), _FEW),
        int(all(gap <= _gap(other, entity) for other in sentence.triggers)),
        int(len(rivals) == 1),
        _governor(entity, sentence),
        sentence.word(entity.end),
        sentence.word(trigger.end),
        sentence.word(trigger.start - 1),
        sentence.word(entity.start - 1),
        _voice(trigger, sentence),
        min(sum(sentence.words[index] in ',;:"“”' for index in between), _FEW),
    )


def _governor(entity: WordSpan, sentence: _Sentence) -> int:
    """The preposition or verb a phrase hangs on, the first of a coordination's for all its members."""
    first = entity.start
    ends = {other.end: other.start for other in sentence.entities if other.label == entity.label}
    moved = True
    while moved:
        moved = False
        for skip in (1, 2, 3):  # "X and Y", "X, Y", "X, and the Y"
            joint = sentence.words[max(0, first - skip) : first]
            if first - skip in ends and set(joint) & {"and", ",", "or"} and set(joint) <= {"and", ",", "or", "the"}:
                first, moved = ends[first - skip], True
                break
    for index in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if sentence.words[index] in _GOVERNORS:
            return sentence.word(index)
        if sentence.words[index] in ",;.":
            break
    return 0


def _voice(trigger: WordSpan, sentence: _Sentence) -> int:
    """0 neither, 1 a form of "be" shortly before, 2 "by" right after, 3 both."""
    before = sentence.words[max(0, trigger.start - 3) : trigger.start]
    after = sentence.words[trigger.end : trigger.end + 1]
    return int(bool(_PASSIVE & set(before))) + 2 * int(list(after) == ["by"])


def _gap(a: WordSpan, b: WordSpan) -> int:
    """Words between two disjoint spans."""
    return max(a.start - b.end, b.start - a.end)


def _lies_between(other: WordSpan, a: WordSpan, b: WordSpan) -> bool:
    left, right = (a, b) if a.start < b.start else (b, a)
    return left.end <= other.start < right.start


@dataclass(frozen=True, slots=True)
class Mention:
    """What two mentions of incidents are compared by."""

    type: str  # of the event
    sentence: int
    word: str  # the trigger, lower-case
    attributes: tuple[str, ...]  # in the schema's order
    fillers: tuple[frozenset[str], ...]  # for each role of the schema the content words, or days, of its fillers
    countable: bool  # by its own attributes; see Schema.countable
    identifying: tuple[frozenset[str], ...]  # of the fillers those that tell one operation from another
    anaphoric: bool  # "the attack", "these strikes": points back and says little that would identify it

    def contradicts(self, other: "Mention") -> bool:
        """Whether both tell of one role, and nothing in common."""
        pairs = zip(self.identifying, other.identifying, strict=True)
        return any(a and b and not a & b for a, b in pairs)


def mention(event: Event, sentence: int, article: Article, schema: Schema) -> Mention:
    """Prepare an event for `link_features`."""
    fillers = [_contents(event, role, article) for role in schema.roles]
    identifying = [words for words, role in zip(fillers, schema.roles, strict=True) if role.identifies]
    return Mention(
        type=event.type,
        sentence=sentence,
        word=event.trigger.text(article).lower(),
        attributes=tuple(event.attributes.get(attribute.name, "") for attribute in schema.attributes),
        fillers=tuple(fillers),
        countable=has_countable(event.attributes, schema),
        identifying=tuple(identifying),
        anaphoric=_is_definite(event, article) and sum(map(bool, identifying)) < 2,
    )


def _contents(event: Event, role: Role, article: Article) -> frozenset[str]:
    """The content words of a role's fillers; of dates the days they mean."""
    texts = [span.text(article) for span in event.fillers(role.name)]
    if role.kind == "date":
        intervals = [resolve(text, article.published).interval for text in texts]
        return frozenset(str(interval) for interval in intervals if interval)
    return frozenset(word for text in texts for word in normalise(text).split())


def _is_definite(event: Event, article: Article) -> bool:
    before = article.text[max(0, event.trigger.start - 20) : event.trigger.start].lower().split()
    return bool(before) and before[-1].strip("“”\"'‘’(") in _POINTERS


def link_sizes(schema: Schema) -> tuple[int, ...]:
    """How many values each feature of a link has: distance, same trigger word, attributes, then roles."""
    n_attributes = [len(attribute.values) for attribute in schema.attributes]
    return (_FEW + 2, 2, *[n * (n + 1) // 2 + 1 for n in n_attributes], *[4] * len(schema.roles))


def link_features(earlier: Mention, later: Mention, schema: Schema) -> tuple[int, ...]:
    """Compare two mentions: are they one incident?"""
    distance = abs(later.sentence - earlier.sentence)
    attributes = [
        _unordered(attribute.values, a, b)
        for attribute, a, b in zip(schema.attributes, earlier.attributes, later.attributes, strict=True)
    ]
    roles = [_agreement(a, b) for a, b in zip(earlier.fillers, later.fillers, strict=True)]
    return (min(distance, _FEW + 1), int(earlier.word == later.word), *attributes, *roles)


def _unordered(values: Sequence[str], a: str, b: str) -> int:
    """A number for an unordered pair of values; 0 where one is not known."""
    if a not in values or b not in values:
        return 0
    low, high = sorted((values.index(a), values.index(b)))
    return 1 + high * (high + 1) // 2 + low


def _agreement(a: frozenset[str], b: frozenset[str]) -> int:
    """0 both silent, 1 one silent, 2 nothing in common, 3 some word in common."""
    if not a and not b:
        return 0
    if not a or not b:
        return 1
    return 3 if a & b else 2
