"""Canonical RDF (RDFC-1.0) of a badge by PyLD, strict and bounded. Heavy to import: only signing and checking need it.

PyLD drops in silence what it does not understand; here that is an error, since whatever is dropped is not signed.
A crafted graph can make canonicalisation take longer than anybody lives; here the work is counted.
"""

import re
from math import factorial
from threading import Lock
from typing import Any, Final

from pyld import ContextResolver
from pyld.canon import URDNA2015
from pyld.jsonld import JsonLdError, JsonLdProcessor

from assessments.badges.contexts import UnknownContextError, load_pinned, unpinned_contexts
from assessments.badges.plain import LoosePartsError, plain_copy, refuse_oversize
from assessments.badges.sentences import Sentence
from fourweek.language import N_

MAX_WORK: Final = 4000
"""Visits and orderings tried among alike blank nodes; a real badge needs none."""

MAX_CONTEXTS: Final = 2000
"""Kept at once; all our own documents together need a few dozen."""

# What N-Quads allow between < and >, with the scheme in front: PyLD writes identifiers out without escaping them.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]*")

# On crafted input PyLD also stumbles in these ways; each means the same: it cannot be read.
_PYLD_FAILURES = (JsonLdError, RecursionError, AttributeError, KeyError, IndexError, TypeError, ValueError)

# Relative names are resolved against this, so that they can be told from full ones and refused; without a base PyLD
# takes one of its own and would sign them.
_RELATIVE = "relative.invalid:"
_BASE = f"{_RELATIVE}//name/"

_lock = Lock()  # PyLD's own caches are not safe under threads, and the work is Python's alone anyway
_resolved: dict[str, Any] = {}
_worked_through: dict[tuple[Any, ...], tuple[Any, Any]] = {}  # beside the context itself, so that its id stays its own


class TooComplexError(LoosePartsError):
    """The graph would take too long to canonicalise."""


def canonical_quads(document: dict[str, Any]) -> bytes:
    """Canonical N-Quads of a credential or of proof options, UTF-8.

    Raises UnknownContextError, or LoosePartsError with a sentence for undefined terms and all else not covered.
    """
    unpinned = unpinned_contexts(document)
    if unpinned:
        raise UnknownContextError(unpinned[0])
    refuse_oversize(document)
    plain = plain_copy(document)
    with _lock:
        return _quads(plain)


def _quads(plain: dict[str, Any]) -> bytes:
    options = {
        "base": _BASE,
        "documentLoader": load_pinned,
        "contextResolver": ContextResolver(_resolved, load_pinned),
    }
    try:
        dataset = _StrictProcessor().to_rdf(plain, options)
        quads: str = _BoundedCanonicaliser().main(dataset, {"format": "application/n-quads"})
    except LoosePartsError:
        raise
    except _PYLD_FAILURES as error:
        raise LoosePartsError(N_("It cannot be read as linked data.")) from error
    return quads.encode("utf-8")


class _StrictProcessor(JsonLdProcessor):  # type: ignore[misc]  # PyLD ships no types
    """Looks at the expanded form on its way to RDF, so that the document is expanded only once.

    PyLD keeps what it made of a context, but not of one that belongs to a type, which is then made anew for each thing
    of that type. Here every pair of contexts is worked through once a process: all are pinned, so there are few.
    """

    def __init__(self) -> None:
        self.dropped: list[object] = []
        super().__init__(on_property_dropped=self.dropped.append)

    def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, **how: Any) -> Any:
        """What `local_ctx` makes of `active_ctx`; `cycles` is only given while a context is not finished yet."""
        if not isinstance(local_ctx, dict) or "_uuid" not in active_ctx or "cycles" in how:
            return super()._process_context(active_ctx, local_ctx, options, **how)
        key = (active_ctx["_uuid"], id(local_ctx), *sorted(how.items()))
        if key not in _worked_through:
            if len(_worked_through) >= MAX_CONTEXTS:
                _worked_through.clear()
            _worked_through[key] = (local_ctx, super()._process_context(active_ctx, local_ctx, options, **how))
        return _worked_through[key][1]

    def expand(self, input_: object, options: object) -> list[Any]:
        expanded: list[Any] = super().expand(input_, options)
        if self.dropped:
            names = ", ".join(f"“{name}”" for name in sorted(set(map(str, self.dropped)))[:5])
            raise LoosePartsError(
                Sentence(N_("No context defines {names}, so no signature can cover it."), names=names)
            )
        _refuse_relative(expanded)
        return expanded


def _refuse_relative(expanded: list[Any]) -> None:
    """Relative identifiers and undefined types vanish on the way to RDF, and odd characters could forge a statement."""
    waiting: list[Any] = [expanded]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict) and "@value" not in node:
            for name in [*node.get("@type", []), *([node["@id"]] if "@id" in node else [])]:
                _refuse_relative_name(name)
            waiting.extend(value for key, value in node.items() if key not in ("@type", "@id"))


def _refuse_relative_name(name: object) -> None:
    if not isinstance(name, str) or name.startswith(_RELATIVE) or not _IRI.fullmatch(name):
        said = str(name).removeprefix(_BASE)
        raise LoosePartsError(Sentence(N_("“{name}” is neither a known type nor a full address."), name=said))


class _BoundedCanonicaliser(URDNA2015):  # type: ignore[misc]  # PyLD ships no types
    def __init__(self) -> None:
        super().__init__()
        self.work = 0

    def create_hash_to_related(self, id_: str, issuer: Any) -> dict[str, list[str]]:
        related: dict[str, list[str]] = super().create_hash_to_related(id_, issuer)
        self.work += 1 + sum(factorial(min(len(alike), 10)) for alike in related.values())
        if self.work > MAX_WORK:
            raise TooComplexError(N_("Its parts refer to each other in a way no badge needs."))
        return related
