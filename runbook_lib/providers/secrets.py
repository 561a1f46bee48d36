"""The pull secrets: those that the pod names, those of its project, those of `default`, and the keyring."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.model.keyring import lookup
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_secret import TYPE_OF_KEY, PullSecret
from runbook_lib.model.pull_secret_decode import decode_pull_secret
from runbook_lib.model.readings import (
    CaseImage,
    Credentials,
    DefaultSecrets,
    NamedSecret,
    PodSecrets,
    ProjectSecrets,
)
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import provides
from runbook_lib.sources.kube import KubeSource, RawObject


@provides
def the_pod_secrets(pod: Pod, cluster: KubeSource) -> PodSecrets:
    """Reads each pull secret that the pod names, on its own: one that is refused does not hide the others."""
    named = []
    for name in dict.fromkeys(pod.pull_secrets):
        raw = cluster.get("secrets", pod.namespace, name)
        named.append(NamedSecret(name, raw if isinstance(raw, Unavailable) else decode_pull_secret(raw)))
    return PodSecrets(tuple(named))


def _pull_secrets(raw: Sequence[RawObject]) -> tuple[PullSecret, ...]:
    """Keeps what could serve as a pull secret: by type, or by its key where the type is another one."""
    kept = [
        item
        for item in raw
        if item.get("type") in TYPE_OF_KEY.values() or TYPE_OF_KEY.keys() & set(item.get("data") or ())
    ]
    return tuple(sorted(map(decode_pull_secret, kept), key=lambda s: s.name))


@provides
def the_project_secrets(pod: Pod, cluster: KubeSource) -> ProjectSecrets | Unavailable:
    """Lists the pull secrets of the pod's project."""
    raw = cluster.list("secrets", pod.namespace)
    return raw if isinstance(raw, Unavailable) else ProjectSecrets(_pull_secrets(raw))


@provides
def the_default_secrets(cluster: KubeSource) -> DefaultSecrets | Unavailable:
    """Lists the pull secrets of the `default` project."""
    raw = cluster.list("secrets", "default")
    return raw if isinstance(raw, Unavailable) else DefaultSecrets(_pull_secrets(raw))


@provides
def the_credentials(pod_secrets: PodSecrets, image: CaseImage) -> Credentials | Unavailable:
    """Builds the kubelet's keyring from what was read and looks the image up in it."""
    if image.image.ref is None:
        return Unavailable("the matching credentials", Why.NOT_APPLICABLE, "the image is not a valid reference")
    read = pod_secrets.read
    return Credentials(
        matches=lookup(read, image.image.ref),
        broken=next((s for s in read if s.breaks_keyring), None),
        ignored=tuple(s for s in read if not s.is_read_by_kubelet),
        missing=pod_secrets.missing,
        complete=not pod_secrets.unread,
    )


PROVIDERS = (the_pod_secrets, the_project_secrets, the_default_secrets, the_credentials)
