"""Achievements, awards and the signed forms of awards."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class OwnPicture(StrEnum):
    """Whether an achievement's picture is drawn, or one that its author brought."""

    DRAWN = "drawn"
    PNG = "png"
    SVG = "svg"


class Achievement(SQLModel, table=True):
    """What a badge says, frozen with a course version or with the rule of a series; exactly one of the two is named.

    `picture_sha256` and `svg_sha256` are its unbaked pictures in the store, "" until they are first needed; `icon` is
    a name of `picture.icons`. An award holds for `valid_months`, 0 for ever.
    """

    __tablename__ = "achievement"

    id: str = Field(primary_key=True, max_length=26)
    version_id: str | None = Field(default=None, foreign_key="course_version.id", unique=True)
    series_rule_id: str | None = Field(default=None, foreign_key="series_rule.id", unique=True, index=True)
    name: str = Field(max_length=200)
    description: str = Field(max_length=2000)
    criteria: str = Field(max_length=4000)
    icon: str = Field(default="", max_length=40)
    valid_months: int = 0
    own_picture: OwnPicture = Field(default=OwnPicture.DRAWN, sa_type=enum_type(OwnPicture))
    picture_sha256: str = Field(default="", max_length=64)
    svg_sha256: str = Field(default="", max_length=64)
    created_at: datetime = Field(sa_type=INSTANT)


class Award(SQLModel, table=True):
    """A badge earned: once per person, achievement and enrolment. `slug` is its unguessable public address.

    `snapshot` freezes what the badge says (name, course, hours, level per criterion, digests); `awarded_at` and
    `valid_until` are of the school's clock. `subject_id` names the holder in the credential, and `salt` hides their
    address there. `base_url` is the site's address that its identifier begins with, "" until it is first signed.

    `number` is the one that its newest signed form has, or will have once the worker signed it: stating it anew takes
    the next, and `why` says why. The enrolment of a series' badge is the one that completed the series.

    A revoked award is shown as revoked, with `revoked_why`. A withdrawn one is no longer shown at all (410).
    """

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("person_id", "achievement_id", "enrolment_id"),
        Index(
            "uq_award_series",
            "person_id",
            "achievement_id",
            unique=True,
            sqlite_where=text("series_id IS NOT NULL"),
            postgresql_where=text("series_id IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    slug: str = Field(max_length=40, unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    achievement_id: str = Field(foreign_key="achievement.id", index=True)
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    series_id: str | None = Field(default=None, foreign_key="series.id", index=True)
    renews_id: str | None = Field(default=None, foreign_key="award.id", index=True)
    awarded_at: datetime = Field(sa_type=INSTANT)
    valid_until: datetime | None = Field(default=None, sa_type=INSTANT, index=True)
    subject_id: str = Field(max_length=60)
    salt: str = Field(max_length=64)
    base_url: str = Field(default="", max_length=300)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    number: int = 1
    why: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_by: str | None = Field(default=None, foreign_key="person.id")
    revoked_why: str = Field(default="", max_length=500)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_why: str = Field(default="", max_length=500)


class CredentialIssue(SQLModel, table=True):
    """One signed form of an award: the exact bytes, served as they are. The newest `number` is the one that holds.

    `document` carries the embedded proof, made with `key_id` (multibase); `jwt` is the same credential as VC-JWT, made
    with `jwt_key_id` (RFC 7638 thumbprint). Both pictures are the baked ones in the store. Forms from before status
    lists have no `jwt`, no SVG and no `status_entry_id`; the worker signs them anew.
    """

    __tablename__ = "credential_issue"
    __table_args__ = (UniqueConstraint("award_id", "number"),)

    id: str = Field(primary_key=True, max_length=26)
    award_id: str = Field(foreign_key="award.id")
    number: int
    why: str = Field(default="", max_length=500)
    document: bytes = Field(sa_type=LargeBinary)
    document_sha256: str = Field(max_length=64, index=True)
    picture_sha256: str = Field(max_length=64)
    key_id: str = Field(max_length=100)
    jwt: str = Field(default="", sa_type=Text)
    jwt_sha256: str = Field(default="", max_length=64, index=True)
    jwt_key_id: str = Field(default="", max_length=100)
    svg_sha256: str = Field(default="", max_length=64)
    status_entry_id: str | None = Field(default=None, foreign_key="status_entry.id")
    issued_at: datetime = Field(sa_type=INSTANT)


class CredentialCheck(SQLModel, table=True):
    """The last check of a signed form by our own verifier: when, and what each step found.

    `mark` tells what it was made under (keys, status); another mark asks for a new check. Real clock.
    """

    __tablename__ = "credential_check"

    issue_id: str = Field(primary_key=True, foreign_key="credential_issue.id", max_length=26)
    checked_at: datetime = Field(sa_type=INSTANT)
    mark: str = Field(max_length=64)
    report: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class IssuerAddress(SQLModel, table=True):
    """An address of the site under which badges were or may be signed. Rows are only added.

    The first is noted when the first badge is signed. Badges keep the address they were first signed under.
    """

    __tablename__ = "issuer_address"

    id: str = Field(primary_key=True, max_length=26)
    base_url: str = Field(max_length=300, unique=True)
    noted_at: datetime = Field(sa_type=INSTANT)
    why: str = Field(default="", max_length=500)
