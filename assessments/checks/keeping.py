"""Storing the checks of a version that is being published."""

from collections.abc import Mapping

from sqlalchemy import Connection

from assessments.checks.models import CheckQuestion, CheckRules
from assessments.checks.package import ParsedCheck, ParsedQuestion
from fourweek.database import add, new_id


def keep_checks(conn: Connection, checks: Mapping[str, ParsedCheck]) -> None:
    """Insert rules and questions; `checks` is {requirement id: check}. Two statements, none without checks."""
    if not checks:
        return
    add(conn, *(_rules(one, check) for one, check in checks.items()))
    questions = (
        _question(one, place, parsed) for one, check in checks.items() for place, parsed in enumerate(check.questions)
    )
    add(conn, *questions)


def _rules(requirement_id: str, check: ParsedCheck) -> CheckRules:
    return CheckRules(
        requirement_id=requirement_id,
        ask=check.ask,
        shuffle=check.shuffle,
        pass_percent=check.pass_percent,
        max_tries=check.max_tries,
    )


def _question(requirement_id: str, place: int, parsed: ParsedQuestion) -> CheckQuestion:
    return CheckQuestion(
        id=new_id(),
        requirement_id=requirement_id,
        position=place,
        key=parsed.key,
        kind=parsed.kind,
        prompt_html=parsed.prompt_html,
        options=[{"key": one.key, "html": one.html, "right": one.right} for one in parsed.options],
        number=parsed.number,
        tolerance=parsed.tolerance,
        unit=parsed.unit,
        feedback_html=parsed.feedback_html,
    )
