"""The core of Fourweek: settings, database, clocks, pages, accounts, audit, outbox and jobs."""

__version__ = "0.1.0"
