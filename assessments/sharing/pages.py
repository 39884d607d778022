"""What the pages about sharing show, in words."""

from dataclasses import field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from assessments.sharing.disclosing import Disclosure, disclosures_to
from assessments.sharing.documents import Document, held_document, own_document
from assessments.sharing.links import Link, links_of
from assessments.sharing.opening import Opened
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.errors import NotFound
from fourweek.language import _, n_, p_
from fourweek.light import dataclass
from fourweek.settings import Settings

_LEARNER = select(PERSON.c.id, PERSON.c.legal_name).where(PERSON.c.learner_number == bindparam("number"))
LASTS: Final = (("7", "A week"), ("30", "30 days"), ("90", "90 days"), ("366", "A year"))


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with how it stands: (words, tone). `use` says how often it was used."""

    id: str
    name: str
    state: tuple[str, str]
    made: Said
    ends: Said
    use: str
    last: Said | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document's own page: its facts, who may see what, its links. `address` is a link's just now, this once."""

    document: Document
    issued: Said
    links: tuple[LinkRow, ...]
    pager: Pager
    lasts: tuple[tuple[str, str], ...] = LASTS
    address: str = ""
    note: str = ""
    days: str = "30"
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    what: str
    when: Said
    to: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class DisclosuresPage:
    """`learner` is (name, number) where the registrar looks at somebody's, None for one's own."""

    rows: tuple[DisclosureRow, ...]
    pager: Pager
    learner: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class TakePage:
    """The registrar's form before a document of somebody else is handed on."""

    document: Document
    learner_name: str
    learner_number: str
    to: str = ""
    why: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What a link leads to."""

    document: Document
    issued: Said
    ends: Said
    token: str


def document_page(conn: Connection, visitor: Visitor, number: str, settings: Settings, page: int) -> DocumentPage:
    """The visitor's own document; three statements. Raises NotFound."""
    found = own_document(conn, visitor, number)
    links, total = links_of(conn, found.id, page)
    here = zone(visitor.me.zone)
    return DocumentPage(
        document=found,
        issued=say_instant(found.issued_at, zone(settings.zone), here),
        links=tuple(_link(link, visitor) for link in links),
        pager=pager(page, total, lambda n: query(page=n)),
    )


def disclosures_page(conn: Connection, visitor: Visitor, page: int) -> DisclosuresPage:
    """What was handed on of the visitor's own record; two statements."""
    return _disclosures(conn, visitor, visitor.me.id, page)


def learner_disclosures_page(conn: Connection, visitor: Visitor, learner_number: str, page: int) -> DisclosuresPage:
    """The same of a learner, for whoever keeps the record; raises NotFound for everybody else. Three statements."""
    _need_registrar(visitor)
    row = conn.execute(_LEARNER, {"number": learner_number}).first()
    if row is None:
        raise NotFound
    return replace(_disclosures(conn, visitor, row.id, page), learner=(row.legal_name, learner_number))


def _disclosures(conn: Connection, visitor: Visitor, person_id: str, page: int) -> DisclosuresPage:
    found, total = disclosures_to(conn, person_id, page)
    rows = tuple(_disclosure(one, visitor.me.zone) for one in found)
    return DisclosuresPage(rows, pager(page, total, lambda n: query(page=n)))


def _need_registrar(visitor: Visitor) -> None:
    if not visitor.me.may(Permission.KEEP_RECORD):
        raise NotFound


def take_page(conn: Connection, visitor: Visitor, learner_number: str, number: str) -> TakePage:
    """Raises NotFound for everybody who does not keep the record."""
    _need_registrar(visitor)
    held = held_document(conn, learner_number, number)
    return TakePage(held.document, held.learner_name, held.learner_number)


def shared_page(found: Opened, token: str, settings: Settings) -> SharedPage:
    here = zone(settings.zone)
    issued, ends = say_instant(found.document.issued_at, here), say_instant(found.ends_at, here)
    return SharedPage(found.document, issued, ends, token)


def _link(link: Link, visitor: Visitor) -> LinkRow:
    now, here = visitor.now.real, zone(visitor.me.zone)
    return LinkRow(
        id=link.id,
        name=link.note or _("Without a note"),
        state=_state(link, now),
        made=say_instant(link.made_at, here),
        ends=say_instant(link.revoked_at or link.ends_at, here),
        use=say_use(link.opened, link.taken),
        last=say_instant(link.last, here) if link.last else None,
        is_open=link.is_open(now),
    )


def _state(link: Link, now: datetime) -> tuple[str, str]:
    if link.revoked_at is not None:
        return _("Ended by you"), "plain"
    return (p_("a link", "Open"), "good") if link.is_open(now) else (p_("a link", "Over"), "plain")


def say_use(opened: int, taken: int) -> str:
    """Such as "Opened 3 times, 1 file taken"."""
    if not opened and not taken:
        return _("Not opened yet")
    said = n_("Opened once", "Opened {count} times", opened)
    return (
        _("{opened}, {taken}", opened=said, taken=n_("{count} file taken", "{count} files taken", taken))
        if taken
        else said
    )


def _disclosure(one: Disclosure, zone_name: str) -> DisclosureRow:
    return DisclosureRow(one.what, say_instant(one.at, zone(zone_name)), one.to, one.why, one.by)
