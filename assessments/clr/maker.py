"""How learner records are made: the badges and addresses read beside the record, then signed in both ways."""

from dataclasses import replace

from sqlalchemy import Connection

from assessments.badges.issuer_addresses import note_first, noted
from assessments.badges.keys import KeyRing, load_keys
from assessments.badges.plain import read_json
from assessments.badges.proof import our_kind_of_proofs
from assessments.certificates.maker import NO_CREDIT
from assessments.clr.document import HeldBadge, Holder
from assessments.clr.queries import BadgeText, Held, held_by
from assessments.clr.signing import sign_record
from assessments.transcripts.codes import code_hash
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.maker import Files, Maker
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.service import Draft
from fourweek.errors import Conflict
from fourweek.language import ENGLISH, _, speaking
from fourweek.settings import Settings
from fourweek.storage import Store

_SALT_LENGTH = 32


def read(conn: Connection, draft: Draft, settings: Settings) -> Draft:
    """The draft with nothing but lines that count, and with the badges. Three statements.

    Raises Conflict where no line counts, or where nothing may be signed under the site's present address.
    """
    known = noted(conn)
    if known and settings.public_url not in known:
        raise Conflict(
            _("Nothing is signed under this address yet."),
            what_to_do=_("Tell the operator: `fourweek keys move` notes a new address of the site."),
        )
    lines = tuple(line for line in draft.record.lines if line.status.counts)
    if not lines:
        raise Conflict(_(NO_CREDIT), what_to_do=_("A line counts until it is taken back; a repeat carries none."))
    held = held_by(conn, draft.person_id, draft.wanted.scope, draft.now)
    return replace(draft, record=replace(draft.record, lines=lines), extra=(held, settings.public_url))


def kept(conn: Connection, draft: Draft) -> None:
    """Note the address that the record was signed under, as for a badge: it is checked by it for ever."""
    _held, base_url = draft.extra
    note_first(conn, base_url, draft.now)


def _files(draft: Draft, snapshot: TranscriptSnapshot, settings: Settings, _store: Store) -> Files:
    held: Held = draft.extra[0]
    keys = load_keys(settings)
    badges = [badge for one in held.badges if not _under_revoked_key(badge := _badge(one), keys)]
    partial = not snapshot.scope.is_whole or bool(held.left_out) or len(badges) < len(held.badges)
    holder = Holder(emails=held.emails, salt=code_hash(snapshot.document.code)[:_SALT_LENGTH])
    with speaking(ENGLISH):  # whoever asks: it is for programs, and signed
        signed = sign_record(snapshot, holder, badges, keys, settings, partial=partial)
    return Files(json=signed.document, jwt=signed.jwt.encode("ascii"))


def _badge(signed: BadgeText) -> HeldBadge:
    return HeldBadge(credential=read_json(signed.document.encode()), course_code=signed.course_code)


def _under_revoked_key(badge: HeldBadge, keys: KeyRing) -> bool:
    """Whether it was signed with a key that was revoked, and is about to be stated anew."""
    methods = (str(proof.get("verificationMethod")) for proof in our_kind_of_proofs(dict(badge.credential)))
    return any(method.rpartition("#")[2] in keys.revocations for method in methods)


RECORDS = Maker(DocumentKind.CLR, "L", _files, read, kept=kept)
