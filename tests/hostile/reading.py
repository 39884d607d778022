"""A page as a browser would parse it: its forms with every field, its links, and what in it could run."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from tests.hostile.payloads import MARK

CHOSEN = {"radio", "checkbox"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "srcdoc", "poster", "hx-get", "hx-post"}
RUNS = re.compile(r"^[\x00-\x20]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
NEVER = {"iframe", "object", "embed", "base", "style", "math", "applet", "frame", "marquee", "isindex", "xss"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: every value that it offers (choices), or the one it shows."""

    name: str
    kind: str
    values: tuple[str, ...]


@dataclass(slots=True)
class Form:
    """A form as a page shows it: `shown` is what would be sent as it stands, `files` what it takes."""

    action: str
    method: str
    multipart: bool
    shown: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Page(HTMLParser):
    """What stands on a page. `dangers` says, a sentence each, what a visitor's text must never become."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.dangers: list[str] = []
        self._form: Form | None = None
        self._area = self._select = ""
        self._text = ""
        self._first = True
        self._ways_beside: list[tuple[Form, str]] = []
        self.feed(html)
        self.close()
        self.forms += [replace(form, action=action, method="post") for form, action in self._ways_beside]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.dangers += dangers_of(tag, given)
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            multipart = given.get("enctype", "").startswith("multipart")
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), multipart)
            self.forms.append(self._form)
            self._ways_beside += [(self._form, given["hx-post"])] if given.get("hx-post") else []
        elif tag in {"input", "textarea", "select", "button"} and self._form is not None:
            self._control(self._form, tag, given)
        elif tag == "option" and self._form is not None and self._select:
            self._option(self._form, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text") if tag == "input" else tag
        self._ways_beside += [(form, given[way]) for way in ("formaction", "hx-post") if given.get(way)]
        if not name:
            return
        value = given.get("value", "on" if kind in CHOSEN else "")
        if kind == "file":
            form.files[name] = tuple(filter(None, given.get("accept", "").replace(" ", "").split(",")))
            return
        if tag == "select":
            self._select, self._first = name, True
        if tag == "textarea":
            self._area, self._text = name, ""
        before = form.fields.get(name, Field(name, kind, ())).values
        form.fields[name] = Field(name, kind, before if tag in {"select", "textarea"} else (*before, value))
        sent = tag == "input" and kind not in {"submit", "button"} and (kind not in CHOSEN or "checked" in given)
        if sent:
            form.shown.append((name, value))

    def _option(self, form: Form, given: dict[str, str]) -> None:
        had, value = form.fields[self._select], given.get("value", "")
        form.fields[self._select] = Field(had.name, had.kind, (*had.values, value))
        if self._first or "selected" in given:
            form.shown = [(name, said) for name, said in form.shown if name != self._select] + [(self._select, value)]
        self._first = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area and self._form is not None:
            said = self._text.removeprefix("\n")
            self._form.fields[self._area] = Field(self._area, "textarea", (said,))
            self._form.shown.append((self._area, said))
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._form = None


def dangers_of(tag: str, given: dict[str, str]) -> list[str]:
    """What a tag of a page would let somebody else's text do."""
    found = [f"{tag} {key}={value[:80]!r}" for key, value in given.items() if _runs(tag, key, value)]
    if tag in NEVER or (tag == "script" and not given.get("src", "").startswith("/static/")) or _leads_away(tag, given):
        found.append(f"<{tag} {given}>")
    return found


def _leads_away(tag: str, given: dict[str, str]) -> bool:
    to = given.get("href", "/")
    return tag == "link" and given.get("rel") != "canonical" and (not to.startswith("/") or to.startswith("//"))


def _runs(tag: str, key: str, value: str) -> bool:
    if key.startswith("on") or key == "style" or MARK in key:
        return True
    if key.removeprefix("data-").startswith("hx-") and MARK in value:
        return True
    return key in ADDRESSES and bool(RUNS.match(value)) and not (tag == "img" and value.startswith("data:image/png"))
