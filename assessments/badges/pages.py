"""What the pages about badges show, in words."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from assessments.badges.checks import Check, Outcome, Verdict
from assessments.badges.sentences import say
from assessments.badges.shown import MyBadge, my_badges
from assessments.badges.snapshot import AchievementShown, CriterionShown, LevelShown
from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.stacking.progress import SeriesBegun, series_begun
from courses.paging import Pager, pager, query
from fourweek.accounts.access import Visitor
from fourweek.language import N_, _
from fourweek.light import dataclass

VERDICTS: Final[Mapping[Verdict, tuple[str, str]]] = {
    Verdict.VALID: (N_("Valid"), "good"),
    Verdict.SUPERSEDED: (N_("Superseded"), "warn"),
    Verdict.REVOKED: (N_("Revoked"), "bad"),
    Verdict.WITHDRAWN: (N_("Withdrawn"), "bad"),
    Verdict.ALTERED: (N_("Altered"), "bad"),
    Verdict.EXPIRED: (N_("Expired"), "warn"),
    Verdict.NOT_YET_VALID: (N_("Not valid yet"), "warn"),
    Verdict.ISSUER_UNKNOWN: (N_("Issuer unknown here"), "warn"),
    Verdict.CANNOT_CHECK: (N_("Cannot be checked here"), "warn"),
    Verdict.UNKNOWN: (N_("Unknown"), "bad"),
    Verdict.NOT_A_BADGE: (N_("Not a badge"), "bad"),
}
OUTCOMES: Final[Mapping[Outcome, tuple[str, str]]] = {
    Outcome.PASSED: (N_("Passed"), "good"),
    Outcome.FAILED: (N_("Failed"), "bad"),
    Outcome.NOT_RUN: (N_("Not looked at"), "plain"),
}


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion as `ui.rubric` shows it."""

    key: str
    title: str
    description: str
    required_level: str
    levels: tuple[LevelShown, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check: what was asked, its outcome in a word and its tone, and why."""

    title: str
    outcome: str
    tone: str
    detail: str


@dataclass(frozen=True, slots=True)
class AchievementPage:
    """What a badge says, whoever earned it. `course` names what it is the badge of: a course, or a series if there is a
    `series_code`, which has no `course_code` and no `credit` of its own. `language` is that of what it says."""

    id: str
    name: str
    description: str
    criteria: tuple[str, ...]
    course: str
    course_code: str
    credit: str
    rubric: tuple[CriterionRow, ...]
    institution: str
    series_code: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class MyBadgesPage:
    """`series` are those that the earner has begun, and whose own badge they do not have yet."""

    badges: tuple[MyBadge, ...]
    pager: Pager
    series: tuple[SeriesBegun, ...] = ()


def my_badges_page(conn: Connection, visitor: Visitor, number: int) -> MyBadgesPage:
    """The visitor's badges and the series they have begun; six statements."""
    badges, total = my_badges(conn, visitor, number)
    return MyBadgesPage(badges, pager(number, total, lambda n: query(page=n)), series_begun(conn, visitor))


def check_rows(checks: tuple[Check, ...]) -> tuple[CheckRow, ...]:
    return tuple(check_row(check.title, check.outcome, check.detail) for check in checks)


def check_row(title: str, outcome: Outcome, detail: str) -> CheckRow:
    """One check in the language spoken."""
    words, tone = OUTCOMES[outcome]
    return CheckRow(_(title), _(words), tone, say(detail))


def credit_words(minutes: int, tenths: int) -> str:
    """Such as "10.0 contact hours, 1.0 CEU"."""
    return _("{hours} contact hours, {ceu} CEU", hours=contact_hours_text(minutes), ceu=ceu_text(tenths))


def paragraphs(text: str) -> tuple[str, ...]:
    """A plain text in its paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def achievement_page(shown: AchievementShown, institution: str) -> AchievementPage:
    return AchievementPage(
        id=shown.id,
        name=shown.name,
        description=shown.description,
        criteria=paragraphs(shown.criteria),
        course=shown.series_title or _course(shown),
        course_code=shown.course_code,
        credit="" if shown.series_code else credit_words(shown.minutes, shown.ceu_tenths),
        rubric=tuple(map(_criterion, shown.rubric)),
        institution=institution,
        series_code=shown.series_code,
        language=shown.language,
    )


def _course(shown: AchievementShown) -> str:
    return _("{course}, version {version}", course=shown.course_title, version=shown.course_version)


def _criterion(entry: CriterionShown) -> CriterionRow:
    where = _("Module {number}: {title}", number=entry.module_number, title=entry.assignment)
    return CriterionRow(entry.key, entry.title, where, entry.required_level, entry.levels)
