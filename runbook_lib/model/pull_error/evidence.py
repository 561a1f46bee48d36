"""All that was found in one message, before it is judged."""

from __future__ import annotations

from typing import NamedTuple

from .layers import Layer, peel
from .lexicon import Found, find_words
from .names import Address, Endpoint, Names, host_of_image, registry_of, without
from .status import find_status


class Evidence(NamedTuple):
    """The wrappers, names, telling words and status of one message, and which image and registry it is
    about."""

    text: str
    """Lower case, names blanked out."""
    layers: tuple[Layer, ...]
    wrappers: frozenset[str]
    """The names of the wrappers."""
    names: Names
    found: list[Found]
    status: int | None
    status_at: int
    image: str | None
    registry: str | None

    @property
    def address(self) -> Address | None:
        """The address asked last is the one that failed."""
        return self.names.addresses[-1] if self.names.addresses else None

    @property
    def endpoint(self) -> Endpoint | None:
        """Which part of the registry was asked last."""
        return self.names.addresses[-1].endpoint if self.names.addresses else None

    def wraps(self, *names: str) -> bool:
        """Tells whether a wrapper of one of these names was peeled."""
        return not self.wrappers.isdisjoint(names)

    @property
    def at_ibm(self) -> bool:
        """Tells IBM Cloud Container Registry by its present or old domains, or by the manual it points to."""
        host = (self.registry or "").partition(":")[0]
        if host == "icr.io" or host.endswith((".icr.io", ".bluemix.net")):
            return True
        return any(page.lower().startswith("cloud.ibm.com/docs/registry") for page in self.names.pages)


def gather(names: Names, image: str | None, host: str | None) -> Evidence:
    """Collects what the words hold, and which registry they are about: the image's, else the host that was
    asked."""
    names = without(names, image)
    text = names.text
    status, at = find_status(text)
    registry = host_of_image(image) if image else (registry_of(host) if host else None)
    layers = peel(text)
    wrappers = frozenset([layer.wrapper.name for layer in layers])
    return Evidence(text, layers, wrappers, names, find_words(text), status, at, image, registry)
