"""For how long the identifier before is taken after a sign-in got a new one, and what if the new one never came. Pure.

The answer that brings a new cookie may be cut off; its browser then has the cookie before, and nobody can tell it from
one that somebody else kept. So that a bad connection signs nobody out, and an identifier that was known before a right
changed is still worth nothing for long:

- Once the new one was seen, the one before is taken for OVERLAP, for what was under way, and brings nothing more.
- While the new one was not seen, the one before is taken for KEPT. Whoever comes with it later than OVERLAP after the
  renewal, when a second tab would have come already, gets another new one in place of the one that was lost.
- That goes on for LONGEST after the first renewal at most.

So a renewal still ends what somebody else knows as soon as the owner's next page is asked for, and it ends by itself
otherwise. Whoever knows the one before and comes first has always been given the new one: against them the owner ends
sign-ins, or changes the password, which gives a new identifier at once (`sessions.renew_at_once`) and leaves nothing
at all to the one before.

The instant of the renewal stands in `sign_in.seen_at` until the new identifier is used, that of the last one given is
`previous_until` less KEPT; neither needs a column of its own.
"""

from datetime import datetime, timedelta
from typing import Final

OVERLAP: Final = timedelta(seconds=60)
KEPT: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=1)


def is_lost(seen_at: datetime, previous_until: datetime, now: datetime) -> bool:
    """Whether the new one must have been lost on its way, for somebody who comes with the one before.

    Where the new one is seen (`service.seen`), `previous_until` is OVERLAP away at most: it is never lost then.
    """
    return previous_until - now > OVERLAP and now >= previous_until - KEPT + OVERLAP and now < seen_at + LONGEST
