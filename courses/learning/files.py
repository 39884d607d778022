"""Figures and downloads of a module, found for somebody who may read it."""

from sqlalchemy import Connection

from courses.learning.access import Reader, reader_of_open
from courses.learning.queries import module_file
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.files import StoredFile


def released_file(conn: Connection, visitor: Visitor, cohort_id: str, module_number: int, path: str) -> StoredFile:
    """A file of an open module. Raises NotFound for one that is locked or not there. Three statements."""
    return file_of(conn, reader_of_open(conn, visitor, cohort_id, module_number), module_number, path)


def file_of(conn: Connection, found: Reader, module_number: int, path: str) -> StoredFile:
    """A file of a module that is open for this reader. Raises NotFound for one that is not there."""
    file = module_file(conn, found.cohort.version_id, module_number, path)
    if file is None:
        raise NotFound
    return file
