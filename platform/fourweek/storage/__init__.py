"""The file store: content-addressed, written once, durable before anybody is told.

A file is first spooled on the local disk, then kept under its SHA-256: in a folder, or in an S3-compatible bucket.
"""

from fourweek.storage.local import LocalStore
from fourweek.storage.opening import open_store
from fourweek.storage.spool import SPOOLED_FOR
from fourweek.storage.store import PIECE, Found, Kept, Store, digest_of, pieces
from fourweek.storage.trouble import disk_as_busy

__all__ = [
    "PIECE",
    "SPOOLED_FOR",
    "Found",
    "Kept",
    "LocalStore",
    "Store",
    "digest_of",
    "disk_as_busy",
    "open_store",
    "pieces",
]
