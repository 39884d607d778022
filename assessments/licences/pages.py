"""What the pages of licences show, in words."""

from dataclasses import field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.credit.rules import contact_hours_text
from assessments.licences.access import my_licence
from assessments.licences.boards import ESTIMATE, BoardRule
from assessments.licences.chart import Chart, chart_of
from assessments.licences.counting import OUTSIDE, Activity, Estimate, why_not
from assessments.licences.form_pages import usual_end
from assessments.licences.lines import earned_by
from assessments.licences.queries import LICENCE
from assessments.licences.standing import Held
from assessments.licences.windows import next_end
from assessments.licences.words import say_shipped
from courses.catalogue.categories import say_category
from courses.jurisdictions import say_jurisdiction
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import _, p_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

_MINE: Select[Any] = (
    select(LICENCE)
    .where(LICENCE.c.person_id == bindparam("person"), LICENCE.c.removed_at.is_(None))
    .order_by(LICENCE.c.ends_on, LICENCE.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_COUNT = select(func.count()).where(LICENCE.c.person_id == bindparam("person"), LICENCE.c.removed_at.is_(None))
SHOWN: Final = 3
Pill = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LicenceCard:
    """A licence in a list; its number is masked, `state` is (words, tone)."""

    id: str
    title: str
    number: str
    window: str
    have: str
    state: Pill


@dataclass(frozen=True, slots=True)
class LicencesPage:
    licences: tuple[LicenceCard, ...]
    hours: str
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class LineRow:
    """An activity with what became of it: `why_not` is "" where it counts."""

    title: str
    day: str
    hours: str
    categories: str
    is_stated: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class BoardWords:
    """A shipped rule in words, with where and when it was read."""

    key: str
    title: str
    since: str
    is_older: bool
    conversion: str
    notes: tuple[str, ...]
    sources: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class LicencePage:
    """A licence, its estimate and the lines behind it. `facts` and `missing` are ready to be shown."""

    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    state: Pill
    missing: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chart: Chart
    notes: tuple[str, ...]
    board: BoardWords | None
    estimate_words: str
    lines: tuple[LineRow, ...]
    lines_total: int
    others: int
    pager: Pager
    remind: bool
    with_stated: bool
    has_lines: bool
    is_reported: bool
    ends_on: str
    next_end: str
    window: tuple[str, str]
    odd_end: str
    is_over: bool
    errors: dict[str, str] = field(default_factory=dict)


def licences_page(conn: Connection, visitor: Visitor, number: int) -> LicencesPage:
    """The visitor's licences, the next to end first; four statements."""
    me = visitor.me.id
    rows = conn.execute(_MINE, {"person": me, "skipped": offset(number)}).all()
    total = conn.execute(_COUNT, {"person": me}).scalar_one()
    earned = earned_by(conn, me)
    cards = []
    for row in rows:
        held = held_of(row)
        cards.append(_card(row, held, held.estimate(earned.activities(zone(row.zone))), today_of(row, visitor)))
    pages = pager(number, total, lambda n: query(page=n))
    return LicencesPage(tuple(cards), contact_hours_text(earned.minutes), total, pages)


def licence_page(conn: Connection, visitor: Visitor, licence_id: str, number: int) -> LicencePage:
    """One licence of the visitor's own; three statements. Raises NotFound."""
    row = my_licence(conn, visitor, licence_id)
    return page_of(row, earned_by(conn, row.person_id).activities(zone(row.zone)), today_of(row, visitor), number)


def page_of(row: Row[Any], activities: tuple[Activity, ...], today: date, number: int) -> LicencePage:
    """A licence as it stands on `today`, a day of its zone; the caller has authorised it."""
    held = held_of(row)
    found = held.estimate(activities)
    near = [one for one in activities if one.day in held.window]
    shown = near[offset(number) : offset(number) + PER_PAGE]
    after = next_end(row.ends_on, held.obligation.months)
    return LicencePage(
        id=row.id,
        title=title_of(row),
        facts=_facts(row, held),
        state=state_of(found, held, today),
        missing=missing_words(found),
        rows=_rows(found),
        chart=chart_of(found),
        notes=_notes(found, held, held.left_over(activities)),
        board=_board(held.board, held) if held.board else None,
        estimate_words=_(ESTIMATE),
        lines=tuple(_line(one, held) for one in shown),
        lines_total=len(near),
        others=sum(one.day not in held.window for one in activities),
        pager=pager(number, len(near), lambda n: query(page=n)),
        remind=row.remind,
        with_stated=held.with_stated,
        has_lines=any(not one.is_stated and not one.why_not for one in near),
        is_reported=bool(row.obligation.get("report")),
        ends_on=str(row.ends_on),
        next_end=str(after),
        window=(str(held.window.first), str(held.window.last)),
        odd_end=_odd_end(held, row.ends_on),
        is_over=today >= held.window.end,
    )


def held_of(row: Row[Any]) -> Held:
    return Held.of(row.board, row.ends_on, row.starts_on, row.obligation)


def title_of(row: Row[Any]) -> str:
    return in_a_row((say_shipped(row.profession), say_jurisdiction(row.jurisdiction)))


def masked(number: str) -> str:
    """Its last three signs, such as "•••482": enough to tell one's own apart."""
    return f"•••{number[-SHOWN:]}" if len(number) > SHOWN else "•••"


def state_of(found: Estimate, held: Held, today: date) -> Pill:
    """How it stands in words, with a tone."""
    if today >= held.window.end:
        return _("The window has closed"), "warn"
    return (p_("of a licence", "Complete"), "good") if found.is_complete else (_("Hours are missing"), "waiting")


def missing_words(found: Estimate) -> tuple[str, ...]:
    """What is missing, a sentence each; empty where nothing is."""
    whole = (
        (_("{amount} {unit} in all", amount=found.say(found.missing), unit=say_shipped(found.obligation.unit)),)
        if found.missing
        else ()
    )
    return whole + tuple(
        _("{amount} hours: {title}", amount=contact_hours_text(need.missing), title=say_shipped(need.title))
        for need in found.needs
        if need.missing
    )


def today_of(row: Row[Any], visitor: Visitor) -> date:
    """The school's day in the licence's zone."""
    return visitor.now.school.astimezone(zone(row.zone)).date()


def _card(row: Row[Any], held: Held, found: Estimate, today: date) -> LicenceCard:
    return LicenceCard(
        id=row.id,
        title=title_of(row),
        number=masked(row.number),
        window=_("until {day}", day=say_date(row.ends_on)),
        have=_(
            "{have} of {asked} {unit}",
            have=found.say(found.earned + found.carried),
            asked=found.say(found.required),
            unit=say_shipped(found.obligation.unit),
        ),
        state=state_of(found, held, today),
    )


def _facts(row: Row[Any], held: Held) -> tuple[tuple[str, str], ...]:
    board = held.board.title if held.board else row.obligation.get("title", "")
    checked = (
        _("By the registrar, on {day}", day=say_date(row.checked_on))
        if row.checked_on
        else _("Not yet: stated by its holder")
    )
    window = _(
        "{first} to {last}, both included ({zone})",
        first=say_date(held.window.first),
        last=say_date(held.window.last),
        zone=row.zone,
    )
    return (
        (_("Board"), board),
        (_("Number"), row.number),
        (_("Renewal window"), window),
        (_("Checked with the board"), checked),
    )


def _rows(found: Estimate) -> tuple[tuple[str, ...], ...]:
    """Requirement, asked for, earned, carried over, missing: the numbers behind the picture."""
    say, hours = found.say, contact_hours_text
    unit = say_shipped(found.obligation.unit)
    total = (
        _("In all ({unit})", unit=unit),
        say(found.required),
        say(found.earned),
        say(found.carried),
        say(found.missing),
    )
    needs = [
        (
            _("{title} (hours)", title=say_shipped(need.title)),
            hours(need.needed),
            hours(need.minutes),
            _("does not count here"),
            hours(need.missing),
        )
        for need in found.needs
    ]
    return (total, *needs)


def _notes(found: Estimate, held: Held, left_over: int) -> tuple[str, ...]:
    """What the numbers do not say by themselves: what was stated, cut, carried in, and could be carried on."""
    unit, hours = say_shipped(found.obligation.unit), contact_hours_text
    notes = [
        _(
            "Of these, {amount} hours are stated by you and were not earned here.",
            amount=hours(found.stated_minutes),
        )
    ]
    notes = notes if found.stated_minutes else []
    notes += [
        _("{title}: {amount} hours are beyond what counts.", title=say_shipped(title), amount=hours(minutes))
        for title, minutes in found.cut
    ]
    if found.carried and held.carried is not None:
        notes.append(
            _(
                "{amount} {unit} were carried over into this window, as you say.",
                amount=found.say(found.carried),
                unit=unit,
            )
        )
    elif found.carried:
        notes.append(
            _(
                "{amount} {unit} are carried over from the window before, {first} to {last}.",
                amount=found.say(found.carried),
                unit=unit,
                first=say_date(held.before.first),
                last=say_date(held.before.last),
            )
        )
    if left_over:
        notes.append(
            _(
                "{amount} {unit} beyond what is asked for can be carried into the next window.",
                amount=found.say(left_over),
                unit=unit,
            )
        )
    return tuple(notes)


def _line(one: Activity, held: Held) -> LineRow:
    reason = why_not(one, held.window, with_stated=held.with_stated)
    parts = [f"{say_category(category)} {contact_hours_text(minutes)}" for category, minutes in one.parts if minutes]
    return LineRow(
        title=one.title,
        day=say_date(one.day),
        hours=contact_hours_text(one.minutes),
        categories=in_a_row(parts),
        is_stated=one.is_stated,
        why_not="" if reason == OUTSIDE else _(reason),
    )


def _board(rule: BoardRule, held: Held) -> BoardWords:
    return BoardWords(
        key=rule.board,
        title=rule.title,
        since=say_date(rule.effective_from),
        is_older=held.window.last < rule.effective_from,
        conversion=in_a_row(
            _(
                "1 {measure} is {amount} {unit}",
                measure=say_shipped(measure),
                amount=units,
                unit=say_shipped(rule.obligation.unit),
            )
            for measure, units in rule.conversion
        ),
        notes=tuple(map(say_shipped, rule.notes)),
        sources=tuple((source.title, source.url, say_date(source.read_on)) for source in rule.sources),
    )


def _odd_end(held: Held, ends_on: date) -> str:
    if held.board is None or held.board.ends_on(ends_on):
        return ""
    return _("Windows of this board end on another day. {usual_end}", usual_end=usual_end(held.board))
