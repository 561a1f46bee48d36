"""The registry shows a certificate that the node cannot trace to an authority it trusts, or one that has expired."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

tls_untrusted = cause(
    "tls-untrusted", "The node does not trust the registry's certificate", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.TLS_UNTRUSTED,
        excluded_by=("a handshake on the node",),
        remedy=remedies.certificate,
        never=(Detail.TLS_NAME_MISMATCH,),
    )
)
