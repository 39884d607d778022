from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from assessments.badges.issuer_addresses import (
    AnotherAddressError,
    all_bases,
    follow,
    move_to,
    note_first,
    noted,
    refuse_another,
)
from fourweek.audit.service import ROW as AUDIT
from fourweek.settings import Settings

AT = datetime(2027, 5, 3, 10, 0, tzinfo=UTC)
OLD, NEW = "https://learn.example", "https://school.example/learn"


def test_first_signed_form_notes_its_address_once(conn: Connection) -> None:
    assert noted(conn) == ()
    for _ in range(2):
        note_first(conn, OLD, AT)
    assert noted(conn) == (OLD,)
    rows = conn.execute(select(AUDIT.c.act, AUDIT.c.detail)).all()
    assert [tuple(row) for row in rows] == [("issuer.address", {"url": OLD})]


def test_nothing_is_kept_under_another_address_until_the_school_moved(conn: Connection) -> None:
    note_first(conn, OLD, AT)
    with pytest.raises(AnotherAddressError, match="fourweek keys move"):
        note_first(conn, NEW, AT)
    assert move_to(conn, NEW, "A new name.", AT + timedelta(days=1))
    assert not move_to(conn, NEW, "Again.", AT + timedelta(days=2))
    note_first(conn, NEW, AT)
    note_first(conn, OLD, AT)
    assert noted(conn) == (NEW, OLD)


def test_start_is_refused_only_under_an_address_never_noted() -> None:
    refuse_another(NEW, ())
    refuse_another(OLD, (NEW, OLD))
    with pytest.raises(AnotherAddressError, match=f"Set FOURWEEK_BASE_URL back to {NEW}"):
        refuse_another("https://other.example", (NEW, OLD))


def test_demonstration_follows_its_port_once_it_signed(conn: Connection) -> None:
    follow(conn, OLD, "Started.", AT)
    assert noted(conn) == ()
    note_first(conn, OLD, AT)
    follow(conn, NEW, "Started.", AT + timedelta(days=1))
    assert noted(conn) == (NEW, OLD)


def test_the_present_address_is_ours_before_anything_was_signed() -> None:
    settings = Settings(base_url=NEW)
    assert all_bases(settings, ()) == (NEW,)
    assert all_bases(settings, (OLD, NEW)) == (NEW, OLD)
