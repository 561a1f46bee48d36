"""Debian's skopeo, unmodified, pulls from the lab's registries, and is refused where a kubelet is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from runbook_lib.lab.network import Network

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(shutil.which("skopeo") is None, reason="skopeo is not installed"),
]
POLICY = '{"default": [{"type": "insecureAcceptAnything"}]}'


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as running:
        yield running


def inspect(network: Network, folder: Path, image: str, credentials: str = "") -> subprocess.CompletedProcess[str]:
    policy = folder / "policy.json"
    policy.write_text(POLICY)
    login = ["--creds", credentials] if credentials else ["--no-creds"]
    command = ["skopeo", "--policy", str(policy), "inspect", *login, "--raw", f"docker://{image}"]
    return subprocess.run(command, env=network.environ(), capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("host", ["us.icr.io", "private.us.icr.io", "registry.ng.bluemix.net"])
def test_a_good_key_reads_the_image_by_each_of_its_hosts_names(network, tmp_path, host):
    ran = inspect(network, tmp_path, f"{host}/shop/web:1.0", f"iamapikey:{network.key_value('good')}")
    assert ran.returncode == 0, ran.stderr
    assert '"schemaVersion"' in ran.stdout


@pytest.mark.parametrize(
    ("image", "key", "says"),
    [
        ("us.icr.io/shop/web:1.0", "disabled", "login credentials are not valid"),
        ("us.icr.io/shop/web:1.0", "no-policy", "not authorized"),
        ("us.icr.io/shop/web:9.9", "good", "manifest unknown"),
        ("us.icr.io/shop/web:1.0", "", "unauthorized"),
    ],
    ids=["a disabled key", "a key without a policy", "no such tag", "no credential"],
)
def test_what_is_wrong_is_told_in_the_registrys_words(network, tmp_path, image, key, says):
    ran = inspect(network, tmp_path, image, f"iamapikey:{network.key_value(key)}" if key else "")
    assert ran.returncode != 0
    assert says in ran.stderr.lower()
