"""The WWW-Authenticate header: quoted as every client reads it, or unquoted as some registries are said to
write it.
"""

from __future__ import annotations


def bearer(realm: str, service: str, scope: str = "", error: str = "", *, quoted: bool = True) -> tuple[str, str]:
    """Returns the header of a Bearer challenge; an unquoted one has a space after each comma."""
    parts = {"realm": realm, "service": service, "scope": scope, "error": error}
    present = [(name, value) for name, value in parts.items() if value]
    if quoted:
        return "WWW-Authenticate", "Bearer " + ",".join(f'{name}="{value}"' for name, value in present)
    return "WWW-Authenticate", "Bearer " + ", ".join(f"{name}={value}" for name, value in present)


def basic(realm: str) -> tuple[str, str]:
    """Returns the header of a Basic challenge."""
    return "WWW-Authenticate", f'Basic realm="{realm}"'
