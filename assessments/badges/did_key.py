"""did:key: an issuer whose id is its public key, so that nothing has to be fetched to check what it signed.

Who holds that key it does not say.
"""

from typing import Final

from assessments.badges.multikey import PublicKey, parse_multibase

PREFIX: Final = "did:key:"


def key_in_did(issuer_id: str) -> tuple[PublicKey, ...]:
    """The one Ed25519 key that an issuer's id is; none for every other id."""
    if not issuer_id.startswith(PREFIX):
        return ()
    try:
        return (parse_multibase(issuer_id.removeprefix(PREFIX)),)
    except ValueError:
        return ()
