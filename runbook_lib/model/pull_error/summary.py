"""One sentence about one pull error, for a table or a log line."""

from __future__ import annotations

from .value import CredentialSent, Detail, Kind, Phase

_SENTENCES = {
    Kind.UNAUTHORIZED: "{registry} did not accept the login for {image}",
    Kind.ACCESS_DENIED: "{registry} denied access to {image}",
    Kind.MISSING_SECRET: "A pull secret that the pod names could not be read",
    Kind.INVALID_SECRET: "The credential for {registry} cannot be used for {image}",
    Kind.NOT_FOUND_REPO_OR_TAG: "{registry} has no such repository, tag or digest as {image}",
    Kind.PLATFORM_MISMATCH: "{image} has no variant for the node's platform",
    Kind.MANIFEST_UNSUPPORTED: "The runtime cannot read the kind of manifest that {image} has",
    Kind.INVALID_IMAGE_NAME: "{image} is not a valid image reference",
    Kind.NEVER_PULL: "{image} is not on the node and its pull policy forbids pulling it",
    Kind.QUOTA_EXCEEDED: "A quota at {registry} is used up",
    Kind.RATE_LIMITED: "{registry} limits the rate of pulls",
    Kind.DNS: "The name of {host} could not be resolved",
    Kind.CONNECTION_REFUSED: "{host} refused the connection",
    Kind.NETWORK_TIMEOUT: "{host} did not answer in time",
    Kind.TLS_UNTRUSTED: "The TLS connection to {host} is not trusted",
    Kind.SERVER_ERROR: "{registry} answered with an error of its own",
    Kind.DISK_FULL: "The node has no room for {image}",
    Kind.IMAGE_POLICY_DENIED: "A policy does not allow {image}",
    Kind.SIGNATURE: "The signature of {image} is missing or not accepted",
    Kind.OTHER: "Pulling {image} failed for a reason of no known kind",
}
_BY_DETAIL = {
    Detail.KUBELET_QPS: "The kubelet's own limit of pulls a second was reached before {registry} was asked",
    Detail.PULL_TRAFFIC_QUOTA: "The account's pull traffic quota at {registry} is used up",
    Detail.STORAGE_QUOTA: "The account's storage quota at {registry} is used up",
    Detail.PRIVATE_ONLY: "{registry} takes this account's requests over the private network only",
    Detail.NETWORK_RESTRICTED: "{registry} does not allow requests from this network address",
    Detail.SECRET_UNPARSABLE: "A pull secret could not be parsed, so nothing was asked of {registry}",
    Detail.TLS_NAME_MISMATCH: "The certificate of {host} is for another name",
    Detail.TLS_EXPIRED: "The certificate of {host} has expired or is not valid yet",
    Detail.TLS_UNKNOWN_AUTHORITY: "The node does not know the authority behind the certificate of {host}",
    Detail.TLS_PLAIN_HTTP: "One side speaks plain HTTP and the other TLS at {host}",
    Detail.NO_ROUTE: "There is no route to {host}",
    Detail.CONNECTION_CUT: "The connection to {host} broke off",
    Detail.PROXY: "The proxy on the way to {host} did not let the request through",
    Detail.SHORT_NAME: "{image} names no registry, and the node does not settle which one is meant",
    Detail.REGISTRY_BLOCKED: "The node's configuration blocks {registry}",
    Detail.RUNTIME_UNREACHABLE: "The kubelet did not reach the container runtime on its node",
    Detail.CAUSE_NOT_IN_TEXT: "The kubelet waits before it pulls {image} again; why is not told here",
    Detail.NOT_A_PULL: "This message is not about pulling an image",
}
_WITH_SENT = (Kind.UNAUTHORIZED, Kind.ACCESS_DENIED)
_SENT = {CredentialSent.YES: "; a credential was sent", CredentialSent.NO: "; no credential was sent"}


def summarize(
    kind: Kind, detail: Detail | None, phase: Phase | None, sent: CredentialSent, status: int | None,
    registry: str | None, host: str | None, image: str | None,
) -> str:  # fmt: skip
    """Says in one sentence what failed where, with the status and whether a credential was sent."""
    sentence = _BY_DETAIL.get(detail) if detail else None
    if sentence is None and kind is Kind.OTHER and image is None:
        return "No known kind of pull error is in these words."
    if sentence is None or (detail is Detail.PROXY and kind is Kind.DNS):
        sentence = _SENTENCES[kind]
    text = sentence.format(
        registry=registry or "the registry",
        host=host or registry or "the registry",
        image=image or "the image",
    )
    if status is not None:
        text += f" (HTTP {status})"
    if kind in _WITH_SENT:
        text += _SENT.get(sent, "")
        if phase is Phase.TOKEN and kind is Kind.ACCESS_DENIED:
            text += " and the token was refused"
    return f"T{text[1:]}." if text.startswith("the ") else f"{text}."
