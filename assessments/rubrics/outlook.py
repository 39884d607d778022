"""What publishing a package would do to the rubrics of its course, and whom it concerns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.rubrics.affected import InCohort, affected, begun, to_come
from assessments.rubrics.differences import Difference, differences
from assessments.rubrics.models import Rubric
from assessments.rubrics.queries import public_criteria
from courses.catalogue.models import Course
from courses.catalogue.rules import say_version
from courses.coursework import PublicAssignment, RubricOutlook
from fourweek.database import table
from fourweek.language import _, n_
from fourweek.language.lists import in_a_row

RUBRIC, COURSE = table(Rubric), table(Course)
_VERSIONS: Any = (
    select(RUBRIC.c.id, RUBRIC.c.assignment_key, RUBRIC.c.major, RUBRIC.c.minor)
    .join(COURSE, COURSE.c.id == RUBRIC.c.course_id)
    .where(COURSE.c.code == bindparam("code"))
    .order_by(RUBRIC.c.major, RUBRIC.c.minor)
)


def rubric_outlook(
    conn: Connection, code: str, version: str, assignments: Sequence[PublicAssignment]
) -> tuple[RubricOutlook, ...]:
    """What the rubrics of these assignments would change, those that stay as they are left out; four statements."""
    rows = conn.execute(_VERSIONS, {"code": code}).all()
    newest = {row.assignment_key: row for row in rows}
    known = public_criteria(conn, [row.id for row in newest.values()])
    asked = [one for one in assignments if one.key in newest]
    changed = {one.key: differences(known.get(newest[one.key].id, ()), one.criteria) for one in asked}
    concerned = [row for row in rows if changed.get(row.assignment_key)]
    cohorts = affected(conn, [row.id for row in concerned]) if concerned else {}
    return tuple(
        RubricOutlook(
            key=one.key,
            title=one.title,
            is_structure=any(change.is_structure for change in changed[one.key]),
            changes=tuple(map(_say, changed[one.key])),
            concerns=_concerns(
                version,
                [
                    (say_version((row.major, row.minor)), cohorts[row.id])
                    for row in concerned
                    if row.assignment_key == one.key
                ],
            ),
        )
        for one in asked
        if changed[one.key]
    )


def _say(one: Difference) -> str:
    return f"{one.criterion}: {one.words}" if one.criterion else one.words


def _concerns(version: str, versions: Sequence[tuple[str, tuple[InCohort, ...]]]) -> tuple[str, ...]:
    """Who keeps which version, and who would begin with the new one, a sentence each."""
    kept = [
        n_("{count} learner of version {number}", "{count} learners of version {number}", begun(cohorts), number=number)
        for number, cohorts in versions
        if begun(cohorts)
    ]
    coming = sum(to_come(cohorts) for _number, cohorts in versions)
    said = [_("Whoever has begun keeps the rubric they began with: {kept}.", kept=in_a_row(kept))] if kept else []
    if coming:
        said.append(
            n_(
                "{count} learner without an attempt begins with version {version} once their cohort is moved to it.",
                "{count} learners without an attempt begin with version {version} once their cohort is moved to it.",
                coming,
                version=version,
            )
        )
    return (*said,) or (_("Nobody has begun, and nobody is in a cohort that asks for it."),)
