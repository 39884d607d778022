"""Granting extensions, to one person or to many, and ending them.

Many are served in pieces, each a short transaction. An extension's id is made of the act and the enrolment, so that a
piece that is carried out again grants and writes nothing twice: whoever was cut off in the middle sends the form again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from courses.cohorts.access import staff_cohort
from courses.cohorts.extensions.forms import FIRST_FIELD, ExtensionForm, extension_id, extension_row, read_extension
from courses.cohorts.extensions.moving import Moved, ended, granted
from courses.cohorts.extensions.words import say_hold
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT, EXTENSION, Place, places
from courses.enrolment.models import EnrolmentState
from courses.schedule.walltime import local_day
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record, record_all
from fourweek.database import add_all_once
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.language.stored import Kept, in_each_language, lines_in_each_language
from fourweek.light import dataclass
from fourweek.outbox import Mail, post_all

PIECE = 100
NOTHING = N_("That moves nothing: a date counts only where it is later than the one that holds now.")
MOVED = (
    N_("Module {number}: opens {when}"),
    N_("Module {number}: due {when}"),
    "",
    N_("Module {number}: closes {when}"),
)
"""What a letter says of each date of a module; of late work nothing."""
_ZONES = select(PERSON.c.id, PERSON.c.zone).where(PERSON.c.id.in_(bindparam("people", expanding=True)))
_HELD = (
    select(ENROLMENT.c.id)
    .where(ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)))
    .order_by(ENROLMENT.c.id)
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Granted:
    """How many were given the extension, by this or an earlier sending of the form; and for how many nothing moved."""

    given: int = 0
    unmoved: int = 0

    def __add__(self, other: "Granted") -> "Granted":
        return Granted(self.given + other.given, self.unmoved + other.unmoved)


def pieces(ids: Iterable[str]) -> list[tuple[str, ...]]:
    """At most PIECE at a time, in an order that does not change."""
    ordered = sorted(set(ids))
    return [tuple(ordered[n : n + PIECE]) for n in range(0, len(ordered), PIECE)]


def grant_extension(
    conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str, typed: ExtensionForm
) -> None:
    """Give one learner dates of their own. Raises Invalid, also for a grant that would move nothing."""
    done = grant_piece(conn, visitor, cohort_id, (enrolment_id,), typed, batched=False)
    if done.unmoved:
        raise Invalid({FIRST_FIELD[typed.how]: NOTHING})
    if not done.given:
        raise Conflict(_("Only somebody who takes part in the cohort can get an extension."))


def grant_piece(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    enrolments: Sequence[str],
    typed: ExtensionForm,
    *,
    batched: bool = True,
) -> Granted:
    """Give these learners the same extension; those who have left and those for whom nothing moves are passed over.

    Raises Invalid for the form, NotFound for a cohort or learners that are not there.
    """
    found = _held(conn, visitor, cohort_id, enrolments)
    now = visitor.now.school
    grant, reason, errors = read_extension(typed, found[0].cohort.rules, now)
    if errors:
        raise Invalid(errors)
    batch = typed.batch()
    has = {
        one.enrolment_id for one in found if extension_id(batch, one.enrolment_id) in {g.key for g in one.extensions}
    }
    active = [one for one in found if one.state is EnrolmentState.ACTIVE and one.enrolment_id not in has]
    moved = [one for one in granted(active, grant, now) if one.is_something]
    if moved:
        _keep_grants(conn, visitor, moved, grant, reason, batch, batched=batched)
    return Granted(len(has) + len(moved), len(active) - len(moved))


def _keep_grants(
    conn: Connection, visitor: Visitor, moved: Sequence[Moved], grant: Any, reason: str, batch: str, *, batched: bool
) -> None:
    by, keys = visitor.me.id, {one.place.enrolment_id: extension_id(batch, one.place.enrolment_id) for one in moved}
    rows = [
        extension_row(grant, key, enrolment, reason=reason, by=by, batch=batch if batched else None)
        for enrolment, key in keys.items()
    ]
    add_all_once(conn, *rows)
    details = {
        keys[one.place.enrolment_id]: {"enrolment_id": one.place.enrolment_id, "modules": one.numbers} for one in moved
    }
    record_all(conn, "extension.grant", "extension", details, at=visitor.now.real, actor_id=by, reason=reason)
    zone_name, now = moved[0].place.cohort.zone, visitor.now.school
    hold = in_each_language(lambda: say_hold(grant.expires_at, zone_name, now))
    _tell(conn, visitor, moved, {one: f"extension:{key}" for one, key in keys.items()}, hold)


def end_piece(conn: Connection, visitor: Visitor, cohort_id: str, keys: Sequence[str], reason: str) -> int:
    """End these extensions now, those apart that have ended; returns how many. What they moved moves back."""
    staff_cohort(conn, visitor, cohort_id)
    reason = " ".join(reason.split())
    if not reason or len(reason) > 500:
        raise Invalid({"reason": _("Give a reason of at most 500 characters.")})
    rows = live_extensions(conn, cohort_id, keys, visitor.now.school)
    if not rows:
        return 0
    found = _held(conn, visitor, cohort_id, [row.enrolment_id for row in rows])
    rows = live_extensions(conn, cohort_id, keys, visitor.now.school)
    going: dict[str, frozenset[str]] = {}
    for row in rows:
        going[row.enrolment_id] = going.get(row.enrolment_id, frozenset()) | {row.id}
    moved = ended([one for one in found if one.enrolment_id in going], going, visitor.now.school)
    ids = [row.id for row in rows]
    conn.execute(update(EXTENSION).where(EXTENSION.c.id.in_(ids)).values(expires_at=visitor.now.school))
    details = {row.id: {"enrolment_id": row.enrolment_id} for row in rows}
    at, by = visitor.now.real, visitor.me.id
    record_all(conn, "extension.end", "extension", details, at=at, actor_id=by, reason=reason)
    told = [one for one in moved if one.is_something and one.place.state is EnrolmentState.ACTIVE]
    _tell(conn, visitor, told, {key: f"extension:{max(gone)}:ended" for key, gone in going.items()})
    return len(rows)


def end_pause(conn: Connection, visitor: Visitor, cohort_id: str, key: str) -> None:
    """Today is the last day of a pause that had no end; what it has moved so far stays moved. Twice does it once."""
    staff_cohort(conn, visitor, cohort_id)
    row = next(iter(live_extensions(conn, cohort_id, [key], visitor.now.school)), None)
    if row is None or row.pause_first is None:
        raise NotFound
    place = _held(conn, visitor, cohort_id, [row.enrolment_id])[0]
    where = zone((place.section and place.section.zone) or place.cohort.zone)
    last = max(row.pause_first, local_day(visitor.now.school, where))
    ends = update(EXTENSION).where(EXTENSION.c.id == key, EXTENSION.c.pause_last.is_(None)).values(pause_last=last)
    if conn.execute(ends).rowcount:
        detail = {"enrolment_id": row.enrolment_id, "last": last.isoformat()}
        at, by = visitor.now.real, visitor.me.id
        record(conn, "extension.end_pause", "extension", key, at=at, actor_id=by, detail=detail)


def live_extensions(conn: Connection, cohort_id: str, keys: Sequence[str], now: datetime) -> list[Any]:
    """The rows of these extensions of the cohort that have not ended by now."""
    wanted = (
        select(EXTENSION)
        .join(ENROLMENT, ENROLMENT.c.id == EXTENSION.c.enrolment_id)
        .where(ENROLMENT.c.cohort_id == cohort_id, EXTENSION.c.id.in_(keys))
        .where(or_(EXTENSION.c.expires_at.is_(None), EXTENSION.c.expires_at > now))
    )
    return list(conn.execute(wanted).all())


def _held(conn: Connection, visitor: Visitor, cohort_id: str, enrolments: Sequence[str]) -> list[Place]:
    """The places of these learners, held until the transaction ends. Raises NotFound where there is none."""
    staff_cohort(conn, visitor, cohort_id)
    conn.execute(_HELD, {"enrolments": list(enrolments)})
    found = places(conn, ENROLMENT.c.id.in_(enrolments), COHORT.c.id == cohort_id)
    if not found:
        raise NotFound
    return found


def _tell(conn: Connection, visitor: Visitor, moved: Sequence[Moved], keys: dict[str, str], *more: Kept) -> None:
    """One mail each, with the dates as they are now; `keys` by enrolment."""
    people = [one.place.person_id for one in moved]
    zones = {row.id: row.zone for row in conn.execute(_ZONES, {"people": people})}
    mails = [
        Mail(
            keys[one.place.enrolment_id],
            one.place.person_id,
            {
                "course": one.place.cohort.course_title,
                "lines": [*_dates(one, zones[one.place.person_id]), *(line for line in more if line)],
                "path": f"/cohorts/{one.place.cohort.id}",
            },
        )
        for one in moved
    ]
    post_all(conn, "extension", mails, now=visitor.now.real)


def _dates(one: Moved, zone_name: str) -> list[Kept]:
    """A line for each opening, due and closing date that moved, in the learner's own zone too."""
    here, own = zone((one.place.section and one.place.section.zone) or one.place.cohort.zone), zone(zone_name)

    def lines() -> list[str]:
        return [
            _(said, number=move.number, when=say_instant(new, here, own))
            for move in one.moves
            for said, (old, new) in zip(MOVED, move.pairs, strict=True)
            if said and new is not None and old != new
        ] or [_("You have a pause: every day of it moves what follows.")]

    return lines_in_each_language(lines)
