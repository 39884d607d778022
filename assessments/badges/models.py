"""Achievements, awards and the signed forms of awards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Achievement(SQLModel, table=True):
    """What a badge says, frozen with a course version.

    `picture_sha256` is its unbaked PNG in the store; "" until it is first needed.
    """

    __tablename__ = "achievement"

    id: str = Field(primary_key=True, max_length=26)
    version_id: str = Field(foreign_key="course_version.id", unique=True)
    name: str = Field(max_length=200)
    description: str = Field(max_length=2000)
    criteria: str = Field(max_length=4000)
    picture_sha256: str = Field(default="", max_length=64)
    created_at: datetime = Field(sa_type=INSTANT)


class Award(SQLModel, table=True):
    """A badge earned: once per person, achievement and enrolment. `slug` is its unguessable public address.

    `snapshot` freezes what the badge says (name, course, hours, level per criterion, digests); `awarded_at` is the
    school's clock. `subject_id` names the holder in the credential, and `salt` hides their address there.
    """

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("person_id", "achievement_id", "enrolment_id"),)

    id: str = Field(primary_key=True, max_length=26)
    slug: str = Field(max_length=40, unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    achievement_id: str = Field(foreign_key="achievement.id")
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    awarded_at: datetime = Field(sa_type=INSTANT)
    subject_id: str = Field(max_length=60)
    salt: str = Field(max_length=64)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    recorded_at: datetime = Field(sa_type=INSTANT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class CredentialIssue(SQLModel, table=True):
    """One signed form of an award: the exact bytes, served as they are. The newest `number` is the one that holds.

    `key_id` is the public key (multibase) that it holds under, `picture_sha256` its baked PNG in the store.
    """

    __tablename__ = "credential_issue"
    __table_args__ = (UniqueConstraint("award_id", "number"),)

    id: str = Field(primary_key=True, max_length=26)
    award_id: str = Field(foreign_key="award.id")
    number: int
    document: bytes = Field(sa_type=LargeBinary)
    document_sha256: str = Field(max_length=64, index=True)
    picture_sha256: str = Field(max_length=64)
    key_id: str = Field(max_length=100)
    issued_at: datetime = Field(sa_type=INSTANT)
