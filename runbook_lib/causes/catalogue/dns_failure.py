"""The node's resolver does not know the registry's name."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

dns_failure = cause("dns-failure", "The node cannot resolve the registry's name", "image-pull/symptom-2")(
    told_by_node(
        Kind.DNS,
        excluded_by=("the name resolving on the node",),
        remedy=remedies.resolve,
    )
)
