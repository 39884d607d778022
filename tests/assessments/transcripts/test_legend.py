"""The legend: every rule that was used, and marks only where one is."""

from fractions import Fraction

from assessments.credit.rulebook import CEU_NEAREST, load_rule
from assessments.transcripts.legend import legend_rows
from assessments.transcripts.parts import LineStatus
from courses.packages.models import CreditEvent
from tests.assessments.transcripts.factory import line, snapshot

CEU = load_rule(CEU_NEAREST)


def test_legend_names_the_rule_with_its_figures_and_source() -> None:
    (row,) = [row for row in legend_rows([CEU], marked=False) if row.term == "CEU (ceu-nearest-2018)"]
    assert row.meaning == (
        "One continuing education unit is 600 counted minutes, given in steps of 1/10, rounded to the nearest step, "
        f"a half upwards; nothing under 30 minutes. {CEU.source}"
    )
    assert CEU.step == Fraction(1, 10)


def test_legend_explains_marks_only_where_a_line_has_one() -> None:
    plain, marked = snapshot([line()]), snapshot([line(status=LineStatus.AMENDED)])
    assert [row.term for row in plain.legend] == [
        "Contact hour",
        "CEU (ceu-nearest-2018)",
        "Course and module",
        "Demonstrated",
        "Acceptance",
    ]
    assert [row.term for row in marked.legend if row not in plain.legend] == ["Marks"]


def test_legend_says_where_modules_are_rounded_apart() -> None:
    apart = snapshot([line(event=CreditEvent.MODULES)])
    assert [row.term for row in apart.legend if row not in snapshot([line()]).legend] == ["Modules apart"]


def test_types_beside_the_ceu_are_named_as_people_write_them() -> None:
    (row,) = [row for row in legend_rows([load_rule("hsw-2018")], marked=False) if "hsw-2018" in row.term]
    assert row.term == "LU/HSW Hour (hsw-2018)"
    assert row.meaning.startswith("One AIA learning unit hour (HSW) is 60 counted minutes")
