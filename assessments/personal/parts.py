"""Which rows the copy of a person's data is made of: of each table how its rows belong to them, and what is left out.

Decisions are those that are posted to them. Notes that graders keep among themselves, ratings before a decision, and
everything about somebody else are not theirs.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, select

from assessments.personal.told import SOMEBODY, about_its_reader
from fourweek.clock import Now
from fourweek.light import dataclass
from fourweek.migrations.tables import metadata

T: Final = metadata.tables
BATCH: Final = 500
LABELS: Final = {
    "cohort": "name",
    "course": "code",
    "course_version": "title",
    "module": "title",
    "assignment": "title",
    "lesson": "title",
    "live_session": "title",
    "requirement": "title",
    "criterion": "title",
    "level": "title",
    "achievement": "name",
    "section": "name",
    "series": "title",
}
"""What a row that is pointed to is called in plain words."""
HIDDEN: Final = frozenset(
    {
        *("token_hash", "hash", "sealed", "code_hash", "previous_hash", "token", "state_hash", "nonce", "verifier"),
        *("browser_hash", "salt", "jwt", "html", "key", "row_key", "content_sha256", "scope_id"),
    }
)
"""Columns of any table that open something, or that stand in another form beside them."""
HIDDEN_OF: Final = {
    "submission": ["state", "step", "lot", "pseudonym", "given_to", "given_by", "given_at", "warned_at"],
    "appeal": ["state", "given_to", "closed_at", "closed_by", "outcome_id"],
    "decision": ["rating_id", "rubric_id", "rule_id", "way"],
    "transcript": ["snapshot"],
}
"""What of a row would tell more than is posted to them, or stands in a file of the copy."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose copy it is: the account and those merged into it. What was posted or shown by now counts."""

    people: Sequence[str]
    now: Now


Belongs = Callable[[About, Table], ColumnElement[bool]]


def by(column: str) -> Belongs:
    """A column that names the person."""
    return lambda about, table: table.c[column].in_(about.people)


def of(parent: str, column: str) -> Belongs:
    """A column that names a row of a table that is itself theirs."""
    return lambda about, table: table.c[column].in_(_ids(parent, about))


def _ids(parent: str, about: About) -> Select[Any]:
    target = T[parent]
    return select(target.c.id).where(MINE[parent](about, target))


def _posted(about: About, table: Table) -> ColumnElement[bool]:
    posting, works = T["posting"], T["submission_member"]
    mine = select(works.c.submission_id).where(works.c.person_id.in_(about.people))
    seen = select(posting.c.decision_id).where(posting.c.posted_at <= about.now.school)
    return table.c.submission_id.in_(mine) & table.c.id.in_(seen)


def _work(about: About, table: Table) -> ColumnElement[bool]:
    member = T["submission_member"]
    return table.c.id.in_(select(member.c.submission_id).where(member.c.person_id.in_(about.people)))


def _done(about: About, table: Table) -> ColumnElement[bool]:
    return table.c.actor_id.in_(about.people) | table.c.subject_id.in_(about.people)


def _told(about: About, table: Table) -> ColumnElement[bool]:
    return table.c.person_id.in_(about.people) & (table.c.shown_from <= about.now.real)


def _said(about: About, table: Table) -> ColumnElement[bool]:
    """What they wrote themselves; the words of others are not theirs."""
    return table.c.author_id.in_(about.people)


MINE: Final[dict[str, Belongs]] = {
    "person": by("id"),
    "role_grant": by("person_id"),
    "email_address": by("person_id"),
    "address_link": by("person_id"),
    "sign_in": by("person_id"),
    "known_device": by("person_id"),
    "openid_identity": by("person_id"),
    "api_token": by("person_id"),
    "calendar_address": by("person_id"),
    "name_change": by("person_id"),
    "enrolment": by("person_id"),
    "place_request": by("person_id"),
    "lesson_read": of("enrolment", "enrolment_id"),
    "reading_place": of("enrolment", "enrolment_id"),
    "attendance": of("enrolment", "enrolment_id"),
    "extension": of("enrolment", "enrolment_id"),
    "submission": _work,
    "evidence": of("submission", "submission_id"),
    "check_try": of("submission", "submission_id"),
    "upload": by("person_id"),
    "decision": _posted,
    "decision_line": of("decision", "decision_id"),
    "posting": of("decision", "decision_id"),
    "appeal": of("submission", "submission_id"),
    "appeal_line": of("appeal", "appeal_id"),
    "appeal_message": _said,
    "coaching": of("enrolment", "enrolment_id"),
    "ledger": by("person_id"),
    "credit_entry": of("ledger", "ledger_id"),
    "credit_hold": by("person_id"),
    "identity_check": by("person_id"),
    "award": by("person_id"),
    "award_choice": of("award", "award_id"),
    "award_address": of("award", "award_id"),
    "shared_evidence": of("award", "award_id"),
    "credential_issue": of("award", "award_id"),
    "transcript": by("person_id"),
    "document_choice": of("transcript", "document_id"),
    "share_link": of("transcript", "document_id"),
    "share_visit": of("share_link", "link_id"),
    "licence": by("person_id"),
    "stated_credit": by("person_id"),
    "outbox_message": _told,
    "notice_choice": by("person_id"),
    "question": _said,
    "reply": _said,
    "consent": by("person_id"),
    "erasure_request": by("person_id"),
    "audit_row": _done,
}
LEFT_OUT: Final[dict[str, str]] = {
    "person_merge": "accounts that were joined are all in this copy",
    "sign_up": "it became the account",
    "password_hash": "only a digest is kept",
    "password_link": "only a digest is kept",
    "totp_secret": "it opens the account",
    "recovery_code": "only a digest is kept",
    "openid_request": "it lasts minutes",
    "wrong_code": "a count",
    "submission_member": "it says that the work is yours",
    "completeness_check": "working notes",
    "rating": "working notes of graders; what was decided is here",
    "rating_line": "working notes of graders; what was decided is here",
    "claim": "who had it open",
    "second_rating": "working notes of graders; what was decided is here",
    "decision_review": "working notes of graders; what was decided is here",
    "grader_note": "notes that graders keep among themselves",
    "reveal": "who asked to see a name; the log says when",
    "grading_conflict": "who does not grade whom is about others too",
    "credit_proposal": "what came of it stands in the ledger",
    "legal_hold": "nobody is told of a legal hold",
    "credential_check": "how our own check of a badge went",
    "status_entry": "the place of a badge in a public list",
    "document_line": "which lines of the ledger a document shows; it stands in the document",
    "unsubscribe_address": "it opens something",
    "audit_link": "the chain itself",
}
"""Tables of the areas that are not copied, each with why."""
BARE: Final = {
    "audit_row": ("id", "at", "act", "subject_kind", "actor_id"),
    "outbox_message": ("id", "kind", "data", "created_at", "shown_from", "sent_at", "seen_at"),
    "erasure_request": ("id", "asked_at", "decided_at", "approved", "decided_why", "kept", "finished_at"),
}
"""Of these tables only such columns: the rest is about others, or about the machine."""


def rows(conn: Connection, table: str, about: About, number: int) -> list[dict[str, Any]]:
    """The `number`th batch of a table's rows that are theirs, in plain words; one statement."""
    target = T[table]
    statement = _columns(target)
    key = list(target.primary_key.columns)
    found = statement.where(MINE[table](about, target)).order_by(*key).limit(BATCH).offset(number * BATCH)
    people = frozenset(about.people)
    return [_plain(table, row._mapping, people) for row in conn.execute(found)]


def _columns(target: Table) -> Select[Any]:
    """What is shown of a row; where it points to something with a title, that too."""
    shown = [column for column in target.columns if _shown(target.name, column.name)]
    wanted: list[ColumnElement[Any]] = [*shown]
    source: FromClause = target
    for column in shown:
        for key in column.foreign_keys:
            if label := LABELS.get(key.column.table.name):
                other = key.column.table.alias()
                source = source.outerjoin(other, other.c[key.column.name] == column)
                wanted.append(other.c[label].label(column.name.removesuffix("_id") + "_title"))
    return select(*wanted).select_from(source)


def _shown(table: str, column: str) -> bool:
    if table in BARE:
        return column in BARE[table]
    return column not in HIDDEN and column not in HIDDEN_OF.get(table, ())


def _plain(table: str, row: Any, people: frozenset[str]) -> dict[str, Any]:
    """Values as JSON has them; who else did something is somebody of the school, without name or number."""
    said: dict[str, Any] = {}
    for name, value in row.items():
        column = T[table].c.get(name)
        points = column is not None and any(key.column.table.name == "person" for key in column.foreign_keys)
        if points:
            who = "you" if value in people else SOMEBODY
            said[name.removesuffix("_id")] = who if value else None
        else:
            said[name] = _value(value)
    if table == "outbox_message":
        said["data"] = about_its_reader(row["kind"], row["data"])
    return said


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if value is None or isinstance(value, (str, int, bool, list, dict)) else str(value)
