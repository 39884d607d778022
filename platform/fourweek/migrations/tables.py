"""Every table, known by importing its module: what migrations and their tests look at."""

# ruff: noqa: F401

from sqlmodel import SQLModel

import assessments.agreement.models
import assessments.allocation.models
import assessments.appeals.models
import assessments.assignments.models
import assessments.awards.models
import assessments.badges.models
import assessments.checks.models
import assessments.coaching.models
import assessments.competencies.models
import assessments.completeness.models
import assessments.corrections.models
import assessments.credit.models
import assessments.deciding.models
import assessments.equivalence.models
import assessments.erasure.models
import assessments.evidence.models
import assessments.grading.models
import assessments.holds.models
import assessments.identity.models
import assessments.identity_checks.models
import assessments.licences.models
import assessments.merging.models
import assessments.names.models
import assessments.remarks.models
import assessments.reports.models
import assessments.retention.models
import assessments.rubrics.models
import assessments.second.models
import assessments.sharing.models
import assessments.stacking.models
import assessments.stated.models
import assessments.status.models
import assessments.terms.models
import assessments.transcripts.models
import assessments.uploads.models
import courses.announcements.models
import courses.calendar.models
import courses.catalogue.models
import courses.cohorts.models
import courses.enrolment.models
import courses.live.models
import courses.progress.models
import courses.questions.models
import courses.series.models
import fourweek.accounts.models
import fourweek.accounts.openid.models
import fourweek.accounts.second.models
import fourweek.audit.models
import fourweek.clock
import fourweek.consents.models
import fourweek.jobs.models
import fourweek.limits.models
import fourweek.notices.models
import fourweek.outbox
import fourweek.scanning.models
import fourweek.tokens.models
import fourweek.webhooks.models

metadata = SQLModel.metadata
