"""Changing keys: a new one begins to sign, an old one stays published or is revoked. For keys that lie in files.

Every step may be taken again after a crash: the public half of a key is kept before anything else happens to it.
"""

from datetime import datetime

from assessments.badges.keys.files import KeyFileError, make_folder, replace
from assessments.badges.keys.private import KINDS, PrivateKey
from assessments.badges.keys.published import Revocation, keep_revocation, public_pem, retire
from assessments.badges.keys.ring import current_of, load_keys, setting
from fourweek.settings import Settings


class UnknownKeyError(LookupError):
    """No key of ours has that id."""


def rotate(settings: Settings, kind: type[PrivateKey]) -> PrivateKey:
    """Make a new key that signs from now on; the one before stays published. Running servers use it at once.

    Raises KeyFileError, with what to do instead, for a key that the environment gives.
    """
    old = current_of(kind, settings)
    if setting(kind, settings):
        raise KeyFileError(_by_hand(settings, old))
    new = kind.generate()
    make_folder(settings.keys)
    for key in (old, new):  # the new one too, so that not even two rotations at once lose a public key
        retire(settings.keys, key.public)
    replace(settings.keys / kind.FILE, new.pem())
    return new


def revoke(settings: Settings, key_id: str, why: str, at: datetime) -> Revocation:
    """Nothing holds any more under that key; a new one is made if it was the one that signs. Real clock.

    A key that was revoked before stays revoked as it was. Raises UnknownKeyError, and KeyFileError as `rotate` does.
    """
    ring = load_keys(settings)
    if key_id not in {key.key_id for key in ring.published}:
        raise UnknownKeyError(key_id)
    if key_id in ring.revocations:
        return ring.revocations[key_id]
    for kind in KINDS.values():
        if key_id == signing_now(settings).get(kind.KIND):
            rotate(settings, kind)
    keep_revocation(settings.keys, Revocation(key_id, at, why))
    return load_keys(settings).revocations[key_id]


def signing_now(settings: Settings) -> dict[str, str]:
    """The id of the key that signs now, by its kind; a kind that has no key yet is left out."""
    kinds = [kind for kind in KINDS.values() if setting(kind, settings) or (settings.keys / kind.FILE).exists()]
    return {kind.KIND: current_of(kind, settings).public.key_id for kind in kinds}


def _by_hand(settings: Settings, old: PrivateKey) -> str:
    made = "ed25519" if old.KIND == "ed25519" else "rsa -pkeyopt rsa_keygen_bits:3072"
    folder = settings.keys / "badges-retired"
    return (
        f"The {old.KIND} key comes from FOURWEEK_{old.SETTING.upper()}, which this command cannot change.\n"
        f"1. Save its public half, so that badges signed with it still hold, as {folder / old.public.key_id}.pem:\n\n"
        f"{public_pem(old.public).decode('ascii')}\n"
        f"2. Make a new key: openssl genpkey -algorithm {made}\n"
        f"3. Set FOURWEEK_{old.SETTING.upper()} to it and start the server and the worker again.\n"
        "4. If the old key is to be revoked, run `fourweek keys revoke` then."
    )
