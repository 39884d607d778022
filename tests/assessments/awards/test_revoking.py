"""Revoking, reinstating and withdrawing an award: once each, with a reason, and told to whom it concerns."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Row, func, select

from assessments.awards.revoking import REINSTATED, reinstate, revoke, withdraw
from assessments.badges.queries import AWARD
from assessments.status.places import newest_place, take_place
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.database import Database, add, new_id, table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.outbox import OUTBOX
from fourweek.webhooks.models import Webhook, WebhookMessage
from tests import factories as make
from tests.assessments.status.factories import award
from tests.factories import START

MESSAGE = table(WebhookMessage)
KINDS = ["badge.revoked", "badge.reinstated", "badge.withdrawn"]
ACTS = (revoke, reinstate, withdraw)


def registrar(conn: Connection) -> Visitor:
    who = make.with_role(conn, Role.REGISTRAR, name="Regina Stone")
    return make.visitor(who, START + timedelta(days=40), (Role.REGISTRAR, ""))


def row(conn: Connection, award_id: str) -> Row[Any]:
    return conn.execute(select(AWARD).where(AWARD.c.id == award_id)).one()


def acts(conn: Connection, award_id: str) -> list[tuple[str, str]]:
    wanted = select(ROW.c.act, ROW.c.reason).where(ROW.c.subject_id == award_id).order_by(ROW.c.id)
    return [(found.act, found.reason) for found in conn.execute(wanted)]


def hook(conn: Connection) -> None:
    add(conn, Webhook(id=new_id(), url="https://other.example", secret="whsec_x", kinds=KINDS, made_at=START))


@pytest.mark.parametrize("act", ACTS)
def test_only_the_registrar_may(conn: Connection, act: Any) -> None:
    award_id = award(conn)
    for visitor in (make.visitor(make.person(conn)), make.visitor(make.person(conn), START, (Role.LEAD, ""))):
        with pytest.raises(NotFound):
            act(conn, visitor, award_id, "Because.")
    with pytest.raises(NotFound):
        act(conn, registrar(conn), "nothing", "Because.")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("reason", ["", " \n ", "\u202e\u200b", "x" * 501])
def test_a_reason_is_asked_for(conn: Connection, act: Any, reason: str) -> None:
    award_id = award(conn)
    with pytest.raises(Invalid) as refused:
        act(conn, registrar(conn), award_id, reason)
    assert refused.value.fields.keys() == {"reason"}
    assert acts(conn, award_id) == []


def test_revoking_sets_the_bit_and_is_told_once(conn: Connection) -> None:
    hook(conn)
    award_id, visitor = award(conn), registrar(conn)
    place = take_place(conn, award_id, START)
    assert revoke(conn, visitor, award_id, "  The evidence was\n another person’s. ")
    assert not revoke(conn, visitor, award_id, "Again.")
    found = row(conn, award_id)
    said = (found.revoked_at, found.revoked_by, found.revoked_why, found.number)
    assert said == (visitor.now.real, visitor.me.id, "The evidence was another person’s.", 1)
    assert newest_place(conn, award_id) == replace(place, is_set=True)
    assert acts(conn, award_id) == [("award.revoke", "The evidence was another person’s.")]
    notices = conn.execute(select(OUTBOX.c.kind, OUTBOX.c.person_id, OUTBOX.c.data)).all()
    data = {
        "achievement": "Runs a Reliable Service",
        "reason": "The evidence was another person’s.",
        "by": "Test Person",
        "path": f"/badges/{found.slug}",
    }
    assert [tuple(one) for one in notices] == [("badge_revoked", found.person_id, data)]
    (body,) = conn.execute(select(MESSAGE.c.body)).scalars()
    assert f'"badge":"https://badges.example/badges/{found.slug}"' in body
    assert '"status":"revoked"' in body
    assert "evidence" not in body


def test_reinstating_gives_a_new_place_and_never_clears_a_bit(conn: Connection) -> None:
    hook(conn)
    award_id, visitor = award(conn), registrar(conn)
    first = take_place(conn, award_id, START)
    assert not reinstate(conn, visitor, award_id, "It holds.")
    revoke(conn, visitor, award_id, "Made in error.")
    assert reinstate(conn, visitor, award_id, "It was no error.")
    assert not reinstate(conn, visitor, award_id, "It was no error.")
    found = row(conn, award_id)
    assert (found.revoked_at, found.revoked_by, found.revoked_why) == (None, None, "")
    assert (found.number, found.why) == (2, REINSTATED)
    assert newest_place(conn, award_id) != take_place(conn, award_id, START) != first
    revoke(conn, visitor, award_id, "It was an error after all.")
    told = ["badge_revoked", "badge_reinstated", "badge_revoked"]
    assert list(conn.execute(select(OUTBOX.c.kind).order_by(OUTBOX.c.id)).scalars()) == told
    events = ["badge.revoked", "badge.reinstated", "badge.revoked"]
    assert list(conn.execute(select(MESSAGE.c.kind).order_by(MESSAGE.c.id)).scalars()) == events
    verbs = [act for act, _ in acts(conn, award_id)]
    assert verbs == ["award.revoke", "award.restate", "award.reinstate", "award.revoke"]


def test_a_withdrawn_award_is_gone_for_ever(conn: Connection) -> None:
    award_id, visitor = award(conn), registrar(conn)
    place = take_place(conn, award_id, START)
    assert withdraw(conn, visitor, award_id, "The person asked to be erased.")
    assert not withdraw(conn, visitor, award_id, "Again.")
    found = row(conn, award_id)
    assert (found.withdrawn_at, found.withdrawn_why) == (visitor.now.real, "The person asked to be erased.")
    assert newest_place(conn, award_id) == replace(place, is_set=True)
    for act in (revoke, reinstate):
        with pytest.raises(Conflict):
            act(conn, visitor, award_id, "Something else.")
    assert acts(conn, award_id) == [("award.withdraw", "The person asked to be erased.")]


def test_an_award_that_was_never_signed_is_told_to_its_earner_alone(conn: Connection) -> None:
    hook(conn)
    award_id = award(conn, base_url="")
    assert revoke(conn, registrar(conn), award_id, "Made in error.")
    assert conn.execute(select(func.count()).select_from(OUTBOX)).scalar_one() == 1
    assert conn.execute(select(func.count()).select_from(MESSAGE)).scalar_one() == 0
    assert take_place(conn, award_id, START).is_set


def test_of_many_who_revoke_at_once_one_does(db: Database) -> None:
    award_id, visitor = db.write_now(award), db.write_now(registrar)
    db.write_now(take_place, award_id, START)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: db.write_now(revoke, visitor, award_id, "Made in error."), range(4)))
    assert sorted(done) == [False, False, False, True]
    assert db.read_now(acts, award_id) == [("award.revoke", "Made in error.")]
