"""The pull that a run is about is chosen as a kubectl user would expect."""

import json
import re

import pytest

from runbook_lib.model.problem import BadInput
from runbook_lib.selection import choose
from runbook_lib.session import Session
from runbook_lib.sources.bundle import open_bundle


def pod(name, *waiting, namespace="shop", owner=None, phase="Pending", running=(), init=()):
    statuses = [
        {"name": c, "image": f"us.icr.io/x/{c}:1", "state": {"waiting": {"reason": reason}}} for c, reason in waiting
    ] + [{"name": c, "image": f"us.icr.io/x/{c}:1", "state": {"running": {}}} for c in running]
    metadata = {"name": name, "namespace": namespace, "labels": {}}
    if owner:
        kind, owner_name = owner
        metadata["ownerReferences"] = [{"kind": kind, "name": owner_name, "controller": True}]
        if kind == "ReplicaSet":
            metadata["labels"]["pod-template-hash"] = owner_name.rpartition("-")[2]
    return {
        "kind": "Pod",
        "metadata": metadata,
        "spec": {
            "containers": [{"name": s["name"], "image": s["image"]} for s in statuses if s["name"] not in init],
            "initContainers": [{"name": s["name"], "image": s["image"]} for s in statuses if s["name"] in init],
        },
        "status": {
            "phase": phase,
            "containerStatuses": [s for s in statuses if s["name"] not in init],
            "initContainerStatuses": [s for s in statuses if s["name"] in init],
        },
    }


@pytest.fixture
def session(tmp_path):
    def opened(*pods):
        path = tmp_path / "pods.json"
        path.write_text(json.dumps({"kind": "List", "items": list(pods)}))
        return Session(open_bundle(str(path)))

    return opened


FAILS = ("app", "ImagePullBackOff")


def test_the_failing_pull_is_found_without_a_name(session):
    chosen = choose(session(pod("well", phase="Running", running=("app",)), pod("web", FAILS)))
    assert [(t.namespace, t.pod, t.container) for t in chosen.targets] == [("shop", "web", "app")]


def test_a_running_pod_with_one_failing_container_is_found(session):
    chosen = choose(session(pod("web", ("side", "ErrImagePull"), phase="Running", running=("app",))))
    assert [t.container for t in chosen.targets] == ["side"]


def test_an_init_container_that_fails_is_found(session):
    chosen = choose(session(pod("web", ("setup", "ErrImagePull"), ("app", "PodInitializing"), init=("setup",))))
    assert [t.container for t in chosen.targets] == ["setup"]


def test_each_failing_container_is_a_case(session):
    chosen = choose(session(pod("web", FAILS, ("side", "InvalidImageName"))))
    assert [t.container for t in chosen.targets] == ["app", "side"]


def test_pods_of_one_workload_that_fail_alike_are_one_case(session):
    pods = [pod(f"web-7d4f-{n}", FAILS, owner=("ReplicaSet", "web-7d4f")) for n in "abc"]
    chosen = choose(session(*pods))
    assert len(chosen.targets) == 1
    assert chosen.alike == (("web-7d4f-b", "web-7d4f-c"),)


@pytest.mark.parametrize("name", ["deploy/web", "deployment/web", "rs/web-7d4f"])
def test_a_workload_is_named_as_kubectl_names_it(session, name):
    chosen = choose(session(pod("web-7d4f-a", FAILS, owner=("ReplicaSet", "web-7d4f")), pod("other", FAILS)), pod=name)
    assert chosen.targets[0].pod == "web-7d4f-a"


def test_an_openshift_deployment_config_is_named_as_oc_names_it(session):
    failing = pod("web-3-x1", FAILS, owner=("ReplicationController", "web-3"))
    failing["metadata"]["labels"] = {"deploymentconfig": "web", "deployment": "web-3"}
    for name in ("dc/web", "rc/web-3"):
        assert choose(session(failing, pod("other", FAILS)), pod=name).targets[0].pod == "web-3-x1"


def test_every_workload_of_the_list_to_choose_from_can_be_named(session):
    pods = [
        pod("a", FAILS, owner=("Rollout", "canary")),
        pod("b", FAILS, owner=("ReplicationController", "old-1")),
        pod("c", FAILS, owner=("TaskRun", "build")),
    ]
    with pytest.raises(BadInput) as told:
        choose(session(*pods))
    offered = re.findall(r"--pod (\S+?)[: ]", str(told.value))
    assert [choose(session(*pods), pod=name).targets[0].pod for name in offered] == ["a", "b", "c"]


def test_pods_of_a_cron_job_are_one_workload(session):
    pods = [pod(f"backup-2900000{n}-x", FAILS, owner=("Job", f"backup-2900000{n}")) for n in range(3)]
    assert len(choose(session(*pods)).targets) == 1
    assert choose(session(*pods), pod="cj/backup").targets[0].pod == "backup-29000000-x"


def test_several_failing_workloads_give_a_list_to_choose_from(session):
    with pytest.raises(BadInput) as told:
        choose(session(pod("web", FAILS), pod("api", FAILS)))
    assert "-n shop --pod web" in str(told.value)
    assert "-n shop --pod api" in str(told.value)


def test_where_no_pull_fails_the_unwell_pod_is_chosen(session):
    chosen = choose(session(pod("well", phase="Running", running=("app",)), pod("crash", ("app", "CrashLoopBackOff"))))
    assert chosen.targets[0].pod == "crash"
    assert chosen.targets[0].container == ""


def test_where_all_is_well_that_is_said(session):
    chosen = choose(session(pod("well", phase="Running", running=("app",))))
    assert "No pod is unwell" in chosen.notes[0]


@pytest.mark.parametrize(
    ("selectors", "says"),
    [
        ({"pod": "nope"}, "There is no pod nope"),
        ({"pod": "deploy/nope"}, "There is no deployment nope"),
        ({"pod": "thing/web"}, "names no pod or workload"),
        ({"pod": "deploy/"}, "names no pod or workload"),
        ({"pod": "web", "container": "nope"}, "has no container nope"),
        ({"namespace": "nope"}, "no pods of that namespace"),
    ],
)
def test_a_wrong_name_is_one_sentence_that_says_what_there_is(session, selectors, says):
    with pytest.raises(BadInput, match=says):
        choose(session(pod("web", FAILS)), **selectors)


def test_a_name_in_two_namespaces_has_to_be_told_apart(session):
    two = session(pod("web", FAILS), pod("web", FAILS, namespace="other"))
    with pytest.raises(BadInput, match="exists in 2 namespaces: other, shop"):
        choose(two, pod="web")
    assert choose(two, pod="web", namespace="other").targets[0].namespace == "other"


def test_a_workload_that_is_not_there_is_told_with_those_of_its_kind(session):
    pods = (pod("web-7d4f-a", FAILS, owner=("ReplicaSet", "web-7d4f")), pod("alone", FAILS))
    with pytest.raises(BadInput, match=r"There is no deployment nope .* There are: deployment/web\."):
        choose(session(*pods), pod="deploy/nope")
    with pytest.raises(BadInput, match=r"No pod is of a statefulset there\. Pods: "):
        choose(session(*pods), pod="sts/web")
