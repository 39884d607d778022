"""`python -m tests.language`: write the catalogues anew from what code and templates say.

`… missing CODE [learner]`   what is not said in that language yet, as JSON to fill in; learner: on the learner's way
`… take CODE FILE …`         put translations from such files into a catalogue
`… unmarked [PATH …]`        sentences that no catalogue gets, below these paths
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.house.sources import CODE, name, python_files, templates
from tests.language.catalogues import (
    TRANSLATED,
    Key,
    as_text,
    compiled,
    forms,
    forms_in,
    read,
    renewed,
    source,
    words_of,
)
from tests.language.gathering import all_said
from tests.language.unmarked import in_code, in_template
from tests.language.ways import on_the_learners_way


def main(words: list[str]) -> int:
    match words:
        case []:
            for code in TRANSLATED:
                write(code, {})
        case ["missing", code, *rest]:
            print(json.dumps(missing(code, learner="learner" in rest), ensure_ascii=False, indent=0))
        case ["take", code, *files]:
            write(code, {key: said for file in files for key, said in taken(Path(file)).items()})
        case ["unmarked", *paths]:
            found = [line for path in paths or [""] for line in unmarked(path)]
            print("\n".join([*found, f"{len(found)} unmarked"]))
        case _:
            print(__doc__)
            return 2
    return 0


def write(code: str, translated: dict[Key, list[str]]) -> None:
    catalog = renewed(code, all_said(), translated)
    source(code).parent.mkdir(parents=True, exist_ok=True)
    source(code).write_bytes(as_text(catalog))
    source(code).with_suffix(".mo").write_bytes(compiled(catalog))
    said = [one for one in catalog if one.id and all(forms_in(one.string))]
    print(f"{code}: {len(said)} of {len(catalog)} said")


def missing(code: str, *, learner: bool) -> list[dict[str, object]]:
    """What a translator fills in: `said` has one entry, or one for each plural form."""
    kept, found = words_of(read(code)), dict[Key, dict[str, Any]]()
    for one in all_said():
        if (one.key not in kept or not all(forms_in(kept[one.key].string))) and (
            not learner or on_the_learners_way(one.place)
        ):
            before = found.get(
                one.key, {"context": one.context, "one": one.one, "many": "", "places": [], "said": [""]}
            )
            if one.many:
                before |= {"many": one.many, "said": [""] * forms(code)}
            found[one.key] = before | {"places": [*before["places"], one.place][:3]}
    return list(found.values())


def taken(path: Path) -> dict[Key, list[str]]:
    return {
        (one.get("context", ""), one["one"]): one["said"] for one in json.loads(path.read_text()) if all(one["said"])
    }


def unmarked(below: str) -> list[str]:
    code = [line for path in python_files(*CODE) if name(path).startswith(below) for line in in_code(path)]
    return code + [line for path in templates() if name(path).startswith(below) for line in in_template(path)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
