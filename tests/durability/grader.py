"""A grader who saves, decides and posts as fast as the server answers, and looks after each of its deaths."""

from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection, func, select

from assessments.grading.queries import DECISION, POSTING
from tests.durability.ledger import Lost, Text
from tests.durability.line import Line
from tests.durability.writing import Writer
from tests.visits import forms

LEVELS = {"level-criterion-0": "meets", "level-criterion-1": "exceeds"}


class Desk(StrEnum):
    OPEN = "open"
    DECIDING = "deciding"
    POSTED = "posted"


@dataclass(slots=True)
class Judged:
    """One submission that this grader alone judges, and the comment that was acknowledged last."""

    submission_id: str
    stage: Desk = Desk.OPEN
    comment: Text = field(default_factory=Text)
    claimed: bool = False

    @property
    def path(self) -> str:
        return f"/grading/{self.submission_id}"


class Grader(Writer):
    """One grader with one line to the server and a pile of their own."""

    def __init__(self, line: Line, pile: tuple[str, ...], seed: str) -> None:
        super().__init__(line, seed)
        self.pile = [Judged(one) for one in pile]

    @property
    def posted(self) -> int:
        return sum(one.stage is Desk.POSTED for one in self.pile)

    @property
    def in_flight(self) -> bool:
        return any(one.comment.sent or one.stage is Desk.DECIDING for one in self.pile)

    def look(self) -> None:
        """What was saved stands in the form, what was decided is decided. Raises Lost, and Gone."""
        self.line.sign_in()
        for one in self.pile:
            if one.claimed and one.stage is not Desk.POSTED:
                self._look_at(one)
        self.line.close()

    def write(self) -> None:
        """One act after the other on what is left. Ends by raising Gone, or Lost; or when the pile is done."""
        while left := [one for one in self.pile if one.stage is Desk.OPEN]:
            one = left[0]
            if not one.claimed:
                self._claim(one)
            elif one.comment.known and self.dice.random() < 0.4:
                self._decide(one)
            else:
                self._save(one)
            if one.comment.sent or one.stage is Desk.DECIDING:  # refused for the moment
                self._look_at(one)

    def _claim(self, one: Judged) -> None:
        one.claimed = self._took(self.line.post(f"{one.path}/claim", {}), 303)

    def _save(self, one: Judged) -> None:
        form, words = self._form(one), self._sentence()
        one.comment.send(words)
        if self._took(self.line.post(f"{one.path}/draft", form | {"comment": words}, htmx=True), 200):
            one.comment.acknowledge()

    def _decide(self, one: Judged) -> None:
        form, words = self._form(one), self._sentence()
        one.comment.send(words)
        one.stage = Desk.DECIDING
        if self._took(self.line.post(one.path, form | LEVELS | {"comment": words, "act": "decide-post"}), 303):
            one.comment.acknowledge()
            one.stage = Desk.POSTED

    def _form(self, one: Judged) -> dict[str, str]:
        """The rating form as its page shows it now."""
        found = forms(self.line.get(one.path)).get(one.path)
        if found is None:
            raise Lost(f"{one.path} has no form, and was not decided")
        return {name: value for name, value in found.items() if name not in {"form_token", "act"}}

    def _look_at(self, one: Judged) -> None:
        form = forms(self.line.get(one.path)).get(one.path, {})
        if "comment" not in form:
            if one.stage is Desk.OPEN:
                raise Lost(f"{one.path} is decided, and nobody decided it")
            one.stage, one.comment.known, one.comment.sent = Desk.POSTED, one.comment.sent[-1], []
            return
        one.stage = Desk.OPEN
        one.comment.find(form["comment"].removeprefix("\n"))


def check_judged(conn: Connection, graders: list[Grader]) -> None:
    """Every decision that was acknowledged is there once, with its words, and posted once. Raises Lost."""
    rows = conn.execute(
        select(DECISION.c.submission_id, DECISION.c.comment, func.count(POSTING.c.decision_id).label("posted"))
        .select_from(DECISION.outerjoin(POSTING, POSTING.c.decision_id == DECISION.c.id))
        .group_by(DECISION.c.id, DECISION.c.submission_id, DECISION.c.comment)
    ).all()
    found = {row.submission_id: row for row in rows}
    if len(found) < len(rows):
        raise Lost("a submission was decided twice")
    for one in (one for grader in graders for one in grader.pile):
        row = found.get(one.submission_id)
        if row is None and one.stage is Desk.POSTED:
            raise Lost(f"the decision on {one.submission_id} is gone")
        if row is not None and row.posted != 1:
            raise Lost(f"the decision on {one.submission_id} is posted {row.posted} times")
        if row is not None and one.stage is Desk.POSTED and row.comment != one.comment.known:
            raise Lost(f"the decision on {one.submission_id} says {row.comment!r}, not {one.comment.known!r}")
