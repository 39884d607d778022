"""What a learner has for good, what the office and the authors do, and addresses that hold a secret."""

from typing import Any

from sqlalchemy import Connection, select

from assessments.awards.models import SharedEvidence
from assessments.badges.models import Award
from assessments.competencies.models import Framework, Skill
from assessments.corrections.models import CreditProposal, ProposedAct
from assessments.credit.models import ReasonCode
from assessments.erasure.models import ErasureRequest
from assessments.holds.models import CreditHold, HoldAct, HoldCause
from assessments.merging.models import PersonMerge
from assessments.names.models import NameChange, NameChangeKind
from assessments.reports.models import ReportLayout
from assessments.retention.models import LegalHold
from assessments.sharing.models import ShareLink
from assessments.sharing.tokens import token_hash
from courses.calendar.models import CalendarAddress
from courses.catalogue.models import PackageDraft
from courses.enrolment.models import PlaceRequest, RequestKind
from courses.series.models import Series, SeriesCourse
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import AddressLink, PasswordLink, SignUp
from fourweek.accounts.openid.models import OpenIdIdentity
from fourweek.accounts.service import digest, primary_address
from fourweek.database import add, new_id, table
from fourweek.notices.models import UnsubscribeAddress
from fourweek.scanning.models import ScanState, ScanVerdict
from fourweek.storage import Store
from fourweek.tokens.models import ApiToken
from fourweek.webhooks.models import Webhook, WebhookMessage
from tests.access.side import DAY, NOTE, NOW, PAPER, Side, package, sha256
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import Learning, recorded
from tests.assessments.licences.factories import licence
from tests.assessments.sharing.factories import document
from tests.assessments.stated.factories import stated


def add_record(conn: Connection, side: Side, office: str, store: Store) -> None:
    """Credit, a badge, documents, licences and a name of a learner's."""
    me = side.me
    held = store.keep_bytes(me.encode()).sha256
    add(conn, ScanVerdict(sha256=held, state=ScanState.HELD, since=NOW, try_at=NOW, looked_at=NOW))
    who = Learning(side.course, side.cohort, me, side.enrolment, office)
    entry = recorded(conn, who)
    proposal = CreditProposal(
        id=new_id(),
        entry_id=entry,
        act=ProposedAct.TAKE_BACK,
        reason_code=ReasonCode.RECORDED_IN_ERROR,
        why="A slip.",
        proposed_by=office,
        proposed_at=NOW,
    )
    award = an_award(conn, who)
    shared = SharedEvidence(award_id=award, sha256=sha256(NOTE), shared_at=NOW)
    paper = document(conn, me, store=store)
    link = ShareLink(
        id=new_id(), document_id=paper.id, token_hash=token_hash(f"share-{me}"), made_at=NOW, ends_at=NOW + DAY
    )
    name = NameChange(
        id=new_id(),
        person_id=me,
        kind=NameChangeKind.CHANGE,
        former="Alice Brook",
        name="Alice Stream",
        evidence_sha256=sha256(PAPER),
        evidence_name="paper.pdf",
        asked_by=me,
        asked_at=NOW,
    )
    hold = CreditHold(
        id=new_id(), person_id=me, act=HoldAct.PLACED, cause=HoldCause.REGISTRAR, why="A doubt.", at=NOW, by=office
    )
    for row in (proposal, shared, link, name, hold):
        add(conn, row)
    from_elsewhere = stated(conn, me, evidence_sha256=sha256(PAPER), evidence_name="paper.pdf")
    number = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == me)).scalar_one()
    made = conn.execute(table(Award).select().where(table(Award).c.id == award)).one()
    side.names |= {
        "/entries/{entry_id}": entry,
        "/corrections/{proposal_id}": proposal.id,
        "/awards/{award_id}": award,
        "/badges/{slug}": made.slug,
        "/achievements/{achievement_id}": made.achievement_id,
        "/documents/{number}": paper.number,
        "/transcripts/{name}": f"{paper.number}.pdf",
        "/links/{link_id}": link.id,
        "/shared/{token}": f"share-{me}",
        "/names/{change_id}": name.id,
        "/holds/{hold_id}": hold.id,
        "/licences/{licence_id}": licence(conn, me),
        "/elsewhere/{stated_id}": from_elsewhere,
        "/record/{learner_number}": number,
    }


def add_office(conn: Connection, side: Side, office: str, author: str) -> None:
    """What the office and the authors have to do with it."""
    merge = PersonMerge(
        id=new_id(), kept_id=side.me, gone_id=side.beside, why="One person.", proposed_by=office, proposed_at=NOW
    )
    layout = ReportLayout(
        id=new_id(), title="Board", columns=[{"key": "name", "title": "Name"}], made_by=office, made_at=NOW
    )
    hold = LegalHold(id=new_id(), person_id=side.me, reason="A case.", placed_at=NOW, placed_by=office)
    hook = Webhook(
        id=new_id(), title="Wallet", url="https://wallet.example/in", secret="secret", kinds=["badge"], made_at=NOW
    )
    message = WebhookMessage(id=new_id(), webhook_id=hook.id, key=new_id(), kind="badge", body="{}", created_at=NOW)
    series = Series(id=new_id(), code=f"series-{side.me[-6:]}", title="A Series", summary="Three.", created_at=NOW)
    series.published_at = NOW
    framework = Framework(id=new_id(), key=f"frame-{side.me[-6:]}", title="Skills", made_at=NOW)
    draft = PackageDraft(
        id=new_id(),
        author_id=author,
        file_name="course.zip",
        uploaded_at=NOW,
        sha256=sha256(package()),
        size=len(package()),
    )
    skill = Skill(id=new_id(), framework_id=framework.id, code="S1", title="Diagnosing")
    for row in (merge, layout, hold, hook, message, series, framework, skill, draft):
        add(conn, row)
    add(conn, SeriesCourse(series_id=series.id, course_id=side.course.course_id, position=1))
    side.names |= {
        "/merges/{merge_id}": merge.id,
        "/layouts/{layout_id}": layout.id,
        "/reports/{layout_id}": layout.id,
        "/retention/{hold_id}": hold.id,
        "/held-files/{sha256}": sha256(side.me.encode()),
        "/webhooks/{hook_id}": hook.id,
        "/messages/{message_id}": message.id,
        "/series/{code}": series.code,
        "/frameworks/{key}": framework.key,
        "skill": skill.id,
        "/drafts/{draft_id}": draft.id,
    }


def add_addresses(conn: Connection, side: Side, stranger: str) -> None:
    """Addresses that hold a secret."""
    me = side.me
    asked = PlaceRequest(
        id=new_id(),
        cohort_id=side.cohort,
        person_id=stranger,
        kind=RequestKind.APPROVAL,
        made_at=NOW,
        made_by=stranger,
    )
    wish = SignUp(
        id=new_id(), address=f"{me}@new.example", legal_name="New Here", zone="UTC", asked_at=NOW, ends_at=NOW + DAY
    )
    wish.token_hash = digest(f"sign-up-{me}")
    program = ApiToken(
        id=new_id(),
        person_id=me,
        name="Reader",
        token_hash=digest(f"api-{me}"),
        hint="abcd",
        made_at=NOW,
        ends_at=NOW + DAY,
    )
    linked = OpenIdIdentity(
        id=new_id(), issuer="https://id.example", subject=me, person_id=me, made_at=NOW, seen_at=NOW
    )
    leaving = ErasureRequest(id=new_id(), person_id=me, asked_by=me, asked_at=NOW)
    links: dict[str, Any] = {"address": f"{me}@example.org", "made_at": NOW, "ends_at": NOW + DAY, "person_id": me}
    for row in (
        asked,
        wish,
        program,
        linked,
        leaving,
        CalendarAddress(id=new_id(), person_id=me, token_hash=digest(f"calendar-{me}"), created_at=NOW),
        UnsubscribeAddress(person_id=me, token=f"unsubscribe-{me}"),
        PasswordLink(token_hash=digest(f"password-{me}"), **(links | {"address": primary_address(conn, me)})),
        AddressLink(token_hash=digest(f"address-{me}"), **links),
    ):
        add(conn, row)
    side.names |= {
        "/calendar/{token}": f"calendar-{me}",
        "/unsubscribe/{token}": f"unsubscribe-{me}",
        "/sign-up/{token}": f"sign-up-{me}",
        "/tokens/{token_id}": program.id,
        "/erasures/{request_id}": leaving.id,
        "/people/{person_id}": side.beside,
        "/provider/{identity_id}": linked.id,
        "/set-password/{token}": f"password-{me}",
        "/confirm/{token}": f"address-{me}",
    }
