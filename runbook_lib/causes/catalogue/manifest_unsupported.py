"""The manifest's media type or schema is one that the container runtime does not read."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

manifest_unsupported = cause(
    "manifest-unsupported", "The runtime cannot read this type of manifest", "image-pull/1"
)(
    told_by_node(
        Kind.MANIFEST_UNSUPPORTED,
        excluded_by=("the same manifest being read by this runtime",),
        remedy=remedies.rebuild,
    )
)
