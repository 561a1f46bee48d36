"""The certificate that the node is shown does not name the host that the image names."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

tls_name_mismatch = cause(
    "tls-name-mismatch", "The registry's certificate is for another name", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.TLS_UNTRUSTED,
        excluded_by=("the host among the names of the certificate",),
        remedy=remedies.certificate,
        only=(Detail.TLS_NAME_MISMATCH,),
    )
)
