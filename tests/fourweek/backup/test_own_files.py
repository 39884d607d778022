"""What an institution wrote and drew itself, in the home folder, goes with a backup and comes back with it."""

import io
import tarfile
from pathlib import Path

import pytest

from fourweek.backup.errors import NoBackup, NotMade
from fourweek.backup.own_files import differences, elsewhere, own_files, packed, put, unpack
from fourweek.settings import Settings

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1H0z"/></svg>'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One with two texts, a logo, and a lot that is none of them."""
    home = tmp_path / "home"
    (home / "texts" / "before").mkdir(parents=True)
    (home / "texts" / "privacy.md").write_text("We keep little.")
    (home / "texts" / "before" / "privacy 2025.md").write_text("We kept more.")
    (home / "logo.svg").write_bytes(LOGO)
    (home / "keys").mkdir()
    (home / "keys" / "seal.pem").write_text("nobody may read this")
    return home


def _settings(home: Path, logo: Path | None = None) -> Settings:
    return Settings(home=home, institution_logo=str(logo or home / "logo.svg"))


def test_texts_and_logo_come_back_as_they_were_and_nothing_is_written_over(home: Path, tmp_path: Path) -> None:
    kept = unpack(packed(own_files(_settings(home))))
    assert sorted(kept) == ["logo.svg", "texts/before/privacy 2025.md", "texts/privacy.md"]
    new = tmp_path / "new"
    (new / "texts").mkdir(parents=True)
    (new / "texts" / "privacy.md").write_text("Ours, from before.")
    put(new, kept)
    assert (new / "logo.svg").read_bytes() == LOGO
    assert (new / "texts" / "before" / "privacy 2025.md").read_text() == "We kept more."
    assert (new / "texts" / "privacy.md").read_text() == "Ours, from before."
    assert (new / "logo.svg").stat().st_mode & 0o077 == 0


def test_every_difference_is_named(home: Path) -> None:
    kept = unpack(packed(own_files(_settings(home))))
    assert list(differences(_settings(home), kept)) == []
    (home / "texts" / "privacy.md").write_text("We keep everything.")
    (home / "texts" / "terms.md").write_text("Be kind.")
    (home / "logo.svg").unlink()
    found = list(differences(Settings(home=home), kept))
    assert found == ["missing: file logo.svg", "changed: file texts/privacy.md", "added: file texts/terms.md"]


def test_a_logo_elsewhere_is_named_and_not_taken(home: Path, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    settings = _settings(home, tmp_path / "logo.svg")
    assert elsewhere(settings) == str(tmp_path / "logo.svg")
    assert "logo.svg" not in own_files(settings)
    assert elsewhere(_settings(home)) == elsewhere(Settings(home=home)) == ""


def test_a_logo_beside_the_home_is_elsewhere_however_its_path_goes(home: Path, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    settings = _settings(home, home / ".." / "logo.svg")
    assert elsewhere(settings) == str(tmp_path / "logo.svg")
    assert sorted(own_files(settings)) == ["texts/before/privacy 2025.md", "texts/privacy.md"]
    assert "logo.svg" in own_files(_settings(home, home / "texts" / ".." / "logo.svg"))


def test_texts_that_are_kept_elsewhere_by_a_link_stay_there(home: Path, tmp_path: Path) -> None:
    kept, new = unpack(packed(own_files(_settings(home)))), tmp_path / "new"
    new.mkdir()
    (new / "texts").symlink_to(home / "texts")
    put(new, kept)
    assert [path.name for path in new.iterdir() if not path.is_symlink()] == ["logo.svg"]


def test_a_logo_that_came_back_is_there_before_a_setting_names_it(home: Path) -> None:
    kept = unpack(packed(own_files(_settings(home))))
    assert list(differences(Settings(home=home), kept)) == []


def test_a_home_without_any_has_nothing_to_keep(tmp_path: Path) -> None:
    assert own_files(Settings(home=tmp_path)) == {}


def test_a_text_that_cannot_be_read_is_named(home: Path) -> None:
    gone = {"texts/privacy.md": home / "texts" / "gone.md"}
    with pytest.raises(NotMade, match=r"gone\.md cannot be read: No such file"):
        packed(gone)


@pytest.mark.parametrize("name", ["../elsewhere.md", "/elsewhere.md", "texts/../../elsewhere.md"])
def test_nothing_is_written_outside_of_the_home(name: str, home: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(NoBackup, match="lies outside"):
        put(home, unpack(packed.getvalue()))
    assert not (home.parent / "elsewhere.md").exists()
