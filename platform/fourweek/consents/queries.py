"""What somebody agreed to, and whether they are to be asked again."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from fourweek.consents.models import Consent
from fourweek.database import table
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.settings import Settings

CONSENT = table(Consent)
_OF: Select[Any] = (
    select(CONSENT.c.kind, CONSENT.c.version, CONSENT.c.given, CONSENT.c.at)
    .where(CONSENT.c.person_id == bindparam("person"))
    .order_by(CONSENT.c.at.desc(), CONSENT.c.id.desc())
)
SHOWN = 50


class ConsentKind(StrEnum):
    """What people are asked to agree to: how their data is treated, and the terms of taking part."""

    PRIVACY = "privacy"
    TERMS = "terms"


TITLES = {ConsentKind.PRIVACY: N_("The privacy notice"), ConsentKind.TERMS: N_("The terms")}


@dataclass(frozen=True, slots=True)
class Given:
    """The newest word of a person about a kind: which wording, whether they agreed, and when (real clock)."""

    kind: str
    version: str
    given: bool
    at: datetime


def asked(settings: Settings) -> dict[ConsentKind, str]:
    """What people are asked to agree to, with the version of its wording; nothing where no version is set."""
    versions = {ConsentKind.PRIVACY: settings.privacy_version, ConsentKind.TERMS: settings.terms_version}
    return {kind: version for kind, version in versions.items() if version}


def newest(conn: Connection, person_id: str) -> dict[str, Given]:
    """The newest word about each kind; one statement."""
    found: dict[str, Given] = {}
    for row in conn.execute(_OF, {"person": person_id}):
        found.setdefault(row.kind, Given(*row))
    return found


def history(conn: Connection, person_id: str) -> list[Row[Any]]:
    """What they agreed to and took back, the newest first, the last 50."""
    return list(conn.execute(_OF.limit(SHOWN), {"person": person_id}).all())


def due(conn: Connection, person_id: str, settings: Settings) -> dict[ConsentKind, str]:
    """What this person has still to be asked: kinds whose wording of now they have not agreed to."""
    wanted = asked(settings)
    said = newest(conn, person_id) if wanted else {}
    return {kind: version for kind, version in wanted.items() if not _agreed(said.get(kind), version)}


def _agreed(said: Given | None, version: str) -> bool:
    return said is not None and said.given and said.version == version
