"""People, their addresses, passwords, sign-ins and roles."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class Role(StrEnum):
    """What a person may be. A learner is one by enrolment and needs no grant."""

    INSTRUCTOR = "instructor"
    GRADER = "grader"
    LEAD = "lead"
    AUTHOR = "author"
    REGISTRAR = "registrar"
    OPERATOR = "operator"


class Person(SQLModel, table=True):
    """`seen_at` is when one of their sign-ins was last used (real clock), within SEEN_STEP; it outlives the sign-in.

    `merged_into_id` names the person who this account was found to belong to; such an account cannot sign in.
    """

    __tablename__ = "person"

    id: str = Field(primary_key=True, max_length=26)
    learner_number: str = Field(max_length=20, unique=True)
    legal_name: str = Field(max_length=200)
    display_name: str = Field(max_length=200)
    zone: str = Field(default="UTC", max_length=64)
    created_at: datetime = Field(sa_type=INSTANT)
    disabled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    seen_at: datetime | None = Field(default=None, sa_type=INSTANT)
    merged_into_id: str | None = Field(default=None, foreign_key="person.id")


class EmailAddress(SQLModel, table=True):
    """An address of a person, lower case. Mail goes to the primary one."""

    __tablename__ = "email_address"

    address: str = Field(primary_key=True, max_length=320)
    person_id: str = Field(foreign_key="person.id", index=True)
    is_primary: bool = True
    verified_at: datetime | None = Field(default=None, sa_type=INSTANT)


class PasswordHash(SQLModel, table=True):
    __tablename__ = "password_hash"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    hash: str = Field(max_length=300)
    changed_at: datetime = Field(sa_type=INSTANT)


class PasswordLink(SQLModel, table=True):
    """A link in a letter to `address` with which a person without a password sets one, once.

    Only the SHA-256 of its token is kept. Instants are of the real clock.
    """

    __tablename__ = "password_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(foreign_key="person.id", index=True)
    address: str = Field(max_length=320)
    made_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class SignIn(SQLModel, table=True):
    """One signed-in browser. Only the SHA-256 of its cookie is kept."""

    __tablename__ = "sign_in"

    id: str = Field(primary_key=True, max_length=26)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=INSTANT)
    seen_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    device: str = Field(default="", max_length=200)


class RoleGrant(SQLModel, table=True):
    """A role, for the whole institution or for one cohort (`scope_id`, "" means the institution)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope_id"),
        Index("ix_role_grant_scope", "scope_id", "role"),
    )

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=enum_type(Role))
    scope_id: str = Field(default="", max_length=26)
    granted_at: datetime = Field(sa_type=INSTANT)


class AddressLink(SQLModel, table=True):
    """A link in a letter to `address` that makes it a further address of the person, once.

    Only the SHA-256 of its token is kept. Instants are of the real clock.
    """

    __tablename__ = "address_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(foreign_key="person.id", index=True)
    address: str = Field(max_length=320)
    made_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
