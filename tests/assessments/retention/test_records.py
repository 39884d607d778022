"""The end of a record's period: what goes, what stays, what keeps it, and that a person decides it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.badges.checks import Verdict
from assessments.credit.ledger import ENTRY, first_broken_ledger
from assessments.names.models import NameChangeKind
from assessments.names.queries import CHANGE, names_of
from assessments.names.service import Asked, ask, decide
from assessments.retention.disposing import dispose
from assessments.retention.record_pages import period_page, say_papers
from assessments.retention.record_queries import due_records
from assessments.retention.record_rules import Papers, due_before, kept_until
from assessments.retention.service import hold_cohort, hold_person, lift
from assessments.sharing.documents import own_document
from assessments.stated.queries import STATED
from assessments.transcripts.queries import TRANSCRIPT, document_file, issued_to, same_content
from assessments.transcripts.stored import STORED
from assessments.verify.documents import NO_LONGER, document_answer
from assessments.verify.looking import Given, Kind
from assessments.verify.queries import KnownDocument, known
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import EmailAddress, Role
from fourweek.audit.service import ROW
from fourweek.database import Database, table
from fourweek.errors import Gone, Invalid, NotFound
from fourweek.settings import Settings
from fourweek.storage.rows import named
from tests import factories as make
from tests.assessments.credit.factories import Learning, learning, recorded
from tests.assessments.names.test_service import PASSPORT
from tests.assessments.sharing.factories import document
from tests.assessments.stated.factories import stated
from tests.factories import START
from tests.statements import statements

_ADDRESS = table(EmailAddress)
YEARS = 7
BEFORE, OVER = datetime(2033, 12, 31, 23, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)


def office(conn: Connection, at: datetime = OVER) -> Visitor:
    return make.visitor(make.with_role(conn, Role.REGISTRAR, "Rita Hale"), at, (Role.REGISTRAR, ""))


def past(conn: Connection) -> Learning:
    """Credit, a document, a paper of a name and a certificate from elsewhere, all of November 2026."""
    who = learning(conn)
    recorded(conn, who)
    document(conn, who.person_id, at=START)
    stated(conn, who.person_id, evidence_sha256="cd" * 32, evidence_name="elsewhere.pdf")
    asked = Asked(NameChangeKind.CHANGE, "Alice Stream", "Married.", evidence=PASSPORT)
    decide(conn, office(conn, START), ask(conn, make.visitor(who.person_id), asked), approve=True, why="")
    return who


def test_seven_full_years_after_the_year_ends() -> None:
    for last in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)):
        assert kept_until(last, YEARS) == date(2034, 1, 1)
        assert not last < due_before(BEFORE, YEARS)
        assert last < due_before(OVER, YEARS)


def test_papers_are_said_in_words() -> None:
    assert say_papers(Papers(1, 2, 0, 1)) == "1 document, 2 papers of names, 1 removed licence"


def test_papers_go_and_every_row_stays(conn: Connection) -> None:
    who = past(conn)
    assert dispose(conn, office(conn, BEFORE), YEARS, "Too early.", confirmed=True) == 0
    assert dispose(conn, office(conn), YEARS, "Its period is over.", confirmed=True) == 1
    kept = conn.execute(select(TRANSCRIPT.c.snapshot, TRANSCRIPT.c.pdf_sha256, TRANSCRIPT.c.minutes)).one()
    assert kept.snapshot == b""
    assert kept.pdf_sha256
    assert conn.execute(select(STATED.c.evidence_sha256, STATED.c.minutes)).one()[0] == ""
    assert conn.execute(select(CHANGE.c.evidence_sha256, CHANGE.c.why)).one() == ("", "")
    assert [one.name for one in names_of(conn, who.person_id)] == ["Alice Brook"]
    assert conn.execute(select(ENTRY.c.minutes)).scalar_one() == 150
    assert first_broken_ledger(conn) is None
    note = conn.execute(select(ROW.c.subject_id, ROW.c.reason, ROW.c.detail).where(ROW.c.act == "record.dispose")).one()
    assert (note.subject_id, note.reason) == (who.person_id, "Its period is over.")
    assert note.detail == {"documents": 1, "name_papers": 1, "certificates": 1, "licences": 0}
    assert dispose(conn, office(conn), YEARS, "Once more.", confirmed=True) == 0


def test_whatever_is_added_begins_the_period_anew(conn: Connection) -> None:
    who = past(conn)
    recorded(conn, who, 2)
    later = datetime(2027, 5, 1, tzinfo=UTC)
    stated(conn, who.person_id, entered_at=later)
    assert dispose(conn, office(conn), YEARS, "Its period is over.", confirmed=True) == 0
    assert dispose(conn, office(conn, datetime(2035, 1, 1, tzinfo=UTC)), YEARS, "Over.", confirmed=True) == 1


@pytest.mark.parametrize("of_cohort", [False, True])
def test_a_legal_hold_wins(conn: Connection, *, of_cohort: bool) -> None:
    who, rita = past(conn), office(conn)
    if of_cohort:
        hold_id = hold_cohort(conn, rita, who.cohort_id, "A complaint.")
    else:
        address = conn.execute(select(_ADDRESS.c.address).where(_ADDRESS.c.person_id == who.person_id)).scalar_one()
        hold_id = hold_person(conn, rita, address, "A complaint.")
    (found,), total = due_records(conn, due_before(OVER, YEARS), 1)
    assert (found.keeps, total) == ("hold", 1)
    assert dispose(conn, rita, YEARS, "Its period is over.", confirmed=True) == 0
    lift(conn, rita, hold_id, "It is settled.")
    assert dispose(conn, rita, YEARS, "Its period is over.", confirmed=True) == 1


def test_what_is_not_decided_keeps_them(conn: Connection) -> None:
    who = past(conn)
    me = make.visitor(who.person_id, START + timedelta(days=1))
    ask(conn, me, Asked(NameChangeKind.CHANGE, "Alice Moss", evidence=PASSPORT))
    assert dispose(conn, office(conn), YEARS, "Its period is over.", confirmed=True) == 0
    page = period_page(conn, office(conn), 1, Settings())
    assert (page.total, page.going) == (1, 0)
    assert page.rows[0].keeps.startswith("Kept by a change of a name")
    assert [(row.year, row.due_on) for row in page.falls_due] == [(2026, "Sunday 1 January 2034")]


def test_a_reason_and_a_confirmation_are_asked_for(conn: Connection) -> None:
    past(conn)
    with pytest.raises(Invalid) as refused:
        dispose(conn, office(conn), YEARS, " ", confirmed=False)
    assert refused.value.fields.keys() == {"reason", "confirmed"}
    with pytest.raises(NotFound):
        dispose(conn, make.visitor(make.person(conn), OVER, (Role.LEAD, "")), YEARS, "Why not.", confirmed=True)


def test_the_page(browser: Any, db: Database) -> None:
    def old(conn: Connection) -> None:
        for _ in range(26):
            who = make.person(conn)
            stated(conn, who, evidence_sha256="cd" * 32, entered_at=datetime(2010, 1, 1, tzinfo=UTC))

    db.write_now(old)
    rita = db.write_now(make.with_role, Role.REGISTRAR)
    page = "/retention/records"
    assert browser(db.write_now(make.person)).get(page).status_code == 404
    here = browser(rita)
    assert page in here.get("/retention").text
    with statements(db) as asked:
        assert "26 people’s papers are over their period; 26 may go." in here.get(page).text
    assert asked.number <= 6
    assert here.submit(page, page, reason="").status_code == 422
    assert here.submit(page, page, reason="Over.", confirmed="1").status_code == 303
    assert "Nothing is over its period" in here.get(page).text


def test_a_document_without_files_still_answers_and_can_be_issued_anew(conn: Connection) -> None:
    who = past(conn)
    me = make.visitor(who.person_id)
    number, sha, content = conn.execute(
        select(TRANSCRIPT.c.number, TRANSCRIPT.c.pdf_sha256, TRANSCRIPT.c.content_sha256)
    ).one()
    assert own_document(conn, me, number).files
    assert named(conn, STORED, [sha]) == {sha}
    dispose(conn, office(conn), YEARS, "Its period is over.", confirmed=True)
    assert own_document(conn, me, number).files == {}
    assert issued_to(conn, who.person_id, 1)[0][0].endings == ()
    assert named(conn, STORED, [sha]) == set()
    assert same_content(conn, who.person_id, content) is None
    with pytest.raises(Gone):
        document_file(conn, me, f"{number}.pdf")
    found = known(conn, me, Given(Kind.DOCUMENT, sha)).thing
    assert isinstance(found, KnownDocument)
    answer = document_answer(found, "Brook", Settings())
    assert (answer.verdict, answer.courses, answer.asks_name) == (Verdict.VALID, (), False)
    assert NO_LONGER in answer.sentence
