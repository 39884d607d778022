"""Planning a cohort like another one: everything is shown first, and kept once it was seen."""

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.clone.forms import CloneForm, ClonePlan, first_form, read_clone
from courses.cohorts.clone.pages import ClonePage, GroupDates, say_fates, say_weeks, session_lines
from courses.cohorts.models import Cohort, Section
from courses.cohorts.pages import dates_in_words
from courses.cohorts.queries import COHORT
from courses.cohorts.rules.standing import Standing, standing
from courses.cohorts.sections.forms import section_columns
from courses.cohorts.staff import module_titles
from courses.live.models import LiveSession
from courses.live.rules import moved
from courses.schedule.rules import all_dates
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add, add_once, lock, new_id, table
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass

LIVE = table(LiveSession)
COPIED = (
    *("version_id", "delivery", "mode", "place", "identity_check"),
    *("instructors", "capacity", "open_for_enrolment", "way", "waitlist"),
)
_SESSIONS = (
    select(LIVE)
    .where(LIVE.c.cohort_id == bindparam("cohort"), LIVE.c.cancelled_at.is_(None))
    .order_by(LIVE.c.on, LIVE.c.at, LIVE.c.id)
)


@dataclass(frozen=True, slots=True)
class Model:
    """The cohort that is copied: its rules, and the live sessions it had, those cancelled apart."""

    known: Standing
    sessions: tuple[LiveSession, ...]

    @property
    def print(self) -> str:
        """Changes with everything that is copied."""
        return " ".join([self.known.known, *(f"{one.id}:{one.revision}" for one in self.sessions)])

    def moved(self, form: CloneForm, plan: ClonePlan) -> list[LiveSession]:
        """The sessions as they will be, still with their old sections; none of a section that is not taken along."""
        if not form.sessions:
            return []
        taken = [one for one in self.sessions if one.section_id is None or one.section_id in plan.sections]
        return [moved(one, 7 * plan.moving.weeks) for one in taken]


def clone_page(conn: Connection, visitor: Visitor, cohort_id: str, typed: CloneForm | None = None) -> ClonePage:
    """The form; with `typed` what is wrong with it, or everything that the new cohort will have."""
    model = _model(conn, visitor, cohort_id)
    facts = model.known.facts
    plan, errors = read_clone(typed, model.known, visitor.now.school) if typed else (None, {})
    page = ClonePage(cohort_id, facts.name, facts.course_title, typed or first_form(), errors)
    if typed is None or plan is None:
        return page
    seen = typed.fingerprint(model.print)
    return replace(
        page,
        weeks=say_weeks(plan.moving.weeks),
        groups=_groups(conn, visitor, model.known, plan),
        fates=say_fates(model.known, plan),
        sessions=session_lines(model.moved(typed, plan), plan),
        seen=seen,
        again=bool(typed.seen and typed.seen != seen),
    )


def clone_cohort(conn: Connection, visitor: Visitor, cohort_id: str, typed: CloneForm) -> str | None:
    """Keep a cohort whose dates were seen and return its id, the same one for a form sent twice; None where something
    else was shown. Raises Invalid."""
    lock(conn, COHORT, cohort_id)
    model = _model(conn, visitor, cohort_id)
    plan, errors = read_clone(typed, model.known, visitor.now.school)
    if plan is None:
        raise Invalid(errors)
    if typed.seen != typed.fingerprint(model.print):
        return None
    now, me = visitor.now, visitor.me
    copied = {name: getattr(model.known.row, name) for name in COPIED}
    row = Cohort(id=typed.key, cloned_from=cohort_id, created_at=now.school, created_by=me.id, **copied, **plan.row)
    if add_once(conn, row):
        _fill(conn, visitor, model, typed, plan)
        detail = {"name": row.name, "cloned_from": cohort_id, "start_date": row.start_date.isoformat()}
        record(conn, "cohort.clone", "cohort", row.id, at=now.real, actor_id=me.id, detail=detail)
    return row.id


def _model(conn: Connection, visitor: Visitor, cohort_id: str) -> Model:
    """What is copied, for somebody who runs that cohort and may plan new ones."""
    known = standing(conn, visitor, cohort_id, people=False)
    visitor.need(Permission.RUN_COHORT, known.facts.course_id)
    rows = conn.execute(_SESSIONS, {"cohort": cohort_id}).mappings()
    return Model(known, tuple(LiveSession(**row) for row in rows))


def _fill(conn: Connection, visitor: Visitor, model: Model, typed: CloneForm, plan: ClonePlan) -> None:
    """The sections and live sessions of the new cohort."""
    names = {one.id: one.name for one in model.known.sections}
    ids = {old: new_id() for old in plan.sections}
    sections = [
        Section(id=ids[old], cohort_id=typed.key, name=names[old], **section_columns(rules))
        for old, rules in plan.sections.items()
    ]
    sessions = model.moved(typed, plan)
    for one in sessions:
        one.cohort_id, one.section_id = typed.key, ids[one.section_id] if one.section_id else None
        one.created_by, one.created_at, one.changed_at = visitor.me.id, visitor.now.school, visitor.now.school
    if sections:
        add(conn, *sections)
    if sessions:
        add(conn, *sessions)


def _groups(conn: Connection, visitor: Visitor, known: Standing, plan: ClonePlan) -> tuple[GroupDates, ...]:
    titles, now = module_titles(conn, known.facts.version_id), visitor.now.school
    names = {one.id: _("Section {name}", name=one.name) for one in known.sections}
    own = [(names[key], rules) for key, rules in plan.sections.items()]
    return tuple(
        GroupDates(
            name,
            dates_in_words(
                titles,
                all_dates(plan.rules, now=now, section=rules),
                zone((rules and rules.zone) or plan.rules.zone),
                visitor,
            ),
        )
        for name, rules in [("", None), *own]
    )
