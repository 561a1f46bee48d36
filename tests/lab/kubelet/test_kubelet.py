"""The lab's kubelet walks a pod's containers as a kubelet does, and writes what it found."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runbook_lib.lab.kubelet import Kubelet, NodeState
from runbook_lib.lab.kubelet.failure import Rejection, Transport
from runbook_lib.lab.kubelet.node import NetworkFault

Obj = dict[str, Any]
NODE = NodeState()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GOOD = "us.icr.io/demo/hello:1.0"
OPEN = "us.icr.io/demo/open:1.0"


def secret(*entries: tuple[str, str, str], name: str = "all-icr-io") -> Obj:
    """A pull secret with host, username and password of each entry."""
    auths = {host: {"username": user, "password": password} for host, user, password in entries}
    data = {".dockerconfigjson": base64.b64encode(json.dumps({"auths": auths}).encode()).decode()}
    return {"metadata": {"name": name}, "type": "kubernetes.io/dockerconfigjson", "data": data}


OWNER = secret(("us.icr.io", "iamapikey", "GOODKEY-owner-0001"))


def pod(age_s: int = 300, **spec: Any) -> Obj:
    """A pod of the shop project on worker-1; its only container is `app` unless the spec says otherwise."""
    created = (NOW - timedelta(seconds=age_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {
        "name": "web",
        "namespace": "shop",
        "uid": "c0ffee00-0000-4000-8000-000000000001",
        "creationTimestamp": created,
    }
    return {"metadata": metadata, "spec": {"nodeName": "worker-1", "containers": [container()], **spec}}


def container(name: str = "app", image: str = OPEN, **more: Any) -> Obj:
    return {"name": name, "image": image, "imagePullPolicy": "Always", **more}


Observe = Callable[..., Any]


@pytest.fixture
def observe(puller: Callable[..., Any], cluster: Callable[..., Any]) -> Observe:
    """Lets the kubelet of a node look at one pod once, and gives the cluster with what it wrote."""

    def look(subject: Obj, node: NodeState = NODE, secrets: tuple[Obj, ...] = (), **objects: Obj) -> Any:
        held = {("secrets", found["metadata"]["name"]): found for found in secrets}
        held |= {("configmaps", name.replace("_", "-")): found for name, found in objects.items()}
        seen = cluster(NOW, [subject], held)
        Kubelet(seen, puller(node)).sync()
        return seen

    return look


def status_of(seen: Any, kind: str = "containerStatuses", name: str = "app") -> Obj:
    return next(status for status in seen.statuses["web"][kind] if status["name"] == name)


def waiting(seen: Any, kind: str = "containerStatuses", name: str = "app") -> Obj:
    found: Obj = status_of(seen, kind, name)["state"]["waiting"]
    return found


def messages(seen: Any, reason: str) -> list[str]:
    return [event["message"] for event in seen.events if event["reason"] == reason]


def test_a_public_image_runs_without_a_secret(observe: Observe) -> None:
    """Pulled with an anonymous token, then running and ready."""
    seen = observe(pod())
    assert seen.statuses["web"]["phase"] == "Running"
    assert status_of(seen)["ready"]
    assert status_of(seen)["imageID"].startswith("us.icr.io/demo/open@sha256:")
    assert [event["reason"] for event in seen.events] == ["Pulling", "Pulled", "Created", "Started"]


def test_every_matching_credential_is_tried_until_one_is_accepted(observe: Observe) -> None:
    """A refused entry does not hide a right one that matches as well."""
    both = secret(("us.icr.io/demo", "iamapikey", "wrong-word"), ("us.icr.io", "iamapikey", "GOODKEY-owner-0001"))
    named = [{"name": "all-icr-io"}]
    seen = observe(pod(containers=[container(image=GOOD)], imagePullSecrets=named), secrets=(both,))
    assert seen.statuses["web"]["phase"] == "Running"


def test_different_errors_of_several_credentials_stand_in_brackets(observe: Observe) -> None:
    """One error a credential, in the order of trying."""
    both = secret(("us.icr.io/demo", "iamapikey", "wrong-word"), ("us.icr.io", "other", "known-but-without-rights"))
    named = [{"name": "all-icr-io"}]
    seen = observe(pod(containers=[container(image=GOOD)], imagePullSecrets=named), secrets=(both,))
    [cause] = [text for text in messages(seen, "Failed") if text.startswith("Failed to pull")]
    assert cause.startswith(f'Failed to pull image "{GOOD}": [failed to pull')
    assert cause.endswith("]")
    assert cause.index("failed to fetch oauth token") < cause.index("insufficient_scope")


def test_equal_errors_of_several_credentials_are_said_once(observe: Observe) -> None:
    """The kubelet leaves out what it has said already, and the brackets with it."""
    both = secret(("us.icr.io/demo", "iamapikey", "wrong-word"), ("us.icr.io", "iamapikey", "wrong-too"))
    seen = observe(pod(containers=[container(image=GOOD)], imagePullSecrets=[{"name": "all-icr-io"}]), secrets=(both,))
    assert "[" not in waiting(seen)["message"]


def test_a_missing_secret_is_reported_and_the_pull_goes_on(observe: Observe) -> None:
    """The event is about the pod, not a container."""
    seen = observe(pod(imagePullSecrets=[{"name": "gone"}]))
    [event] = [event for event in seen.events if event["reason"] == "FailedToRetrieveImagePullSecret"]
    assert "(gone)" in event["message"]
    assert "fieldPath" not in event["involvedObject"]
    assert seen.statuses["web"]["phase"] == "Running"


def test_a_kubelet_that_begins_before_it_has_read_the_secrets_warns_once(observe: Observe) -> None:
    """The warning is about a secret that is there; its count stays one, and the pull uses the secret."""
    subject = pod(containers=[container(image=GOOD)], imagePullSecrets=[{"name": "all-icr-io"}])
    seen = observe(subject, NodeState(cold_cache=True), secrets=(OWNER,))
    [event] = [event for event in seen.events if event["reason"] == "FailedToRetrieveImagePullSecret"]
    assert event["count"] == 1
    assert seen.statuses["web"]["phase"] == "Running"


def test_an_unreadable_secret_ends_the_pull_before_any_request(observe: Observe) -> None:
    """Even for an image that anyone may pull."""
    broken = {
        **OWNER,
        "data": {".dockerconfigjson": base64.b64encode(b'{"auths": {"h": {"auth": "eHk="}}}').decode()},
    }
    seen = observe(pod(imagePullSecrets=[{"name": "all-icr-io"}]), secrets=(broken,))
    assert waiting(seen)["message"].endswith(
        "unable to parse auth field, must be formatted as base64(username:password)"
    )


def test_a_failing_init_container_holds_the_others_back(observe: Observe) -> None:
    """Those after it, init or not, wait for it under the reason PodInitializing."""
    inits = [container("first"), container("second", "us.icr.io/demo/open:none"), container("third")]
    seen = observe(pod(initContainers=inits))
    assert "terminated" in status_of(seen, "initContainerStatuses", "first")["state"]
    assert waiting(seen, "initContainerStatuses", "second")["reason"] == "ImagePullBackOff"
    assert waiting(seen, "initContainerStatuses", "third")["reason"] == "PodInitializing"
    assert waiting(seen)["reason"] == "PodInitializing"
    assert seen.statuses["web"]["phase"] == "Pending"
    assert any(e["involvedObject"].get("fieldPath") == "spec.initContainers{second}" for e in seen.events)


def test_containers_fail_each_on_its_own(observe: Observe) -> None:
    """One runs while the other waits; the pod stays Pending."""
    seen = observe(pod(containers=[container(), container("sidecar", GOOD)]))
    assert "running" in status_of(seen)["state"]
    assert waiting(seen, name="sidecar")["reason"] == "ImagePullBackOff"
    assert seen.statuses["web"]["phase"] == "Pending"


def test_a_failing_ephemeral_container_leaves_the_pod_running(observe: Observe) -> None:
    """Its failure stands in its own list only."""
    seen = observe(pod(ephemeralContainers=[container("debug", "us.icr.io/demo/open:none")]))
    assert seen.statuses["web"]["phase"] == "Running"
    assert waiting(seen, "ephemeralContainerStatuses", "debug")["reason"] == "ImagePullBackOff"


def test_never_pull_of_an_absent_image(observe: Observe) -> None:
    """No pull is made, and the reason says so."""
    seen = observe(pod(containers=[container(imagePullPolicy="Never")]))
    assert waiting(seen) == {
        "reason": "ErrImageNeverPull",
        "message": f'Container image "{OPEN}" is not present with pull policy of Never',
    }
    assert not messages(seen, "Pulling")


def test_an_image_that_is_on_the_node_is_not_pulled(observe: Observe) -> None:
    """Unless the policy is Always; so a pod may run with no working secret."""
    node = NodeState(images=frozenset({GOOD}))
    seen = observe(pod(containers=[container(image=GOOD, imagePullPolicy="IfNotPresent")]), node)
    assert messages(seen, "Pulled") == [f'Container image "{GOOD}" already present on machine']
    assert seen.statuses["web"]["phase"] == "Running"


def test_the_first_failure_is_seen_before_any_holding_back(observe: Observe) -> None:
    """A pod of a second ago waits with ErrImagePull and the bare cause."""
    seen = observe(pod(1, containers=[container(image=GOOD)]))
    assert waiting(seen)["reason"] == "ErrImagePull"
    assert waiting(seen)["message"].startswith("failed to pull and unpack image")
    assert not messages(seen, "BackOff")


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


def test_a_mended_secret_heals_at_the_next_try(puller: Callable[..., Any], cluster: Callable[..., Any]) -> None:
    """Secrets are read anew at every try; a try is made again after ten seconds, not before."""
    subject = pod(containers=[container(image=GOOD)], imagePullSecrets=[{"name": "all-icr-io"}])
    seen = cluster(NOW, [subject], {("secrets", "all-icr-io"): secret(("us.icr.io", "iamapikey", "wrong-word"))})
    kubelet = Kubelet(seen, puller(NodeState()))
    kubelet.sync()
    seen.objects[("secrets", "all-icr-io")] = OWNER
    seen.moment = NOW + timedelta(seconds=2)
    kubelet.sync()
    assert seen.statuses["web"]["phase"] == "Pending"
    seen.moment = NOW + timedelta(seconds=12)
    kubelet.sync()
    assert seen.statuses["web"]["phase"] == "Running"
