"""What a server process keeps to answer for badges quickly: pages of signed forms, checked once and rendered once.

Whether a badge still stands is asked of the database at every request, unless that says that nothing at all was
committed since the last answer.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import anyio
import anyio.to_thread

from assessments.badges.addresses import badge_url, issuer_profile
from assessments.badges.checks import Issuers, Report, check_credential
from assessments.badges.gathering import Gathering
from assessments.badges.keys import load_keys
from assessments.badges.pages import BadgePage, badge_page
from assessments.badges.plain import read_json
from assessments.badges.shown import AwardRecord, AwardState, award_record, standing, states
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.settings import Settings

MOST_KEPT: Final = 256
CHECKS_AT_ONCE: Final = 1


@dataclass(slots=True)
class Kept:
    """The page of one signed form, and its whole HTML for guests once somebody asked for it."""

    page: BadgePage
    html: bytes = b""


class BadgeDesk:
    """One per process. Pages are kept by the id of the signed form, so a newer form is a new page."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._states: Gathering[AwardState] = Gathering(lambda slugs: house.db.read(states, slugs))
        self._mark: int | None = None
        self._unchanged: dict[str, AwardState] = {}
        self._limiter: anyio.CapacityLimiter | None = None

    async def standing(self, slug: str) -> AwardState:
        """How an award stands now. Raises NotFound, or Gone for a withdrawn one."""
        mark = self._house.db.commits.mark()
        if mark is None or mark != self._mark or len(self._unchanged) > MOST_KEPT:
            self._mark, self._unchanged = mark, {}
        found = self._unchanged.get(slug) or await self._states.ask(slug)
        if found is not None and mark is not None and mark == self._mark:
            self._unchanged[slug] = found
        return standing(found)

    async def kept(self, slug: str, found: AwardState) -> Kept:
        """The page of an award; checked when it is first asked for, and not kept while it is being signed."""
        if found.issue_id is not None and found.issue_id in self._kept:
            self._kept.move_to_end(found.issue_id)
            return self._kept[found.issue_id]
        record = await self._house.db.read(award_record, slug)
        if record.issue_id is None:
            return Kept(self._page(record, None))
        return await self._look(record)

    async def _look(self, record: AwardRecord) -> Kept:
        issue_id = str(record.issue_id)
        async with self._turn():
            if issue_id not in self._kept:
                report = await anyio.to_thread.run_sync(check_stored, record.document, self._house.settings)
                self._kept[issue_id] = Kept(self._page(record, report))
        kept = self._kept[issue_id]
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return kept

    def _page(self, record: AwardRecord, report: Report | None) -> BadgePage:
        settings = self._house.settings
        address = badge_url(settings.public_url, record.slug)
        issuer = issuer_profile(settings).id
        return badge_page(record, report, issuer_id=issuer, address=address, zone_name=settings.zone)

    def _turn(self) -> anyio.CapacityLimiter:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(CHECKS_AT_ONCE)
        return self._limiter


def check_stored(document: bytes, settings: Settings) -> Report:
    """Check a file against our own keys. Takes tenths of a second: never on the loop. Raises UnreadableError."""
    return check_credential(read_json(document), issuers=our_keys(settings), now=real_time())


def our_keys(settings: Settings) -> Issuers:
    """The one issuer we vouch for, ourselves, and every key that ever signed for us."""
    return {issuer_profile(settings).id: load_keys(settings).public}
