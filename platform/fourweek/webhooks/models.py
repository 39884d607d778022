"""Where messages go, and each message on its way."""

from datetime import datetime

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Webhook(SQLModel, table=True):
    """An address that is told of `kinds` of events. `secret` signs the messages; it is shown once."""

    __tablename__ = "webhook"

    id: str = Field(primary_key=True, max_length=26)
    url: str = Field(max_length=500)
    title: str = Field(default="", max_length=120)
    secret: str = Field(max_length=100)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime = Field(sa_type=INSTANT)
    made_by: str | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookMessage(SQLModel, table=True):
    """One message to one address, once per `key`: the exact body, and how its last try ended.

    `status` is the HTTP status of the last answer, 0 while there was none. `try_at` is the next try, None when there is
    none to come. Real clock.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (UniqueConstraint("webhook_id", "key"),)

    id: str = Field(primary_key=True, max_length=26)
    webhook_id: str = Field(foreign_key="webhook.id", index=True)
    key: str = Field(max_length=200)
    kind: str = Field(max_length=60)
    body: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=INSTANT)
    try_at: datetime | None = Field(default=None, sa_type=INSTANT, index=True)
    attempts: int = 0
    tried_at: datetime | None = Field(default=None, sa_type=INSTANT)
    delivered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    status: int = 0
    problem: str = Field(default="", max_length=500)
