"""Figures and downloads of a module, found for somebody who may read it."""

from sqlalchemy import Connection

from courses.learning.access import reader_of_open
from courses.learning.queries import module_file
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.files import StoredFile


def released_file(conn: Connection, visitor: Visitor, cohort_id: str, module_number: int, path: str) -> StoredFile:
    """A file of an open module. Raises NotFound for one that is locked or not there. Three statements."""
    found = reader_of_open(conn, visitor, cohort_id, module_number)
    file = None if "\x00" in path else module_file(conn, found.cohort.version_id, module_number, path)
    if file is None:
        raise NotFound
    return file
