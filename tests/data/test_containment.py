"""Sentences are found within their articles, whatever the white space, and nothing is found by chance."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.containment import MIN_RUNS, Containment, containments

SENTENCE = "Two drones hit the fuel depot at Camp Vale late on Tuesday, the ministry of defence said."
OTHER = "A rocket fell short of the runway at Port Selm on Friday and nobody was hurt, police said."
ARTICLE = f"Orle, 3 May. {OTHER}\n\n{SENTENCE}\n\nThe governor called for calm and promised to rebuild what was lost."

words = st.lists(st.sampled_from([f"word{number}" for number in range(400)]), min_size=40, max_size=60, unique=True)


def found(texts: list[str], others: list[str]) -> list[Containment[int, int]]:
    return list(containments(list(enumerate(texts)), list(enumerate(others))))


def test_a_sentence_is_found_within_its_article_and_an_article_around_its_sentence() -> None:
    assert found([ARTICLE], [SENTENCE]) == [Containment(0, 0, is_part=True)]
    assert found([SENTENCE], [ARTICLE]) == [Containment(0, 0, is_part=False)]


def test_case_marks_and_white_space_make_no_difference() -> None:
    assert found([ARTICLE], [SENTENCE.upper().replace(",", " -").replace(" ", "\n")])


def test_a_text_that_is_only_in_part_the_same_is_not_found() -> None:
    half = SENTENCE.split(" late ")[0] + " while the guards of the night shift were asleep in their huts, it was said."
    assert found([ARTICLE], [half, "The governor of Orle has said nothing of it so far, and nor has the army."]) == []


def test_what_is_too_short_to_tell_is_not_found() -> None:
    short = "the ministry of defence said"
    assert found([ARTICLE], [short, "", "drones"]) == []
    assert found([short, "", "drones"], [ARTICLE]) == []
    assert found([], [ARTICLE]) == []


def test_of_several_all_are_told() -> None:
    assert found([OTHER, "drones", SENTENCE], [ARTICLE]) == [
        Containment(0, 0, is_part=False), Containment(0, 2, is_part=False)
    ]  # fmt: skip
    assert [each.key for each in found([ARTICLE, OTHER, SENTENCE], [SENTENCE])] == [0, 2]


def test_a_phrase_that_many_texts_have_hides_none_of_them() -> None:
    texts = [" ".join([SENTENCE, *(f"more{number}of{place}" for place in range(20))]) for number in range(50)]
    assert found(texts, [texts[49]]) == [Containment(0, 49, is_part=True)]


@given(words, st.integers(0, 40), st.integers(MIN_RUNS + 4, 30))
def test_every_stretch_that_is_long_enough_is_found(text: list[str], start: int, length: int) -> None:
    part = text[start : start + length]
    is_long_enough = len(part) >= MIN_RUNS + 4
    assert bool(found([" ".join(text)], [" ".join(part)])) == is_long_enough


@given(words, words)
def test_texts_without_a_common_run_are_never_found(left: list[str], right: list[str]) -> None:
    assert found([" ".join(left)], [" ".join(f"other{word}" for word in right)]) == []
