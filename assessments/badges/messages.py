"""What other programs are told of a badge, whatever happened to it: never whose it is, nor why."""

from typing import Any

from sqlalchemy import Row

from assessments.badges.addresses import achievement_url, badge_url
from assessments.badges.times import zulu


def badge_message(award: Row[Any], status: str) -> dict[str, Any]:
    """The data of a message, as docs/webhooks.md has it; `status` is what the badge is now.

    `award` has base_url, slug, achievement_id, awarded_at, valid_until, and the achievement's name.
    """
    return {
        "badge": badge_url(award.base_url, award.slug),
        "achievement": achievement_url(award.base_url, award.achievement_id),
        "name": award.name,
        "status": status,
        "awarded_at": zulu(award.awarded_at),
        "valid_until": zulu(award.valid_until) if award.valid_until else None,
    }
