"""A learner with an open assignment that asks for a knowledge check: three of four questions, two right, two tries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from assessments.assignments.models import Requirement, RequirementKind
from assessments.checks.access import CheckDesk, my_check
from assessments.checks.answers import Answered, Sent, shown
from assessments.checks.models import CheckQuestion, CheckRules, QuestionKind
from assessments.checks.queries import TRY, pools_of, sheet_of
from assessments.checks.service import Saved, begin_try, finish_try, save_answers
from fourweek.database import Database, add, new_id
from tests.assessments.evidence.school import NOON, School, build

SECRET = "Because of the reason that nobody is told before."
KEY = "quiz"
MORE_TRIES = 2


@dataclass(frozen=True, slots=True)
class Quiz:
    """A school whose first assignment has a check."""

    school: School
    requirement: str

    @property
    def at(self) -> str:
        return f"{self.school.at}/checks/{KEY}"

    def desk(self, db: Database, at: datetime = NOON) -> CheckDesk:
        return db.read_now(my_check, self.school.visitor(at), self.school.where, KEY)

    def begin(self, db: Database, at: datetime = NOON, seed: bytes = b"seed") -> None:
        db.write_now(begin_try, self.school.visitor(at), self.school.where, KEY, seed)

    def save(self, db: Database, sent: Sent, at: datetime = NOON) -> Saved:
        return db.write_now(save_answers, self.school.visitor(at), self.school.where, KEY, sent)

    def finish(self, db: Database, sent: Sent, at: datetime = NOON) -> Saved:
        return db.write_now(finish_try, self.school.visitor(at), self.school.where, KEY, sent)

    def answers(self, db: Database, right: int, at: datetime = NOON) -> Sent:
        """A form for the open try in which the first `right` questions are answered right and the others wrong."""
        return db.read_now(self._answers, right, at)

    def try_it(self, db: Database, right: int, at: datetime = NOON) -> Saved:
        """Begin a try and finish it with so many right answers."""
        self.begin(db, at)
        return self.finish(db, self.answers(db, right, at), at)

    def _answers(self, conn: Connection, right: int, at: datetime) -> Sent:
        done = my_check(conn, self.school.visitor(at), self.school.where, KEY).open_try
        assert done is not None
        sheet, pool = sheet_of(conn, done.id), pools_of(conn, [self.requirement])[self.requirement]
        made = []
        for place, (question_id, keys) in enumerate(sheet.drawn, 1):
            question = pool.question(question_id)
            answer = _answer(question, is_right=place <= right)
            seen = " ".join(shown(question, keys, sheet.answers.get(question_id, ())))
            made.append(Answered(place, shown(question, keys, answer), seen))
        return Sent(done.attempt, done.number, tuple(made))


def _answer(question: Any, *, is_right: bool) -> list[str]:
    if question.kind is QuestionKind.NUMBER:
        return [f"{question.number}" if is_right else "999"]
    wanted = sorted(question.right_keys)
    return wanted if is_right else [option.key for option in question.options if not option.right][:1]


def build_quiz(
    conn: Connection, /, *, required: bool = True, max_tries: int | None = MORE_TRIES, **changes: Any
) -> Quiz:
    """The school of the evidence tests with a check in its first assignment."""
    school = build(conn, **changes)
    assignment = school.made.assignments[0]
    slot = Requirement(
        id=new_id(),
        assignment_id=assignment,
        position=2,
        key=KEY,
        title="Quiz",
        prompt_html="About the <em>week</em>.",
        kind=RequirementKind.CHECK,
        required=required,
    )
    add(conn, slot)
    add(conn, CheckRules(requirement_id=slot.id, ask=3, shuffle=True, pass_percent=60, max_tries=max_tries))
    add(conn, *_questions(slot.id))
    return Quiz(school, slot.id)


def _questions(slot: str) -> list[CheckQuestion]:
    def choice(place: int, kind: QuestionKind, right: str, keys: str = "abcd") -> CheckQuestion:
        options = [{"key": key, "html": f"Option {place}{key}", "right": key in right} for key in keys]
        return CheckQuestion(
            id=new_id(),
            requirement_id=slot,
            position=place,
            key=f"q{place}",
            kind=kind,
            prompt_html=f"Question {place}?",
            options=options,
            feedback_html=f"{SECRET} {place}",
        )

    number = CheckQuestion(
        id=new_id(),
        requirement_id=slot,
        position=3,
        key="q3",
        kind=QuestionKind.NUMBER,
        prompt_html="Question 3?",
        number="12345.675",
        tolerance="0.125",
        unit="ms",
        feedback_html=f"{SECRET} 3",
    )
    return [
        choice(0, QuestionKind.ONE, "a", "ab"),
        choice(1, QuestionKind.SEVERAL, "ab"),
        choice(2, QuestionKind.SEVERAL, "bc"),
        number,
    ]


def tries(db: Database) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(TRY).order_by(TRY.c.submission_id, TRY.c.number)).all()))
