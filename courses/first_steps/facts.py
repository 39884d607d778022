"""What of a new school is done: each tick is a fact of the data or the settings, asked anew each time."""

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, exists, func, literal, select

from courses.catalogue.models import CourseVersion
from courses.cohorts.models import Cohort
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, GRANT, PERSON, Permission, Visitor
from fourweek.accounts.models import Role
from fourweek.accounts.second.models import TotpSecret
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.settings import Settings

VERSION, COHORT, TOTP = table(CourseVersion), table(Cohort), table(TotpSecret)
LAST_BACKUP: Final = "last.json"
ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page of first steps ticks. `backup` is when the last one was made.

    `registrars` is ticked for two of them, since nobody decides alone about the record.
    """

    named: bool
    address: bool
    mail: bool
    backup: Said | None
    second_factor: bool
    others: bool
    registrars: bool
    course: bool
    cohort: bool
    may_write: bool
    institution: str
    public_url: str
    mail_folder: str

    @property
    def open_steps(self) -> int:
        ticks = (self.named, self.address, self.mail, self.backup, self.second_factor)
        return sum(not one for one in (*ticks, self.others, self.registrars, self.course, self.cohort))


def facts(conn: Connection, visitor: Visitor, settings: Settings, last_backup: datetime | None) -> Facts:
    """One statement beyond who asks. Raises Forbidden for anybody but an operator."""
    me = visitor.need(Permission.SET_UP)
    row: Any = conn.execute(_asked(me.id)).one()
    return Facts(
        named=settings.institution != Settings.model_fields["institution"].default,
        address=settings.secure,
        mail=bool(settings.smtp_url),
        backup=say_instant(last_backup, zone(me.zone)) if last_backup else None,
        second_factor=row.second_factor,
        others=row.others,
        registrars=row.registrars >= ENOUGH,
        course=row.course,
        cohort=row.cohort,
        may_write=me.may_anywhere(Permission.PUBLISH_COURSE),
        institution=settings.institution,
        public_url=settings.public_url,
        mail_folder=str(settings.mail),
    )


def _asked(me: str) -> Any:
    factor = TOTP.c.person_id == me, TOTP.c.confirmed_at.is_not(None)
    keepers = select(func.count()).where(GRANT.c.role == Role.REGISTRAR, GRANT.c.scope_id == EVERYWHERE)
    return select(
        exists().where(*factor).label("second_factor"),
        exists().where(PERSON.c.id != literal(me)).label("others"),
        keepers.scalar_subquery().label("registrars"),
        exists().where(VERSION.c.id.is_not(None)).label("course"),
        exists().where(COHORT.c.id.is_not(None)).label("cohort"),
    )


def last_backup(settings: Settings) -> datetime | None:
    """When the newest backup was made, by the note that `fourweek backup` leaves; a file, so never on the loop."""
    try:
        said = json.loads((settings.backups / LAST_BACKUP).read_text("utf-8"))["made_at"]
        return datetime.fromisoformat(said)
    except (OSError, ValueError, KeyError, TypeError):
        return None
