"""Sentences end where a reader of news would end them, and nothing is lost between them."""

import doctest
from importlib import import_module
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.sentences import sentences
from tocsin.data.words import words

# "¦" stands where a sentence should end; the text is what is left without it.
CASES = {
    "plain": "Two drones hit Camp Vale.¦ No one was hurt.",
    "one sentence": "Two drones hit Camp Vale",
    "question": "Who fired first?¦ Neither side would say.",
    "exclamation": "They are inside the wire!¦ The guards ran.",
    "run of marks": "They did what?!¦ The minister did not answer.",
    "number after": "The depot burned.¦ 14 men were inside.",
    "year before": "The post was built in 2011.¦ It was never taken.",
    "hyphenated opener": "The pier was struck.¦ Iran-backed fighters took credit.",
    "three in a row": "Jets came.¦ Jets left.¦ Smoke stayed.",
    "two spaces": "The jets came.¦  They left.",
    "no-break space": "The jets came.¦\u00a0They left.",
    "other script": "سقطت الطائرة.¦ قتل جنديان.",
    "Arabic question": "من أطلق النار؟¦ لا أحد يعرف.",
    # abbreviations
    "U.S. before a noun": "Rockets fell near U.S. troops in the valley.",
    "U.S. before a name": "A spokesman for U.S. Central Command declined to comment.",
    "U.S. before an opener": "The jet was built in the U.S.¦ The crew was not.",
    "U.S. possessive": "It was the U.S.'s third raid.",
    "U.S. compound": "A U.S.-led patrol was ambushed.",
    "U.S. with comma": "In the U.S., the hearing went on.",
    "U.N. before a verb": "The U.N. has asked for a pause.",
    "U.K. before officials": "The tanker is owned in the U.K.¦ Officials in Norland said it is safe.",
    "D.C. in a dateline": "WASHINGTON, D.C. — The general has resigned.",
    "initial in a name": "The letter was signed by John F. Kennedy himself.",
    "initial first": "Major J. Smith led the patrol.",
    "two initials": "The memo by R. A. Fisk was leaked.",
    "initial that is a word": "They quoted J. A. Holt on the strike.",
    "unit letter": "The shells hit Battery B.¦ The rest of the line held.",
    "title": "Gen. Orlov denied it.",
    "lower-case title": "They met lt. col. Haas at the gate.",
    "titles in a row": "He serves under Brig. Gen. Sami Darr and Lt. Col. Haas.",
    "title before an opener": "The order came from Maj. He Jun.",
    "doctor": "Dr. Amal treated the wounded, Mr. Oduya said.",
    "governor and senator": "Gov. Pell and Sen. Ruiz toured the base with Rep. Stone.",
    "saint": "The shell landed near St. Anne church.",
    "number": "Hangar No. 3 was destroyed.",
    "no as an answer": "Asked whether it was hit, he said no.¦ The minister said yes.",
    "versus": "It was drones vs. Tanks from the start.",
    "etc. inside": "Rifles, mortars, etc. were seized.",
    "etc. at the end": "They seized rifles, mortars, etc.¦ They left the trucks.",
    "e.g. and i.e.": "Some weapons, e.g. mortars, i.e. Type 63 tubes, were old.",
    "approximately": "The blast, approx. 40 km away, was heard.",
    "company": "Vale Air Inc. Chairman Holt flew in on a Kestrel Co. Ltd. plane.",
    "company at the end": "The drones were made by Kestrel Ltd.¦ It denied selling them.",
    "et al.": "The count follows Darr et al. Norland disputes it.",
    "month": "The base fell on Oct. 7 and was retaken on Dec. 1.",
    "month at the end": "They left in Sept.¦ After that, the camp stood empty.",
    "clock": "The alarm went at 4 a.m. Saturday.",
    "clock before lower case": "It fell at 5 p.m. local time.",
    "clock at the end": "The siren stopped at 9 p.m.¦ At dawn it rose again.",
    "abbreviation in quotes": "They want “the end of the U.S.” Colonel Haas said.",
    "abbreviation in brackets": "The United Nations (U.N.) Mission has left.",
    # numbers
    "decimal": "A 3.5 ton truck blew up.",
    "calibre": "Shots of .50 calibre were heard.",
    "thousands": "Some 1.200 men were sent.",
    "numbered item": "1. The first drone fell short.",
    "numbered items in a line": "The list:¦\n1. Drones.¦ 2. Rockets.",
    "lettered item": "(b. The second one hit.",
    # dots of other kinds
    "ellipsis inside": "We will... not stop.",
    "ellipsis at the end": "They waited...¦ Nothing came.",
    "ellipsis sign": "They waited…¦ Nothing came.",
    "ellipsis first": "... and then the roof fell.",
    "bracketed ellipsis": "The group [...] fired at dawn.",
    "stray stop": "The militia struck in Syria. .¦ Nobody was hurt.",
    "stray stop at the end": "The militia struck in Syria. .",
    "double stop": "The militia struck in Syria..¦ Nobody was hurt.",
    "space before the stop": "The militia struck in Syria .¦ Nobody was hurt.",
    "footnote": "The militia struck in Syria.[3]¦ Nobody was hurt.",
    "hidden character": "The militia struck in Syria.\u200b¦ Nobody was hurt.",
    "time zone": "The alarm went at 4:30 EST.¦ Nobody was hurt.",
    # quotes and brackets
    "curly quote stays": "“They hit us in Syria.”¦ The base is closed.",
    "straight quote stays": '"They hit us in Syria."¦ The base is closed.',
    "single quote stays": "‘They hit us.’¦ The base is closed.",
    "bracket stays": "The jets left (they always do.)¦ The smoke stayed.",
    "quote and bracket stay": "The jets left (“for good.”)¦ The smoke stayed.",
    "stop after the quote": "They spoke of “a warning”.¦ The army did not.",
    "stop on both sides of the quote": "“It was a warning.”.¦ The army did not react.",
    "opening quote starts": "The base is closed.¦ “They hit us twice,” he said.",
    "straight opening quote starts": 'The base is closed.¦ "They hit us twice," he said.',
    "opening bracket starts": "It was the third raid in May.¦ (With agencies)",
    "quote before lower case": '"It fell." he said.',
    "curly quote before lower case": "“Did it fall?” asked the guard.",
    "exclamation before lower case": "“Down!” shouted the guard.",
    "quote before a dash": "“Is it over?” – he did not know.",
    "quotes across": "“It fell.¦ We saw it.” the farmer said.",
    "guillemets": "« Ils ont tiré. »¦ Le camp est fermé.",
    "guillemets without space": "«They fired.»¦ The camp is closed.",
    "German quotes": "„Sie kamen nachts.“¦ Das Lager ist leer.",
    "German guillemets": "Das Lager ist leer.¦ »Wir bleiben«, sagte er.",
    "stray closing quote": "They fired drones.”¦ “The army fired back.",
    "comma after the quote": "“It fell.”, he said.",
    # lower case after the stop
    "lower case after a word": "“It is a mistake,” he said.¦ the spokesperson repeated.",
    "lower case after a name": "The flight to Erbil. was delayed.",
    "Arabic article": "The jets left Syria.¦ al-Noor base was empty.",
    "lower case after a dash": "The jets left. – as they always do",
    # missing spaces
    "missing space": "It was claimed by the group.¦The army denied it.",
    "missing space after a quote": "“We hit the base.”¦The army denied it.",
    "missing space before a quote": "The army denied it.¦“We hit the base,” they said.",
    "missing space after a name": "It was claimed by NLA.¦The army denied it.",
    "missing space after an abbreviation": "They flew from the U.S.¦The crew is safe.",
    "abbreviation without space": "Mr.Holt met Gen.Orlov in St.Anne.",
    "missing space in a quote that goes on": "“We hit the base.”he said.",
    "site": "Source: www.Vale-News.De",
    "bare domain": "Reported first by Norland.Com on Monday.",
    "lower-case domain": "More at valenews.com and norland.org today.",
    "address": "Read https://vale.example/Raid.Html for more.",
    "mail": "Write to desk@Vale.Example today.",
    "version": "A Type.63 tube and a Mk.IV were found.",
    # layout
    "headline": "Drones hit Camp Vale¦\n\nTwo drones hit the camp on Monday.",
    "headline after U.S.": "Drones hit base of the U.S.¦\nOfficers say two fell short.",
    "dateline": "ERBIL, Kurdistan Region - A drone fell.¦ It did not explode.",
    "dateline with agency": "NORDHAVN, Nov. 5 (AFP) - Rockets fell on the port.",
    "agency credit": "The port is shut.¦ (AFP)",
    "time stamps": "14:05 GMT – The port is shut, police say.¦\n13.40 GMT – Blast heard at the port.",
    "bullets": "• Two drones fell¦\n• One was shot down.¦\n- The camp is shut",
    "colon": "The army named the sites: Camp Vale; Fort Noor; the pier.",
    "caption": "Smoke over the pier on May 3.¦ Photo: AFP¦\nNORDHAVN - The pier burned.",
    "windows line breaks": "The pier burned¦\r\nNobody was hurt¦\r\n\r\nRead also",
    "line separator": "The pier burned¦\u2028Nobody was hurt",
    "missing full stop": "The pier burned¦\nNobody was hurt",
}

FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *["The base", "it", "U.S", "Gen", "No", "7", "etc", "Syria", "www.vale.com", "al-Noor", "J", "über", "قصف"],
            *[".", ". .", "...", "…", "?!", "!", ",", ";", "—", "-", "”", "“", '"', "’", "(", ")", "»", "«", "_", "•"],
            *[" ", " ", " ", " ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "x" * 60],
        ]
    ),
    max_size=60,
).map("".join)
ANY_TEXT = st.one_of(FRAGMENTS, st.text())
MAX_WORDS = st.one_of(st.just(400), st.integers(1, 9))


def surfaces(text: str, *, max_words: int = 400) -> list[str]:
    return [text[start:end] for start, end in sentences(text, max_words=max_words)]


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_a_sentence_ends_where_a_reader_would_end_it(marked: str) -> None:
    assert surfaces(marked.replace("¦", "")) == [sentence.strip() for sentence in marked.split("¦")]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n\u00a0"])
def test_a_text_of_white_space_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


WRAPPED = """DRONES HIT CAMP

Two drones struck a depot of the Northern Army near the town of Vale on
Monday, and a third one was shot down before it reached the camp of the U.S.
army there. Officials said that nobody was hurt, though the windows of the
school next door were blown out. The army
did not comment.

Fighters of the Vale Front took credit for the raid in a statement, which
named:
- the depot at the northern gate of the camp, which burned until noon
- the mast
"""


def test_in_a_hard_wrapped_text_a_line_break_is_white_space() -> None:
    assert [sentence.replace("\n", " ") for sentence in surfaces(WRAPPED)][:4] == [
        "DRONES HIT CAMP",
        "Two drones struck a depot of the Northern Army near the town of Vale on Monday, "
        "and a third one was shot down before it reached the camp of the U.S. army there.",
        "Officials said that nobody was hurt, though the windows of the school next door were blown out.",
        "The army did not comment.",
    ]


def test_in_a_hard_wrapped_text_a_bullet_starts_a_sentence() -> None:
    assert surfaces(WRAPPED)[-2:] == [
        "- the depot at the northern gate of the camp, which burned until noon",
        "- the mast",
    ]


def test_a_hard_wrapped_text_with_windows_line_breaks_is_split_alike() -> None:
    windows_text = WRAPPED.replace("\n", "\r\n")
    assert [sentence.replace("\r\n", "\n") for sentence in surfaces(windows_text)] == surfaces(WRAPPED)


def test_headlines_as_long_as_wrapped_lines_stay_apart() -> None:
    headlines = [
        "Two Drones Strike Northern Army Depot Near Vale As Talks Resume",
        "Vale Front Takes Credit for Raid and Names Three Other Targets",
        "Norland Minister Calls for Calm After the Third Raid in a Week",
        "Port of Nordhavn Shut for a Second Day After Blast at the Pier",
    ]
    assert surfaces("\n".join(headlines)) == headlines


def test_paragraphs_of_one_line_each_stay_apart() -> None:
    paragraphs = [f"The army said on day {day} that the camp was quiet, and nobody believed it" for day in range(4)]
    assert surfaces("\n".join(paragraphs)) == paragraphs


def test_a_sentence_as_long_as_the_limit_is_whole() -> None:
    assert surfaces("one two three four five .", max_words=6) == ["one two three four five ."]


def test_too_long_a_sentence_is_cut_after_the_last_clause_mark_before_the_limit() -> None:
    assert surfaces("a b, c d, e f g h, i", max_words=8) == ["a b, c d,", "e f g h, i"]


@pytest.mark.parametrize("mark", [";", ":", ",", ")", "]", " –", " -", "—"])
def test_each_clause_mark_is_a_place_to_cut(mark: str) -> None:
    assert surfaces(f"a b c d{mark} e f g h i", max_words=8) == [f"a b c d{mark}", "e f g h i"]


def test_a_clause_mark_in_the_first_half_is_no_place_to_cut() -> None:
    assert surfaces("a, b c d e f g h i", max_words=8) == ["a, b c d e f g", "h i"]


@pytest.mark.parametrize("inner", ["1,000", "al-Noor", "14:05", "2020–2023"])
def test_a_mark_inside_a_number_or_a_name_is_no_place_to_cut(inner: str) -> None:
    assert surfaces(f"a b c d {inner} e f g", max_words=8) == [f"a b c d {inner} e", "f g"]


def test_without_clause_marks_the_cut_is_at_the_limit() -> None:
    assert [len(part.split()) for part in surfaces("word " * 1000)] == [400, 400, 200]


def test_a_limit_below_one_word_is_refused() -> None:
    with pytest.raises(ValueError, match="max_words 0; expected at least 1"):
        sentences("Two drones fell.", max_words=0)


def seconds(text: str) -> float:
    start = process_time()
    sentences(text)
    return process_time() - start


@pytest.mark.parametrize(
    "unit", [".", ". ", "! - ", "a. ", "a.Aa", ".” ", "\n ", ".\n", "x", ". ) ", "U.S. The ", ".  "]
)
def test_the_work_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    # four times the text is sixteen times the work if a search looks back or ahead too far
    assert seconds(unit * 40_000) < 10 * max(seconds(unit * 10_000), 0.05)


@given(ANY_TEXT, MAX_WORDS)
def test_sentences_are_in_order_and_disjoint(text: str, max_words: int) -> None:
    spans = sentences(text, max_words=max_words)
    assert all(start < end for start, end in spans)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


@given(ANY_TEXT, MAX_WORDS)
def test_sentences_cover_all_but_white_space(text: str, max_words: int) -> None:
    covered = {index for start, end in sentences(text, max_words=max_words) for index in range(start, end)}
    assert all(character.isspace() for index, character in enumerate(text) if index not in covered)


@given(ANY_TEXT, MAX_WORDS)
def test_sentences_have_no_white_space_at_their_ends(text: str, max_words: int) -> None:
    assert all(surface == surface.strip() for surface in surfaces(text, max_words=max_words))


@given(ANY_TEXT, MAX_WORDS)
def test_the_words_of_the_sentences_are_the_words_of_the_text(text: str, max_words: int) -> None:
    spans = sentences(text, max_words=max_words)
    assert [(start + a, start + b) for start, end in spans for a, b in words(text[start:end])] == words(text)


@given(ANY_TEXT, st.integers(1, 9))
def test_no_sentence_has_more_words_than_the_limit(text: str, max_words: int) -> None:
    assert all(len(words(surface)) <= max_words for surface in surfaces(text, max_words=max_words))


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(import_module("tocsin.data.sentences")).failed == 0
