"""Where pages and files of a course stand, and the relative addresses between them.

A rendered page names no cohort: …/modules/{n}/lessons/{slug}, …/modules/{n}/assignments/{key} and
…/modules/{n}/files/{path} are told apart relatively, so one rendering serves every cohort.
"""

from enum import StrEnum
from urllib.parse import quote

from fourweek.light import dataclass


class Shelf(StrEnum):
    LESSONS = "lessons"
    ASSIGNMENTS = "assignments"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its module (0 for the public description), its shelf, its slug or key, and its source file."""

    module: int
    shelf: Shelf
    name: str
    file: str


def page_address(start: Place, target: Place, anchor: str) -> str:
    """The relative address of `target` from `start`, with the anchor if there is one."""
    ending = f"#{quote(anchor, safe='')}" if anchor else ""
    if start == target:
        return ending or target.name
    if start.module != target.module:
        return f"../../{target.module}/{target.shelf}/{target.name}{ending}"
    if start.shelf != target.shelf:
        return f"../{target.shelf}/{target.name}{ending}"
    return f"{target.name}{ending}"


def file_address(start: Place, path: str) -> str:
    """The relative address of a file from `start`; the description's files stand below the course page."""
    return f"files/{quote(path)}" if start.shelf is Shelf.ABOUT else f"../files/{quote(path)}"
