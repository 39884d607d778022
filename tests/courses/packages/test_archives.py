import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.packages import has_errors, read_package
from tests.courses.packages.factories import PUMP_CARE, change, copy_course


def pack(target: Path, folder: Path = PUMP_CARE, top: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{top}{file.relative_to(folder).as_posix()}")
    return target


def write(target: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return target


def reasons(target: Path) -> list[str]:
    course, problems = read_package(target)
    assert course is None
    assert {problem.file for problem in problems} == {target.name}
    return [problem.message for problem in problems]


@pytest.mark.parametrize("top", ["", "pump-care-main/"])
def test_zip_reads_as_its_folder_does(tmp_path: Path, top: str) -> None:
    target = pack(tmp_path / "course.zip", top=top)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("__MACOSX/._course.toml", b"litter")
        archive.writestr(f"{top}week1/.DS_Store", b"litter")
    zipped, problems = read_package(target)
    folder, expected = read_package(PUMP_CARE)
    assert problems == expected
    assert zipped is not None
    assert folder is not None
    assert zipped == folder
    assert zipped.modules[0].files[1].read() == folder.modules[0].files[1].read()


def test_zip_with_a_source_folder_inside(tmp_path: Path) -> None:
    folder = copy_course(tmp_path)
    change(folder / "course.toml", "format = 1", 'format = 1\nsource = "pages"')
    (folder / "pages").mkdir()
    for name in ("about.md", "week1", "week2"):
        (folder / name).rename(folder / "pages" / name)
    course, problems = read_package(pack(tmp_path / "course.zip", folder))
    assert not has_errors(problems)
    assert course is not None
    assert [one.file for one in course.modules[0].lessons][2] == "words.md"


@pytest.mark.parametrize(
    "name", ["../out.md", "/etc/out.md", "a/../../out.md", "a\\b.md", "C:/x.md", "./x.md", "a//b.md"]
)
def test_names_that_are_no_plain_paths_are_refused(tmp_path: Path, name: str) -> None:
    target = write(tmp_path / "x.zip", [("course.toml", b""), (name, b"x")])
    assert reasons(target) == [f'"{name}" is not a plain path inside the package.']


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("week1.md")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = write(tmp_path / "x.zip", [("course.toml", b""), (link, b"/etc/passwd")])
    assert reasons(target) == ['"week1.md" is a link or a device; only plain files may be in a package.']


def test_names_that_are_the_same_somewhere_are_refused(tmp_path: Path) -> None:
    target = write(tmp_path / "x.zip", [("course.toml", b""), ("a.md", b"1"), ("A.md", b"2")])
    assert reasons(target) == ['"A.md" is in the zip twice.']


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    target = write(tmp_path / "x.zip", [("course.toml", b""), ("zeros.txt", bytes(40_000_000))])
    assert reasons(target) == ["The zip unpacks to far more than real course material does; it was not opened."]


def test_too_many_and_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = pack(tmp_path / "x.zip")
    monkeypatch.setattr("courses.packages.archives.MAX_ENTRIES", 3)
    monkeypatch.setattr("courses.packages.archives.MAX_TOTAL_BYTES", 100)
    first, second = reasons(target)
    assert first.endswith("files; at most 3 may be in a package.")
    assert second.startswith("Unpacked, the zip is ")


def test_zip_without_a_manifest_is_refused(tmp_path: Path) -> None:
    target = write(tmp_path / "x.zip", [("a/b/course.toml", b""), ("c.md", b"")])
    assert reasons(target) == ["The zip has no course.toml at its top, nor in a single folder at its top."]


def test_cut_off_and_damaged_zips_are_said(tmp_path: Path) -> None:
    whole = pack(tmp_path / "whole.zip").read_bytes()
    target = tmp_path / "cut.zip"
    target.write_bytes(whole[: len(whole) // 2])
    assert reasons(target) == ["The file is no zip that can be read, or it is cut off."]
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        at = archive.getinfo("week2/leaks.md").header_offset + 30 + len("week2/leaks.md") + 3
    target.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    _, problems = read_package(target)
    assert '"week2/leaks.md" cannot be read.' in [problem.message for problem in problems]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), at=st.integers(0, 5_000), keep=st.booleans())
def test_no_bytes_raise(tmp_path: Path, data: bytes, at: int, *, keep: bool) -> None:
    whole = pack(tmp_path / "whole.zip").read_bytes() if keep else b""
    target = tmp_path / "any.zip"
    target.write_bytes(whole[:at] + data + whole[at + len(data) :])
    _, problems = read_package(target)
    assert problems
