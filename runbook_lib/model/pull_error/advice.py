"""For each kind of error: what to add, what stays open, where to look."""

from __future__ import annotations

from dataclasses import dataclass

from .value import CredentialSent, Kind


@dataclass(frozen=True, slots=True)
class Advice:
    """The second sentence of the meaning, what the words do not tell, and what to look at, in order."""

    second: str
    does_not_tell: str
    look_next: tuple[str, ...]


SECRETS = (
    "Which pull secrets the pod has: its imagePullSecrets, and those of its service account when the pod was created.",
    "Whether one of them has an entry whose host is {registry}, of a type that the kubelet reads.",
)
RIGHTS = (
    "Whether the identity behind the credential may read this repository (at IBM Cloud: an IAM policy of "
    "Container Registry).",
    "Whether the account restricts access by network address, context or to private connections.",
)
FROM_NODE = "Try it from the node that failed: other machines may have another network, proxy or trust store."

BY_KIND: dict[Kind, Advice] = {
    Kind.UNAUTHORIZED: Advice(
        "The registry wants a login and has accepted none.",
        "It does not tell whether a secret is missing, not linked, for another host, or holds a wrong "
        "password.",
        (*SECRETS, "Whether the credential of that entry is still accepted by {registry}."),
    ),
    Kind.ACCESS_DENIED: Advice(
        "The registry refuses this caller.",
        "It does not tell whether the caller lacks a right, was not known at all, or belongs to another "
        "account.",
        (*SECRETS, *RIGHTS),
    ),
    Kind.MISSING_SECRET: Advice(
        "The pull goes on without it and fails only if the image needs it.",
        "It does not tell whether the secret is absent or was only not yet known to the kubelet, which "
        "happens once at start.",
        ("Whether the secret exists in the pod's namespace, spelled as the pod spells it.",
         "How often the event was repeated and when last."),
    ),
    Kind.INVALID_SECRET: Advice(
        "The credential itself is the fault, not the image.",
        "It does not tell which of several secrets held this credential.",
        (*SECRETS,
        "The username and the age of the password in that entry; make it anew from a valid credential."),
    ),
    Kind.NOT_FOUND_REPO_OR_TAG: Advice(
        "The name, the tag or the digest is wrong, or the image was deleted.",
        "It does not always tell whether the repository or only its tag is missing; some registries say "
        "this of private ones too.",
        ("The spelling of {image}: registry, namespace, repository, tag.",
         "The tags that {registry} holds for this repository."),
    ),
    Kind.PLATFORM_MISMATCH: Advice(
        "The image exists, but not for the architecture or system of this node.",
        "It does not tell which platforms the image has.",
        ("The architecture of the node, and the platforms in the manifest list of {image}.",
         "Whether a node selector or an image for several platforms would help."),
    ),
    Kind.MANIFEST_UNSUPPORTED: Advice(
        "The image was stored in a format that this version does not read, often the retired schema 1.",
        "It does not tell which tool wrote the image.",
        ("The media type of the manifest of {image}.",
        "Whether building or pushing the image anew with a current tool helps."),
    ),
    Kind.INVALID_IMAGE_NAME: Advice(
        "Nothing was asked of any registry.",
        "It does not tell where the name came from: a template with an empty variable is the usual source.",
        ("The image field of the pod and of the workload or chart that made it.",),
    ),
    Kind.NEVER_PULL: Advice(
        "Nothing was asked of any registry.",
        "It does not tell whether the image ever was on the node.",
        ("The imagePullPolicy of the container.",
        "Whether the image should have been loaded on the node beforehand."),
    ),
    Kind.QUOTA_EXCEEDED: Advice(
        "The credential was accepted; the account's plan is the limit.",
        "It does not tell how much was used, nor by whom.",
        ("The quota and usage of the account at {registry} (at IBM Cloud: ibmcloud cr quota).",),
    ),
    Kind.RATE_LIMITED: Advice(
        "The image and the credential may be right; too many pulls came from this account or address.",
        "It does not tell when the limit is lifted.",
        ("Whether the pull used a login: limits for anonymous pulls are lower.",
         "Whether a mirror or a copy in a registry of your own can serve the image."),
    ),
    Kind.DNS: Advice(
        "The registry was not asked at all.",
        "It does not tell whether the name is wrong or the node's name server fails.",
        ("The spelling of {host}.", "The name server of the node, and whether it resolves other names.",
        FROM_NODE),
    ),
    Kind.CONNECTION_REFUSED: Advice(
        "The name resolved, but nothing accepts connections at that port, or something on the way rejects "
        "them.",
        "It does not tell whether the registry is down or a firewall rejects.",
        ("The host and port in the image name.", "Whether the registry runs, and listens on that port.",
        FROM_NODE),
    ),
    Kind.NETWORK_TIMEOUT: Advice(
        "A firewall that drops packets, a missing route or an overloaded registry look alike here.",
        "It does not tell at which hop the answer was lost.",
        ("Firewall, security groups, egress rules and proxy between the node and {host}.", FROM_NODE),
    ),
    Kind.TLS_UNTRUSTED: Advice(
        "No credential was sent, since the connection was given up first.",
        "It does not tell whether the certificate or the node's trust store is at fault.",
        ("The certificate that {host} shows, and who signed it.", "The trusted authorities of the node.",
        FROM_NODE),
    ),
    Kind.SERVER_ERROR: Advice(
        "The fault is most likely not in the cluster.",
        "It does not tell whether a proxy or mirror in between gave the answer.",
        ("The status page of {registry}.", "Whether the pull succeeds when tried again some minutes later."),
    ),
    Kind.DISK_FULL: Advice(
        "The registry delivered; the node could not store it.",
        "It does not tell what else fills the disk.",
        ("The node's DiskPressure condition and the file system named in the message.",
         "Unused images and logs on the node; the size of {image}."),
    ),
    Kind.IMAGE_POLICY_DENIED: Advice(
        "The refusal comes from the cluster, the node or the registry's own policy, not from missing "
        "credentials.",
        "It does not always tell which rule refused.",
        ("The admission webhooks and image policies of the cluster, and policy.json on the node.",
         "The registries that image.config.openshift.io/cluster allows."),
    ),
    Kind.SIGNATURE: Advice(
        "The image could be read, but the node or the registry wants it signed by a known key.",
        "It does not tell whether the image was never signed or signed with another key.",
        ("The signature policy of the node, and the keys it trusts.",
        "Whether {image} was signed when it was pushed."),
    ),
    Kind.OTHER: Advice(
        "Where it comes from a pull, the pod's events may tell more.",
        "It does not tell the cause.",
        ("The Failed events of the pod, and the log of the runtime on its node.",),
    ),
}  # fmt: skip

UNAUTHORIZED_BY_SENT: dict[CredentialSent, Advice] = {
    CredentialSent.YES: Advice(
        "The registry wants a login and has not accepted the one that was sent.",
        "It does not tell whether the password is wrong, out of date, or that of a key that was disabled.",
        ("Which of the pod's pull secrets has an entry for {registry}.",
         "Whether the credential of that entry is still accepted by {registry}."),
    ),
    CredentialSent.NO: Advice(
        "The registry wants a login, and none was sent.",
        "It does not tell whether a secret is missing, not linked, or for another host.",
        SECRETS,
    ),
}  # fmt: skip
