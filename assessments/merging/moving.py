"""What becomes of everything that names a person when their account is merged into another one.

Each column of the database that points to a person stands in one of the lists below; a test holds them complete.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select, update

from assessments.holds.models import HoldAct
from assessments.holds.queries import HOLD
from assessments.holds.queries import OPEN as OPEN_HOLD
from assessments.identity_checks.queries import CHECK
from assessments.retention.queries import HOLD as LEGAL_HOLD
from fourweek.accounts.access import PERSON
from fourweek.database import new_id
from fourweek.migrations.tables import metadata

TABLES: Final = metadata.tables
CONSENT: Final = TABLES["consent"]

MOVED: Final = (
    "email_address.person_id",
    "outbox_message.person_id",
    "enrolment.person_id",
    "place_request.person_id",
    "submission_member.person_id",
    "upload.person_id",
    "award.person_id",
    "transcript.person_id",
    "licence.person_id",
    "stated_credit.person_id",
    "name_change.person_id",
    "question.author_id",
    "reply.author_id",
    "package_draft.author_id",
    "grading_conflict.person_id",
    "person.merged_into_id",
    "openid_identity.person_id",
)
"""What is the person's own goes to the account that is kept."""
COPIED: Final = ("identity_check.person_id", "credit_hold.person_id", "legal_hold.person_id", "consent.person_id")
"""What holds for the person is noted for the account that is kept too; the rows themselves only grow, or stay."""
ENDED: Final = (
    "password_hash.person_id",
    "password_link.person_id",
    "address_link.person_id",
    "sign_in.person_id",
    "known_device.person_id",
    "totp_secret.person_id",
    "recovery_code.person_id",
    "openid_request.person_id",
    "api_token.person_id",
    "role_grant.person_id",
    "section_grader.grader_id",
    "calendar_address.person_id",
    "notice_choice.person_id",
    "unsubscribe_address.person_id",
)
"""What lets somebody in or speaks for the account that goes is deleted."""
LEDGER: Final = ("ledger.person_id",)
"""The ledger stays with its account for ever: entries are transferred by entries (`transfer.py`)."""


def move(conn: Connection, gone: str, kept: str, by: str, at: datetime) -> dict[str, int]:
    """Do all of it in this transaction, which holds both ledgers; returns how many rows each list's tables had."""
    _copy(conn, gone, kept, by, at)
    counts = {name: _move(conn, name, gone, kept) for name in MOVED}
    for name in ENDED:
        table, column = _column(name)
        counts[name] = conn.execute(delete(table).where(column == gone)).rowcount
    return {name: count for name, count in counts.items() if count}


def _column(name: str) -> tuple[Table, Column[Any]]:
    table, column = name.split(".")
    return TABLES[table], TABLES[table].c[column]


def _move(conn: Connection, name: str, gone: str, kept: str) -> int:
    table, column = _column(name)
    values: dict[str, Any] = {column.key: kept}
    if name == "email_address.person_id":
        values["is_primary"] = False
    wanted = update(table).where(column == gone, *_movable(name, table, kept)).values(values)
    return conn.execute(wanted).rowcount


# Where a person can have one row only, a second one stays with the account that goes: the columns that make it so.
_ONE_EACH: Final = {
    "enrolment.person_id": ("cohort_id",),
    "submission_member.person_id": ("submission_id",),
    "stated_credit.person_id": ("row_key",),
    "transcript.person_id": ("content_sha256",),
}


def _movable(name: str, table: Table, kept: str) -> list[ColumnElement[bool]]:
    other, (_, column) = table.alias("other"), _column(name)
    mine = other.c[column.key] == kept
    if name in _ONE_EACH:
        same = [other.c[key] == table.c[key] for key in _ONE_EACH[name]]
        return [~select(other.c[column.key]).where(mine, *same).exists()]
    if name == "award.person_id":
        same = [other.c.achievement_id == table.c.achievement_id, other.c.series_id.is_not(None)]
        return [table.c.series_id.is_(None) | ~select(other.c.id).where(mine, *same).exists()]
    if name == "place_request.person_id":
        same = [other.c.cohort_id == table.c.cohort_id, other.c.state == "open"]
        return [(table.c.state != "open") | ~select(other.c.id).where(mine, *same).exists()]
    if name == "name_change.person_id":
        return [table.c.decided_at.is_not(None)]
    return []


def _copy(conn: Connection, gone: str, kept: str, by: str, at: datetime) -> None:
    for row in conn.execute(select(CHECK).where(CHECK.c.person_id == gone).order_by(CHECK.c.id)).all():
        anew = {"id": new_id(), "person_id": kept, "recorded_by": by, "recorded_at": at}
        conn.execute(CHECK.insert(), row._asdict() | anew)
    open_ones = select(HOLD).where(HOLD.c.person_id == gone, HOLD.c.enrolment_id.is_(None), OPEN_HOLD)
    for row in conn.execute(open_ones.order_by(HOLD.c.id)).all():
        anew = {"id": new_id(), "person_id": kept, "act": HoldAct.PLACED, "at": at, "by": by}
        conn.execute(HOLD.insert(), row._asdict() | anew)
    in_force = select(LEGAL_HOLD).where(LEGAL_HOLD.c.person_id == gone, LEGAL_HOLD.c.lifted_at.is_(None))
    for row in conn.execute(in_force.order_by(LEGAL_HOLD.c.id)).all():
        conn.execute(LEGAL_HOLD.insert(), row._asdict() | {"id": new_id(), "person_id": kept})
    for row in conn.execute(select(CONSENT).where(CONSENT.c.person_id == gone).order_by(CONSENT.c.id)).all():
        conn.execute(CONSENT.insert(), row._asdict() | {"id": new_id(), "person_id": kept})


def close_account(conn: Connection, gone: str, kept: str, at: datetime) -> None:
    """Nobody signs in to the account any more, and it says whose it is."""
    conn.execute(update(PERSON).where(PERSON.c.id == gone).values(merged_into_id=kept, disabled_at=at))
