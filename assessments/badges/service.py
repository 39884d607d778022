"""The sweep that awards and signs badges (law 7): two steps, each idempotent, resumable after a crash between them."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import takewhile
from time import monotonic

import structlog

from assessments.badges.awarding import award, enrolments_met
from assessments.badges.issuer_addresses import AnotherAddressError
from assessments.badges.issuing import Desk, awards_due, desk, issue
from assessments.badges.keys import KeyFileError, KeyRing
from assessments.credit.rules import Mode
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.settings import Settings
from fourweek.storage import Store

log = structlog.get_logger(__name__)

LONGEST_TURN = 10.0
"""Seconds that a worker's tick gives to each of the two steps; the next tick goes on."""


def award_due_badges(db: Database, store: Store, keys: KeyRing, settings: Settings, now: Now) -> int:
    """A tick: award every course that is met, and sign what lacks its newest form. Returns how many were signed."""
    for enrolment_id in _for_one_turn(enrolments_met(db)):
        make = partial(db.write_now, award, enrolment_id, settings.institution, now, Mode(settings.ceu_rule))
        _try("badge not awarded", enrolment_id, make)
    return sign_due_badges(db, store, keys, settings, now, turn=_for_one_turn)


def sign_due_badges(
    db: Database,
    store: Store,
    keys: KeyRing,
    settings: Settings,
    now: Now,
    *,
    turn: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> int:
    """Sign every award that lacks its newest form; `turn` is handed their ids as they come and may end early.

    Raises KeyFileError, or AnotherAddressError where the site's address is not one that was noted.
    """
    at_hand = desk(db, store, keys, settings)
    return sum(sign_or_log(at_hand, now, award_id) for award_id in turn(awards_due(db)))


def sign_or_log(at_hand: Desk, now: Now, award_id: str) -> bool:
    """Sign one award; a failure is logged. True if a form was kept."""
    return _try("badge not signed", award_id, partial(issue, at_hand, award_id, now))


def _for_one_turn(ids: Iterable[str]) -> Iterable[str]:
    ends = monotonic() + LONGEST_TURN
    return takewhile(lambda _: monotonic() < ends, ids)


def _try(what: str, subject: str, act: partial[bool]) -> bool:
    """One that fails is logged and tried again at the next tick; it does not stop the others.

    What would fail for all alike, a key or an address of the site, is raised.
    """
    try:
        return act()
    except (KeyFileError, AnotherAddressError):
        raise
    except Exception:
        log.exception(what, subject=subject)
        return False
