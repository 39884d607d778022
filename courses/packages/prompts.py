"""Short Markdown in the manifest itself: one paragraph, links only to the outside."""

from courses.packages.fields import Document
from courses.packages.library import Library, Work
from courses.packages.lines import TomlPath
from courses.packages.markdown import render_inline
from courses.packages.models import Problem
from courses.packages.places import Place, Shelf


def render_prompt(document: Document, path: TomlPath, text: str) -> tuple[str, list[Problem]]:
    """Inline HTML of the text that stands at `path`, and what is wrong with its links."""
    place = Place(0, Shelf.ABOUT, "about", document.file)
    work = Work(place, Library(NoFiles(), {}), (document.lines.line(path) or 1) - 1)
    return render_inline(work, text), work.problems


class NoFiles:
    """A source with nothing in it: such texts stand on many pages, so they cannot link to a file."""

    def has(self, _path: str) -> bool:
        return False

    def size(self, _path: str) -> int:
        return 0

    def read(self, path: str) -> bytes:
        raise FileNotFoundError(path)

    def beside(self, _path: str) -> list[str]:
        return []
