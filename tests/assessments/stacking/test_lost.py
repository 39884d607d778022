"""A part that is revoked or withdrawn takes nothing away by itself: the registrars are told."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.awards.revoking import revoke, withdraw
from assessments.badges.queries import AWARD
from assessments.stacking.awarding import award_series_badges
from fourweek.accounts.models import Role
from fourweek.database import Database
from fourweek.outbox import OUTBOX
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.stacking.factories import NOW, badge, rule, series


def _given(conn: Connection) -> tuple[str, str, str]:
    """Ids of a part, of a badge beside it that is no part, and of a registrar."""
    made = series(conn)
    rule(conn, made, needed=2)
    alice = make.person(conn)
    part = badge(conn, made, 0, alice, 1)
    badge(conn, made, 1, alice, 2)
    return part, badge(conn, made, 2, alice, 50), make.with_role(conn, Role.REGISTRAR)


@pytest.mark.parametrize("act", [revoke, withdraw])
def test_registrars_are_told_once_and_the_series_badge_stays(db: Database, act: Any) -> None:
    part, other, registrar = db.write_now(_given)
    assert award_series_badges(db, Settings(), NOW) == 1
    visitor = make.visitor(registrar, NOW.real, (Role.REGISTRAR, ""))
    for award_id in (other, part, part):
        db.write_now(act, visitor, award_id, "It was given by mistake.")
    told = select(OUTBOX).where(OUTBOX.c.kind == "series_part_lost")
    (row,) = db.read_now(lambda conn: conn.execute(told).all())
    whole = db.read_now(lambda conn: conn.execute(select(AWARD).where(AWARD.c.series_id.is_not(None))).one())
    assert (row.person_id, row.data) == (
        registrar,
        {"achievement": "Walks in steps", "part": "Took step 1", "path": f"/awards/{whole.id}"},
    )
    assert (whole.revoked_at, whole.withdrawn_at, whole.number) == (None, None, 1)
