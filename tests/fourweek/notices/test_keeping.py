"""Old notices go, apart from those that keep a scan from writing them again."""

from datetime import datetime, timedelta

from sqlalchemy import select, true, update

from fourweek.database import Database
from fourweek.notices.keeping import DAY, LISTED_FOR, SENT_FOR, clear_old
from fourweek.outbox import OUTBOX, deliver, post
from tests import factories

NOW = factories.START
NOBODY = OUTBOX.c.person_id == ""


def _kept(db: Database) -> dict[str, bool]:
    """{key: whether it is listed}"""
    rows = db.read_now(lambda conn: conn.execute(select(OUTBOX)).all())
    return {row.key: row.in_product for row in rows}


def _tell(db: Database, kind: str, at: datetime, *, listed: bool = True) -> None:
    key = f"{kind}:{(NOW - at).days}{'' if listed else ':mail'}"
    db.write_now(lambda conn: post(conn, key, kind, factories.person(conn), now=at, data={}))
    if not listed:
        db.write_now(lambda conn: conn.execute(update(OUTBOX).where(OUTBOX.c.key == key).values(in_product=False)))
    deliver(db, lambda _letter: None, at)


def test_a_year_in_the_product_and_ninety_days_for_mail_alone(db: Database) -> None:
    for old in (LISTED_FOR, LISTED_FOR - DAY):
        _tell(db, "posted", NOW - old)
    for old in (SENT_FOR, SENT_FOR - DAY):
        _tell(db, "posted", NOW - old, listed=False)
    assert clear_old(db, NOW, NOBODY) == 2
    assert _kept(db) == {"posted:364": True, "posted:89:mail": False}


def test_what_a_scan_still_looks_for_stays_unlisted(db: Database) -> None:
    for kind in ("module_opened", "posted"):
        _tell(db, kind, NOW - LISTED_FOR)
        _tell(db, kind, NOW - SENT_FOR, listed=False)
    assert clear_old(db, NOW, true()) == 2
    assert _kept(db) == {"module_opened:365": False, "module_opened:90:mail": False}
    assert clear_old(db, NOW + DAY, NOBODY) == 2
    assert _kept(db) == {}


def test_it_is_done_once_a_day_by_whoever_comes_first(db: Database) -> None:
    assert clear_old(db, NOW, NOBODY) == 0
    _tell(db, "posted", NOW - LISTED_FOR)
    assert clear_old(db, NOW + DAY - timedelta(seconds=1), NOBODY) == 0
    assert clear_old(db, NOW + DAY, NOBODY) == 1
