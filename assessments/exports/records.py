"""What is taken away of one rating, decision or appeal: one record, for JSON as it is, for CSV a row each criterion."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assessments.identity.names import learner_called
from fourweek.spreadsheets import safe_cell

Record = dict[str, Any]
WORK = ("assignment", "learner", "receipt", "attempt", "handed_in", "submission", "rubric")
LEVELS = ("criterion", "criterion_title", "level", "level_title", "level_position")
FIELDS = {
    "ratings": (*WORK, "rating", "purpose", "grader", "done_at", "comment"),
    "decisions": (
        *WORK,
        "decision",
        "standing",
        "outcome",
        "way",
        "rule",
        "decided_by",
        "decided_at",
        "posted_at",
        "supersedes",
        "reason",
        "review",
        "appeal",
        "comment",
    ),
    "appeals": (*WORK, "appeal", "decision", "state", "opened_at", "given_to", "closed_at", "outcome_decision"),
}
LINES = {
    "ratings": (*LEVELS, "criterion_comment"),
    "decisions": (*LEVELS, "met", "criterion_comment"),
    "appeals": ("criterion", "criterion_title", "argument"),
}


def say(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def standing(row: Any, now: datetime) -> str:
    """`current` counts now, `superseded` did once; `not_posted` the learner has not seen."""
    if row.posted_at is None or row.posted_at > now:
        return "not_posted"
    return "current" if row.holds else "superseded"


def rating(row: Any, lines: Iterable[Any], _now: datetime) -> Record:
    return {
        **work_of(row),
        "rating": row.id,
        "purpose": row.purpose,
        "grader": row.grader,
        "done_at": say(row.done_at),
        "comment": row.comment,
        "criteria": [{**_level(line), "criterion_comment": line.comment} for line in lines],
    }


def decision(row: Any, lines: Iterable[Any], now: datetime) -> Record:
    return {
        **work_of(row),
        "decision": row.id,
        "standing": standing(row, now),
        "outcome": row.outcome,
        "way": row.way,
        "rule": row.rule,
        "decided_by": row.decided_by,
        "decided_at": say(row.decided_at),
        "posted_at": say(row.posted_at),
        "supersedes": row.supersedes_id,
        "reason": row.reason,
        "review": row.review,
        "appeal": row.appeal,
        "comment": row.comment,
        "criteria": [{**_level(line), "met": bool(line.met), "criterion_comment": line.comment} for line in lines],
    }


def appeal(row: Any, lines: Iterable[Any], _now: datetime) -> Record:
    return {
        **work_of(row),
        "appeal": row.id,
        "decision": row.decision_id,
        "state": row.state,
        "opened_at": say(row.opened_at),
        "given_to": row.given_to,
        "closed_at": say(row.closed_at),
        "outcome_decision": row.outcome_id,
        "criteria": [{"criterion": one.key, "criterion_title": one.title, "argument": one.argument} for one in lines],
    }


RECORDS: Mapping[str, Callable[[Any, Iterable[Any], datetime], Record]] = {
    "ratings": rating,
    "decisions": decision,
    "appeals": appeal,
}


def heads(what: str) -> tuple[str, ...]:
    return FIELDS[what] + LINES[what]


def cells(what: str, record: Record) -> list[list[str]]:
    """The rows of a record: one for each criterion, one alone where there is none. Safe to open in a spreadsheet."""
    own = [cell(record[name]) for name in FIELDS[what]]
    lines: Sequence[Record] = record["criteria"] or [dict.fromkeys(LINES[what])]
    return [own + [cell(line[name]) for name in LINES[what]] for line in lines]


def cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else safe_cell(str(value))


def work_of(row: Any) -> Record:
    """Which work a row is about, and by the name the visitor may know it by."""
    return {
        "assignment": row.assignment,
        "learner": learner_called(row),
        "receipt": row.receipt,
        "attempt": row.attempt,
        "handed_in": say(row.submitted_at),
        "submission": row.submission,
        "rubric": f"{row.major}.{row.minor}",
    }


def _level(line: Any) -> Record:
    return {
        "criterion": line.key,
        "criterion_title": line.title,
        "level": line.level,
        "level_title": line.level_title,
        "level_position": line.position,
    }
