"""Images as the container-registry API lists them: from what the registry really holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from runbook_lib.lab.registry import Content, Registry, digest_of
from runbook_lib.lab.registry.content import tagged, untagged
from runbook_lib.lab.registry.media_types import INDEXES

_NO_ISSUES = {
    "ConfigurationIssueCount": 0,
    "ExemptIssueCount": 0,
    "IssueCount": 0,
    "VulnerabilityCount": 0,
    "Vulnerable": "",
}


def images(
    host: str, registry: Registry, namespaces: set[str], *, lists: bool, repository: str
) -> list[dict[str, Any]]:
    """Returns the tagged images of the namespaces; manifest lists only where `lists` asks for them."""
    found: dict[str, dict[str, Any]] = {}
    for name, tag, content in _tags(registry, namespaces):
        if repository and name != repository and name.partition("/")[2] != repository:
            continue
        if content.top.media_type in INDEXES and not lists:
            continue
        reference = f"{host}/{name}"
        entry = found.setdefault(f"{name}@{content.top.digest}", _image(reference, content))
        entry["RepoTags"].append(f"{reference}:{tag}")
        entry["DigestTags"][content.top.digest].append(f"{reference}:{tag}")
    return list(found.values())


def digests(
    host: str, registry: Registry, namespaces: set[str], *, repositories: list[str], tagged_too: bool
) -> list[dict[str, Any]]:
    """Returns the images of the namespaces by digest, the untagged ones too."""
    found: dict[str, dict[str, Any]] = {}
    for name, tag, content in _tags(registry, namespaces):
        entry = found.setdefault(content.top.digest, _digest(content))
        counts = {key[0].lower() + key[1:]: value for key, value in _NO_ISSUES.items()}
        entry["repoTags"].setdefault(f"{host}/{name}", {})[tag] = counts
    if not tagged_too:
        found = {}
    for name, repository in registry.repositories.items():
        if name.partition("/")[0] in namespaces:
            for content in untagged(repository, name):
                found.setdefault(content.top.digest, _digest(content))["repoTags"].setdefault(f"{host}/{name}", {})
    wanted = {f"{host}/{name.removeprefix(host + '/')}" for name in repositories}
    return [entry for entry in found.values() if not wanted or wanted & set(entry["repoTags"])]


def _tags(registry: Registry, namespaces: set[str]) -> Iterator[tuple[str, str, Content]]:
    for name, repository in registry.repositories.items():
        if name.partition("/")[0] in namespaces:
            for tag, content in tagged(repository, name).items():
                yield name, tag, content


def _image(reference: str, content: Content) -> dict[str, Any]:
    return {
        "Id": _config_digest(content),
        "ParentId": "",
        "DigestTags": {content.top.digest: []},
        "RepoTags": [],
        "RepoDigests": [f"{reference}@{content.top.digest}"],
        "Created": _created(content),
        "Size": _size(content),
        "VirtualSize": _size(content),
        "Labels": {},
        "ManifestType": content.top.media_type,
        **_NO_ISSUES,
    }


def _digest(content: Content) -> dict[str, Any]:
    return {
        "id": content.top.digest,
        "created": _created(content),
        "manifestType": content.top.media_type,
        "repoTags": {},
        "size": _size(content),
    }


def _config(content: Content) -> bytes:
    child = next(iter(content.manifests.values()))
    digest = json.loads(child.body).get("config", {}).get("digest", "")
    return content.blobs.get(digest, b"{}")


def _config_digest(content: Content) -> str:
    return content.top.digest if content.top.media_type in INDEXES else digest_of(_config(content))


def _created(content: Content) -> int:
    text = json.loads(_config(content)).get("created", "2026-10-01T08:00:00Z")
    return int(datetime.fromisoformat(text).timestamp())


def _size(content: Content) -> int:
    return sum(len(blob) for blob in content.blobs.values())
