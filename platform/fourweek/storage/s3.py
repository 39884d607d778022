"""Files in a bucket of an S3-compatible store."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import obstore
import obstore.store
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from pydantic import SecretStr

from fourweek.clock import real_time
from fourweek.errors import Busy, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.storage.spool import Spooling
from fourweek.storage.store import PIECE, Found, Kept, buffered, digest_in, key_of

log = structlog.get_logger(__name__)
PART = 5 * PIECE
"""What goes over in one request: the least that S3 takes as a part. A larger file goes in parts, two at a time."""
FRESH_FOR = timedelta(hours=12)
"""How long after it was written a file needs no claim: half of what the sweep waits."""
SWEEP_TAKES = timedelta(hours=1)
"""What lies aside for longer was left by a sweep that was killed."""
NOT_THERE = N_("The file is not in the store.")
OWN_PREFIXES = ("claims/", "trash/")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where files are kept. Without a key, what the machine is given by its surroundings is used."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: SecretStr = field(default=SecretStr(""))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection may take, how long the store may say nothing, and how often a request is tried again."""

    connect: timedelta = timedelta(seconds=3)
    silence: timedelta = timedelta(seconds=10)
    retries: int = 1


class S3Store(Spooling):
    """Files under their digests in a bucket, spooled on the local disk.

    A file older than half a day is claimed by an object beside it, written before one looks whether the file is there.
    `remove` copies the file aside, deletes it, and looks for a claim only then: one that came before that is seen and
    the file goes back, one that comes after finds no file and puts it anew.
    """

    def __init__(self, bucket: Bucket, spool: Path, patience: Patience | None = None) -> None:
        super().__init__(spool)
        self.bucket, self.patience = bucket, patience or Patience()

    @cached_property
    def _client(self) -> Any:
        """Made by the process that uses it: what it holds does not survive a fork."""
        given: Any = {"region": self.bucket.region, "disable_bulk_delete": True}
        if self.bucket.endpoint:
            given["endpoint"] = self.bucket.endpoint
        if self.bucket.key:
            given |= {"access_key_id": self.bucket.key, "secret_access_key": self.bucket.secret.get_secret_value()}
        return obstore.store.S3Store(
            self.bucket.name,
            prefix=self.bucket.prefix or None,
            config=given,
            client_options={
                "allow_http": self.bucket.endpoint.startswith("http://"),
                "connect_timeout": self.patience.connect,
                "read_timeout": self.patience.silence,
                "timeout": timedelta(days=1),  # of a whole answer, which may be a film
            },
            retry_config={"max_retries": self.patience.retries, "retry_timeout": self.patience.silence},
        )

    def keep(self, spooled: Path, sha256: str) -> None:
        kept = Kept(sha256, spooled.stat().st_size)
        if not self.claim(kept.sha256, kept.size):
            self._put(kept, spooled.read_bytes() if kept.size <= PART else spooled)
        spooled.unlink()

    def keep_bytes(self, data: bytes) -> Kept:
        """Keep a small file that is in memory already; it does not touch the disk."""
        if len(data) > PART:
            return super().keep_bytes(data)
        kept = Kept(hashlib.sha256(data).hexdigest(), len(data))
        if not self.claim(kept.sha256, kept.size):
            self._put(kept, data)
        return kept

    def _put(self, kept: Kept, data: bytes | Path) -> None:
        """Create what is not there; put right what is there with another size.

        Parts cannot be put create-only. Two who put the same digest put the same bytes, and either appears as a whole.
        """
        key = key_of(kept.sha256)
        with _answering(), _bucket_missing():
            if isinstance(data, Path):
                obstore.put(self._client, key, data, use_multipart=True, chunk_size=PART, max_concurrency=2)
                return
            try:
                obstore.put(self._client, key, data, mode="create")
            except AlreadyExistsError:
                if obstore.head(self._client, key)["size"] != kept.size:
                    obstore.put(self._client, key, data)

    def claim(self, sha256: str, size: int) -> bool:
        facts = self._head(key_of(sha256))
        if facts is None or facts["size"] != size:
            return False
        if facts["last_modified"] > real_time() - FRESH_FOR:
            return True
        with _answering(), _bucket_missing():
            obstore.put(self._client, _claim(sha256), b"")
        return self._head(key_of(sha256)) is not None

    def _head(self, key: str) -> Any:
        """Size and time of an object; None where there is none."""
        with _answering():
            try:
                return obstore.head(self._client, key)
            except FileNotFoundError:
                return None

    def open(self, sha256: str, part: range | None = None) -> BinaryIO:
        if part is not None and not part:
            return io.BytesIO()
        options: Any = {} if part is None else {"range": (part.start, part.stop)}
        with _answering():
            answer = obstore.get(self._client, key_of(sha256), options=options)
            return buffered(_Stream(iter(answer.stream(min_chunk_size=PIECE))))

    def has(self, sha256: str) -> bool:
        return self._head(key_of(sha256)) is not None

    def size(self, sha256: str) -> int:
        facts = self._head(key_of(sha256))
        if facts is None:
            raise NotFound(_(NOT_THERE))
        return int(facts["size"])

    def found(self, prefix: str = "") -> Iterator[Found]:
        for facts in self._list(prefix):
            if not facts["path"].startswith(OWN_PREFIXES):
                yield Found(facts["path"], digest_in(facts["path"]), facts["size"], facts["last_modified"])

    def _list(self, prefix: str) -> Iterator[Any]:
        with _answering():
            for batch in obstore.list(self._client, prefix or None, chunk_size=1000):
                yield from batch

    def remove(self, sha256: str, before: datetime) -> bool:
        key, aside = key_of(sha256), f"trash/{sha256}"
        if not self._older(key, before) or self._claimed(sha256, before):
            return False
        with _answering():
            obstore.copy(self._client, key, aside)
            obstore.delete(self._client, key)
            wanted = self._claimed(sha256, before)
            if wanted:
                obstore.copy(self._client, aside, key)
            obstore.delete(self._client, [aside] if wanted else [aside, _claim(sha256)])
        return not wanted

    def _older(self, key: str, before: datetime) -> bool:
        facts = self._head(key)
        return facts is not None and facts["last_modified"] < before

    def _claimed(self, sha256: str, before: datetime) -> bool:
        facts = self._head(_claim(sha256))
        return facts is not None and facts["last_modified"] >= before

    def put_back(self) -> None:
        left = [facts for facts in self._list("trash") if facts["last_modified"] < real_time() - SWEEP_TAKES]
        for facts in left:
            key = key_of(facts["path"].removeprefix("trash/"))
            with _answering():
                if self._head(key) is None:
                    obstore.copy(self._client, facts["path"], key)
                obstore.delete(self._client, facts["path"])


class _Stream(io.RawIOBase):
    """An answer's body as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks: Iterator[bytes] | None = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        if not self._left and self._chunks is not None:
            with _answering():
                self._left = memoryview(next(self._chunks, b""))
        piece, self._left = self._left[: len(into)], self._left[len(into) :]
        into[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._chunks = None  # lets go of the connection
        super().close()


def _claim(sha256: str) -> str:
    return f"claims/{sha256}"


@contextmanager
def _answering() -> Iterator[None]:
    """A file that is not there as NotFound; a store that is down, slow, or refuses us as Busy, and why in the log."""
    try:
        yield
    except FileNotFoundError:
        raise NotFound(_(NOT_THERE)) from None
    except (BaseError, OSError, ValueError) as error:
        log.error("store of files does not answer", error=type(error).__name__, reason=_plain(error))  # noqa: TRY400
        raise Busy(_("The store of files does not answer just now.")) from None


@contextmanager
def _bucket_missing() -> Iterator[None]:
    """What cannot be found when something is put is no file."""
    try:
        yield
    except FileNotFoundError as error:
        raise OSError(f"The bucket is not there: {error}") from None


def _plain(error: Exception) -> str:
    """What went wrong without the answer's body, in which some stores repeat what they were sent."""
    return str(error).partition("<")[0].partition("\n")[0][:300]
