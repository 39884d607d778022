"""The last check of a signed form: what it found, and under which circumstances it still says something."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from assessments.badges.checks import Check, Report, Verdict
from assessments.badges.models import CredentialCheck
from assessments.badges.sentences import Sentence, say
from assessments.badges.shown import CHECK, AwardRecord, LastCheck
from fourweek.database import add_once
from fourweek.language.stored import in_each_language


def mark_of(record: AwardRecord, keys: str, now: datetime) -> str:
    """What a check of the newest form is made under: another mark asks for a new check. `now` is the real clock.

    `keys` changes whenever a key of ours does.
    """
    revoked = record.revoked_at.isoformat() if record.revoked_at else ""
    parts = [str(record.issue_id), keys, revoked, str(has_ended(record.valid_until, now))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def has_ended(valid_until: datetime | None, now: datetime) -> bool:
    return valid_until is not None and now >= valid_until


def made(report: Report, mark: str, at: datetime) -> LastCheck:
    """A check as it is kept: the steps in the words of its day, the same whoever asked for it."""
    return LastCheck(at, mark, {"verdict": report.verdict.value, "checks": [_step(step) for step in report.checks]})


def _step(step: Check) -> dict[str, Any]:
    """A detail that is no fixed sentence is kept in each language."""
    detail = in_each_language(lambda: say(step.detail)) if isinstance(step.detail, Sentence) else step.detail
    return {"title": step.title, "outcome": step.outcome.value, "detail": detail}


def verdict_of(check: LastCheck) -> Verdict:
    return Verdict(check.report["verdict"])


def note(conn: Connection, issue_id: str, check: LastCheck) -> None:
    """Keep a check in place of the one before."""
    row = CredentialCheck(issue_id=issue_id, checked_at=check.at, mark=check.mark, report=dict(check.report))
    if not add_once(conn, row):
        changed = {"checked_at": check.at, "mark": check.mark, "report": dict(check.report)}
        conn.execute(update(CHECK).where(CHECK.c.issue_id == issue_id).values(changed))
