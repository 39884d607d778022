"""What the pages of attendance show, and reading them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from courses.live.access import taught_session
from courses.live.attendance.queries import Attendee, everybody, people_page
from courses.live.attendance.rules import Entry
from courses.live.attendance.service import Sheet, SheetLine, fingerprint, sheet_lines
from courses.live.attendance.sheet import sheet_of
from courses.live.models import Presence, Source
from courses.live.rules import EARLY
from courses.live.staff import eyes_of, staff_pill
from courses.live.words import PRESENCES, Eyes, say_about, say_asked, say_start
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.light import dataclass

RECORDED = {
    Source.LIST: N_("{presence}, by list, {name}, {when}."),
    Source.CODE: N_("{presence}, by code, {name}, {when}."),
    Source.CSV: N_("{presence}, by CSV, {name}, {when}."),
}
LINES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in the list: `was` is what is recorded ("" nothing), `said` the same in words with who, when and why;
    `chosen`, `reason` and `error` are of the form that was sent."""

    enrolment_id: str
    name: str
    was: str
    said: str
    chosen: str
    reason: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of one session. `code` is shown to those present, `takes_code` says whether one counts now, `code_from`
    from when one will; None once that is past."""

    cohort_id: str
    cohort_name: str
    session_id: str
    title: str
    when: Said
    about: str
    asked: str
    pill: tuple[str, str]
    is_cancelled: bool
    takes_code: bool
    code: str
    code_from: Said | None
    people: tuple[PersonRow, ...]
    choices: tuple[tuple[str, str], ...]
    pager: Pager
    number: int

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"p-{one.enrolment_id}", f"{one.name}: {one.error}") for one in self.people if one.error)


@dataclass(frozen=True, slots=True)
class SheetRow:
    line: int
    who: str
    what: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet that is looked at before it is taken. `seen` is the fingerprint of what it comes to."""

    cohort_id: str
    cohort_name: str
    session_id: str
    title: str
    typed: Sheet
    error: str = ""
    again: bool = False
    rows: tuple[SheetRow, ...] = ()
    more: int = 0
    wrong: int = 0
    changed: int = 0
    seen: str = ""


def list_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    session_id: str,
    number: int,
    entries: Sequence[Entry] = (),
    errors: Mapping[str, str] | None = None,
) -> ListPage:
    """One page of the list with what was typed into it; three statements."""
    facts, found = taught_session(conn, visitor, cohort_id, session_id)
    people, total = people_page(conn, session_id, number)
    typed, eyes, wrong = {one.enrolment_id: one for one in entries}, eyes_of(visitor), errors or {}
    code_from = found.starts_at - EARLY
    return ListPage(
        cohort_id=facts.id,
        cohort_name=facts.name,
        session_id=session_id,
        title=found.title,
        when=say_start(found, eyes),
        about=say_about(found),
        asked=say_asked(found),
        pill=staff_pill(found, eyes.now),
        is_cancelled=found.cancelled_at is not None,
        takes_code=found.takes_code(eyes.now),
        code=found.code,
        code_from=say_instant(code_from, zone(found.zone), eyes.zone, eyes.now) if eyes.now < code_from else None,
        people=tuple(_row(one, typed.get(one.enrolment_id), wrong, found.zone, eyes) for one in people),
        choices=tuple((presence.value, _(words)) for presence, words in PRESENCES.items()),
        pager=pager(number, total, lambda n: query(page=n)),
        number=number,
    )


def sheet_page(
    conn: Connection, visitor: Visitor, cohort_id: str, session_id: str, typed: Sheet, error: str = ""
) -> SheetPage:
    """The form, and for a sheet what each row comes to. Rows that cannot be taken stand first."""
    facts, found = taught_session(conn, visitor, cohort_id, session_id)
    page = SheetPage(facts.id, facts.name, session_id, found.title, typed, error)
    if not typed.text or error:
        return page
    try:
        lines = sheet_lines(conn, session_id, typed)
    except Invalid as invalid:
        return replace(page, error=invalid.fields["sheet"])
    ordered = sorted(lines, key=lambda line: not line.wrong)
    seen = fingerprint(lines)
    return replace(
        page,
        again=typed.seen not in ("", seen),
        rows=tuple(_sheet_row(line) for line in ordered[:LINES_SHOWN]),
        more=max(0, len(lines) - LINES_SHOWN),
        wrong=sum(bool(line.wrong) for line in lines),
        changed=sum(line.change is not None for line in lines),
        seen=seen,
    )


def sheet_file(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str) -> list[Attendee]:
    """Everybody the session concerns, for a file to fill in."""
    taught_session(conn, visitor, cohort_id, session_id)
    return everybody(conn, session_id)


def sheet_bytes(people: Sequence[Attendee]) -> bytes:
    return sheet_of(
        (one.learner_number, one.name, *((one.attended.presence, one.attended.reason) if one.attended else (None, "")))
        for one in people
    )


def _row(person: Attendee, typed: Entry | None, errors: Mapping[str, str], zone_name: str, eyes: Eyes) -> PersonRow:
    was = person.attended.presence.value if person.attended else ""
    chosen = typed.presence.value if typed and typed.presence else was
    return PersonRow(
        enrolment_id=person.enrolment_id,
        name=person.name,
        was=was,
        said=_said(person, zone_name, eyes),
        chosen=chosen,
        reason=typed.reason if typed else "",
        error=errors.get(person.enrolment_id, ""),
    )


def _said(person: Attendee, zone_name: str, eyes: Eyes) -> str:
    """Such as "Present, by code, Ada Byron, Tuesday 3 November 2026, 19:05 (UTC). Joined late."."""
    attended = person.attended
    if attended is None:
        return _("Nothing is recorded.")
    when = say_instant(attended.recorded_at, zone(zone_name), eyes.zone)
    words = _(RECORDED[attended.source], presence=_(PRESENCES[attended.presence]), name=person.recorder, when=when)
    return f"{words} {attended.reason}" if attended.reason else words


def _sheet_row(line: SheetLine) -> SheetRow:
    who = f"{line.person.name} ({line.row.learner})" if line.person else line.row.learner[:80]
    if line.wrong:
        return SheetRow(line.row.line, who, line.wrong, True)
    if line.change is None:
        return SheetRow(line.row.line, who, _("No change") if line.row.presence else _("Left as it is"), False)
    after = _(PRESENCES[Presence(line.change.presence)])
    if line.change.before:
        after = _("{before} becomes {after}", before=_(PRESENCES[line.change.before]), after=after)
    return SheetRow(line.row.line, who, after, False)
