"""The institution's signing keys: two private ones that sign now, and every public one that ever signed.

They lie in owner-only files beside the data or come from the environment; never in a row of the database.
"""

from assessments.badges.keys.files import KeyFileError
from assessments.badges.keys.private import JwtKey, SigningKey, new_jwt_key, new_signing_key
from assessments.badges.keys.ring import KeyRing, load_keys

SIGNING_FILE = SigningKey.FILE

__all__ = [
    "SIGNING_FILE",
    "JwtKey",
    "KeyFileError",
    "KeyRing",
    "SigningKey",
    "load_keys",
    "new_jwt_key",
    "new_signing_key",
]
