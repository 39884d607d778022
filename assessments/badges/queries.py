"""Reading what badges say: achievements with their rubrics, and what one enrolment showed for its badge."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT, MODULE, REQUIREMENT, public_assignments
from assessments.badges.facts import is_address
from assessments.badges.models import Achievement, Award, CredentialIssue
from assessments.badges.snapshot import AchievementShown, AlignmentShown, CriterionShown, EvidenceShown, LevelShown
from assessments.competencies.queries import AlignedSkill, alignments_of
from assessments.credit.rulebook import CEU, rule_on
from assessments.credit.rules import Mode, credit_steps
from assessments.evidence.queries import EVIDENCE, POSTED, SUBMISSION
from assessments.grading.models import DecisionLine, Outcome
from assessments.rubrics.queries import CRITERION, LEVEL
from assessments.stacking.shown import series_achievement
from courses.cohorts.queries import COHORT, COURSE, VERSION
from courses.coursework import PublicAssignment
from courses.enrolment.access import ENROLMENT
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.database import table
from fourweek.language import ENGLISH, speaking

ACHIEVEMENT, AWARD, ISSUE, LINE = table(Achievement), table(Award), table(CredentialIssue), table(DecisionLine)
LATER = AWARD.alias("later")
RENEWS = and_(LATER.c.renews_id == AWARD.c.id, LATER.c.withdrawn_at.is_(None), LATER.c.revoked_at.is_(None))
"""Whether `LATER` is a badge that its earner got in the place of `AWARD`, and that still stands."""

# The counted minutes of the modules that can be completed: those that ask for work.
_COURSE_MINUTES = (
    select(func.coalesce(func.sum(MODULE.c.counted_minutes), 0))
    .where(
        MODULE.c.version_id == VERSION.c.id,
        select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.module_id == MODULE.c.id, ASSIGNMENT.c.required).exists(),
    )
    .correlate(VERSION)
    .scalar_subquery()
)
_MODULE_MINUTES = select(MODULE.c.counted_minutes).where(
    MODULE.c.version_id == bindparam("version"),
    select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.module_id == MODULE.c.id, ASSIGNMENT.c.required).exists(),
)
_ACHIEVEMENT: Select[Any] = (
    select(ACHIEVEMENT, COURSE.c.code, _COURSE_MINUTES.label("minutes"))
    .add_columns(*(VERSION.c[name] for name in ("title", "major", "minor", "language", "skills", "published_at")))
    .add_columns(VERSION.c.separate_events)
    .join(VERSION, VERSION.c.id == ACHIEVEMENT.c.version_id)
    .join(COURSE, COURSE.c.id == VERSION.c.course_id)
    .where(ACHIEVEMENT.c.id == bindparam("achievement"))
)
# What an enrolment showed for what its cohort's version asks, which may have been begun on another version.
_ASKED = ASSIGNMENT.alias("asked")
_SHOWN: Select[Any] = (
    select(
        _ASKED.c.key,
        _ASKED.c.title,
        MODULE.c.number,
        SUBMISSION.c.id,
        SUBMISSION.c.submitted_at,
        POSTED.c.decision_id,
    )
    .join_from(SUBMISSION, ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(_ASKED, and_(_ASKED.c.version_id == COHORT.c.version_id, _ASKED.c.key == ASSIGNMENT.c.key))
    .join(MODULE, MODULE.c.id == _ASKED.c.module_id)
    .join(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .where(
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        _ASKED.c.required,
        POSTED.c.outcome == Outcome.DEMONSTRATED,
    )
    .order_by(MODULE.c.number, _ASKED.c.position, POSTED.c.posted_at)
)
_REACHED: Select[Any] = (
    select(LINE.c.decision_id, CRITERION.c.key, LEVEL.c.key.label("level"))
    .join(CRITERION, CRITERION.c.id == LINE.c.criterion_id)
    .join(LEVEL, LEVEL.c.id == LINE.c.level_id)
    .where(LINE.c.decision_id.in_(bindparam("decisions", expanding=True)))
)
_HANDED_IN: Select[Any] = (
    select(EVIDENCE.c.submission_id, EVIDENCE.c.kind, EVIDENCE.c.position, EVIDENCE.c.size, EVIDENCE.c.sha256)
    .add_columns(REQUIREMENT.c.title)
    .join(REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id)
    .where(EVIDENCE.c.submission_id.in_(bindparam("submissions", expanding=True)), EVIDENCE.c.sha256 != "")
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)
_COMPETENCIES: Select[Any] = (
    select(CRITERION.c.competency_id)
    .distinct()
    .join(ASSIGNMENT, ASSIGNMENT.c.rubric_id == CRITERION.c.rubric_id)
    .where(ASSIGNMENT.c.version_id == bindparam("version"), ASSIGNMENT.c.required)
)
_KINDS = {
    RequirementKind.TEXT: "A text",
    RequirementKind.FILES: "A file",
    RequirementKind.LINKS: "A link",
    RequirementKind.CHECK: "A knowledge check",
}


def achievement_shown(conn: Connection, achievement_id: str, ceu: Mode = Mode.NEAREST) -> AchievementShown | None:
    """What a badge of a course says, with the rubric of every required assignment, or what one of a series says.

    `ceu` says how the institution rounds what the course is worth.
    None for an unknown one. Five statements for a course, three for a series.
    """
    row = conn.execute(_ACHIEVEMENT, {"achievement": achievement_id}).first()
    if row is None:
        return series_achievement(conn, achievement_id)
    required = [asked for asked in public_assignments(conn, row.version_id) if asked.required]
    return AchievementShown(
        id=row.id,
        name=row.name,
        description=row.description,
        criteria=row.criteria,
        course_code=row.code,
        course_title=row.title,
        course_version=f"{row.major}.{row.minor}",
        language=row.language,
        skills=tuple(row.skills),
        minutes=row.minutes,
        ceu_tenths=_tenths(conn, row, ceu),
        rubric=tuple(criterion for asked in required for criterion in _criteria(asked)),
        alignments=_alignments(conn, row.version_id),
    )


def _tenths(conn: Connection, row: Row[Any], ceu: Mode) -> int:
    """What a course is worth: rounded once, or module by module where each is an event of its own."""
    events = [row.minutes]
    if row.separate_events:
        events = list(conn.execute(_MODULE_MINUTES, {"version": row.version_id}).scalars())
    rule = rule_on(CEU, row.published_at.date(), ceu)
    return sum(credit_steps(minutes, rule) for minutes in events)


def shown_by(
    conn: Connection, achievement: AchievementShown, enrolment_id: str, zone_name: str, now: datetime
) -> tuple[AchievementShown, tuple[EvidenceShown, ...]]:
    """The achievement with the levels that an enrolment reached, and the evidence for them. Three statements."""
    chosen = {row.key: row for row in conn.execute(_SHOWN, {"enrolment": enrolment_id, "now": now})}
    by_decision = {row.decision_id: key for key, row in chosen.items()}
    reached = {
        f"{by_decision[row.decision_id]}.{row.key}": row.level
        for row in conn.execute(_REACHED, {"decisions": list(by_decision)})
    }
    rubric = tuple(replace(entry, reached=_known(entry, reached)) for entry in achievement.rubric)
    return replace(achievement, rubric=rubric), _evidence(conn, chosen, zone_name)


def _alignments(conn: Connection, version_id: str) -> tuple[AlignmentShown, ...]:
    """The outside skills that the version's required criteria stand for, as of now; those that have an address."""
    competencies = conn.execute(_COMPETENCIES, {"version": version_id}).scalars()
    skills = (skill for found in alignments_of(conn, competencies).values() for skill in found)
    return tuple(
        AlignmentShown(
            name=skill.title,
            url=skill.url,
            code=skill.code,
            framework=skill.framework,
            description=skill.description,
        )
        for skill in sorted({skill.skill_id: skill for skill in skills}.values(), key=_in_framework)
        if is_address(skill.url)
    )


def _in_framework(skill: AlignedSkill) -> tuple[str, str]:
    return skill.framework_key, skill.code


def _known(entry: CriterionShown, reached: Mapping[str, str]) -> str:
    """The level reached, if the achievement's rubric knows it: work may have been judged by an older rubric."""
    level = reached.get(entry.key, "")
    return level if entry.level(level) else ""


def _criteria(asked: PublicAssignment) -> Iterable[CriterionShown]:
    for criterion in asked.criteria:
        levels = (LevelShown(key=one.key, title=one.title, descriptor=one.descriptor) for one in criterion.levels)
        yield CriterionShown(
            key=f"{asked.key}.{criterion.key}",
            title=criterion.title,
            assignment=asked.title,
            module_number=asked.module_number,
            levels=tuple(levels),
            required_level=criterion.required_level,
        )


def _evidence(conn: Connection, chosen: Mapping[str, Row[Any]], zone_name: str) -> tuple[EvidenceShown, ...]:
    by_submission: dict[str, list[Row[Any]]] = {row.id: [] for row in chosen.values()}
    for piece in conn.execute(_HANDED_IN, {"submissions": list(by_submission)}):
        by_submission[piece.submission_id].append(piece)
    return tuple(_piece(row, piece, zone_name) for row in chosen.values() for piece in by_submission[row.id])


def _piece(row: Row[Any], piece: Row[Any], zone_name: str) -> EvidenceShown:
    """Names the requirement and never the file: what people call their files may say who they are."""
    size = f" of {piece.size:,} bytes" if piece.kind is RequirementKind.FILES else ""
    with speaking(ENGLISH):  # it is signed
        day = say_date(row.submitted_at.astimezone(zone(zone_name)).date())
    further = f" ({piece.position + 1})" if piece.position else ""
    return EvidenceShown(
        name=f"{row.title}: {piece.title}{further}",
        narrative=f"{_KINDS[piece.kind]}{size} for week {row.number}, handed in on {day} and judged to demonstrate "
        "every required criterion.",
        sha256=piece.sha256,
    )
