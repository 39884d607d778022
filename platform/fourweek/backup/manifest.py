"""What a backup says of itself. It is written last: a folder without it is no backup."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from fourweek.backup.errors import NoBackup
from fourweek.backup.shape import Column, Kind, Shape

NAME = "manifest.json"


class Part(BaseModel):
    """A file of a backup: its path inside, size in bytes, SHA-256 in hex; `secret` where nobody else may read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, StringConstraints(pattern=r"^(database/)?[a-z0-9_]+(\.[a-z]+)+$")]
    size: int
    sha256: str
    secret: bool = False


class ColumnPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind


class TablePart(BaseModel):
    """A table: `rows_sha256` is of its lines, which a database can be compared with; no file where there is no row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    columns: tuple[ColumnPart, ...]
    keys: int
    rows: int
    rows_sha256: str
    part: Part | None

    @property
    def shape(self) -> Shape:
        return Shape(self.name, tuple(Column(one.name, one.kind) for one in self.columns), self.keys)


class FilesPart(BaseModel):
    """The files that rows name: `part` lists them, `lost` are those the store did not have as they should be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: int
    size: int
    part: Part
    lost: tuple[str, ...]


class KeysPart(BaseModel):
    """The folder of keys as one file, encrypted with the passphrase; None where it was left out, with `why`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    by_settings: tuple[str, ...]
    part: Part | None
    why: str = ""


class OwnPart(BaseModel):
    """What the institution wrote and drew itself: paths in the home folder, and one tar of them; no file where there
    is none. `elsewhere` is a logo that lies outside, and in no backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    part: Part | None
    elsewhere: str = ""


class Manifest(BaseModel):
    """Everything to know before a restore. `settings` names what was set, never its value; `said` is what an operator
    said of the institution in the browser."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    made_at: datetime
    program: str
    revision: str
    engine: str
    institution: str
    address: str
    settings: tuple[str, ...]
    said: dict[str, str] = {}
    tables: tuple[TablePart, ...]
    left_out: dict[str, str]
    files: FilesPart | None
    keys: KeysPart | None
    own: OwnPart | None = None

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def lost(self) -> tuple[str, ...]:
        """Files that the store did not have as they should be."""
        return self.files.lost if self.files else ()

    @property
    def parts(self) -> list[Part]:
        """Every file of the backup but this one and the files of the store."""
        found = [table.part for table in self.tables if table.part]
        found += [self.files.part] if self.files else []
        found += [self.own.part] if self.own and self.own.part else []
        return found + ([self.keys.part] if self.keys and self.keys.part else [])


def program() -> str:
    """This program's version."""
    return version("fourweek")


def read_manifest(folder: Path) -> Manifest:
    """Raises NoBackup, with what is wrong."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise NoBackup(f"{folder} holds no backup: there is no {NAME}.") from None
    except (OSError, ValidationError) as error:
        first = str(error).partition("\n")[0]
        raise NoBackup(f"{folder / NAME} cannot be read: {first}. A newer program may have made it.") from None
