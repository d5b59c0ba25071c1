"""Votes: what the names of an article that are clear tell of the others.

Every place, base and actor that a name clearly means votes for its country. No name is judged by its own vote, nor by
that of another name that seems to mean the same: else one wrong guess would prove itself ("New York" beside Donetsk).
Only a country is what it is called. Where no place votes, the likeliest meanings of large places do ("Paris").
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from tocsin.data.gazetteers.choice import WORLDWIDE, Choice, Context
from tocsin.data.gazetteers.countries import find_countries, neighbours
from tocsin.data.gazetteers.entry import Entry, Layer
from tocsin.data.gazetteers.names import fold, is_acronym

PROMINENT = 50_000  # inhabitants; a smaller city does not tell what country an article is about
MAIN_SHARE = 0.5  # of the mentions of the country an article names most places of
SEVERAL = 2  # different places of one country: that is what the article is about


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as a text has it, and the layers it may be found in, the likeliest first."""

    text: str
    label_layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class _Vote:
    """What a name seems to mean, and how often it stands in the article."""

    mention: Mention
    entry: Entry
    n: int
    is_lone: bool

    @property
    def is_telling(self) -> bool:
        """Whether it is prominent enough to say what country an article is about; initials of a base are not."""
        if self.entry.layer == "base":
            return not is_acronym(self.mention.text)
        return self.entry.layer == "place" and (self.entry.kind != "city" or self.entry.population >= PROMINENT)

    @property
    def is_hint(self) -> bool:
        """Whether it tells of which country actors may be; initials are too often somebody else's."""
        if self.entry.layer == "actor":
            return self.entry.kind not in WORLDWIDE and not is_acronym(self.mention.text)
        return self.entry.kind == "city"


class Ballot:
    """The votes of an article."""

    def __init__(self, choices: Mapping[Mention, Choice | None], counts: Mapping[Mention, int]) -> None:
        """Take what each name seems to mean, which may be nothing yet, and how often it stands in the article."""
        self._actors = _acting(counts)
        self._guesses = {mention: choice.link.entry.id for mention, choice in choices.items() if choice}
        self._votes = [
            _Vote(mention, choice.link.entry, counts[mention], choice.is_lone)
            for mention, choice in choices.items()
            if choice and choice.is_full
        ]

    def context(self, mention: Mention) -> Context:
        """What the other names of the article tell of a name."""
        text, guess = fold(mention.text), self._guesses.get(mention)
        votes = [vote for vote in self._votes if vote.entry.kind == "country" or not _is_own(vote, text, guess)]
        return self._shared if len(votes) == len(self._votes) else self._counted(votes)

    @cached_property
    def _shared(self) -> Context:
        return self._counted(self._votes)

    def _counted(self, votes: Sequence[_Vote]) -> Context:
        sure = [vote for vote in votes if vote.is_lone]
        telling = [vote for vote in sure if vote.is_telling] or [vote for vote in votes if vote.is_telling]
        # A sea has many coasts.
        homes = [vote for vote in telling if len(vote.entry.countries) == 1]
        mentions: Counter[str] = Counter()
        for vote in homes:
            mentions[vote.entry.country] += vote.n
        most = max(mentions.values(), default=0)
        main = frozenset(country for country, n in mentions.items() if MAIN_SHARE * most <= n)
        different = Counter(country for country, _ in {(vote.entry.country, vote.entry.id) for vote in homes})
        return Context(
            places=main,
            asides=frozenset(mentions) - main,
            actors=self._actors,
            # The unit of a base is no place that the article names: "Djibouti" beside Camp Lemonnier is the country.
            units=frozenset(
                (vote.entry.country, vote.entry.admin1)
                for vote in telling
                if vote.entry.admin1 and vote.entry.layer == "place"
            ),
            hints=frozenset(vote.entry.country for vote in sure if vote.entry.country and vote.is_hint),
            next_door=frozenset(chain.from_iterable(map(neighbours, mentions))),
            is_settled=max(different.values(), default=0) >= SEVERAL,
        )


def _is_own(vote: _Vote, text: str, guess: str | None) -> bool:
    """Whether a vote is a name's own: of the same words, or for what the name itself seems to mean."""
    return vote.entry.id == guess or fold(vote.mention.text) == text


def _acting(mentions: Iterable[Mention]) -> frozenset[str]:
    """Countries named in what is no place; a name that several share tells nothing."""
    texts = (mention.text for mention in mentions if mention.label_layers[:1] != ("place",))
    namings = chain.from_iterable(find_countries(text, acting=True) for text in texts)
    return frozenset(naming.countries[0] for naming in namings if len(naming.countries) == 1)
