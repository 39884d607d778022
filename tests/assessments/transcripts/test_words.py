"""What is said of a line, in words."""

import pytest

from assessments.transcripts.words import say_mode, say_place, say_subjects
from tests.assessments.transcripts.factory import full_line, line


@pytest.mark.parametrize(
    ("mode", "delivery", "said"),
    [
        ("in_person", "two evenings a week", "in person (two evenings a week)"),
        ("self_paced", "Online, self-paced within the week", "Online, self-paced within the week"),
        ("live_online", "", "live online"),
        ("", "by post", "by post"),
        ("", "", ""),
    ],
)
def test_the_mode_is_said_once(mode: str, delivery: str, said: str) -> None:
    assert say_mode(line(mode=mode, delivery=delivery)) == said


def test_online_has_no_other_place() -> None:
    assert [say_place(line(mode=mode)) for mode in ("live_online", "in_person", "")] == ["online", "", ""]
    assert say_place(full_line()) == "12 Quay Street, room 4"


def test_several_subjects_are_said_with_their_minutes() -> None:
    assert say_subjects(line(category="ethics")) == ["Ethics"]
    assert say_subjects(full_line()) == ["Laws and rules (Florida) 60", "Technical 90"]
