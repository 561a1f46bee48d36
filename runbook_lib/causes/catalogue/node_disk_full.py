"""The node cannot store the layers of the image."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

node_disk_full = cause("node-disk-full", "The node has no space for the image", "image-pull/symptom-2")(
    told_by_node(
        Kind.DISK_FULL,
        excluded_by=("free space on the node",),
        remedy=remedies.disk,
    )
)
