"""Reading what an erasure would take, what it would leave and why, and what stands against it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select

from assessments.appeals.models import AppealState
from assessments.corrections.models import CreditProposal
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.erasure.models import ErasureRequest
from assessments.erasure.pieces import Whose
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import DECISION, POSTING, SUBMISSION
from assessments.merging.models import PersonMerge
from assessments.retention.queries import APPEAL, HOLD
from assessments.retention.record_rules import kept_until
from assessments.transcripts.queries import TRANSCRIPT
from courses.enrolment.access import ENROLMENT
from courses.schedule.words import say_date
from fourweek.accounts.access import GRANT, PERSON
from fourweek.clock import Now
from fourweek.database import table
from fourweek.language import N_, _, n_
from fourweek.light import dataclass
from fourweek.migrations.tables import metadata
from fourweek.settings import Settings

REQUEST, PROPOSAL, MERGE = table(ErasureRequest), table(CreditProposal), table(PersonMerge)
AWARD = metadata.tables["award"]
_REQUESTS: Select[Any] = select(REQUEST, PERSON.c.legal_name, PERSON.c.learner_number).join(
    PERSON, PERSON.c.id == REQUEST.c.person_id
)
_NEWEST = (
    _REQUESTS.where(REQUEST.c.person_id == bindparam("person"))
    .order_by(REQUEST.c.asked_at.desc(), REQUEST.c.id.desc())
    .limit(1)
)
_ONE = _REQUESTS.where(REQUEST.c.id == bindparam("request"))
_ADDRESS = metadata.tables["email_address"]
_REACHABLE = exists(select(_ADDRESS.c.address).where(_ADDRESS.c.person_id == REQUEST.c.person_id)).correlate(REQUEST)
_UNDER_WAY: Select[Any] = (
    select(REQUEST.c.id, _REACHABLE.label("reachable"))
    .where(REQUEST.c.approved, REQUEST.c.finished_at.is_(None))
    .order_by(REQUEST.c.id)
)
HELD = N_("Evidence of this person, or of a cohort of theirs, is under a legal hold.")
APPEALED = N_("An appeal is open.")
WAITING = N_("Something handed in waits for a decision, or a decision to be posted.")
SERVING = N_("The person has a role here. End their roles first.")
CORRECTING = N_("A correction of their credit, or a merge of accounts, is not decided.")


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays: `what` it is, `why`, and `until` when, all in words."""

    what: str
    why: str
    until: str

    def stored(self) -> dict[str, str]:
        return asdict(self)


def whose(conn: Connection, person_id: str, now: Now, settings: Settings) -> Whose:
    """The account and all that were merged into it, also by way of others."""
    found, new = {person_id}, {person_id}
    while new:
        merged = select(PERSON.c.id).where(PERSON.c.merged_into_id.in_(sorted(new)))
        new = set(conn.execute(merged).scalars()) - found
        found |= new
    before = now.school - timedelta(days=settings.evidence_kept_days)
    return Whose(sorted(found), before, now.school, now.real)


def against(conn: Connection, who: Whose, *, told: bool = False) -> list[str]:
    """What stands against an erasure, in words; one statement. `told`: leaves out what only the registrar is told."""
    mine = SUBMISSION.c.enrolment_id.in_(who.enrolments)
    works, cohorts = select(SUBMISSION.c.id).where(mine), select(ENROLMENT.c.cohort_id)
    cohorts = cohorts.where(ENROLMENT.c.person_id.in_(who.people))
    ledgers = select(LEDGER.c.id).where(LEDGER.c.person_id.in_(who.people))
    entries = select(ENTRY.c.id).where(ENTRY.c.ledger_id.in_(ledgers))
    held = or_(HOLD.c.person_id.in_(who.people), HOLD.c.cohort_id.in_(cohorts))
    open_appeal = APPEAL.c.state.in_((AppealState.OPEN, AppealState.RATED))
    unposted = (
        select(DECISION.c.id)
        .outerjoin(POSTING, (POSTING.c.decision_id == DECISION.c.id) & (POSTING.c.posted_at <= who.school))
        .where(DECISION.c.submission_id.in_(works), POSTING.c.decision_id.is_(None))
    )
    proposed = select(PROPOSAL.c.id).where(PROPOSAL.c.entry_id.in_(entries), PROPOSAL.c.decided_at.is_(None))
    merged = or_(MERGE.c.kept_id.in_(who.people), MERGE.c.gone_id.in_(who.people)) & MERGE.c.decided_at.is_(None)
    questions: dict[str, Any] = {
        HELD: exists(select(HOLD.c.id).where(HOLD.c.lifted_at.is_(None), held)),
        APPEALED: exists(select(APPEAL.c.id).where(APPEAL.c.submission_id.in_(works), open_appeal)),
        WAITING: or_(
            exists(select(SUBMISSION.c.id).where(mine, SUBMISSION.c.state == SubmissionState.SUBMITTED)),
            exists(unposted),
        ),
        SERVING: exists(select(GRANT.c.id).where(GRANT.c.person_id.in_(who.people))),
        CORRECTING: or_(exists(proposed), exists(select(MERGE.c.id).where(merged))),
    }
    row = conn.execute(select(*questions.values())).one()
    return [words for words, stands in zip(questions, row, strict=True) if stands and not (told and words == HELD)]


def keeps(conn: Connection, who: Whose, settings: Settings) -> list[Kept]:
    """What stays of this person, why and until when; one statement."""
    ledgers = select(LEDGER.c.id).where(LEDGER.c.person_id.in_(who.people))
    kept = SUBMISSION.c.id.in_(who.kept_works)
    row = conn.execute(
        select(
            _number(ENTRY, ENTRY.c.ledger_id.in_(ledgers)),
            _number(AWARD, AWARD.c.person_id.in_(who.people)),
            _number(TRANSCRIPT, TRANSCRIPT.c.person_id.in_(who.people)),
            _number(SUBMISSION, kept),
            select(func.max(SUBMISSION.c.submitted_at)).where(kept).scalar_subquery(),
            select(func.max(ENTRY.c.recorded_at)).where(ENTRY.c.ledger_id.in_(ledgers)).scalar_subquery(),
            select(func.max(TRANSCRIPT.c.issued_at)).where(TRANSCRIPT.c.person_id.in_(who.people)).scalar_subquery(),
        )
    ).one()
    entries, awards, documents, works, handed_in, recorded, issued = row
    record_ends = _record_ends([recorded, issued], settings)
    found = []
    if entries:
        found.append(
            Kept(
                n_("{count} line of credit", "{count} lines of credit", entries),
                _(RECORD),
                _("For good; its papers until {day}.", day=record_ends),
            )
        )
    if awards:
        said = n_("{count} badge as it was signed", "{count} badges as they were signed", awards)
        found.append(Kept(said, _(BADGES), _(GOOD)))
    if documents:
        said = n_(
            "{count} document as it was issued, with the name in it",
            "{count} documents as they were issued, with the name in them",
            documents,
        )
        found.append(Kept(said, _(DOCUMENTS), _("Until {day}.", day=record_ends)))
    if works and handed_in is not None:
        ends = say_date((handed_in + timedelta(days=settings.evidence_kept_days)).date())
        said = n_("{count} work that credit rests on", "{count} works that credit rests on", works)
        found.append(Kept(said, _(EVIDENCE), _("Until {day}.", day=ends)))
    return [*found, Kept(_("What was done, as numbers without a name"), _(AUDIT), _(GOOD))]


GOOD = N_("For good.")
RECORD = N_("The registrar has to be able to say what was earned, by the number of the learner. It holds no name.")
BADGES = N_("Whoever has the file may check it. It names its holder by digests alone, and its page here is taken down.")
DOCUMENTS = N_("They were frozen when they were issued, and whoever was given one may check it.")
EVIDENCE = N_("Boards may ask what credit was given for; the period for that is still running.")
AUDIT = N_(
    "The school can show who changed what, in a chain that would break if a part were taken out. "
    "Reasons that staff typed stay in it."
)


def _number(target: Any, mine: Any) -> Any:
    return select(func.count()).select_from(target).where(mine).scalar_subquery()


def _record_ends(instants: Sequence[datetime | None], settings: Settings) -> str:
    last = max((one for one in instants if one is not None), default=None)
    return say_date(kept_until(last, settings.record_kept_years)) if last else ""


def newest_request(conn: Connection, person_id: str) -> Row[Any] | None:
    return conn.execute(_NEWEST, {"person": person_id}).first()


def one_request(conn: Connection, request_id: str) -> Row[Any] | None:
    return conn.execute(_ONE, {"request": request_id.replace("\0", "")}).first()


def under_way(conn: Connection) -> list[tuple[str, bool]]:
    """Erasures that are approved and of which something is left: the id, and whether only evidence in its period is.

    Addresses go last, so without one all the rest was done.
    """
    return [(row.id, not row.reachable) for row in conn.execute(_UNDER_WAY)]
