"""The secret that an app shares with us, behind passlib's API: made, sealed with the house's own key, shown, checked.

Without that key a database or its copy is worth nothing. Secrets name the key they are sealed with: where it was lost,
nobody is let in by another one's.
"""

import hashlib
import io
import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from passlib.exc import TokenError

from fourweek.errors import Busy
from fourweek.house_secrets import house_secret
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings

FILE: Final = "second-factor.key"
STEP: Final = 30
"""Seconds for which an app shows a code; the one before and the one after are taken too."""
_COST: Final = 4  # rounds of the key's derivation, as a power of 2: the key is random, so that more would win nothing


class CannotRead(Busy):
    title = N_("Codes of apps cannot be checked just now")
    what_to_do = N_("Use a recovery code, or ask the people who run this school to take your second factor away.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an app is given: `address` (otpauth://), the same as a picture (SVG), and the secret to be typed."""

    address: str
    picture: Markup
    secret: str


def new_secret(settings: Settings) -> str:
    """A fresh secret of 160 bits, sealed."""
    return str(_totp(settings.keys).new().to_json(encrypt=True))


def shown(settings: Settings, sealed: str, account: str) -> Shown:
    """A sealed secret for its owner's eyes; `account` is what their app calls it. Raises CannotRead."""
    secret = _open(settings, sealed)
    address = secret.to_uri(label=_plain(account), issuer=_plain(settings.institution))
    return Shown(address, _picture(address), secret.pretty_key())


def step_of(settings: Settings, sealed: str, code: str, now: datetime, last_step: int) -> int | None:
    """The span of 30 seconds that a code of six digits is of; None where it fits none or was taken. Raises CannotRead.

    `now` is of the real clock.
    """
    secret = _open(settings, sealed)
    try:
        return int(secret.match(code, time=now, window=STEP, last_counter=last_step).counter)
    except TokenError:
        return None


def key_name(settings: Settings) -> str:
    """What secrets call the key that seals them now."""
    return _name(house_secret(settings.keys, FILE))


def _open(settings: Settings, sealed: str) -> Any:
    if json.loads(sealed)["enckey"]["t"] != key_name(settings):
        raise CannotRead(_("The key that this secret was sealed with is not there."))
    return _totp(settings.keys).from_json(sealed)


@lru_cache(maxsize=16)
def _totp(folder: Path) -> Any:
    from passlib.totp import TOTP, AppWallet  # noqa: PLC0415 brings cryptography, which a start does not need

    key = house_secret(folder, FILE)
    return TOTP.using(wallet=AppWallet({_name(key): key}, encrypt_cost=_COST))


def _name(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:16]


def _plain(words: str) -> str:
    """Without the colon, which sets issuer and account apart."""
    return words.replace(":", " ").strip() or "Fourweek"


def _picture(address: str) -> Markup:
    import segno  # noqa: PLC0415 as above

    out = io.BytesIO()
    segno.make_qr(address, error="m").save(
        out, kind="svg", border=4, xmldecl=False, svgns=False, light="#fff", scale=4, svgclass="qr", title="QR code"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 drawn by segno, with no text of anybody's in it
