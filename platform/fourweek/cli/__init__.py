"""The `fourweek` command."""

import sys

from fourweek.server import without_collecting


def main() -> None:
    """Entry point of the `fourweek` command.

    A setting that cannot be right, a folder that cannot be used and a database or disk that does not answer end it with
    a sentence and exit code 1.
    """
    with without_collecting():
        from pydantic import ValidationError  # noqa: PLC0415 so that all its imports happen in here
        from pydantic_settings import SettingsError  # noqa: PLC0415

        from fourweek.cli.commands import app  # noqa: PLC0415
        from fourweek.errors import Busy  # noqa: PLC0415
        from fourweek.places import why_not  # noqa: PLC0415
        from fourweek.settings import Settings, what_is_wrong  # noqa: PLC0415
    try:
        app()
    except (ValidationError, SettingsError) as error:
        if isinstance(error, ValidationError) and error.title != Settings.__name__:
            raise
        sys.exit("\n".join(f"Refused: {words}" for words in what_is_wrong(error)))
    except Busy as error:
        sys.exit(f"{error} `fourweek doctor` says what ails it.")
    except OSError as error:
        if not (words := why_not(error)):
            raise
        sys.exit(words)
