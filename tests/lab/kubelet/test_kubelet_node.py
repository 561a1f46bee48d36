"""What else a kubelet writes: its version's words, its node's faults, and pods that fail for other reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runbook_lib.lab.kubelet import NodeState
from runbook_lib.lab.kubelet.failure import Rejection, Transport
from runbook_lib.lab.kubelet.node import NetworkFault

from .kubelet_pods import (
    GOOD,
    Obj,
    Observe,
    container,
    messages,
    pod,
    status_of,
    waiting,
)


@pytest.mark.parametrize(
    ("version", "message", "event"),
    [
        (
            "v1.26.15",
            f'Back-off pulling image "{GOOD}"',
            f'Failed to pull image "{GOOD}": rpc error: code = Unknown desc = failed to',
        ),
        ("v1.31.9", f'Back-off pulling image "{GOOD}"', f'Failed to pull image "{GOOD}": failed to'),
        (
            "v1.33.4",
            f'Back-off pulling image "{GOOD}": ErrImagePull: failed to',
            f'Failed to pull image "{GOOD}": failed to',
        ),
    ],
)
def test_older_kubelets_say_less(observe: Observe, version: str, message: str, event: str) -> None:
    """The waiting message repeats the cause since 1.32; an Unknown code is left out since 1.27."""
    seen = observe(pod(containers=[container(image=GOOD)]), NodeState(kubelet=version))
    assert waiting(seen)["message"].startswith(message)
    assert ("ErrImagePull" in waiting(seen)["message"]) is (version == "v1.33.4")
    assert messages(seen, "Failed")[0].startswith(event)


@pytest.mark.parametrize(
    ("node", "reason", "words"),
    [
        (NodeState(pulls_limited=True), "ImagePullBackOff", "pull QPS exceeded"),
        (NodeState(disk_full=True), "ImagePullBackOff", "no space left on device"),
        (NodeState(architecture="ppc64le"), "ImagePullBackOff", "no match for platform in manifest"),
        (NodeState(network={"us.icr.io": NetworkFault(Transport.DNS)}), "ImagePullBackOff", "no such host"),
        (
            NodeState(network={"us.icr.io": NetworkFault(Transport.TIMEOUT)}),
            "ImagePullBackOff",
            "i/o timeout",
        ),
        (
            NodeState(runtime="cri-o", policy={"us.icr.io/demo": Rejection.POLICY}),
            "ImagePullBackOff",
            "is rejected by policy",
        ),
        (
            NodeState(runtime="cri-o", policy={"us.icr.io": Rejection.SIGNATURE}),
            "ImagePullBackOff",
            "A signature was required",
        ),
    ],
    ids=["limit", "disk", "platform", "dns", "timeout", "policy", "signature"],
)
def test_what_is_wrong_with_the_node_shows(observe: Observe, node: NodeState, reason: str, words: str) -> None:
    """In the waiting state and in the event."""
    seen = observe(pod(), node)
    assert waiting(seen)["reason"] == reason
    assert words in waiting(seen)["message"]
    assert any(words in text for text in messages(seen, "Failed"))


def test_crio_reports_a_refused_connection_under_its_own_reason(observe: Observe) -> None:
    """RegistryUnavailable, with the kubelet's sentence around it."""
    node = NodeState(runtime="cri-o", network={"us.icr.io": NetworkFault(Transport.REFUSED)})
    seen = observe(pod(2), replace(node, kubelet="v1.32.9"))
    assert waiting(seen)["reason"] in ("RegistryUnavailable", "ImagePullBackOff")
    assert "because the registry is unavailable: unable to pull image" in waiting(seen)["message"]
    assert "Error: RegistryUnavailable" in messages(seen, "Failed")


def test_a_sandbox_image_that_cannot_be_pulled_hides_the_containers(observe: Observe) -> None:
    """The containers wait as if being created; only an event of the pod tells."""
    seen = observe(pod(), NodeState(sandbox_image="us.icr.io/demo/pause:3.10"))
    assert waiting(seen) == {"reason": "ContainerCreating"}
    [message] = messages(seen, "FailedCreatePodSandBox")
    assert message.startswith("Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox")
    ready = next(c for c in seen.statuses["web"]["conditions"] if c["type"] == "PodReadyToStartContainers")
    assert ready["status"] == "False"


def test_a_missing_config_map_in_the_environment(observe: Observe) -> None:
    """The image is there, the container cannot be made."""
    seen = observe(pod(containers=[container(envFrom=[{"configMapRef": {"name": "settings"}}])]))
    assert waiting(seen) == {
        "reason": "CreateContainerConfigError",
        "message": 'configmap "settings" not found',
    }
    assert (
        observe(pod(containers=[container(envFrom=[{"configMapRef": {"name": "settings"}}])]), settings={}).statuses[
            "web"
        ]["phase"]
        == "Running"
    )


def test_a_missing_config_map_in_a_volume(observe: Observe) -> None:
    """Nothing is pulled before the volumes are mounted."""
    seen = observe(pod(volumes=[{"name": "conf", "configMap": {"name": "settings"}}]))
    assert waiting(seen) == {"reason": "ContainerCreating"}
    assert messages(seen, "FailedMount") == [
        'MountVolume.SetUp failed for volume "conf" : configmap "settings" not found'
    ]


@pytest.mark.parametrize(
    ("spec", "phase", "state"),
    [
        (
            {"restartPolicy": "Never", "containers": [container(command=["sh", "-c", "exit 0"])]},
            "Succeeded",
            "terminated",
        ),
        (
            {"restartPolicy": "Never", "containers": [container(command=["sh", "-c", "exit 4"])]},
            "Failed",
            "terminated",
        ),
        (
            {"restartPolicy": "OnFailure", "containers": [container(command=["sh", "-c", "exit 4"])]},
            "Running",
            "waiting",
        ),
        ({"containers": [container(args=["exit 1"])]}, "Running", "waiting"),
    ],
    ids=["done", "failed", "on-failure", "always"],
)
def test_what_a_command_says_of_its_end_comes_about(observe: Observe, spec: Obj, phase: str, state: str) -> None:
    """Restarted or not as the pod's policy says."""
    seen = observe(pod(**spec))
    assert seen.statuses["web"]["phase"] == phase
    assert state in status_of(seen)["state"]
