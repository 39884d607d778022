"""An index.html over the pictures of a round: by person, page and state, each a link to the whole picture."""

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path

from fourweek.light import dataclass
from tests.browser.rounds.places import Place

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Every page</title>
<style>
body { font: 16px/1.4 sans-serif; margin: 1rem; }
.row { display: flex; gap: 0.5rem; overflow-x: auto; align-items: start; }
figure { margin: 0; } figcaption { font-size: 0.8rem; }
img { height: 15rem; width: auto; max-width: 22rem; object-fit: cover; object-position: top; border: 1px solid #999; }
</style>
<h1>Every page</h1>
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture; `path` is where it lies below the folder of all."""

    place: Place
    state: str
    path: str

    @classmethod
    def of(cls, place: Place, state: str) -> "Shot":
        name = _plain(f"{place.page} {place.path}")[:80]
        return cls(place, state, f"{place.school}/{place.who or 'guest'}/{name}/{_plain(state)}.png")


def write(folder: Path, shots: Iterable[Shot]) -> None:
    parts = [HEAD]
    for (school, who), of_person in groupby(shots, lambda one: (one.place.school, one.place.who)):
        named = f"{who or 'a guest'}, {school}"
        parts.append(f"<details><summary>{escape(named)}</summary>")
        for place, of_place in groupby(of_person, lambda one: one.place):
            pictures = "".join(_figure(shot) for shot in of_place)
            parts.append(f'<h2>{escape(place.page)}</h2><p>{escape(place.path)}</p><div class="row">{pictures}</div>')
        parts.append("</details>")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("\n".join(parts), "utf-8")


def _figure(shot: Shot) -> str:
    where = escape(shot.path)
    return (
        f'<figure><a href="{where}"><img loading="lazy" src="{where}" alt="{escape(shot.place.page)}"></a>'
        f"<figcaption>{escape(shot.state)}</figcaption></figure>"
    )


def _plain(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-")
