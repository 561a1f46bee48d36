"""A running lab as its users meet it: kubectl, the kubeconfig's contexts, the variables."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
import yaml

from runbook_lib.lab import Lab

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
