"""Pull secrets as the kubelet reads them: which entries they hold, and what makes one useless.

Sources: Kubernetes' pkg/credentialprovider (config.go, secrets.go); the document's api-key/3.1 to 3.3
and token/1 to 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.vault import Secret

DOCKERCONFIGJSON = "kubernetes.io/dockerconfigjson"
DOCKERCFG = "kubernetes.io/dockercfg"
KEY_OF_TYPE = {DOCKERCONFIGJSON: ".dockerconfigjson", DOCKERCFG: ".dockercfg"}
TYPE_OF_KEY = {key: type_ for type_, key in KEY_OF_TYPE.items()}


class Fault(StrEnum):
    """What keeps the kubelet from using a whole secret."""

    TYPE_WRONG = "type-wrong"  # type and data key do not agree: ignored without an event
    NOT_JSON = "not-json"  # building the keyring fails, and with it the pull
    BAD_AUTH = "bad-auth"  # an `auth` that is not base64(username:password): the keyring fails
    WRONG_SHAPE = "wrong-shape"  # `auths` inside .dockercfg, or a bare map inside .dockerconfigjson
    EMPTY = "empty"  # no data, or no entry at all


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """One registry's credential in a pull secret. `password` is None where it is empty or elided."""

    key: str
    username: str
    password: Secret | None
    from_auth: bool = False
    elided: bool = False
    differs: bool = False  # `auth` says another thing than `username` and `password`
    elided_as: str = ""  # which of a bundle's elided credentials: equal names stood for equal values

    @property
    def has_credential(self) -> bool:
        """True where the kubelet has something to send; an empty password makes the runtime go anonymous."""
        return bool(self.username) and (self.password is not None or self.elided)

    def same_credential(self, other: RegistryEntry) -> bool | None:
        """True or False where both are known (also elided ones of one bundle), else None."""
        if self.password is not None and other.password is not None:
            return (self.username, self.password) == (other.username, other.password)
        if self.elided_as and other.elided_as:
            return (self.username, self.elided_as) == (other.username, other.elided_as)
        return None


@dataclass(frozen=True, slots=True)
class PullSecret:
    """A secret that was read (its values may be elided), decoded the way the kubelet does."""

    namespace: str
    name: str
    type: str
    data_keys: tuple[str, ...] = ()
    entries: tuple[RegistryEntry, ...] = ()
    fault: Fault | None = None
    fault_text: str = ""
    elided: bool = False
    generated_for: str = ""  # the service account for which OpenShift generated it
    created: str = ""
    resource_version: str = ""

    @property
    def breaks_keyring(self) -> bool:
        """True where this secret makes the kubelet fail before any request, whatever the others hold."""
        return self.fault in (Fault.NOT_JSON, Fault.BAD_AUTH)

    @property
    def is_read_by_kubelet(self) -> bool:
        """False where type and key do not agree: the kubelet passes over the secret without a word."""
        return self.fault is not Fault.TYPE_WRONG

    @property
    def hosts(self) -> tuple[str, ...]:
        """The registry keys as written, in their order."""
        return tuple(entry.key for entry in self.entries)
