"""The verdict on a badge that was given, from its file, our keys and our record: a core's work for a moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any, Final

import anyio
import anyio.to_thread

from assessments.badges.addresses import badge_url, issuer_profile, issuers_of, key_url
from assessments.badges.checks import (
    Check,
    Issuers,
    Outcome,
    Report,
    Revoked,
    Step,
    Verdict,
    check_credential,
    with_checks,
)
from assessments.badges.identity import earned_by
from assessments.badges.issuer_addresses import all_bases
from assessments.badges.jwt_checks import JwtIssuers, check_jwt
from assessments.badges.keys import KeyRing, load_keys
from assessments.badges.multikey import PublicKey
from assessments.badges.plain import read_json
from assessments.badges.rsa_keys import RsaPublicKey
from assessments.badges.standing import Standing, in_record
from assessments.clr.checking import check_record, check_record_jwt
from assessments.transcripts.models import DocumentKind
from assessments.verify.documents import DocumentAnswer, document_answer
from assessments.verify.looking import FILE_KINDS, Given, Kind, proof_of
from assessments.verify.queries import By, Known, KnownBadge, KnownDocument
from assessments.verify.sealing import SealFound, seal_of
from fourweek.clock import real_time
from fourweek.errors import Busy
from fourweek.heaps import composed
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings

AT_ONCE: Final = 1
MOST_WAITING: Final = 20
GENUINE: Final = (Verdict.VALID, Verdict.SUPERSEDED, Verdict.REVOKED, Verdict.EXPIRED, Verdict.NOT_YET_VALID)
"""Its issuer did sign what it says, whether or not it still holds."""
POSES: Final = N_("It goes by our name or an address of ours, but this key is none of ours.")


@dataclass(frozen=True, slots=True)
class OurKeys:
    """Every key that ever signed for us, under every name we ever had, the revoked ones among them.

    `bases`: every base address we ever had.
    """

    embedded: Issuers
    tokens: JwtIssuers
    revoked: Revoked
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked beside: whether a badge is of this mail address, and a document of somebody of this name."""

    email: str = ""
    last_name: str = ""


NOTHING_ASKED: Final = Asked()


@dataclass(frozen=True, slots=True)
class Judged:
    """`earned`: whether it was issued to the address that was asked for; None if that cannot be told."""

    report: Report
    credential: Mapping[str, Any]
    earned: bool | None = None


Looked = Judged | DocumentAnswer | SealFound


def our_keys(settings: Settings, base_urls: Iterable[str]) -> OurKeys:
    """The keys as they are now. Reads files. Raises KeyFileError."""
    bases, ring = all_bases(settings, base_urls), load_keys(settings)
    return OurKeys(
        {issuer: _embedded(keys) for issuer, keys in issuers_of(bases, ring).items()},
        {issuer_profile(settings, base).id: _tokens(base, ring) for base in bases},
        ring.revoked,
        bases,
    )


async def judged(given: Given, found: Known, settings: Settings, asked: Asked = NOTHING_ASKED) -> Looked | None:
    """What there is to say, worked out aside, one at a time in a process. Raises Busy where too many wait.

    None for what needs no looking at: codes and addresses that nothing is known of.
    """
    work: Callable[[], Looked] | None = None
    turns = _strangers() if given.kind in FILE_KINDS and not is_file(found.thing) else _loupe()
    if given.kind in (Kind.BADGE, Kind.TOKEN) or (given.kind is Kind.SLUG and _signed(found.thing)):
        work = partial(judge, given, found, settings, asked.email, real_time())
    elif given.kind is Kind.RECORD and not is_file(found.thing):
        work = partial(judge_record, given, found, settings, real_time())
    elif isinstance(found.thing, KnownDocument):
        work = partial(document_answer, found.thing, asked.last_name, settings)
    elif given.pdf is not None:
        work = partial(seal_of, given.pdf, settings)
    if work is None:
        return None
    if turns.statistics().tasks_waiting >= MOST_WAITING:
        raise Busy(_("Many badges and documents are being checked just now."))
    return await anyio.to_thread.run_sync(work, limiter=turns)


def judge(given: Given, found: Known, settings: Settings, email: str, now: datetime) -> Judged:
    """Signature, dates and standing of a badge. Fetches nothing."""
    keys = our_keys(settings, found.base_urls)
    badge = found.thing if isinstance(found.thing, KnownBadge) else None
    if given.kind is Kind.SLUG and badge:
        content = read_json(badge.document)
        given = replace(given, kind=Kind.BADGE, content=content, form=proof_of(content))
    if given.kind is Kind.TOKEN:
        report = check_jwt(given.token, issuers=keys.tokens, now=now, revoked=keys.revoked)
    else:
        report = check_credential(given.content, issuers=keys.embedded, now=now, revoked=keys.revoked)
    if report.verdict in GENUINE and not report.ours and poses_as_us(given.credential, settings, keys.bases):
        report = with_checks(report, Verdict.UNKNOWN, Check(Step.ISSUER_KEY, Outcome.FAILED, POSES))
    report = in_record(report, _standing(report, badge, settings))
    earned = issued_to(given.credential, email) if email and report.verdict in GENUINE else None
    return Judged(report, given.credential, earned)


def judge_record(given: Given, found: Known, settings: Settings, now: datetime) -> Judged | DocumentAnswer:
    """A learner record that is not the very file we made: its signatures, and what our record knows of it.

    Where all of them hold and the signer is us, it is the document of ours whose code it carries.
    """
    keys = our_keys(settings, found.base_urls)
    if given.token:
        checked = check_record_jwt(
            given.token, tokens=keys.tokens, issuers=keys.embedded, now=now, revoked=keys.revoked
        )
    else:
        checked = check_record(given.content, issuers=keys.embedded, now=now, revoked=keys.revoked)
    report = checked.whole
    known = found.thing if isinstance(found.thing, KnownDocument) else None
    if known and known.kind is DocumentKind.CLR and report.ours and report.verdict is Verdict.VALID:
        return document_answer(known, "", settings)
    if report.verdict in GENUINE and not report.ours and poses_as_us(given.credential, settings, keys.bases):
        report = with_checks(report, Verdict.UNKNOWN, Check(Step.ISSUER_KEY, Outcome.FAILED, POSES))
    return Judged(in_record(report, None), given.credential)


def is_file(thing: object) -> bool:
    """Whether the very file of a document of ours was given."""
    return isinstance(thing, KnownDocument) and thing.by in (By.FILE, By.STRIPPED)


def poses_as_us(credential: Mapping[str, Any], settings: Settings, base_urls: Iterable[str]) -> bool:
    """Whether a badge under a stranger's key goes by our name or by an address of ours."""
    issuer = credential.get("issuer")
    said = issuer if isinstance(issuer, dict) else {}
    addresses = [text for text in (credential.get("id"), said.get("url")) if isinstance(text, str)]
    ours = [base.casefold() for base in base_urls]
    if any(f"{address.casefold()}/".startswith(f"{base}/") for address in addresses for base in ours):
        return True
    name = said.get("name")
    return isinstance(name, str) and _plain(name) == _plain(settings.institution)


def _plain(name: str) -> str:
    """A name as people compare it: letters and digits alone, in small ones."""
    return "".join(sign for sign in composed(name, "NFKC").casefold() if sign.isalnum())


def issued_to(credential: Mapping[str, Any], email: str) -> bool | None:
    """Whether a badge was made out to this address; None if it names no address by a hash."""
    subject = credential.get("credentialSubject")
    identities = subject.get("identifier") if isinstance(subject, dict) else None
    hashed = [entry for entry in identities if isinstance(entry, dict)] if isinstance(identities, list) else []
    if not any(entry.get("hashed") is True and entry.get("identityType") == "emailAddress" for entry in hashed):
        return None
    return earned_by(dict(credential), email)


def _standing(report: Report, badge: KnownBadge | None, settings: Settings) -> Standing | None:
    """None unless the badge is wholly ours: its identifier is the address of this award, and so is its issuer."""
    if badge is None:
        return None
    base = badge.base_url or settings.public_url
    if (report.credential_id, report.issuer_id) != (badge_url(base, badge.slug), issuer_profile(settings, base).id):
        return None
    return Standing(
        form=badge.form,
        newest=badge.number,
        why=tuple(why for why in badge.why if why),
        revoked_at=badge.revoked_at,
        revoked_why=badge.revoked_why,
        withdrawn_at=badge.withdrawn_at,
        renewed_at=badge.renewed_at,
    )


def _signed(thing: object) -> bool:
    return isinstance(thing, KnownBadge) and bool(thing.document)


def _embedded(ring: KeyRing) -> tuple[PublicKey, ...]:
    return tuple(key for key in ring.published if isinstance(key, PublicKey))


def _tokens(base_url: str, ring: KeyRing) -> dict[str, RsaPublicKey]:
    keys = [key for key in ring.published if isinstance(key, RsaPublicKey)]
    return {key_url(base_url, key.key_id): key for key in keys}


@cache
def _loupe() -> anyio.CapacityLimiter:
    """What we know by its code, address or bytes is looked at one at a time in a process: it takes a whole core."""
    return anyio.CapacityLimiter(AT_ONCE)


@cache
def _strangers() -> anyio.CapacityLimiter:
    """Other files wait for each other alone: one that is made to take long keeps nobody else waiting."""
    return anyio.CapacityLimiter(AT_ONCE)
