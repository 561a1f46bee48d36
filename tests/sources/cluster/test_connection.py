"""A server that the kubeconfig says not to verify is asked without a word about it, and no other is."""

from __future__ import annotations

import warnings

import pytest
import urllib3
import yaml
from urllib3.exceptions import InsecureRequestWarning

from runbook_lib.lab import Lab
from runbook_lib.sources.cluster import open_cluster


@pytest.mark.parametrize("is_plain", [True, False], ids=["a token", "the official client's"])
def test_an_unverified_server_is_no_reason_for_advice(tmp_path, monkeypatch, is_plain):
    """It stands in the kubeconfig, and kubectl says nothing either; urllib3 would with each request."""
    with Lab("healthy") as lab:
        document = yaml.safe_load(lab.kubeconfig.read_text())
        for entry in document["clusters"]:
            del entry["cluster"]["certificate-authority-data"]
            entry["cluster"]["insecure-skip-tls-verify"] = True
        if not is_plain:
            document["users"][0]["user"]["tokenFile"] = ""
        path = tmp_path / "config"
        path.write_text(yaml.safe_dump(document))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            cluster = open_cluster(kubeconfig=str(path))
            assert cluster.connection.is_plain is is_plain
            assert cluster.identity().version
            assert told == []
            with urllib3.PoolManager(cert_reqs="CERT_NONE") as other:
                other.request("GET", cluster.connection.server.replace("127.0.0.1", "localhost") + "/version")
        assert [warning.category for warning in told] == [InsecureRequestWarning]
