"""The target slot of two accounts: bases, buildings, ships and vehicles, by their names and kinds."""

from rapidfuzz import fuzz, process

from tocsin.data.coding.merged import Reason
from tocsin.data.store.findings import Finding
from tocsin.data.store.profiles import Profile
from tocsin.data.store.weights import ALIKE, OTHER_KIND, OTHER_NAME, OTHER_WORDS, SAME_KIND, SAME_NAME, SAME_WORDS


def targets(a: Profile, b: Profile) -> Finding:
    """What the targets say beyond the place: nothing where both are at one base, which is the target."""
    if a.bases & b.bases or not (a.target_texts and b.target_texts):
        return None
    said = f"{_said(a)} and {_said(b)}"
    if a.target_names and b.target_names:
        return Reason("target", said, SAME_NAME if _alike(a.target_names, b.target_names) else OTHER_NAME)
    for text in sorted(a.target_texts.keys() & b.target_texts.keys()):
        return Reason("target", f"both on {a.target_texts[text]}", SAME_WORDS)
    for kind in sorted(a.target_kinds & b.target_kinds):
        return Reason("target", f"{said}: {kind}", SAME_KIND)
    return _other(a, b, said)


def _other(a: Profile, b: Profile, said: str) -> Finding:
    """Of targets without a common kind, whether they are different ones, or one is only less exact: "the camp"."""
    if a.target_words <= b.target_words or b.target_words <= a.target_words:
        return None
    if a.target_kinds and b.target_kinds:
        return Reason("target", said, OTHER_KIND)
    return None if _alike(a.target_words, b.target_words) else Reason("target", said, OTHER_WORDS)


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether a name is in both, as it is or nearly."""
    return bool(a & b) or any(process.extractOne(name, sorted(b), scorer=fuzz.ratio, score_cutoff=ALIKE) for name in a)


def _said(compared: Profile) -> str:
    return ", ".join(sorted(compared.target_texts.values()))
