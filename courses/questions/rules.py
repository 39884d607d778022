"""What may be done with questions and replies, and how they stand. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from fourweek.language import N_

EDIT_FOR = timedelta(minutes=15)
MOST_POSTS = 20
POSTS_WITHIN = timedelta(hours=1)
TOO_MANY = N_("You have posted {count} times within the last hour. Keep what you wrote and post it a little later.")
TOO_LATE = N_("What was posted can be changed for 15 minutes. Post a reply instead.")


class Stands(StrEnum):
    """How a question stands, in words that are said with `_` where they are shown."""

    OPEN = N_("No answer yet")
    ANSWERED = N_("Answered")
    CLOSED = N_("Closed")
    HIDDEN = N_("Hidden by staff")


def stands(answered_at: datetime | None, closed_at: datetime | None, hidden_at: datetime | None) -> Stands:
    if hidden_at:
        return Stands.HIDDEN
    if answered_at:
        return Stands.ANSWERED
    return Stands.CLOSED if closed_at else Stands.OPEN


def is_editable(posted_at: datetime, now: datetime) -> bool:
    """Whether the author may still change what was posted. Both instants are the school's clock."""
    return now - posted_at <= EDIT_FOR


def may_post(posts: int) -> bool:
    """Whether somebody who posted so often within `POSTS_WITHIN` may post once more."""
    return posts < MOST_POSTS
