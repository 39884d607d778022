"""Status lists as signed credentials: made when they are asked for, kept, and made anew once they no longer hold."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from assessments.badges.addresses import issuer_profile, key_url
from assessments.badges.contexts import CREDENTIALS_V2
from assessments.badges.jwt import jwt_holds, read_jwt, sign_jwt
from assessments.badges.keys import JwtKey, SigningKey, load_keys
from assessments.badges.plain import read_json, write_json
from assessments.badges.proof import holds, our_kind_of_proofs, sign_credential
from assessments.badges.times import zulu
from assessments.status.bits import decode, encode, make_bits
from assessments.status.places import ENTRY, LIST, PURPOSE, list_url
from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.settings import Settings

FRESH_SECONDS: Final = 60
"""How long others may keep a list before they ask again."""

SIGNED_ANEW: Final = timedelta(days=1)
VALID_FOR: Final = timedelta(days=7)

_LIST: Select[Any] = select(LIST).where(LIST.c.number == bindparam("number"))
_SET = select(ENTRY.c.place).where(ENTRY.c.list_id == bindparam("list"), ENTRY.c.set_at.is_not(None))


class ListDoesNotHoldError(RuntimeError):
    """What was just signed does not pass our own check; it is not kept."""


@dataclass(frozen=True, slots=True)
class SignedList:
    """The exact bytes of a list, what they were made of, and the key they hold under (multibase). Real clock."""

    document: bytes
    changes: int
    key_id: str
    signed_at: datetime


def signed_list(db: Database, settings: Settings, number: int, now: datetime) -> bytes:
    """List `number` as it is at this moment, signed by the key that signs now; blocks while it is signed.

    `now` is the real clock. Raises NotFound for a number that no list has.
    """
    key = load_keys(settings).signing
    found = db.read_now(stored_list, number)
    if (document := kept_form(found, key, now)) is not None:
        return document
    issuer = issuer_profile(settings, found.base_url)
    made = sign_list(found, db.read_now(set_places, found.id), issuer.id, issuer.url, key=key, now=now)
    db.write_now(keep, found, made)
    return made.document


def kept_form(found: Row[Any], key: SigningKey, now: datetime) -> bytes | None:
    """What is kept of a list, if it says all that the list says, under the key that signs now, and for a while yet."""
    if found.document is None or found.signed_at is None or found.signed_changes != found.changes:
        return None
    if found.key_id != key.public.multibase or abs(now - found.signed_at) >= SIGNED_ANEW:
        return None
    return bytes(found.document)


def list_token(document: bytes, settings: Settings) -> str:
    """A signed list as VC-JWT, for those who read no embedded proofs: the same statements under the other key.

    RS256 has one signature for one text, so that every process gives the same token without keeping it. Blocks.
    """
    return _token(document, load_keys(settings).jwt)


@lru_cache(maxsize=8)
def _token(document: bytes, key: JwtKey) -> str:
    credential = read_json(document)
    base_url = str(credential["id"]).rpartition("/status/")[0]
    token = sign_jwt(credential, key, key_url(base_url, key.public.key_id))
    if not jwt_holds(read_jwt(token), key.public):
        raise ListDoesNotHoldError(f"Status list {credential['id']} as a token.")
    return token


def list_credential(url: str, issuer_id: str, bits: bytes, now: datetime) -> dict[str, Any]:
    """The list without its proof, as Bitstring Status List 1.0 has it."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id,
        "validFrom": zulu(now),
        "validUntil": zulu(now + VALID_FOR),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encode(bits),
            "ttl": FRESH_SECONDS * 1000,
        },
    }


def sign_list(
    found: Row[Any], places: Iterable[int], issuer_id: str, base_url: str, *, key: SigningKey, now: datetime
) -> SignedList:
    """A list with these places set, signed, and read back as anybody would. Raises ListDoesNotHoldError."""
    url = list_url(base_url, found.number)
    bits = make_bits(found.size, places)
    plain = list_credential(url, issuer_id, bits, now)
    document = write_json(sign_credential(plain, key, created=now))
    again = read_json(document)
    whole = all(holds(again, proof, key.public) for proof in our_kind_of_proofs(again))
    if not whole or decode(again["credentialSubject"]["encodedList"], most=found.size) != bits:
        raise ListDoesNotHoldError(f"Status list {found.number}.")
    return SignedList(document, found.changes, key.public.multibase, now)


def stored_list(conn: Connection, number: int) -> Row[Any]:
    """The row of a list. Raises NotFound."""
    found = conn.execute(_LIST, {"number": number}).first()
    if found is None:
        raise NotFound
    return found


def set_places(conn: Connection, list_id: str) -> list[int]:
    """The places whose bit is set. Read after the list's row: more may be set than its `changes` tell, never fewer."""
    return list(conn.execute(_SET, {"list": list_id}).scalars())


def keep(conn: Connection, found: Row[Any], made: SignedList) -> bool:
    """Keep a list that was made of `found`; False when somebody else kept another one meanwhile."""
    same = (LIST.c.signed_changes == found.signed_changes, LIST.c.key_id == found.key_id)
    same_time = LIST.c.signed_at.is_(None) if found.signed_at is None else LIST.c.signed_at == found.signed_at
    values = {
        "document": made.document,
        "signed_changes": made.changes,
        "signed_at": made.signed_at,
        "key_id": made.key_id,
    }
    keeping = update(LIST).where(LIST.c.id == found.id, *same, same_time).values(values)
    return conn.execute(keeping).rowcount == 1


def etag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'
