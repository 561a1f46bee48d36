"""The same for each detail that changes the picture of its kind."""

from __future__ import annotations

from .advice import FROM_NODE, RIGHTS, SECRETS, Advice
from .value import Detail

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
        ("The spelling of {image}.", *SECRETS, *RIGHTS),
    ),
    Detail.INSUFFICIENT_SCOPE: Advice(
        "The registry answers alike for a repository that does not exist.",
        "It does not tell whether the repository is missing, the right is missing, or no credential was "
        "used.",
        ("The spelling of {image}.", *SECRETS, *RIGHTS),
    ),
    Detail.LOGIN_OR_ACCOUNT: Advice(
        "IBM Cloud refuses the login.",
        "It does not tell a wrong or disabled API key from an account that is not active; CRI-O words it so "
        "even without a secret.",
        (*SECRETS,
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
        ("Whether {host} is configured as an insecure registry on the node.", FROM_NODE),
    ),
    Detail.TLS_NAME_MISMATCH: Advice(
        "The certificate may be good, but it is not for this host.",
        "It does not tell whether the name in the image or the certificate is wrong, or another server "
        "answers.",
        ("The names in the certificate of {host}.", "What {host} resolves to on the node.", FROM_NODE),
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
         "Whether the proxy lets {host} through, and the token and download hosts of {registry}.", FROM_NODE),
    ),
    Detail.CONNECTION_CUT: Advice(
        "The transfer began and was cut by the network, a proxy or the registry.",
        "It does not tell which of them cut it.",
        ("Whether the pull succeeds when tried again.", "Proxies and firewalls between the node and {host}.",
        FROM_NODE),
    ),
}  # fmt: skip
