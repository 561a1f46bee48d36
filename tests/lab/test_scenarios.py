"""Scenarios are complete, say nothing away, and each shows a symptom of what is planted in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from runbook_lib.lab import Lab, Scenario, list_scenarios, load_scenario
from runbook_lib.lab.cause_ids import CAUSE_IDS
from runbook_lib.lab.scenario import ScenarioError

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


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("scenario.yaml", "title: [", "scenario.yaml"),
        (
            "scenario.yaml",
            "title: a\nsection: image-pull\nstory: b\nplanted: []\ntypo: 1",
            "unknown field `typo`",
        ),
        ("scenario.yaml", "title: a\nsection: other\nstory: b\nplanted: []", "$.section"),
        ("scenario.yaml", "title: a\nsection: token\nstory: b\nplanted: [{cause: bad-luck}]", "bad-luck"),
        ("scenario.yaml", "title: a\nsection: token\nstory: b\nplanted: []\nkubelet: '1.32'", "kubelet"),
        (
            "scenario.yaml",
            "title: a\nsection: token\nstory: b\nplanted: []\nnode: {network: {h: {fault: x}}}",
            "fault",
        ),
        ("manifests.yaml", "kind: Pod", "metadata.name is missing"),
        ("manifests.yaml", "- a", "not a Kubernetes object"),
        ("manifests.yaml", "kind: Pod\nmetadata: {name: a}\nage: soon", "age 'soon'"),
        ("manifests.yaml", "kind: Pod\nmetadata: {name: a}\npullSecret: {}", "belongs on a Secret"),
        ("manifests.yaml", "kind: Secret\nmetadata: {name: a}\nlayout: odd", "layout is neither"),
        ("manifests.yaml", "kind: Secret\nmetadata: {name: a}\npullSecret: {h: {key: nobody}}", "nobody"),
        ("manifests.yaml", "kind: Pod\nmetadata: {name: a}\nspec: {containers: []}", "spec.containers"),
        ("network.yaml", "- a", "expected a mapping"),
        ("network.yaml", "cloud: {acounts: {}}", "acounts"),
    ],
)
def test_a_broken_scenario_is_refused_with_its_place(tmp_path: Path, file: str, content: str, complaint: str) -> None:
    """The message names the file and what is wrong in it."""
    folder = tmp_path / "broken"
    shutil.copytree(load_scenario("no-pull-secret").folder, folder)
    (folder / file).write_text(content)
    with pytest.raises(ScenarioError) as raised, Lab(load_scenario(folder)):
        pass
    assert str(raised.value).startswith(f"broken/{file}: ")
    assert complaint in str(raised.value)


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    """So that a misspelt name is soon mended."""
    with pytest.raises(ScenarioError, match=r"no scenario called 'nonesuch'; known are: .*no-pull-secret"):
        load_scenario("nonesuch")


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


def test_no_two_credentials_of_the_account_are_written_into_a_scenario() -> None:
    """Scenario files name keys; they do not hold them."""
    with Lab("healthy") as lab:
        values = [lab.network.key_value(name) for name in lab.network.cloud_state.key_names()]
    folder = load_scenario("healthy").folder.parent
    texts = [path.read_text() for path in folder.glob("*/*.yaml")]
    assert not [value for value in values if any(value in text for text in texts)]


def test_yaml_files_of_scenarios_are_read_without_surprises() -> None:
    """Each file parses, and a secret's data is never written encoded."""
    folder = load_scenario("healthy").folder.parent
    for path in folder.glob("*/manifests.yaml"):
        for document in yaml.safe_load_all(path.read_text()):
            assert not (document["kind"] == "Secret" and "data" in document), path


KUBECTL = shutil.which("kubectl")


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")
def test_kubectl_reads_a_failing_pod_as_on_a_real_cluster() -> None:
    """`get` shows the reason, `describe` the events with their counts, and no secret's value."""
    with Lab("credentials-rejected") as lab:
        listed = _kubectl(lab, "get", "pods", "-n", "shop")
        described = _kubectl(lab, "describe", "pod", "web", "-n", "shop")
        assert not [value for value in lab.credentials if value in described]
    assert re.search(r"^web\s+0/1\s+(ImagePullBackOff|ErrImagePull)\s+0\s+\d+m", listed, re.M)
    assert re.search(r"Warning\s+Failed\s+\S+ \(x\d+ over \S+\)\s+kubelet\s+Failed to pull image", described)
    assert "default-scheduler  Successfully assigned shop/web to worker-1" in described


def _kubectl(lab: Lab, *arguments: str) -> str:
    command = [str(KUBECTL), "--context", "lab", *arguments]
    done = subprocess.run(command, env=lab.environ(), capture_output=True, text=True, timeout=30, check=True)
    return done.stdout


@pytest.mark.parametrize(
    ("context", "path", "status"),
    [
        ("lab", "/api/v1/secrets", 200),
        ("lab-viewer", "/api/v1/pods", 200),
        ("lab-viewer", "/api/v1/nodes", 200),
        ("lab-viewer", "/api/v1/namespaces/shop/secrets", 403),
        ("lab-limited", "/api/v1/namespaces/shop/pods", 200),
        ("lab-limited", "/api/v1/namespaces/shop/secrets", 200),
        ("lab-limited", "/api/v1/namespaces/default/pods", 403),
        ("lab-limited", "/api/v1/pods", 403),
        ("lab-expired", "/api/v1/pods", 401),
    ],
)
def test_contexts_differ_in_what_they_may_read(context: str, path: str, status: int) -> None:
    """An operator, a viewer without secrets, somebody with one project, and a token that has expired."""
    with Lab("healthy") as lab:
        headers = {"Authorization": f"Bearer {lab.tokens[context]}"}
        kubeconfig = yaml.safe_load(Path(lab.env["KUBECONFIG"]).read_text())
        assert context in [found["name"] for found in kubeconfig["contexts"]]
        ca = Path(lab.env["KUBECONFIG"]).with_name("ca.pem")
        ca.write_bytes(lab.server.ca_pem)
        answer = requests.get(lab.server.url + path, headers=headers, verify=str(ca), timeout=5)
    assert answer.status_code == status


def test_the_environment_leads_to_everything() -> None:
    """Proxy and trust in all spellings, the kubeconfig, the operator's key; and the credentials are known."""
    with Lab("healthy") as lab:
        env = lab.env
        assert {
            "HTTPS_PROXY",
            "https_proxy",
            "NO_PROXY",
            "no_proxy",
            "SSL_CERT_FILE",
            "REQUESTS_CA_BUNDLE",
        } <= set(env)
        assert env["IBMCLOUD_API_KEY"] in lab.credentials
        assert set(lab.tokens.values()) <= lab.credentials
        assert lab.environ(EXTRA="1").items() >= {**env, "EXTRA": "1"}.items()
