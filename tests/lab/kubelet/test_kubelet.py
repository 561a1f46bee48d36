"""The lab's kubelet pulls a pod's images with its secrets as a kubelet does, and writes what it found."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from runbook_lib.lab.kubelet import Kubelet, NodeState

from .kubelet_pods import (
    GOOD,
    NOW,
    OPEN,
    OWNER,
    Observe,
    container,
    messages,
    pod,
    secret,
    status_of,
    waiting,
)


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
