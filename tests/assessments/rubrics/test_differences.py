"""What differs between two rubrics: examples, and what holds for any two of them."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rubrics.differences import differences
from courses.catalogue.rules import criterion_shape
from courses.coursework import PublicCriterion, PublicLevel

LOW, HIGH = PublicLevel("Not yet", "Nothing.", "not-yet"), PublicLevel("Meets", "All of it.", "meets", "<p>So.</p>")
METHOD = PublicCriterion(
    "Method", "How.", "Diagnose", (LOW, HIGH), "meets", "method", ("report", "proof"), competency_key="diagnose"
)
WORDS = replace(METHOD, key="words", title="Words")


def _said(old: tuple[PublicCriterion, ...], new: tuple[PublicCriterion, ...]) -> list[tuple[str, str, bool]]:
    return [(one.criterion, one.words, one.is_structure) for one in differences(old, new)]


def test_criteria_come_and_go() -> None:
    assert _said((METHOD,), (WORDS,)) == [
        ("Words", "The criterion is new.", True),
        ("Method", "The criterion goes.", True),
    ]
    assert _said((METHOD, WORDS), (WORDS, METHOD)) == [("", "The criteria stand in another order.", True)]


def test_texts_are_wording() -> None:
    new = replace(METHOD, title="The method", levels=(LOW, replace(HIGH, descriptor="Everything.", exemplar_html="")))
    assert _said((METHOD,), (new,)) == [
        ("The method", "The title is reworded.", False),
        ("The method", "The level “Meets” is reworded.", False),
        ("The method", "The example of “Meets” goes.", False),
    ]
    assert [(one.before, one.after) for one in differences((METHOD,), (new,))] == [
        ("Method", "The method"),
        ("All of it.", "Everything."),
        ("", ""),
    ]


def test_everything_else_is_structure() -> None:
    more = PublicLevel("Exceeds", "More.", "exceeds")
    new = replace(
        METHOD,
        competency="Measure",
        competency_key="measure",
        judged_on=("proof",),
        levels=(HIGH, more),
        required_level="exceeds",
    )
    assert _said((METHOD,), (new,)) == [
        ("Method", "It judges “Measure” instead of “Diagnose”.", True),
        ("Method", "It is judged on proof instead of report, proof.", True),
        ("Method", "The level “Exceeds” is new.", True),
        ("Method", "The level “Not yet” goes.", True),
        ("Method", "It is demonstrated from “Exceeds” up instead of “Meets”.", True),
    ]


_WORD = st.sampled_from(("a", "b"))
_KEYS = st.permutations(("one", "two", "three")).flatmap(lambda keys: st.integers(1, 3).map(lambda n: keys[:n]))


@st.composite
def _criteria(draw: st.DrawFn) -> tuple[PublicCriterion, ...]:
    return tuple(
        PublicCriterion(
            title=draw(_WORD),
            description=draw(_WORD),
            competency=draw(_WORD),
            levels=tuple(PublicLevel(draw(_WORD), draw(_WORD), level, draw(_WORD)) for level in draw(_KEYS)),
            required_level=draw(_WORD),
            key=key,
            judged_on=tuple(sorted(draw(_KEYS))),
            competency_key=draw(_WORD),
        )
        for key in draw(_KEYS)
    )


@given(old=_criteria(), new=_criteria())
@settings(max_examples=100)
def test_structure_is_what_a_minor_version_may_not_change(
    old: tuple[PublicCriterion, ...], new: tuple[PublicCriterion, ...]
) -> None:
    found = differences(old, new)
    shapes = [tuple(map(criterion_shape, one)) for one in (old, new)]
    assert any(one.is_structure for one in found) is (shapes[0] != shapes[1])
    assert (found == ()) is (old == new)


@given(rubric=_criteria(), title=_WORD, place=st.integers(0, 2))
@settings(max_examples=50)
def test_one_reworded_text_is_one_difference(rubric: tuple[PublicCriterion, ...], title: str, place: int) -> None:
    at = place % len(rubric)
    new = (*rubric[:at], replace(rubric[at], title=title), *rubric[at + 1 :])
    found = differences(rubric, new)
    assert [(one.before, one.after) for one in found] == ([] if new == rubric else [(rubric[at].title, title)])
    assert not any(one.is_structure for one in found)
