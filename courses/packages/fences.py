"""Pandoc fenced divs: `::: challenge` opens, a bare `:::` closes the innermost, whatever the number of colons."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from fourweek.language import _

OPEN = re.compile(r":{3,}[ \t]{0,9}(?:\{[ \t]{0,9}\.?)?([A-Za-z][\w-]*)(?:[ \t][^:{}]{0,200})?\}?[ \t]{0,9}:*")
CLOSE = re.compile(r":{3,}")
CODE = re.compile(r"(`{3,}|~{3,})(.*)")
DEEPEST = 8
FAULTS = "fence_faults"
ENDS = ("paragraph", "reference", "blockquote", "list")  # what such a block may end without a blank line


def fences_plugin(md: MarkdownIt) -> None:
    """Push `callout_open` (its kind in `info`) and `callout_close`; faults go to `env["fence_faults"]`."""
    md.block.ruler.before("fence", "callout", _callout, {"alt": list(ENDS)})


def _callout(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    if state.is_code_block(start):
        return False
    line = _line(state, start)
    if not line.startswith(":::"):
        return False
    if CLOSE.fullmatch(line):
        return silent or _stray(state, start)
    opened = OPEN.fullmatch(line)
    if opened is None or state.env.get("fence_depth", 0) >= DEEPEST:
        return False
    if not silent:
        _push(state, opened[1].lower(), start, end)
    return True


def _push(state: StateBlock, kind: str, start: int, end: int) -> None:
    last = _closing(state, start, end)
    if last is None:
        _fault(state, start, _('"::: {kind}" is never closed.', kind=kind))
    inner_end = end if last is None else last
    token = state.push("callout_open", "div", 1)
    token.info, token.block, token.map = kind, True, [start, inner_end]
    outer_type, outer_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", inner_end
    state.env["fence_depth"] = state.env.get("fence_depth", 0) + 1
    state.md.block.tokenize(state, start + 1, inner_end)
    state.env["fence_depth"] -= 1
    state.parentType, state.lineMax = outer_type, outer_max
    state.push("callout_close", "div", -1).block = True
    state.line = inner_end if last is None else last + 1


def _closing(state: StateBlock, start: int, end: int) -> int | None:
    """The line that closes the div opened at `start`; fences inside code count for nothing."""
    depth = 1
    code = ""
    for number in range(start + 1, end):
        line = _line(state, number)
        if code:
            code = "" if _ends_code(line, code) else code
        elif fence := CODE.match(line):
            code = "" if "`" in fence[2] and fence[1][0] == "`" else fence[1]
        elif CLOSE.fullmatch(line):
            depth -= 1
            if depth == 0:
                return number
        elif OPEN.fullmatch(line):
            depth += 1
    return None


def _ends_code(line: str, code: str) -> bool:
    return len(line) >= len(code) and set(line) == {code[0]}


def _stray(state: StateBlock, start: int) -> bool:
    _fault(state, start, _("This ::: closes nothing."))
    state.line = start + 1
    return True


def _fault(state: StateBlock, line: int, message: str) -> None:
    state.env.setdefault(FAULTS, []).append((line, message))


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
