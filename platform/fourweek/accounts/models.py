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


class ScopeKind(StrEnum):
    """What a role is given for. A role for a course holds in each of its cohorts, one for a cohort in its sections."""

    INSTITUTION = "institution"
    COURSE = "course"
    COHORT = "cohort"
    SECTION = "section"


class GrantSource(StrEnum):
    """Who gave a role: a person, or the sign-in provider by what it claims. Neither takes away what the other gave."""

    HAND = "hand"
    PROVIDER = "provider"


class LinkPurpose(StrEnum):
    """What a link of a letter sets: a first password, or another one in place of a forgotten one."""

    FIRST = "first"
    RESET = "reset"


class SignInWay(StrEnum):
    PASSWORD = "password"  # noqa: S105
    LINK = "link"
    PROVIDER = "provider"


class Person(SQLModel, table=True):
    """`language` is the one they chose for their pages and letters, "" for none.

    `seen_at` is when one of their sign-ins was last used (real clock), within SEEN_STEP; it outlives the sign-in.

    `merged_into_id` names the person who this account was found to belong to; such an account cannot sign in.
    `erased_at` is when all about them was removed that no duty of record keeps; nobody signs in after that either.
    """

    __tablename__ = "person"

    id: str = Field(primary_key=True, max_length=26)
    learner_number: str = Field(max_length=20, unique=True)
    legal_name: str = Field(max_length=200)
    display_name: str = Field(max_length=200)
    zone: str = Field(default="UTC", max_length=64)
    language: str = Field(default="", max_length=8)
    created_at: datetime = Field(sa_type=INSTANT)
    disabled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    seen_at: datetime | None = Field(default=None, sa_type=INSTANT)
    merged_into_id: str | None = Field(default=None, foreign_key="person.id")
    erased_at: datetime | None = Field(default=None, sa_type=INSTANT)


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
    """A link in a letter to `address` with which a person sets a first password, or a new one, once.

    Only the SHA-256 of its token is kept. Instants are of the real clock.
    """

    __tablename__ = "password_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(foreign_key="person.id", index=True)
    address: str = Field(max_length=320)
    made_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    purpose: LinkPurpose = Field(default=LinkPurpose.FIRST, sa_type=enum_type(LinkPurpose))


class SignUp(SQLModel, table=True):
    """Somebody's wish for an account, until the letter to `address` is answered. No person is there before that.

    The token is made as the letter leaves; only its SHA-256 is kept. Instants are of the real clock.
    """

    __tablename__ = "sign_up"

    id: str = Field(primary_key=True, max_length=26)
    address: str = Field(max_length=320, index=True)
    legal_name: str = Field(max_length=200)
    zone: str = Field(max_length=64)
    asked_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT, index=True)
    token_hash: str | None = Field(default=None, max_length=64, unique=True)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class KnownDevice(SQLModel, table=True):
    """A browser in which a person has signed in before: limits of tries upon the account do not slow it.

    Only the SHA-256 of its cookie is kept; one browser may be known for several people.
    """

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("token_hash", "person_id"),)

    id: str = Field(primary_key=True, max_length=26)
    token_hash: str = Field(max_length=64)
    person_id: str = Field(foreign_key="person.id", index=True)
    name: str = Field(default="", max_length=200)
    made_at: datetime = Field(sa_type=INSTANT)
    seen_at: datetime = Field(sa_type=INSTANT)


class SignIn(SQLModel, table=True):
    """One signed-in browser. Only the SHA-256 of its cookie is kept.

    While `waiting`, the password was right and the code of the second factor is still asked for: nobody is signed in.
    `renew` says that a right changed: the next request gets a new cookie, and `previous_hash` is taken until
    `previous_until` (`accounts/renewing.py`). `code_at` is when a code was last given, or a password after the sign-in;
    it counts for `token_hash`, not for the one before.
    """

    __tablename__ = "sign_in"

    id: str = Field(primary_key=True, max_length=26)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=INSTANT)
    seen_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    device: str = Field(default="", max_length=200)
    way: SignInWay = Field(default=SignInWay.PASSWORD, sa_type=enum_type(SignInWay))
    waiting: bool = False
    renew: bool = False
    previous_hash: str | None = Field(default=None, max_length=64, index=True)
    previous_until: datetime | None = Field(default=None, sa_type=INSTANT)
    code_at: datetime | None = Field(default=None, sa_type=INSTANT)


class RoleGrant(SQLModel, table=True):
    """A role, for the whole institution or for one course, cohort or section (`scope_id`, "" means the institution)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope_id"),
        Index("ix_role_grant_scope", "scope_id", "role"),
    )

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=enum_type(Role))
    scope_id: str = Field(default="", max_length=26)
    scope_kind: ScopeKind = Field(default=ScopeKind.INSTITUTION, sa_type=enum_type(ScopeKind))
    source: GrantSource = Field(default=GrantSource.HAND, sa_type=enum_type(GrantSource))
    granted_at: datetime = Field(sa_type=INSTANT)
    granted_by: str | None = Field(default=None, foreign_key="person.id")


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
