"""Everybody of the demonstration who can be erased is: no column but those of issued documents names them after it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from assessments.credit.ledger import first_broken_ledger
from assessments.erasure.service import ask, decide
from assessments.erasure.tasks import erase_what_is_due
from fourweek.audit.checking import first_broken_link
from fourweek.audit.service import chain
from fourweek.cli.seed.people import EVERYBODY
from fourweek.clock import Now, real_time
from fourweek.errors import Conflict
from fourweek.outbox import OUTBOX
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.erasure.factories import keeper, texts
from tests.fourweek.cli.schools import filled


def _approve(conn: Connection, people: dict[str, str], settings: Settings) -> list[str]:
    """Who is to be erased, by key; something stands against the others."""
    rita, done = keeper(conn), []
    once = {person_id: key for key, person_id in people.items()}  # two of them became one account
    for person_id, key in once.items():
        request_id = ask(conn, make.visitor(person_id, rita.now.real), confirmed=True)
        try:
            decide(conn, rita, request_id, settings, approve=True)
        except Conflict:
            continue
        done.append(key)
    conn.execute(OUTBOX.update().values(try_at=None))
    return done


@pytest.mark.slow
def test_of_a_whole_school_nobody_who_was_erased_is_named(engine: str, tmp_path: Path) -> None:
    now = real_time()
    school = filled(engine, tmp_path, now)
    settings = school.house.settings
    gone = school.db.write_now(_approve, school.people, settings)
    assert len(gone) >= 5
    later = Now(now, now)
    assert erase_what_is_due(school.db, later, settings) > 100
    named = [word for one in EVERYBODY if one.key in gone for word in (one.name, one.address)]
    assert school.db.read_now(texts).holding(*named) <= {"transcript.snapshot"}
    long_after = Now(now + timedelta(days=1200), now + timedelta(days=1200))
    erase_what_is_due(school.db, long_after, settings)
    while school.db.write_now(chain):
        pass
    assert school.db.read_now(first_broken_link) is None
    assert school.db.read_now(first_broken_ledger) is None
    school.db.close()
