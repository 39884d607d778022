import tomllib

from hypothesis import given
from hypothesis import strategies as st

from courses.packages.lines import TomlPath, toml_lines

DOCUMENT = '''# words
a = 1
"b.c" = "x # no comment"   # comment
d.e = """
[not.a.header]
key = 1 \\"""
"""
f = [
  1,  # one
  { g = 2, h = [3,
    4] },
]
[[m]]
k = \'\'\'lit\'\'\'\'
  [[m.n]]
  o = 'x'
  [[m.n]]
  o = 1979-05-27T07:32:00Z
[m.p]
q = true
[[m]]
[[m.n]]
o = -0.5
["\\u00e9"."r s"]
t = {}
'''


def test_each_value_has_its_line() -> None:
    lines = toml_lines(DOCUMENT)
    expected: dict[TomlPath, int] = {
        ("a",): 2,
        ("b.c",): 3,
        ("d", "e"): 4,
        ("f",): 8,
        ("f", 0): 9,
        ("f", 1): 10,
        ("f", 1, "g"): 10,
        ("f", 1, "h", 1): 11,
        ("m", 0): 13,
        ("m", 0, "k"): 14,
        ("m", 0, "n", 0, "o"): 16,
        ("m", 0, "n", 1, "o"): 18,
        ("m", 0, "p", "q"): 20,
        ("m", 1): 21,
        ("m", 1, "n", 0, "o"): 23,
        ("é", "r s", "t"): 25,
    }
    assert {path: lines.line(path) for path in expected} == expected


def test_what_is_not_there_has_the_line_of_what_is_around_it() -> None:
    lines = toml_lines(DOCUMENT)
    assert lines.line(("m", 0, "n", 1, "missing")) == 17
    assert lines.line(("nowhere",)) is None


def paths(value: object, path: TomlPath = ()) -> list[TomlPath]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [deeper for key, inner in value.items() for deeper in paths(inner, (*path, key))]
    elif isinstance(value, list):
        found += [deeper for index, inner in enumerate(value) for deeper in paths(inner, (*path, index))]
    return found


WORDS = st.text(st.characters(codec="ascii", exclude_characters='"\\', min_codepoint=32, max_codepoint=126))
SCALARS = st.one_of(
    st.sampled_from(["1", "true", "2.5", "1979-05-27", '"""\nx ] = "" \\""""', "'''\n# [a]\n'''", "'a\"b'"]),
    WORDS.map('"{}"'.format),
)


def array(items: list[str]) -> str:
    return "[\n" + ",  # x ]\n".join([*items, ""]) + "]"


def inline_table(items: list[str]) -> str:
    return "{" + ", ".join(f"k{number} = {item}" for number, item in enumerate(items)) + "}"


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3).map(array), st.lists(inner, max_size=3).map(inline_table)),
    max_leaves=6,
)
TABLES = st.lists(st.tuples(st.sampled_from(["[[a]]", "[[a.b]]", "[[c]]"]), st.lists(VALUES, max_size=3)), max_size=5)


@given(TABLES)
def test_every_path_of_a_valid_document_has_a_line_that_names_it(tables: list[tuple[str, list[str]]]) -> None:
    parts = [f"{head}\n" + "".join(f"v{n} = {value}\n" for n, value in enumerate(values)) for head, values in tables]
    text = "".join(["[[a]]\n", *parts])
    lines = toml_lines(text)
    rows = text.split("\n")
    for path in paths(tomllib.loads(text)):
        if isinstance(path[-1], int) or path[-1].startswith(("k", "v")):
            line = lines.by_path[path]
            assert isinstance(path[-1], int) or path[-1] in rows[line - 1]


@given(st.text())
def test_no_text_raises(text: str) -> None:
    toml_lines(text)
