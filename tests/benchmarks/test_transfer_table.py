"""The page says what got worse as plainly as what got better, and what is missing with what makes it."""

from typing import Any

from transfer_table import markdown, verdict

MEASURES = ("entity_f1", "trigger_f1", "argument_f1", "attribute_accuracy", "incident_f1")
SOURCE = {"date": "2024-06-01", "commit": "0123abc", "machine": "a machine, 2 cores", "python": "3.11", "packages": {}}
OVER = {
    "entity_f1": {"difference": 0.02, "low": 0.01, "high": 0.03, "share_won": 1.0},
    "trigger_f1": {"difference": -0.03, "low": -0.05, "high": -0.01, "share_won": 0.0},
    "argument_f1": {"difference": -0.01, "low": -0.02, "high": 0.0, "share_won": 0.1},
    "attribute_accuracy": {"difference": 0.04, "low": -0.01, "high": 0.09, "share_won": 0.9},
    "incident_f1": {"difference": None, "low": None, "high": None, "share_won": None},
}


def row(part: str, **more: Any) -> dict[str, Any]:
    headline = {name: {"value": 0.7, "low": 0.6, "high": 0.8} for name in MEASURES}
    costs = {"seconds": 90.0, "n_trainings": 1, "commits": ["0123abc"], "n_left_out": 3}
    return {"part": part, "n_train": 4, "seeds": [1], "headline": headline, **costs, **more}


def compared(part: str, **more: Any) -> dict[str, Any]:
    return row(part, over_packaged=OVER, over_packaged_seeds=[1], **verdict(OVER), **more)


def page(*rows: dict[str, Any]) -> str:
    return markdown({"provenance": SOURCE, "seeds": [1, 2], "seconds": 1234.5, "rows": list(rows)})


def test_only_an_interval_without_0_tells_better_from_worse() -> None:
    assert verdict(OVER) == {"better": ["entity_f1"], "worse": ["trigger_f1"]}


def test_what_got_worse_stands_in_the_same_line_as_what_got_better() -> None:
    told = (
        "- [init] from words (seeds 1): better: entity F1 +0.020; worse: trigger F1 -0.030; "
        "open, the interval holding 0: argument F1 -0.010, attribute accuracy +0.040, incident F1 not measured."
    )
    assert told in page(row("packaged encoder"), compared("[init] from words"))


def test_differences_stand_with_their_intervals() -> None:
    assert "| +0.020 [+0.010, +0.030] | -0.030 [-0.050, -0.010] |" in page(compared("[init] from words"))


def test_that_nothing_got_better_is_said_too() -> None:
    worse = {name: OVER["trigger_f1"] for name in MEASURES}
    got = row("[joint] with words", over_packaged=worse, over_packaged_seeds=[1, 2], **verdict(worse))
    assert "- [joint] with words (seeds 1, 2): better: none; worse: entity F1 -0.030," in page(got)


def test_without_a_comparison_there_is_no_section_of_differences() -> None:
    assert "What got better" not in page(row("packaged encoder"))


def test_the_weights_and_the_files_are_named_by_their_hashes() -> None:
    start = {"model": "words-seed1", "config": "words", "trained_at": "9f", "weights_sha256": "aa11"}
    beside = {"config": "words", "files": {"words/train.txt": "bb22"}, "documents": 1574}
    rows = compared("[init] from words", started_from=start), compared("[joint] with words", learned_beside=beside)
    told = page(*rows)
    assert "the model words-seed1, trained at commit 9f; the SHA-256 of its weights is `aa11`." in told
    assert "1,574 documents of words/train.txt (SHA-256 `bb22`); left out as copies" in told


def test_a_row_of_an_earlier_run_is_named_with_its_commit_and_machine() -> None:
    told = page(row("packaged encoder"), compared("[init] from words", kept=True, machine="another machine"))
    assert "as it was trained there: [init] from words (commit 0123abc)." in told
    assert "Machine: a machine, 2 cores; another machine." in told
    assert "Kept from" not in page(row("packaged encoder"))


def test_what_is_missing_is_listed_with_its_seeds_and_what_makes_it() -> None:
    absent = {"part": "[joint] with words", "missing": "not run yet; run: this", "missing_seeds": [1, 2]}
    told = page(row("packaged encoder", missing="not run yet; run: that", missing_seeds=[2]), absent)
    assert "- packaged encoder, seeds 2: not run yet; run: that" in told
    assert "- [joint] with words, seeds 1, 2: not run yet; run: this" in told
    assert "| [joint] with words | missing |" in told


def test_the_page_says_what_five_articles_are_worth_and_where_it_comes_from() -> None:
    told = page(row("packaged encoder"))
    assert "Five articles are few: take the intervals" in told
    assert "Machine: a machine, 2 cores. Date: 2024-06-01. Seeds asked for: 1, 2." in told
    assert "Trainings took 1,234 seconds in all. Trained at commit: 0123abc. Written at commit: 0123abc." in told
