"""What people want to be told, and how."""

from sqlmodel import Field, SQLModel


class NoticeChoice(SQLModel, table=True):
    """One kind of notice that a person has turned off, by mail or in the product; without a row both are on."""

    __tablename__ = "notice_choice"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    kind: str = Field(primary_key=True, max_length=60)
    by_mail: bool = True
    in_product: bool = True


class UnsubscribeAddress(SQLModel, table=True):
    """The random part of the address with which a person's mail can be turned off, and nothing else be done."""

    __tablename__ = "unsubscribe_address"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    token: str = Field(max_length=64, unique=True)
