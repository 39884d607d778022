"""A bucket: nothing lost between a claim and the sweep, and clear words when the store is no help."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import obstore
import pytest
import structlog

from fourweek.clock import real_time
from fourweek.errors import Busy
from fourweek.settings import Settings
from fourweek.storage import Kept, s3
from fourweek.storage.opening import open_store
from fourweek.storage.s3 import Bucket, Patience, S3Store
from tests.buckets import IMPATIENT
from tests.fourweek.storage.stubs import FORBIDDEN, HALF, answering_with, at
from tests.logs import heard
from tests.servers import HOST, free_port

HOUR = timedelta(hours=1)
STEPS = ("copy", "delete", "head")


@pytest.fixture
def store(bucket: Bucket, tmp_path: Path) -> S3Store:
    return S3Store(bucket, tmp_path / "spool", IMPATIENT)


@pytest.fixture
def all_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file looks old to who keeps it and to the sweep, and every claim is new: objects cannot be made older."""
    monkeypatch.setattr(s3, "FRESH_FOR", -HOUR)
    monkeypatch.setattr(S3Store, "_older", lambda self, key, _before: self._head(key) is not None)


def _keys(store: S3Store) -> list[str]:
    return sorted(facts["path"] for facts in store._list(""))


def test_what_is_there_is_not_written_again(store: S3Store) -> None:
    """Puts are create-only: whoever else put the same digest first has put it."""
    kept = store.keep_bytes(b"evidence")
    store._put(kept, b"EVIDENCE")
    with store.open(kept.sha256) as handle:
        assert handle.read() == b"evidence"


@pytest.mark.usefixtures("all_is_old")
def test_a_claim_keeps_an_old_file_from_the_sweep(store: S3Store) -> None:
    kept = store.keep_bytes(b"evidence")
    assert store.claim(kept.sha256, kept.size) is True
    assert store.remove(kept.sha256, real_time() - HOUR) is False
    assert store.has(kept.sha256)


@pytest.mark.usefixtures("all_is_old")
def test_an_old_claim_keeps_nothing_and_goes_with_its_file(store: S3Store) -> None:
    kept = store.keep_bytes(b"evidence")
    store.claim(kept.sha256, kept.size)
    assert store.remove(kept.sha256, real_time() + HOUR) is True
    assert _keys(store) == []


@pytest.mark.usefixtures("all_is_old")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(("step", "number"), [("copy", 1), ("delete", 1), ("head", 3), ("delete", 2)])
def test_who_keeps_a_file_in_the_middle_of_its_removal_has_it(
    store: S3Store, monkeypatch: pytest.MonkeyPatch, step: str, number: int, *, before: bool
) -> None:
    """At every step of `remove`, just before or after it, somebody keeps the same bytes again."""
    kept = store.keep_bytes(b"evidence")
    keep = partial(store.keep_bytes, b"evidence")
    monkeypatch.setattr(obstore, step, _meanwhile(getattr(obstore, step), number, keep, before=before))
    store.remove(kept.sha256, real_time() - HOUR)
    assert store.has(kept.sha256)
    assert [key for key in _keys(store) if key.startswith("trash/")] == []


def _meanwhile(call: Callable[..., Any], number: int, act: Callable[[], Any], *, before: bool) -> Callable[..., Any]:
    """`call`, and at its `number`th time `act`, once, before or after it."""
    seen = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        turn = seen == number
        if turn and before:
            act()
        try:
            return call(*args, **kwargs)
        finally:
            if turn and not before:
                act()

    return wrapped


@pytest.mark.usefixtures("all_is_old")
@pytest.mark.parametrize("step", STEPS)
def test_what_a_killed_sweep_took_away_comes_back(store: S3Store, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    kept = store.keep_bytes(b"evidence")

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        calls = {"copy": 1, "delete": 2, "head": 3}
        patch.setattr(obstore, step, _meanwhile(getattr(obstore, step), calls[step], killed, before=True))
        with pytest.raises(KeyboardInterrupt):
            store.remove(kept.sha256, real_time() - HOUR)
    store.put_back()
    monkeypatch.setattr(s3, "SWEEP_TAKES", -HOUR)
    store.put_back()
    assert [key for key in _keys(store) if key.startswith("trash/")] == []
    assert store.has(kept.sha256)


def test_settings_name_the_bucket_and_never_its_secret(tmp_path: Path, bucket: Bucket) -> None:
    settings = Settings(
        home=tmp_path,
        store=f"s3://{bucket.name}/deep/in/it/",
        store_endpoint=bucket.endpoint,
        store_key="somebody",
        store_secret="unspeakable",
    )
    store = open_store(settings)
    kept = store.keep_bytes(b"evidence")
    whole = S3Store(Bucket(bucket.name, "", bucket.endpoint, key="a", secret=bucket.secret), tmp_path / "spool")
    assert [found.name for found in whole.found()] == [f"deep/in/it/{kept.sha256[:2]}/{kept.sha256[2:4]}/{kept.sha256}"]
    said = f"{settings!r} {settings} {store!r} {vars(store)} {settings.model_dump_json()}"
    assert "unspeakable" not in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"store": "s4://bucket"},
        {"store": "s3://"},
        {"store": "s3://bucket", "store_key": ""},
        {"store": "s3://bucket", "store_endpoint": "minio:9000"},
    ],
    ids=str,
)
def test_settings_that_cannot_be_right_are_refused_without_the_secret(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="FOURWEEK_STORE") as refused:
        Settings.model_validate(
            {"store_secret": "unspeakable"} | wrong | ({"store_key": ""} if "store_key" in wrong else {})
        )
    assert "unspeakable" not in str(refused.value)


@pytest.fixture(params=["down", "silent", "refusing"])
def no_help(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a store that is no help."""
    if request.param == "down":
        yield f"http://{HOST}:{free_port()}"
        return
    with answering_with(FORBIDDEN if request.param == "refusing" else b"") as endpoint:
        yield endpoint


def test_a_store_that_is_no_help_is_busy_before_long(
    no_help: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "log", structlog.get_logger())  # one that was used before cannot be listened to
    store = S3Store(at(no_help), tmp_path / "spool", Patience(timedelta(seconds=1), timedelta(seconds=1), retries=1))
    spooled, large = store.new_spool(), store.new_spool()
    spooled.write_bytes(b"evidence")
    large.write_bytes(bytes(2 * s3.PART))
    sha256 = "ab" * 32
    asked: list[Callable[[], object]] = [
        lambda: store.keep(spooled, sha256),
        lambda: store.keep(large, sha256),
        lambda: store._put(Kept(sha256, 2 * s3.PART), large),
        lambda: store.keep_bytes(b"evidence"),
        lambda: store.open(sha256),
        lambda: store.size(sha256),
        lambda: list(store.found()),
    ]
    for ask in asked:
        begun = time.monotonic()
        with heard("fourweek.storage.s3") as logs, pytest.raises(Busy, match="does not answer"):
            ask()
        assert time.monotonic() - begun < 15
        assert [entry["event"] for entry in logs] == ["store of files does not answer"]
        assert "unspeakable" not in str(logs)
    assert (spooled.read_bytes(), large.stat().st_size) == (b"evidence", 2 * s3.PART)


def test_a_store_that_falls_silent_in_the_middle_is_busy(tmp_path: Path) -> None:
    with answering_with(HALF) as endpoint:
        store = S3Store(
            at(endpoint), tmp_path / "spool", Patience(timedelta(seconds=1), timedelta(seconds=1), retries=0)
        )
        with store.open("ab" * 32) as handle, pytest.raises(Busy, match="does not answer"):
            handle.read()


def test_a_bucket_that_is_not_there_takes_nothing(s3_server: str, tmp_path: Path) -> None:
    store = S3Store(Bucket("nobodys", "", s3_server, key="a", secret=at("").secret), tmp_path / "spool", IMPATIENT)
    with pytest.raises(Busy, match="does not answer"):
        store.keep_bytes(b"evidence")
