"""The end of a record's period: its papers go, by an act of the registrar; every row and the whole ledger stay."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, update

from assessments.licences.queries import LICENCE
from assessments.names.queries import CHANGE
from assessments.record.queries import registrar
from assessments.retention.purge import hold_the_holds
from assessments.retention.record_queries import (
    CERTIFICATE_LEFT,
    LICENCE_LEFT,
    NAME_PAPER_LEFT,
    free_people,
    papers_of,
)
from assessments.retention.record_rules import due_before
from assessments.stated.queries import STATED
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.stored import KEPT
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record_all
from fourweek.errors import Invalid
from fourweek.language import N_, _

AT_ONCE: Final = 100
"""People whose papers go in one transaction, and with one press of the button."""
LONGEST: Final = 500


def dispose(conn: Connection, visitor: Visitor, years: int, reason: str, *, confirmed: bool) -> int:
    """Take the papers of the next people whose period is over, as far as nothing keeps them; returns of how many.

    No legal hold comes or goes from here to the end of the transaction. Files leave the store with the worker's next
    sweeps, since no row names them any more. Raises Invalid without a reason or a confirmation.
    """
    registrar(visitor)
    wrong = {}
    if not reason.strip() or len(reason.strip()) > LONGEST:
        wrong["reason"] = _("Say why, in at most {longest} characters.", longest=LONGEST)
    if not confirmed:
        wrong["confirmed"] = _("Confirm that you looked at the list.")
    if wrong:
        raise Invalid(wrong)
    hold_the_holds(conn)
    before = due_before(visitor.now.real, years)
    people = _locked(conn, free_people(conn, before, AT_ONCE))
    counted = papers_of(conn, before, people) if people else {}
    if not counted:
        return 0
    _take(conn, counted.keys())
    details = {person_id: asdict(papers) for person_id, papers in counted.items()}
    at, me = visitor.now.real, visitor.me.id
    record_all(conn, "record.dispose", "person", details, at=at, actor_id=me, reason=reason.strip())
    return len(counted)


def dispose_of_erased(conn: Connection, now: datetime, years: int) -> int:
    """The papers of people who were erased go when their period is over, without anybody's act; returns of how many.

    `now` is the real clock.
    """
    hold_the_holds(conn)
    before = due_before(now, years)
    people = _locked(conn, free_people(conn, before, AT_ONCE, erased=True))
    counted = papers_of(conn, before, people) if people else {}
    if counted:
        _take(conn, counted.keys())
        details = {person_id: asdict(papers) for person_id, papers in counted.items()}
        record_all(
            conn, "record.dispose", "person", details, at=now, actor_id=None, reason=N_("The person was erased.")
        )
    return len(counted)


def _locked(conn: Connection, people: Collection[str]) -> list[str]:
    """Their rows are held, so that no change of a name or a document begins meanwhile."""
    wanted = PERSON.select().with_only_columns(PERSON.c.id).where(PERSON.c.id.in_(people)).order_by(PERSON.c.id)
    return list(conn.execute(wanted.with_for_update()).scalars())


def _take(conn: Connection, people: Collection[str]) -> None:
    ids = sorted(people)
    # The same content may be issued anew from now on: what is gone is not the document to use.
    gone = {"snapshot": b"", "content_sha256": TRANSCRIPT.c.id}
    conn.execute(update(TRANSCRIPT).where(TRANSCRIPT.c.person_id.in_(ids), KEPT).values(**gone))
    paper = {"evidence_sha256": "", "evidence_name": ""}
    conn.execute(update(CHANGE).where(CHANGE.c.person_id.in_(ids), NAME_PAPER_LEFT).values(**paper, why=""))
    conn.execute(update(STATED).where(STATED.c.person_id.in_(ids), CERTIFICATE_LEFT).values(**paper))
    conn.execute(update(LICENCE).where(LICENCE.c.person_id.in_(ids), LICENCE_LEFT).values(number="", obligation={}))
