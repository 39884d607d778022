"""What the next form of an award says, signed twice and checked by our own verifier. No database, no network."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from assessments.badges.addresses import achievement_url, badge_url, issuer_profile, key_url, picture_url
from assessments.badges.checks import Verdict, check_credential
from assessments.badges.document import build_credential
from assessments.badges.facts import AwardFacts
from assessments.badges.jwt import sign_jwt
from assessments.badges.jwt_checks import check_jwt
from assessments.badges.keys import KeyRing
from assessments.badges.plain import read_json, write_json
from assessments.badges.proof import sign_credential
from assessments.badges.snapshot import read_snapshot
from fourweek.light import dataclass
from fourweek.settings import Settings

_SHORTEST = timedelta(seconds=1)


class BadgeDoesNotHoldError(RuntimeError):
    """What was just signed does not pass our own checks; it is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """The form `number` of an award, all that it says, before it is signed.

    `status` is its credentialStatus and `status_entry_id` the row of its place; `shared` are the digests of evidence
    that the earner lets everybody see. `first` tells that no form of the award was ever signed. It is signed as of
    `at`, of the real clock and at least a second after the form before it.
    """

    award_id: str
    number: int
    why: str
    first: bool
    slug: str
    person_id: str
    email: str = field(repr=False)
    further_emails: tuple[str, ...] = field(default=(), repr=False)
    subject_id: str
    salt: str = field(repr=False)
    awarded_at: datetime
    valid_until: datetime | None
    snapshot: Mapping[str, Any]
    achievement_id: str
    base_url: str
    status: Mapping[str, str]
    status_entry_id: str
    at: datetime
    shared: frozenset[str] = frozenset()

    @property
    def begins(self) -> datetime:
        """When the form begins to hold: just before its end for an award that ended and is stated anew all the same."""
        return self.at if self.valid_until is None else min(self.at, self.valid_until - _SHORTEST)


@dataclass(frozen=True, slots=True)
class Signed:
    """The exact bytes with the embedded proof, the same credential as VC-JWT, and the keys that both hold under."""

    document: bytes
    key_id: str
    jwt: str
    jwt_key_id: str


def sign(unsigned: Unsigned, keys: KeyRing, settings: Settings) -> Signed:
    """Build the credential, sign it in both ways and check both.

    Raises BadgeDoesNotHoldError, and ValueError for an award that cannot be written as a badge.
    """
    document = build(unsigned, settings)
    embedded, token = keys.signing, keys.jwt
    data = write_json(sign_credential(document, embedded, created=unsigned.at))
    jwt = sign_jwt(document, token, key_url(unsigned.base_url, token.public.key_id))
    signed = Signed(data, embedded.public.key_id, jwt, token.public.key_id)
    _refuse_unless_it_holds(signed, unsigned, keys, settings)
    return signed


def build(unsigned: Unsigned, settings: Settings) -> dict[str, Any]:
    """The credential without a proof."""
    snapshot, base = read_snapshot(unsigned.snapshot), unsigned.base_url
    address = badge_url(base, unsigned.slug)
    achievement = snapshot.achievement.facts(
        achievement_url(base, unsigned.achievement_id), picture_url(base, unsigned.achievement_id)
    )
    facts = AwardFacts(
        id=address,
        subject_id=unsigned.subject_id,
        email=unsigned.email,
        further_emails=unsigned.further_emails,
        salt=unsigned.salt,
        awarded_at=unsigned.awarded_at,
        valid_from=unsigned.begins,
        valid_until=unsigned.valid_until,
        results=snapshot.results(),
        evidence=snapshot.evidence_facts({sha256: f"{address}/evidence/{sha256}" for sha256 in unsigned.shared}),
        ceu_tenths=snapshot.ceu_tenths,
        status=unsigned.status,
    )
    return build_credential(issuer_profile(settings, base), achievement, facts)


def _refuse_unless_it_holds(signed: Signed, unsigned: Unsigned, keys: KeyRing, settings: Settings) -> None:
    issuer, token = issuer_profile(settings, unsigned.base_url).id, keys.jwt.public
    embedded = check_credential(read_json(signed.document), issuers={issuer: keys.public}, now=unsigned.begins)
    tokens = {issuer: {key_url(unsigned.base_url, token.key_id): token}}
    as_jwt = check_jwt(signed.jwt, issuers=tokens, now=unsigned.begins)
    for report in (embedded, as_jwt):
        if report.verdict is not Verdict.VALID:
            failed = ", ".join(check.detail for check in report.checks if check.detail)
            raise BadgeDoesNotHoldError(f"Award {unsigned.award_id}: {report.verdict}. {failed}")
