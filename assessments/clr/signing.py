"""A learner record signed as badges are, with an embedded proof and as VC-JWT, and checked before it is kept."""

from collections.abc import Sequence
from typing import Final

from assessments.badges.addresses import issuer_profile, key_url
from assessments.badges.checks import Verdict
from assessments.badges.jwt import sign_jwt
from assessments.badges.keys import KeyRing
from assessments.badges.plain import MAX_RECORD_BYTES, LoosePartsError, read_json, refuse_oversize, write_json
from assessments.badges.proof import issuer_id, sign_credential
from assessments.clr.checking import check_record, check_record_jwt, credentials_in
from assessments.clr.document import Credential, HeldBadge, Holder, build_record, course_credentials
from assessments.transcripts.document import TranscriptSnapshot
from fourweek.errors import Conflict
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.settings import Settings

_ROOM_FOR_PROOF: Final = 2000


class RecordDoesNotHoldError(RuntimeError):
    """What was just signed does not pass our own checks; it is not kept."""


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """The exact bytes with the embedded proof, and the same record as VC-JWT."""

    document: bytes
    jwt: str


def sign_record(
    snapshot: TranscriptSnapshot,
    holder: Holder,
    badges: Sequence[HeldBadge],
    keys: KeyRing,
    settings: Settings,
    *,
    partial: bool,
) -> SignedRecord:
    """Build the record, sign its courses and the whole, and check both forms. Never inside a transaction.

    Raises Conflict where it would be larger than anybody reads, RecordDoesNotHoldError otherwise.
    """
    issuer, at = issuer_profile(settings), snapshot.issued_at
    embedded, token = keys.signing, keys.jwt
    inside = [sign_credential(one, embedded, created=at) for one in course_credentials(snapshot, issuer, holder)]
    record = build_record(snapshot, issuer, holder, inside, badges, partial=partial)
    _refuse_oversize(record)
    data = write_json(sign_credential(record, embedded, created=at))
    signed = SignedRecord(data, sign_jwt(record, token, key_url(issuer.url, token.public.key_id)))
    _refuse_unless_it_holds(signed, snapshot, keys, settings)
    return signed


def _refuse_oversize(record: Credential) -> None:
    """What nobody could check, ourselves among them. The proof that comes to it is small."""
    try:
        refuse_oversize(record)
        too_large = len(write_json(record)) > MAX_RECORD_BYTES - _ROOM_FOR_PROOF
    except LoosePartsError:
        too_large = True
    if too_large:
        advice = _("Choose a period or some of the courses.")
        raise Conflict(_("This record is too large for one file."), what_to_do=advice)


def _refuse_unless_it_holds(
    signed: SignedRecord, snapshot: TranscriptSnapshot, keys: KeyRing, settings: Settings
) -> None:
    issuer, token, now = issuer_profile(settings), keys.jwt.public, snapshot.issued_at
    content = read_json(signed.document, most=MAX_RECORD_BYTES)
    # Badges may have been signed under a former name of ours: whoever issued them, only what is inside must hold.
    issuers = {issuer.id: keys.public} | dict.fromkeys(_issuers_inside(content), keys.public)
    tokens = {issuer.id: {key_url(issuer.url, token.key_id): token}}
    for report in (
        check_record(content, issuers=issuers, now=now),
        check_record_jwt(signed.jwt, tokens=tokens, issuers=issuers, now=now),
    ):
        if report.whole.verdict is not Verdict.VALID:
            failed = ", ".join(check.detail for check in report.whole.checks if check.detail)
            raise RecordDoesNotHoldError(f"{snapshot.document.number}: {report.whole.verdict}. {failed}")


def _issuers_inside(content: dict[str, object]) -> set[str]:
    return {issuer_id(one) for one in credentials_in(content)}
