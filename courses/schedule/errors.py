"""What can be wrong with a schedule, as the people who fill in its form see it."""

from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.language.lists import in_a_row


class UnknownZone(Invalid):
    """A time zone name that the shipped zone database does not have. `suggestions` holds close names, best first."""

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        self.name = name
        self.suggestions = suggestions
        shown = name if len(name) <= 60 else f"{name[:60]}…"
        super().__init__({"zone": f"{_('“{name}” is not a time zone name we know.', name=shown)} {_hint(suggestions)}"})


def _hint(suggestions: tuple[str, ...]) -> str:
    if not suggestions:
        return _("Use a name such as Europe/Berlin.")
    if len(suggestions) == 1:
        return _("Did you mean {name}?", name=suggestions[0])
    return _("Did you mean one of these: {names}?", names=in_a_row(suggestions))
