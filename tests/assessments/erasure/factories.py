"""A person with something in every table that can hold anything about them, each word of it easy to find."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, select, types

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence
from fourweek.accounts.models import Role
from fourweek.database import new_id
from fourweek.migrations.tables import metadata
from tests import factories as make
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import Learning, learning, recorded
from tests.assessments.sharing.factories import document

NAME: Final = "Quendoline Xylander"
FIRST: Final = "quendoline"
"""Begins their main address too."""
WORD: Final = "zebrawort"
"""Stands in everything they typed, in their addresses and in what was written about them."""
DIGEST: Final = "ab" * 32
AT: Final = make.START
DECIDED: Final = datetime(2026, 12, 1, tzinfo=UTC)
_VALUES: tuple[tuple[type[types.TypeEngine[Any]], Any], ...] = (
    (types.Boolean, False),
    (types.Integer, 1),
    (types.BigInteger, 1),
    (types.Date, date(2026, 11, 2)),
    (types.Time, time(9)),
    (LargeBinary, b""),
    (types.JSON, {}),
)


def put(conn: Connection, name: str, /, **values: Any) -> str:
    """A row of this table; what is needed and not given has some value of its type. Returns its id, "" without one."""
    target = metadata.tables[name]
    row = dict(values)
    for column in target.columns:
        if column.name not in row and not column.nullable and column.server_default is None:
            row[column.name] = _any(conn, column) if column.foreign_keys else _some(column)
    conn.execute(target.insert().values(row))
    return str(row.get("id", ""))


def _any(conn: Connection, column: Any) -> Any:
    """Some row that it may point to."""
    (key,) = column.foreign_keys
    return conn.execute(select(key.column).limit(1)).scalar_one()


def _some(column: Any) -> Any:
    if column.name == "id" or column.name in ("token_hash", "token", "code_hash", "slug"):
        return new_id()
    kind = getattr(column.type, "impl", column.type)
    if isinstance(column.type, types.Enum):
        return next(iter(column.type.python_type))
    if isinstance(kind, types.DateTime) or "DateTime" in type(column.type).__name__:
        return AT
    return next((value for known, value in _VALUES if isinstance(kind, known)), "x")


@dataclass(frozen=True, slots=True)
class Case:
    """`who` is erased; `other` sits beside them. `credit`: theirs rests on what they handed in."""

    who: Learning
    other: str
    grader: str
    submission_id: str
    document_id: str = ""


def everything(conn: Connection, *, credit: bool, at: datetime = AT) -> Case:
    who = learning(conn, name=NAME, weeks=1)
    other = make.person(conn, "Bob Marsh")
    make.enrol(conn, who.cohort_id, other)
    proof = Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=who.course.files[0],
        position=0,
        kind=RequirementKind.FILES,
        text=WORD,
        url=WORD,
        file_name=f"{WORD}.txt",
        sha256="cd" * 32,
        note=WORD,
        saved_at=at,
    )
    work = make.submission(conn, who.course, who.enrolment_id, 1, at, more=[proof])
    decision = make.decided(conn, who.course, work, who.grader_id, 1, at=at, posted_at=at)
    case = Case(who, other, who.grader_id, work)
    _account(conn, case)
    _words(conn, case)
    _work(conn, case, decision)
    _record(conn, case)
    if credit:
        recorded(conn, who, 1)
        award = an_award(conn, who, snapshot={"holder": NAME})
        put(conn, "award_address", award_id=award, address=f"{WORD}@example.org")
        put(conn, "shared_evidence", award_id=award, sha256="cd" * 32)
        shown = document(conn, who.person_id)
        put(conn, "share_link", document_id=shown.id, note=WORD)
        return Case(who, other, who.grader_id, work, shown.id)
    return case


def _account(conn: Connection, case: Case) -> None:
    me = case.who.person_id
    put(conn, "email_address", address=f"{WORD}@example.org", person_id=me, is_primary=False)
    put(conn, "sign_in", person_id=me, device=WORD)
    put(conn, "known_device", person_id=me, name=WORD)
    put(conn, "password_hash", person_id=me, hash=WORD)
    put(conn, "password_link", person_id=me, address=f"{WORD}@example.org")
    put(conn, "address_link", person_id=me, address=f"{WORD}2@example.org")
    put(conn, "sign_up", address=f"{WORD}@example.org", legal_name=NAME)
    put(conn, "api_token", person_id=me, name=WORD, scopes=[])
    put(conn, "totp_secret", person_id=me, sealed=WORD)
    put(conn, "recovery_code", person_id=me)
    put(conn, "openid_identity", person_id=me, subject=WORD)
    put(conn, "openid_request", person_id=me, goes_to=WORD, state_hash=new_id())
    put(conn, "calendar_address", person_id=me)
    put(conn, "notice_choice", person_id=me)
    put(conn, "unsubscribe_address", person_id=me)
    put(conn, "consent", person_id=me, kind="privacy", version="1", given=True)
    put(conn, "outbox_message", person_id=me, key=new_id(), kind="posted", data={"text": WORD})
    put(conn, "outbox_message", person_id=case.grader, key=new_id(), kind="posted", data={"by": NAME})
    put(conn, "name_change", person_id=me, former=NAME, name=f"{NAME} {WORD}", why=WORD, evidence_name=WORD,
        evidence_sha256=DIGEST, asked_by=me)  # fmt: skip


def _words(conn: Connection, case: Case) -> None:
    me, said = case.who.person_id, {"body": WORD, "html": f"<p>{WORD}</p>"}
    question = put(conn, "question", cohort_id=case.who.cohort_id, module_number=1, author_id=me, title=WORD, **said)
    others = put(conn, "question", cohort_id=case.who.cohort_id, author_id=case.other, title="How", body="a", html="b")
    put(conn, "reply", question_id=others, author_id=me, **said)
    put(conn, "reply", question_id=question, author_id=case.other, body="kept words", html="<p>kept words</p>")
    put(conn, "outbox_message", person_id=case.grader, key=f"question_asked:{question}:{case.grader}",
        kind="question_asked", data={"by": NAME, "title": WORD, "text": WORD})  # fmt: skip
    asked = put(conn, "place_request", cohort_id=case.who.cohort_id, person_id=me, message=WORD, state="declined")
    put(conn, "outbox_message", person_id=case.grader, key=f"place_asked:{asked}:{case.grader}", kind="place_asked",
        data={"message": WORD})  # fmt: skip


def _work(conn: Connection, case: Case, decision: str) -> None:
    me, work, enrolment = case.who.person_id, case.submission_id, case.who.enrolment_id
    course, grader = case.who.course, case.grader
    draft = put(conn, "submission", enrolment_id=enrolment, assignment_id=course.assignments[0], state="draft",
                rubric_id=course.rubrics[0], attempt=2, changes=WORD, pseudonym="P", integrity="")  # fmt: skip
    put(conn, "submission_member", submission_id=draft, person_id=me)
    put(conn, "evidence", submission_id=draft, requirement_id=course.files[0], kind="files", file_name=f"{WORD}.txt",
        sha256=DIGEST, note=WORD)  # fmt: skip
    put(conn, "upload", submission_id=draft, requirement_id=course.files[0], person_id=me, file_name=WORD)
    put(conn, "check_try", submission_id=draft, requirement_id=course.texts[0], answers={"q": [WORD]})
    put(conn, "completeness_check", submission_id=work, findings=[{"requirement": "report", "words": WORD}])
    again = put(conn, "decision", submission_id=work, rubric_id=course.rubrics[0], decided_by=grader, comment=WORD,
                reason=WORD, supersedes_id=decision)  # fmt: skip
    put(conn, "decision_line", decision_id=again, criterion_id=course.criteria[0][0], comment=WORD)
    put(conn, "posting", decision_id=again, posted_by=grader)
    rating = put(conn, "rating", submission_id=work, grader_id=grader, comment=WORD, note=WORD)
    put(conn, "rating_line", rating_id=rating, criterion_id=course.criteria[0][0], comment=WORD)
    put(conn, "decision_review", decision_id=decision, reviewed_by=grader, note=WORD)
    put(conn, "grader_note", submission_id=work, author_id=grader, text=WORD)
    put(conn, "reveal", enrolment_id=enrolment, assignment_key="note-1", lead_id=grader, reason=WORD)
    appeal = put(conn, "appeal", decision_id=decision, submission_id=work, opened_by=me, state="unchanged")
    put(conn, "appeal_line", appeal_id=appeal, criterion_id=course.criteria[0][0], argument=WORD)
    put(conn, "appeal_message", appeal_id=appeal, author_id=me, text=WORD)
    put(conn, "coaching", enrolment_id=enrolment, opened_by=me, wish=WORD, answer=WORD, assignment_key="note-1")
    put(conn, "extension", enrolment_id=enrolment, reason=WORD, granted_by=grader)
    put(conn, "grading_conflict", grader_id=grader, person_id=me, reason=WORD, stated_by=grader)


def _record(conn: Connection, case: Case) -> None:
    me = case.who.person_id
    put(conn, "licence", person_id=me, number=WORD, obligation={"board": WORD})
    put(conn, "stated_credit", person_id=me, title=WORD, provider=WORD, said=WORD, evidence_sha256=DIGEST,
        evidence_name=WORD, entered_by=me)  # fmt: skip
    put(conn, "identity_check", person_id=me, recorded_by=case.grader, note=WORD)
    put(conn, "credit_hold", person_id=me, why=WORD, by=case.grader)
    put(conn, "legal_hold", person_id=me, reason=WORD, placed_by=case.grader, lifted_at=AT, lift_reason=WORD)


@dataclass(frozen=True, slots=True)
class Texts:
    """All that stands in the database, by column."""

    by_column: dict[str, list[str]]

    def holding(self, *sought: str) -> set[str]:
        """Every column in which one of these texts stands, whatever its case."""
        wanted = [one.lower() for one in sought]
        return {
            column for column, said in self.by_column.items() if any(one in text for text in said for one in wanted)
        }


def texts(conn: Connection) -> Texts:
    found: dict[str, list[str]] = {}
    for target in metadata.tables.values():
        for row in conn.execute(_ALL[target.name]):
            for column, value in zip(target.columns.keys(), row, strict=True):
                said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                found.setdefault(f"{target.name}.{column}", []).append(said.lower())
    return Texts(found)


_ALL: Final = {name: select(target) for name, target in metadata.tables.items()}


def holding(conn: Connection, *sought: str) -> set[str]:
    """Every column of the database in which one of these texts stands."""
    return texts(conn).holding(*sought)


def keeper(conn: Connection, name: str = "Rita Record") -> Any:
    """A registrar on the day of the decision."""
    return make.visitor(make.with_role(conn, Role.REGISTRAR, name), DECIDED, (Role.REGISTRAR, ""))
