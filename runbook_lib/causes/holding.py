"""What the pod holds for its image's registry, as far as it is known: which secrets count, and what they give."""

from __future__ import annotations

from runbook_lib.causes.doubt import PAST_THE_MANIFEST
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.keyring import lookup
from runbook_lib.model.pull_error import CredentialSent, PullError
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import CaseImage, Credentials, NamedSecret, PodSecrets


def all_known(pod_secrets: PodSecrets, image: CaseImage) -> bool:
    """True where it is known of every relevant secret what it gives: its entries, or nothing at all.

    A secret that does not exist gives nothing, nor does one of the wrong type, whatever its removed values were.
    """
    return not any(n.is_unread and not _is_ignored(n) for n in pod_secrets.relevant_to(image.image))


def all_tried(credentials: Credentials, pod_secrets: PodSecrets, image: CaseImage) -> bool:
    """True where every credential that the node may have sent for the pod is known, to be tried from here too."""
    elided = [m.entry.elided for m in credentials.usable]
    return all_known(pod_secrets, image) and (all(elided) or not any(elided))


def _is_ignored(named: NamedSecret) -> bool:
    return isinstance(named.secret, PullSecret) and not named.secret.is_read_by_kubelet


def nothing_to_send(credentials: Credentials, pod_secrets: PodSecrets, image: CaseImage) -> bool:
    """True where the pod is known to hold no credential for the image's registry."""
    return not credentials.usable and credentials.broken is None and all_known(pod_secrets, image)


def went_anonymous(error: PullError, credentials: Credentials, pod_secrets: PodSecrets, image: CaseImage) -> bool:
    """True where the pod held nothing to send, and the node's words fit a pull that sent nothing.

    A credential that was sent all the same is the node's own, or was in a secret that has changed since; past
    the manifest the registry had let the caller in.
    """
    fits = error.credential_sent is not CredentialSent.YES and error.phase not in PAST_THE_MANIFEST
    return fits and nothing_to_send(credentials, pod_secrets, image)


def fitting(secrets: tuple[PullSecret, ...], image: ImageRef) -> tuple[PullSecret, ...]:
    """The secrets with a usable credential for the image."""
    found = (m.secret for m in lookup(secrets, image) if m.entry.has_credential)
    return tuple(dict.fromkeys(found))
