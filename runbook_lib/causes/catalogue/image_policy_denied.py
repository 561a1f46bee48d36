"""An admission webhook or a policy of the node (allowed registries) refuses the image."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

image_policy_denied = cause(
    "image-policy-denied", "A policy does not let this image in", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.IMAGE_POLICY_DENIED,
        excluded_by=("a policy that names this registry",),
        remedy=remedies.policy,
    )
)
