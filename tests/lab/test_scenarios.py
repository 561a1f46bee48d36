"""Scenarios are complete, say nothing away, and each shows a symptom of what is planted in it."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_lib.lab import Lab, Scenario, list_scenarios, load_scenario
from runbook_lib.lab.cause_ids import CAUSE_IDS

Obj = dict[str, Any]


NAMES = list_scenarios()


NOT_STAGED = {"insufficient-evidence"}


PULL_REASONS = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"}


PULL_REASONS |= {"RegistryUnavailable", "SignatureValidationFailed"}


ANONYMOUS = ("failed to fetch anonymous token", "unable to retrieve auth token")


REFUSED = ("failed to fetch oauth token", "unable to retrieve auth token: invalid username/password")


FORBIDDEN = ("403 Forbidden", "denied: You are not authorized", "denied: Private-only access is enabled")


ABSENT = (": not found", "manifest unknown", "name unknown")


SYMPTOMS: dict[str, tuple[str, ...]] = {
    "no-pull-secret": (*ANONYMOUS, "pull access denied"),
    "pull-secret-missing": ANONYMOUS,
    "default-secrets-missing": ANONYMOUS,
    "pull-secret-not-linked": ANONYMOUS,
    "pull-secret-type-wrong": ANONYMOUS,
    "pull-secret-malformed": (*ANONYMOUS, "unable to parse auth field"),
    "registry-not-covered": (*ANONYMOUS, "Back-off pulling image"),
    "deprecated-domain": ANONYMOUS,
    "image-name-invalid": ("must be lowercase",),
    "image-not-found": ABSENT,
    "tag-not-found": ABSENT,
    "platform-mismatch": ("no match for platform in manifest",),
    "manifest-unsupported": ("is no longer supported since containerd",),
    "never-pull-policy": ("is not present with pull policy of Never",),
    "pull-quota-exceeded": ("exceeded its pull traffic quota",),
    "stale-secret-copy": REFUSED,
    "credentials-rejected": REFUSED,
    "api-key-disabled": REFUSED,
    "service-id-missing": REFUSED,
    "username-mismatch": REFUSED,
    "registry-token-retired": REFUSED,
    "iam-policy-missing": FORBIDDEN,
    "other-account": FORBIDDEN,
    "entitlement-missing": FORBIDDEN,
    "access-denied": ("insufficient_scope: authorization failed",),
    "private-only-account": FORBIDDEN,
    "network-restricted": FORBIDDEN,
    "internal-registry-permission": ("reading manifest", "unable to retrieve auth token"),
    "rate-limited": ("429 Too Many Requests",),
    "registry-error": ("500 Internal Server Error", "503 Service Unavailable"),
    "dns-failure": ("no such host",),
    "connection-refused": ("connect: connection refused",),
    "network-timeout": ("i/o timeout",),
    "tls-untrusted": ("certificate signed by unknown authority",),
    "tls-name-mismatch": ("certificate is valid for",),
    "node-disk-full": ("no space left on device",),
    "image-policy-denied": ("is rejected by policy",),
    "signature-rejected": ("A signature was required",),
    "kubelet-pull-limit": ("pull QPS exceeded",),
}


OF_THE_POD = {"not-an-image-pull-problem", "sandbox-image-unavailable"}


@pytest.fixture(scope="module")
def clusters() -> dict[str, Obj]:
    """What each scenario's cluster shows after the kubelet has looked: started once for all tests here."""
    seen: dict[str, Obj] = {}
    for name in NAMES:
        with Lab(name) as lab:
            seen[name] = {
                "pods": lab.store.list("pods", lab.scenario.namespace),
                "events": lab.store.list("events", lab.scenario.namespace),
                "scenario": lab.scenario,
                "errors": list(lab.network.errors),
            }
    return seen


def waiting(pod: Obj) -> dict[str, Obj]:
    """The waiting states of a pod by container."""
    status = pod.get("status") or {}
    kinds = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
    found = [each for kind in kinds for each in status.get(kind) or []]
    return {each["name"]: each["state"]["waiting"] for each in found if "waiting" in each["state"]}


def said_of(cluster: Obj, container: str) -> str:
    """All that events and states say of a container."""
    path = f"{{{container}}}"
    events = [e for e in cluster["events"] if str(e["involvedObject"].get("fieldPath", "")).endswith(path)]
    states = [state for pod in cluster["pods"] for name, state in waiting(pod).items() if name == container]
    return "\n".join([*(str(e["message"]) for e in events), *(str(s.get("message", "")) for s in states)])


def test_there_are_enough_scenarios() -> None:
    """At least thirty, in all three sections, with healthy ones among them."""
    scenarios = [load_scenario(name) for name in NAMES]
    assert len(scenarios) >= 30
    assert {scenario.section for scenario in scenarios} == {"image-pull", "api-key", "token"}
    assert sum(scenario.healthy for scenario in scenarios) >= 4


def test_every_cause_is_staged() -> None:
    """Each cause is the first of some scenario, but the one that is no cause."""
    first = {planted.cause for name in NAMES for planted in load_scenario(name).planted}
    assert CAUSE_IDS - first == NOT_STAGED


@pytest.mark.parametrize("name", NAMES)
def test_the_story_does_not_give_the_cause_away(name: str) -> None:
    """Nor the title's id: the person practising reads what somebody saw."""
    scenario = load_scenario(name)
    assert len(scenario.story.split()) >= 8
    assert not any(planted.cause in scenario.story for planted in scenario.planted)


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_shows_what_is_planted(name: str, clusters: dict[str, Obj]) -> None:
    """The symptom of each planted cause stands with its container; a healthy scenario shows none."""
    cluster = clusters[name]
    scenario: Scenario = cluster["scenario"]
    failing = {
        container
        for pod in cluster["pods"]
        if pod["metadata"]["name"] not in scenario.other_pods
        for container, state in waiting(pod).items()
        if state["reason"] in PULL_REASONS
    }
    expected = {planted.container for planted in scenario.planted if planted.cause not in OF_THE_POD}
    assert failing == expected
    for planted in scenario.planted:
        if planted.cause in SYMPTOMS:
            assert any(words in said_of(cluster, planted.container) for words in SYMPTOMS[planted.cause])
    if scenario.healthy:
        assert {pod["status"]["phase"] for pod in cluster["pods"]} == {"Running"}
    assert not cluster["errors"]


@pytest.mark.parametrize("name", [n for n in NAMES if load_scenario(n).planted])
def test_a_failing_pod_is_not_ready(name: str, clusters: dict[str, Obj]) -> None:
    """But for a guest's failure, which leaves the pod as it is."""
    for pod in clusters[name]["pods"]:
        conditions = {c["type"]: c["status"] for c in pod["status"].get("conditions") or []}
        guest_only = "ephemeralContainerStatuses" in pod["status"]
        assert (conditions.get("Ready") == "True") is guest_only


def test_the_events_of_a_scenario_lie_in_the_past_and_in_order(clusters: dict[str, Obj]) -> None:
    """First before last, counts as many as there are moments, nothing later than now."""
    for cluster in clusters.values():
        for event in cluster["events"]:
            if event.get("firstTimestamp"):
                assert event["firstTimestamp"] <= event["lastTimestamp"]
                assert (event["count"] == 1) is (event["firstTimestamp"] == event["lastTimestamp"])


def test_pods_of_a_deployment_belong_to_it(clusters: dict[str, Obj]) -> None:
    """Three pods of one replica set, each with its own events."""
    pods = clusters["deployment-three-pods"]["pods"]
    assert len(pods) == 3
    assert {pod["metadata"]["ownerReferences"][0]["kind"] for pod in pods} == {"ReplicaSet"}


def test_a_service_account_mended_later_is_younger_than_the_pod(clusters: dict[str, Obj]) -> None:
    """The pod was admitted before, so it names no secret."""
    with Lab("service-account-mended-later") as lab:
        account = lab.store.get("serviceaccounts", "shop", "default")
        pod = lab.store.get("pods", "shop", "web")
    assert account is not None
    assert pod is not None
    assert account["imagePullSecrets"] == [{"name": "all-icr-io"}]
    assert not pod["spec"].get("imagePullSecrets")


@pytest.mark.parametrize("runtime", ["containerd 1.7", "containerd 2", "cri-o"])
def test_a_scenario_can_be_played_on_another_runtime(runtime: str) -> None:
    """With that runtime's words, and its name on the node."""
    with Lab("tag-not-found", runtime=runtime) as lab:
        pod = lab.store.get("pods", "shop", "web")
        node = lab.store.list("nodes")[0]
    assert pod is not None
    message = waiting(pod)["app"]["message"]
    assert ("manifest unknown" in message) is (runtime == "cri-o")
    assert node["status"]["nodeInfo"]["containerRuntimeVersion"].split("://")[0] == runtime.split()[0]
