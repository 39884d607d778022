"""What the pages of one process wear: made once from the settings, the same for everybody."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from fourweek.light import dataclass
from fourweek.livery.logo import Logo, read_logo
from fourweek.livery.sheet import own_palette, written

if TYPE_CHECKING:
    from fourweek.settings import Settings


@dataclass(frozen=True, slots=True)
class Livery:
    """`sheet` is "" where the sheet of all schools has the colours already."""

    sheet: str = ""
    logo: Logo | None = None

    @property
    def sheet_url(self) -> str:
        return f"/institution/colours.css?v={self.sheet_fingerprint}" if self.sheet else ""

    @property
    def sheet_fingerprint(self) -> str:
        return sha256(self.sheet.encode()).hexdigest()[:12]

    @property
    def logo_url(self) -> str:
        return f"/institution/logo?v={self.logo.fingerprint}" if self.logo else ""


PLAIN = Livery()


def livery_of(settings: "Settings") -> Livery:
    """Raises ValueError for a logo that was exchanged since the settings were checked, and cannot be one."""
    ours = type(settings).model_fields["institution_colour"].default
    found = own_palette(settings.institution_colour, settings.institution_accent, ours=ours)
    logo = read_logo(Path(settings.institution_logo)) if settings.institution_logo else None
    return Livery(written(found) if found else "", logo)
