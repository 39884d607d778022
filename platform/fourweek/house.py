"""The house of one process: its database, its store, its password hashing."""

from fourweek.accounts.passwords import Passwords
from fourweek.database import Database
from fourweek.edge import House
from fourweek.settings import Settings
from fourweek.storage import open_store


def open_house(settings: Settings, db: Database | None = None) -> House:
    """Database (of the settings, unless one is open already), store and password hashing of one process."""
    return House(
        settings=settings,
        db=db or Database(settings.database),
        store=open_store(settings),
        passwords=Passwords(settings.argon2_memory_kib, settings.argon2_rounds),
    )
