"""Who earned a badge, without saying it: a salted hash of the e-mail address (Open Badges 3.0, IdentityObject)."""

import hashlib
import hmac
import secrets
import unicodedata
from typing import Any


def new_salt() -> str:
    """A fresh salt for one award: 128 bits in hex. Without it an address could be guessed from its hash."""
    return secrets.token_hex(16)


def normalise_email(email: str) -> str:
    """The one spelling that is hashed, at issue and at every check."""
    return unicodedata.normalize("NFC", email).strip().lower()


def identity_hash(email: str, salt: str) -> str:
    """`sha256$` and the hex digest of address and salt in UTF-8, the salt last."""
    return "sha256$" + hashlib.sha256((normalise_email(email) + salt).encode("utf-8")).hexdigest()


def identity_object(email: str, salt: str) -> dict[str, Any]:
    """The IdentityObject of an award. The schema allows no further member."""
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": identity_hash(email, salt),
        "identityType": "emailAddress",
        "salt": salt,
    }


def earned_by(credential: dict[str, Any], email: str) -> bool:
    """Whether the credential was issued to this address, as its hashed identities tell. Says nothing of validity."""
    subject = credential.get("credentialSubject")
    identities = subject.get("identifier") if isinstance(subject, dict) else None
    return any(_matches(entry, email) for entry in identities or [] if isinstance(entry, dict))


def _matches(entry: dict[str, Any], email: str) -> bool:
    stated, salt = entry.get("identityHash"), entry.get("salt", "")
    if entry.get("hashed") is not True or entry.get("identityType") != "emailAddress":
        return False
    if not isinstance(stated, str) or not isinstance(salt, str):
        return False
    return hmac.compare_digest(stated.lower().encode(), identity_hash(email, salt).encode())
