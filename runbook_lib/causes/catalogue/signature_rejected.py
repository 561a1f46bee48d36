"""The node demands a signature that the image does not have, or that does not verify."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

signature_rejected = cause(
    "signature-rejected", "The image's signature is not accepted", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.SIGNATURE,
        excluded_by=("a signature that verifies",),
        remedy=remedies.policy,
    )
)
