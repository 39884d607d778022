"""Is this a badge, is it as its issuer signed it, and does it hold now? Answered in words, without any network.

What only a record can know (revoked, superseded) is not asked here: `standing.py` adds it where we keep the record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from assessments.badges.contexts import CREDENTIALS_V2, unpinned_contexts
from assessments.badges.did_key import key_in_did
from assessments.badges.multikey import PublicKey
from assessments.badges.plain import LoosePartsError
from assessments.badges.proof import CRYPTOSUITE, ProofError, holds, issuer_id, our_kind_of_proofs, proof_key
from assessments.badges.sentences import Sentence, why_of
from assessments.badges.times import parse_instant
from fourweek.language import N_
from fourweek.light import dataclass

Issuers = Mapping[str, Sequence[PublicKey]]
"""Issuer id (a DID) → the public keys that speak, or spoke, for it."""

Revoked = Mapping[str, datetime]
"""Key id (multibase, or thumbprint of an RSA key) → since when what it signed no longer counts by itself."""

NONE_REVOKED: Final[Revoked] = {}

Shape = Callable[[object], str]
"""Why a parsed file is not what is looked for, in a sentence; "" if it is."""


class Verdict(StrEnum):
    """The one answer, for the file as it is at this moment.

    `CANNOT_CHECK`: another issuer's, signed in a way or with words that are not looked at here. `UNKNOWN`: signed with
    our key and not in our record. `WITHDRAWN`: we took it back and show it no more.
    """

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    ALTERED = "altered"
    ISSUER_UNKNOWN = "issuer_unknown"
    CANNOT_CHECK = "cannot_check"
    UNKNOWN = "unknown"
    NOT_A_BADGE = "not_a_badge"


class Step(StrEnum):
    """What is looked at, in this order. The last two only a record can answer."""

    SHAPE = "shape"
    CONTEXTS = "contexts"
    TERMS = "terms"
    SIGNATURE = "signature"
    ISSUER_KEY = "issuer_key"
    DATES = "dates"
    STATUS = "status"
    NEWEST = "newest"


IN_THE_FILE: Final = tuple(step for step in Step if step not in (Step.STATUS, Step.NEWEST))
"""The steps that need nothing but the file and the issuer's keys."""


class Outcome(StrEnum):
    """`NOT_RUN`: an earlier answer left nothing to look at, or it cannot be known here."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


TITLES: Mapping[Step, str] = {
    Step.SHAPE: N_("It is an Open Badge"),
    Step.CONTEXTS: N_("It uses only vocabularies we know"),
    Step.TERMS: N_("Every statement in it is covered by the signature"),
    Step.SIGNATURE: N_("The signature fits the contents"),
    Step.ISSUER_KEY: N_("The key belongs to the issuer"),
    Step.DATES: N_("It holds today"),
    Step.STATUS: N_("It was not revoked"),
    Step.NEWEST: N_("It is the newest form"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One step: what was asked, how it ended, and why in a sentence ("" when there is nothing to add).

    `called` is the step's title where it is about something else than a badge. Title and detail are in English, to be
    kept and sent; pages `say` them.
    """

    step: Step
    outcome: Outcome
    detail: str = ""
    called: str = ""

    @property
    def title(self) -> str:
        return self.called or TITLES[self.step]


@dataclass(frozen=True, slots=True)
class Report:
    """All steps in order, the verdict, and whom the file names; the names are claims unless the verdict is valid.

    `ours`: it names an issuer that we were asked to vouch for, not one whose key travels in its own id.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    credential_id: str = ""
    issuer_id: str = ""
    ours: bool = False


def check_credential(
    credential: object,
    *,
    issuers: Issuers,
    now: datetime,
    revoked: Revoked = NONE_REVOKED,
    shape: Shape | None = None,
) -> Report:
    """Check a parsed file against the keys of the issuers we know. Never raises for anything in the file.

    `shape` says why it is not what is looked for, a badge unless given.
    """
    wrong = (shape or wrong_shape)(credential) or no_proof(credential)
    if wrong or not isinstance(credential, dict):
        return no_badge(wrong)
    issuer = issuer_id(credential)
    keys = issuers[issuer] if issuer in issuers else key_in_did(issuer)
    contexts = check_contexts(credential)
    signed, kind = _signed(credential, keys, revoked, readable=contexts.outcome is Outcome.PASSED)
    ours = issuer in issuers
    if ours and kind is not Verdict.CANNOT_CHECK and _other_proofs(credential):
        signed = [
            Check(Step.SIGNATURE, Outcome.FAILED, N_("It carries a proof of a kind that its issuer never makes."))
        ]
    return whole_report(credential, [contexts, *signed], kind, ours=ours, known=ours or bool(keys), now=now)


def whole_report(
    credential: dict[str, Any], checks: list[Check], found: Verdict, *, ours: bool, known: bool, now: datetime
) -> Report:
    """The report of a file of the right shape. `found` is what its signature came to, VALID unless it has a flaw."""
    dates, when = check_dates(credential, now)
    every = _in_order([Check(Step.SHAPE, Outcome.PASSED), *checks, dates, _status(credential)])
    named = credential.get("id")
    verdict = _verdict(every, found, when, ours=ours, known=known)
    if verdict in (Verdict.ISSUER_UNKNOWN, Verdict.CANNOT_CHECK):
        every = tuple(map(_left_open, every))
    return Report(verdict, every, named if isinstance(named, str) else "", issuer_id(credential), ours)


def _left_open(check: Check) -> Check:
    """Where a key or a kind of proof is none that we know, nothing was found to be wrong."""
    failed = check.outcome is Outcome.FAILED and check.step in (Step.SIGNATURE, Step.ISSUER_KEY)
    return replace(check, outcome=Outcome.NOT_RUN) if failed else check


def no_badge(why: str) -> Report:
    return Report(Verdict.NOT_A_BADGE, _in_order([Check(Step.SHAPE, Outcome.FAILED, why)]))


def with_checks(report: Report, verdict: Verdict, *checks: Check) -> Report:
    """The report with another verdict, and these checks in the place of what it said of their steps."""
    return replace(report, verdict=verdict, checks=_in_order([*report.checks, *checks]))


def _in_order(checks: list[Check]) -> tuple[Check, ...]:
    done = {check.step: check for check in checks}
    return tuple(done.get(step, Check(step, Outcome.NOT_RUN)) for step in Step)


def _verdict(checks: tuple[Check, ...], found: Verdict, when: Verdict, *, ours: bool, known: bool) -> Verdict:
    if not known:
        return Verdict.ISSUER_UNKNOWN
    open_steps = {check.step for check in checks if check.step in IN_THE_FILE and check.outcome is not Outcome.PASSED}
    if not ours and (found is Verdict.CANNOT_CHECK or Step.CONTEXTS in open_steps):
        return Verdict.CANNOT_CHECK
    if found is Verdict.REVOKED:
        return found if open_steps <= {Step.ISSUER_KEY, Step.DATES} else Verdict.ALTERED
    return Verdict.ALTERED if open_steps - {Step.DATES} else when


def wrong_shape(credential: object) -> str:
    """Why this is no badge, leaving out how it is signed; "" if it looks like one."""
    if not isinstance(credential, dict):
        return N_("A badge is a JSON object.")
    types = credential.get("type")
    if not isinstance(types, list) or "VerifiableCredential" not in types:
        return _older(credential) or N_("It does not say that it is a verifiable credential.")
    if not {"OpenBadgeCredential", "AchievementCredential"} & {name for name in types if isinstance(name, str)}:
        return N_("It is a credential, but not an Open Badge 3.0.")
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or not isinstance(subject.get("achievement"), dict):
        return N_("It does not say what was achieved.")
    return "" if issuer_id(credential) else N_("It does not say who issued it.")


def _older(credential: dict[str, Any]) -> str:
    """What is said of badges from before version 3.0, whose context says so."""
    if credential.get("@context") != "https://w3id.org/openbadges/v2":
        return ""
    return N_("It is an Open Badge 2.0, which carries no proof: only its issuer’s own site can confirm it.")


def no_proof(credential: object) -> str:
    return "" if isinstance(credential, dict) and credential.get("proof") else N_("It carries no proof.")


def check_contexts(credential: dict[str, Any]) -> Check:
    named = credential.get("@context")
    if not isinstance(named, list) or not named or named[0] != CREDENTIALS_V2:
        said = N_("It does not begin with the vocabulary of credentials (version 2).")
        return Check(Step.CONTEXTS, Outcome.FAILED, said)
    unknown = unpinned_contexts(credential)
    if unknown:
        said = Sentence(N_("It also names {name}, which could change what words mean."), name=unknown[0])
        return Check(Step.CONTEXTS, Outcome.FAILED, said)
    return Check(Step.CONTEXTS, Outcome.PASSED)


def _signed(
    credential: dict[str, Any], keys: Sequence[PublicKey], revoked: Revoked, *, readable: bool
) -> tuple[list[Check], Verdict]:
    """Key, then terms and signature. Every proof of our kind has to hold under a key we know as the issuer's own."""
    issuer = issuer_id(credential)
    try:
        proofs = our_kind_of_proofs(credential)
    except ProofError as error:
        said = Sentence(N_("{why} No other is looked at here."), why=(why_of(error),))
        return [Check(Step.SIGNATURE, Outcome.FAILED, said)], Verdict.CANNOT_CHECK
    pairs = [(proof, key) for proof in proofs if (key := proof_key(proof, issuer, keys))]
    if len(pairs) != len(proofs):
        return [Check(Step.ISSUER_KEY, Outcome.FAILED, _key_needed(issuer, proofs, keys))], Verdict.VALID
    key_check, found = check_revoked([key.multibase for _, key in pairs], revoked)
    return [key_check, *_terms_and_signature(credential, pairs)] if readable else [key_check], found


def _key_needed(issuer: str, proofs: Sequence[dict[str, Any]], keys: Sequence[PublicKey]) -> str:
    named = next((name for proof in proofs if isinstance(name := proof.get("verificationMethod"), str)), "")
    if not keys and not named:
        return Sentence(
            N_("We know no key of {issuer}. To check it, one needs the key that signed it from there."), issuer=issuer
        )
    if not keys:
        return Sentence(
            N_("We know no key of {issuer}. To check it, one needs {key} from there."), issuer=issuer, key=named
        )
    if not named:
        return Sentence(N_("It names no key of {issuer} that we know."), issuer=issuer)
    return Sentence(N_("It names the key {key}, which is none that we know of {issuer}."), key=named, issuer=issuer)


def _other_proofs(credential: dict[str, Any]) -> bool:
    """Whether there are proofs beside those that are looked at: nothing covers what such a one says."""
    proof = credential.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    return any(not isinstance(entry, dict) or entry.get("cryptosuite") != CRYPTOSUITE for entry in proofs)


def check_revoked(key_ids: Sequence[str], revoked: Revoked) -> tuple[Check, Verdict]:
    """Whether keys that are the issuer's own still count; REVOKED if one does not."""
    since = [revoked[key_id] for key_id in key_ids if key_id in revoked]
    if not since:
        return Check(Step.ISSUER_KEY, Outcome.PASSED), Verdict.VALID
    sentence = Sentence(
        N_("The issuer revoked this key on {when}: its signature alone proves nothing any more."), when=min(since)
    )
    return Check(Step.ISSUER_KEY, Outcome.FAILED, sentence), Verdict.REVOKED


def _terms_and_signature(credential: dict[str, Any], pairs: list[tuple[dict[str, Any], PublicKey]]) -> list[Check]:
    try:
        whole = all(holds(credential, proof, key) for proof, key in pairs)
    except LoosePartsError as error:
        return [Check(Step.TERMS, Outcome.FAILED, why_of(error))]
    except ProofError as error:
        return [Check(Step.SIGNATURE, Outcome.FAILED, why_of(error))]
    return [Check(Step.TERMS, Outcome.PASSED), check_signature(fits=whole)]


def check_signature(*, fits: bool) -> Check:
    if fits:
        return Check(Step.SIGNATURE, Outcome.PASSED)
    return Check(Step.SIGNATURE, Outcome.FAILED, N_("Something was changed after it was signed."))


def check_dates(credential: dict[str, Any], now: datetime) -> tuple[Check, Verdict]:
    """Whether `now` lies from validFrom up to every end that is set, and the verdict if nothing else is wrong."""
    start, ends = parse_instant(credential.get("validFrom")), [parse_instant(text) for text in _ends(credential)]
    known_ends = [end for end in ends if end is not None]
    if start is None or len(known_ends) != len(ends):
        return Check(Step.DATES, Outcome.FAILED, N_("Its dates cannot be read.")), Verdict.NOT_A_BADGE
    if now < start:
        said = Sentence(N_("It holds from {when} on."), when=start)
        return Check(Step.DATES, Outcome.FAILED, said), Verdict.NOT_YET_VALID
    if known_ends and now >= min(known_ends):
        said = Sentence(N_("It held until {when}."), when=min(known_ends))
        return Check(Step.DATES, Outcome.FAILED, said), Verdict.EXPIRED
    return Check(Step.DATES, Outcome.PASSED), Verdict.VALID


def _ends(credential: dict[str, Any]) -> list[object]:
    """When the badge ends and when its proofs do, as far as it says so."""
    proof = credential.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    ends = [entry["expires"] for entry in proofs if isinstance(entry, dict) and "expires" in entry]
    return [*ends, credential["validUntil"]] if "validUntil" in credential else ends


def _status(credential: dict[str, Any]) -> Check:
    """Where one could ask. Nothing is fetched: whoever keeps the record answers it from there."""
    entries = credential.get("credentialStatus")
    named = [entry for entry in (entries if isinstance(entries, list) else [entries]) if isinstance(entry, dict)]
    places = [entry.get("statusListCredential", entry.get("id")) for entry in named]
    found = next((place for place in places if isinstance(place, str)), "")
    if not found:
        return Check(Step.STATUS, Outcome.NOT_RUN, N_("Nothing is fetched for a check; it names no status list."))
    said = Sentence(N_("Nothing is fetched for a check; its status list is at {address}."), address=found)
    return Check(Step.STATUS, Outcome.NOT_RUN, said)
