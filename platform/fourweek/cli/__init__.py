"""The `fourweek` command."""

from fourweek.server import without_collecting


def main() -> None:
    """Entry point of the `fourweek` command."""
    with without_collecting():
        from fourweek.cli.commands import app  # noqa: PLC0415 so that all its imports happen in here
    app()
