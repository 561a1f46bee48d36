"""Each runtime says each failure in its own words; those of containerd 1.7 are also held to recordings."""

from __future__ import annotations

import pytest

from runbook_lib.lab.kubelet import image_name
from runbook_lib.lab.kubelet.failure import (
    DiskFull,
    Failure,
    HttpFailure,
    KeyringBroken,
    LimitExceeded,
    ManifestUnsupported,
    Phase,
    PlatformMissing,
    Rejected,
    Rejection,
    Transport,
    TransportFailure,
)
from runbook_lib.lab.kubelet.node import RUNTIMES
from runbook_lib.lab.kubelet.wording import WORDS

IMAGE = image_name.parse("us.icr.io/demo/hello:1.0")
MANIFEST = "https://us.icr.io/v2/demo/hello/manifests/1.0"
TOKEN = "https://us.icr.io/oauth/token?scope=repository%3Ademo%2Fhello%3Apull&service=registry"
DIGEST = "sha256:" + "ab" * 32
BLOB = f"https://us.icr.io/v2/demo/hello/blobs/{DIGEST}"
QUOTA = (("DENIED", "Your account has exceeded its pull traffic quota for the current month."),)
LOGIN = (("UNAUTHORIZED", "The login credentials are not valid, or your IBM Cloud account is not active."),)
SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
INDEX = "application/vnd.oci.image.index.v1+json"


Case = tuple[Failure, str, str]


def unreached(reason: Transport, **more: str) -> TransportFailure:
    return TransportFailure(Phase.RESOLVE, reason, "HEAD", MANIFEST, False, **more)


def refused(phase: Phase, code: int, status: str, url: str = MANIFEST, **more: object) -> HttpFailure:
    method = "HEAD" if phase is Phase.RESOLVE else "GET"
    return HttpFailure(phase, method, url, code, f"{code} {status}", **more)  # type: ignore[arg-type]


REFUSED_LOGIN = refused(Phase.TOKEN, 401, "Unauthorized", TOKEN, errors=LOGIN, credential_sent=True)
NO_LOGIN = refused(Phase.TOKEN, 401, "Unauthorized", TOKEN)
OVER_QUOTA = refused(Phase.CONFIG, 403, "Forbidden", BLOB, errors=QUOTA, digest=DIGEST)
LIMITED = refused(Phase.RESOLVE, 429, "Too Many Requests", errors=(("TOOMANYREQUESTS", "slow down"),))
UNKNOWN_TAG = refused(Phase.RESOLVE, 404, "Not Found", errors=(("MANIFEST_UNKNOWN", "manifest unknown"),))
FORBIDDEN = refused(
    Phase.RESOLVE,
    403,
    "Forbidden",
    errors=(("DENIED", "You are not authorized to access the specified resource."),),
)

STATUS = f"unexpected status from HEAD request to {MANIFEST}"
OPEN = "failed to copy: httpReadSeeker: failed open"
SPENT = "denied: Your account has exceeded its pull traffic quota for the current month."
LOGIN_WORDS = (
    "unable to retrieve auth token: invalid username/password: unauthorized: "
    "The login credentials are not valid, or your IBM Cloud account is not active."
)
NOT_AUTHORIZED = "denied: You are not authorized to access the specified resource."
X509 = "tls: failed to verify certificate: x509"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
SOURCE = "initializing source docker://us.icr.io/demo/hello:1.0"
PING = 'pinging container registry us.icr.io: Get "https://us.icr.io/v2/": dial tcp'
READING = "reading manifest 1.0 in us.icr.io/demo/hello"
UNPACK = 'failed to pull and unpack image "us.icr.io/demo/hello:1.0"'
ANONYMOUS = "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to"
NO_HOST = f'Head "{MANIFEST}": dial tcp: lookup us.icr.io on 172.21.0.10:53: no such host'
REFUSED_BLOB = f"unexpected status code {BLOB}: 403 Forbidden"
OTHER_NAME = unreached(Transport.TLS_NAME, certificate_name="proxy.corp.test")
BAD_REQUEST = refused(Phase.TOKEN, 400, "Bad Request", TOKEN)
BROKEN = refused(Phase.RESOLVE, 500, "Internal Server Error")
OLD_IMAGE = ManifestUnsupported(SCHEMA_1, DIGEST)

WORDS_OF_CONTAINERD_1_7: list[Case] = [
    (FORBIDDEN, "Unknown", f"{STATUS}: 403 Forbidden"),
    (LIMITED, "Unknown", f"{STATUS}: 429 Too Many Requests"),
    (OVER_QUOTA, "Unknown", f"{OPEN}: {REFUSED_BLOB} - Server message: {SPENT}"),
    (PlatformMissing("arm64", "linux", INDEX), "NotFound", "no match for platform in manifest: not found"),
    (unreached(Transport.DNS), "Unknown", NO_HOST),
    (unreached(Transport.TLS_UNTRUSTED), "Unknown", f"{X509}: certificate signed by unknown authority"),
    (OTHER_NAME, "Unknown", f"{X509}: certificate is valid for proxy.corp.test, not us.icr.io"),
    (DiskFull(DIGEST, ""), "Unknown", "no space left on device: unknown"),
]
WORDS_OF_CONTAINERD_2: list[Case] = [
    (UNKNOWN_TAG, "NotFound", f"{UNPACK}: failed to resolve image: us.icr.io/demo/hello:1.0: not found"),
    (NO_LOGIN, "Unknown", f"failed to resolve image: {ANONYMOUS} {TOKEN}: 401 Unauthorized"),
    (OVER_QUOTA, "Unknown", f"unexpected status from GET request to {BLOB}: 403 Forbidden\n{SPENT}"),
    (OLD_IMAGE, "Unimplemented", f'"{SCHEMA_1}" is no longer supported since containerd v2.0'),
    (DiskFull(DIGEST, LAYER), "Unknown", f"failed to extract layer ({LAYER} {DIGEST}) to overlayfs as"),
]
WORDS_OF_CRIO: list[Case] = [
    (REFUSED_LOGIN, "Unknown", f"{SOURCE}: {LOGIN_WORDS}; artifact err: get manifest: build image source"),
    (NO_LOGIN, "Unknown", "unable to retrieve auth token: invalid username/password: unauthorized"),
    (UNKNOWN_TAG, "Unknown", f"{READING}: manifest unknown; artifact err: get manifest"),
    (FORBIDDEN, "Unknown", f"{READING}: {NOT_AUTHORIZED}"),
    (LIMITED, "Unknown", f"{READING}: toomanyrequests: slow down"),
    (OVER_QUOTA, "Unknown", f"parsing image configuration: fetching blob: {SPENT}"),
    (BAD_REQUEST, "Unknown", "Requesting bearer token: invalid status code from registry 400 (Bad Request)"),
    (BROKEN, "Unknown", "received unexpected HTTP status: 500 Internal Server Error"),
    (PlatformMissing("s390x", "linux", INDEX), "Unknown", 'index for architecture "s390x", variant "", OS'),
    (DiskFull(DIGEST, ""), "Unknown", "writing blob: storing blob to file"),
    (unreached(Transport.TIMEOUT), "Unknown", PING),
]
CASES = [
    pytest.param(runtime, *case, id=f"{runtime}-{place}")
    for runtime, cases in (
        ("containerd 1.7", WORDS_OF_CONTAINERD_1_7),
        ("containerd 2", WORDS_OF_CONTAINERD_2),
        ("cri-o", WORDS_OF_CRIO),
    )
    for place, case in enumerate(cases)
]


@pytest.mark.parametrize(("runtime", "failure", "code", "words"), CASES)
def test_words_of_a_failure(runtime: str, failure: Failure, code: str, words: str) -> None:
    """The words stand in the runtime's text, under the gRPC code that it gives."""
    said = WORDS[runtime](IMAGE, failure)
    assert words in said.text
    assert said.code == code


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize(
    ("failure", "text"),
    [
        (LimitExceeded(), "pull QPS exceeded"),
        (KeyringBroken("illegal base64 data at input byte 3"), "illegal base64 data at input byte 3"),
    ],
    ids=["limit", "keyring"],
)
def test_the_kubelets_own_failures_are_the_same_for_every_runtime(runtime: str, failure: Failure, text: str) -> None:
    """No runtime is asked, so none puts words around them."""
    assert WORDS[runtime](IMAGE, failure).text == text


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (unreached(Transport.REFUSED), "RegistryUnavailable"),
        (Rejected(Rejection.POLICY), "SignatureValidationFailed"),
        (Rejected(Rejection.SIGNATURE), "SignatureValidationFailed"),
        (unreached(Transport.TIMEOUT), "ErrImagePull"),
    ],
    ids=["refused", "policy", "signature", "timeout"],
)
def test_crio_gives_some_failures_a_reason_of_their_own(failure: Failure, reason: str) -> None:
    """The reason stands before the text, where the kubelet reads it."""
    said = WORDS["cri-o"](IMAGE, failure)
    assert said.reason == reason
    assert said.text.startswith(f"{reason}: ") is (reason != "ErrImagePull")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_credential_decides_the_words_of_containerd_only(runtime: str) -> None:
    """containerd tells an anonymous from a named attempt; containers/image says "invalid username/password"
    for both.
    """
    texts = [WORDS[runtime](IMAGE, failure).text for failure in (REFUSED_LOGIN, NO_LOGIN)]
    assert ("oauth token" in texts[0]) is (runtime != "cri-o")
    assert ("anonymous token" in texts[1]) is (runtime != "cri-o")
    assert all("invalid username/password" in text for text in texts) is (runtime == "cri-o")
