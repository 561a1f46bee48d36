"""What a runtime says of a failed pull, before the kubelet puts its own words around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """The text of a runtime's error, its gRPC code, and the waiting reason that the kubelet makes of it."""

    text: str
    code: str = "Unknown"
    reason: str = "ErrImagePull"
