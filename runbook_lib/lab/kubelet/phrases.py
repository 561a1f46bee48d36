"""The kubelet's own words around what the runtime said, which changed between its versions."""

from __future__ import annotations

from runbook_lib.lab.kubelet.node import NodeState
from runbook_lib.lab.kubelet.wording import Said

_STRIPS_UNKNOWN = 27
_REPEATS_CAUSE = 32
_CREATED_WITH_COLON = 32
_SPECIAL = {
    "RegistryUnavailable": "the registry is unavailable",
    "SignatureValidationFailed": "the signature validation failed",
}


def runtime_error(node: NodeState, said: Said) -> str:
    """Gives the error as it comes over gRPC: the code is left out where it is Unknown and the kubelet is not
    old.
    """
    if said.text == "pull QPS exceeded" or (said.code == "Unknown" and node.kubelet_minor >= _STRIPS_UNKNOWN):
        return said.text
    return f"rpc error: code = {said.code} desc = {said.text}"


def aggregate(errors: list[str]) -> str:
    """Joins the errors of all credentials tried: each different one once, in brackets where there are
    several.
    """
    different = list(dict.fromkeys(errors))
    return different[0] if len(different) == 1 else f"[{', '.join(different)}]"


def failed_pull(image: str, error: str) -> str:
    """Gives the message of the event that holds the cause."""
    return f'Failed to pull image "{image}": {error}'


def waiting_after_pull(image: str, said: Said, error: str) -> str:
    """Gives the waiting message right after a failed pull."""
    words = _SPECIAL.get(said.reason)
    if words is None:
        return error
    return f"image pull failed for {image} because {words}{error.removeprefix(said.reason)}"


def waiting_in_back_off(node: NodeState, image: str, reason: str, message: str) -> str:
    """Gives the waiting message between attempts: since 1.32 it repeats the cause."""
    held = f'Back-off pulling image "{image}"'
    return f"{held}: {reason}: {message}" if node.kubelet_minor >= _REPEATS_CAUSE else held


def never_pulled(image: str) -> str:
    """Gives the message for an image that is absent and must not be pulled."""
    return f'Container image "{image}" is not present with pull policy of Never'


def invalid_name(image: str, why: str) -> str:
    """Gives the message for a name that is no reference."""
    return f'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": {why}'


def pulled(image: str, seconds: float, size: int) -> str:
    """Gives the message of a successful pull."""
    took = f"{seconds * 1000:.0f}ms" if seconds < 1 else f"{seconds:.3f}s"
    return f'Successfully pulled image "{image}" in {took} ({took} including waiting). Image size: {size} bytes.'


def created(node: NodeState, container: str) -> str:
    """Gives the message of a created container."""
    return f"Created container{':' if node.kubelet_minor >= _CREATED_WITH_COLON else ''} {container}"


def go_duration(seconds: int) -> str:
    """Prints a duration as Go does ("1m20s", "5m0s", "10s")."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
