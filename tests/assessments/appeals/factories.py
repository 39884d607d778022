"""A school in which greta decided about alice's note, and alice may appeal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.appeals import closing, opening, rating
from assessments.appeals.forms import Weighing
from assessments.appeals.models import Appeal
from assessments.appeals.opening import Typed
from assessments.appeals.rules import Arguments
from assessments.evidence.access import Where
from assessments.grading.models import Outcome
from assessments.grading.rules import Scoring
from assessments.terms.models import GradingTerms
from fourweek.accounts.access import Visitor
from fourweek.database import add
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.grading.factories import School, rows, school

POSTED = make.START + timedelta(days=1)
NOW = make.START + timedelta(days=2)
AT_ONCE = timedelta(0)
UNDO = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Appealing:
    """`made` with greta's posted decision: criterion 0 met, criterion 1 not, so not yet demonstrated."""

    made: School
    decision: str

    @property
    def where(self) -> Where:
        return Where(self.made.cohort, 1, "note-1")

    @property
    def path(self) -> str:
        return f"{self.where.path}/attempts/1/appeal"

    def alice(self, at: datetime = NOW) -> Visitor:
        return make.visitor(self.made.alice, at)

    def gus(self, at: datetime = NOW) -> Visitor:
        return self.made.grader(self.made.gus, at)

    def typed(self, *keys: str, decision: str = "", text: str = "It is on page 2.") -> Typed:
        chosen = keys or ("criterion-1",)
        return Typed(decision or self.decision, Arguments(frozenset(chosen), dict.fromkeys(chosen, text)))

    def open(self, conn: Connection, *keys: str, at: datetime = NOW, **changes: Any) -> Appeal:
        """Alice appeals; the newest appeal as it is stored then."""
        opening.open_appeal(conn, self.alice(at), self.where, 1, self.typed(*keys, **changes))
        return self.appeal(conn)

    def appeal(self, conn: Connection) -> Appeal:
        found: Appeal = rows(conn, Appeal, submission_id=self.made.submission)[-1]
        return found

    def rated(self, conn: Connection, level: str = "meets", *keys: str, at: datetime = NOW) -> Appeal:
        """An appeal that gus has rated blind: this level on what was appealed."""
        appeal = self.open(conn, *keys)
        rating.done(conn, self.gus(at), appeal.id, weighing(level, *keys))
        return self.appeal(conn)

    def closed(
        self, conn: Connection, level: str = "meets", *keys: str, at: datetime = NOW, after: timedelta = AT_ONCE
    ) -> Appeal:
        """An appeal that gus rated and closed."""
        appeal = self.rated(conn, level, *keys)
        typed = weighing(level, *keys, version=1, decision=self.decision, answer="Page 2 shows it.")
        closing.close(conn, self.gus(at), appeal.id, typed, after)
        return self.appeal(conn)


def weighing(
    level: str, *keys: str, version: int = 0, decision: str = "", reason: str = "", answer: str = "", over: Any = None
) -> Weighing:
    """What gus sends: one level on each appealed criterion."""
    chosen = keys or ("criterion-1",)
    scoring = Scoring(dict.fromkeys(chosen, level), dict.fromkeys(chosen, "Seen on page 2."))
    return Weighing(version, scoring, over, decision, reason, answer)


def appealing(conn: Connection, met: tuple[bool, bool] = (True, False), posted: datetime | None = POSTED) -> Appealing:
    made = school(conn)
    outcome = Outcome.DEMONSTRATED if all(met) else Outcome.NOT_YET
    decision = make.decided(conn, made.course, made.submission, made.greta, outcome=outcome, posted_at=posted, met=met)
    return Appealing(made, decision)


def letters(conn: Connection, person: str) -> list[str]:
    """The kinds of the letters somebody was written."""
    return [row.kind for row in rows(conn, OutboxMessage, person_id=person)]


def terms(conn: Connection, cohort: str, **changes: Any) -> None:
    add(conn, GradingTerms(cohort_id=cohort, **changes))
