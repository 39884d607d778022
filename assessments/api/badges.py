"""From what the record holds to what programs are told. Pure; addresses are full."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from assessments.api.shapes import (
    Achievement,
    AchievementLinks,
    Badge,
    BadgeLinks,
    BadgeStatus,
    Criterion,
    Issuer,
    IssuerKey,
    IssuerLinks,
    KeyKind,
    Level,
    Named,
    Standing,
)
from assessments.awards.models import HolderShown
from assessments.badges.addresses import achievement_url, badge_url, issuer_profile, key_url
from assessments.badges.keys import KeyRing
from assessments.badges.last_check import has_ended
from assessments.badges.multikey import PublicKey, did_web
from assessments.badges.public_page import initials
from assessments.badges.snapshot import AchievementShown, CriterionShown, read_snapshot
from assessments.credit.rules import ceu_text, contact_hours_text
from fourweek.settings import Settings

ROOT = "/api/v1"


def badge_of(row: Any, settings: Settings, now: datetime) -> Badge:
    """A badge from its row. `now` is the real clock."""
    said = read_snapshot(row.snapshot)
    base = row.base_url or settings.public_url
    return Badge(
        id=badge_url(base, row.slug),
        slug=row.slug,
        name=said.achievement.name,
        description=said.achievement.description,
        holder=initials(said.holder) if row.holder is HolderShown.INITIALS else said.holder,
        issuer=Named(id=issuer_profile(settings, base).id, name=said.institution),
        completed_on=said.completed_on,
        valid_until=row.valid_until,
        contact_hours=contact_hours_text(said.minutes),
        ceu=ceu_text(said.ceu_tenths),
        parts=[Named(id=part.address, name=part.name) for part in said.parts],
        standing=standing_of(row, now),
        links=_links(row, settings),
    )


def status_of(row: Any, now: datetime) -> BadgeStatus:
    """How an award stands, from its row. `now` is the real clock."""
    return BadgeStatus(
        slug=row.slug,
        standing=standing_of(row, now),
        form=row.signed or 0,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        reason=row.revoked_why,
        status_list=f"{row.list_base}/status/{row.list_number}" if row.list_number else None,
        status_list_index=row.place,
    )


def standing_of(row: Any, now: datetime) -> Standing:
    """What weighs most comes first."""
    if row.revoked_at is not None:
        return Standing.REVOKED
    if row.signed is None:
        return Standing.BEING_SIGNED
    if has_ended(row.valid_until, now):
        return Standing.EXPIRED
    return Standing.RENEWED if row.renewed else Standing.HOLDS


def achievement_of(shown: AchievementShown, settings: Settings) -> Achievement:
    page = achievement_url(settings.public_url, shown.id)
    return Achievement(
        id=page,
        name=shown.name,
        description=shown.description,
        criteria=shown.criteria,
        course=shown.course_title,
        course_version=shown.course_version,
        series=shown.series_title,
        language=shown.language,
        skills=list(shown.skills),
        contact_hours=contact_hours_text(shown.minutes),
        ceu=ceu_text(shown.ceu_tenths),
        rubric=[_criterion(entry) for entry in shown.rubric],
        links=AchievementLinks(page=page, png=f"{page}/picture.png", svg=f"{page}/picture.svg"),
    )


def issuer_of(settings: Settings, base_urls: Iterable[str], ring: KeyRing) -> Issuer:
    """Us. `base_urls` are all addresses that badges were signed under."""
    profile, site = issuer_profile(settings), settings.public_url
    former = [did for base in base_urls if (did := did_web(base)) != profile.id]
    return Issuer(
        id=profile.id,
        name=profile.name,
        url=profile.url,
        description=profile.description,
        also_known_as=former,
        keys=[_key(key, profile.id, site, ring) for key in ring.published],
        links=IssuerLinks(did=f"{site}/.well-known/did.json", page=f"{site}/issuer"),
    )


def _key(key: Any, issuer_id: str, site: str, ring: KeyRing) -> IssuerKey:
    embedded = isinstance(key, PublicKey)
    return IssuerKey(
        id=key.method_id(issuer_id) if embedded else key_url(site, key.key_id),
        kind=KeyKind.ED25519 if embedded else KeyKind.RSA,
        revoked_at=ring.revoked.get(key.key_id),
    )


def _links(row: Any, settings: Settings) -> BadgeLinks:
    """Files are found here, whatever the identifier begins with."""
    site = settings.public_url
    page, here = badge_url(site, row.slug), f"{site}{ROOT}"
    signed = row.signed is not None
    return BadgeLinks(
        page=page,
        json_file=f"{page}/credential.json" if signed else None,
        jwt=f"{page}/credential.jwt" if signed and row.jwt_sha256 else None,
        png=f"{page}/badge.png" if signed else None,
        svg=f"{page}/badge.svg" if signed and row.svg_sha256 else None,
        achievement=f"{here}/achievements/{row.achievement_id}",
        status=f"{here}/badges/{row.slug}/status",
    )


def _criterion(entry: CriterionShown) -> Criterion:
    levels = [Level(key=one.key, title=one.title, descriptor=one.descriptor) for one in entry.levels]
    return Criterion(key=entry.key, title=entry.title, levels=levels, required_level=entry.required_level)
