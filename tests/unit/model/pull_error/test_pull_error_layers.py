"""Each runtime wraps the same failure in its own words; the parser peels them down to the same reading."""

from __future__ import annotations

import pytest

from runbook_lib.model.pull_error import CredentialSent, Kind, Phase, Runtime, parse

IMAGE = "us.icr.io/shop/web:1.4"
KUBELET = f'Failed to pull image "{IMAGE}": '
CONTAINERD = f'failed to pull and unpack image "{IMAGE}": failed to resolve reference "{IMAGE}": '
TOKEN_URL = "https://us.icr.io/oauth/token?scope=repository%3Ashop%2Fweb%3Apull&service=registry"
MANIFEST_URL = "https://us.icr.io/v2/shop/web/manifests/1.4"
BLOB_URL = "https://us.icr.io/v2/shop/web/blobs/sha256:" + "ab" * 32

CASES = {
    "containerd 2, anonymous token refused": (
        f"{CONTAINERD}failed to authorize: failed to fetch anonymous token: unexpected status from GET "
        f"request to {TOKEN_URL}: 401 Unauthorized",
        (Kind.UNAUTHORIZED, Phase.TOKEN, 401, CredentialSent.NO, Runtime.CONTAINERD, "401 Unauthorized"),
    ),
    "containerd 1.6, token refused with a credential": (
        f"{CONTAINERD}failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
        (Kind.UNAUTHORIZED, Phase.TOKEN, 401, CredentialSent.YES, Runtime.CONTAINERD, "401 Unauthorized"),
    ),
    "containerd, insufficient scope": (
        f"{CONTAINERD}pull access denied, repository does not exist or may require authorization: "
        "server message: insufficient_scope: authorization failed",
        (Kind.ACCESS_DENIED, Phase.MANIFEST, None, CredentialSent.UNKNOWN, Runtime.CONTAINERD,
         "insufficient_scope: authorization failed"),
    ),
    "containerd, no such tag": (
        f"{CONTAINERD}{IMAGE}: not found",
        (Kind.NOT_FOUND_REPO_OR_TAG, Phase.MANIFEST, None, CredentialSent.UNKNOWN, Runtime.CONTAINERD,
         f"{IMAGE}: not found"),
    ),
    "containerd 2.1, resolving an image": (
        f"failed to resolve image: unexpected status from HEAD request to {MANIFEST_URL}: 403 Forbidden",
        (Kind.ACCESS_DENIED, Phase.MANIFEST, 403, CredentialSent.UNKNOWN, Runtime.CONTAINERD,
        "403 Forbidden"),
    ),
    "containerd 1.4, status of a host": (
        f"{CONTAINERD}pulling from host us.icr.io failed with status code [manifests 1.4]: 403 Forbidden",
        (Kind.ACCESS_DENIED, Phase.MANIFEST, 403, CredentialSent.UNKNOWN, Runtime.CONTAINERD,
        "403 Forbidden"),
    ),
    "containerd, a layer from a broken registry": (
        f'failed to pull and unpack image "{IMAGE}": failed to copy: httpReadSeeker: failed open: '
        f"unexpected status code {BLOB_URL}: 503 Service Unavailable",
        (Kind.SERVER_ERROR, Phase.BLOB, 503, CredentialSent.UNKNOWN, Runtime.CONTAINERD,
        "503 Service Unavailable"),
    ),
    "containerd, platform": (
        f'failed to pull and unpack image "{IMAGE}": no match for platform in manifest '
        f'sha256:{"0" * 64}: not found',
        (Kind.PLATFORM_MISMATCH, Phase.PLATFORM, None, CredentialSent.UNKNOWN, Runtime.CONTAINERD, None),
    ),
    "containerd, no room for a layer": (
        f'failed to pull and unpack image "{IMAGE}": failed to extract layer sha256:{"1" * 64}: write '
        "/var/lib/containerd/x/fs/usr/lib/libc.so: no space left on device",
        (Kind.DISK_FULL, Phase.UNPACK, None, CredentialSent.UNKNOWN, Runtime.CONTAINERD, None),
    ),
    "CRI-O, login": (
        "unable to retrieve auth token: invalid username/password: unauthorized: The login credentials are "
        "not valid, "
        "or your IBM Cloud account is not active.",
        (Kind.UNAUTHORIZED, Phase.TOKEN, None, CredentialSent.UNKNOWN, Runtime.CRI_O, None),
    ),
    "CRI-O, bearer token": (
        f"initializing source docker://{IMAGE}: Requesting bearer token: invalid status code from registry "
        "403 (Forbidden)",
        (Kind.ACCESS_DENIED, Phase.TOKEN, 403, CredentialSent.UNKNOWN, Runtime.CRI_O, None),
    ),
    "CRI-O 1.32, image and artifact": (
        f"unable to pull image or OCI artifact: pull image err: initializing source docker://{IMAGE}: "
        "reading manifest 1.4 in us.icr.io/shop/web: manifest unknown; artifact err: get manifest: build "
        "image source: pinging "
        'container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp 192.0.2.1:443: i/o timeout',
        (Kind.NOT_FOUND_REPO_OR_TAG, Phase.MANIFEST, None, CredentialSent.UNKNOWN, Runtime.CRI_O,
        "manifest unknown"),
    ),
    "CRI-O, a mirror before the registry": (
        "(Mirrors also failed: [mirror.example/shop/web:1.4: reading manifest 1.4 in "
        "mirror.example/shop/web: manifest "
        f"unknown]): {IMAGE}: reading manifest 1.4 in us.icr.io/shop/web: unauthorized: "
        "authentication required",
        (Kind.UNAUTHORIZED, Phase.MANIFEST, None, CredentialSent.UNKNOWN, Runtime.CRI_O,
         "unauthorized: authentication required"),
    ),
    "CRI-O, signature policy": (
        "Source image rejected: A signature was required, but no signature exists",
        (Kind.SIGNATURE, Phase.VERIFY, None, CredentialSent.UNKNOWN, Runtime.CRI_O, None),
    ),
    "CRI-O, unreachable registry": (
        "RegistryUnavailable: pinging container registry us.icr.io: "
        'Get "https://us.icr.io/v2/": dial tcp 192.0.2.1:443: connect: connection refused',
        (Kind.CONNECTION_REFUSED, Phase.CONNECT, None, CredentialSent.UNKNOWN, Runtime.CRI_O,
         "dial tcp 192.0.2.1:443: connect: connection refused"),
    ),
    "dockerd, login": (
        f'Error response from daemon: Head "{MANIFEST_URL}": unauthorized: authentication required',
        (Kind.UNAUTHORIZED, Phase.MANIFEST, None, CredentialSent.UNKNOWN, Runtime.DOCKER,
         "unauthorized: authentication required"),
    ),
    "dockerd, a dead registry behind its own status": (
        f"API error (500): Get {MANIFEST_URL}: dial tcp 192.0.2.1:443: connect: connection refused",
        (Kind.CONNECTION_REFUSED, Phase.CONNECT, None, CredentialSent.UNKNOWN, Runtime.DOCKER, None),
    ),
    "dockerd, configuration of the image": (
        f"Error response from daemon: error pulling image configuration: Get {BLOB_URL}: net/http: "
        "TLS handshake timeout",
        (Kind.NETWORK_TIMEOUT, Phase.TLS, None, CredentialSent.UNKNOWN, Runtime.DOCKER, None),
    ),
    "dockerd, layer": (
        "Error response from daemon: failed to register layer: Error processing tar file(exit status 1): "
        "write /x: "
        "no space left on device",
        (Kind.DISK_FULL, Phase.UNPACK, None, CredentialSent.UNKNOWN, Runtime.DOCKER, None),
    ),
}  # fmt: skip
WRAPPINGS = {
    "event": "{kubelet}{inner}",
    "event with a gRPC code": "{kubelet}rpc error: code = Unknown desc = {inner}",
    "waiting message since 1.32": 'Back-off pulling image "{image}": ErrImagePull: {inner}',
    "old pod worker": 'Error syncing pod, skipping: failed to "StartContainer" for "web" with ErrImagePull: "{inner}"',
    "row of kubectl describe": "  Warning  Failed     3m (x4 over 5m)  kubelet            {kubelet}{inner}",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize(("inner", "expected"), CASES.values(), ids=CASES)
def test_each_runtime_is_read_under_every_wrapper(inner: str, expected: tuple[object, ...], wrapping: str) -> None:
    """What a runtime says is read alike, whatever the kubelet puts around it."""
    error = parse(wrapping.format(kubelet=KUBELET, inner=inner, image=IMAGE))
    kind, phase, status, sent, runtime, says = expected
    assert (error.kind, error.phase, error.status) == (kind, phase, status)
    assert (error.credential_sent, error.runtime) == (sent, runtime)
    assert says is None or error.says == says


@pytest.mark.parametrize("inner", [case[0] for case in CASES.values()], ids=CASES)
def test_image_and_registry_are_the_pods(inner: str) -> None:
    """The image stands as the kubelet writes it, and the registry is the one that it names."""
    error = parse(f"{KUBELET}rpc error: code = Unknown desc = {inner}")
    assert (error.image, error.registry) == (IMAGE, "us.icr.io")


@pytest.mark.parametrize(
    ("message", "kind", "phase"),
    [
        (f'Container image "{IMAGE}" is not present with pull policy of Never', Kind.NEVER_PULL, Phase.NAME),
        (
            'Failed to apply default image tag "Web:": couldn\'t parse image reference "Web:": invalid '
            "reference format",
            Kind.INVALID_IMAGE_NAME,
            Phase.NAME,
        ),
        (f'Failed to pull image "{IMAGE}": pull QPS exceeded', Kind.RATE_LIMITED, Phase.NAME),
        (
            "Unable to retrieve some image pull secrets (icr); attempting to pull the image may not succeed.",
            Kind.MISSING_SECRET,
            Phase.TOKEN,
        ),
    ],
    ids=["never", "name", "pull limit", "secret"],
)
def test_the_kubelet_speaks_for_itself(message: str, kind: Kind, phase: Phase) -> None:
    """What the kubelet finds before any pull is not put down to a runtime."""
    error = parse(message)
    assert (error.kind, error.phase, error.runtime) == (kind, phase, Runtime.KUBELET)


def test_layers_are_named_outermost_first() -> None:
    """The wrappers that were peeled are told in their order."""
    inner = CASES["containerd 2, anonymous token refused"][0]
    assert parse(f"{KUBELET}rpc error: code = Unknown desc = {inner}").layers == (
        "kubelet:pull", "grpc:unknown", "containerd:pull", "containerd:resolve", "containerd:authorize",
        "containerd:anonymous-token", "containerd:status",
    )  # fmt: skip


def test_the_pause_image_is_told_apart() -> None:
    """A failed pull of the node's own image hides behind the pod's sandbox."""
    error = parse(
        "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "
        '"r.example/pause:3": '
        'failed to pull image "r.example/pause:3": failed to pull and unpack image "r.example/pause:3": '
        "failed to resolve "
        'reference "r.example/pause:3": failed to do request: Head "https://r.example/v2/pause/manifests/3": '
        "dial tcp 192.0.2.1:443: i/o timeout"
    )
    assert error.of_sandbox_image
    assert (error.kind, error.image) == (Kind.NETWORK_TIMEOUT, "r.example/pause:3")


def test_a_sandbox_without_an_image_is_no_pull() -> None:
    """A network plugin's failure also stops the sandbox, and is no pull error."""
    error = parse(
        "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "
        '"ab12": plugin type="x" failed (add): dial tcp 192.0.2.1:6443: connect: connection refused'
    )
    assert error.kind is Kind.OTHER
