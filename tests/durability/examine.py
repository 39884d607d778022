"""The rows and files a dead server left behind, beside the ledger."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from assessments.assignments.models import RequirementKind
from assessments.badges.models import Award
from assessments.credit.ledger import ENTRY, first_broken_ledger
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.uploads.access import ON_THEIR_WAY, UPLOAD
from assessments.uploads.spool import folder
from fourweek.audit.checking import first_broken_link
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.house import open_house
from fourweek.outbox import OutboxMessage
from fourweek.scans import NAMED_FILES
from fourweek.settings import Settings
from fourweek.storage import Store
from fourweek.storage.verifying import Verification
from tests.durability.grader import Grader, check_judged
from tests.durability.ledger import Lost, Work, digest
from tests.durability.school import WEEKS, School

BEFORE_THIS = timedelta(hours=12)
AUDIT, OUTBOX, AWARD = table(AuditRow), table(OutboxMessage), table(Award)


def examine(school: School, works: Iterable[Work], graders: list[Grader]) -> None:
    """Raises Lost for the first thing that is not as it was acknowledged. The server may be dead or alive."""
    house = open_house(Settings(home=school.home, database_url=school.database_url))
    try:
        _check_files(house.db, house.store)
        works = list(works)
        house.db.read_now(_check_handed_in, works)
        house.db.read_now(_check_names, works)
        house.db.read_now(check_judged, graders)
        house.db.read_now(_check_chains)
        _check_uploads(house.db, house.store, works)
    finally:
        house.db.close()


def missing(school: School, graders: list[Grader]) -> str:
    """What has not come yet of the credit and badges of completed courses, "" for nothing. The worker is alive."""
    db = Database(school.database_url)
    try:
        whole, badges = db.read_now(_earned)
    finally:
        db.close()
    courses = sum(one.posted for one in graders)
    return "" if whole == badges == courses else f"{courses} courses complete, {whole} with credit, {badges} badges"


def _earned(conn: Connection) -> tuple[int, int]:
    """How many courses have the credit of all their weeks, and how many badges there are."""
    lines = conn.execute(select(ENTRY.c.enrolment_id)).scalars().all()
    whole = [one for one, count in Counter(lines).items() if count == WEEKS]
    return len(whole), len(conn.execute(select(AWARD.c.id)).all())


def _check_files(db: Database, store: Store) -> None:
    """No row without its file, no file torn. A file that no row names yet is nothing lost: the sweep's work."""
    found = Verification(db, store, NAMED_FILES, real_time()).differences()
    if wrong := [str(difference) for difference in found if difference.wrong]:
        raise Lost("; ".join(wrong))


def _check_handed_in(conn: Connection, works: list[Work]) -> None:
    """Every receipt with its evidence; each noted once in the audit log and told once.

    What the graders judge came with the school, from the day before: nobody sent it.
    """
    sent = SUBMISSION.c.submitted_at > real_time() - BEFORE_THIS
    handed_in = conn.execute(SUBMISSION.select().where(sent, SUBMISSION.c.receipt.is_not(None)))
    rows = {row.receipt: row for row in handed_in}
    pieces = conn.execute(select(EVIDENCE.c.submission_id, EVIDENCE.c.sha256)).all()
    for work in works:
        for receipt in work.receipts:
            row = rows.get(receipt.number)
            if row is None:
                raise Lost(f"receipt {receipt.number} is gone")
            kept = Counter(piece.sha256 for piece in pieces if piece.submission_id == row.id)
            if row.attempt != receipt.attempt or kept != Counter(receipt.digests):
                raise Lost(f"receipt {receipt.number} names other evidence than was handed in")
    noted = Counter(conn.execute(select(AUDIT.c.subject_id).where(AUDIT.c.act == "submission.hand_in")).scalars())
    told = Counter(conn.execute(select(OUTBOX.c.key).where(OUTBOX.c.kind == "receipt")).scalars())
    ids = [row.id for row in rows.values()]
    if noted != Counter(ids) or told != Counter(f"receipt:{one}" for one in ids):
        raise Lost("what was handed in, what was noted and what was told are not the same")


def _check_names(conn: Connection, works: list[Work]) -> None:
    """Every file is what was sent under its name, and stands in an attempt once."""
    sent = {name: sha256 for work in works for name, sha256 in work.named.items()}
    shown = (EVIDENCE.c.submission_id, EVIDENCE.c.file_name, EVIDENCE.c.sha256)
    rows = conn.execute(select(*shown).where(EVIDENCE.c.kind == RequirementKind.FILES)).all()
    for row in rows:
        if sent.get(row.file_name) != row.sha256:
            raise Lost(f"{row.file_name} is not what was sent")
    twice = [key for key, count in Counter((row.submission_id, row.file_name) for row in rows).items() if count > 1]
    if twice:
        raise Lost(f"files that are there twice: {twice}")


def _check_chains(conn: Connection) -> None:
    """One line for each module of an enrolment, one badge for each, and every chain whole."""
    lines = Counter(tuple(row) for row in conn.execute(select(ENTRY.c.enrolment_id, ENTRY.c.module_number)))
    badges = Counter(tuple(row) for row in conn.execute(select(AWARD.c.person_id, AWARD.c.achievement_id)))
    if twice := [key for key, count in (lines + badges).items() if count > 1]:
        raise Lost(f"credit or badges that are there twice: {twice}")
    if (broken := first_broken_ledger(conn)) is not None:
        raise Lost(str(broken))
    if first_broken_link(conn) is not None:
        raise Lost("the audit log's chain is broken")


def _check_uploads(db: Database, store: Store, works: list[Work]) -> None:
    """What a row says has arrived of an upload lies in the spool, byte for byte."""
    sent = {upload.name: upload.data for work in works for upload in work.uploads}
    for row in db.read_now(_on_their_way):
        if row.file_name not in sent or not row.received:
            continue  # begun, and never heard of by whom it belongs to
        spooled = (folder(store) / row.id).read_bytes()[: row.received]
        if digest(spooled) != digest(sent[row.file_name][: row.received]):
            raise Lost(f"{row.file_name}: of {row.received} bytes acknowledged, {len(spooled)} are in the spool")


def _on_their_way(conn: Connection) -> list[Any]:
    return list(conn.execute(UPLOAD.select().where(UPLOAD.c.state.in_(ON_THEIR_WAY))))


def handed_in(conn: Connection) -> int:
    """How many attempts were ever handed in."""
    states = (SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN)
    return len(conn.execute(select(SUBMISSION.c.id).where(SUBMISSION.c.state.in_(states))).all())
