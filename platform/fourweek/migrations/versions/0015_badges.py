"""Status lists, a second proof, revocation, choices of earners, badges of series, and messages to other programs."""

import sqlalchemy as sa
from alembic import op

from fourweek.database import INSTANT

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

GROWING = ("issuer_address", "series_rule", "series_rule_course")
"""Tables whose rows are only added."""


def upgrade() -> None:
    _series_rules()
    _achievements()
    _awards()
    _status()
    _issues()
    _choices()
    _webhooks()
    _only_grow()


def downgrade() -> None:
    """Badges of series go: what was before had no place for them."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GROWING:
        for act in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgres else ""))
    for table in ("address_link", "webhook_message", "webhook", "award_address", "shared_evidence", "award_choice"):
        op.drop_table(table)
    op.drop_table("credential_check")
    _drop("credential_issue", "status_entry_id", "svg_sha256", "jwt_key_id", "jwt_sha256", "jwt", "why")
    op.drop_table("status_entry")
    op.drop_table("status_list")
    op.drop_table("issuer_address")
    _drop_series_badges(postgres=postgres)
    op.drop_index("uq_award_series", table_name="award")
    _drop("award", "withdrawn_why", "revoked_why", "revoked_by", "revoked_at", "why", "number", "base_url")
    _drop("award", "valid_until", "renews_id", "series_id")
    op.drop_index("ix_award_achievement_id", table_name="award")
    _drop("achievement", "svg_sha256", "own_picture", "valid_months", "icon", "series_rule_id")
    _need_version(needed=True)
    op.drop_table("series_rule_course")
    op.drop_table("series_rule")


def _series_rules() -> None:
    op.create_table(
        "series_rule",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("series_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _enum("kind", "stackkind", "all", "some"),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("within_months", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        *_keys("series_rule", "series_id", made_by="person"),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_series_rule_series_id_number")),
    )
    op.create_table(
        "series_rule_course",
        sa.Column("rule_id", sa.String(length=26), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_keys("series_rule_course", "course_id", primary=("rule_id", "course_id"), rule_id="series_rule"),
    )
    _index("series_rule_course", "course_id")


def _achievements() -> None:
    _point("achievement", "series_rule_id", "series_rule")
    op.create_index(op.f("ix_achievement_series_rule_id"), "achievement", ["series_rule_id"], unique=True)
    op.add_column("achievement", sa.Column("icon", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("achievement", sa.Column("valid_months", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("achievement", _enum("own_picture", "ownpicture", "drawn", "png", "svg", default="drawn"))
    op.add_column("achievement", sa.Column("svg_sha256", sa.String(length=64), nullable=False, server_default=""))
    _need_version(needed=False)


def _need_version(*, needed: bool) -> None:
    """Whether an achievement needs a course version.

    SQLite has no statement for it. Its manual ("Making Other Kinds Of Table Schema Changes") gives this way for taking
    NOT NULL away, which leaves the table and all that points to it as they are.
    """
    conn = op.get_bind()
    if conn.dialect.name == "postgresql":
        op.alter_column("achievement", "version_id", existing_type=sa.String(), nullable=not needed)
        return
    forms = ("version_id VARCHAR,", "version_id VARCHAR NOT NULL,")
    before, after = forms if needed else forms[::-1]
    version = conn.execute(sa.text("PRAGMA schema_version")).scalar_one()
    conn.execute(sa.text("PRAGMA writable_schema=ON"))
    changed = conn.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'achievement' AND instr(sql, :before) > 0"
        ),
        {"before": before, "after": after},
    )
    if changed.rowcount != 1:
        raise RuntimeError("The table achievement is not as this migration expects it.")
    conn.execute(sa.text(f"PRAGMA schema_version={int(version) + 1}"))
    conn.execute(sa.text("PRAGMA writable_schema=OFF"))


def _awards() -> None:
    _point("award", "series_id", "series")
    _point("award", "renews_id", "award")
    op.add_column("award", sa.Column("valid_until", INSTANT, nullable=True))
    op.add_column("award", sa.Column("base_url", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("award", sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("award", sa.Column("why", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("award", sa.Column("revoked_at", INSTANT, nullable=True))
    _point("award", "revoked_by", "person")
    op.add_column("award", sa.Column("revoked_why", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("award", sa.Column("withdrawn_why", sa.String(length=500), nullable=False, server_default=""))
    for column in ("achievement_id", "series_id", "renews_id", "valid_until"):
        _index("award", column)
    stacked = sa.text("series_id IS NOT NULL")
    op.create_index(
        "uq_award_series",
        "award",
        ["person_id", "achievement_id"],
        unique=True,
        sqlite_where=stacked,
        postgresql_where=stacked,
    )
    op.create_table(
        "issuer_address",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        *_keys("issuer_address"),
        sa.UniqueConstraint("base_url", name=op.f("uq_issuer_address_base_url")),
    )


def _status() -> None:
    op.create_table(
        "status_list",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("signed_changes", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("key_id", sa.String(length=100), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *_keys("status_list"),
        sa.UniqueConstraint("number", name=op.f("uq_status_list_number")),
    )
    op.create_table(
        "status_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.String(), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("set_at", INSTANT, nullable=True),
        *_keys("status_entry", "award_id", list_id="status_list"),
        sa.UniqueConstraint("list_id", "place", name=op.f("uq_status_entry_list_id_place")),
    )
    _index("status_entry", "award_id")


def _issues() -> None:
    op.add_column("credential_issue", sa.Column("why", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("credential_issue", sa.Column("jwt", sa.Text(), nullable=False, server_default=""))
    for name, length in (("jwt_sha256", 64), ("jwt_key_id", 100), ("svg_sha256", 64)):
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("credential_issue", column)
    _point("credential_issue", "status_entry_id", "status_entry")
    _index("credential_issue", "jwt_sha256")
    op.create_table(
        "credential_check",
        sa.Column("issue_id", sa.String(length=26), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        *_keys("credential_check", primary=("issue_id",), issue_id="credential_issue"),
    )


def _choices() -> None:
    op.create_table(
        "award_choice",
        sa.Column("award_id", sa.String(length=26), nullable=False),
        _enum("holder", "holdershown", "name", "initials"),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        *_keys("award_choice", "award_id", primary=("award_id",)),
    )
    op.create_table(
        "shared_evidence",
        sa.Column("award_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shared_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_keys("shared_evidence", "award_id", primary=("award_id", "sha256")),
    )
    op.create_table(
        "award_address",
        sa.Column("award_id", sa.String(length=26), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        *_keys("award_address", "award_id", primary=("award_id", "address")),
    )
    op.create_table(
        "address_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        *_keys("address_link", "person_id", primary=("token_hash",)),
    )
    _index("address_link", "person_id")


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_keys("webhook", made_by="person"),
    )
    op.create_table(
        "webhook_message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("try_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        *_keys("webhook_message", "webhook_id"),
        sa.UniqueConstraint("webhook_id", "key", name=op.f("uq_webhook_message_webhook_id_key")),
    )
    for column in ("webhook_id", "try_at"):
        _index("webhook_message", column)


def _drop_series_badges(*, postgres: bool) -> None:
    """Awards of series with their signed forms, which nothing may delete otherwise."""
    gone = "award_id IN (SELECT id FROM award WHERE series_id IS NOT NULL)"
    if postgres:
        op.execute("ALTER TABLE credential_issue DISABLE TRIGGER credential_issue_no_delete")
    else:
        op.execute("DROP TRIGGER credential_issue_no_delete")
    op.execute(f"DELETE FROM credential_issue WHERE {gone}")  # noqa: S608 the words are this function's own
    if postgres:
        op.execute("ALTER TABLE credential_issue ENABLE TRIGGER credential_issue_no_delete")
    else:
        op.execute(
            "CREATE TRIGGER credential_issue_no_delete BEFORE DELETE ON credential_issue "
            "BEGIN SELECT RAISE(ABORT, 'credential_issue is append-only'); END"
        )
    op.execute("DELETE FROM award WHERE series_id IS NOT NULL")
    op.execute("DELETE FROM achievement WHERE version_id IS NULL")


def _drop(table: str, *columns: str) -> None:
    """Drop columns, each with the index that has its name."""
    found = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    for column in columns:
        if f"ix_{table}_{column}" in found:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.drop_column(table, column)


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


def _keys(table: str, *columns: str, primary: tuple[str, ...] = ("id",), **others: str) -> list[sa.Constraint]:
    """The primary key and the foreign ones: `person_id` points to person.id, `others` maps a column to its table."""
    points = {column: column.removesuffix("_id") for column in columns} | others
    return [
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in points.items()
        ),
        sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}")),
    ]


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _enum(column: str, name: str, *values: str, default: str | None = None) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, length=40)
    return sa.Column(column, kind, nullable=False, server_default=default)
