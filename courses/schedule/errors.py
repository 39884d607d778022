"""What can be wrong with a schedule, as the people who fill in its form see it."""

from fourweek.errors import Invalid


class UnknownZone(Invalid):
    """A time zone name that the shipped zone database does not have. `suggestions` holds close names, best first."""

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        self.name = name
        self.suggestions = suggestions
        shown = name if len(name) <= 60 else f"{name[:60]}…"
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else " Use a name such as Europe/Berlin."
        super().__init__({"zone": f"“{shown}” is not a time zone name we know.{hint}"})
