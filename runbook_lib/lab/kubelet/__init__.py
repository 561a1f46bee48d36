"""A small kubelet for the practice lab: it really pulls, and writes what a kubelet would have written."""

from runbook_lib.lab.kubelet.kubelet import Kubelet
from runbook_lib.lab.kubelet.node import NodeState
from runbook_lib.lab.kubelet.pull import Puller

__all__ = ["Kubelet", "NodeState", "Puller"]
