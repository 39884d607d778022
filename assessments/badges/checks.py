"""Is this a badge, is it as its issuer signed it, and does it hold now? Answered in words, without any network.

What only a record can know (revoked, superseded) is not asked here: whoever keeps the record adds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from assessments.badges.contexts import CREDENTIALS_V2, unpinned_contexts
from assessments.badges.multikey import PublicKey
from assessments.badges.plain import LoosePartsError
from assessments.badges.proof import ProofError, holds, issuer_id, our_kind_of_proofs, proof_key
from assessments.badges.times import parse_instant, zulu

Issuers = Mapping[str, Sequence[PublicKey]]
"""Issuer id (a DID) → the public keys that speak for it."""


class Verdict(StrEnum):
    """The one answer, for the file as it is at this moment."""

    VALID = "valid"
    ALTERED = "altered"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    ISSUER_UNKNOWN = "issuer_unknown"
    NOT_A_BADGE = "not_a_badge"


class Step(StrEnum):
    """What is looked at, in this order."""

    SHAPE = "shape"
    CONTEXTS = "contexts"
    TERMS = "terms"
    SIGNATURE = "signature"
    ISSUER_KEY = "issuer_key"
    DATES = "dates"


class Outcome(StrEnum):
    """`NOT_RUN`: an earlier answer left nothing to look at."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


TITLES: Mapping[Step, str] = {
    Step.SHAPE: "It is an Open Badge",
    Step.CONTEXTS: "It uses only vocabularies we know",
    Step.TERMS: "Every statement in it is covered by the signature",
    Step.SIGNATURE: "The signature fits the contents",
    Step.ISSUER_KEY: "The key belongs to the issuer",
    Step.DATES: "It holds today",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One step: what was asked, how it ended, and why in a sentence ("" when there is nothing to add)."""

    step: Step
    outcome: Outcome
    detail: str = ""

    @property
    def title(self) -> str:
        return TITLES[self.step]


@dataclass(frozen=True, slots=True)
class Report:
    """All steps in order, the verdict, and whom the file names; the names are claims unless the verdict is valid."""

    verdict: Verdict
    checks: tuple[Check, ...]
    credential_id: str = ""
    issuer_id: str = ""


def check_credential(credential: object, *, issuers: Issuers, now: datetime) -> Report:
    """Check a parsed file against the keys of the issuers we know. Never raises for anything in the file."""
    wrong = _wrong_shape(credential)
    if wrong or not isinstance(credential, dict):
        return Report(Verdict.NOT_A_BADGE, _in_order([Check(Step.SHAPE, Outcome.FAILED, wrong)]))
    contexts = _contexts(credential)
    dates, when = _dates(credential, now)
    signed = _signed(credential, issuers, readable=contexts.outcome is Outcome.PASSED)
    checks = _in_order([Check(Step.SHAPE, Outcome.PASSED), contexts, *signed, dates])
    issuer, named = issuer_id(credential), credential.get("id")
    verdict = _verdict(checks, when) if issuer in issuers else Verdict.ISSUER_UNKNOWN
    return Report(verdict, checks, named if isinstance(named, str) else "", issuer)


def _in_order(checks: list[Check]) -> tuple[Check, ...]:
    done = {check.step: check for check in checks}
    return tuple(done.get(step, Check(step, Outcome.NOT_RUN)) for step in Step)


def _verdict(checks: tuple[Check, ...], when: Verdict) -> Verdict:
    whole = all(check.outcome is Outcome.PASSED for check in checks if check.step is not Step.DATES)
    return when if whole else Verdict.ALTERED


def _wrong_shape(credential: object) -> str:
    """Why this is no badge; "" if it looks like one."""
    if not isinstance(credential, dict):
        return "A badge is a JSON object."
    types = credential.get("type")
    if not isinstance(types, list) or "VerifiableCredential" not in types:
        return "It does not say that it is a verifiable credential."
    if not {"OpenBadgeCredential", "AchievementCredential"} & {name for name in types if isinstance(name, str)}:
        return "It is a credential, but not an Open Badge 3.0."
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or not isinstance(subject.get("achievement"), dict):
        return "It does not say what was achieved."
    if not issuer_id(credential):
        return "It does not say who issued it."
    return "" if credential.get("proof") else "It carries no proof."


def _contexts(credential: dict[str, Any]) -> Check:
    named = credential.get("@context")
    if not isinstance(named, list) or not named or named[0] != CREDENTIALS_V2:
        return Check(Step.CONTEXTS, Outcome.FAILED, "It does not begin with the vocabulary of credentials.")
    unknown = unpinned_contexts(credential)
    if unknown:
        return Check(Step.CONTEXTS, Outcome.FAILED, f"It also names {unknown[0]}, which could change what words mean.")
    return Check(Step.CONTEXTS, Outcome.PASSED)


def _signed(credential: dict[str, Any], issuers: Issuers, *, readable: bool) -> list[Check]:
    """Key, then terms and signature. Every proof of our kind has to hold under a key we know as the issuer's own."""
    issuer = issuer_id(credential)
    try:
        proofs = our_kind_of_proofs(credential)
    except ProofError as error:
        return [Check(Step.SIGNATURE, Outcome.FAILED, str(error))]
    pairs = [(proof, key) for proof in proofs if (key := proof_key(proof, issuer, issuers.get(issuer, ())))]
    if len(pairs) != len(proofs):
        return [Check(Step.ISSUER_KEY, Outcome.FAILED, f"No key that we know of {issuer} made the signature.")]
    key_check = Check(Step.ISSUER_KEY, Outcome.PASSED)
    return [key_check, *_terms_and_signature(credential, pairs)] if readable else [key_check]


def _terms_and_signature(credential: dict[str, Any], pairs: list[tuple[dict[str, Any], PublicKey]]) -> list[Check]:
    try:
        whole = all(holds(credential, proof, key) for proof, key in pairs)
    except LoosePartsError as error:
        return [Check(Step.TERMS, Outcome.FAILED, str(error))]
    except ProofError as error:
        return [Check(Step.SIGNATURE, Outcome.FAILED, str(error))]
    terms = Check(Step.TERMS, Outcome.PASSED)
    if whole:
        return [terms, Check(Step.SIGNATURE, Outcome.PASSED)]
    return [terms, Check(Step.SIGNATURE, Outcome.FAILED, "Something was changed after it was signed.")]


def _dates(credential: dict[str, Any], now: datetime) -> tuple[Check, Verdict]:
    """Whether `now` lies from validFrom up to every end that is set, and the verdict if nothing else is wrong."""
    start, ends = parse_instant(credential.get("validFrom")), [parse_instant(text) for text in _ends(credential)]
    known_ends = [end for end in ends if end is not None]
    if start is None or len(known_ends) != len(ends):
        return Check(Step.DATES, Outcome.FAILED, "Its dates cannot be read."), Verdict.NOT_A_BADGE
    if now < start:
        return Check(Step.DATES, Outcome.FAILED, f"It holds from {zulu(start)} on."), Verdict.NOT_YET_VALID
    if known_ends and now >= min(known_ends):
        return Check(Step.DATES, Outcome.FAILED, f"It held until {zulu(min(known_ends))}."), Verdict.EXPIRED
    return Check(Step.DATES, Outcome.PASSED), Verdict.VALID


def _ends(credential: dict[str, Any]) -> list[object]:
    """When the badge ends and when its proofs do, as far as it says so."""
    proof = credential.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    ends = [entry["expires"] for entry in proofs if isinstance(entry, dict) and "expires" in entry]
    return [*ends, credential["validUntil"]] if "validUntil" in credential else ends
