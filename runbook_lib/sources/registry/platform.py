"""Which platforms of an image index a node takes, normalised and matched as containerd does.

Source: containerd's platforms package. A node of amd64 takes 386 too, one of arm64 the 32-bit variants; a
node's own variant is not known here, so every variant of arm counts for an arm node.
"""

from __future__ import annotations

from dataclasses import dataclass

_OS = {"macos": "darwin"}
_ARCHITECTURES = {
    "i386": "386",
    "x86_64": "amd64",
    "x86-64": "amd64",
    "aarch64": "arm64",
    "armhf": "arm/v7",
    "armel": "arm/v6",
}
_ALSO_TAKES = {"amd64": ("386",), "arm64": ("arm",)}


@dataclass(frozen=True, slots=True)
class Platform:
    """An operating system, an architecture and its variant, normalised; made by `normalise`."""

    os: str
    architecture: str
    variant: str = ""

    @property
    def known(self) -> bool:
        """False for the entries that hold attestations, which are no images."""
        return self.os not in ("", "unknown") and self.architecture not in ("", "unknown")

    def __str__(self) -> str:
        """Returns os/architecture, with the variant where there is one."""
        return "/".join(x for x in (self.os, self.architecture, self.variant) if x)


def normalise(os: str, architecture: str, variant: str = "") -> Platform:
    """Returns the platform in the form in which containerd compares."""
    os, architecture, variant = os.lower(), architecture.lower(), variant.lower()
    architecture, _, implied = _ARCHITECTURES.get(architecture, architecture).partition("/")
    variant = variant or implied
    if variant.isdigit():
        variant = f"v{variant}"
    if (architecture, variant) in (("amd64", "v1"), ("arm64", "v8")) or architecture == "386":
        variant = ""
    elif (architecture, variant) == ("arm", ""):
        variant = "v7"
    return Platform(_OS.get(os, os), architecture, variant)


def takes(node: Platform, image: Platform) -> bool:
    """True where a node of one platform runs images of the other."""
    if node.os != image.os:
        return False
    if node.architecture == image.architecture:
        return node.architecture == "arm" or node.variant == image.variant
    return image.architecture in _ALSO_TAKES.get(node.architecture, ())
