"""What courses ask of assessments, answered: the one fulfilment of `courses.coursework.Coursework`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from assessments.assignments import queries as assignments
from assessments.assignments.package import ParsedAssignment, parse_assignments
from assessments.assignments.rule_keeping import keep_rules
from assessments.assignments.service import keep_assignments
from assessments.badges.models import Achievement
from assessments.badges.package import ParsedBadge, read_badge
from assessments.checks.preview import checks_of
from assessments.competencies.keeping import alignment_problem, keep_alignments
from assessments.credit.ledger import credited_of_many
from assessments.credit.package import credit_problems
from assessments.credit.rules import Mode
from assessments.credit.words import credit_words
from assessments.deciding.words import say_rule
from assessments.evidence import queries as evidence
from assessments.evidence.steps import steps_of
from assessments.grading.on_home import to_grade
from assessments.rubrics.outlook import rubric_outlook
from assessments.rubrics.service import keep_competencies, keep_rubrics
from assessments.stacking.progress import series_badge
from courses.coursework import (
    CheckPreview,
    CountedCourse,
    PublicAssignment,
    PublicCriterion,
    PublicLevel,
    PublishedVersion,
    RubricOutlook,
    SeriesBadge,
    Steps,
    Work,
)
from courses.packages.models import ParsedCourse, Problem
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class PreparedAssignments:
    """The assignments of a package, read once: to be shown, and to be stored when the package is published."""

    course: ParsedCourse
    parsed: tuple[ParsedAssignment, ...]
    badge: ParsedBadge
    problems: tuple[Problem, ...]

    @property
    def public(self) -> tuple[PublicAssignment, ...]:
        titles = {one.key: one.title for one in self.course.competencies}
        return tuple(_public(one, titles) for one in self.parsed)

    @property
    def checks(self) -> tuple[CheckPreview, ...]:
        return tuple(check for one in self.parsed for check in checks_of(one))

    @property
    def files(self) -> tuple[bytes, ...]:
        return self.badge.files

    def obstacle(self, conn: Connection) -> str:
        return alignment_problem(conn, self.course.competencies)

    def store(self, conn: Connection, version: PublishedVersion, now: datetime) -> None:
        competencies = keep_competencies(conn, version.course_id, self.course.competencies)
        keep_alignments(conn, competencies, self.course.competencies, now=now)
        if self.parsed:
            number = self.course.version
            rubrics = keep_rubrics(conn, version.course_id, number, self.parsed, competencies, now=now)
            keep_assignments(conn, version, self.parsed, rubrics)
            keep_rules(conn, version.course_id, number, self.parsed, now=now)
        add(conn, _achievement(self.course, self.badge, version.version_id, now))


@dataclass(frozen=True)
class AssessmentsCoursework:
    """The assessments' side of a course. `ceu` says how its CEU are rounded."""

    ceu: Mode = Mode.NEAREST

    def prepare(self, course: ParsedCourse) -> PreparedAssignments:
        parsed, problems = parse_assignments(course)
        badge, more = read_badge(course.achievement)
        return PreparedAssignments(course, parsed, badge, (*credit_problems(course), *more, *problems))

    def public_assignments(self, conn: Connection, version_id: str) -> tuple[PublicAssignment, ...]:
        return assignments.public_assignments(conn, version_id)

    def rubric_outlook(
        self, conn: Connection, code: str, version: str, assignments: Sequence[PublicAssignment]
    ) -> tuple[RubricOutlook, ...]:
        return rubric_outlook(conn, code, version, assignments)

    def credit_words(self, course: CountedCourse) -> tuple[str, ...]:
        return credit_words(course, self.ceu)

    def work(self, conn: Connection, version_id: str, enrolment_id: str, now: datetime) -> tuple[Work, ...]:
        return evidence.work_of_many(conn, {enrolment_id: version_id}, now)[enrolment_id]

    def work_of_many(
        self, conn: Connection, enrolments: Mapping[str, str], now: datetime
    ) -> dict[str, tuple[Work, ...]]:
        return evidence.work_of_many(conn, enrolments, now)

    def asking_modules(self, conn: Connection, version_ids: Collection[str]) -> dict[str, frozenset[int]]:
        return evidence.asking_modules(conn, version_ids)

    def steps(self, conn: Connection, works: Sequence[Work]) -> dict[str, Steps]:
        return steps_of(conn, works)

    def to_grade(self, conn: Connection, visitor: Visitor) -> str:
        return to_grade(conn, visitor)

    def series_badge(
        self, conn: Connection, series_id: str, person_id: str, zone_name: str, now: datetime
    ) -> SeriesBadge | None:
        return series_badge(conn, series_id, person_id, zone_name, now)

    def credited_of_many(self, conn: Connection, enrolment_ids: Collection[str]) -> dict[str, frozenset[int]]:
        return credited_of_many(conn, enrolment_ids)


def _achievement(course: ParsedCourse, badge: ParsedBadge, version_id: str, now: datetime) -> Achievement:
    """What the badge says. A picture that is not its author's is drawn when it is first needed, never in here."""
    said = course.achievement
    png, svg = badge.digests
    return Achievement(
        id=new_id(),
        version_id=version_id,
        name=said.name,
        description=said.description,
        criteria=said.criteria,
        icon=badge.icon,
        valid_months=badge.valid_months,
        own_picture=badge.kind,
        picture_sha256=png,
        svg_sha256=svg,
        created_at=now,
    )


def _public(parsed: ParsedAssignment, competencies: Mapping[str, str]) -> PublicAssignment:
    """The assignment as the public will see it once it is published."""
    criteria = tuple(
        PublicCriterion(
            key=one.key,
            title=one.title,
            description=one.description,
            competency=competencies.get(one.competency, ""),
            levels=tuple(PublicLevel(lv.title, lv.descriptor, lv.key, lv.exemplar_html) for lv in one.levels),
            required_level=one.required_level,
            judged_on=tuple(one.judged_on),
            competency_key=one.competency,
        )
        for one in parsed.criteria
    )
    return PublicAssignment(
        key=parsed.key,
        title=parsed.title,
        module_number=parsed.module_number,
        required=parsed.required,
        asks=tuple(one.title for one in parsed.requirements),
        criteria=criteria,
        rule=say_rule(parsed.rule, criteria) if parsed.rule and parsed.rule.weights else (),
    )
