"""Evidence of an award that its earner lets everybody see: exactly what was handed in, by the digest in the badge."""

from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from assessments.assignments.models import RequirementKind
from assessments.badges.queries import AWARD
from assessments.badges.shown import CHOICE, SHARED, taken_down, withdrawn
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from fourweek.accounts.access import Visitor
from fourweek.errors import Gone, NotFound
from fourweek.files import StoredFile
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.scanning.gate import let_out, verdict_of

CAN_BE_SHARED = (RequirementKind.TEXT, RequirementKind.FILES, RequirementKind.LINKS)
"""What knowledge checks hold stays private: others will answer the same questions."""
_LONGEST_ENDING = 10

_PIECE: Select[Any] = (
    select(AWARD.c.withdrawn_at, CHOICE.c.shown, SHARED.c.ended_at)
    .add_columns(*(EVIDENCE.c[name] for name in ("kind", "text", "url", "file_name", "media_type", "size")))
    .add_columns(EVIDENCE.c.purged_at, verdict_of(EVIDENCE.c.sha256))
    .select_from(
        AWARD.join(SHARED, and_(SHARED.c.award_id == AWARD.c.id, SHARED.c.sha256 == bindparam("sha256")))
        .outerjoin(CHOICE, CHOICE.c.award_id == AWARD.c.id)
        .join(SUBMISSION, SUBMISSION.c.enrolment_id == AWARD.c.enrolment_id)
        .join(EVIDENCE, and_(EVIDENCE.c.submission_id == SUBMISSION.c.id, EVIDENCE.c.sha256 == SHARED.c.sha256))
    )
    .where(AWARD.c.slug == bindparam("slug"), EVIDENCE.c.kind.in_(CAN_BE_SHARED))
    .order_by(EVIDENCE.c.purged_at.is_not(None), EVIDENCE.c.id)
    .limit(1)
)


class SharedNoMore(Gone):
    title = N_("This evidence is not shown")
    what_to_do = N_(
        "Ask whoever earned the badge. Its digest in the badge still tells whether what they give you is it."
    )


@dataclass(frozen=True, slots=True)
class SharedPiece:
    """What everybody may have: a file of the store under a name that tells nothing, or the bytes of a text or link."""

    file: StoredFile
    content: bytes | None


def shared_piece(conn: Connection, _visitor: Visitor, slug: str, sha256: str) -> SharedPiece:
    """One statement. Raises NotFound for what was never shared, Gone for what is no more, HeldBack or BeingChecked."""
    row = conn.execute(_PIECE, {"slug": slug.replace("\0", ""), "sha256": sha256.replace("\0", "")}).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise withdrawn(row.withdrawn_at)
    if row.shown is False:
        raise taken_down()
    if row.ended_at is not None:
        raise SharedNoMore(_("Whoever earned this badge shares this piece of evidence no more."))
    if row.purged_at is not None:
        raise SharedNoMore(_("The time for which evidence is kept is over, and this piece was deleted."))
    name = f"evidence-{sha256[:12]}"
    if row.kind is RequirementKind.FILES:
        let_out(row.verdict, mine=False)
        return SharedPiece(StoredFile(sha256, row.size, row.media_type, name + _ending(row.file_name)), None)
    content = (row.text if row.kind is RequirementKind.TEXT else row.url).encode()
    return SharedPiece(StoredFile(sha256, len(content), "text/plain", f"{name}.txt"), content)


def _ending(file_name: str) -> str:
    """What tells programs the kind of a file, without the rest of its name, which may say who somebody is."""
    ending = PurePath(file_name).suffix
    plain = ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= _LONGEST_ENDING
    return ending.lower() if plain else ""
