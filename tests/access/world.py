"""A small world with something behind every address that a route takes, and one person of every kind.

Alice learns in the first cohort and owns what is a learner's there; Dana learns beside her, with work in every state on
its way to a decision. Everything of the first cohort has its like in the second, so that there is something to leak.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, update

from assessments.badges.keys import load_keys
from assessments.badges.rsa_keys import RsaPublicKey
from assessments.badges.service import sign_due_badges
from assessments.status.models import StatusList
from courses.cohorts.models import Section
from courses.enrolment.models import Enrolment
from courses.viewing.opening import ACT
from fourweek.accounts.models import EmailAddress, PasswordHash, Role, RoleGrant, ScopeKind, SignIn
from fourweek.accounts.service import digest
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.storage import Store
from tests import factories as make
from tests.access.learning import add_dates, add_draft, add_files, add_judged, add_talk, add_work
from tests.access.record import add_addresses, add_office, add_record
from tests.access.side import DAY, NOTE, NOW, PAPER, PICTURE, Names, Side, package

LEARNERS = {
    "alice": "Alice Brook",
    "dana": "Dana Marsh",
    "bea": "Bea Hill",
    "carl": "Carl Moor",
    "cora": "Cora Wood",
}
OFFICE = {"amir": Role.AUTHOR, "rhea": Role.REGISTRAR, "otto": Role.OPERATOR, "rex": Role.REGISTRAR}
STAFF = {
    "greta": Role.GRADER,
    "gina": Role.GRADER,
    "gus": Role.GRADER,
    "ines": Role.INSTRUCTOR,
    "lena": Role.LEAD,
    "luis": Role.LEAD,
}
OF_THE_SECOND = {"gus", "luis"}


@dataclass(slots=True)
class World:
    """`people`, and `tokens` of their sign-ins, by name; `addresses` by id. The two cohorts are alike."""

    people: Names = field(default_factory=dict)
    tokens: Names = field(default_factory=dict)
    addresses: Names = field(default_factory=dict)
    sides: tuple[Side, ...] = ()

    def called(self, name: str) -> tuple[str, str]:
        """The id and the mail address of somebody, both "" for a guest."""
        person = self.people.get(name, "")
        return person, self.addresses.get(person, "")


def build(conn: Connection, store: Store, hashed: str) -> World:
    """Everything but what is signed; `hashed` is everybody's password."""
    world = World({name: make.person(conn, words) for name, words in LEARNERS.items()})
    people = world.people
    people |= {name: make.with_role(conn, role, f"{name.capitalize()} Office") for name, role in OFFICE.items()}
    first, second = _side(conn, people["alice"], people["dana"]), _side(conn, people["carl"], people["cora"])
    morning = Section(id=new_id(), cohort_id=first.cohort, name="Morning")
    add(conn, morning)
    _put_into(conn, morning.id, make.enrol(conn, first.cohort, people["bea"]))
    for name, role in STAFF.items():
        cohort = (second if name in OF_THE_SECOND else first).cohort
        people[name] = make.with_role(conn, role, f"{name.capitalize()} Staff", cohort)
    for name, kind, scope in (
        ("cleo", ScopeKind.COURSE, first.course.course_id),
        ("stan", ScopeKind.SECTION, first.section),
        ("sela", ScopeKind.SECTION, morning.id),
    ):
        people[name] = make.person(conn, f"{name.capitalize()} Part")
        given = RoleGrant(id=new_id(), person_id=people[name], role=Role.LEAD, scope_id=scope, granted_at=NOW)
        given.scope_kind = kind
        add(conn, given)
    world.sides = first, second
    add(conn, *(_unused_role(side) for side in world.sides))
    for looker, side in (*((one, first) for one in ("lena", "ines", "amir", "cleo", "stan", "sela")), ("luis", second)):
        record(conn, ACT, "person", side.me, at=NOW, actor_id=people[looker], reason="They asked for help.")
    for side, stranger in zip(world.sides, ("carl", "alice"), strict=True):
        add_judged(conn, side, (people["gina"], people["rex"]), people["greta"])
        add_record(conn, side, people["rex"], store)
        add_office(conn, side, people["rex"], people["amir"])
        add_addresses(conn, side, people[stranger])
    for name, person in people.items():
        world.tokens[name] = f"token-of-{name}"
        when: Any = {"created_at": NOW, "seen_at": NOW, "ends_at": NOW + DAY}
        row = SignIn(id=new_id(), token_hash=digest(world.tokens[name]), person_id=person, **when)
        add(conn, row)
        add(conn, PasswordHash(person_id=person, hash=hashed, changed_at=NOW))
        for side in (side for side in world.sides if side.me == person):
            other = row.model_copy(update={"id": new_id(), "token_hash": digest(f"elsewhere-{name}")})
            add(conn, other)
            side.names["/security/end/{sign_in_id}"] = other.id
    world.addresses = {row.person_id: row.address for row in conn.execute(table(EmailAddress).select())}
    return world


def _side(conn: Connection, me: str, beside: str) -> Side:
    """A course with a cohort and what its learners do there."""
    course = make.course(conn)
    cohort = make.cohort(conn, course)
    section = Section(id=new_id(), cohort_id=cohort, name="Evening")
    add(conn, section)
    mine, theirs = (make.enrol(conn, cohort, person) for person in (me, beside))
    _put_into(conn, section.id, mine, theirs)
    side = Side(course, cohort, section.id, me, beside, mine, theirs)
    side.names = {
        "/cohorts/{cohort_id}": cohort,
        "/exports/{cohort_id}": cohort,
        "/sections/{section_id}": section.id,
        "/enrolments/{enrolment_id}": mine,
        "/as/{enrolment_id}": mine,
        "/courses/{code}": course.code,
        "/certificate/{course}": course.code,
        "/agreement/{code}": course.code,
    }
    for fill in (add_talk, add_dates, add_work, add_draft, add_files):
        fill(conn, side)
    return side


def _put_into(conn: Connection, section: str, *enrolments: str) -> None:
    of = table(Enrolment)
    conn.execute(update(of).where(of.c.id.in_(enrolments)).values(section_id=section))


def _unused_role(side: Side) -> RoleGrant:
    """A role of a learner's, for nothing, which leads to nothing that is asked for, so that it can be ended."""
    grant = RoleGrant(
        id=new_id(),
        person_id=side.beside,
        role=Role.INSTRUCTOR,
        scope_id=new_id(),
        scope_kind=ScopeKind.COHORT,
        granted_at=NOW,
    )
    side.names["/roles/{grant_id}"] = grant.id
    return grant


def open_world(house: House) -> World:
    """The world of a house: its rows, its files and its signed badges."""
    for data in (PAPER, NOTE, PICTURE, package()):
        house.store.keep_bytes(data)
    world = house.db.write_now(build, house.store, house.passwords.hash(new_id()))
    keys = load_keys(house.settings)
    sign_due_badges(house.db, house.store, keys, house.settings, Now(real=NOW, school=NOW))
    lists = house.db.read_now(lambda conn: conn.execute(table(StatusList).select()).all())
    jwt = next(key for key in keys.published if isinstance(key, RsaPublicKey))
    signed = {"/status/{number}": str(lists[0].number), "/keys/{key_id}": jwt.key_id}
    for side in world.sides:
        side.names |= signed
    return world
