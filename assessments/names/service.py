"""How a legal name changes, in the one way there is: asked for by one person, decided by another."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from assessments.awards.naming import Naming, give_name, wrong_name
from assessments.names.hushing import hush_former
from assessments.names.models import NameChange, NameChangeKind
from assessments.names.queries import CHANGE
from assessments.record.queries import person_id_of, registrar
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass
from fourweek.outbox import post

LONGEST_WORDS: Final = 500
_PERSON: Select[Any] = select(PERSON.c.id, PERSON.c.legal_name, PERSON.c.erased_at).where(
    PERSON.c.id == bindparam("person")
)
_CHANGE: Select[Any] = select(CHANGE).where(CHANGE.c.id == bindparam("change"))
_FORMER = select(CHANGE.c.former).where(CHANGE.c.person_id == bindparam("person"), CHANGE.c.approved)
_OPEN = select(CHANGE.c.id).where(CHANGE.c.person_id == bindparam("person"), CHANGE.c.decided_at.is_(None))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document that is in the store already, and what its file was called."""

    sha256: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, as typed. `suppress`: the former name is to be shown nowhere any more."""

    kind: str = ""
    name: str = ""
    why: str = ""
    suppress: bool = False
    evidence: Evidence = Evidence()


def ask(conn: Connection, visitor: Visitor, asked: Asked) -> str:
    """Ask for another legal name of one's own, with evidence; returns the id of what the registrar decides.

    Raises Invalid with what is wrong, and Conflict while another one waits or for somebody who was erased.
    """
    missing = {} if asked.evidence.sha256 else {"evidence": _("Choose a document that shows the name.")}
    return _ask(conn, visitor, visitor.me.id, asked, missing)


def ask_for(conn: Connection, visitor: Visitor, learner_number: str, asked: Asked) -> str:
    """The registrar enters it for a learner, and says what was shown; another registrar decides. Raises as `ask`."""
    registrar(visitor)
    missing = {} if asked.why.strip() else {"why": _("Say what you were shown, or what was wrong.")}
    return _ask(conn, visitor, person_id_of(conn, learner_number), asked, missing)


def withdraw(conn: Connection, visitor: Visitor) -> bool:
    """Take back what one asked for oneself, while nobody has decided it; False when nothing waits."""
    change_id = conn.execute(_OPEN, {"person": visitor.me.id}).scalar()
    if change_id is None:
        return False
    change = _held(conn, change_id)
    if change.asked_by != visitor.me.id:
        raise Forbidden(
            _("The registrar entered this change."), what_to_do=_("Tell the registrar that you do not want it.")
        )
    if change.decided_at is not None:
        return False
    _close(conn, visitor, change_id, approved=False, why=N_("Taken back by the person who asked."))
    _note(conn, visitor, "person.withdraw_name", change)
    return True


def decide(conn: Connection, visitor: Visitor, change_id: str, *, approve: bool, why: str) -> int:
    """Approve a change, which renames the person and restates their badges, or refuse it; returns those badges.

    Never by the person themselves or by whoever entered it. Raises NotFound, Forbidden, Invalid for a refusal without
    words, and Conflict for what is decided already. The same decision twice is made once.
    """
    registrar(visitor)
    change = _held(conn, change_id)
    if visitor.me.id in (change.asked_by, change.person_id):
        raise Forbidden(_("Somebody else decides this one."), what_to_do=_("Ask another registrar to look at it."))
    words = clean_text(why)
    _check_words(words, approve=approve)
    if change.decided_at is not None:
        if (change.approved, change.decided_by) == (approve, visitor.me.id):
            return 0
        raise Conflict(_("This change was decided meanwhile."))
    return _approve(conn, visitor, change, words) if approve else _refuse(conn, visitor, change, words)


def _ask(conn: Connection, visitor: Visitor, person_id: str, asked: Asked, wrong: Mapping[str, str]) -> str:
    person = conn.execute(_PERSON, {"person": person_id}).one()
    if person.erased_at is not None:
        raise Conflict(_("This person was erased."))
    name, why = clean_text(asked.name), clean_text(asked.why)
    wrong = _wrong(asked, person.legal_name, name, why) | dict(wrong)
    if wrong:
        raise Invalid(wrong)
    change = NameChange(
        id=new_id(),
        person_id=person_id,
        kind=NameChangeKind(asked.kind),
        former=person.legal_name,
        name=name,
        why=why,
        suppress=asked.suppress,
        evidence_sha256=asked.evidence.sha256,
        evidence_name=asked.evidence.name,
        asked_by=visitor.me.id,
        asked_at=visitor.now.real,
    )
    if not add_once(conn, change):
        raise Conflict(_("A change of this name waits for the registrar already."))
    _note(conn, visitor, "person.ask_name", change)
    return change.id


def _wrong(asked: Asked, former: str, name: str, why: str) -> dict[str, str]:
    wrong = {}
    if asked.kind not in set(NameChangeKind):
        wrong["kind"] = _("Choose one of these.")
    if sentence := wrong_name(name):
        wrong["name"] = sentence
    elif name == former and not asked.suppress:
        wrong["name"] = _("This is the name in the record already.")
    if len(why) > LONGEST_WORDS:
        wrong["why"] = _("Keep it to {longest_words} characters.", longest_words=LONGEST_WORDS)
    return wrong


def _check_words(words: str, *, approve: bool) -> None:
    if not approve and not words:
        raise Invalid({"why": _("Say what is missing or wrong: the person reads it.")})
    if len(words) > LONGEST_WORDS:
        raise Invalid({"why": _("Keep it to {longest_words} characters.", longest_words=LONGEST_WORDS)})


def _held(conn: Connection, change_id: str) -> Row[Any]:
    """The change as it stands, which nobody else decides meanwhile. Raises NotFound."""
    lock(conn, CHANGE, change_id)
    found = conn.execute(_CHANGE, {"change": change_id.replace("\0", "")}).first()
    if found is None:
        raise NotFound
    return found


def _approve(conn: Connection, visitor: Visitor, change: Row[Any], words: str) -> int:
    now, me = visitor.now.real, visitor.me
    badges = give_name(conn, change.person_id, Naming(change.name, me.id, now, everywhere=change.suppress))
    if change.suppress:
        former = conn.execute(_FORMER, {"person": change.person_id}).scalars().all()
        hush_former(conn, change.person_id, {change.former, *former}, change.name)
    _close(conn, visitor, change.id, approved=True, why=words)
    _note(conn, visitor, "person.change_name", change, badges=badges)
    data = {"new": change.name, "badges": badges, "reason": words, "by": me.name, "path": "/account/name"}
    post(conn, f"name_changed:{change.id}", "name_changed", change.person_id, now=now, data=data)
    return badges


def _refuse(conn: Connection, visitor: Visitor, change: Row[Any], words: str) -> int:
    _close(conn, visitor, change.id, approved=False, why=words)
    _note(conn, visitor, "person.refuse_name", change)
    data = {"reason": words, "by": visitor.me.name, "path": "/account/name"}
    post(conn, f"name_refused:{change.id}", "name_refused", change.person_id, now=visitor.now.real, data=data)
    return 0


def _close(conn: Connection, visitor: Visitor, change_id: str, *, approved: bool, why: str) -> None:
    values = {"decided_by": visitor.me.id, "decided_at": visitor.now.real, "approved": approved, "decided_why": why}
    conn.execute(update(CHANGE).where(CHANGE.c.id == change_id).values(values))


def _note(conn: Connection, visitor: Visitor, act: str, change: Any, **more: Any) -> None:
    """Names nobody: the log is kept for ever, and a former name may have to be forgotten."""
    detail = {"change_id": change.id, **more}
    record(conn, act, "person", change.person_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
