"""No file of the store is left of somebody who was erased, once the worker has swept."""

from datetime import timedelta

from sqlalchemy import Connection

from assessments.erasure.service import ask, decide
from assessments.erasure.tasks import erase_what_is_due
from fourweek.clock import Now, real_time
from fourweek.edge import House
from fourweek.migrations.tables import metadata
from fourweek.outbox import OUTBOX
from fourweek.scans import NAMED_FILES
from fourweek.storage.orphans import remove_orphans
from tests import factories as make
from tests.assessments.erasure.factories import DECIDED, DIGEST, WORD, Case, everything, keeper

DAYS = timedelta(days=2)
_NAMING = {"evidence": "sha256", "name_change": "evidence_sha256", "stated_credit": "evidence_sha256"}


def _wish(conn: Connection, kept: str) -> Case:
    """Their draft, the paper of a name and a certificate are the file in the store; the wish is approved."""
    case = everything(conn, credit=False)
    for table, column in _NAMING.items():
        target = metadata.tables[table]
        conn.execute(target.update().where(target.c[column] == DIGEST).values({column: kept}))
    conn.execute(OUTBOX.update().values(try_at=None))
    return case


def _approve(conn: Connection, case: Case, house: House) -> None:
    request_id = ask(conn, make.visitor(case.who.person_id, DECIDED), confirmed=True)
    decide(conn, keeper(conn), request_id, house.settings, approve=True)
    conn.execute(OUTBOX.update().values(try_at=None))


def test_files_go_with_their_rows(house: House) -> None:
    kept = house.store.keep_bytes(f"{WORD} wrote this".encode())
    case = house.db.write_now(_wish, kept.sha256)
    later = real_time() + DAYS
    assert remove_orphans(house.db, house.store, NAMED_FILES, later) == 0
    house.db.write_now(_approve, case, house)
    assert erase_what_is_due(house.db, Now(DECIDED, DECIDED), house.settings) > 20
    assert erase_what_is_due(house.db, Now(DECIDED, DECIDED), house.settings) == 0
    assert remove_orphans(house.db, house.store, NAMED_FILES, later) == 1
    assert not house.store.has(kept.sha256)
