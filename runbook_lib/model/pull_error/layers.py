"""The wrappers around the innermost words: who put them there, and what each tells about the way of the pull.

Go errors nest as ``what was being done: what went wrong``. Every wrapper known here is one such *what was
being
done*; an unknown one between two known ones does no harm. The position of a wrapper, not the whole line,
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from .index import PhraseIndex
from .value import CredentialSent, Phase, Runtime


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One sort of wrapper: its name in ``PullError.layers``, its author, and what it tells."""

    name: str
    runtime: Runtime = Runtime.UNKNOWN
    phase: Phase | None = None
    sent: CredentialSent = CredentialSent.UNKNOWN


class Layer(NamedTuple):
    """One wrapper as found: where its words begin, and where what it wraps begins."""

    wrapper: Wrapper
    start: int
    inner: int


def _wrappers() -> Iterator[tuple[str, Wrapper]]:
    def of(runtime: Runtime, name: str, phase: Phase | None, *phrases: str) -> Iterator[tuple[str, Wrapper]]:
        sent = {
            "anonymous-token": CredentialSent.NO, "oauth-token": CredentialSent.YES,
            "credential": CredentialSent.YES,
        }  # fmt: skip
        owner = "containers-image" if runtime is Runtime.CRI_O else str(runtime)
        wrapper = Wrapper(f"{owner}:{name}", runtime, phase, sent.get(name, CredentialSent.UNKNOWN))
        return ((phrase, wrapper) for phrase in phrases)

    kubelet, containerd, cri_o, docker = Runtime.KUBELET, Runtime.CONTAINERD, Runtime.CRI_O, Runtime.DOCKER
    yield from of(kubelet, "pull", None, "failed to pull image", "failed pulling image", "pulling image failed")
    yield from of(kubelet, "back-off", None, "back-off pulling image")
    yield from of(kubelet, "reason", None, "errimagepull", "imagepullbackoff", "imageinspecterror")
    yield from of(kubelet, "sandbox", None, "pod sandbox", "get sandbox image", "createpodsandbox")
    yield from of(kubelet, "inspect", None, "failed to inspect image")
    yield from of(kubelet, "default-tag", Phase.NAME, "failed to apply default image tag")
    yield from of(kubelet, "sync", None, "error syncing pod", 'failed to "startcontainer"')
    yield from of(kubelet, "image-service", None, "from image service failed")

    yield from of(containerd, "pull", None, "failed to pull and unpack image")
    yield from of(containerd, "resolve", Phase.MANIFEST, "failed to resolve reference", "failed to resolve image")
    yield from of(containerd, "host", Phase.MANIFEST, "pulling from host ")
    yield from of(containerd, "authorize", Phase.TOKEN, "failed to authorize")
    yield from of(containerd, "anonymous-token", Phase.TOKEN, "failed to fetch anonymous token")
    yield from of(containerd, "oauth-token", Phase.TOKEN, "failed to fetch oauth token")
    yield from of(containerd, "request", None, "failed to do request")
    yield from of(containerd, "copy", Phase.BLOB, "failed to copy:", "httpreadseeker", "httpreaderseeker")
    yield from of(containerd, "commit", Phase.BLOB, "failed commit on ref")
    yield from of(containerd, "unpack", Phase.UNPACK, "failed to extract layer", "failed to unpack image",
                  "apply layer error", "failed to prepare extraction snapshot")  # fmt: skip
    yield from of(containerd, "status", None, "unexpected status from ", "unexpected status code \x01",
                  "unexpected status:")  # fmt: skip
    yield from of(containerd, "server-message", None, "server message:")

    yield from of(cri_o, "pull", None, "unable to pull image or oci artifact", "pull image err:")
    yield from of(cri_o, "source", Phase.MANIFEST, "initializing source", "unable to copy from source",
                  "initializing image from source")  # fmt: skip
    yield from of(cri_o, "ping", Phase.CONNECT, "pinging container registry", "pinging docker registry")
    yield from of(cri_o, "unavailable", Phase.CONNECT, "registryunavailable")
    yield from of(cri_o, "manifest", Phase.MANIFEST, "reading manifest", "error fetching manifest",
                  "determining manifest mime type")  # fmt: skip
    yield from of(cri_o, "token", Phase.TOKEN, "unable to retrieve auth token", "requesting bear")
    yield from of(cri_o, "credential", Phase.TOKEN, "authenticating creds for")
    yield from of(cri_o, "login", Phase.TOKEN, "invalid username/password")
    yield from of(cri_o, "instance", Phase.PLATFORM, "choosing image instance", "choosing an image from manifest list")
    yield from of(cri_o, "copy", Phase.BLOB, "copying system image", "copying layer", "copying config",
        "writing blob",
                  "storing blob", "fetching blob", "reading blob", "parsing image configuration",
                  "happened during read")  # fmt: skip
    yield from of(cri_o, "commit", Phase.UNPACK, "committing the finished image", "adding layer with blob",
                  "applying layer", "creating layer")  # fmt: skip
    yield from of(cri_o, "signatures", Phase.VERIFY, "reading signatures", "signaturevalidationfailed")
    yield from of(cri_o, "policy", Phase.VERIFY, "source image rejected")
    yield from of(cri_o, "trying", None, "trying to pull ")

    yield from of(docker, "daemon", None, "error response from daemon", "api error (", "images/create returned error")
    yield from of(docker, "pull", None, "error while pulling image", "error pulling image configuration")
    yield from of(docker, "download", Phase.BLOB, "download failed after attempts", "error pulling image configuration")
    yield from of(docker, "register", Phase.UNPACK, "failed to register layer", "error processing tar file")
    yield from of(docker, "ping", Phase.CONNECT, "invalid registry endpoint", "ping attempt failed")


WRAPPERS = PhraseIndex(_wrappers())
_GRPC = "rpc error: code = "
_REPEATS = 8
_START = attrgetter("start")
_OF_ANYTHING = ("kubelet:reason", "kubelet:sandbox", "kubelet:sync", "docker:daemon")


def peel(text: str) -> tuple[Layer, ...]:
    """Finds the wrappers of a message, outermost first; ``text`` is lower case with the names blanked out."""
    layers = [Layer(wrapper, start, _inner(text, end)) for wrapper, start, end in WRAPPERS.in_text(text)]
    start = text.find(_GRPC)
    for _ in range(_REPEATS):
        if start < 0:
            break
        after = start + len(_GRPC)
        desc = text.find(" desc = ", after, after + 40)
        code = text[after : desc if desc > 0 else after + 20].strip()
        layers.append(Layer(_grpc(code), start, desc + 8 if desc > 0 else after))
        start = text.find(_GRPC, after)
    layers.sort(key=_START)
    return tuple(layers)


@lru_cache(maxsize=64)
def _grpc(code: str) -> Wrapper:
    return Wrapper(f"grpc:{code}")


def _inner(text: str, after: int) -> int:
    """What a wrapper wraps begins after its colon and blank, past a name or number it may mention."""
    if text.startswith(":", after - 1):
        return after
    colon = text.find(": ", after, after + 600)
    return colon + 2 if colon >= 0 else after


def is_wrapped(names: tuple[str, ...]) -> bool:
    """Tells whether a wrapper among these belongs to an image pull; a gRPC code may be of anything."""
    return any(not name.startswith("grpc:") and name not in _OF_ANYTHING for name in names)
