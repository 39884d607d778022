"""How often one may try to sign in, or ask for a letter, and what a try is counted under.

An account is counted under what was typed as its address, whether or not anybody has it.
"""

from datetime import datetime
from typing import Final

from fourweek.accounts.mail_addresses import written
from fourweek.limits.bounds import Bounds, Tries
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Limit
from fourweek.settings import Settings

MINUTES, HOUR = 300, 3600
SIGN_IN: Final = Bounds(
    both=Limit("sign-in", 5, MINUTES),
    account=Limit("sign-in-account", 10, MINUTES),
    network=Limit("sign-in-network", 100, MINUTES),
    ceiling=Limit("sign-in-all", 1000, MINUTES),
    few=3,
    device=Limit("sign-in-device", 10, MINUTES),
)
"""Wrong passwords; right ones do not count."""
LETTER: Final = Bounds(
    both=Limit("letter", 5, HOUR),
    account=Limit("letter-account", 10_000, HOUR),
    network=Limit("letter-network", 60, HOUR),
    ceiling=Limit("letter-all", 1000, HOUR),
    few=2,
    device=Limit("letter-device", 5, HOUR),
)
"""Letters that are asked for without being signed in. What others ask for an address keeps nobody from asking."""
LETTERS: Final = Limit("letters-out", 5, HOUR)
"""That leave for one address: more are asked for in vain, for their links hold as long as this span lasts."""
SIGN_UP_LETTERS: Final = Limit("sign-ups-out", 3, HOUR)
"""The same for letters that bring a new account; they take nothing from those for a forgotten password."""
PASSWORD: Final = Limit("password-old", 10, MINUTES)
"""Wrong old passwords of somebody who is signed in."""


def tries_of(settings: Settings, network: str, address: str, device: str, now: datetime) -> Tries:
    """What a try is counted under: `network` as `callers.caller` gives it, `device` the cookie of the browser."""
    return Tries(
        account=hidden(settings, f"account {written(address)[:320]}"),
        network=network,
        device=hidden(settings, f"device {device}"),
        at=now,
    )
