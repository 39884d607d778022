"""Storing the assignments of a version that is being published."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from assessments.assignments.models import Assignment, Requirement, RequirementKind
from assessments.assignments.package import ParsedAssignment, ParsedRequirement
from assessments.checks.keeping import keep_checks
from courses.coursework import PublishedVersion
from fourweek.database import add, new_id


def keep_assignments(
    conn: Connection,
    version: PublishedVersion,
    assignments: Sequence[ParsedAssignment],
    rubrics: Mapping[str, str],
) -> None:
    """Insert assignments with their requirements; `rubrics` is {assignment key: rubric id}."""
    rows = [_assignment(version, one, rubrics[one.key]) for one in assignments]
    requirements = [
        _requirement(row.id, place, parsed)
        for row, one in zip(rows, assignments, strict=True)
        for place, parsed in enumerate(one.requirements)
    ]
    if rows:
        add(conn, *rows)
        add(conn, *requirements)
        asked = [parsed for one in assignments for parsed in one.requirements]
        checks = {row.id: parsed.check for row, parsed in zip(requirements, asked, strict=True) if parsed.check}
        keep_checks(conn, checks)


def _assignment(version: PublishedVersion, parsed: ParsedAssignment, rubric_id: str) -> Assignment:
    return Assignment(
        id=new_id(),
        version_id=version.version_id,
        module_id=version.module_ids[parsed.module_number - 1],
        position=parsed.number,
        key=parsed.key,
        title=parsed.title,
        instructions_html=parsed.instructions_html,
        required=parsed.required,
        max_attempts=parsed.max_attempts,
        rubric_id=rubric_id,
    )


def _requirement(assignment_id: str, place: int, parsed: ParsedRequirement) -> Requirement:
    return Requirement(
        id=new_id(),
        assignment_id=assignment_id,
        position=place,
        key=parsed.key,
        title=parsed.title,
        prompt_html=parsed.prompt_html,
        kind=RequirementKind(parsed.kind.value),
        required=parsed.required,
        min_words=parsed.min_words,
        max_words=parsed.max_words,
        max_items=parsed.max_files or parsed.max_links or 1,
        accept=list(parsed.accept),
    )
