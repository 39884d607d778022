"""Names that rows of tries are kept under: nobody can tell from one whose it is without the house's own secret.

Should that secret be lost, another is made, and counting begins anew.
"""

import hmac
from typing import Final

from fourweek.house_secrets import house_secret
from fourweek.settings import Settings

FILE: Final = "limits.key"


def hidden(settings: Settings, what: str) -> str:
    """64 hexadecimal digits for an address, a name or a code, the same in every process of the house."""
    return hmac.digest(house_secret(settings.keys, FILE), what.encode(), "sha256").hex()
