"""Reading what completion reports are made of. Who may see it is decided by the caller."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, false, func, select

from assessments.credit.amounts import Part, read_amounts
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER, parts_of
from assessments.licences.queries import LICENCE
from assessments.reports.columns import Column, Completion, Layout
from assessments.reports.models import ReportLayout
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON
from fourweek.audit.service import ROW
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.settings import ApprovalSetting

LAYOUT = table(ReportLayout)
SENT: Final = "report.disclose"
AGREED: Final = "report"
"""What a licence's holder said beside it: the school may report hours to its board."""
_PIECE: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A report: completed from `first` up to and with `last`, of these course codes, none for all of them."""

    board: str
    first: date
    last: date
    courses: tuple[str, ...] = ()


_TAKING_BACK = ENTRY.alias("taking_back")
_COUNTS = and_(
    ENTRY.c.kind != EntryKind.REVERSAL,
    ENTRY.c.repeat_of_id.is_(None),
    ~exists().where(_TAKING_BACK.c.reverses_id == ENTRY.c.id),
)
_SUMS = (
    select(
        ENTRY.c.enrolment_id,
        LEDGER.c.person_id,
        func.max(ENTRY.c.completed_on).label("completed_on"),
        func.max(ENTRY.c.course_code).label("course_code"),
        func.max(ENTRY.c.course_version).label("course_version"),
    )
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .where(_COUNTS)
    .group_by(ENTRY.c.enrolment_id, LEDGER.c.person_id)
    .subquery()
)
_ENTRIES: Select[Any] = (
    select(ENTRY, LEDGER.c.person_id)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .where(ENTRY.c.enrolment_id.in_(bindparam("enrolments", expanding=True)), _COUNTS)
)
_LAYOUTS: Select[Any] = select(LAYOUT).where(LAYOUT.c.removed_at.is_(None))
_LOG: Select[Any] = (
    select(ROW.c.id, ROW.c.at, ROW.c.reason, ROW.c.detail, PERSON.c.display_name)
    .outerjoin(PERSON, PERSON.c.id == ROW.c.actor_id)
    .where(ROW.c.act == SENT, ROW.c.subject_kind == "report")
)


def count(conn: Connection, asked: Asked) -> int:
    """How many completions the report has."""
    return int(conn.execute(_found(asked).with_only_columns(func.count())).scalar_one())


def count_all(conn: Connection, asked: Asked) -> int:
    """How many completions there are, whether or not they may be reported to the board."""
    everybody = Asked("", asked.first, asked.last, asked.courses)
    return count(conn, everybody)


def completions(
    conn: Connection, asked: Asked, approvals: Sequence[ApprovalSetting], body: str, number: int
) -> tuple[Completion, ...]:
    """One page of the report in order of days; two statements. `body` is what approvals call the board."""
    rows = conn.execute(_ordered(asked).limit(PER_PAGE).offset(offset(number))).all()
    return tuple(_completions(conn, rows, approvals, body))


def every_completion(
    conn: Connection, asked: Asked, approvals: Sequence[ApprovalSetting], body: str, most: int
) -> tuple[Completion, ...]:
    """The first `most` of the report; a statement more for every 500 of them."""
    rows = conn.execute(_ordered(asked).limit(most)).all()
    pieces = (rows[start : start + _PIECE] for start in range(0, len(rows), _PIECE))
    return tuple(one for piece in pieces for one in _completions(conn, piece, approvals, body))


def saved_layouts(conn: Connection, number: int) -> tuple[tuple[Layout, ...], int]:
    """One page of the layouts that registrars made, by title, and how many there are; two statements."""
    found = conn.execute(_LAYOUTS.order_by(LAYOUT.c.title, LAYOUT.c.id).limit(PER_PAGE).offset(offset(number)))
    total = conn.execute(_LAYOUTS.with_only_columns(func.count())).scalar_one()
    return tuple(_layout(row) for row in found), total


def saved_layout(conn: Connection, layout_id: str) -> Layout | None:
    row = conn.execute(_LAYOUTS.where(LAYOUT.c.id == layout_id.replace("\0", ""))).first()
    return None if row is None else _layout(row)


def sent_reports(conn: Connection, number: int) -> tuple[list[Row[Any]], int]:
    """One page of the reports that were taken out, the newest first, and how many there are; two statements."""
    rows = conn.execute(_LOG.order_by(ROW.c.id.desc()).limit(PER_PAGE).offset(offset(number))).all()
    total = conn.execute(_LOG.with_only_columns(func.count())).scalar_one()
    return list(rows), total


def _found(asked: Asked) -> Select[Any]:
    joined = (
        _SUMS.join(ENROLMENT, ENROLMENT.c.id == _SUMS.c.enrolment_id)
        .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
        .join(VERSION, VERSION.c.id == COHORT.c.version_id)
        .join(PERSON, PERSON.c.id == _SUMS.c.person_id)
    )
    conditions = [
        ENROLMENT.c.state == EnrolmentState.COMPLETED,
        _SUMS.c.completed_on >= asked.first,
        _SUMS.c.completed_on <= asked.last,
    ]
    if asked.courses:
        conditions.append(_SUMS.c.course_code.in_(asked.courses))
    if not asked.board:
        return (
            select(_SUMS.c.enrolment_id, LICENCE.c.number.label("licence"))
            .select_from(joined.outerjoin(LICENCE, false()))
            .where(*conditions)
        )
    agreed = and_(
        LICENCE.c.person_id == PERSON.c.id,
        LICENCE.c.board == asked.board,
        LICENCE.c.removed_at.is_(None),
        LICENCE.c.obligation[AGREED].as_boolean(),
    )
    return (
        select(_SUMS.c.enrolment_id, LICENCE.c.number.label("licence"))
        .select_from(joined.join(LICENCE, agreed))
        .where(*conditions)
    )


def _ordered(asked: Asked) -> Select[Any]:
    columns = (
        _SUMS.c.person_id,
        _SUMS.c.completed_on,
        _SUMS.c.course_code,
        _SUMS.c.course_version,
        VERSION.c.title,
        COHORT.c.mode,
        COHORT.c.place,
        COHORT.c.start_date,
        PERSON.c.legal_name,
        PERSON.c.learner_number,
    )
    order = (_SUMS.c.completed_on, PERSON.c.learner_number, _SUMS.c.enrolment_id, LICENCE.c.id)
    return _found(asked).add_columns(*columns).order_by(*order)


def _completions(
    conn: Connection, rows: Sequence[Row[Any]], approvals: Sequence[ApprovalSetting], body: str
) -> Iterable[Completion]:
    entries: dict[tuple[str, str], list[Row[Any]]] = {}
    for entry in conn.execute(_ENTRIES, {"enrolments": [row.enrolment_id for row in rows]}) if rows else ():
        entries.setdefault((entry.enrolment_id, entry.person_id), []).append(entry)
    for row in rows:
        of_it = entries[row.enrolment_id, row.person_id]
        approval = _approval(row, approvals, body)
        parts: tuple[Part, ...] = tuple(part for entry in of_it for part in parts_of(entry))
        yield Completion(
            person_id=row.person_id,
            name=row.legal_name,
            learner_number=row.learner_number,
            licence=row.licence or "",
            course_code=row.course_code,
            course_title=row.title,
            course_version=row.course_version,
            mode=row.mode,
            place=row.place,
            began_on=row.start_date,
            completed_on=row.completed_on,
            minutes=sum(entry.minutes for entry in of_it),
            tenths=sum(entry.tenths for entry in of_it),
            amounts=tuple(amount for entry in of_it for amount in read_amounts(entry.amounts)),
            parts=parts,
            provider=approval.number if approval else "",
            course_number=approval.courses.get(row.course_code, "") if approval else "",
        )


def _approval(row: Row[Any], approvals: Sequence[ApprovalSetting], body: str) -> ApprovalSetting | None:
    """The board's approval that held for the course on the day, if one is configured."""
    return next(
        (
            one
            for one in approvals
            if one.body.casefold() == body.casefold()
            and (not one.courses or row.course_code in one.courses)
            and (one.valid_from is None or one.valid_from <= row.completed_on)
            and (one.valid_to is None or row.completed_on <= one.valid_to)
        ),
        None,
    )


def _layout(row: Row[Any]) -> Layout:
    columns = tuple(Column(one["key"], one["title"]) for one in row.columns)
    return Layout(row.id, row.title, row.board, columns)
