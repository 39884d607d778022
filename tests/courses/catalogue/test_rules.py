"""Which version may follow which, and minutes in words."""

from dataclasses import replace
from typing import Any

import pytest

from courses.catalogue.rules import Structure, number_problem, search_words, structure_problem
from courses.coursework import PublicAssignment, PublicCriterion, PublicLevel
from courses.schedule.words import say_minutes


def _assignment(*levels: str, title: str = "Note") -> PublicAssignment:
    shown = tuple(PublicLevel(level.title(), f"Words about {level}.", level) for level in levels)
    criterion = PublicCriterion("Method", "How.", "Diagnose", shown, levels[-1], "method")
    return PublicAssignment("note", title, 1, required=True, asks=("Report",), criteria=(criterion,))


SUBJECTS = ({"technical": 60}, {"ethics": 30, "technical": 60})
OLD = Structure((60, 90), (_assignment("not-yet", "meets"),), SUBJECTS)


@pytest.mark.parametrize(
    ("number", "digest", "says"),
    [
        ((1, 1), "b", ""),
        ((1, 2), "a", "Version 1.2 is published already, with other content. Choose a new number."),
        ((1, 2), "b", ""),
        ((1, 3), "c", ""),
        ((1, 0), "c", "Version 1.0 is older than 1.2, which is published. Give it a higher number."),
        ((2, 0), "c", ""),
    ],
)
def test_number_may_repeat_itself_or_rise(number: tuple[int, int], digest: str, says: str) -> None:
    assert number_problem(number, digest, {(1, 1): "b", (1, 2): "b"}) == says


def test_first_version_may_have_any_number() -> None:
    assert number_problem((3, 7), "a", {}) == ""


@pytest.mark.parametrize(
    ("new", "part"),
    [
        (Structure((60,), OLD.assignments), "the number of modules"),
        (Structure((60, 91), OLD.assignments), "the counted minutes of module 2"),
        (
            Structure((60, 90), (_assignment("not-yet", "meets", "exceeds"),), SUBJECTS),
            'the assignment "note" of module 1',
        ),
        (Structure((60, 90), (), SUBJECTS), 'the assignment "note" of module 1'),
        (Structure((60, 90), OLD.assignments, SUBJECTS[::-1]), "what the minutes of module 1 are about"),
        (replace(OLD, separate=True), "whether each module is a credit event of its own"),
    ],
)
def test_structure_needs_a_major_number(new: Structure, part: str) -> None:
    said = f"Version 1.3 changes {part} since 1.2, and that is more than wording. Give it the number 2.0."
    assert structure_problem((1, 3), new, (1, 2), OLD) == said
    assert structure_problem((2, 0), new, (1, 2), OLD) == ""


def test_wording_is_free() -> None:
    reworded = Structure((60, 90), (_assignment("not-yet", "meets", title="Another title"),), SUBJECTS)
    assert structure_problem((1, 3), reworded, (1, 2), OLD) == ""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (630, "10 hours 30 minutes"), (121, "2 hours 1 minute")],
)
def test_minutes_in_words(minutes: int, words: str) -> None:
    assert say_minutes(minutes) == words


def test_search_takes_each_word_once_and_at_most_eight() -> None:
    assert search_words("  Pump  pump Care ") == ("pump", "care")
    assert search_words("Maßstab ÜBUNG") == ("maßstab", "übung")
    assert len(search_words("a b c d e f g h i j")) == 8


def test_what_a_criterion_judges_and_on_what_is_structure() -> None:
    criterion = OLD.assignments[0].criteria[0]
    changes: tuple[dict[str, Any], ...] = ({"competency_key": "measure"}, {"judged_on": ("report",)})
    for changed in changes:
        new = replace(OLD.assignments[0], criteria=(replace(criterion, **changed),))
        assert structure_problem((1, 3), Structure((60, 90), (new,), SUBJECTS), (1, 2), OLD)
    orders = (("report", "proof"), ("proof", "report"))
    both = [replace(OLD.assignments[0], criteria=(replace(criterion, judged_on=keys),)) for keys in orders]
    assert structure_problem((1, 3), Structure((60, 90), (both[1],)), (1, 2), Structure((60, 90), (both[0],))) == ""
