"""Words in rows that only grow, or that were handed in, may become empty for good; nothing else of them changes.

Erasing a person needs that. Numbers, ids, outcomes and instants stay as they were written.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WORDS = {
    "decision": "comment reason",
    "decision_line": "comment",
    "grader_note": "text",
    "reveal": "reason",
    "decision_review": "note",
    "appeal_line": "argument",
    "appeal_message": "text",
    "identity_check": "note",
    "credit_hold": "why",
}
"""The words of tables that only grow."""
OTHERS = {
    "decision": "id submission_id outcome rubric_id rating_id decided_by decided_at supersedes_id way rule_id",
    "decision_line": "decision_id criterion_id level_id met",
    "grader_note": "id submission_id author_id written_at",
    "reveal": "id enrolment_id assignment_key lead_id revealed_at",
    "decision_review": "decision_id result reviewed_by reviewed_at",
    "appeal_line": "appeal_id criterion_id",
    "appeal_message": "id appeal_id author_id written_at",
    "identity_check": "id person_id method checked_on passed recorded_by recorded_at",
    "credit_hold": "id person_id enrolment_id act cause lifts_id at by",
}
"""All their other columns."""
EVIDENCE = "id submission_id requirement_id position kind media_type size"
NAMING = "file_name note sha256"
CHECK_TRY = "id submission_id requirement_id number drawn begun_at saved_at finished_at asked needed right passed"
SUBMISSION = "enrolment_id assignment_id rubric_id attempt submitted_at receipt late late_rule integrity closed_slots"


def upgrade() -> None:
    for table, words in WORDS.items():
        _growing(table, f"{_empty(words)} AND {_same(OTHERS[table])}")
    naming = " AND ".join(f"({_same(name)} OR NEW.{name} = '')" for name in NAMING.split())
    first = f"OLD.purged_at IS NULL AND NEW.purged_at IS NOT NULL AND {naming}"
    later = f"OLD.purged_at IS NOT NULL AND {_same('purged_at')} AND OLD.sha256 <> '' AND {_empty(NAMING)}"
    _frozen("evidence", f"{_empty('text url')} AND {_same(EVIDENCE)} AND (({first}) OR ({later}))")
    _frozen("check_try", f"CAST(NEW.answers AS VARCHAR) = '{{}}' AND {_same(CHECK_TRY)}")
    _submission(f"NOT ({_same(SUBMISSION)}) OR (NEW.changes <> '' AND NOT ({_same('changes')}))")


def downgrade() -> None:
    for table in WORDS:
        _growing(table, "")
    once = "OLD.purged_at IS NULL AND NEW.purged_at IS NOT NULL"
    _frozen("evidence", f"{once} AND {_empty('text url')} AND {_same(EVIDENCE)} AND {_same(NAMING)}")
    _frozen("check_try", "")
    _submission(f"NOT ({_same(SUBMISSION)} AND {_same('changes')})")


def _postgres() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


def _empty(columns: str) -> str:
    return " AND ".join(f"NEW.{name} = ''" for name in columns.split())


def _same(columns: str) -> str:
    """Compared as text on PostgreSQL, which cannot compare what is JSON."""
    if _postgres():
        return " AND ".join(f'NEW."{one}"::text IS NOT DISTINCT FROM OLD."{one}"::text' for one in columns.split())
    return " AND ".join(f'NEW."{one}" IS OLD."{one}"' for one in columns.split())


def _growing(table: str, allowed: str) -> None:
    """The trigger of a table that only grows, anew; `allowed` is the one change that it lets pass."""
    op.execute(f"DROP TRIGGER {table}_no_update" + (f" ON {table}" if _postgres() else ""))
    unless = f"WHEN (NOT ({allowed})) " if allowed else ""
    if _postgres():
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW {unless}EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {unless}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _frozen(table: str, allowed: str) -> None:
    """The trigger of a table whose rows are fixed once their submission was handed in, anew; as `_growing`."""
    op.execute(f"DROP TRIGGER {table}_frozen_update" + (f" ON {table}" if _postgres() else ""))
    if _postgres():
        unless = f"WHEN (NOT ({allowed})) " if allowed else ""
        op.execute(
            f"CREATE TRIGGER {table}_frozen_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW {unless}EXECUTE FUNCTION refuse_handed_in()"
        )
        return
    handed_in = "(SELECT state FROM submission WHERE id = OLD.submission_id) <> 'draft'"
    unless = f" AND NOT ({allowed})" if allowed else ""
    op.execute(
        f"CREATE TRIGGER {table}_frozen_update BEFORE UPDATE ON {table} WHEN {handed_in}{unless} "
        f"BEGIN SELECT RAISE(ABORT, '{table} was handed in'); END"
    )


def _submission(changed: str) -> None:
    """What is refused of a submission that was handed in: to become a draft again, and what `changed` says."""
    refused = f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})"
    if _postgres():
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_submitted() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {refused} THEN RAISE EXCEPTION 'submission was handed in'; END IF; RETURN NEW; END $$"
        )
        return
    op.execute("DROP TRIGGER submission_frozen")
    op.execute(
        f"CREATE TRIGGER submission_frozen BEFORE UPDATE ON submission WHEN {refused} "
        "BEGIN SELECT RAISE(ABORT, 'submission was handed in'); END"
    )
