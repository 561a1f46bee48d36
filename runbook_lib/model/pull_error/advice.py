"""For each kind of error, and each detail that changes the picture: what to add, what stays open, where to
look."""

from __future__ import annotations

from dataclasses import dataclass

from .value import CredentialSent, Detail, Kind


@dataclass(frozen=True, slots=True)
class Advice:
    """The second sentence of the meaning, what the words do not tell, and what to look at, in order."""

    second: str
    does_not_tell: str
    look_next: tuple[str, ...]


_SECRETS = (
    "Which pull secrets the pod has: its imagePullSecrets, and those of its service account when the pod was created.",
    "Whether one of them has an entry whose host is {registry}, of a type that the kubelet reads.",
)
_RIGHTS = (
    "Whether the identity behind the credential may read this repository (at IBM Cloud: an IAM policy of "
    "Container Registry).",
    "Whether the account restricts access by network address, context or to private connections.",
)
_FROM_NODE = "Try it from the node that failed: other machines may have another network, proxy or trust store."

BY_KIND: dict[Kind, Advice] = {
    Kind.UNAUTHORIZED: Advice(
        "The registry wants a login and has accepted none.",
        "It does not tell whether a secret is missing, not linked, for another host, or holds a wrong "
        "password.",
        (*_SECRETS, "Whether the credential of that entry is still accepted by {registry}."),
    ),
    Kind.ACCESS_DENIED: Advice(
        "The registry refuses this caller.",
        "It does not tell whether the caller lacks a right, was not known at all, or belongs to another "
        "account.",
        (*_SECRETS, *_RIGHTS),
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
        (*_SECRETS,
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
        _FROM_NODE),
    ),
    Kind.CONNECTION_REFUSED: Advice(
        "The name resolved, but nothing accepts connections at that port, or something on the way rejects "
        "them.",
        "It does not tell whether the registry is down or a firewall rejects.",
        ("The host and port in the image name.", "Whether the registry runs, and listens on that port.",
        _FROM_NODE),
    ),
    Kind.NETWORK_TIMEOUT: Advice(
        "A firewall that drops packets, a missing route or an overloaded registry look alike here.",
        "It does not tell at which hop the answer was lost.",
        ("Firewall, security groups, egress rules and proxy between the node and {host}.", _FROM_NODE),
    ),
    Kind.TLS_UNTRUSTED: Advice(
        "No credential was sent, since the connection was given up first.",
        "It does not tell whether the certificate or the node's trust store is at fault.",
        ("The certificate that {host} shows, and who signed it.", "The trusted authorities of the node.",
        _FROM_NODE),
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
        _SECRETS,
    ),
}  # fmt: skip

BY_DETAIL: dict[Detail, Advice] = {
    Detail.KUBELET_QPS: Advice(
        "The registry was not asked; the next attempt may pass.",
        "It does not tell whether the pull itself would succeed.",
        ("registryPullQPS and registryBurst of the kubelet.", "How many pods start at once on this node."),
    ),
    Detail.PULL_TRAFFIC_QUOTA: Advice(
        "Manifests can still be read, so that a mere look at the image succeeds; only its layers are "
        "refused.",
        "It does not tell what used the quota.",
        ("ibmcloud cr quota, in the account that owns the namespace.",
        "Whether pulls can go over the private network instead."),
    ),
    Detail.PRIVATE_ONLY: Advice(
        "The credential and the rights may be right.",
        "It does not tell whether the account's owner meant to exclude this cluster.",
        ("ibmcloud cr private-only, in the account that owns the namespace.",
         "Whether the image can name the private domain, such as private.us.icr.io."),
    ),
    Detail.NETWORK_RESTRICTED: Advice(
        "The credential and the rights may be right.",
        "It does not tell which rule refused.",
        ("The registry's firewall, allow-list or context-based restrictions; the node's outgoing address.",),
    ),
    Detail.MAY_NOT_EXIST: Advice(
        "The registry answers alike for a repository that does not exist.",
        "It does not tell whether the repository is missing, the right is missing, or no credential was "
        "used.",
        ("The spelling of {image}.", *_SECRETS, *_RIGHTS),
    ),
    Detail.INSUFFICIENT_SCOPE: Advice(
        "The registry answers alike for a repository that does not exist.",
        "It does not tell whether the repository is missing, the right is missing, or no credential was "
        "used.",
        ("The spelling of {image}.", *_SECRETS, *_RIGHTS),
    ),
    Detail.LOGIN_OR_ACCOUNT: Advice(
        "IBM Cloud refuses the login.",
        "It does not tell a wrong or disabled API key from an account that is not active; CRI-O words it so "
        "even without a secret.",
        (*_SECRETS,
        "Whether the API key still exists and is enabled, and whether its username is iamapikey."),
    ),
    Detail.AUTH_METHOD_UNSUPPORTED: Advice(
        "The username does not fit the kind of password, or the password is a retired registry token.",
        "It does not tell which secret held it.",
        ("The username in the secret: iamapikey goes with an API key.",
        "Registry tokens (username token) are no longer accepted."),
    ),
    Detail.SECRET_UNPARSABLE: Advice(
        "One unreadable secret stops the pull, even where another would have fitted.",
        "It does not tell which secret it was.",
        ("The auth field of every pull secret of the pod: base64 of username:password.",),
    ),
    Detail.TLS_PLAIN_HTTP: Advice(
        "The registry serves plain HTTP, or a proxy answers in its place.",
        "It does not tell which side is meant to change.",
        ("Whether {host} is configured as an insecure registry on the node.", _FROM_NODE),
    ),
    Detail.TLS_NAME_MISMATCH: Advice(
        "The certificate may be good, but it is not for this host.",
        "It does not tell whether the name in the image or the certificate is wrong, or another server "
        "answers.",
        ("The names in the certificate of {host}.", "What {host} resolves to on the node.", _FROM_NODE),
    ),
    Detail.TLS_EXPIRED: Advice(
        "Either the certificate is out of date or the node's clock is wrong.",
        "It does not tell which of the two.",
        ("The dates of the certificate of {host}.", "The clock of the node."),
    ),
    Detail.SHORT_NAME: Advice(
        "Nothing was asked of any registry.",
        "It does not tell which registry was meant.",
        ("Write the image with its registry.",
        "The short-name and search settings in registries.conf on the node."),
    ),
    Detail.CAUSE_NOT_IN_TEXT: Advice(
        "Look for the message of the pull that failed before.",
        "It tells nothing of the cause: kubelets before 1.32 leave it out here.",
        ("The Failed events of the pod (they are kept for an hour by default).",
         "The log of the kubelet or of the runtime on the node."),
    ),
    Detail.NOT_A_PULL: Advice(
        "A pod may be unwell for reasons other than its image.",
        "It tells nothing of any pull.",
        ("The state and the events of each container of the pod.",),
    ),
    Detail.RUNTIME_UNREACHABLE: Advice(
        "No pull began.",
        "It does not tell why the runtime is down.",
        ("The container runtime's service and its log on the node.",),
    ),
    Detail.PROXY: Advice(
        "The registry was not asked.",
        "It does not tell whether the proxy is down, wants a login, forbids the host, or does not reach it.",
        ("HTTPS_PROXY and NO_PROXY of the runtime's service on the node.",
         "Whether the proxy lets {host} through, and the token and download hosts of {registry}.", _FROM_NODE),
    ),
    Detail.CONNECTION_CUT: Advice(
        "The transfer began and was cut by the network, a proxy or the registry.",
        "It does not tell which of them cut it.",
        ("Whether the pull succeeds when tried again.", "Proxies and firewalls between the node and {host}.",
        _FROM_NODE),
    ),
}  # fmt: skip
