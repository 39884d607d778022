"""Sign-in by the institution's own provider (OpenID Connect): who is who there, and requests under way."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class OpenIdIdentity(SQLModel, table=True):
    """The person that a provider calls `subject`; only that never changes there, addresses and names may."""

    __tablename__ = "openid_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: str = Field(primary_key=True, max_length=26)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    person_id: str = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=INSTANT)
    seen_at: datetime = Field(sa_type=INSTANT)


class OpenIdRequest(SQLModel, table=True):
    """A browser that was sent to the provider and is to come back. `person_id`: who wants the identity added.

    `state_hash` and `browser_hash` are SHA-256 of what the address and a cookie carry; `verifier` is that of PKCE.
    """

    __tablename__ = "openid_request"

    state_hash: str = Field(primary_key=True, max_length=64)
    browser_hash: str = Field(max_length=64)
    nonce: str = Field(max_length=64)
    verifier: str = Field(max_length=128)
    goes_to: str = Field(default="", max_length=1000)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT, index=True)
