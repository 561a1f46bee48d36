"""The registry, or a proxy in front of it, answers with a 5xx."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

registry_error = cause(
    "registry-error", "The registry answers with an error of its own", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.SERVER_ERROR,
        excluded_by=("the registry answering this request",),
        remedy=remedies.wait,
        lasting=False,
    )
)
