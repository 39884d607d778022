"""A process that records all credit that is due, and is killed meanwhile; its only argument is a database."""

import sys

from assessments.credit.service import record_due_credit
from fourweek.database import Database
from tests.assessments.credit.factories import NOW


def main() -> None:
    db = Database(sys.argv[1])
    print("ready", flush=True)
    record_due_credit(db, NOW)
    print("done", flush=True)


if __name__ == "__main__":
    main()
