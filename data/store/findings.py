"""What comparing two accounts finds: reasons for and against one incident, or what rules it out."""

from dataclasses import dataclass

from tocsin.data.coding.merged import Reason


@dataclass(frozen=True, slots=True)
class Veto:
    """Why two accounts cannot be of one incident, whatever else agrees."""

    slot: str
    what: str  # in words: "Harir and Al-Tanf: 612 km apart"


Finding = Reason | Veto | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found about a pair."""

    reasons: tuple[Reason, ...]
    veto: Veto | None = None
    is_merge: bool = False  # the reasons suffice, and both say where or on whom

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.reasons)
