"""How grading bears a crowd, on a school of its own: a queue of 20,000, its screen, 100 graders, postings, figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from assessments.agreement.service import report_agreement
from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence, Submission, SubmissionMember, SubmissionState
from assessments.evidence.queries import SUBMISSION
from assessments.grading.models import (
    Claim,
    Decision,
    DecisionLine,
    Outcome,
    Posting,
    Purpose,
    Rating,
    RatingLine,
    RatingState,
)
from assessments.grading.postings import PIECE, post_ready
from assessments.second.models import SampledFor, SecondRating
from courses.enrolment.models import Enrolment
from fourweek import logs
from fourweek.accounts.models import Role
from fourweek.accounts.service import add_people, grant
from fourweek.app import create_app
from fourweek.audit.models import AuditRow
from fourweek.cli.serving import prepare
from fourweek.clock import Now, real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House, cookie_name
from fourweek.house import open_house
from fourweek.settings import Settings
from tests import factories
from tests.bench.contest import Failed, Side
from tests.bench.measures import Bench, finding, page_size
from tests.bench.report import Finding
from tests.bench.requests import form_token, get, post
from tests.bench.timed import seconds_of
from tests.factories import MadeCourse, sign_in
from tests.servers import FOURWEEK, Server, fourweek_environment, free_port, serving
from tests.statements import statements
from tests.visits import Browser

WEEKS, PEOPLE, FEW = 5, 5000, 100
"""Work of all weeks but the last waits: 20,000 from 5,000 people; the last week's was rated twice, 10,000 ratings."""
GRADERS, POSTED, EACH = 100, 1000, 20
QUEUE, SCREEN, SAVE = "queue of {:,}", "… its screen, claimed", "… saving its rating"
LEASE = timedelta(hours=4)


@dataclass(slots=True)
class Hall:
    """Many graders and a lead at one long queue; `desks` are (grader's cookie, claimed submission)."""

    house: House
    people: int = PEOPLE
    made: MadeCourse = field(init=False)
    cohort: str = ""
    lead: str = ""
    graders: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    desks: list[tuple[str, str]] = field(default_factory=list)
    rated: list[str] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return (WEEKS - 1) * self.people

    def fill(self, conn: Connection) -> None:
        now = real_time()
        self.made = factories.course(conn, WEEKS)
        self.cohort = factories.cohort(conn, self.made, start=(now - timedelta(weeks=WEEKS)).date())
        self.lead = factories.with_role(conn, Role.LEAD, "Lara Lead", self.cohort)
        named = {f"grader-{n}@example.org": f"Grader Number{n}" for n in range(GRADERS)}
        self.graders = list(add_people(conn, named, zone="UTC", now=now, actor_id=None).values())
        for grader in self.graders:
            grant(conn, grader, Role.GRADER, scope_id=self.cohort, now=now)
        self.cookies = [sign_in(conn, grader, now) for grader in self.graders]
        named = {f"learner-{n}@example.org": f"Learner Number{n}" for n in range(self.people)}
        learners = list(add_people(conn, named, zone="UTC", now=now, actor_id=None).values())
        places = [
            Enrolment(id=new_id(), cohort_id=self.cohort, person_id=one, enrolled_at=now - timedelta(weeks=8))
            for one in learners
        ]
        add(conn, *places)
        for week in range(1, WEEKS):
            waiting = self._handed_in(conn, places, week, now)
            if week == 1:
                self._claimed(conn, waiting, now)
        self.rated = self._handed_in(conn, places, WEEKS, now)
        self._rated_twice(conn, now)

    def _handed_in(self, conn: Connection, places: list[Enrolment], week: int, now: datetime) -> list[str]:
        """What everybody handed in that week, a minute apart, promised within three days or not at all."""
        begun = now - timedelta(weeks=WEEKS - week, days=2)
        rows = [
            Submission(
                id=new_id(),
                enrolment_id=place.id,
                assignment_id=self.made.assignments[week - 1],
                rubric_id=self.made.rubrics[week - 1],
                attempt=1,
                started_at=begun,
                saved_at=begun,
                promised_at=now + timedelta(days=number % 3) if number % 4 else None,
            )
            for number, place in enumerate(places)
        ]
        add(conn, *rows)
        owners = zip(rows, places, strict=True)
        add(conn, *(SubmissionMember(submission_id=row.id, person_id=place.person_id) for row, place in owners))
        add(conn, *(self._text(row, week) for row in rows))
        mine = SUBMISSION.c.assignment_id == self.made.assignments[week - 1]
        conn.execute(update(SUBMISSION).where(mine).values(state=SubmissionState.SUBMITTED, submitted_at=begun))
        return [row.id for row in rows]

    def _text(self, row: Submission, week: int) -> Evidence:
        return Evidence(
            id=new_id(),
            submission_id=row.id,
            requirement_id=self.made.texts[week - 1],
            position=0,
            kind=RequirementKind.TEXT,
            text="The service kept its promise this month, and here is how we know it. " * 20,
            sha256="0" * 64,
            saved_at=row.saved_at,
        )

    def _claimed(self, conn: Connection, waiting: list[str], now: datetime) -> None:
        """Each grader has some on the desk, which are opened and saved."""
        taken = waiting[: min(len(waiting) // 2, GRADERS * EACH)]
        claims = [
            Claim(submission_id=one, grader_id=self.graders[n % GRADERS], claimed_at=now, until=now + LEASE)
            for n, one in enumerate(taken)
        ]
        add(conn, *claims)
        self.desks = [(self.cookies[n % GRADERS], one) for n, one in enumerate(taken)]

    def _rated_twice(self, conn: Connection, now: datetime) -> None:
        at = now - timedelta(hours=1)
        seconds = [
            SecondRating(submission_id=one, why=SampledFor.SAMPLE, asked_at=at, closed_at=at, agreed=True)
            for one in self.rated
        ]
        add(conn, *seconds)
        ratings = [
            Rating(
                id=new_id(),
                submission_id=one,
                grader_id=self.graders[(n + side) % GRADERS],
                state=RatingState.DONE,
                purpose=purpose,
                saved_at=at,
                done_at=at,
            )
            for n, one in enumerate(self.rated)
            for side, purpose in enumerate((Purpose.FIRST, Purpose.SECOND))
        ]
        add(conn, *ratings)
        criteria = self.made.criteria[WEEKS - 1]
        lines = [
            RatingLine(rating_id=row.id, criterion_id=one, level_id=self.made.levels[one][_level(n)])
            for n, row in enumerate(ratings)
            for one in criteria
        ]
        add(conn, *lines)
        decisions = [
            Decision(
                id=new_id(),
                submission_id=one,
                outcome=Outcome.DEMONSTRATED,
                rubric_id=self.made.rubrics[WEEKS - 1],
                decided_by=self.graders[0],
                decided_at=at,
            )
            for one in self.rated
        ]
        add(conn, *decisions)
        met = [
            DecisionLine(decision_id=row.id, criterion_id=one, level_id=self.made.levels[one][1], met=True)
            for row in decisions
            for one in criteria
        ]
        add(conn, *met)
        mine = SUBMISSION.c.assignment_id == self.made.assignments[WEEKS - 1]
        conn.execute(update(SUBMISSION).where(mine).values(state=SubmissionState.DECIDED))


def _level(number: int) -> int:
    """One of three; the second rating of a work, which is the odd number, differs in one of five."""
    work, is_second = divmod(number, 2)
    return (work % 3 + (1 if is_second and work % 5 == 0 else 0)) % 3


@contextmanager
def _hall(bench: Bench) -> Iterator[Hall]:
    settings = Settings(home=bench.home / "grading", base_url="http://testserver")
    prepare(settings)
    logs.configure(quiet=True)
    hall = Hall(open_house(settings), PEOPLE if bench.rounds > 2 else FEW)
    bench.step(f"Handing in {hall.waiting:,} works")
    hall.house.db.write_now(hall.fill)
    try:
        yield hall
    finally:
        hall.house.db.close()


def grading(bench: Bench) -> list[Finding]:
    """Under load: queue, screen and saving beside bare pages, 100 graders claiming; then without requests."""
    with _hall(bench) as hall:
        counted = count(hall)
        port = free_port()
        environment = fourweek_environment(bench.home / "grading", port)
        command = [FOURWEEK, "serve", "--workers", "2"]
        with serving(command, port, environment, bench.home / "grading.log") as server:
            found = [*_pages(bench, hall, server, counted), *_claims(bench, hall, server)]
        return [*found, *_posting(bench, hall), *_figures(bench, hall)]


def count(hall: Hall) -> dict[str, int]:
    """Statements of each page, by its name."""
    browser = Browser(create_app(house=hall.house))
    cookie, claimed = hall.desks[-1]
    browser.cookies.set(cookie_name(hall.house.settings), cookie)
    browser.get("/grading")  # the first visit notes that the sign-in is in use
    acts: dict[str, Any] = {
        QUEUE.format(hall.waiting): lambda: browser.get("/grading"),
        SCREEN: lambda: browser.get(f"/grading/{claimed}"),
        SAVE: lambda: browser.post(f"/grading/{claimed}/draft", data=form(hall, claimed, cookie)),
    }
    found = {}
    for what, act in acts.items():
        with statements(hall.house.db) as asked:
            answer = act()
        if answer.status_code >= 400:
            raise Failed(f"{what}: answered {answer.status_code}")
        found[what] = asked.number
    return found


def form(hall: Hall, submission: str, cookie: str = "") -> dict[str, str]:
    """A rating as the screen sends it the first time."""
    typed = {f"level-criterion-{n}": "meets" for n in range(len(hall.made.criteria[0]))}
    token = {"form_token": form_token(cookie)} if cookie else {}
    about = {"submission": submission, "attempt": "1", "rubric": hall.made.rubrics[0], "version": "0"}
    return token | about | typed | {"comment": "Read with care."}


def _pages(bench: Bench, hall: Hall, server: Server, counted: dict[str, int]) -> list[Finding]:
    port, found = server.port, []
    pages = {
        QUEUE.format(hall.waiting): [get(port, "/grading", cookie) for cookie in hall.cookies],
        SCREEN: [get(port, f"/grading/{one}", cookie) for cookie, one in hall.desks[:-1]],
    }
    known = Bench(
        bench.school, server, bench.bare, counted, bench.home, min(3, bench.rounds), bench.seconds, bench.step
    )
    for what, requests in pages.items():
        side = Side(port, requests)
        size = page_size(known, side)
        found.append(finding(known, what, known.contest(what, side, known.bare_page(size)), f"bare page of {size} B"))
    saves = [post(port, f"/grading/{one}/draft", form(hall, one), cookie=cookie) for cookie, one in hall.desks[:-1]]
    side = Side(port, saves, status=303, once=True)
    each = known.contest(SAVE, side, known.bare_page(2000))
    return [*found, finding(known, SAVE, each, "bare page of 2 kB")]


def _claims(bench: Bench, hall: Hall, server: Server) -> list[Finding]:
    """Every grader presses “Grade next” at once, twice. Raises Failed where a work went to two of them."""
    before = hall.house.db.read_now(_taken)
    requests = [post(server.port, "/grading/next", {}, cookie=cookie) for cookie in hall.cookies]
    bench.step(f"{GRADERS} graders claiming at once")
    side = Side(server.port, requests * 2, status=303, once=True)
    known = Bench(bench.school, server, bench.bare, {}, bench.home, 2, bench.seconds, bench.step)
    outcome = known.contest("claiming", side, known.bare_page(2000), at_a_time=GRADERS)
    after = hall.house.db.read_now(_taken)
    taken, works = after[0] - before[0], after[1] - before[1]
    if taken != works or not taken:
        raise Failed(f"{taken} claims of {works} works")
    words = f"{taken} claims, no work twice; bare page: {outcome.bare.rate:,.0f}/s"
    ours = outcome.ours
    return [Finding(f"{GRADERS} graders claiming", outcome.rate_ratio, words, None, ours.rate, ours.p50, ours.p99)]


def _taken(conn: Connection) -> tuple[int, int]:
    """How many claims were taken by pressing, and of how many works."""
    row = table(AuditRow).c
    counted = select(func.count(), func.count(row.subject_id.distinct())).where(row.act == "claim.taken")
    found = conn.execute(counted).one()
    return int(found[0]), int(found[1])


def _posting(bench: Bench, hall: Hall) -> list[Finding]:
    """A thousand decisions, in the pieces in which the page posts them."""
    count = min(POSTED, hall.people)
    bench.step(f"Posting {count:,} decisions")
    with statements(hall.house.db) as asked:
        took = seconds_of(lambda: post_all(hall, count))
    posted = hall.house.db.read_now(
        lambda conn: conn.execute(select(func.count()).select_from(table(Posting))).scalar()
    )
    if posted != count:
        raise Failed(f"{posted} postings, wanted {count}")
    words = f"{-(-count // PIECE)} transactions"
    return [Finding(f"{count:,} decisions posted", None, words, p50=took * 1000, statements=asked.number)]


def post_all(hall: Hall, wanted: int) -> None:
    """Piece by piece, until so many are posted."""
    at, done = real_time(), 0
    lead = factories.visitor(hall.lead, at, (Role.LEAD, hall.cohort))
    while done < wanted:
        batch = hall.house.db.write_now(post_ready, lead, ("", ""), timedelta(seconds=60))
        if not batch.done:
            raise Failed(f"nothing more to post after {done}")
        done += batch.done


def _figures(bench: Bench, hall: Hall) -> list[Finding]:
    """What the worker does when ratings were added, and when none were."""
    now, ratings = real_time(), 2 * hall.people
    bench.step(f"Agreement of {ratings:,} ratings")
    with statements(hall.house.db) as asked:
        took = seconds_of(lambda: _expect(report_agreement(hall.house.db, Now(now, now)), 1))
    later = Now(now + timedelta(hours=1), now)
    with statements(hall.house.db) as idle:
        quiet = seconds_of(lambda: _expect(report_agreement(hall.house.db, later), 0))
    return [
        Finding(f"agreement of {ratings:,} ratings", None, p50=took * 1000, statements=asked.number),
        Finding("… when none was added", None, p50=quiet * 1000, statements=idle.number),
    ]


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise Failed(f"{found} reports made, wanted {wanted}")
