"""Image names as the kubelet reads them, before any registry is asked."""

from __future__ import annotations

from dataclasses import dataclass

from docker_image import reference


class InvalidImageNameError(ValueError):
    """The name is not a reference; the text says why, in the words of Go's reference parser."""


@dataclass(frozen=True, slots=True)
class ImageName:
    """One pullable name: where it is, which repository, and which version.

    `domain` is the host with its port ("us.icr.io", "docker.io"), `path` the repository on it, `version` a
    tag or a digest. `canonical` is the name that runtimes print, with the default tag where none was given.
    """

    domain: str
    path: str
    version: str
    canonical: str

    @property
    def repository(self) -> str:
        """Names the repository with its host, without tag or digest, which is what the keyring is asked
        for.
        """
        return f"{self.domain}/{self.path}"

    @property
    def host(self) -> str:
        """Names the host that answers the registry's API: docker.io's is another one than its name says."""
        return "registry-1.docker.io" if self.domain == "docker.io" else self.domain


def parse(image: str) -> ImageName:
    """Reads an image name as the kubelet does, with `latest` where neither tag nor digest is given.

    Raises InvalidImageNameError with the words that the kubelet puts into its event.
    """
    try:
        named = reference.Reference.parse_normalized_named(image)
        domain, path = named.split_hostname()
    except reference.InvalidReference as error:
        raise InvalidImageNameError(str(error)) from None
    tag, digest = named.get("tag"), named.get("digest")
    name = f"{domain}/{path}"
    if digest:
        written = f"{name}:{tag}@{digest}" if tag else f"{name}@{digest}"
        return ImageName(domain, path, digest, written)
    version = tag or "latest"
    return ImageName(domain, path, version, f"{name}:{version}")
