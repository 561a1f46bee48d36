"""Serves what a repository holds: manifests by tag or digest, blobs whole or in part, the list of tags."""

from __future__ import annotations

import re
from urllib.parse import quote

from runbook_lib.lab.registry.content import Content, Manifest, tagged, untagged
from runbook_lib.lab.registry.dialect import error_reply
from runbook_lib.lab.registry.media_types import DOCKER_LIST, INDEXES, accepts
from runbook_lib.lab.registry.state import Repository
from runbook_lib.lab.wire import Reply, Request, json_reply

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
PREFERRED_PLATFORM = "linux/amd64"


class Shelf:
    """The content of one repository, ready to be served."""

    def __init__(self, name: str, repository: Repository) -> None:
        self.name = name
        self._tags = tagged(repository, name)
        self._contents = [*self._tags.values(), *untagged(repository, name)]
        self._manifests = {key: value for content in self._contents for key, value in content.manifests.items()}
        self._blobs = {digest: blob for content in self._contents for digest, blob in content.blobs.items()}

    def manifest(self, reference: str, accept: str) -> Reply:
        """Returns the manifest of a tag or digest, in a type that the client accepts.

        As the distribution registry does: to a client that reads no manifest list, the list's linux/amd64
        entry is given; an OCI index it is not given.
        """
        by_tag = self._tags.get(reference)
        found = by_tag.top if by_tag else self._manifests.get(reference)
        if found is None:
            return error_reply(404, "MANIFEST_UNKNOWN", "manifest unknown")
        if found.media_type in INDEXES and not accepts(accept, found.media_type):
            child = _fallback(by_tag, found)
            if child is None:
                message = "OCI index found, but accept header does not support OCI indexes"
                return error_reply(404, "MANIFEST_UNKNOWN", message)
            found = child
        headers = (
            ("Content-Type", found.media_type),
            ("Docker-Content-Digest", found.digest),
            ("Etag", f'"{found.digest}"'),
        )
        return Reply(200, headers, found.body)

    def holds_blob(self, digest: str) -> bool:
        """Returns whether the repository has this blob."""
        return digest in self._blobs

    def blob(self, digest: str, wanted: str = "") -> Reply:
        """Returns a blob, or the part that a Range header asks for."""
        data = self._blobs.get(digest)
        if data is None:
            return error_reply(404, "BLOB_UNKNOWN", "blob unknown to registry")
        headers = (
            ("Content-Type", "application/octet-stream"),
            ("Docker-Content-Digest", digest),
            ("Accept-Ranges", "bytes"),
        )
        match = _RANGE.fullmatch(wanted.strip())
        if match is None or match.groups() == ("", ""):
            return Reply(200, headers, data)
        first, last = match.groups()
        start = int(first) if first else max(len(data) - int(last), 0)
        end = min(int(last), len(data) - 1) if first and last else len(data) - 1
        if start > end:
            return Reply(416, (("Content-Range", f"bytes */{len(data)}"),))
        part = (("Content-Range", f"bytes {start}-{end}/{len(data)}"),)
        return Reply(206, headers + part, data[start : end + 1])

    def tag_list(self, request: Request) -> Reply:
        """Returns the tags in order, in pages when `n` asks for it."""
        size, last = request.parameters.get("n", ""), request.parameters.get("last", "")
        tags = sorted(tag for tag in self._tags if tag > last)
        page = tags[: int(size)] if size.isdigit() and int(size) else tags
        reply = json_reply(200, {"name": self.name, "tags": page})
        if len(page) < len(tags):
            target = f"/v2/{self.name}/tags/list?last={quote(page[-1])}&n={size}"
            reply = reply.with_headers(("Link", f'<{target}>; rel="next"'))
        return reply


def _fallback(content: Content | None, index: Manifest) -> Manifest | None:
    if content is None or index.media_type != DOCKER_LIST:
        return None
    children = content.manifests.values()
    return next((child for child in children if child.platform == PREFERRED_PLATFORM), None)
