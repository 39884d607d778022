"""The pieces of an erasure, each a transaction of its own: safe to do twice, or to break off and begin again.

Every statement looks for what is still there, so that what it changed is counted once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, cast, delete, exists, func, or_, select, update
from sqlalchemy.sql.dml import Delete, Update, UpdateBase

from assessments.awards.models import HolderShown
from assessments.erasure.columns import AT_LAST, DELETED, ENTRANCE, TABLES, column_of
from assessments.evidence.models import SubmissionState
from assessments.names.hushing import hush_notices, nobody_elses
from courses.enrolment.models import EnrolmentState
from fourweek.language import N_
from fourweek.light import dataclass

ERASED: Final = N_("Erased person")
REMOVED: Final = "Removed"
LETTERS: Final = ("erasure_asked", "erasure_decided")
T = TABLES


@dataclass(frozen=True, slots=True)
class Whose:
    """Who is erased: the account and those that were merged into it.

    Evidence that was last touched `before` rests on no period any more (school's clock); `real` is the real one.
    """

    people: Sequence[str]
    before: datetime
    school: datetime
    real: datetime

    @property
    def enrolments(self) -> Select[Any]:
        return select(T["enrolment"].c.id).where(T["enrolment"].c.person_id.in_(self.people))

    @property
    def kept_works(self) -> Select[Any]:
        """Works that credit or a badge rests on, within the period of evidence."""
        work, entry, award = T["submission"], T["credit_entry"], T["award"]
        rests = or_(
            exists(select(entry.c.id).where(entry.c.enrolment_id == work.c.enrolment_id)),
            exists(select(award.c.id).where(award.c.enrolment_id == work.c.enrolment_id)),
        )
        handed_in = work.c.state.in_((SubmissionState.SUBMITTED, SubmissionState.DECIDED))
        mine = work.c.enrolment_id.in_(self.enrolments)
        return select(work.c.id).where(mine, handed_in, work.c.submitted_at >= self.before, rests)

    @property
    def works(self) -> Select[Any]:
        """Works whose words go now."""
        work = T["submission"]
        return select(work.c.id).where(work.c.enrolment_id.in_(self.enrolments), work.c.id.not_in(self.kept_works))


Piece = Callable[[Connection, Whose], int]


def entrance(conn: Connection, who: Whose) -> int:
    """Nobody signs in as them or hears from them from here on."""
    addresses = select(T["email_address"].c.address).where(T["email_address"].c.person_id.in_(who.people))
    gone = _run(conn, [_delete(name, who) for name in ENTRANCE])
    return gone + _run(conn, [delete(T["sign_up"]).where(T["sign_up"].c.address.in_(addresses))])


def places(conn: Connection, who: Whose) -> int:
    """Places are given back, and what was noted about reading and attending loses its words."""
    enrolment = T["enrolment"]
    active = enrolment.c.person_id.in_(who.people) & (enrolment.c.state == EnrolmentState.ACTIVE)
    left = update(enrolment).where(active).values(state=EnrolmentState.WITHDRAWN, withdrawn_at=who.school)
    reading = [delete(T[name]).where(T[name].c.enrolment_id.in_(who.enrolments)) for name in _READING]
    noted = [_empty(name, T[name].c.enrolment_id.in_(who.enrolments), "reason") for name in ("attendance", "extension")]
    return _run(conn, [left, *reading, *noted])


_READING: Final = ("lesson_read", "reading_place", "wrong_code")


def letters_to_others(conn: Connection, who: Whose) -> int:
    """Notices that carry what they wrote go; in all others the name does. Before the words and rows they come from."""
    outbox = T["outbox_message"]
    asked = select(T["question"].c.id).where(T["question"].c.author_id.in_(who.people))
    replied = select(T["reply"].c.id).where(
        or_(T["reply"].c.author_id.in_(who.people), T["reply"].c.question_id.in_(asked))
    )
    wanted = select(T["place_request"].c.id).where(T["place_request"].c.person_id.in_(who.people))
    wished = select(T["coaching"].c.id).where(T["coaching"].c.enrolment_id.in_(who.enrolments))
    sources = {"question_asked": asked, "question_replied": replied, "place_asked": wanted, "coaching_asked": wished}
    gone = 0
    for kind, ids in sources.items():
        begins = [outbox.c.key.startswith(f"{kind}:{one}:", autoescape=True) for one in conn.execute(ids).scalars()]
        gone += _run(conn, [delete(outbox).where(outbox.c.kind == kind, or_(*begins))]) if begins else 0
    return gone + hush_notices(conn, dict.fromkeys(_names(conn, who), ERASED))


def _names(conn: Connection, who: Whose) -> set[str]:
    """Everything they were called here and nobody else is: a name in a notice may be another's who has the same."""
    person, change = T["person"], T["name_change"]
    called = select(person.c.legal_name, person.c.display_name).where(person.c.id.in_(who.people))
    asked = select(change.c.former, change.c.name).where(change.c.person_id.in_(who.people))
    found = {name for row in [*conn.execute(called), *conn.execute(asked)] for name in row}
    return nobody_elses(conn, found - {ERASED, ""}, who.people)


def own(conn: Connection, who: Whose) -> int:
    """Licences, credit from elsewhere, papers of names, uploads, requests: rows go, their files with the sweep."""
    return _run(conn, [_delete(name, who) for name in DELETED])


def works(conn: Connection, who: Whose) -> int:
    """What they handed in or drafted, and what was said of it; numbers, outcomes and instants stay."""
    of = {name: T[name].c.submission_id.in_(who.works) for name in _OF_WORKS}
    evidence, tried = T["evidence"], T["check_try"]
    said = or_(evidence.c.sha256 != "", evidence.c.text != "", evidence.c.url != "", evidence.c.purged_at.is_(None))
    bare = {"text": "", "url": "", "file_name": "", "note": "", "sha256": ""}
    purged = func.coalesce(evidence.c.purged_at, who.school)
    answered = and_(of["check_try"], cast(tried.c.answers, Text) != "{}")
    ratings = select(T["rating"].c.id).where(of["rating"])
    decisions = select(T["decision"].c.id).where(of["decision"])
    appeals = select(T["appeal"].c.id).where(of["appeal"])
    found = [
        update(evidence).where(of["evidence"], said).values(**bare, purged_at=purged),
        update(tried).where(answered).values(answers={}),
        delete(T["completeness_check"]).where(of["completeness_check"]),
        delete(T["claim"]).where(of["claim"]),
        _empty("submission", T["submission"].c.id.in_(who.works), "changes"),
        _empty("rating", of["rating"], "comment", "note"),
        _empty("rating_line", T["rating_line"].c.rating_id.in_(ratings), "comment"),
        _empty("decision", of["decision"], "comment", "reason"),
        _empty("decision_line", T["decision_line"].c.decision_id.in_(decisions), "comment"),
        _empty("decision_review", T["decision_review"].c.decision_id.in_(decisions), "note"),
        _empty("grader_note", of["grader_note"], "text"),
        _empty("appeal_line", T["appeal_line"].c.appeal_id.in_(appeals), "argument"),
        _empty("appeal_message", T["appeal_message"].c.appeal_id.in_(appeals), "text"),
    ]
    return _run(conn, found)


_OF_WORKS: Final = (
    *("evidence", "check_try", "completeness_check", "claim", "rating", "decision", "grader_note", "appeal"),
)


def words(conn: Connection, who: Whose) -> int:
    """Questions and replies lose their text and keep their place; wishes, answers and reasons about them go."""
    gone = {"body": REMOVED, "html": f"<p>{REMOVED}</p>", "hidden_reason": ""}
    question, reply, bank = T["question"], T["reply"], T["bank_comment"]
    asked = question.c.author_id.in_(who.people) & (question.c.body != REMOVED)
    said = reply.c.author_id.in_(who.people) & (reply.c.body != REMOVED)
    private = bank.c.owner_id.in_(who.people) & ~bank.c.shared & (bank.c.text != "")
    found = [
        update(question).where(asked).values(**gone, title=REMOVED),
        update(reply).where(said).values(**gone),
        update(bank).where(private).values(text=""),
        _empty("coaching", T["coaching"].c.enrolment_id.in_(who.enrolments), "wish", "answer"),
        _empty("reveal", T["reveal"].c.enrolment_id.in_(who.enrolments), "reason"),
        _empty("identity_check", T["identity_check"].c.person_id.in_(who.people), "note"),
        _empty("credit_hold", T["credit_hold"].c.person_id.in_(who.people), "why"),
        _empty("legal_hold", T["legal_hold"].c.person_id.in_(who.people), "reason", "lift_reason"),
        _empty("erasure_request", T["erasure_request"].c.person_id.in_(who.people), "why", "decided_why"),
    ]
    return _run(conn, found)


def shown(conn: Connection, who: Whose) -> int:
    """Badge pages are taken down and name nobody, what was shared is shared no more; badges and documents hold."""
    award, choice, document = T["award"], T["award_choice"], T["transcript"]
    awards = select(award.c.id).where(award.c.person_id.in_(who.people))
    documents = select(document.c.id).where(document.c.person_id.in_(who.people))
    link, shared, address = T["share_link"], T["shared_evidence"], T["award_address"]
    bare = {"holder": HolderShown.INITIALS, "revision": 0, "changed_at": who.real, **_HIDDEN}
    missing = conn.execute(awards.where(award.c.id.not_in(select(choice.c.award_id)))).scalars().all()
    if missing:
        conn.execute(choice.insert(), [{"award_id": one, **bare} for one in missing])
    visible = choice.c.award_id.in_(awards) & (choice.c.shown | choice.c.listed)
    found = [
        update(choice).where(visible).values(**_HIDDEN, changed_at=who.real),
        delete(shared).where(shared.c.award_id.in_(awards)),
        delete(address).where(address.c.award_id.in_(awards)),
        update(link).where(link.c.document_id.in_(documents), link.c.note != "").values(note=""),
        update(link).where(link.c.document_id.in_(documents), link.c.revoked_at.is_(None)).values(revoked_at=who.real),
    ]
    return _run(conn, found) + _unname(conn, awards)


def _unname(conn: Connection, awards: Select[Any]) -> int:
    """What an award says of its holder, beside its signed forms, which name them by digests alone."""
    award, changed = T["award"], 0
    for row in conn.execute(select(award.c.id, award.c.snapshot).where(award.c.id.in_(awards))).all():
        if row.snapshot.get("holder") not in (None, ERASED):
            said = {**row.snapshot, "holder": ERASED}
            changed += conn.execute(update(award).where(award.c.id == row.id).values(snapshot=said)).rowcount
    return changed


_HIDDEN: Final = {"shown": False, "listed": False}


def name(conn: Connection, who: Whose) -> int:
    """The account has no name any more. What addresses and notices there are goes once the last letter has left."""
    person, outbox = T["person"], T["outbox_message"]
    named = person.c.id.in_(who.people) & (person.c.legal_name != ERASED)
    values = {"legal_name": ERASED, "display_name": ERASED, "zone": "UTC", "seen_at": None}
    waits = outbox.c.person_id.in_(who.people) & outbox.c.kind.in_(LETTERS) & outbox.c.try_at.is_not(None)
    found: list[UpdateBase] = [update(person).where(named).values(**values)]
    others = outbox.c.person_id.in_(who.people) & outbox.c.kind.not_in(LETTERS)
    if conn.execute(select(func.count()).where(waits)).scalar_one():
        return _run(conn, [*found, delete(outbox).where(others)])
    return _run(conn, [*found, *(_delete(one, who) for one in AT_LAST)])


PIECES: Final[dict[str, Piece]] = {
    "ways in": entrance,
    "places": places,
    "notices to others": letters_to_others,
    "papers and requests": own,
    "works": works,
    "words": words,
    "pages and links": shown,
    "name and addresses": name,
}
"""In this order: what is needed to find something goes after it."""


def left(conn: Connection, who: Whose) -> bool:
    """Whether something has still to go later: evidence in its period, or the address that a letter waits for."""
    kept = conn.execute(select(func.count()).select_from(who.kept_works.subquery())).scalar_one()
    address = T["email_address"]
    waiting = select(func.count()).where(address.c.person_id.in_(who.people))
    return bool(kept or conn.execute(waiting).scalar_one())


def _delete(column_name: str, who: Whose) -> Delete:
    table, column = column_of(column_name)
    return delete(table).where(column.in_(who.people))


def _empty(table: str, mine: ColumnElement[bool], *columns: str) -> Update:
    """Make these columns empty, where one of them is not."""
    target = T[table]
    return update(target).where(mine, or_(*(target.c[one] != "" for one in columns))).values(dict.fromkeys(columns, ""))


def _run(conn: Connection, statements: Iterable[UpdateBase]) -> int:
    return sum(conn.execute(one).rowcount for one in statements)
