"""Packets to the registry are dropped on their way, or it answers too slowly."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

network_timeout = cause(
    "network-timeout", "The node does not reach the registry in time", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.NETWORK_TIMEOUT,
        excluded_by=("a connection from the node",),
        remedy=remedies.reach,
        lasting=False,
    )
)
