"""Who becomes a registrar or an operator, or ceases to be one, is told to all the others."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, select

from fourweek.accounts.models import GrantSource, Role
from fourweek.accounts.roles import RoleIn, end_role, give_role
from fourweek.language.stored import say
from fourweek.outbox import OUTBOX
from tests import factories as make

NOW = make.START
REGISTRAR = RoleIn(Role.REGISTRAR)


@pytest.fixture
def office(conn: Connection) -> Sequence[str]:
    """An operator, a registrar, a grader; and somebody without a role."""
    names = {Role.OPERATOR: "Otto Orr", Role.REGISTRAR: "Rita Ray", Role.GRADER: "Greta Grant"}
    return *(make.with_role(conn, role, name) for role, name in names.items()), make.person(conn, "Nora New")


def _told(conn: Connection) -> list[tuple[str, str, str, bool]]:
    rows = conn.execute(select(OUTBOX.c.person_id, OUTBOX.c.data).where(OUTBOX.c.kind == "appointed")).all()
    return sorted((row.person_id, row.data["name"], say(row.data["by"]), row.data["given"]) for row in rows)


def test_a_registrar_is_appointed_before_the_eyes_of_all_others(conn: Connection, office: Sequence[str]) -> None:
    otto, rita, _greta, nora = office
    give_role(conn, otto, nora, REGISTRAR, now=NOW, reason="Rita needs a second.")
    assert _told(conn) == [(rita, "Nora New", "Otto Orr", True)]
    end_role(conn, rita, nora, REGISTRAR, now=NOW, reason="Moved on.")
    assert (otto, "Nora New", "Rita Ray", False) in _told(conn)


def test_the_command_and_the_provider_are_told_of_too(conn: Connection, office: Sequence[str]) -> None:
    otto, rita, greta, nora = office
    give_role(conn, None, nora, RoleIn(Role.OPERATOR), now=NOW)
    give_role(conn, None, greta, REGISTRAR, GrantSource.PROVIDER, now=NOW)
    told = _told(conn)
    assert [one for one, name, by, _ in told if (name, by) == ("Nora New", "A command on the server")] == sorted(
        [otto, rita]
    )
    assert {one for one, name, by, _ in told if (name, by) == ("Greta Grant", "The sign-in provider")} == {
        *(otto, rita, nora)
    }


def test_other_roles_are_nobody_elses_business(conn: Connection, office: Sequence[str]) -> None:
    otto, *_others, nora = office
    give_role(conn, otto, nora, RoleIn(Role.GRADER), now=NOW)
    assert _told(conn) == []
