"""Why a backup was not made, or not restored. Each carries its own sentence, for the operator."""


class BackupError(Exception):
    """Base of them all."""


class NotMade(BackupError):
    """The backup was not made; those before it are whole."""


class NoBackup(BackupError):
    """There is no backup, or one that cannot be relied on."""


class NotRestored(BackupError):
    """Nothing was restored, or not all of it: run again."""
