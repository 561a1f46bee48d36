"""The kubelet holds pulls back by itself (registryPullQPS): no registry was asked."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

kubelet_pull_limit = cause(
    "kubelet-pull-limit", "The kubelet limits its own rate of pulls", "image-pull/symptom-2"
)(
    told_by_node(
        Kind.RATE_LIMITED,
        excluded_by=("the registry having been asked",),
        remedy=remedies.kubelet_limit,
        only=(Detail.KUBELET_QPS,),
    )
)
