"""Which entry of an image index a node would take, and whether a single image's configuration fits it."""

from __future__ import annotations

from runbook_lib.sources.registry.manifest import Descriptor, ImageIndex, config_platform
from runbook_lib.sources.registry.platform import Platform, takes


def choose_entry(index: ImageIndex, node: Platform | None) -> Descriptor | None:
    """Returns the entry for the node: of its own architecture first, then one that it also runs.

    An entry that does not state its platform may fit, so it comes last rather than never. Without a node, the
    first image.
    """
    images = [e for e in index.entries if e.platform is None or e.platform.known]
    if node is None:
        return images[0] if images else None
    fitting = [e for e in images if e.platform is None or takes(node, e.platform)]
    return min(fitting, key=lambda e: _distance(e, node), default=None)


def judge_config(body: bytes, node: Platform | None) -> str:
    """Returns the platform that a configuration states and the node cannot run; an empty string otherwise."""
    platform = config_platform(body)
    return str(platform) if node and platform and platform.known and not takes(node, platform) else ""


def _distance(entry: Descriptor, node: Platform) -> int:
    if entry.platform is None:
        return 2
    return 0 if entry.platform.architecture == node.architecture else 1
