"""The words that each container runtime puts for each typed failure, and the kubelet around them."""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.lab.kubelet.failure import Failure
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.wording import containerd_1_7, containerd_2, crio
from runbook_lib.lab.kubelet.wording.said import Said

Words = Callable[[ImageName, Failure], Said]
SandboxWords = Callable[[str, str, str], str]

WORDS: dict[str, Words] = {
    "containerd 1.7": containerd_1_7.say,
    "containerd 2": containerd_2.say,
    "cri-o": crio.say,
}
SANDBOX: dict[str, SandboxWords] = {
    "containerd 1.7": containerd_1_7.say_sandbox,
    "containerd 2": containerd_1_7.say_sandbox,
    "cri-o": crio.say_sandbox,
}

__all__ = ["SANDBOX", "WORDS", "Said", "SandboxWords", "Words"]
