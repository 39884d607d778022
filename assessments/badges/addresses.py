"""Where badges and what belongs to them are found, and who issues them: from the settings, for documents and pages."""

from assessments.badges.facts import IssuerProfile
from assessments.badges.multikey import did_web
from fourweek.settings import Settings


def badge_url(settings: Settings, slug: str) -> str:
    """The public address of an award: also the id of its credential, so it never changes."""
    return f"{settings.public_url}/badges/{slug}"


def achievement_url(settings: Settings, achievement_id: str) -> str:
    return f"{settings.public_url}/achievements/{achievement_id}"


def picture_url(settings: Settings, achievement_id: str) -> str:
    return f"{achievement_url(settings, achievement_id)}/picture.png"


def issuer_profile(settings: Settings) -> IssuerProfile:
    """The institution as it stands in every credential it signs."""
    return IssuerProfile(
        id=did_web(settings.public_url),
        name=settings.institution,
        url=settings.public_url,
        description=settings.institution_description,
        email=settings.institution_email,
    )
