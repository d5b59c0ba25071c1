"""Role fillers and templates compared by hand, the empty cases among them."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.schema import Schema
from tocsin.data.types import Article, Document, Filler, Span, Template
from tocsin.train.counts import Counts, total
from tocsin.train.filler_scores import TYPE, count_fillers, count_templates, normalised, without_mentions

TEXT = (
    "Gunmen of the River Front left a car bomb at the Osk bank. The gunmen fled. "
    "A second car-bomb, the bomb said to be larger, hurt two guards at the mill."
)
ARTICLE = Article(TEXT, id="a1")
SCHEMA = Schema(
    entity_labels=("Weapon", "Target", "PerpInd", "City"),
    fillers=("Weapon", "Target", "PerpInd"),
    template_types=("bombing", "arson"),
)


def filler(role: str, *surfaces: str) -> Filler:
    spans = tuple(Span(TEXT.index(surface), TEXT.index(surface) + len(surface), role) for surface in surfaces)
    return Filler(role, max(surfaces, key=len), spans)


def given_fillers(*fillers: Filler) -> Document:
    return Document(ARTICLE, fillers=fillers)


def given_templates(*templates: Template) -> Document:
    return Document(ARTICLE, templates=templates)


def template(name: str, *fillers: Filler) -> Template:
    return Template(name, fillers)


GUNMEN = filler("PerpInd", "Gunmen", "gunmen")
BOMB = filler("Weapon", "car bomb", "the bomb")
SECOND = filler("Weapon", "car-bomb")
BANK = filler("Target", "Osk bank")
MILL = filler("Target", "the mill")


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ('The "Osk" Bank,', "osk bank"),
        ("car-bomb", "carbomb"),
        ("  a   theatre of an army ", "theatre of army"),
        ("the", ""),
        ("“Osk” bank", "“osk” bank"),
    ],
    ids=["case, quotes and article", "nothing in the place of a hyphen", "white space", "nothing left", "ASCII only"],
)
def test_mentions_are_compared_without_case_punctuation_and_articles(mention: str, expected: str) -> None:
    assert normalised(mention) == expected


def test_a_filler_with_some_of_gold_s_mentions_is_right() -> None:
    tally = count_fillers(given_fillers(BOMB), given_fillers(filler("Weapon", "the bomb")), SCHEMA.fillers)
    assert tally == {"Weapon": Counts(1, 1, 1), "Target": Counts(), "PerpInd": Counts()}


def test_a_mention_counts_by_its_string_wherever_it_stands() -> None:
    gold, predicted = filler("PerpInd", "Gunmen"), filler("PerpInd", "The gunmen")
    assert count_fillers(given_fillers(gold), given_fillers(predicted), ("PerpInd",))["PerpInd"] == Counts(1, 1, 1)


def test_a_filler_with_a_mention_more_than_gold_is_wrong() -> None:
    tally = count_fillers(given_fillers(SECOND), given_fillers(filler("Weapon", "car-bomb", "the bomb")), ("Weapon",))
    assert tally["Weapon"] == Counts(0, 1, 1)


def test_a_filler_that_mixes_two_gold_fillers_is_right_for_neither() -> None:
    mixed = filler("Target", "Osk bank", "the mill")
    assert count_fillers(given_fillers(BANK, MILL), given_fillers(mixed), ("Target",))["Target"] == Counts(0, 1, 2)


def test_two_gold_fillers_with_the_same_string_need_a_predicted_one_each() -> None:
    gold = given_fillers(filler("Weapon", "car bomb"), filler("Weapon", "car bomb"))
    one, two = given_fillers(filler("Weapon", "car bomb")), gold
    assert count_fillers(gold, one, ("Weapon",))["Weapon"] == Counts(1, 1, 2)
    assert count_fillers(gold, two, ("Weapon",))["Weapon"] == Counts(2, 2, 2)


def test_of_two_predicted_fillers_for_one_gold_filler_one_is_right() -> None:
    parts = given_fillers(filler("Weapon", "car bomb"), filler("Weapon", "the bomb"))
    assert count_fillers(given_fillers(BOMB), parts, ("Weapon",))["Weapon"] == Counts(1, 2, 1)


def test_the_alignment_is_the_best_and_not_the_first() -> None:
    wide, narrow = filler("Weapon", "car bomb", "the bomb"), filler("Weapon", "car bomb")
    predicted = given_fillers(filler("Weapon", "car bomb"), filler("Weapon", "the bomb"))
    assert count_fillers(given_fillers(wide, narrow), predicted, ("Weapon",))["Weapon"] == Counts(2, 2, 2)


def test_a_filler_of_another_role_is_spurious_there_and_missed_here() -> None:
    tally = count_fillers(given_fillers(BANK), given_fillers(filler("Weapon", "Osk bank")), SCHEMA.fillers)
    assert (tally["Target"], tally["Weapon"]) == (Counts(0, 0, 1), Counts(0, 1, 0))


def test_a_filler_without_spans_is_compared_by_its_text() -> None:
    assert count_fillers(given_fillers(BANK), given_fillers(Filler("Target", "osk bank", ())), ("Target",)) == {
        "Target": Counts(1, 1, 1)
    }
    assert count_fillers(given_fillers(BANK), given_fillers(Filler("Target", "", ())), ("Target",)) == {
        "Target": Counts(0, 1, 1)
    }


def test_nothing_gold_and_nothing_predicted_is_not_defined() -> None:
    tally = count_fillers(given_fillers(), given_fillers(), SCHEMA.fillers)
    assert tally == dict.fromkeys(SCHEMA.fillers, Counts())
    assert math.isnan(total(tally).f1)


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [(given_fillers(BANK), given_fillers()), (given_fillers(), given_fillers(BANK))],
    ids=["nothing predicted", "nothing gold"],
)
def test_one_empty_side_is_zero(gold: Document, predicted: Document) -> None:
    assert total(count_fillers(gold, predicted, SCHEMA.fillers)).f1 == 0.0


def test_a_template_is_right_in_its_type_and_in_each_of_its_fillers() -> None:
    gold, predicted = template("bombing", BOMB, BANK, GUNMEN), template("bombing", BOMB, MILL)
    assert count_templates(given_templates(gold), given_templates(predicted), SCHEMA) == {
        TYPE: Counts(1, 1, 1),
        "Weapon": Counts(1, 1, 1),
        "Target": Counts(0, 1, 1),
        "PerpInd": Counts(0, 0, 1),
    }


def test_templates_of_two_types_have_nothing_in_common() -> None:
    tally = count_templates(
        given_templates(template("arson", BANK)), given_templates(template("bombing", BANK)), SCHEMA
    )
    assert (tally[TYPE], tally["Target"]) == (Counts(0, 1, 1), Counts(0, 1, 1))


@pytest.mark.parametrize("name", ["bombing", "arson", "bombing / arson"])
def test_of_a_gold_type_that_names_two_either_will_do(name: str) -> None:
    gold = given_templates(template("bombing / arson", BANK))
    assert count_templates(gold, given_templates(template(name, BANK)), SCHEMA)["Target"] == Counts(1, 1, 1)


def test_templates_are_aligned_so_that_the_most_slots_are_right() -> None:
    gold = given_templates(template("bombing", BANK), template("bombing", BANK, BOMB, GUNMEN))
    predicted = given_templates(template("bombing", BANK, BOMB), template("bombing"))
    tally = count_templates(gold, predicted, SCHEMA)
    assert tally == {
        TYPE: Counts(2, 2, 2),
        "Weapon": Counts(1, 1, 1),
        "Target": Counts(1, 1, 2),
        "PerpInd": Counts(0, 0, 1),
    }


def test_all_slots_of_a_template_without_a_partner_count_against_it() -> None:
    gold = given_templates(template("bombing", BANK))
    predicted = given_templates(template("bombing", BANK), template("bombing", MILL, SECOND), template("arson", MILL))
    tally = count_templates(gold, predicted, SCHEMA)
    assert (tally[TYPE], tally["Target"], tally["Weapon"]) == (Counts(1, 3, 1), Counts(1, 3, 1), Counts(0, 1, 0))


def test_no_templates_on_either_side_are_not_defined_and_on_one_side_zero() -> None:
    nothing, one = given_templates(), given_templates(template("arson"))
    assert math.isnan(total(count_templates(nothing, nothing, SCHEMA)).f1)
    assert total(count_templates(one, nothing, SCHEMA)) == Counts(0, 0, 1)
    assert total(count_templates(nothing, one, SCHEMA)).f1 == 0.0


def test_entities_that_are_mentions_of_fillers_are_left_out_and_others_kept() -> None:
    mention, city = Span(0, 6, "PerpInd"), Span(14, 19, "City")
    assert without_mentions(Document(ARTICLE, (mention, city)), SCHEMA).entities == (city,)
    tagged = Document(ARTICLE, (mention, city))
    assert without_mentions(tagged, Schema(entity_labels=("PerpInd", "City"))) == tagged


SURFACES = ("car bomb", "the bomb", "Osk bank", "the mill", "gunmen", "guards")
FILLERS = st.builds(
    lambda role, surfaces: filler(role, *surfaces),
    st.sampled_from(SCHEMA.fillers),
    st.lists(st.sampled_from(SURFACES), min_size=1, max_size=3),
)
TEMPLATES = st.lists(
    st.builds(lambda name, found: template(name, *found), st.sampled_from(SCHEMA.template_types), st.lists(FILLERS)),
    max_size=3,
)


@given(st.lists(FILLERS), TEMPLATES)
def test_what_is_compared_with_itself_is_right_in_full(
    fillers: Sequence[Filler], templates: Sequence[Template]
) -> None:
    both = Document(ARTICLE, fillers=tuple(fillers), templates=tuple(templates))
    for tally in (count_fillers(both, both, SCHEMA.fillers), count_templates(both, both, SCHEMA)):
        assert all(counts.n_matched == counts.n_predicted == counts.n_gold for counts in tally.values())


@given(TEMPLATES, TEMPLATES)
def test_no_alignment_has_more_right_than_all_fillers_of_one_type_have(
    gold: Sequence[Template], predicted: Sequence[Template]
) -> None:
    found = total(count_templates(given_templates(*gold), given_templates(*predicted), SCHEMA))
    bound = 0
    for name in SCHEMA.template_types:
        sides = [[one for one in side if one.type == name] for side in (gold, predicted)]
        pools = [given_fillers(*(each for one in side for each in one.fillers)) for side in sides]
        bound += min(map(len, sides)) + total(count_fillers(pools[0], pools[1], SCHEMA.fillers)).n_matched
    assert found.n_matched <= bound
    assert found.n_gold == sum(1 + len(one.fillers) for one in gold)
