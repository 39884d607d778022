"""Draws what a learner or an author sent, in a process of its own that may fail: `python -m assessments.showing.child`.

Arguments: the module that draws it, the file, where to write the result, the number of the page. Its standard input
holds the names, one a line, that names of files must not say. Says what it made as JSON on its standard output. Ends
with 3 where this cannot be shown. It runs with little time, memory and disk, knows nothing of settings, database or
store, and is killed when it takes too long.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from assessments.showing import limits

try:
    import resource
except ImportError:  # Windows: only the clock limits it
    resource = None  # type: ignore[assignment]

CANNOT = 3
_SHOWN = frozenset({"pdf_pages", "pictures", "markdown"})
_CLEANED = frozenset({"pictures", "pdfs", "office", "films", "mp3s", "wavs", "oggs", "webms", "archives"})
_BADGE = "badges.picture.svg_drawing"
_SEAL = "verify.seal_child"
_DRAWERS = {f"showing.{one}": limits.RESULT_BYTES for one in _SHOWN} | {
    **{f"cleaning.{one}": limits.CLEANED_BYTES for one in _CLEANED},
    _BADGE: limits.RESULT_BYTES,
    _SEAL: 0,
}


def main() -> None:
    drawer, source, target, page = sys.argv[1:]
    if drawer not in _DRAWERS:
        sys.exit(f"There is no {drawer}.")
    names = sys.stdin.read()
    draw = import_module(f"assessments.{drawer}").draw
    _be_limited(_DRAWERS[drawer])
    try:
        more = (tuple(names.splitlines()),) if names else ()
        made = draw(Path(source), Path(target), int(page), *more)
    except BaseException as error:  # noqa: BLE001 a hostile file may raise anything
        print(type(error).__name__, str(error)[:200], file=sys.stderr)
        sys.exit(CANNOT)
    print(json.dumps(made))


def _be_limited(result_bytes: int) -> None:
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, result_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


if __name__ == "__main__":
    main()
