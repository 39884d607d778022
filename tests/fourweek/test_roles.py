"""Roles for the institution, a course, a cohort or a section: given, ended, told, and in force at the next request."""

import itertools
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from courses.cohorts.models import Section
from fourweek.accounts.access import GRANT, SIGN_IN, Permission, Visit, Visitor, identify
from fourweek.accounts.models import GrantSource, Role, ScopeKind, SignIn
from fourweek.accounts.roles import RoleIn, end_role, give_role
from fourweek.accounts.scopes import GIVEN_FOR, scopes
from fourweek.audit.service import ROW
from fourweek.database import Database, add, new_id
from fourweek.errors import Conflict, Invalid
from fourweek.language.stored import say
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.statements import statements

NOW = make.START


@dataclass(frozen=True, slots=True)
class School:
    """One course with two cohorts, the first of two sections, and another course."""

    person: str
    course: str
    cohort: str
    section: str
    other_section: str
    other_cohort: str
    elsewhere: str

    def id_of(self, kind: ScopeKind) -> str:
        ids = {ScopeKind.COURSE: self.course, ScopeKind.COHORT: self.cohort, ScopeKind.SECTION: self.section}
        return ids.get(kind, "")


@pytest.fixture
def school(conn: Connection) -> School:
    course, other = make.course(conn), make.course(conn)
    cohort = make.cohort(conn, course)
    sections = [Section(id=new_id(), cohort_id=cohort, name=name) for name in ("Morning", "Evening")]
    add(conn, *sections)
    return School(
        person=make.person(conn),
        course=course.course_id,
        cohort=cohort,
        section=sections[0].id,
        other_section=sections[1].id,
        other_cohort=make.cohort(conn, course),
        elsewhere=make.cohort(conn, other),
    )


def _signed_in(conn: Connection, person: str) -> str:
    token, ends = new_id(), NOW + timedelta(days=1)
    add(conn, SignIn(id=new_id(), token_hash=token, person_id=person, created_at=NOW, seen_at=NOW, ends_at=ends))
    return token


def _who(conn: Connection, token: str) -> Visitor:
    return identify(conn, Visit(real=NOW, token_hash=token), NOW - timedelta(hours=1))


def test_each_role_is_given_for_its_kinds_of_scope_and_no_other(conn: Connection, school: School) -> None:
    for role, kind in itertools.product(Role, ScopeKind):
        given = RoleIn(role, kind, school.id_of(kind))
        if kind in GIVEN_FOR[role]:
            assert give_role(conn, None, school.person, given, now=NOW)
            continue
        with pytest.raises(Invalid) as refused:
            give_role(conn, None, school.person, given, now=NOW)
        assert list(refused.value.fields) == ["scope"]
    held = conn.execute(select(GRANT.c.role, GRANT.c.scope_kind).where(GRANT.c.person_id == school.person)).all()
    assert sorted(held) == sorted((role, kind) for role, kinds in GIVEN_FOR.items() for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "reaches"),
    [
        (ScopeKind.INSTITUTION, {"cohort", "other_cohort", "elsewhere"}),
        (ScopeKind.COURSE, {"cohort", "other_cohort"}),
        (ScopeKind.COHORT, {"cohort"}),
        (ScopeKind.SECTION, set()),
    ],
)
def test_a_role_reaches_what_lies_within_its_scope_and_nothing_else(
    conn: Connection, school: School, kind: ScopeKind, reaches: set[str]
) -> None:
    token = _signed_in(conn, school.person)
    give_role(conn, None, school.person, RoleIn(Role.LEAD, kind, school.id_of(kind)), now=NOW)
    me = _who(conn, token).me
    cohorts = {name: getattr(school, name) for name in ("cohort", "other_cohort", "elsewhere")}
    assert {name for name, one in cohorts.items() if me.may(Permission.REVIEW_GRADES, one)} == reaches
    assert me.may(Permission.GRADE, school.cohort, school.section)
    assert me.may(Permission.GRADE, school.cohort, school.other_section) is (kind is not ScopeKind.SECTION)
    assert me.may(Permission.GRADE) is (kind is ScopeKind.INSTITUTION)
    assert not me.may(Permission.PUBLISH_COURSE, school.course)


def test_a_scope_that_is_not_there_or_of_another_kind_is_refused(conn: Connection, school: School) -> None:
    for kind, scope in ((ScopeKind.COHORT, school.course), (ScopeKind.COURSE, "unknown"), (ScopeKind.SECTION, "")):
        with pytest.raises(Invalid):
            give_role(conn, None, school.person, RoleIn(Role.GRADER, kind, scope), now=NOW)


def test_a_role_holds_at_the_next_request_and_ends_with_it(conn: Connection, school: School) -> None:
    """Row 22 of the checklist: nothing of a sign-in says what its person may do."""
    token, given = _signed_in(conn, school.person), RoleIn(Role.GRADER, ScopeKind.COURSE, school.course)
    assert not _who(conn, token).me.may_anywhere(Permission.GRADE)
    give_role(conn, None, school.person, given, now=NOW)
    assert _who(conn, token).me.may(Permission.GRADE, school.cohort)
    assert conn.execute(select(SIGN_IN.c.renew).where(SIGN_IN.c.person_id == school.person)).scalar_one()
    end_role(conn, None, school.person, given, now=NOW)
    assert not _who(conn, token).me.may_anywhere(Permission.GRADE)


def test_giving_and_ending_are_told_and_written_down_once(conn: Connection, school: School) -> None:
    by, given = make.person(conn, "Rita"), RoleIn(Role.LEAD, ScopeKind.COHORT, school.cohort)
    said = [give_role(conn, by, school.person, given, now=NOW, reason="Takes over") for _ in range(2)]
    said += [end_role(conn, by, school.person, given, now=NOW, reason="Moved on") for _ in range(2)]
    assert said == [True, False, True, False]
    acts = select(ROW.c.act, ROW.c.reason, ROW.c.actor_id).where(
        ROW.c.subject_id == school.person, ROW.c.actor_id == by
    )
    assert conn.execute(acts.order_by(ROW.c.id)).all() == [
        ("role.grant", "Takes over", by),
        ("role.end", "Moved on", by),
    ]
    letters = select(OUTBOX.c.data).where(OUTBOX.c.person_id == school.person, OUTBOX.c.kind == "role_changed")
    words = f"for the cohort {scopes().named(conn, [school.cohort])[school.cohort].words}"
    told = [(one["given"], say(one["scope"])) for one in conn.execute(letters.order_by(OUTBOX.c.id)).scalars()]
    assert told == [(True, words), (False, words)]


def test_hand_and_provider_never_take_away_what_the_other_gave(conn: Connection, school: School) -> None:
    grader, lead = RoleIn(Role.GRADER), RoleIn(Role.LEAD)
    give_role(conn, None, school.person, grader, now=NOW)
    give_role(conn, None, school.person, lead, GrantSource.PROVIDER, now=NOW)
    assert not give_role(conn, None, school.person, grader, GrantSource.PROVIDER, now=NOW)
    assert not end_role(conn, None, school.person, grader, GrantSource.PROVIDER, now=NOW)
    with pytest.raises(Conflict):
        end_role(conn, None, school.person, lead, now=NOW)
    assert give_role(conn, None, school.person, lead, now=NOW)
    assert not end_role(conn, None, school.person, lead, GrantSource.PROVIDER, now=NOW)


def test_only_a_role_by_course_costs_a_statement(conn: Connection, shared_db: Database, school: School) -> None:
    token, counted = _signed_in(conn, school.person), []
    for given in (RoleIn(Role.GRADER), RoleIn(Role.LEAD, ScopeKind.COURSE, school.course)):
        give_role(conn, None, school.person, given, now=NOW)
        with statements(shared_db) as count:
            _who(conn, token)
        counted.append(count.number)
    assert counted == [1, 2]
