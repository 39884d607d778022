"""Reading the questions of a check, and the tries at them."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.checks.marking import Drawn
from assessments.checks.models import CheckQuestion, CheckRules, CheckTry
from assessments.checks.questions import Option, Pool, Question, Rules
from assessments.checks.standing import Done
from assessments.evidence.queries import SUBMISSION
from fourweek.database import table
from fourweek.keeping import Bounded
from fourweek.light import dataclass

RULES, QUESTION, TRY = table(CheckRules), table(CheckQuestion), table(CheckTry)

_POOLS: Select[Any] = (
    select(RULES, QUESTION)
    .join(QUESTION, QUESTION.c.requirement_id == RULES.c.requirement_id)
    .where(RULES.c.requirement_id.in_(bindparam("requirements", expanding=True)))
    .order_by(RULES.c.requirement_id, QUESTION.c.position)
)
# Frozen with the version that asks them, so that they are read once and kept.
_pools: Bounded[str, Pool] = Bounded(200)
DONE = (
    TRY.c.id,
    TRY.c.submission_id,
    TRY.c.requirement_id,
    TRY.c.number,
    TRY.c.begun_at,
    TRY.c.finished_at,
    TRY.c.asked,
    TRY.c.needed,
    TRY.c.right,
    TRY.c.passed,
    SUBMISSION.c.attempt,
)
_TRIES: Select[Any] = (
    select(*DONE)
    .join(SUBMISSION, SUBMISSION.c.id == TRY.c.submission_id)
    .where(
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        TRY.c.requirement_id.in_(bindparam("requirements", expanding=True)),
    )
    .order_by(TRY.c.requirement_id, SUBMISSION.c.attempt, TRY.c.number)
)
_SHEET: Select[Any] = select(TRY.c.drawn, TRY.c.answers, TRY.c.saved_at).where(TRY.c.id == bindparam("try_id"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one try asks and what was answered: option keys, or one number as typed, by question id."""

    drawn: Drawn
    answers: dict[str, list[str]]
    saved_at: datetime


def pools_of(conn: Connection, requirement_ids: Collection[str]) -> dict[str, Pool]:
    """The pools of these requirements, by id; one statement for all that are not kept yet."""
    found = {one: pool for one in requirement_ids if (pool := _pools.get(one))}
    missing = sorted(set(requirement_ids) - found.keys())
    if missing:
        rows = conn.execute(_POOLS, {"requirements": missing}).all()
        for one, group in groupby(rows, key=lambda row: str(row.requirement_id)):
            found[one] = _pools.put(one, _pool(list(group)))
    return found


def tries_of(conn: Connection, enrolment_id: str, requirement_ids: Collection[str]) -> dict[str, tuple[Done, ...]]:
    """All tries of an enrolment at these requirements, oldest first, by requirement; one statement."""
    if not requirement_ids:
        return {}
    rows = conn.execute(_TRIES, {"enrolment": enrolment_id, "requirements": sorted(requirement_ids)})
    by_requirement = groupby(rows, key=lambda row: str(row.requirement_id))
    found = {one: tuple(done_of(row) for row in group) for one, group in by_requirement}
    return {one: found.get(one, ()) for one in requirement_ids}


def sheet_of(conn: Connection, try_id: str) -> Sheet:
    """What a try asks and holds; one statement. Whoever calls has authorised it."""
    row = conn.execute(_SHEET, {"try_id": try_id}).one()
    return Sheet([(one, list(keys)) for one, keys in row.drawn], dict(row.answers), row.saved_at)


def done_of(row: Row[Any]) -> Done:
    """A try from a row that selects its columns and the attempt of its submission."""
    return Done(
        id=row.id,
        submission_id=row.submission_id,
        attempt=row.attempt,
        number=row.number,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        asked=row.asked,
        needed=row.needed,
        right=row.right,
        passed=row.passed,
    )


def _pool(rows: list[Row[Any]]) -> Pool:
    first = rows[0]
    rules = Rules(first.ask or len(rows), bool(first.shuffle), first.pass_percent, first.max_tries)
    return Pool(rules, tuple(_question(row) for row in rows))


def _question(row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        key=row.key,
        kind=row.kind,
        prompt_html=row.prompt_html,
        feedback_html=row.feedback_html,
        options=tuple(Option(one["key"], one["html"], one["right"]) for one in row.options),
        number=Decimal(row.number or "0"),
        tolerance=Decimal(row.tolerance or "0"),
        unit=row.unit,
    )
