"""What is chosen for a document: read, or refused beside the field."""

from datetime import date
from typing import Any

import pytest

from assessments.transcripts.choosing import DocumentForm, read_choice
from assessments.transcripts.scope import WHOLE, Options, Scope
from fourweek.errors import Invalid
from fourweek.settings import PaperSize

LETTER = PaperSize.LETTER


def test_nothing_chosen_is_the_whole_record() -> None:
    assert read_choice(DocumentForm(), LETTER) == (WHOLE, Options())
    assert DocumentForm().is_plain


def test_everything_chosen() -> None:
    form = DocumentForm(
        what="courses", courses=("b", "a", "b"), licences=("2", "1"), stated=True, hide_names=True, paper="a4"
    )
    chosen = Options(paper=PaperSize.A4, licences=("1", "2"), stated=True, names=False)
    assert read_choice(form, LETTER) == (Scope(courses=("a", "b")), chosen)
    assert not form.is_plain


@pytest.mark.parametrize(
    ("typed", "scope"),
    [
        ({"since": "2025-01-01", "until": "2026-12-31"}, Scope(since=date(2025, 1, 1), until=date(2026, 12, 31))),
        ({"since": "2025-01-01"}, Scope(since=date(2025, 1, 1))),
        ({"until": "2025-01-01"}, Scope(until=date(2025, 1, 1))),
    ],
)
def test_a_period_has_a_first_day_a_last_or_both(typed: dict[str, Any], scope: Scope) -> None:
    assert read_choice(DocumentForm(what="period", **typed), LETTER)[0] == scope


def test_days_count_only_for_a_period_and_ticks_only_for_courses() -> None:
    typed = DocumentForm(what="whole", courses=("a",), since="2025-01-01")
    assert read_choice(typed, LETTER)[0] == WHOLE


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"what": "all"}, "what"),
        ({"what": "courses"}, "courses"),
        ({"what": "period"}, "since"),
        ({"what": "period", "since": "1/2/2025"}, "since"),
        ({"what": "period", "since": "2025-02-30"}, "since"),
        ({"what": "period", "since": "2025-02-02", "until": "2025-02-01"}, "until"),
        ({"paper": "legal"}, "paper"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(typed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_choice(DocumentForm(**typed), LETTER)
    assert list(caught.value.fields) == [field]
