"""Backup and restore: the database as lines of text, files under their digests, keys under a passphrase.

docs/decisions/0007 says why the rows are not the engine's own files.
"""

UNFINISHED = ".restore-unfinished"
"""File in the home folder while a restore is on its way: it names the backup."""
