"""Keys that are ready to be used, one pair a process: making an RSA key takes tenths of a second."""

from functools import cache
from pathlib import Path

from assessments.badges.keys import JwtKey, SigningKey, new_signing_key
from assessments.badges.keys.files import keep_once, make_folder
from assessments.badges.rsa_keys import LEAST_BITS


@cache
def shared_jwt_key() -> JwtKey:
    """An RSA key of this process, as short as we take one."""
    return JwtKey.generate(LEAST_BITS)


@cache
def shared_signing_key() -> SigningKey:
    """An Ed25519 key of this process."""
    return new_signing_key()


def put_jwt_key(home: Path) -> None:
    """Give an installation the shared RSA key, so that it makes none of its own."""
    keys = home / "keys"
    make_folder(keys)
    keep_once(keys / JwtKey.FILE, shared_jwt_key().pem())
