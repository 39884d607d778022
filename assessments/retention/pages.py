"""What the pages of legal holds show, in words."""

from dataclasses import field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, true

from assessments.retention.access import HOLDS, holder, one_cohort, one_hold
from assessments.retention.queries import HOLD
from courses.cohorts.queries import COHORT, VERSION
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.searching import holds
from fourweek.settings import Settings


class Show(StrEnum):
    """Which holds are listed."""

    IN_FORCE = "in-force"
    LIFTED = "lifted"
    ALL = "all"


SHOWS = ((Show.IN_FORCE, N_("In force")), (Show.LIFTED, N_("Lifted")), (Show.ALL, N_("All")))
ABOUT = (("", N_("People and cohorts")), ("person", N_("People")), ("cohort", N_("Cohorts")))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list is narrowed to: words in a name, in force or not, `about` a person, a cohort, or "" for both."""

    words: str = ""
    show: str = Show.IN_FORCE
    about: str = ""

    @classmethod
    def of(cls, words: str, show: str, about: str) -> "Chosen":
        """As it stands in an address; what is not known is the first choice."""
        known = show if show in list(Show) else Show.IN_FORCE
        return cls(words.strip()[:100], known, about if about in ("person", "cohort") else "")


@dataclass(frozen=True, slots=True)
class HoldView:
    """One hold; `lifted` and what follows only once it is."""

    id: str
    whom: str
    is_cohort: bool
    reason: str
    placed: Said
    by: str
    lifted: Said | None
    lifted_by: str
    lift_reason: str


@dataclass(frozen=True, slots=True)
class HoldsPage:
    """`kept_days` is the period that holds go beyond."""

    chosen: Chosen
    kept_days: int
    holds: tuple[HoldView, ...]
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class CohortRow:
    id: str
    title: str
    starts: str


@dataclass(frozen=True, slots=True)
class NewHoldPage:
    """The forms that place a hold, with what was typed; `cohort` is the one chosen, `cohorts` those found."""

    words: str
    cohorts: tuple[CohortRow, ...]
    pager: Pager
    cohort: CohortRow | None = None
    address: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HoldPage:
    """One hold, and the form that lifts it."""

    hold: HoldView
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def holds_page(conn: Connection, visitor: Visitor, chosen: Chosen, number: int, settings: Settings) -> HoldsPage:
    """One page of the holds, the newest first; two statements. Raises NotFound for those who place none."""
    holder(visitor)
    fits = _fits(chosen)
    wanted = HOLDS.where(fits).order_by(HOLD.c.id.desc()).limit(PER_PAGE).offset(offset(number))
    total = conn.execute(HOLDS.where(fits).order_by(None).with_only_columns(func.count())).scalar_one()
    return HoldsPage(
        chosen=chosen,
        kept_days=settings.evidence_kept_days,
        holds=tuple(_view(row, visitor, settings) for row in conn.execute(wanted)),
        total=total,
        pager=pager(number, total, lambda n: query(q=chosen.words, show=chosen.show, about=chosen.about, page=n)),
    )


def new_hold_page(conn: Connection, visitor: Visitor, words: str, number: int, cohort_id: str = "") -> NewHoldPage:
    """The forms; cohorts are looked for by words of their name or their course's. Two statements at most."""
    holder(visitor)
    if cohort_id:
        found = _cohort_row(one_cohort(conn, cohort_id))
        return NewHoldPage(words, (), pager(1, 0, str), found)
    if not words:
        return NewHoldPage(words, (), pager(1, 0, str))
    fits = and_(true(), *(holds(word, COHORT.c.name, VERSION.c.title) for word in words.split()))
    source = COHORT.join(VERSION, VERSION.c.id == COHORT.c.version_id)
    wanted: Any = (
        select(COHORT.c.id, COHORT.c.name.label("cohort"), VERSION.c.title.label("course"), COHORT.c.start_date)
        .select_from(source)
        .where(fits)
        .order_by(COHORT.c.start_date.desc(), COHORT.c.id)
        .limit(PER_PAGE)
        .offset(offset(number))
    )
    total = conn.execute(select(func.count()).select_from(source).where(fits)).scalar_one()
    rows = tuple(_cohort_row(row) for row in conn.execute(wanted))
    return NewHoldPage(words, rows, pager(number, total, lambda n: query(q=words, page=n)))


def refused_page(
    conn: Connection, visitor: Visitor, cohort_id: str, typed: tuple[str, str], errors: dict[str, str]
) -> NewHoldPage:
    """The forms again with the address and the reason that were typed, and what is wrong."""
    address, reason = typed
    return replace(new_hold_page(conn, visitor, "", 1, cohort_id), address=address, reason=reason, errors=errors)


def hold_page(conn: Connection, visitor: Visitor, hold_id: str, settings: Settings) -> HoldPage:
    return HoldPage(_view(one_hold(conn, visitor, hold_id), visitor, settings))


def _fits(chosen: Chosen) -> Any:
    parts = [
        or_(
            holds(word, PERSON.c.legal_name, COHORT.c.name, VERSION.c.title),
            func.lower(PERSON.c.learner_number).startswith(word.lower(), autoescape=True),
        )
        for word in chosen.words.split()
    ]
    if chosen.show != Show.ALL:
        parts.append(HOLD.c.lifted_at.is_(None) if chosen.show == Show.IN_FORCE else HOLD.c.lifted_at.is_not(None))
    if chosen.about:
        parts.append(HOLD.c[f"{chosen.about}_id"].is_not(None))
    return and_(true(), *parts)


def _view(row: Row[Any], visitor: Visitor, settings: Settings) -> HoldView:
    here, viewer = zone(settings.zone), zone(visitor.me.zone)
    return HoldView(
        id=row.id,
        whom=f"{row.course}, {row.cohort}" if row.cohort_id else f"{row.legal_name}, {row.learner_number}",
        is_cohort=row.cohort_id is not None,
        reason=row.reason,
        placed=say_instant(row.placed_at, here, viewer),
        by=row.placer,
        lifted=say_instant(row.lifted_at, here, viewer) if row.lifted_at else None,
        lifted_by=row.lifter or "",
        lift_reason=row.lift_reason,
    )


def _cohort_row(row: Row[Any]) -> CohortRow:
    return CohortRow(row.id, f"{row.course}, {row.cohort}", say_date(row.start_date))
