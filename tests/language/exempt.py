"""What looks like a sentence and is for no catalogue."""

FOLDERS = (
    "platform/fourweek/cli/",  # commands speak English, and what they stand on
    "platform/fourweek/doctor/",
    "platform/fourweek/migrations/",
    "platform/fourweek/backup/",
    "platform/fourweek/jobs/",
    "platform/fourweek/storage/",
    "platform/fourweek/letters/",
    "platform/fourweek/settings",
    "platform/fourweek/safety.py",
    "platform/fourweek/places.py",
    "platform/fourweek/server.py",
    "platform/fourweek/database.py",
    "platform/fourweek/metrics.py",  # read by machines
    "platform/fourweek/health.py",
    "platform/fourweek/patterns.py",  # examples for people who build pages
    "templates/patterns",
    "assessments/api/",  # the interface for programs
    "assessments/schemas/",
)
"""Files whose path begins so."""

SENTENCES: frozenset[tuple[str, str]] = frozenset()
"""(file, first words) of single ones."""
