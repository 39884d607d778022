"""What the demonstration school shows of the record: every state of credit, documents, names and reports."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, select

from assessments.corrections.queries import PROPOSAL
from assessments.credit.ledger import ENTRY
from assessments.holds.queries import HOLD
from assessments.names.queries import CHANGE
from assessments.reports.queries import SENT
from assessments.sharing.models import ShareVisit
from assessments.transcripts.models import DocumentKind, Transcript
from fourweek.accounts.access import PERSON
from fourweek.app import create_app
from fourweek.audit.service import ROW
from fourweek.database import table
from tests.fourweek.cli.conftest import Schools
from tests.fourweek.cli.schools import School
from tests.visits import Browser

VISIT, TRANSCRIPT = table(ShareVisit), table(Transcript)


@pytest.fixture(scope="module")
def school(schools: Schools, engine: str) -> School:
    return schools(engine)


@pytest.fixture
def visit(school: School) -> Iterator[Callable[[str], Browser]]:
    """A browser by the key of a person."""
    app: FastAPI = create_app(house=school.house)
    opened: list[Browser] = []

    def open_browser(key: str) -> Browser:
        opened.append(Browser(app, school.people[key]))
        return opened[-1]

    yield open_browser
    for one in opened:
        one.close()


def test_the_record_shows_every_state(school: School) -> None:
    """A hold, a repeat, a line that was taken back, documents of every kind, names and a report."""

    def told(conn: Connection) -> dict[str, Any]:
        def one(wanted: Any) -> list[Any]:
            return list(conn.execute(wanted).scalars())

        return {
            "held": one(select(PERSON.c.legal_name).join(HOLD, HOLD.c.person_id == PERSON.c.id)),
            "repeats": one(select(ENTRY.c.tenths).where(ENTRY.c.repeat_of_id.is_not(None))),
            "proposals": one(select(PROPOSAL.c.approved).order_by(PROPOSAL.c.id)),
            "names": one(select(CHANGE.c.approved).order_by(CHANGE.c.asked_at)),
            "kinds": set(one(select(TRANSCRIPT.c.kind))),
            "visits": one(select(VISIT.c.what).order_by(VISIT.c.id)),
            "merged": one(select(PERSON.c.legal_name).where(PERSON.c.merged_into_id.is_not(None))),
            "told": one(select(ROW.c.reason).where(ROW.c.act == SENT)),
        }

    assert school.db.read_now(told) == {
        "held": ["Nguyễn Thị Ánh"],
        "repeats": [0],
        "proposals": [True, None],
        "names": [True, True, None],
        "kinds": set(DocumentKind),
        "visits": ["page", "page", "pdf"],
        "merged": ["Min-jun Kim"],
        "told": ["Texas Board of Professional Engineers, by its portal"],
    }


def test_a_superseded_document_names_the_one_to_use(visit: Any) -> None:
    shown = visit("lukas").get("/transcript").text
    assert "Superseded" in shown
    numbers = sorted(re.findall(r"T-\d{4}-\d{6}", shown))
    assert len(set(numbers)) == 2


def test_a_suppressed_name_is_said_on_no_page_of_the_registrar(visit: Any) -> None:
    desk = visit("miriam")
    for path in ("/names?show=all", "/record?q=Олена"):
        assert "Олена Коваленко" in desk.get(path).text
        assert "Бойко" not in desk.get(path).text
