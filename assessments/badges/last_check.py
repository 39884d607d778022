"""The last check of a signed form: what it found, and under which circumstances it still says something."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from assessments.badges.checks import Report, Verdict
from assessments.badges.models import CredentialCheck
from assessments.badges.shown import CHECK, AwardRecord, LastCheck
from fourweek.database import add_once


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
    """A check as it is kept: the steps in the words of its day."""
    steps = [{"title": step.title, "outcome": step.outcome.value, "detail": step.detail} for step in report.checks]
    said: dict[str, Any] = {"verdict": report.verdict.value, "checks": steps}
    return LastCheck(at, mark, said)


def verdict_of(check: LastCheck) -> Verdict:
    return Verdict(check.report["verdict"])


def note(conn: Connection, issue_id: str, check: LastCheck) -> None:
    """Keep a check in place of the one before."""
    row = CredentialCheck(issue_id=issue_id, checked_at=check.at, mark=check.mark, report=dict(check.report))
    if not add_once(conn, row):
        changed = {"checked_at": check.at, "mark": check.mark, "report": dict(check.report)}
        conn.execute(update(CHECK).where(CHECK.c.issue_id == issue_id).values(changed))
