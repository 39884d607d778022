"""Attendance that a line keeps in English is said to its reader."""

import pytest

from assessments.transcripts.attended import say_attended
from assessments.transcripts.record import say_attendance
from fourweek.language import speaking


@pytest.mark.parametrize("facts", [(1, 0, 1), (3, 0, 4), (2, 1, 4)])
def test_what_a_line_keeps_is_known_again(facts: tuple[int, int, int]) -> None:
    kept = say_attendance(*facts)
    assert say_attended(kept) == kept
    with speaking("es"):
        assert say_attended(kept).startswith(f"Asistencia a {facts[0]} de {facts[2]} ")


def test_other_words_stand_as_they_were_kept() -> None:
    with speaking("ar"):
        assert say_attended("Attended by video") == "Attended by video"
