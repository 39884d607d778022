"""Which store an installation has, by its settings."""

from fourweek.settings import Settings
from fourweek.storage.local import LocalStore
from fourweek.storage.store import Store


def open_store(settings: Settings) -> Store:
    """A folder, or a bucket, of which nothing is asked yet. Only the latter loads what it takes to speak to one."""
    if not settings.bucket:
        return LocalStore(settings.files)
    from fourweek.storage.s3 import Bucket, S3Store  # noqa: PLC0415 heavy, and only for who has a bucket

    name, _, prefix = settings.bucket.partition("/")
    bucket = Bucket(
        name=name,
        prefix=prefix.strip("/"),
        endpoint=settings.store_endpoint,
        region=settings.store_region,
        key=settings.store_key,
        secret=settings.store_secret,
    )
    return S3Store(bucket, settings.files / "spool")
