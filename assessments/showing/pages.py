"""The page that shows a file of somebody's evidence, put together beside the database."""

from dataclasses import replace
from urllib.parse import urlencode

from assessments.cleaning.copies import clean_copy
from assessments.evidence.handed import HandedFile
from assessments.showing import limits
from assessments.showing.derived import Copy, Derived
from assessments.showing.drawing import Drawn, Wanted, drawn
from assessments.showing.kinds import HEAD, Way, way_of
from assessments.showing.texts import BEGINNING, PART, Place, TablePart, TextPart, table_part, text_part
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.storage import Store
from fourweek.storage.aside import read_aside
from fourweek.words import say_size

CANNOT = N_("This file cannot be shown here; download it.")
_MOST = {Way.PICTURE: limits.PICTURE_BYTES, Way.PDF: limits.PDF_BYTES}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn from the file, and where it comes from; `text` is what stands on a PDF's page.

    `sides` are its pixels, across and down; empty for a copy that was drawn before they were noted.
    """

    href: str
    words: str
    sha256: str
    text: str = ""
    sides: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Turning:
    """Going on to other parts of a file."""

    words: str
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ShownPage:
    """`handed` as far as it can be shown: at most one of the parts below is there, none where it can only be saved.

    Where whose it is stays hidden, `copy` is the digest of the copy without metadata that is downloaded; `unclean`
    says that there is none.
    """

    handed: HandedFile
    size: str
    way: Way
    picture: Picture | None = None
    lines: TextPart | None = None
    table: TablePart | None = None
    html: str = ""
    turning: Turning | None = None
    copy: str = ""
    unclean: bool = False

    @property
    def saved(self) -> str:
        """Where the file is downloaded from."""
        return f"/evidence/{self.handed.id}{'?as=handed-in' if self.unclean else ''}"

    @property
    def cannot(self) -> str:
        """Why nothing is shown; "" where something is."""
        plays = self.way in {Way.AUDIO, Way.VIDEO}
        return "" if plays or self.picture or self.lines or self.table or self.html else _(CANNOT)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part is asked for: a PDF's page, or where in a text. What cannot be read means the beginning."""

    page: int = 1
    place: Place = BEGINNING

    @classmethod
    def of(cls, page: str, at: str, number: str) -> "Asked":
        return cls(_whole(page) or 1, Place(_whole(at), max(1, _whole(number))))


def _whole(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 13 else 0


async def shown_page(store: Store, derived: Derived, handed: HandedFile, asked: Asked) -> ShownPage:
    """What the browser shows of a file that was authorised. Raises NotFound for bytes that are gone, and Busy."""
    file = handed.file
    page = ShownPage(handed, say_size(file.size), way_of(file.media_type, await _part(store, handed, 0, HEAD)))
    if handed.hidden:
        copy = await clean_copy(store, derived, file, handed.names)
        page = replace(page, copy=copy.file.sha256 if copy else "", unclean=copy is None)
    if page.way in _MOST:
        return await _with_picture(store, derived, page, asked.page)
    if page.way is Way.MARKDOWN and file.size <= limits.MARKDOWN_BYTES:
        found = await drawn(derived, store, Wanted(file.sha256, Way.MARKDOWN))
        if found is not None:
            return replace(page, html=(await read_copy(found.copy)).decode())
    if page.way in {Way.TEXT, Way.MARKDOWN, Way.TABLE}:
        return await _with_text(store, page, asked.place)
    return page


async def picture_of(store: Store, derived: Derived, handed: HandedFile, number: int) -> Copy:
    """The picture that stands for a picture or for a page of a PDF. Raises NotFound where there is none."""
    file = handed.file
    way = way_of(file.media_type, await _part(store, handed, 0, HEAD))
    found = await _drawn_picture(store, derived, handed, way, number) if way in _MOST else None
    if found is None:
        raise NotFound
    return found.copy


async def read_copy(copy: Copy) -> bytes:
    """A copy's bytes. Raises NotFound where it was removed a moment ago."""
    try:
        return await read_aside(copy.read)
    except FileNotFoundError:
        raise NotFound from None


async def _drawn_picture(store: Store, derived: Derived, handed: HandedFile, way: Way, number: int) -> Drawn | None:
    if handed.file.size > _MOST[way] or not 1 <= number <= limits.PAGES:
        return None
    return await drawn(derived, store, Wanted(handed.file.sha256, way, number if way is Way.PDF else 1))


async def _with_picture(store: Store, derived: Derived, page: ShownPage, number: int) -> ShownPage:
    handed = page.handed
    found = await _drawn_picture(store, derived, handed, page.way, number)
    if found is None:
        return page
    at, name, sides = f"/evidence/{handed.id}", handed.file.name, tuple(found.said.get("sides", ()))
    if page.way is Way.PICTURE:
        return replace(page, picture=Picture(f"{at}/picture", name, found.copy.sha256, sides=sides))
    pages = found.said["pages"]
    number = min(number, pages)
    words = _("Page {number} of {all}", number=number, all=pages)
    alt = _("Page {number} of {all} of {name}", number=number, all=pages, name=name)
    picture = Picture(f"{at}/picture?page={number}", alt, found.copy.sha256, found.said["text"], sides)
    before = f"{at}/view?page={number - 1}" if number > 1 else None
    after = f"{at}/view?page={number + 1}" if number < pages else None
    return replace(page, picture=picture, turning=Turning(words, before, after))


async def _with_text(store: Store, page: ShownPage, place: Place) -> ShownPage:
    size = page.handed.file.size
    data = await _part(store, page.handed, place.at, PART)
    if page.way is Way.TABLE:
        beginning = data if not place.at else await _part(store, page.handed, 0, PART)
        if table := table_part(data, size, place, beginning):
            first, last = (table.rows[0][0], table.rows[-1][0]) if table.rows else (0, 0)
            words = _("Rows {first} to {last}", first=first, last=last)
            return replace(page, table=table, turning=_turning(page, words, place, table.next))
    part = text_part(data, size, place)
    last = part.lines[-1][0] if part.lines else place.number
    words = _("Lines {first} to {last}", first=place.number, last=last)
    return replace(page, lines=part, turning=_turning(page, words, place, part.next))


def _turning(page: ShownPage, words: str, place: Place, after: Place | None) -> Turning:
    """Forward part by part; backward to the beginning, since only the browser knows where it came from."""
    at = f"/evidence/{page.handed.id}/view"
    onward = f"{at}?{urlencode({'at': after.at, 'number': after.number})}" if after else None
    return Turning(words, at if place.at else None, onward)


async def _part(store: Store, handed: HandedFile, start: int, length: int) -> bytes:
    end = min(start + length, handed.file.size)
    return await read_aside(_read, store, handed.file.sha256, range(start, end)) if start < end else b""


def _read(store: Store, sha256: str, part: range) -> bytes:
    with store.open(sha256, part) as handle:
        return handle.read(len(part))
