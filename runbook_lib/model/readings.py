"""The readings that steps and causes need, as frozen types: one type a reading, one provider a type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runbook_lib.model.image_ref import Image, RegistryHost, RegistryKind
from runbook_lib.model.keyring import Match, key_matches, normalise_key
from runbook_lib.model.kube import Container, Event, Pod
from runbook_lib.model.pull_error import PullError
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.unavailable import Unavailable

_GENERATED_NAME = re.compile(r".+-dockercfg-[a-z0-9]{5}")


@dataclass(frozen=True, slots=True)
class Target:
    """Which failing pull a case is about. `container` is empty where no container's pull fails."""

    namespace: str
    pod: str
    container: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """The command-line tools to name in remedies: `oc` on OpenShift, else `kubectl`; and the cluster's name."""

    kubectl: str = "oc"
    openshift: bool | None = None
    cluster: str = "<cluster_name_or_ID>"
    live: bool = True


@dataclass(frozen=True, slots=True)
class CaseContainer:
    """The container that the case is about; `container` is None where the pod has none that fails."""

    pod: Pod
    container: Container | None


@dataclass(frozen=True, slots=True)
class CaseImage:
    """The image that the case's container names."""

    image: Image


@dataclass(frozen=True, slots=True)
class PodEvents:
    """The events of the case's pod, oldest first. An empty list may also mean that they have expired."""

    events: tuple[Event, ...]

    def of(self, reason: str, container: Container | None = None) -> tuple[Event, ...]:
        """Events with this reason; with a container, those of its field path or of none."""
        paths = ("", container.field_path) if container else None
        return tuple(e for e in self.events if e.reason == reason and (paths is None or e.field_path in paths))


@dataclass(frozen=True, slots=True)
class Said:
    """One text about the failing pull and the channel that carried it."""

    channel: str
    text: str
    error: PullError
    count: int = 1
    last: str = ""


@dataclass(frozen=True, slots=True)
class PullFailure:
    """What the cluster says of the failing pull, most telling text first. `failing` is False where no pull fails."""

    failing: bool
    reason: str
    said: tuple[Said, ...] = ()
    unretrieved: tuple[str, ...] = ()  # names in FailedToRetrieveImagePullSecret events
    unretrieved_count: int = 0
    unretrieved_last: str = ""

    @property
    def error(self) -> PullError | None:
        """The parsed text that tells most, or None where no channel speaks."""
        return self.said[0].error if self.said else None


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A pull secret that the pod names: read, or why not."""

    name: str
    secret: PullSecret | Unavailable

    @property
    def is_missing(self) -> bool:
        """True where the cluster was asked and says that there is no such secret."""
        return isinstance(self.secret, Unavailable) and self.secret.says_absent

    @property
    def is_unread(self) -> bool:
        """True where it may exist and its entries are not known."""
        if isinstance(self.secret, Unavailable):
            return not self.secret.says_absent
        return self.secret.elided and not self.secret.entries

    @property
    def is_generated(self) -> bool:
        """True where it is for OpenShift's internal registry alone: by annotation, by content, else by its name."""
        if isinstance(self.secret, PullSecret):
            if self.secret.generated_for:
                return True
            if self.secret.entries:
                hosts = (RegistryHost(normalise_key(e.key).partition("/")[0]) for e in self.secret.entries)
                return all(h.kind is RegistryKind.OPENSHIFT_INTERNAL for h in hosts)
        return bool(_GENERATED_NAME.fullmatch(self.name))

    def covers(self, image: Image) -> bool:
        """True where an entry of it is known to match the image."""
        entries = self.secret.entries if isinstance(self.secret, PullSecret) else ()
        return image.ref is not None and any(key_matches(e.key, image.ref) for e in entries)


@dataclass(frozen=True, slots=True)
class PodSecrets:
    """The pull secrets that the pod names, in its order, each read on its own."""

    named: tuple[NamedSecret, ...]

    @property
    def read(self) -> tuple[PullSecret, ...]:
        """Those that could be read."""
        return tuple(n.secret for n in self.named if isinstance(n.secret, PullSecret))

    @property
    def missing(self) -> tuple[str, ...]:
        """Names that do not exist in the project."""
        return tuple(n.name for n in self.named if n.is_missing)

    @property
    def unread(self) -> tuple[NamedSecret, ...]:
        """Those of which it is not known what they hold."""
        return tuple(n for n in self.named if n.is_unread)

    def relevant_to(self, image: Image) -> tuple[NamedSecret, ...]:
        """Those that could be for the image: OpenShift's generated ones serve its own registry alone."""
        if image.ref is not None and image.ref.registry.kind is RegistryKind.OPENSHIFT_INTERNAL:
            return self.named
        return tuple(n for n in self.named if n.covers(image) or not n.is_generated)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the kubelet would send for the image, as far as the secrets could be read.

    `matches` in the kubelet's order; `broken` is the secret that makes the whole keyring fail; `ignored`
    are those with disagreeing type and key; `complete` is False where some secret could not be read.
    """

    matches: tuple[Match, ...]
    broken: PullSecret | None
    ignored: tuple[PullSecret, ...]
    missing: tuple[str, ...]
    complete: bool

    @property
    def usable(self) -> tuple[Match, ...]:
        """The matches that hold a username and a password."""
        return tuple(m for m in self.matches if m.entry.has_credential)


@dataclass(frozen=True, slots=True)
class ProjectSecrets:
    """Every pull secret of the case's project, used by the pod or not."""

    secrets: tuple[PullSecret, ...]


@dataclass(frozen=True, slots=True)
class DefaultSecrets:
    """Every pull secret of the `default` project, from which the document copies."""

    secrets: tuple[PullSecret, ...]

    @property
    def icr(self) -> tuple[PullSecret, ...]:
        """Those that the document greps for: `icr-io` in their name."""
        return tuple(s for s in self.secrets if "icr-io" in s.name)


@dataclass(frozen=True, slots=True)
class Siblings:
    """Other pods of the project that use the same image, or belong to the same workload."""

    pods: tuple[Pod, ...]
    image: str
    workload: tuple[str, str]

    @property
    def pulled_on(self) -> tuple[str, ...]:
        """Nodes on which a sibling runs the very image."""
        return tuple(sorted({p.node for p in self.pods for c in p.containers if self._has(c) and p.node}))

    @property
    def fail_too(self) -> tuple[Pod, ...]:
        """Siblings whose pull of the same image fails as well."""
        return tuple(p for p in self.pods if any(c.pull_fails and c.image == self.image for c in p.containers))

    def _has(self, container: Container) -> bool:
        started = container.state == "running" or container.restarts > 0
        return container.image == self.image and started and not container.pull_fails
