"""What the registrars do with the record: checks of identity, a correction, names, a report; some of it still waits."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, select

from assessments.corrections.changes import Change
from assessments.corrections.deciding import decide as decide_correction
from assessments.corrections.models import ProposedAct
from assessments.corrections.queries import PROPOSAL
from assessments.corrections.service import propose
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.credit.models import ReasonCode
from assessments.identity_checks.models import CheckMethod
from assessments.identity_checks.service import record_check
from assessments.merging.queries import MERGE
from assessments.merging.service import decide as decide_one_person
from assessments.merging.service import propose as propose_one_person
from assessments.names.models import NameChangeKind
from assessments.names.queries import CHANGE
from assessments.names.service import Asked, Evidence, ask
from assessments.names.service import decide as decide_name
from assessments.reports.service import save_layout, take_out
from fourweek.accounts.access import PERSON
from fourweek.cli.seed import acts
from fourweek.cli.seed.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, ZONE, Calendar, When
from fourweek.cli.seed.night_drills import FIRST, REPEATING, SECOND, SECOND_ACCOUNT, TWICE_HERE
from fourweek.cli.seed.professionals import BOARD_OF_HERS
from fourweek.cli.seed.stage import Act, Stage

PROPOSER, APPROVER = "henry", "miriam"
TAKEN_BACK, WRONG_WEEK = "lukas", 2
WHY_TAKEN_BACK: Final = "The measurements in the note were another team’s; the rest of the course stands."
DIVIDED: Final = Change(
    ProposedAct.CORRECT,
    ReasonCode.RECORDED_IN_ERROR,
    "Half an hour of the first week was about what one owes to users: it is ethics.",
    (("ethics", 30), ("technical", 120)),
)
SAFE_NAME, NEW_NAME = "Олена Коваленко", "Leila Haddad-Brandt"
PAPER: Final = ("Register office of Harbour City", "Extract: the name as of today", "A paper of the demonstration")
LAYOUT: Final = {
    "title": "Texas: hours of licensees",
    "board": BOARD_OF_HERS,
    "key1": "licence",
    "title1": "License number",
    "key2": "name",
    "key3": "course_title",
    "key4": "completed_on",
    "key5": "PDH",
    "key6": "ethics",
}


def office_acts(calendar: Calendar, finished_week: int) -> Iterator[Act]:
    """`finished_week` is the first week of the cohort that is over."""
    for key, week in ((REPEATING, FIRST), (TWICE_HERE, SECOND)):
        yield Act(calendar.at(When(week, WEDNESDAY, "15:40")), partial(check, key))
    yield Act(calendar.at(When(-3, FRIDAY, "09:25")), partial(acts.issue_transcript, TAKEN_BACK))
    yield Act(calendar.at(When(-2, WEDNESDAY, "15:20")), partial(take_back, TAKEN_BACK, WRONG_WEEK))
    yield Act(calendar.at(When(-2, THURSDAY, "10:05")), partial(approve, APPROVER))
    yield Act(calendar.at(When(-1, TUESDAY, "17:45")), partial(acts.issue_transcript, TAKEN_BACK))
    yield Act(calendar.at(When(-1, WEDNESDAY, "11:30")), partial(divide, "tunde"))
    safe = Asked(NameChangeKind.CHANGE, SAFE_NAME, "I moved away from somebody who looks for me.", suppress=True)
    yield Act(calendar.at(When(-2, MONDAY, "09:50")), partial(ask_name, "olena", safe))
    yield Act(calendar.at(When(-2, TUESDAY, "13:15")), partial(approve_name, "olena"))
    waiting = Asked(NameChangeKind.CHANGE, NEW_NAME, "I married in October; the certificate is attached.")
    yield Act(calendar.at(When(-1, FRIDAY, "20:20")), partial(ask_name, "leila", waiting))
    yield Act(calendar.at(When(-1, MONDAY, "10:20")), partial(propose_merge, TWICE_HERE, SECOND_ACCOUNT))
    yield Act(calendar.at(When(-1, TUESDAY, "10:40")), partial(approve_merge, APPROVER))
    period = (calendar.day(finished_week), calendar.day(-1))
    yield Act(calendar.at(When(-1, THURSDAY, "14:00")), partial(report, *period))


def check(learner: str, stage: Stage, at: datetime) -> None:
    """A document was shown by video: credit of this person need not wait."""
    db, me = stage.house.db, stage.visitor(PROPOSER, at)
    typed = (CheckMethod.DOCUMENT_BY_VIDEO.value, at.date().isoformat(), "passed", "")
    db.write_now(record_check, me, db.read_now(_number_of, stage.people[learner].id), typed, ZONE)


def take_back(learner: str, week: int, stage: Stage, at: datetime) -> None:
    """One registrar proposes to take a module back…"""
    db = stage.house.db
    entry = db.read_now(_entry_of, stage.people[learner].id, week)
    change = Change(ProposedAct.TAKE_BACK, ReasonCode.INTEGRITY, WHY_TAKEN_BACK)
    db.write_now(propose, stage.visitor(PROPOSER, at), entry, change)


def approve(approver: str, stage: Stage, at: datetime) -> None:
    """… and another approves it: documents that show the line are superseded."""
    db = stage.house.db
    open_one = select(PROPOSAL.c.id).where(PROPOSAL.c.decided_at.is_(None))
    proposal: str = db.read_now(lambda conn: conn.execute(open_one).scalar_one())
    db.write_now(
        decide_correction, stage.visitor(approver, at), proposal, True, "I read both notes: they are one text."
    )


def divide(learner: str, stage: Stage, at: datetime) -> None:
    """A correction that waits for the other registrar."""
    db = stage.house.db
    entry = db.read_now(_entry_of, stage.people[learner].id, 1)
    db.write_now(propose, stage.visitor(PROPOSER, at), entry, DIVIDED)


def propose_merge(kept: str, gone: str, stage: Stage, at: datetime) -> None:
    """Somebody who could not find the first account made a second one."""
    db = stage.house.db
    one, other = (db.read_now(_number_of, stage.people[key].id) for key in (kept, gone))
    why = "The same person wrote from both addresses and showed one passport by video."
    db.write_now(propose_one_person, stage.visitor(PROPOSER, at), one, other, why)


def approve_merge(approver: str, stage: Stage, at: datetime) -> None:
    db = stage.house.db
    waiting = select(MERGE.c.id).where(MERGE.c.decided_at.is_(None))
    merge_id: str = db.read_now(lambda conn: conn.execute(waiting).scalar_one())
    db.write_now(decide_one_person, stage.visitor(approver, at), merge_id, True, "The passport and both letters agree.")


def ask_name(learner: str, asked: Asked, stage: Stage, at: datetime) -> None:
    """A learner asks for another name, with a paper."""
    digest = stage.house.store.keep_bytes(one_page(PAPER)).sha256
    given = Asked(asked.kind, asked.name, asked.why, asked.suppress, Evidence(digest, "register-office.pdf"))
    stage.house.db.write_now(ask, stage.visitor(learner, at), given)


def approve_name(learner: str, stage: Stage, at: datetime) -> None:
    db = stage.house.db
    waiting = select(CHANGE.c.id).where(CHANGE.c.person_id == stage.people[learner].id, CHANGE.c.decided_at.is_(None))
    change_id: str = db.read_now(lambda conn: conn.execute(waiting).scalar_one())
    db.write_now(partial(decide_name, approve=True, why=""), stage.visitor(APPROVER, at), change_id)


def report(first: date, last: date, stage: Stage, at: datetime) -> None:
    """Completions for a board, in a layout of its own; it is noted for everybody in it."""
    db, me = stage.house.db, stage.visitor(PROPOSER, at)
    layout_id = db.write_now(save_layout, me, "", LAYOUT)
    values = {"first": str(first), "last": str(last), "to": "Texas Board of Professional Engineers, by its portal"}
    db.write_now(take_out, me, layout_id, values, stage.house.settings)


def one_page(lines: tuple[str, ...]) -> bytes:
    """A PDF of one page with some lines in a font that every reader has (ISO 32000-1, 7.5)."""
    said = "".join(f"BT /F1 16 Tf 72 {700 - 28 * place} Td ({line}) Tj ET\n" for place, line in enumerate(lines))
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(said)} >>\nstream\n{said}endstream",
    )
    text, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("ascii")


def _number_of(conn: Connection, person_id: str) -> str:
    found: str = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == person_id)).scalar_one()
    return found


def _entry_of(conn: Connection, person_id: str, week: int) -> str:
    """The entry of a week of the long course, the first course of whoever it is asked for."""
    wanted = (
        select(ENTRY.c.id)
        .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
        .where(LEDGER.c.person_id == person_id, ENTRY.c.module_number == week, ENTRY.c.minutes == 150)
    )
    found: str = conn.execute(wanted).scalar_one()
    return found
