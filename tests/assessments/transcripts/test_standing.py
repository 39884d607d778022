"""A document holds as of its date until a line or the name that it shows is corrected; nothing else supersedes it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from assessments.credit.ledger import ENTRY
from assessments.names.models import NameChange, NameChangeKind
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind, DocumentLine
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.scope import WHOLE, Options, Scope
from assessments.transcripts.standing import VALID, Standing, Why, standing, standings, superseded_before
from fourweek.accounts.models import Role
from fourweek.database import add, new_id, table
from tests import factories as make
from tests.assessments.credit.factories import DAY, LATER, Learning, learning, recorded, reverse_entry
from tests.assessments.transcripts.issued import issue

AT = LATER + DAY
HOUR = timedelta(hours=1)
FIRST = Scope(until=make.START.date() + DAY)
SECOND = Scope(since=make.START.date() + 2 * DAY)


@pytest.fixture
def who(conn: Connection) -> Learning:
    return learning(conn)


def take_back(conn: Connection, entry_id: str, hours: int) -> None:
    registrar = make.with_role(conn, Role.REGISTRAR)
    visitor = make.visitor(registrar, AT + hours * HOUR, (Role.REGISTRAR, ""))
    reverse_entry(conn, visitor, entry_id, "integrity", "Copied.")


def take_back_all(conn: Connection, who: Learning) -> None:
    for entry in conn.execute(select(ENTRY.c.id).where(ENTRY.c.enrolment_id == who.enrolment_id)).scalars().all():
        take_back(conn, entry, 1)


def rename(conn: Connection, who: Learning, kind: NameChangeKind, hours: int, *, approved: bool | None = True) -> None:
    at = AT + hours * HOUR
    change = NameChange(
        id=new_id(),
        person_id=who.person_id,
        kind=kind,
        former="Alice Broke",
        name="Alice Brook",
        asked_by=who.person_id,
        asked_at=at,
        decided_by=who.grader_id if approved is not None else None,
        decided_at=at if approved is not None else None,
        approved=approved,
    )
    add(conn, change)


def test_new_credit_and_newer_documents_leave_earlier_ones_valid(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    first, _ = issue(conn, who.person_id, AT)
    recorded(conn, who, 2)
    second, _ = issue(conn, who.person_id, AT + HOUR)
    extract, _ = issue(conn, who.person_id, AT + 2 * HOUR, FIRST)
    assert standings(conn, [first, second, extract]) == {first: VALID, second: VALID, extract: VALID}


def test_a_corrected_line_supersedes_what_shows_it_and_nothing_else(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    recorded(conn, who, 2)
    whole, _ = issue(conn, who.person_id, AT)
    one, _ = issue(conn, who.person_id, AT, FIRST)
    other, _ = issue(conn, who.person_id, AT, SECOND)
    take_back(conn, entry, 1)
    assert standings(conn, [whole, one, other]) == {
        whole: Standing(Why.LINE),
        one: Standing(Why.LINE),
        other: VALID,
    }


def test_it_names_the_newest_of_its_kind_and_scope_issued_after_the_correction(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    recorded(conn, who, 2)
    whole, _ = issue(conn, who.person_id, AT)
    recorded(conn, who, 3)
    before, number_before = issue(conn, who.person_id, AT + HOUR)
    take_back(conn, entry, 2)
    assert standing(conn, whole) == standing(conn, before) == Standing(Why.LINE)
    issue(conn, who.person_id, AT + 3 * HOUR, SECOND)
    assert standing(conn, whole).by is None
    after, number = issue(conn, who.person_id, AT + 4 * HOUR)
    assert standings(conn, [whole, before, after]) == {
        whole: Standing(Why.LINE, number),
        before: Standing(Why.LINE, number),
        after: VALID,
    }
    said = conn.execute(select(TRANSCRIPT.c.snapshot).where(TRANSCRIPT.c.id == after)).scalar_one()
    assert TranscriptSnapshot.from_json(said).document.replaces == number_before


def test_a_document_that_shows_a_line_as_taken_back_is_not_superseded_by_that(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    take_back(conn, entry, 0)
    document, _ = issue(conn, who.person_id, AT + HOUR)
    assert standing(conn, document) == VALID


def test_a_corrected_name_supersedes_every_document_before_it(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    recorded(conn, who, 2)
    whole, _ = issue(conn, who.person_id, AT)
    one, _ = issue(conn, who.person_id, AT, FIRST)
    rename(conn, who, NameChangeKind.CORRECTION, 1)
    after, number = issue(conn, who.person_id, AT + 2 * HOUR, options=Options(names=False))
    assert standings(conn, [whole, one, after]) == {
        whole: Standing(Why.NAME, number),
        one: Standing(Why.NAME),
        after: VALID,
    }


@pytest.mark.parametrize(
    ("kind", "approved"),
    [(NameChangeKind.CHANGE, True), (NameChangeKind.CORRECTION, False), (NameChangeKind.CORRECTION, None)],
)
def test_a_changed_name_leaves_documents_valid_and_so_does_one_not_approved(
    conn: Connection, who: Learning, kind: NameChangeKind, *, approved: bool | None
) -> None:
    recorded(conn, who, 1)
    document, _ = issue(conn, who.person_id, AT)
    rename(conn, who, kind, 1, approved=approved)
    assert standing(conn, document) == VALID


@pytest.mark.parametrize(("kind", "suppress"), [(NameChangeKind.CORRECTION, False), (NameChangeKind.CHANGE, True)])
def test_what_a_name_made_useless_is_issued_anew_though_it_says_the_same(
    conn: Connection, who: Learning, kind: NameChangeKind, *, suppress: bool
) -> None:
    recorded(conn, who, 1)
    _, first = issue(conn, who.person_id, AT)
    rename(conn, who, kind, 1)
    conn.execute(update(table(NameChange)).values(suppress=suppress))
    _, second = issue(conn, who.person_id, AT + 2 * HOUR)
    assert second != first
    assert issue(conn, who.person_id, AT + 3 * HOUR)[1] == second


def test_other_peoples_corrections_are_theirs(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    document, _ = issue(conn, who.person_id, AT)
    bob = learning(conn, name="Bob Marsh")
    entry = recorded(conn, bob, 1)
    take_back(conn, entry, 1)
    rename(conn, bob, NameChangeKind.CORRECTION, 1)
    assert standing(conn, document) == VALID


def test_what_was_taken_back_by_a_merge_is_corrected_too(conn: Connection, who: Learning) -> None:
    recorded(conn, who, 1)
    document, _ = issue(conn, who.person_id, AT)
    kept = make.person(conn, "Alice Brook")
    take_back_all(conn, who)
    conn.execute(update(TRANSCRIPT).values(person_id=kept))
    assert standing(conn, document) == Standing(Why.LINE)


def test_what_is_replaced_is_of_the_same_kind_and_scope_and_superseded(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    _, number = issue(conn, who.person_id, AT)
    asked = (conn, who.person_id, DocumentKind.TRANSCRIPT)
    assert superseded_before(*asked, WHOLE) is None
    take_back(conn, entry, 1)
    assert superseded_before(*asked, WHOLE) == number
    assert superseded_before(*asked, FIRST) is None
    assert superseded_before(conn, who.person_id, DocumentKind.PACKET, WHOLE) is None


def test_documents_from_before_their_lines_were_listed_showed_the_whole_ledger(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    document, _ = issue(conn, who.person_id, AT)
    old = dict(conn.execute(select(TRANSCRIPT).where(TRANSCRIPT.c.id == document)).one()._mapping)
    changed = {"id": new_id(), "number": "T-2020-000001", "content_sha256": "0" * 64, "code_hash": "1" * 64}
    conn.execute(TRANSCRIPT.insert().values(old | changed))
    later = recorded(conn, who, 2)
    take_back(conn, later, 1)
    assert standing(conn, changed["id"]) == VALID
    take_back(conn, entry, 2)
    assert standing(conn, changed["id"]).why is Why.LINE


def test_lines_of_documents_are_only_added(conn: Connection, who: Learning) -> None:
    entry = recorded(conn, who, 1)
    document, _ = issue(conn, who.person_id, AT)
    lines = table(DocumentLine)
    assert conn.execute(select(lines.c.document_id, lines.c.entry_id)).all() == [(document, entry)]
    with pytest.raises(Exception, match="append-only"):
        conn.execute(delete(lines))


def test_scopes_are_stored_with_the_keys_that_are_set() -> None:
    scope = Scope(courses=("a", "b"), since=date(2026, 1, 1), until=date(2026, 12, 31), module="e", board="us-ny")
    assert scope.stored() == {
        "courses": ["a", "b"],
        "from": "2026-01-01",
        "until": "2026-12-31",
        "module": "e",
        "board": "us-ny",
    }
    assert Scope.read(scope.stored()) == scope
    assert (Scope.read({}), WHOLE.stored(), WHOLE.is_whole, FIRST.is_whole) == (WHOLE, {}, True, False)
