"""Nothing leaks before a decision counts: every page a learner can open stays as it was, through every stage before.

What leads see of a learner stays as it was too, wherever it is about posted decisions: progress, and the pages as that
learner sees them. The pages about grading are theirs, and show decisions before they are posted.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy import Connection

from assessments.badges.keys import load_keys
from assessments.badges.service import award_due_badges
from assessments.credit.service import record_due_credit
from assessments.evidence.models import Submission
from assessments.grading.claims import take
from assessments.grading.decisions import decide
from assessments.grading.models import Posting
from assessments.grading.postings import post, undo
from assessments.grading.queries import current_decision
from assessments.grading.reviews import find_ready, send_back
from assessments.terms.models import GradingTerms, Review
from courses.calendar.models import CalendarAddress
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Person
from fourweek.accounts.service import digest
from fourweek.app import ROUTERS
from fourweek.clock import real_time, school_now
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.outbox import Letter, deliver
from tests.assessments.grading.factories import LEASE, School, rows
from tests.visits import Browser

UNDO = timedelta(minutes=5)
SECRET = "Quite unlike anything else that is said here."
CHANGING = re.compile(
    r'[0-9a-f]{64}|nonce-[\w-]+|\d\d:\d\d(?::\d\d)?|"iat":\d+|DTSTAMP:\w+|"key" value="\w{26}"'
    r'|when-until">(?:in )?\d+ \w+(?: ago)?'
)
CALENDAR = "a-secret-calendar-address"
PAGES = {"home", "notices", "badges", "transcript", "note-1", "search", f"{CALENDAR}.ics"}
"""Some of those that have to be among the pages compared, by the ends of their addresses."""
GUESTS = ["/courses", "/verify"]
# What staff have of a learner that is only about what counts.
OF_STAFF = ("/progress", "/as/", "/roster", "/enrolments/")


def _paths(made: School, house: House, *, of_staff: bool = False) -> list[str]:
    """Every GET address of the product, filled with what belongs to alice's work."""
    (learner,) = house.db.read_now(rows, Person, id=made.alice)
    (work,) = house.db.read_now(rows, Submission, id=made.submission)
    values = {
        "cohort_id": made.cohort,
        "enrolment_id": made.enrolment,
        "number": "1",
        "n": "1",
        "key": "note-1",
        "attempt": "1",
        "code": made.course.code,
        "submission_id": made.submission,
        "slug": "secret-lesson-1-0",
        "learner_number": learner.learner_number,
        "at": "now",
        "token": CALENDAR,
    }
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    paths = [route.path for route in found if route.methods and "GET" in route.methods]
    filled = [re.sub(r"{(\w+)(?::\w+)?}", lambda name: values.get(name[1], "1"), path) for path in paths]
    filled = [path.replace("/receipts/1", f"/receipts/{work.receipt}") for path in filled]
    return [
        path for path in filled if not of_staff or (path.startswith("/staff/") and any(p in path for p in OF_STAFF))
    ]


def _shown(visitor: Browser, path: str, *, whole: bool) -> tuple[int, str]:
    """An answer without tokens and times of day; of a page for staff only what is its own."""
    answer = visitor.get(path)
    text = answer.text
    if not whole and "<main" in text:
        text = text[text.index("<main") : text.index("</main>")]
    return answer.status_code, CHANGING.sub("…", text)


def _all(visitor: Browser, paths: list[str], *, whole: bool = True) -> dict[str, tuple[int, str]]:
    return {path: _shown(visitor, path, whole=whole) for path in paths}


def _now(made: School, who: str) -> Visitor:
    at = real_time()
    return made.lead(at) if who == "lena" else made.grader(made.gus if who == "gus" else made.greta, at)


def _rate(house: House, made: School, who: str, version: int = 0) -> Any:
    house.db.write_now(take, _now(made, who), made.submission, LEASE)
    typed = made.typed("meets", "not-yet", version=version, comment=SECRET)
    return house.db.write_now(decide, _now(made, who), made.submission, typed, lasts=LEASE, post_after=UNDO)


def _decision(house: House, made: School) -> str:
    held = house.db.read_now(current_decision, made.submission)
    assert held is not None
    return held.id


def _through(house: House, made: School) -> Iterator[str]:
    """Bring alice's submission through every stage before her decision counts, and say which it reached."""
    lena = _now(made, "lena")
    yield str(_rate(house, made, "greta").outcome or "rated")
    house.db.write_now(take, _now(made, "gus"), made.submission, LEASE)
    yield "second rater at work"
    assert _rate(house, made, "gus").goes_to_lead
    yield "to review"
    house.db.write_now(send_back, lena, made.submission, _decision(house, made), SECRET)
    yield "sent back"
    assert _rate(house, made, "greta", version=1).goes_to_lead
    yield "to review again"
    assert house.db.write_now(find_ready, lena, [_decision(house, made)]).done == 1
    yield "ready"
    house.db.write_now(post, lena, made.submission, UNDO)
    yield "undo window"
    house.db.write_now(undo, lena, made.submission)
    yield "undone"


def _worker(house: House) -> list[Letter]:
    """What the worker does with decisions at every tick: credit, badges and mail; the letters it sends."""
    now, sent = house.db.read_now(school_now, real_time()), []

    def send(letter: Letter) -> None:
        sent.append(letter)

    record_due_credit(house.db, now)
    award_due_badges(house.db, house.store, load_keys(house.settings), house.settings, now)
    deliver(house.db, send, now.real)
    return sent


def test_nothing_leaks_before_it_counts(browser: Any, desk: School, house: House) -> None:
    def begin(conn: Connection) -> None:
        add(conn, GradingTerms(cohort_id=desk.cohort, review=Review.ALL, second_first=1))
        address = CalendarAddress(
            id=new_id(), person_id=desk.alice, token_hash=digest(CALENDAR), created_at=real_time()
        )
        add(conn, address)

    house.db.write_now(begin)
    alice, guest, lena = browser(desk.alice), browser(), browser(desk.lena)
    paths, of_staff = _paths(desk, house), _paths(desk, house, of_staff=True)
    before, staff_before = _all(alice, paths), _all(lena, of_staff, whole=False)
    seen = [path for path, (status, _) in before.items() if status == 200]
    assert {path.rsplit("/", 1)[-1] for path in seen} >= PAGES, PAGES - {path.rsplit("/", 1)[-1] for path in seen}
    guests = _all(guest, seen)
    looked_on = [path for path, (status, _) in staff_before.items() if status == 200]
    assert len(looked_on) > 8, looked_on
    for stage in _through(house, desk):
        assert not [letter for letter in _worker(house) if letter.to.startswith("alice")], stage
        _same(stage, _all(alice, seen), before)
        _same(stage, _all(guest, GUESTS), guests)
        _same(stage, _all(lena, looked_on, whole=False), staff_before)
    assert _all(alice, [path for path in paths if path not in seen]) == {
        path: answer for path, answer in before.items() if path not in seen
    }
    house.db.write_now(post, _now(desk, "lena"), desk.submission, timedelta())
    assert [letter.kind for letter in _worker(house) if letter.to.startswith("alice")] == ["posted"]
    after = _all(alice, seen)
    told = [path for path in seen if SECRET in after[path][1]]
    assert f"/cohorts/{desk.cohort}/modules/1/assignments/note-1" in told
    assert len(house.db.read_now(rows, Posting)) == 1


def _same(stage: str, now: dict[str, tuple[int, str]], before: dict[str, tuple[int, str]]) -> None:
    changed = [path for path, answer in now.items() if answer != before[path]]
    assert changed == [], f"{stage}: {_first_difference(now[changed[0]][1], before[changed[0]][1])}"


def _first_difference(now: str, before: str) -> str:
    lines = [(one, other) for one, other in zip(now.splitlines(), before.splitlines(), strict=False) if one != other]
    return repr(lines[:1])
