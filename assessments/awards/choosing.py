"""What an earner chooses about an award of theirs. Each locks the award and minds the revision it was made on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, update

from assessments.awards.models import AwardAddress, AwardChoice, HolderShown, SharedEvidence
from assessments.awards.own import ADDRESS, OwnAward, own_award
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.shown import CHOICE, SHARED, AwardRecord, own_record
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record as note
from fourweek.database import add, add_once, lock
from fourweek.errors import Conflict, Gone
from fourweek.language import N_, _

SHARES = N_("The holder shares evidence.")
SHARES_LESS = N_("The holder ended sharing evidence.")
SHARES_OTHERS = N_("The holder shares evidence. The holder ended sharing evidence.")
MADE_OUT = N_("The badge is made out to other mail addresses.")


class ChangedMeanwhile(Conflict):
    title = N_("Your choices were changed elsewhere")
    what_to_do = N_("Open the page of your badge again: it shows what holds now. Nothing of what you sent was kept.")


def choose_page(
    conn: Connection, visitor: Visitor, slug: str, revision: int, *, holder: HolderShown, listed: bool, shown: bool
) -> None:
    """What the page says of its holder, whether search engines may find it, whether it is there. Raises NotFound for
    somebody else's award, Conflict where another form was quicker."""
    found = _open(conn, visitor, slug, revision)
    chosen = {"holder": holder, "listed": listed and shown, "shown": shown}
    if chosen == {"holder": found.record.holder, "listed": found.record.listed, "shown": found.record.shown}:
        return
    _keep(conn, visitor, found.record, chosen)
    detail = {**chosen, "holder": holder.value}
    note(conn, "award.choose", "award", found.record.award_id, at=_now(visitor), actor_id=visitor.me.id, detail=detail)


def choose_evidence(conn: Connection, visitor: Visitor, slug: str, revision: int, digests: Collection[str]) -> bool:
    """Let everybody see exactly these pieces; what is not named is seen no more from now on. Says whether that changed
    anything: then the badge is stated anew. Pieces that cannot be shared are left out."""
    found = _open(conn, visitor, slug, revision)
    before, wanted = found.record.shared, frozenset(digests) & found.kept.keys()
    ended, begun = before - wanted, wanted - before
    for sha256 in sorted(begun):
        _share(conn, found.record.award_id, sha256, visitor)
    if ended:
        these = (SHARED.c.award_id == found.record.award_id, SHARED.c.sha256.in_(ended))
        conn.execute(update(SHARED).where(*these).values(ended_at=_now(visitor)))
    if not begun and not ended:
        return False
    _keep(conn, visitor, found.record, {})
    detail = {"shared": sorted(begun), "ended": sorted(ended)}
    note(conn, "award.share", "award", found.record.award_id, at=_now(visitor), actor_id=visitor.me.id, detail=detail)
    why = SHARES if not ended else SHARES_OTHERS if begun else SHARES_LESS
    restate(conn, found.record.award_id, why, _now(visitor), actor_id=visitor.me.id)
    return True


def choose_addresses(conn: Connection, visitor: Visitor, slug: str, revision: int, addresses: Collection[str]) -> bool:
    """Make the badge out to these further addresses of the person's own, beside the main one, which always counts.
    Says whether that changed anything: then the badge is stated anew."""
    found = _open(conn, visitor, slug, revision)
    wanted = frozenset(addresses) & frozenset(found.addresses[1:])
    if wanted == found.made_out_to:
        return False
    conn.execute(delete(ADDRESS).where(ADDRESS.c.award_id == found.record.award_id))
    rows = [AwardAddress(award_id=found.record.award_id, address=one, added_at=_now(visitor)) for one in sorted(wanted)]
    if rows:
        add(conn, *rows)
    _keep(conn, visitor, found.record, {})
    detail = {"addresses": len(rows)}
    note(conn, "award.address", "award", found.record.award_id, at=_now(visitor), actor_id=visitor.me.id, detail=detail)
    restate(conn, found.record.award_id, MADE_OUT, _now(visitor), actor_id=visitor.me.id)
    return True


def _open(conn: Connection, visitor: Visitor, slug: str, revision: int) -> OwnAward:
    """The award, held until the transaction ends, if the form was made on what holds now."""
    lock(conn, AWARD, own_record(conn, visitor, slug).award_id)
    found = own_award(conn, visitor, slug, 1)
    if found.record.withdrawn_at is not None:
        raise Gone(_("The institution withdrew this badge: there is nothing to choose about it any more."))
    if found.record.revision != revision:
        raise ChangedMeanwhile
    return found


def _keep(conn: Connection, visitor: Visitor, found: AwardRecord, chosen: dict[str, object]) -> None:
    row = AwardChoice(award_id=found.award_id, revision=found.revision + 1, changed_at=_now(visitor), **chosen)  # type: ignore[arg-type]
    if not add_once(conn, row):
        changed = {**chosen, "revision": found.revision + 1, "changed_at": _now(visitor)}
        conn.execute(update(CHOICE).where(CHOICE.c.award_id == found.award_id).values(changed))


def _share(conn: Connection, award_id: str, sha256: str, visitor: Visitor) -> None:
    if not add_once(conn, SharedEvidence(award_id=award_id, sha256=sha256, shared_at=_now(visitor))):
        these = (SHARED.c.award_id == award_id, SHARED.c.sha256 == sha256)
        conn.execute(update(SHARED).where(*these).values(shared_at=_now(visitor), ended_at=None))


def _now(visitor: Visitor) -> datetime:
    return visitor.now.real
