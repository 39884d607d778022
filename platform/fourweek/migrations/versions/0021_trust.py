"""Accounts of one's own making, second factors, sign-in by a provider, tokens, consents, erasure; roles by scope."""

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT, WHOLE

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

GROWING = ("consent",)
"""Tables whose rows are only added."""


def upgrade() -> None:
    _columns()
    _tables()
    _letters_to_nobody(nullable=True)
    _only_grow()


def downgrade() -> None:
    """Second factors, identities at a provider, tokens, consents and wishes to be erased go; people stay."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GROWING:
        for act in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgres else ""))
    op.execute("DELETE FROM outbox_message WHERE person_id IS NULL")  # letters to people who are not there yet
    _letters_to_nobody(nullable=False)
    for table in ("totp_secret", "recovery_code", "openid_request", "openid_identity", "known_device"):
        op.drop_table(table)
    for table in ("erasure_request", "consent", "api_token", "sign_up"):
        op.drop_table(table)
    op.drop_index(op.f("ix_sign_in_previous_hash"), table_name="sign_in")
    _drop("sign_in", "code_at", "previous_until", "previous_hash", "renew", "waiting", "way")
    op.execute("DELETE FROM role_grant WHERE scope_kind IN ('course', 'section')")  # such roles were not known
    _drop("role_grant", "granted_by", "source", "scope_kind")
    _drop("person", "erased_at")
    _drop("password_link", "purpose")


def _columns() -> None:
    op.add_column("password_link", _enum("purpose", "linkpurpose", "first", "reset", default="first"))
    op.add_column("person", sa.Column("erased_at", INSTANT(), nullable=True))
    op.add_column(
        "role_grant",
        _enum("scope_kind", "scopekind", "institution", "course", "cohort", "section", default="institution"),
    )
    op.execute("UPDATE role_grant SET scope_kind = 'cohort' WHERE scope_id <> ''")
    op.add_column("role_grant", _enum("source", "grantsource", "hand", "provider", default="hand"))
    _point("role_grant", "granted_by", "person")
    op.add_column("sign_in", _enum("way", "signinway", "password", "link", "provider", default="password"))
    op.add_column("sign_in", sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_in", sa.Column("renew", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_in", sa.Column("previous_hash", sa.String(length=64), nullable=True))
    op.add_column("sign_in", sa.Column("previous_until", INSTANT(), nullable=True))
    op.add_column("sign_in", sa.Column("code_at", INSTANT(), nullable=True))
    op.create_index(op.f("ix_sign_in_previous_hash"), "sign_in", ["previous_hash"], unique=False)


def _tables() -> None:
    op.create_table(
        "sign_up",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT(), nullable=False),
        sa.Column("ends_at", INSTANT(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("used_at", INSTANT(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_up_token_hash")),
    )
    op.create_index(op.f("ix_sign_up_address"), "sign_up", ["address"], unique=False)
    op.create_index(op.f("ix_sign_up_ends_at"), "sign_up", ["ends_at"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("ends_at", INSTANT(), nullable=False),
        sa.Column("used_at", INSTANT(), nullable=True),
        sa.Column("revoked_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("finished_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_erasure_request_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_erasure_request_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_person_id"), "erasure_request", ["person_id"], unique=False)
    op.create_index(
        "uq_erasure_request_open",
        "erasure_request",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "known_device",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("seen_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_device_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("token_hash", "person_id", name=op.f("uq_known_device_token_hash_person_id")),
    )
    op.create_index(op.f("ix_known_device_person_id"), "known_device", ["person_id"], unique=False)
    op.create_table(
        "openid_identity",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("seen_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_openid_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openid_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_openid_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_openid_identity_person_id"), "openid_identity", ["person_id"], unique=False)
    op.create_table(
        "openid_request",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("goes_to", sa.String(length=1000), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("ends_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_openid_request_person_id")),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_openid_request")),
    )
    op.create_index(op.f("ix_openid_request_ends_at"), "openid_request", ["ends_at"], unique=False)
    op.create_index(op.f("ix_openid_request_person_id"), "openid_request", ["person_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("used_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False)
    op.create_table(
        "totp_secret",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(length=500), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("confirmed_at", INSTANT(), nullable=True),
        sa.Column("last_step", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_totp_secret_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp_secret")),
    )


def _letters_to_nobody(*, nullable: bool) -> None:
    """Whether a letter may go to an address that is nobody's yet. SQLite makes the table anew for that."""
    op.drop_index("ix_outbox_message_unread", "outbox_message")
    with op.batch_alter_table("outbox_message") as batch:
        batch.alter_column("person_id", existing_type=sa.String(), nullable=nullable)
    op.create_index(
        "ix_outbox_message_unread",
        "outbox_message",
        ["person_id", "shown_from"],
        sqlite_where=sa.text("in_product = 1 AND seen_at IS NULL"),
        postgresql_where=sa.text("in_product AND seen_at IS NULL"),
    )


def _only_grow() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GROWING:
        if not postgres:
            for act in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            continue
        for act, scope in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"FOR EACH {scope} EXECUTE FUNCTION refuse_change()"
            )


def _point(table: str, column: str, target: str) -> None:
    """A new column that may point to a row of `target`.

    SQLite takes a foreign key only with the column itself, and PostgreSQL understands the same words.
    """
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
    )


def _drop(table: str, *columns: str) -> None:
    """Drop columns, each with the index that has its name."""
    found = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    for column in columns:
        if f"ix_{table}_{column}" in found:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.drop_column(table, column)


def _enum(column: str, name: str, *values: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, length=40)
    return sa.Column(column, kind, nullable=False, server_default=default)
