"""What erasure does to everything that points to a person.

Each column of the database that does so stands in one of the lists below; a test holds them complete.
"""

from typing import Any, Final

from sqlalchemy import Column, Table

from fourweek.migrations.tables import metadata

TABLES: Final = metadata.tables

ENTRANCE: Final = (
    "sign_in.person_id",
    "known_device.person_id",
    "password_hash.person_id",
    "password_link.person_id",
    "address_link.person_id",
    "totp_secret.person_id",
    "recovery_code.person_id",
    "openid_identity.person_id",
    "openid_request.person_id",
    "api_token.person_id",
    "role_grant.person_id",
    "section_grader.grader_id",
    "calendar_address.person_id",
)
"""What lets somebody in, or works for them: deleted in the transaction of the decision."""
DELETED: Final = (
    "place_request.person_id",
    "upload.person_id",
    "licence.person_id",
    "stated_credit.person_id",
    "name_change.person_id",
    "grading_conflict.person_id",
    "grading_conflict.grader_id",
    "claim.grader_id",
    "notice_choice.person_id",
    "unsubscribe_address.person_id",
)
"""What is the person's own and nothing else rests on: deleted by the worker."""
AT_LAST: Final = ("outbox_message.person_id", "email_address.person_id")
"""Deleted once the letter about the erasure has left."""
EMPTIED: Final = (
    "question.author_id",
    "reply.author_id",
    "appeal_message.author_id",
    "bank_comment.owner_id",
)
"""Their own words go and the row stays, so that what others said beside it keeps its place.

A message of an appeal goes with the work it is about; of a bank of comments those go that were not shared."""
STAYING: Final = (
    "ledger.person_id",
    "award.person_id",
    "transcript.person_id",
    "enrolment.person_id",
    "submission_member.person_id",
    "identity_check.person_id",
    "credit_hold.person_id",
    "legal_hold.person_id",
    "consent.person_id",
    "erasure_request.person_id",
    "person.merged_into_id",
    "person_merge.kept_id",
    "person_merge.gone_id",
)
"""The record and what it hangs on: numbers and dates about an account that has no name any more."""
ACTORS: Final = (
    "alignment.stated_by",
    "announcement.author_id",
    "announcement.withdrawn_by",
    "appeal.opened_by",
    "appeal.given_to",
    "appeal.closed_by",
    "attendance.recorded_by",
    "audit_row.actor_id",
    "award.revoked_by",
    "coaching.opened_by",
    "coaching.closed_by",
    "cohort.created_by",
    "completeness_check.checked_by",
    "course_version.published_by",
    "credit_hold.by",
    "credit_proposal.proposed_by",
    "credit_proposal.decided_by",
    "decision.decided_by",
    "decision_review.reviewed_by",
    "decision_rule.made_by",
    "equivalence.decided_by",
    "erasure_request.asked_by",
    "erasure_request.decided_by",
    "extension.granted_by",
    "framework.made_by",
    "grader_note.author_id",
    "grading_conflict.stated_by",
    "grading_conflict.ended_by",
    "grading_terms.changed_by",
    "holiday.added_by",
    "identity_check.recorded_by",
    "legal_hold.placed_by",
    "legal_hold.lifted_by",
    "licence.checked_by",
    "live_session.created_by",
    "name_change.asked_by",
    "name_change.decided_by",
    "package_draft.author_id",
    "person_merge.proposed_by",
    "person_merge.decided_by",
    "place_request.made_by",
    "place_request.decided_by",
    "posting.posted_by",
    "question.answered_by",
    "question.closed_by",
    "question.hidden_by",
    "rating.grader_id",
    "reply.hidden_by",
    "report_layout.made_by",
    "reveal.lead_id",
    "role_grant.granted_by",
    "scan_verdict.settled_by",
    "second_rating.reconciled_by",
    "series.created_by",
    "series_rule.made_by",
    "stated_credit.entered_by",
    "submission.given_to",
    "submission.given_by",
    "webhook.made_by",
)
"""Who did something for the school: the number of the account stays, its name is gone.

What they wrote about the work of others, such as a grader's note, is about those others: it goes with their work."""


def column_of(name: str) -> tuple[Table, Column[Any]]:
    """The table and the column of such a name."""
    table, column = name.split(".")
    return TABLES[table], TABLES[table].c[column]
