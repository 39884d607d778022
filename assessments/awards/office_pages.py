"""What the registrar's pages about awards show, in words."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from assessments.awards import office_queries
from assessments.awards.office_queries import Chosen, Show
from assessments.awards.revoking import reinstate, revoke, withdraw
from assessments.badges.addresses import badge_url
from assessments.badges.pages import credit_words
from assessments.badges.public_page import last_day
from assessments.badges.sentences import say
from assessments.badges.snapshot import read_snapshot
from assessments.record.queries import registrar
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import Conflict, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.words import say_whole

SHOWS: Final = (
    (Show.ALL, N_("All")),
    (Show.VALID, N_("Valid")),
    (Show.REVOKED, N_("Revoked")),
    (Show.EXPIRED, N_("Expired")),
    (Show.BEING_SIGNED, N_("Being signed")),
    (Show.WITHDRAWN, N_("Withdrawn")),
)
_ACTS: Final[Mapping[str, str]] = {
    "award.make": N_("Awarded"),
    "award.issue": N_("Signed"),
    "award.restate": N_("To be stated anew"),
    "award.revoke": N_("Revoked"),
    "award.reinstate": N_("Reinstated"),
    "award.withdraw": N_("Withdrawn"),
    "award.choose": N_("What its page shows was chosen"),
    "award.share": N_("The evidence that is shared was chosen"),
    "award.address": N_("Its mail addresses were chosen"),
}
FILES: Final = ("badge.json", "badge.jwt", "badge.png", "badge.svg")


class Act(StrEnum):
    """What the registrar may do with an award."""

    REVOKE = "revoke"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"


_DOING: Final = {Act.REVOKE: revoke, Act.REINSTATE: reinstate, Act.WITHDRAW: withdraw}


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award of a list; `state` is (words, tone)."""

    id: str
    badge: str
    holder: str
    learner_number: str
    awarded: str
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AwardsPage:
    chosen: Chosen
    shows: tuple[tuple[str, str], ...]
    awards: tuple[AwardRow, ...]
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class FormRow:
    """A signed form: `why` it took the place of the one before, "" for the first; `files` that can be downloaded."""

    number: int
    signed: Said
    why: str
    is_newest: bool
    document_sha256: str
    jwt_sha256: str
    key_id: str
    jwt_key_id: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActRow:
    what: str
    when: Said
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What is said of an award on its own page and on the form of an act. `place` is "" while it has none."""

    id: str
    slug: str
    badge: str
    holder: str
    holder_in_record: str
    learner_number: str
    awarded: str
    credit: str
    valid_until: str
    state: tuple[str, str]
    address: str
    place: str
    list_number: int | None
    waiting: str
    revoked: Said | None
    revoked_by: str
    revoked_why: str
    withdrawn: Said | None
    withdrawn_why: str

    @property
    def acts(self) -> tuple[Act, ...]:
        """What may be done with it now, what is done most first."""
        if self.withdrawn is not None:
            return ()
        return (Act.REVOKE if self.revoked is None else Act.REINSTATE, Act.WITHDRAW)


@dataclass(frozen=True, slots=True)
class AwardPage:
    award: AwardFacts
    forms: tuple[FormRow, ...]
    forms_pager: Pager
    acts: tuple[ActRow, ...]
    acts_pager: Pager


@dataclass(frozen=True, slots=True)
class ActPage:
    """The form of an act, with what was typed and what is wrong with it."""

    award: AwardFacts
    act: Act
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def awards_page(conn: Connection, visitor: Visitor, chosen: Chosen, number: int, settings: Settings) -> AwardsPage:
    """One page of the awards; two statements. Raises NotFound for everybody but the registrar."""
    registrar(visitor)
    rows, total = office_queries.awards(conn, chosen, visitor.now.real, number)
    return AwardsPage(
        chosen=chosen,
        shows=tuple((show.value, _(words)) for show, words in SHOWS),
        awards=tuple(_row(row, visitor, settings) for row in rows),
        total=total,
        pager=pager(number, total, lambda n: query(q=chosen.words, show=_shown(chosen), page=n)),
    )


def award_page(
    conn: Connection, visitor: Visitor, award_id: str, numbers: tuple[int, int], settings: Settings
) -> AwardPage:
    """An award; `numbers` are the pages of its forms and of its history. Five statements. Raises NotFound."""
    registrar(visitor)
    found = office_queries.one_award(conn, award_id)
    form_number, act_number = numbers
    forms, form_total = office_queries.forms(conn, award_id, form_number)
    acts, act_total = office_queries.acts(conn, award_id, act_number)
    return AwardPage(
        award=_facts(found, visitor, settings),
        forms=tuple(_form(row, settings, is_newest=row.number == found.number) for row in forms),
        forms_pager=pager(form_number, form_total, lambda n: query(forms=n, acts=act_number)),
        acts=tuple(_act(row, settings) for row in acts),
        acts_pager=pager(act_number, act_total, lambda n: query(forms=form_number, acts=n)),
    )


def act_page(conn: Connection, visitor: Visitor, award_id: str, act: str, settings: Settings) -> ActPage:
    """The form of an act; one statement. Raises NotFound, and Conflict where it means nothing as the award stands."""
    registrar(visitor)
    known = known_act(act)
    facts = _facts(office_queries.one_award(conn, award_id), visitor, settings)
    if known not in facts.acts:
        raise Conflict(_("This badge no longer stands as it did when you opened its page."))
    return ActPage(facts, known)


def do(conn: Connection, visitor: Visitor, award_id: str, act: str, reason: str) -> bool:
    """Do it; raises as the act does, and NotFound for one that is not known."""
    return _DOING[known_act(act)](conn, visitor, award_id, reason)


def known_act(act: str) -> Act:
    if act not in set(Act):
        raise NotFound
    return Act(act)


def signed_form(conn: Connection, visitor: Visitor, award_id: str, number: int) -> Row[Any]:
    """A signed form, whatever became of the award. Raises NotFound."""
    registrar(visitor)
    return office_queries.one_form(conn, award_id, number)


def state_of(row: Row[Any], now: datetime) -> tuple[str, str]:
    """How an award stands in a word, and its tone. `now` is the real clock, as on its page and in every verifier."""
    if row.withdrawn_at is not None:
        return _("Withdrawn"), "plain"
    if row.revoked_at is not None:
        return _("Revoked"), "bad"
    if not row.is_signed:
        return _("Being signed"), "waiting"
    if row.valid_until is not None and row.valid_until <= now:
        return _("Expired"), "warn"
    return _("Valid"), "good"


def _shown(chosen: Chosen) -> str:
    return "" if chosen.show is Show.ALL else chosen.show.value


def _row(row: Row[Any], visitor: Visitor, settings: Settings) -> AwardRow:
    return AwardRow(
        id=row.id,
        badge=row.name,
        holder=row.legal_name,
        learner_number=row.learner_number,
        awarded=_day(row.awarded_at, settings),
        state=state_of(row, visitor.now.real),
    )


def _facts(row: Row[Any], visitor: Visitor, settings: Settings) -> AwardFacts:
    said = read_snapshot(row.snapshot)
    return AwardFacts(
        id=row.id,
        slug=row.slug,
        badge=row.name,
        holder=row.legal_name if row.hushed else said.holder,  # a withdrawn badge is stated anew no more
        holder_in_record=row.legal_name,
        learner_number=row.learner_number,
        awarded=_day(row.awarded_at, settings),
        credit=credit_words(said.minutes, said.ceu_tenths),
        valid_until=say_date(last_day(row.valid_until, said.zone)) if row.valid_until else "",
        state=state_of(row, visitor.now.real),
        address=badge_url(row.base_url or settings.public_url, row.slug),
        place=_place(row),
        list_number=row.list_number,
        waiting=_waiting(row),
        revoked=_instant(row.revoked_at, settings),
        revoked_by=row.revoked_by or "",
        revoked_why=row.revoked_why,
        withdrawn=_instant(row.withdrawn_at, settings),
        withdrawn_why=row.withdrawn_why,
    )


def _place(row: Row[Any]) -> str:
    if row.list_number is None:
        return ""
    place = say_whole(row.place)
    if row.set_at:
        return _("Place {place} of list {number}, set: revoked", place=place, number=row.list_number)
    return _("Place {place} of list {number}, not set", place=place, number=row.list_number)


def _waiting(row: Row[Any]) -> str:
    """Why a form is being signed, "" while none is."""
    if row.is_signed or row.revoked_at or row.withdrawn_at:
        return ""
    return say(row.why) if row.why else _("It was awarded just now.")


def _form(row: Row[Any], settings: Settings, *, is_newest: bool) -> FormRow:
    there = (True, bool(row.jwt_sha256), bool(row.picture_sha256), bool(row.svg_sha256))
    return FormRow(
        number=row.number,
        signed=say_instant(row.issued_at, zone(settings.zone)),
        why=say(row.why),
        is_newest=is_newest,
        document_sha256=row.document_sha256,
        jwt_sha256=row.jwt_sha256,
        key_id=row.key_id,
        jwt_key_id=row.jwt_key_id,
        files=tuple(name for name, is_there in zip(FILES, there, strict=True) if is_there and not row.hushed),
    )


def _act(row: Row[Any], settings: Settings) -> ActRow:
    number = row.detail.get("number")
    what = _(_ACTS.get(row.act, row.act))
    return ActRow(
        what=_("{what}: form {number}", what=what, number=number) if number else what,
        when=say_instant(row.at, zone(settings.zone)),
        by=row.display_name or _("Fourweek, by itself"),
        reason=say(row.reason),
    )


def _instant(instant: datetime | None, settings: Settings) -> Said | None:
    return say_instant(instant, zone(settings.zone)) if instant else None


def _day(instant: datetime, settings: Settings) -> str:
    return say_date(instant.astimezone(zone(settings.zone)).date())
