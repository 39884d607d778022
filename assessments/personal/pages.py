"""What the pages about one's data show, in words."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row

from assessments.erasure.queries import Kept, against, keeps, newest_request, whose
from assessments.personal.areas import AREAS, Area
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.consents.queries import TITLES, ConsentKind, due, history
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.settings import Settings

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One word about a wording; `stands`: it is the newest of its kind and can be taken back."""

    kind: str
    title: str
    version: str
    given: bool
    at: Said
    stands: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to be erased: its state in words, and what was decided."""

    waits: bool
    asked: Said
    own: bool
    refused: str


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    consents: tuple[ConsentRow, ...]
    wish: Wish | None


@dataclass(frozen=True, slots=True)
class ErasePage:
    """What goes and what stays, before one asks; `against` is to be settled first; `waits` once it was asked."""

    areas: tuple[Area, ...]
    keeps: tuple[Kept, ...]
    against: tuple[str, ...]
    waits: bool
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The privacy notice: the institution's own words, if it wrote some, and what is kept."""

    areas: tuple[tuple[Area, str], ...]
    institution: str
    contact: str
    version: str
    own_html: str


def notice_page(settings: Settings, own_html: str) -> NoticePage:
    areas = tuple((area, area.kept_for(settings)) for area in AREAS)
    contact = settings.registrar_contact or settings.institution_email
    return NoticePage(areas, settings.institution, contact, settings.privacy_version, own_html)


def privacy_page(conn: Connection, visitor: Visitor) -> PrivacyPage:
    """Two statements."""
    return PrivacyPage(_consents(conn, visitor), _wish(newest_request(conn, visitor.me.id), visitor))


def erase_page(conn: Connection, visitor: Visitor, settings: Settings) -> ErasePage:
    """Four statements, whatever there is."""
    who = whose(conn, visitor.me.id, visitor.now, settings)
    stands = tuple(against(conn, who, told=True))
    asked = newest_request(conn, visitor.me.id)
    waits = asked is not None and asked.decided_at is None
    return ErasePage(AREAS, tuple(keeps(conn, who, settings)), stands, waits)


def _consents(conn: Connection, visitor: Visitor) -> tuple[ConsentRow, ...]:
    seen: set[str] = set()
    rows = []
    for row in history(conn, visitor.me.id):
        title = _(TITLES[ConsentKind(row.kind)]) if row.kind in set(ConsentKind) else row.kind
        stands = row.kind not in seen and row.given
        said = say_instant(row.at, zone(visitor.me.zone))
        rows.append(ConsentRow(row.kind, title, row.version, row.given, said, stands))
        seen.add(row.kind)
    return tuple(rows)


def _wish(row: Row[Any] | None, visitor: Visitor) -> Wish | None:
    if row is None or (row.decided_at is not None and (row.approved or row.decided_by == visitor.me.id)):
        return None
    at = say_instant(row.asked_at, zone(visitor.me.zone))
    return Wish(row.decided_at is None, at, row.asked_by == visitor.me.id, row.decided_why)


@dataclass(frozen=True, slots=True)
class AgreePage:
    """What is asked for, each with the version and whether it was ticked; `next` is where one was going."""

    asked: tuple[tuple[str, str, str, bool], ...]
    next: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(f"field-{name}", words) for name, words in self.errors.items()]


def agree_page(
    conn: Connection, visitor: Visitor, settings: Settings, to: str, ticked: Mapping[str, str] = NOTHING
) -> AgreePage:
    """One statement. `ticked`: the version by kind that was ticked before."""
    wanted = due(conn, visitor.me.id, settings).items()
    return AgreePage(
        tuple((kind, _(TITLES[kind]), version, ticked.get(kind) == version) for kind, version in wanted), to
    )


@dataclass(frozen=True, slots=True)
class TermsPage:
    html: str
    version: str
