"""The sweep that awards and signs badges (law 7): two steps, each idempotent, resumable after a crash between them."""

from functools import partial

import structlog

from assessments.badges.awarding import award, enrolments_met
from assessments.badges.issuing import issue, unsigned_awards
from assessments.badges.keys import KeyRing
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.settings import Settings
from fourweek.storage import Store

log = structlog.get_logger(__name__)


def award_due_badges(db: Database, store: Store, keys: KeyRing, settings: Settings, now: Now) -> int:
    """Award every course that is met, and sign every award that is not signed. Returns how many badges were signed."""
    for enrolment_id in enrolments_met(db):
        _try("badge not awarded", enrolment_id, partial(db.write_now, award, enrolment_id, settings.institution, now))
    return sum(
        _try("badge not signed", unsigned.award_id, partial(issue, db, store, keys, settings, unsigned, now))
        for unsigned in unsigned_awards(db)
    )


def _try(what: str, subject: str, act: partial[bool]) -> bool:
    """One that fails is logged and tried again at the next tick; it does not stop the others."""
    try:
        return act()
    except Exception:
        log.exception(what, subject=subject)
        return False
