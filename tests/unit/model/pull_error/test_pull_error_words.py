"""The registries' own words, and what they leave open."""

from __future__ import annotations

import pytest

from runbook_lib.model.pull_error import CredentialSent, Detail, Kind, Phase, parse

REGISTRIES = {
    "ICR login": (
        "unauthorized: The login credentials are not valid, or your IBM Cloud account is not active.",
        Kind.UNAUTHORIZED, "UNAUTHORIZED", Detail.LOGIN_OR_ACCOUNT,
    ),
    "ICR rights": (
        "denied: You are not authorized to access the specified resource.", Kind.ACCESS_DENIED, "DENIED",
        None,
    ),
    "ICR scope": ("denied: insufficient scope", Kind.ACCESS_DENIED, "insufficient_scope",
    Detail.INSUFFICIENT_SCOPE),
    "ICR pull traffic": (
        "denied: Your account has exceeded its pull traffic quota for the current month.",
        Kind.QUOTA_EXCEEDED, "DENIED", Detail.PULL_TRAFFIC_QUOTA,
    ),
    "ICR storage": (
        "DENIED: You have exceeded your storage quota. Delete one or more images.",
        Kind.QUOTA_EXCEEDED, "DENIED", Detail.STORAGE_QUOTA,
    ),
    "ICR private only": (
        "denied: Private-only access is enabled on this account, but this request was over the public "
        "network.",
        Kind.ACCESS_DENIED, "DENIED", Detail.PRIVATE_ONLY,
    ),
    "ICR retired token": (
        "unsupported: The requested authentication method is not supported. Run the `bx cr login` command.",
        Kind.INVALID_SECRET, None, Detail.AUTH_METHOD_UNSUPPORTED,
    ),
    "Docker Hub password": (
        "unauthorized: incorrect username or password", Kind.INVALID_SECRET, "UNAUTHORIZED",
        Detail.CREDENTIAL_REFUSED,
    ),
    "Docker Hub limit": (
        "toomanyrequests: You have reached your unauthenticated pull rate limit.",
        Kind.RATE_LIMITED, "TOOMANYREQUESTS", None,
    ),
    "quay.io": ("unauthorized: access to the requested resource is not authorized", Kind.UNAUTHORIZED,
    "UNAUTHORIZED", None),
    "ghcr.io": ("denied: denied", Kind.ACCESS_DENIED, "DENIED", None),
    "Google": (
        'DENIED: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "x" (or it '
        'may not exist)',
        Kind.ACCESS_DENIED, "DENIED", Detail.MAY_NOT_EXIST,
    ),
    "Google tag": (
        'manifest unknown: Failed to fetch "9" from request "/v2/p/r/manifests/9".',
        Kind.NOT_FOUND_REPO_OR_TAG, "MANIFEST_UNKNOWN", Detail.MANIFEST_UNKNOWN,
    ),
    "Amazon expired": (
        "denied: Your authorization token has expired. Reauthenticate and try again.",
        Kind.UNAUTHORIZED, "DENIED", Detail.CREDENTIAL_EXPIRED,
    ),
    "Amazon repository": (
        "name unknown: The repository with name 'web' does not exist in the registry with id '1'",
        Kind.NOT_FOUND_REPO_OR_TAG, "NAME_UNKNOWN", Detail.REPOSITORY_UNKNOWN,
    ),
    "Azure login": (
        "unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.",
        Kind.UNAUTHORIZED, "UNAUTHORIZED", None,
    ),
    "Azure firewall": (
        "denied: client with IP '192.0.2.7' is not allowed access. Refer https://aka.ms/acr/firewall to "
        "grant access.",
        Kind.ACCESS_DENIED, "DENIED", Detail.NETWORK_RESTRICTED,
    ),
    "Harbor": (
        "unauthorized: unauthorized to access repository: team/web, action: pull: unauthorized to access "
        "repository",
        Kind.UNAUTHORIZED, "UNAUTHORIZED", None,
    ),
    "Harbor policy": (
        'unknown: current image with "3" vulnerabilities cannot be pulled due to configured policy',
        Kind.IMAGE_POLICY_DENIED, None, None,
    ),
    "Artifactory": (
        "manifest unknown: The named manifest is not known to the registry.",
        Kind.NOT_FOUND_REPO_OR_TAG, "MANIFEST_UNKNOWN", Detail.MANIFEST_UNKNOWN,
    ),
    "GitLab": ("denied: access forbidden", Kind.ACCESS_DENIED, "DENIED", None),
    "OpenShift": ("name unknown: repository name not known to registry", Kind.NOT_FOUND_REPO_OR_TAG,
    "NAME_UNKNOWN",
                  Detail.REPOSITORY_UNKNOWN),
}  # fmt: skip
TRANSPORT = {
    "no such name": ("dial tcp: lookup us.icr.io on 10.0.0.10:53: no such host", Kind.DNS, Phase.DNS, None),
    "name server silent": (
        "dial tcp: lookup us.icr.io on 10.0.0.10:53: read udp 10.0.0.1:5->10.0.0.10:53: i/o timeout",
        Kind.DNS, Phase.DNS, None,
    ),
    "refused": ("dial tcp 192.0.2.1:443: connect: connection refused", Kind.CONNECTION_REFUSED, Phase.CONNECT,
    None),
    "proxy refuses": (
        "proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused",
        Kind.CONNECTION_REFUSED, Phase.CONNECT, Detail.PROXY,
    ),
    "proxy forbids": ("Forbidden", Kind.OTHER, Phase.CONNECT, Detail.PROXY),
    "proxy wants a login": ("Proxy Authentication Required", Kind.OTHER, Phase.CONNECT, Detail.PROXY),
    "proxy does not reach it": ("Bad Gateway", Kind.SERVER_ERROR, Phase.CONNECT, Detail.PROXY),
    "proxy waits in vain": ("Gateway Timeout", Kind.SERVER_ERROR, Phase.CONNECT, Detail.PROXY),
    "proxy says so while connecting": (
        "proxyconnect tcp: Forbidden", Kind.OTHER, Phase.CONNECT, Detail.PROXY,
    ),
    "plain HTTP spoken to TLS": (
        'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01"',
        Kind.TLS_UNTRUSTED, Phase.TLS, Detail.TLS_PLAIN_HTTP,
    ),
    "no route": (
        "dial tcp 192.0.2.1:443: connect: no route to host", Kind.NETWORK_TIMEOUT, Phase.CONNECT,
        Detail.NO_ROUTE,
    ),
    "slow": ("dial tcp 192.0.2.1:443: i/o timeout", Kind.NETWORK_TIMEOUT, Phase.CONNECT, None),
    "untrusted": (
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        Kind.TLS_UNTRUSTED, Phase.TLS, Detail.TLS_UNKNOWN_AUTHORITY,
    ),
    "other name": (
        "tls: failed to verify certificate: x509: certificate is valid for a.example, not us.icr.io",
        Kind.TLS_UNTRUSTED, Phase.TLS, Detail.TLS_NAME_MISMATCH,
    ),
    "expired": (
        "x509: certificate has expired or is not yet valid: current time is after then",
        Kind.TLS_UNTRUSTED, Phase.TLS, Detail.TLS_EXPIRED,
    ),
    "plain": (
        "http: server gave HTTP response to HTTPS client", Kind.TLS_UNTRUSTED, Phase.TLS,
        Detail.TLS_PLAIN_HTTP,
    ),
    "cut": ("read tcp 10.0.0.1:9->192.0.2.1:443: read: connection reset by peer", Kind.OTHER, Phase.MANIFEST,
            Detail.CONNECTION_CUT),
}  # fmt: skip


@pytest.mark.parametrize(("words", "kind", "code", "detail"), REGISTRIES.values(), ids=REGISTRIES)
def test_the_words_of_registries(words: str, kind: Kind, code: str | None, detail: Detail | None) -> None:
    """Each registry's own sentence gives kind, code and detail, and is handed on as it stands."""
    error = parse(f'Failed to pull image "r.example/team/web:9": reading manifest 9 in r.example/team/web: {words}')
    assert (error.kind, error.code, error.detail) == (kind, code, detail)
    assert error.says == words


@pytest.mark.parametrize(("words", "kind", "phase", "detail"), TRANSPORT.values(), ids=TRANSPORT)
def test_the_words_of_the_network(words: str, kind: Kind, phase: Phase, detail: Detail | None) -> None:
    """Names, connections and certificates fail before a registry can say anything."""
    error = parse(f'failed to do request: Head "https://us.icr.io/v2/shop/web/manifests/1": {words}')
    assert (error.kind, error.phase, error.detail) == (kind, phase, detail)
    assert (error.host, error.status) == ("us.icr.io", None)


def test_a_refused_layer_at_icr_is_the_pull_traffic_quota() -> None:
    """At IBM Cloud a manifest is readable while the quota is used up; a layer is not."""
    blob = "unexpected status code https://{0}/v2/shop/web/blobs/sha256:aa: 403 Forbidden"
    icr, other = parse(blob.format("us.icr.io")), parse(blob.format("r.example"))
    assert (icr.kind, icr.detail) == (Kind.QUOTA_EXCEEDED, Detail.PULL_TRAFFIC_QUOTA)
    assert Kind.ACCESS_DENIED in icr.also
    assert other.kind is Kind.ACCESS_DENIED


def test_an_official_image_that_is_denied_does_not_exist() -> None:
    """All of Docker Hub's library is public, so that a denial there can only mean a wrong name."""
    denied = "pull access denied, repository does not exist or may require authorization: insufficient_scope"
    official = parse(f'failed to resolve reference "docker.io/library/wbe:1": {denied}')
    private = parse(f'failed to resolve reference "docker.io/team/web:1": {denied}')
    assert (official.kind, private.kind) == (Kind.NOT_FOUND_REPO_OR_TAG, Kind.ACCESS_DENIED)
    assert Kind.NOT_FOUND_REPO_OR_TAG in private.also


SENT = {
    "anonymous token": (
        "failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized",
    "no"),
    "oauth token": ("failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
    "yes"),
    "no basic auth": (
        "Error response from daemon: Get https://r.example/v2/x/manifests/1: no basic auth credentials",
    "no"),
    "containers/image says so of any 401": (
        "unable to retrieve auth token: invalid username/password: unauthorized: authentication required",
        "unknown",
    ),
    "Docker Hub knew a username": (
        "unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or "
        "password",
        "yes",
    ),
    "account in the token's address": (
        'Get "https://r.example/token?account=robot&scope=repository%3Ax%3Apull&service=r": EOF', "yes",
    ),
    "no account in the token's address": (
        'Get "https://r.example/token?scope=repository%3Ax%3Apull&service=r": EOF', "no",
    ),
    "address cut short": ('Get "https://r.example/token?...": EOF', "unknown"),
    "bare denial": ("denied: requested access to the resource is denied", "unknown"),
    "ICR saw no token": (
        "unauthorized: Authorization required. See "
        "https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-auth-req",
        "no",
    ),
    "expired": ("denied: Your authorization token has expired.", "yes"),
    "unreadable secret": ("unable to parse auth field, must be formatted as base64(username:password)", "no"),
    "a limit that asks to log in": ("toomanyrequests: You have reached your pull rate limit.", "unknown"),
    "a limit of the anonymous": ("toomanyrequests: You have reached your unauthenticated pull rate limit.",
    "no"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "sent"), SENT.values(), ids=SENT)
def test_whether_a_credential_was_sent(words: str, sent: str) -> None:
    """Told where the words tell it, unknown elsewhere."""
    assert parse(words).credential_sent is CredentialSent(sent)


def test_names_are_no_words() -> None:
    """A repository may be called like an error without being taken for one."""
    error = parse(
        'Failed to pull image "denied/unauthorized:toomanyrequests": failed to resolve reference '
        '"docker.io/denied/unauthorized:toomanyrequests": docker.io/denied/unauthorized:toomanyrequests: '
        "not found"
    )
    assert error.kind is Kind.NOT_FOUND_REPO_OR_TAG


@pytest.mark.parametrize(
    "message",
    [
        'Readiness probe failed: Get "http://10.0.0.9:8080/": dial tcp 10.0.0.9:8080: connect: connection refused',
        "Back-off restarting failed container web in pod web-1",
        'MountVolume.SetUp failed for volume "x" : secret "x" not found',
        "0/3 nodes are available: 3 Insufficient memory.",
        'admission webhook "validate.nginx.ingress" denied the request: host "a" and path "/" is already defined',
        "",
        "hello",
    ],
)
def test_other_troubles_are_no_pull_errors(message: str) -> None:
    """Words that also occur in pull errors do not make one."""
    assert parse(message).kind is Kind.OTHER


def test_a_back_off_without_a_cause_says_so() -> None:
    """Kubelets before 1.32 repeat no cause in the waiting message."""
    error = parse('Back-off pulling image "us.icr.io/shop/web:1"')
    assert (error.kind, error.detail, error.image) == (
        Kind.OTHER,
        Detail.CAUSE_NOT_IN_TEXT,
        "us.icr.io/shop/web:1",
    )
