"""The demonstration school, filled in by the real services on both databases."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from assessments.appeals.models import Appeal
from assessments.awards.choosing import SHARES
from assessments.awards.models import HolderShown
from assessments.awards.naming import RENAMED
from assessments.awards.reminding import KIND
from assessments.badges.models import Award
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.shown import CHOICE
from assessments.checks.models import CheckTry
from assessments.coursework import AssessmentsCoursework
from assessments.credit.ledger import ENTRY, LEDGER, first_broken_ledger
from assessments.evidence.queries import SUBMISSION
from assessments.grading.models import Claim, Decision, Posting, Rating
from assessments.second.models import SecondRating
from assessments.terms.models import GradingTerms
from assessments.transcripts.models import DocumentKind, Transcript
from courses.calendar.models import CalendarAddress
from courses.cohorts.queries import COHORT
from courses.coursework import WorkState
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.schedule.walltime import WallTime
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, SIGN_IN
from fourweek.accounts.models import PasswordLink
from fourweek.accounts.personas import personas
from fourweek.accounts.service import EMAIL, PASSWORD
from fourweek.app import create_app
from fourweek.audit.checking import first_broken_link
from fourweek.audit.service import ROW as AUDIT
from fourweek.cli.seed.calendar import RELEASE, ZONE
from fourweek.cli.seed.people import TRIED
from fourweek.cli.seed.records import NEW_NAME
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.jobs.service import tick
from fourweek.outbox import OUTBOX, UNSUBSCRIBE
from fourweek.scans import make_scans
from tests.fourweek.cli.schools import School
from tests.visits import Browser

CALENDAR, PASSWORD_LINK = table(CalendarAddress), table(PasswordLink)
MAIN = "Running a Reliable Service"
SHOWN, WAITS, DRAFT, NOTHING = WorkState.DEMONSTRATED, WorkState.SUBMITTED, WorkState.DRAFT, WorkState.NOT_STARTED
IN_WEEK_3 = {
    "amara": (SHOWN, SHOWN, DRAFT),
    "ananya": (SHOWN, WAITS, NOTHING),
    "daniela": (SHOWN, WorkState.NOT_YET, NOTHING),
    "grace": (SHOWN, WAITS, NOTHING),
    "huimin": (SHOWN, WAITS, NOTHING),
    "jonas": (SHOWN, WAITS, NOTHING),
    "marcus": (NOTHING, NOTHING, NOTHING),
    "priya": (SHOWN, DRAFT, NOTHING),
    "rafael": (SHOWN, WAITS, NOTHING),
    "weiling": (SHOWN, WorkState.RETURNED, NOTHING),
}
PUBLIC = (
    "course_page",
    "series_page",
    "badge_page",
    "badge_with_evidence",
    "badge_over",
    "badge_json",
    "badge_png",
    "verify_page",
    "did",
)
MEDIA = {
    "course_page": "text/html",
    "series_page": "text/html",
    "badge_with_evidence": "text/html",
    "badge_over": "text/html",
    "cohort_in_week_3": "text/html",
    "module_page": "text/html",
    "badge_page": "text/html",
    "badge_json": "application/",
    "badge_png": "image/png",
    "transcript_pdf": "application/pdf",
    "transcript_csv": "text/csv",
    "certificate_pdf": "application/pdf",
    "packet_pdf": "application/pdf",
    "learner_record": "application/json",
    "verify_page": "text/html",
    "did": "application/",
}


@pytest.fixture
def app(school: School) -> FastAPI:
    return create_app(house=school.house)


@pytest.fixture
def visit(app: FastAPI, school: School) -> Iterator[Callable[[str], Browser]]:
    """A browser by the key of a person, "" for nobody."""
    opened: list[Browser] = []

    def open_browser(key: str) -> Browser:
        opened.append(Browser(app, school.people[key] if key else None))
        return opened[-1]

    yield open_browser
    for one in opened:
        one.close()


def cohort_of(school: School, key: str, *, state: EnrolmentState | None = None) -> Any:
    """The first enrolment of a person, with its cohort's course version."""
    wanted = (
        select(ENROLMENT.c.id, ENROLMENT.c.state, COHORT.c.version_id)
        .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
        .where(ENROLMENT.c.person_id == school.people[key])
        .order_by(ENROLMENT.c.enrolled_at)
    )
    return school.db.read_now(lambda conn: conn.execute(wanted).first())


def work(school: School, key: str) -> tuple[WorkState, ...]:
    """How a person stands with the assignments of their first cohort, in order."""
    place = cohort_of(school, key)

    def states(conn: Connection) -> tuple[WorkState, ...]:
        every = AssessmentsCoursework().work(conn, place.version_id, place.id, real_time())
        return tuple(one.state for one in every)

    return school.db.read_now(states)


def count(school: School, model: type[SQLModel]) -> int:
    return school.db.read_now(lambda conn: conn.execute(select(func.count()).select_from(table(model))).scalar_one())


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_example_opens_for_anybody(school: School, visit: Callable[[str], Browser], name: str) -> None:
    answer = visit("").get(school.facts["examples"][name])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(MEDIA[name])


def test_a_private_example_is_for_its_person_alone(school: School, visit: Callable[[str], Browser]) -> None:
    examples = school.facts["examples"]
    documents = {"transcript_pdf", "transcript_csv", "certificate_pdf", "packet_pdf", "learner_record"}
    assert set(examples["as"]) == {"cohort_in_week_3", "module_page", *documents}
    for name, address in examples["as"].items():
        owner = address.partition("@")[0]
        assert visit("").get(examples[name]).status_code in (303, 401)
        assert visit("arjun").get(examples[name]).status_code == 404
        answer = visit(owner).get(examples[name])
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, MEDIA[name])


def test_the_verification_page_knows_the_code(school: School, visit: Callable[[str], Browser]) -> None:
    examples = school.facts["examples"]
    assert examples["verify_page"].endswith(examples["transcript_code"])
    assert "T-" in visit("").get(examples["verify_page"]).text


def test_everybody_who_is_named_can_sign_in(school: School, visit: Callable[[str], Browser]) -> None:
    for persona in school.facts["personas"]:
        assert persona["sign_in"] == "http://testserver/sign-in"
        assert len(persona["password"]) >= 12
        form = {"address": persona["address"], "password": persona["password"]}
        browser = visit("")
        assert browser.submit("/sign-in", "/sign-in", **form).status_code == 303
        assert persona["name"] in browser.get("/home").text


def test_the_sign_in_page_can_list_them(school: School) -> None:
    home = school.house.settings.home
    (home / "demo.json").write_text(json.dumps(school.facts))
    assert [(one.name, one.role) for one in personas(home)] == [(one.name, one.role) for one in TRIED]
    assert {one.role for one in TRIED} == {"author", "grader", "lead", "registrar", "operator", "learner"}
    assert sum(one.role == "learner" for one in TRIED) >= 6


def test_every_learner_of_week_3_stands_where_the_story_says(school: School) -> None:
    assert {key: work(school, key)[:3] for key in IN_WEEK_3} == IN_WEEK_3


def test_a_decision_waits_to_be_posted_and_a_rating_is_half_done(school: School) -> None:
    decisions, postings = table(Decision), table(Posting)
    unposted = (
        select(decisions.c.outcome)
        .outerjoin(postings, postings.c.decision_id == decisions.c.id)
        .where(postings.c.decision_id.is_(None))
    )
    assert school.db.read_now(lambda conn: conn.execute(unposted).scalars().all()) == ["demonstrated"]
    claims, ratings = table(Claim), table(Rating)
    held = select(claims.c.grader_id, claims.c.until, ratings.c.state).join(
        ratings, ratings.c.submission_id == claims.c.submission_id
    )
    row = school.db.read_now(lambda conn: conn.execute(held).one())
    assert (row.grader_id, row.state) == (school.people["ingrid"], "draft")
    assert row.until > datetime.fromisoformat(school.facts["made_at"])


def test_others_looked_again_at_what_a_grader_gave(school: School) -> None:
    def column(statement: Any) -> list[Any]:
        return list(school.db.read_now(lambda conn: conn.execute(statement).scalars().all()))

    second, appeals, terms = table(SecondRating), table(Appeal), table(GradingTerms)
    pairs = school.db.read_now(
        lambda conn: conn.execute(select(second.c.agreed, second.c.reconciled_by).order_by(second.c.asked_at)).all()
    )
    assert [tuple(pair) for pair in pairs] == [(False, school.people["rosa"]), (None, None)]
    assert column(select(appeals.c.state).order_by(appeals.c.opened_at)) == ["unchanged", "open"]
    assert column(select(appeals.c.given_to).distinct()) == [school.people["tom"]]
    starts = select(COHORT.c.start_date).join(terms, terms.c.cohort_id == COHORT.c.id).where(terms.c.anonymous)
    (start,) = column(starts)
    opens = WallTime(start, RELEASE).instant(zone(ZONE))
    assert opens > datetime.fromisoformat(school.facts["made_at"])


def test_the_finished_cohort_has_its_badges_credit_and_transcripts(school: School) -> None:
    assert count(school, Award) == 10
    forms = select(ISSUE.c.number, ISSUE.c.why).order_by(ISSUE.c.issued_at)
    states = sorted([*[(1, "")] * 10, (2, SHARES), (2, RENAMED)])
    assert sorted(tuple(row) for row in school.db.read_now(lambda conn: conn.execute(forms).all())) == states
    revoked = select(PERSON.c.legal_name).join(AWARD, AWARD.c.person_id == PERSON.c.id)
    standing = revoked.where(AWARD.c.revoked_at.is_not(None))
    assert school.db.read_now(lambda conn: conn.execute(standing).scalars().all()) == ["Lukas Brandt"]
    minutes = (
        select(PERSON.c.legal_name, func.sum(ENTRY.c.minutes), func.sum(ENTRY.c.tenths))
        .join(LEDGER, LEDGER.c.person_id == PERSON.c.id)
        .join(ENTRY, ENTRY.c.ledger_id == LEDGER.c.id)
        .where(PERSON.c.id.in_([school.people[key] for key in ("zaneta", "kwame", "lukas", "olivia", "tunde")]))
        .group_by(PERSON.c.legal_name)
    )
    found = {tuple(row) for row in school.db.read_now(lambda conn: conn.execute(minutes).all())}
    whole = {(name, 600, 10) for name in ("Żaneta Wójcik", NEW_NAME)}
    assert found == whole | {("Kwame Mensah", 720, 12), ("Tunde Balogun", 420, 7), ("Lukas Brandt", 450, 8)}
    assert cohort_of(school, "zaneta").state is EnrolmentState.COMPLETED
    assert cohort_of(school, "sofia").state is EnrolmentState.WITHDRAWN
    lines = select(table(Transcript).c.lines).order_by(table(Transcript).c.number)
    whole_records = lines.where(table(Transcript).c.kind == DocumentKind.TRANSCRIPT)
    assert school.db.read_now(lambda conn: conn.execute(whole_records).scalars().all()) == [2, 4, 4, 4, 4]


def test_badges_of_drills_end_and_their_holders_were_told(school: School) -> None:
    now = datetime.fromisoformat(school.facts["made_at"])
    drills = select(AWARD.c.person_id, AWARD.c.valid_until).where(AWARD.c.valid_until < now + timedelta(days=90))
    ends = {row.person_id: row.valid_until for row in school.db.read_now(lambda conn: conn.execute(drills).all())}
    assert set(ends) == {school.people["tunde"], school.people["kwame"]}
    assert ends[school.people["tunde"]] < now < ends[school.people["kwame"]]
    told = select(OUTBOX.c.person_id, func.count()).where(OUTBOX.c.kind == KIND).group_by(OUTBOX.c.person_id)
    letters = {row[0]: row[1] for row in school.db.read_now(lambda conn: conn.execute(told).all())}
    assert letters == {school.people["tunde"]: 3, school.people["kwame"]: 2}


def test_one_has_the_badge_of_the_series_and_shows_initials_and_evidence(
    school: School, visit: Callable[[str], Browser]
) -> None:
    stacked = select(AWARD.c.person_id).where(AWARD.c.series_id.is_not(None))
    assert school.db.read_now(lambda conn: conn.execute(stacked).scalars().all()) == [school.people["kwame"]]
    chosen = select(CHOICE.c.holder, CHOICE.c.listed)
    rows = school.db.read_now(lambda conn: conn.execute(chosen).all())
    assert sorted(tuple(row) for row in rows) == [(HolderShown.INITIALS, listed) for listed in (False, False, True)]
    examples = school.facts["examples"]
    page = visit("").get(examples["badge_with_evidence"]).text
    assert "Mensah" not in page
    assert "/evidence/" in page
    assert "1 of 2" in visit("zaneta").get(examples["series_page"]).text


def test_the_audit_log_holds_no_addresses_and_no_secrets(school: School) -> None:
    """Of everything the demonstration ever did: what is nobody's to read stands in no row."""

    def kept(conn: Connection) -> tuple[list[str], list[str]]:
        rows = conn.execute(select(AUDIT.c.act, AUDIT.c.reason, AUDIT.c.detail)).all()
        secrets = [*conn.execute(select(EMAIL.c.address)).scalars(), *conn.execute(select(PASSWORD.c.hash)).scalars()]
        hidden = (SIGN_IN.c.token_hash, CALENDAR.c.token_hash, PASSWORD_LINK.c.token_hash, UNSUBSCRIBE.c.token)
        secrets += [one for column in hidden for one in conn.execute(select(column)).scalars()]
        return [f"{row.act} {row.reason} {json.dumps(row.detail)}" for row in rows], secrets

    rows, secrets = school.db.read_now(kept)
    assert len(rows) > 300
    log = "\n".join(rows)
    assert [one for one in secrets if one in log] == []
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+|argon2|password=", log) == []


def test_the_chains_are_whole_and_a_tick_finds_nothing_to_do(school: School) -> None:
    assert school.db.read_now(first_broken_link) is None
    assert school.db.read_now(first_broken_ledger) is None
    done = tick(school.db, make_scans(school.house))
    assert "mail" in done
    sweeping = {"audit", "sign_ins", "tries"}  # of the real clock: what has ended since the school was made
    assert {name: number for name, number in done.items() if number and name not in sweeping} == {}


def test_every_letter_left_at_its_time_and_none_left_the_machine(school: School) -> None:
    letters = select(OUTBOX.c.created_at, OUTBOX.c.sent_at, OUTBOX.c.problem)
    rows = school.db.read_now(lambda conn: conn.execute(letters).all())
    assert len(rows) == len(list(school.house.settings.mail.glob("*.eml"))) > 100
    assert {row.problem for row in rows} == {""}
    assert all(0 <= (row.sent_at - row.created_at).total_seconds() < 36 * 3600 for row in rows)


def test_progress_is_told_act_by_act(school: School) -> None:
    numbers = [done for done, _, _ in school.heard]
    total = school.heard[0][1]
    assert numbers == list(range(total + 1))
    assert {heard for _, heard, _ in school.heard} == {total}


@pytest.mark.slow
def test_a_second_school_is_the_same(schools: Callable[[str], School]) -> None:
    one, other = schools("sqlite"), schools("postgres")
    assert masked(one.facts) == masked(other.facts)
    assert rows_by_table(one) == rows_by_table(other)


def masked(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without what is drawn by lot: ids, slugs, codes, the instant."""
    text = json.dumps(facts | {"made_at": ""}, sort_keys=True)
    text = re.sub(r"cohorts/[0-9a-z]{26}", "cohorts/ID", text)
    text = re.sub(r"badges/[0-9A-Za-z]{22}", "badges/SLUG", text)
    found: dict[str, Any] = json.loads(text.replace(facts["examples"]["transcript_code"], "CODE"))
    return found


def rows_by_table(school: School) -> dict[str, int]:
    """How many rows each table holds; sign-ins, checks of badges and what follows differ by what tests looked at."""
    own = {"sign_in", "audit_row", "audit_link", "lease", "credential_check"}
    names = [one for one in SQLModel.metadata.sorted_tables if one.name not in own]
    return school.db.read_now(
        lambda conn: {one.name: conn.execute(select(func.count()).select_from(one)).scalar_one() for one in names}
    )


def test_made_at_is_an_instant(school: School) -> None:
    made = datetime.fromisoformat(school.facts["made_at"])
    assert made.tzinfo is not None
    assert made <= datetime.now(UTC)


def test_the_check_was_tried_by_those_who_came_that_far(school: School) -> None:
    tries, enrolled = table(CheckTry), ENROLMENT.c.person_id
    wanted = (
        select(enrolled, tries.c.number, tries.c.right, tries.c.passed)
        .join(SUBMISSION, SUBMISSION.c.id == tries.c.submission_id)
        .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
        .order_by(tries.c.number)
    )
    rows = school.db.read_now(lambda conn: conn.execute(wanted).all())
    names = {person: key for key, person in school.people.items()}
    found: dict[str, list[tuple[int | None, bool | None]]] = {}
    for row in rows:
        found.setdefault(names[row.person_id], []).append((row.right, row.passed))
    assert found == {
        "kwame": [(5, True)],
        "zaneta": [(4, True)],
        "lukas": [(3, False), (5, True)],
        "olivia": [(2, False), (3, False), (4, True)],
        "amara": [(3, False), (None, None)],
    }
