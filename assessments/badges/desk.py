"""What a server process keeps to answer for badges quickly: pages of signed forms, checked once and rendered once.

Whether a badge still stands is asked of the database at every request, unless that says that nothing at all was
committed since the last answer. A kept page holds as long as nothing that it is made of differs, and for one language.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, TypeVar

import anyio
import anyio.to_thread
import structlog
from starlette.responses import Response

from assessments.badges.addresses import issuer_profile
from assessments.badges.checks import Report, check_credential
from assessments.badges.gathering import Gathering
from assessments.badges.keys import load_keys
from assessments.badges.last_check import has_ended, made, mark_of, note
from assessments.badges.multikey import PublicKey
from assessments.badges.plain import read_json
from assessments.badges.public_page import BadgePage, badge_page
from assessments.badges.shown import (
    AwardRecord,
    AwardState,
    LastCheck,
    SignedForm,
    page_record,
    signed_form,
    standing,
    states,
)
from assessments.badges.standing import Standing, in_record
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.errors import Busy
from fourweek.language import _, spoken
from fourweek.light import dataclass
from fourweek.settings import Settings

log = structlog.get_logger(__name__)
K = TypeVar("K")
T = TypeVar("T")
MOST_KEPT: Final = 256
CHECKS_AT_ONCE: Final = 1
MOST_WAITING: Final = 20
PAUSE: Final = timedelta(seconds=10)
"""Between two checks of the same badge that somebody asked for."""
KEYS_LOOKED_AT_EVERY: Final = 2.0
"""Seconds."""


@dataclass(slots=True)
class Kept:
    """The page of an award as long as `face` is the same, and what guests get once one asked: as it is, and packed."""

    face: Hashable
    page: BadgePage
    answers: tuple[Response, Response] | None = None


class BadgeDesk:
    """One per process. Signed forms never change; pages are kept with all that decides what they show."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._forms: OrderedDict[str, SignedForm] = OrderedDict()
        self._states: Gathering[AwardState] = Gathering(lambda slugs: house.db.read(states, slugs))
        self._mark: int | None = None
        self._unchanged: dict[str, AwardState] = {}
        self._limiter: anyio.CapacityLimiter | None = None
        self._keys, self._keys_until = "", 0.0

    async def standing(self, slug: str) -> AwardState:
        """How an award stands now. Raises NotFound, or Gone for one that is shown no more."""
        mark = self._house.db.commits.mark()
        if mark is None or mark != self._mark or len(self._unchanged) > MOST_KEPT:
            self._mark, self._unchanged = mark, {}
        found = self._unchanged.get(slug) or await self._states.ask(slug)
        if found is not None and mark is not None and mark == self._mark:
            self._unchanged[slug] = found
        return standing(found)

    async def form(self, slug: str) -> SignedForm:
        """The newest signed form of an award that is shown. Raises as `standing`, and Busy while there is none."""
        issue_id = (await self.standing(slug)).issue_id
        if issue_id is None:
            raise Busy(_("This badge was awarded a moment ago and is being signed."))
        if issue_id not in self._forms:
            _keep(self._forms, issue_id, await self._house.db.read(signed_form, issue_id))
        return self._forms[issue_id]

    async def kept(self, slug: str, found: AwardState) -> Kept:
        """The page of an award in the language spoken, made anew when anything differs.

        It is checked when there is no check that holds, for all languages at once.
        """
        mark, settings = await self._key_mark(), self._house.settings
        face = (found, has_ended(found.valid_until, real_time()), mark, settings.institution, settings.zone)
        here = (found.award_id, spoken())
        kept = self._kept.get(here)
        if kept is None or kept.face != face:
            return await self._renew(slug, face)
        self._kept.move_to_end(here)
        return kept

    async def check_again(self, slug: str, found: AwardState) -> bool:
        """Check the signed file now. False, and nothing was done, where that was done a moment ago or cannot be.

        Raises Busy where too many wait already.
        """
        if found.issue_id is None or _just_now(found.checked_at, real_time()):
            return False
        if self._turn().statistics().tasks_waiting >= MOST_WAITING:
            raise Busy(_("Many badges are being checked just now."))
        async with self._turn():
            record = await self._house.db.read(page_record, slug)
            if record.check is not None and _just_now(record.check.at, real_time()):
                return False
            await self._check(record)
        return True

    async def _renew(self, slug: str, face: tuple[AwardState, bool, str, str, str]) -> Kept:
        async with self._turn():
            here = (face[0].award_id, spoken())
            kept = self._kept.get(here)
            if kept is not None and kept.face == face:
                return kept
            record = await self._house.db.read(page_record, slug)
            if record.issue_id is not None and (record.check is None or record.check.mark != self._mark_of(record)):
                record = replace(record, check=await self._check(record))
            checked_at = record.check.at if record.check else None
            face = (replace(face[0], checked_at=checked_at), *face[1:])
            made_now = Kept(face, badge_page(record, self._house.settings, real_time()))
            _keep(self._kept, here, made_now)
            return made_now

    async def _check(self, record: AwardRecord) -> LastCheck:
        """Run every check, and note what it found; where that cannot be kept, it is shown all the same."""
        at = real_time()
        report = await anyio.to_thread.run_sync(check_stored, record, self._house.settings, at)
        check = made(report, mark_of(record, await self._key_mark(), at), at)
        try:
            await self._house.db.write(note, str(record.issue_id), check)
        except Busy as error:
            log.warning("check not kept", award=record.award_id, problem=str(error))
        return check

    def _mark_of(self, record: AwardRecord) -> str:
        return mark_of(record, self._keys, real_time())

    async def _key_mark(self) -> str:
        """Tells the keys apart that our badges hold under; looked at every few seconds."""
        if monotonic() > self._keys_until:
            self._keys = await anyio.to_thread.run_sync(key_mark, self._house.settings)
            self._keys_until = monotonic() + KEYS_LOOKED_AT_EVERY
        return self._keys

    def _turn(self) -> anyio.CapacityLimiter:
        """Checks run one at a time."""
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(CHECKS_AT_ONCE)
        return self._limiter


def check_stored(record: AwardRecord, settings: Settings, now: datetime) -> Report:
    """Check a stored form, and look its award up; takes tenths of a second. Raises UnreadableError."""
    ring = load_keys(settings)
    keys = tuple(key for key in ring.published if isinstance(key, PublicKey))
    issuers = {issuer_profile(settings, record.base_url).id: keys}
    report = check_credential(read_json(record.document), issuers=issuers, now=now, revoked=ring.revoked)
    number = record.issue_number
    return in_record(report, Standing(number, number, revoked_at=record.revoked_at, revoked_why=record.revoked_why))


def key_mark(settings: Settings) -> str:
    """Changes whenever a key of ours does."""
    return load_keys(settings).mark


def _just_now(checked_at: datetime | None, now: datetime) -> bool:
    return checked_at is not None and now - checked_at < PAUSE


def _keep(kept: "OrderedDict[K, T]", key: K, value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
