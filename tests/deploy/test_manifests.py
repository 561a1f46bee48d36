"""What is in deploy/ fits Kubernetes' schemas, binds the roles that stand there, and runs as nobody in particular."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib import __version__
from runbook_lib.cli import cli

from .strict import flaws

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(p for p in DEPLOY.glob("*.yaml") if p.name != "kustomization.yaml")
DOCUMENTS = [(p.name, d) for p in FILES for d in yaml.safe_load_all(p.read_text()) if d]
IDS = [f"{name}-{d['kind']}-{d['metadata']['name']}" for name, d in DOCUMENTS]


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    return [d for _, d in DOCUMENTS if d["kind"] in kinds]


def pod_specs() -> list[dict[str, Any]]:
    deployments = [d["spec"]["template"]["spec"] for d in of_kind("Deployment")]
    return deployments + [d["spec"]["jobTemplate"]["spec"]["template"]["spec"] for d in of_kind("CronJob")]


@pytest.mark.parametrize(("name", "document"), DOCUMENTS, ids=IDS)
def test_a_manifest_fits_the_schema(name, document):
    assert flaws(document) == []


BROKEN = {
    "an unknown field": ({"spec": {"scheduel": "x"}}, "CronJob.spec.scheduel: unknown field"),
    "a wrong type": ({"spec": {"suspend": "no"}}, "'no' is no bool"),
    "a missing field": ({"spec": {"schedule": "@daily"}}, "job_template"),
    "deep inside": (
        {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"nam": "x"}]}}}}}},
        ".nam: unknown",
    ),
}


@pytest.mark.parametrize(("change", "said"), BROKEN.values(), ids=BROKEN)
def test_the_check_finds_what_is_broken(change, said):
    assert said in " ".join(flaws({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "x"}, **change}))


def test_every_binding_leads_to_a_role_and_an_account_that_stand_here():
    roles = {(d["kind"], d["metadata"]["name"]) for d in of_kind("ClusterRole", "Role")}
    accounts = {(d["metadata"]["namespace"], d["metadata"]["name"]) for d in of_kind("ServiceAccount")}
    bindings = of_kind("ClusterRoleBinding", "RoleBinding")
    assert bindings
    for binding in bindings:
        assert (binding["roleRef"]["kind"], binding["roleRef"]["name"]) in roles
        for subject in binding["subjects"]:
            if subject["kind"] == "ServiceAccount":
                assert (subject["namespace"], subject["name"]) in accounts


def test_secrets_are_bound_in_named_namespaces_only():
    readers = {
        d["metadata"]["name"] for d in of_kind("ClusterRole") if any("secrets" in r["resources"] for r in d["rules"])
    }
    assert readers
    assert not [b for b in of_kind("ClusterRoleBinding") if b["roleRef"]["name"] in readers]


def test_no_role_changes_anything():
    verbs = {verb for d in of_kind("ClusterRole") for rule in d["rules"] for verb in rule["verbs"]}
    assert verbs <= {"get", "list", "watch"}


def test_the_cron_job_runs_as_the_bound_account():
    (job,) = of_kind("CronJob")
    assert job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["serviceAccountName"] == "pull-runbook"
    assert job["metadata"]["namespace"] == "pull-runbook"


def test_workers_hold_no_token_of_their_own_cluster():
    assert all(d["spec"]["template"]["spec"]["automountServiceAccountToken"] is False for d in of_kind("Deployment"))


@pytest.mark.parametrize("spec", pod_specs(), ids=lambda s: s["containers"][0]["name"])
def test_containers_have_no_rights_on_their_node(spec):
    assert spec["securityContext"]["runAsNonRoot"] is True
    for container in spec["containers"]:
        own = container["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["readOnlyRootFilesystem"] is True
        assert own["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
        mounted, there = {m["name"] for m in container["volumeMounts"]}, {v["name"] for v in spec["volumes"]}
        assert mounted <= there
        assert not re.search(r":latest$|/[^:]+$", container["image"])


def test_the_image_is_this_version_everywhere():
    images = {c["image"] for spec in pod_specs() for c in spec["containers"]}
    assert images == {f"registry.example.com/pull-runbook:{__version__}"}


def test_the_cron_job_calls_options_that_exist():
    (job,) = of_kind("CronJob")
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    called = [line.split() for line in container["args"][0].splitlines() if line.startswith("runbook ")]
    assert called
    for _, verb, *options in called:
        command = cli.get_command(None, verb)  # type: ignore[arg-type]
        assert command is not None
        known = {flag for parameter in command.params for flag in parameter.opts}
        assert {o for o in options if o.startswith("-")} <= known


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (1, 0), (3, 0), (2, 1)])
def test_the_job_fails_only_where_the_tool_failed(code, ends, tmp_path):
    (job,) = of_kind("CronJob")
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    script = container["args"][0].replace("/reports", shlex.quote(str(tmp_path)))
    ran = subprocess.run(["/bin/sh", "-c", f"runbook() {{ return {code}; }}\n{script}"], check=False)
    assert ran.returncode == ends


def test_dask_speaks_tls_only_and_retries_once():
    (settings,) = [d["data"] for d in of_kind("ConfigMap")]
    assert settings["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"] == "true"
    assert settings["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] == "1"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not here")
def test_kustomize_puts_it_together():
    ran = subprocess.run(["kubectl", "kustomize", str(DEPLOY)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    kinds = sorted(d["kind"] for d in yaml.safe_load_all(ran.stdout))
    assert "CronJob" in kinds
    assert "ClusterRole" in kinds


def test_the_container_file_is_multi_stage_pinned_and_not_root():
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(bases) == 2
    assert all(re.search(r":[\d.]+-", base) for base in bases)
    assert any("-c constraints.txt" in line for line in lines)
    (user,) = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert user.partition(":")[0].isdigit()
    assert user.partition(":")[0] != "0"


def test_what_the_container_file_copies_is_there_and_not_ignored():
    kept = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    for line in (DEPLOY / "Containerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists()
                assert source in kept


def test_the_fleet_extra_is_pinned():
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["fleet"]
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert {re.split(r"[>=<\[]", requirement)[0] for requirement in extra} <= pinned
