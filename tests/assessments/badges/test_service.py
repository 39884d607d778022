"""A course that is met becomes one award, and the award one signed badge, whatever happens in between."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from assessments.badges import issuing, service
from assessments.badges.awarding import enrolments_met
from assessments.badges.baking import extract
from assessments.badges.checks import Verdict, check_credential
from assessments.badges.document import ceu_number
from assessments.badges.identity import earned_by
from assessments.badges.keys import load_keys
from assessments.badges.multikey import did_web
from assessments.badges.pictures import achievement_pictures
from assessments.badges.plain import read_json
from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE
from assessments.badges.service import award_due_badges
from assessments.badges.snapshot import read_snapshot
from assessments.credit.ledger import ENTRY
from assessments.credit.service import record_due_credit
from assessments.status.models import StatusEntry
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from fourweek.accounts.models import Role
from fourweek.accounts.service import EMAIL, primary_address
from fourweek.audit.models import AuditRow
from fourweek.clock import Now, real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter
from fourweek.pages import Pages
from tests import factories as make
from tests.assessments.badges.factories import achievement, awarded, of_person, ready, sweep
from tests.assessments.credit.factories import DAY, LATER, NOW, demonstrate, learning, reverse_entry
from tests.letters import text_of

AUDIT, STATUS = table(AuditRow), table(StatusEntry)


def count(house: House, target: Any) -> int:
    return house.db.read_now(lambda conn: conn.execute(select(func.count()).select_from(target)).scalar_one())


def _award_alone(house: House) -> int:
    """The sweep's second step only."""
    return award_due_badges(house.db, house.store, load_keys(house.settings), house.settings, NOW)


def test_a_course_that_is_met_completes_and_is_awarded(house: House) -> None:
    found = awarded(house)
    row = house.db.read_now(lambda conn: conn.execute(select(AWARD)).one())
    done = make.START + 4 * DAY
    assert (row.person_id, row.awarded_at, row.recorded_at) == (found.who.person_id, done, NOW.real)
    assert len(row.slug) == 22
    enrolment = house.db.read_now(lambda conn: conn.execute(select(ENROLMENT)).one())
    assert (enrolment.state, enrolment.completed_at) == (EnrolmentState.COMPLETED, done)
    acts = house.db.read_now(lambda conn: conn.execute(select(AUDIT.c.act, AUDIT.c.subject_id)).all())
    assert [tuple(act) for act in acts if act.act.startswith("award.")] == [
        ("award.make", row.id),
        ("award.issue", row.id),
    ]


def test_the_award_freezes_what_it_says(house: House) -> None:
    found = awarded(house, name="Amara Okonkwo")
    stored = house.db.read_now(lambda conn: conn.execute(select(AWARD.c.snapshot)).scalar_one())
    said = read_snapshot(stored)
    assert (said.holder, said.institution, said.minutes, said.ceu_tenths) == (
        "Amara Okonkwo",
        "Test Institute",
        600,
        10,
    )
    assert (said.achievement.name, said.achievement.course_code) == ("Runs a Reliable Service", found.who.course.code)
    assert [entry.key for entry in said.achievement.rubric][:3] == [
        "note-1.criterion-0",
        "note-1.criterion-1",
        "note-2.criterion-0",
    ]
    assert {entry.reached for entry in said.achievement.rubric} == {"meets"}
    assert [entry.name for entry in said.evidence] == [f"Note {week}: Report" for week in (1, 2, 3, 4)]
    assert said.evidence[0].narrative.startswith("A text for week 1, handed in on Tuesday 3 November 2026 and judged")


def test_the_badge_holds_and_says_what_was_awarded(house: House) -> None:
    found = awarded(house)
    credential = read_json(found.document)
    keys, did = load_keys(house.settings), did_web(house.settings.public_url)
    report = check_credential(credential, issuers={did: keys.public}, now=NOW.real)
    assert report.verdict is Verdict.VALID
    assert credential["id"] == f"http://testserver/badges/{found.slug}"
    assert (credential["validFrom"], credential["awardedDate"]) == ("2026-12-12T09:00:00Z", "2026-11-06T09:00:00Z")
    subject = credential["credentialSubject"]
    assert (subject["creditsEarned"], ceu_number(10)) == (1, 1)
    assert (len(subject["result"]), len(credential["evidence"])) == (8, 4)
    address = house.db.read_now(primary_address, found.who.person_id)
    assert earned_by(credential, address or "")
    assert "Alice" not in found.document.decode()


def test_the_baked_picture_is_in_the_store_and_carries_the_badge(house: House) -> None:
    found = awarded(house)
    with house.store.open(found.picture_sha256) as file:
        assert extract(file.read()) == found.document
    drawn = house.db.read_now(lambda conn: conn.execute(select(ACHIEVEMENT.c.picture_sha256)).scalar_one())
    with house.store.open(drawn) as file:
        assert extract(file.read()) is None


def test_the_earner_is_told_once(house: House) -> None:
    found = awarded(house)
    sweep(house)
    row = house.db.read_now(lambda conn: conn.execute(select(OUTBOX)).one())
    assert (row.kind, row.person_id, row.key) == ("awarded", found.who.person_id, f"awarded:{found.award_id}")
    letter = Letter(row.id, real_time(), "alice@example.org", row.kind, row.data)
    message = compose(letter, house.settings, Pages((), str).env)
    assert message["Subject"] == "Your badge: Runs a Reliable Service"
    assert f"http://testserver/badges/{found.slug}\n" in text_of(message)


def test_nothing_is_awarded_while_a_module_is_missing(house: House) -> None:
    def three_of_four(conn: Connection) -> None:
        who = learning(conn)
        achievement(conn, who.course)
        for week in (1, 2, 3):
            demonstrate(conn, who, week)

    house.db.write_now(three_of_four)
    assert sweep(house) == 0
    assert count(house, AWARD) == 0


def test_nothing_is_awarded_before_credit_is_recorded(house: House) -> None:
    house.db.write_now(ready)
    assert _award_alone(house) == 0
    assert sweep(house) == 1


def test_nothing_is_awarded_for_credit_that_was_taken_back(house: House) -> None:
    house.db.write_now(ready)
    record_due_credit(house.db, NOW)
    entry = house.db.read_now(lambda conn: conn.execute(select(ENTRY.c.id).limit(1)).scalar_one())
    registrar = make.visitor(house.db.write_now(make.with_role, Role.REGISTRAR), LATER, (Role.REGISTRAR, ""))
    house.db.write_now(reverse_entry, registrar, entry, "integrity", "Not their own work.")
    assert sweep(house) == 0
    assert list(enrolments_met(house.db)) == []


def test_nothing_is_awarded_to_somebody_who_withdrew(house: House) -> None:
    who = house.db.write_now(ready)
    gone = update(ENROLMENT).where(ENROLMENT.c.id == who.enrolment_id).values(state=EnrolmentState.WITHDRAWN)
    house.db.write_now(_run, gone)
    assert sweep(house) == 0
    assert count(house, ENTRY) == 4


def test_the_sweep_twice_changes_nothing(house: House) -> None:
    first = awarded(house)
    assert sweep(house, Now(real=LATER + DAY, school=LATER + DAY)) == 0
    assert of_person(house.db, first.who) == first


def test_twenty_sweeps_at_once_award_and_sign_once(house: House) -> None:
    who = house.db.write_now(ready)
    with ThreadPoolExecutor(20) as pool:
        signed = list(pool.map(lambda _: sweep(house), range(20)))
    assert sum(signed) == 1
    assert (count(house, AWARD), count(house, ISSUE), count(house, OUTBOX)) == (1, 1, 1)
    assert of_person(house.db, who).who == who


class Killed(BaseException):
    """The process is gone: nothing that handles errors may see it."""


STEPS = [
    (service, "award"),
    (service, "issue"),
    (issuing, "take_place"),
    (issuing, "sign"),
    (issuing, "achievement_pictures"),
    (issuing, "bake"),
    (issuing, "bake_svg"),
    (issuing, "record"),
    (issuing, "post"),
    (issuing, "tell"),
]


@pytest.fixture(params=STEPS, ids=[name for _, name in STEPS])
def killed_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The process dies when it comes to this step."""
    module, name = request.param

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    monkeypatch.setattr(module, name, die)
    return monkeypatch


def test_a_sweep_that_is_killed_is_taken_up_again(house: House, killed_at: pytest.MonkeyPatch) -> None:
    who = house.db.write_now(ready)
    with pytest.raises(Killed):
        sweep(house)
    assert (count(house, ISSUE), count(house, OUTBOX)) == (0, 0)
    killed_at.undo()
    assert sweep(house, Now(real=LATER + DAY, school=LATER + DAY)) == 1
    assert (count(house, AWARD), count(house, ISSUE), count(house, OUTBOX), count(house, STATUS)) == (1, 1, 1, 1)
    assert json.loads(of_person(house.db, who).document)["awardedDate"] == "2026-11-06T09:00:00Z"


def test_an_award_that_cannot_be_signed_does_not_stop_the_next(house: House) -> None:
    broken = house.db.write_now(ready, "Nora Nomail")
    house.db.write_now(_forget_address, broken.person_id)
    house.db.write_now(ready, "Bob Marsh")
    assert sweep(house) == 1
    assert (count(house, AWARD), count(house, ISSUE)) == (2, 1)


def _forget_address(conn: Connection, person_id: str) -> None:
    conn.execute(EMAIL.delete().where(EMAIL.c.person_id == person_id))


def test_a_lost_picture_is_drawn_again(house: House) -> None:
    awarded(house)
    first = house.db.read_now(lambda conn: conn.execute(select(ACHIEVEMENT)).one())
    shown = (house.db, house.store, house.settings, first.id)
    kept = achievement_pictures(*shown)
    house.db.write_now(_run, ACHIEVEMENT.update().values(picture_sha256="0" * 64))
    assert achievement_pictures(*shown) == kept


def test_the_database_refuses_to_change_a_signed_form(house: House) -> None:
    awarded(house)
    for act in (ISSUE.update().values(number=2), ISSUE.delete()):
        with pytest.raises(Exception, match="append-only"):
            house.db.write_now(_run, act)


def _run(conn: Connection, act: Any) -> None:
    conn.execute(act)


def test_the_schools_clock_decides_when_and_the_real_one_signs(house: House) -> None:
    who = house.db.write_now(ready)
    early = Now(real=make.START - 30 * DAY, school=LATER)
    assert sweep(house, early) == 1
    credential = json.loads(of_person(house.db, who).document)
    assert (credential["validFrom"], credential["awardedDate"]) == ("2026-10-03T09:00:00Z", "2026-11-06T09:00:00Z")
    assert timedelta(0) < LATER - early.real


def test_a_tick_ends_when_its_time_is_over_and_the_next_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.db.write_now(ready)
    monkeypatch.setattr(service, "LONGEST_TURN", 0)
    assert (sweep(house), count(house, AWARD)) == (0, 0)
    monkeypatch.undo()
    assert (sweep(house), count(house, AWARD)) == (1, 1)
