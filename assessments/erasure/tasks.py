"""The worker's part of an erasure: piece by piece, as often as it takes."""

from assessments.erasure.pieces import PIECES
from assessments.erasure.queries import under_way
from assessments.erasure.service import erase_piece, finish
from assessments.retention.disposing import dispose_of_erased
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.settings import Settings


def erase_what_is_due(db: Database, now: Now, settings: Settings) -> int:
    """The scan; returns how many rows changed. Killed anywhere, it goes on where rows are left."""
    changed = 0
    for request_id, only_works in db.read_now(under_way):
        for piece in ("works",) if only_works else PIECES:
            changed += db.write_now(erase_piece, now, request_id, piece, settings)
        db.write_now(finish, now, request_id, settings)
    return changed + db.write_now(dispose_of_erased, now.real, settings.record_kept_years)
