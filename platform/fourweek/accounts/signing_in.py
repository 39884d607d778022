"""Signing in with an address and a password: the try is counted, the password checked aside, the sign-in opened."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, select, update

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.known_devices import DEVICE, Device
from fourweek.accounts.limiting import SIGN_IN
from fourweek.accounts.mail_addresses import written
from fourweek.accounts.models import SignInWay
from fourweek.accounts.service import EMAIL, PASSWORD, digest
from fourweek.accounts.sessions import Opened, hold, open_held
from fourweek.light import dataclass
from fourweek.limits.bounds import Tries, give_back, take

_KNOWN = exists().where(and_(DEVICE.c.person_id == PERSON.c.id, DEVICE.c.token_hash == bindparam("device")))
_ACCOUNT: Any = (
    select(PERSON.c.id, PASSWORD.c.hash, _KNOWN.label("known"))
    .join_from(EMAIL, PERSON, PERSON.c.id == EMAIL.c.person_id)
    .outerjoin(PASSWORD, PASSWORD.c.person_id == PERSON.c.id)
    .where(EMAIL.c.address == bindparam("address"), PERSON.c.disabled_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Account:
    """What sign-in must know of an address: the person, the stored hash, and whether the browser is a known one."""

    person_id: str | None = None
    hash: str | None = None
    known: bool = False


def account_of(conn: Connection, address: str, device: Device) -> Account:
    """The account behind an address; an empty one for an unknown address or a disabled person."""
    found = conn.execute(_ACCOUNT, {"address": written(address), "device": digest(device.token)}).first()
    return Account(found.id, found.hash, bool(found.known)) if found else Account()


def try_account(conn: Connection, _visitor: Visitor, address: str, device: Device, tries: Tries) -> Account:
    """Count a try, and find the account, by the same statements whether or not there is one. Raises TooMany."""
    account = account_of(conn, address, device)
    take(conn, SIGN_IN, tries, known=account.known)
    return account


def let_in(
    conn: Connection,
    visitor: Visitor,
    account: Account,
    tries: Tries,
    *,
    fresh: str | None,
    lasts: timedelta,
    device: Device,
) -> Opened | None:
    """Sign in whoever gave the right password. `fresh` replaces an outdated hash.

    None when the password was changed, or the person disabled, while this one was checked.
    """
    if account.person_id is None or not hold(conn, account.person_id):
        return None
    kept = PASSWORD.c.person_id == account.person_id, PASSWORD.c.hash == account.hash
    if not conn.execute(update(PASSWORD).where(*kept).values(hash=fresh or account.hash)).rowcount:
        return None
    give_back(conn, SIGN_IN, tries, known=account.known)
    return open_held(conn, visitor, account.person_id, way=SignInWay.PASSWORD, lasts=lasts, device=device)
