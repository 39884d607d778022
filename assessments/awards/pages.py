"""The page of an award for its earner, in words."""

from html import escape

from assessments.awards.linkedin import add_to_linkedin
from assessments.awards.models import HolderShown
from assessments.awards.own import OwnAward
from assessments.badges.addresses import badge_url
from assessments.badges.public_page import Banner, banner, initials, last_day
from assessments.badges.sentences import say
from assessments.badges.snapshot import AwardSnapshot, EvidenceShown, read_snapshot
from courses.paging import Pager, pager, query
from courses.schedule.words import say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.settings import Settings

SNIPPET_PIXELS = 160


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece of evidence: what it is called on the page, its file's own name and id, and whether everybody may see it.

    `can_be`: it is still kept and of a kind that can be shared; a text or link has no file.
    """

    name: str
    narrative: str
    file_name: str
    file_id: str
    sha256: str
    shared: bool
    can_be: bool


@dataclass(frozen=True, slots=True)
class FormRow:
    number: int
    why: str
    signed: str


@dataclass(frozen=True, slots=True)
class OwnBadgePage:
    """`address` is the public page; `again` says that a form is being signed. `is_there`: not withdrawn, and signed."""

    slug: str
    name: str
    banner: Banner
    again: bool
    withdrawn: str
    is_there: bool
    has_token: bool
    has_svg: bool
    address: str
    linkedin: str
    snippet: str
    holder: str
    holder_initials: str
    chosen: HolderShown
    listed: bool
    shown: bool
    revision: int
    evidence: tuple[PieceLine, ...]
    addresses: tuple[tuple[str, bool], ...]
    main_address: str
    forms: tuple[FormRow, ...]
    pager: Pager
    errors: tuple[tuple[str, str], ...] = ()


def own_badge_page(found: OwnAward, visitor: Visitor, settings: Settings, number: int) -> OwnBadgePage:
    record, viewer = found.record, zone(visitor.me.zone)
    said, address = read_snapshot(record.snapshot), badge_url(record.base_url or settings.public_url, record.slug)
    withdrawn = say_date(record.withdrawn_at.date()) if record.withdrawn_at else ""
    return OwnBadgePage(
        slug=record.slug,
        name=said.achievement.name,
        banner=Banner(N_("Withdrawn"), "bad", "") if withdrawn else banner(record, said, visitor.now.real),
        again=record.issue_id is not None and record.being_signed and record.revoked_at is None,
        withdrawn=withdrawn,
        is_there=record.issue_id is not None and not withdrawn,
        has_token=bool(record.jwt),
        has_svg=bool(record.svg_sha256),
        address=address,
        linkedin=_linkedin(found, said, settings, address),
        snippet=snippet(address, said.achievement.name, said.institution),
        holder=said.holder,
        holder_initials=initials(said.holder),
        chosen=record.holder,
        listed=record.listed,
        shown=record.shown,
        revision=record.revision,
        evidence=_evidence(found, said),
        addresses=tuple((one, one in found.made_out_to) for one in found.addresses[1:]),
        main_address=found.addresses[0] if found.addresses else "",
        forms=tuple(FormRow(one.number, say(one.why), say_instant(one.issued_at, viewer).words) for one in found.forms),
        pager=pager(number, found.form_count, lambda page: query(page=page) + "#forms"),
    )


def snippet(address: str, name: str, institution: str) -> str:
    """HTML for the earner's own site: the picture, which leads to the page. It asks nothing else of that site.

    In English, as the badge is.
    """
    words = escape(f"Badge: {name}, {institution}")
    return (
        f'<a href="{escape(address)}"><img src="{escape(address)}/badge.png" '
        f'width="{SNIPPET_PIXELS}" height="{SNIPPET_PIXELS}" alt="{words}"></a>'
    )


def _linkedin(found: OwnAward, said: AwardSnapshot, settings: Settings, address: str) -> str:
    end = found.record.valid_until
    return add_to_linkedin(
        name=said.achievement.name,
        organisation=settings.linkedin_organisation or said.institution,
        issued=said.completed_on,
        ends=last_day(end, said.zone) if end else None,
        address=address,
        number=found.record.slug,
    )


def _evidence(found: OwnAward, said: AwardSnapshot) -> tuple[PieceLine, ...]:
    return tuple(_piece(found, piece) for piece in said.evidence)


def _piece(found: OwnAward, piece: EvidenceShown) -> PieceLine:
    kept = found.kept.get(piece.sha256)
    return PieceLine(
        name=piece.name,
        narrative=piece.narrative,
        file_name=kept.file_name if kept else "",
        file_id=kept.id if kept and kept.file_name else "",
        sha256=piece.sha256,
        shared=piece.sha256 in found.record.shared,
        can_be=kept is not None,
    )
