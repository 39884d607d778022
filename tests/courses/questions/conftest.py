"""A cohort whose first module is open, its learners, and those who teach."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from courses.questions.models import Question, Reply
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.courses.learning.school import School, build
from tests.statements import statements
from tests.visits import Browser, forms


@dataclass(slots=True)
class Forum:
    """Alice and Erin learn; Ivan teaches; Lena grades; Jade teaches another cohort."""

    school: School
    db: Database
    ivan: str
    jade: str
    erin: str

    @property
    def at(self) -> str:
        return self.school.at("/modules/1/questions")

    def rows(self, model: Any) -> list[Any]:
        wanted = table(model).select().order_by(table(model).c.id)
        return list(self.db.read_now(lambda conn: conn.execute(wanted).all()))

    @property
    def question(self) -> Any:
        (row,) = self.rows(Question)
        return row

    @property
    def one(self) -> str:
        return f"{self.at}/{self.question.id}"

    @property
    def reply(self) -> Any:
        return self.rows(Reply)[-1]

    def acts(self) -> list[str]:
        return [row.act for row in self.rows(AuditRow) if row.subject_kind in {"question", "reply"}]

    def letters(self, kind: str) -> set[str]:
        found = self.db.read_now(lambda conn: conn.execute(OUTBOX.select().where(OUTBOX.c.kind == kind)).all())
        assert len({row.person_id for row in found}) == len(found)
        return {row.person_id for row in found}


def _fill(conn: Connection) -> tuple[School, str, str, str]:
    school = build(conn)
    erin = make.person(conn, "Erin Brook")
    make.enrol(conn, school.cohort, erin)
    ivan = make.with_role(conn, Role.INSTRUCTOR, "Ivan Teach", school.cohort)
    jade = make.with_role(conn, Role.INSTRUCTOR, "Jade Other", school.other)
    return school, ivan, jade, erin


@pytest.fixture
def forum(house: House) -> Forum:
    school, ivan, jade, erin = house.db.write_now(_fill)
    return Forum(school, house.db, ivan, jade, erin)


@pytest.fixture
def alice(forum: Forum, browser: Any) -> Browser:
    opened: Browser = browser(forum.school.alice)
    return opened


@pytest.fixture
def erin(forum: Forum, browser: Any) -> Browser:
    opened: Browser = browser(forum.erin)
    return opened


@pytest.fixture
def ivan(forum: Forum, browser: Any) -> Browser:
    opened: Browser = browser(forum.ivan)
    return opened


def ask(visitor: Browser, forum: Forum, **values: str) -> Any:
    typed = {"title": "Why a budget?", "body": "What is *it* for?", "act": "post"}
    return visitor.submit(f"{forum.at}/new", f"{forum.at}/new", **(typed | values))


def reply(visitor: Browser, forum: Forum, body: str = "Because **things** break.", **values: str) -> Any:
    return visitor.submit(forum.one, f"{forum.one}/reply", body=body, **({"act": "post"} | values))


def press(visitor: Browser, path: str, **values: str) -> Any:
    """Send a form of one button, with the token of the visitor's own pages."""
    token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
    return visitor.post(path, data={"form_token": token} | values)


@pytest.fixture
def count_of(forum: Forum) -> Any:
    """Counts the statements of a page."""

    def count(visitor: Browser, *path: str) -> int:
        with statements(forum.db) as counted:
            assert visitor.get("".join(path)).status_code == 200
        return counted.number

    return count
