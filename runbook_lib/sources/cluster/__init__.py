"""The live cluster: a kubeconfig's context read through the Kubernetes API."""

from runbook_lib.sources.cluster.live import LiveCluster
from runbook_lib.sources.cluster.login import check_context, open_cluster

__all__ = ["LiveCluster", "check_context", "open_cluster"]
