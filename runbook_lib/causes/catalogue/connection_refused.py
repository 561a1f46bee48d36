"""Nothing listens at the registry's address, as the node sees it."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

connection_refused = cause(
    "connection-refused", "The registry refuses the node's connection", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.CONNECTION_REFUSED,
        excluded_by=("a connection from the node",),
        remedy=remedies.reach,
        never=(Detail.RUNTIME_UNREACHABLE,),
    )
)
