"""What a worker remembers from one tick to the next: who has been told everything that their dates ask for.

What is to be told follows from what a place is made of, from the instant, and from the state of the work. Once all is
told, nothing is to be done for this place until it is made of something else or the next turn of its dates comes. So
nobody has to say what has changed: a member is compared with the one who was remembered. Whoever was not reminded only
because nothing is missing is looked at again soon, since what was handed in can be taken back.

Nothing here decides what somebody may see, and nothing is lost with it: a worker that remembers nothing looks at
everybody, and finds in the outbox what was told. What is deleted from there by hand is written again by such a worker
only.
"""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime, timedelta

from courses.enrolment.crowds import Member, Shared
from fourweek.light import dataclass

SOON = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """A member of whom everything was told, the modules whose opening is news, and until when both stay so.

    `until` None: for ever.
    """

    member: Member
    news: tuple[int, ...]
    until: datetime | None


@dataclass(slots=True)
class Settled:
    """The memory of one worker, for one tick at a time: `told` by the last whole one, `now_told` by the one that runs.

    Instants are of the school's clock.
    """

    common: Shared = field(default_factory=lambda: Shared({}, {}))
    at: datetime | None = None
    told: dict[str, Told] = field(default_factory=dict)
    now_told: dict[str, Told] = field(default_factory=dict)

    def begin(self, now: datetime, common: Shared) -> Shared:
        """Start a tick at `now`. What is remembered holds from its own instant on, and is forgotten before it."""
        if self.at is None or now < self.at:
            self.told = {}
        self.at, self.common, self.now_told = now, common.like(self.common), {}
        return self.common

    def of(self, member: Member, now: datetime) -> Told | None:
        """What is remembered of somebody, if they are as they were and no turn of their dates has come."""
        told = self.told.get(member.enrolment_id)
        if told is None or told.member != member or (told.until is not None and told.until <= now):
            return None
        self.now_told[member.enrolment_id] = told
        return told

    def keep(self, told: Iterable[Told]) -> None:
        """Remember these, to whom everything was told in this tick."""
        self.now_told |= {one.member.enrolment_id: one for one in told}

    def end(self) -> None:
        """The tick is through: whoever was not met is forgotten."""
        self.told = self.now_told
