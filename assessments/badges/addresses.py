"""Where badges and what belongs to them are found, and who issues them: for documents and pages.

`base_url` is the site's address that a badge was first signed under (`Award.base_url`), or the present one.
"""

from collections.abc import Iterable

from assessments.badges.facts import IssuerProfile
from assessments.badges.keys import KeyRing
from assessments.badges.multikey import did_web
from fourweek.settings import Settings


def badge_url(base_url: str, slug: str) -> str:
    """The public address of an award: also the id of its credential, so it never changes."""
    return f"{base_url}/badges/{slug}"


def achievement_url(base_url: str, achievement_id: str) -> str:
    return f"{base_url}/achievements/{achievement_id}"


def picture_url(base_url: str, achievement_id: str) -> str:
    return f"{achievement_url(base_url, achievement_id)}/picture.png"


def key_url(base_url: str, key_id: str) -> str:
    """The `kid` of tokens: answers the one RSA key that has this thumbprint, as a JWK."""
    return f"{base_url}/issuer/keys/{key_id}"


def issuer_profile(settings: Settings, base_url: str = "") -> IssuerProfile:
    """The institution as it stands in every credential it signs under that address (the present one if not given)."""
    url = base_url or settings.public_url
    return IssuerProfile(
        id=did_web(url),
        name=settings.institution,
        url=url,
        description=settings.institution_description,
        email=settings.institution_email,
    )


def issuers_of(base_urls: Iterable[str], keys: KeyRing) -> dict[str, KeyRing]:
    """Every issuer id that is ours, with the keys that sign for it: the same at every address we ever had.

    `base_urls`: `issuer_addresses.all_bases`. Nothing holds under a key that `keys.revoked` names.
    """
    return {did_web(base_url): keys for base_url in base_urls}
