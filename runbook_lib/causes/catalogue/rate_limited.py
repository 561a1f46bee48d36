"""The registry answers 429: too many pulls from this address or this account."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

rate_limited = cause("rate-limited", "The registry limits the rate of pulls", "image-pull/symptom-2")(
    told_by_node(
        Kind.RATE_LIMITED,
        excluded_by=("a pull being let through",),
        remedy=remedies.limited,
        never=(Detail.KUBELET_QPS,),
        lasting=False,
    )
)
