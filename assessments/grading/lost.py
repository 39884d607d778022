"""What was typed for a submission that its grader may not hold any more: given back, so that it can be copied. Pure."""

from assessments.grading.forms import Typed
from fourweek.errors import Forbidden, FourweekError
from fourweek.language import N_, _
from fourweek.light import dataclass

GONE = N_("This is not there, or not yours to grade any more. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class LostPage:
    """What is said of a refused save, and the typed texts as (label, text); `levels` are (criterion, level) by key."""

    title: str
    message: str
    texts: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]


def lost_page(typed: Typed, error: FourweekError) -> LostPage:
    """The page for a refusal; it says the same of what is not there and of what is no longer theirs to see."""
    texts = [(_("Comment on {criterion}", criterion=_said(key)), text) for key, text in typed.scoring.comments.items()]
    texts += [
        (_("Comment on the whole"), typed.scoring.comment),
        (_("What is missing"), typed.message),
        (_("Note"), typed.note),
    ]
    return LostPage(
        title=_(error.title),
        message=error.message if isinstance(error, Forbidden) else _(GONE),
        texts=tuple((label, text) for label, text in texts if text),
        levels=tuple((_said(key), _said(level)) for key, level in typed.scoring.levels.items() if level),
    )


def _said(key: str) -> str:
    return key.replace("-", " ")
