"""Opens a cluster: a kubeconfig's context, or the service account of the pod that this runs in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cluster.keys import tls_of, use_tls, without_files
from runbook_lib.sources.cluster.kubeconfig import Kubeconfig, LoginFailed, files_of
from runbook_lib.sources.cluster.live import LiveCluster
from runbook_lib.sources.yaml_text import flaw_in

_HOW = "Log in to the cluster (`oc login`), or name a file with --kubeconfig or saved evidence with --bundle."
_LOGIN = "Log in to the cluster again, so that the context names a server and a user."


def open_cluster(
    *, context: str = "", kubeconfig: str = "", impersonate: str = "", budget: TimeBudget | None = None
) -> LiveCluster:
    """Prepares the connection; nothing is sent yet.

    Args:
        context: the kubeconfig context; the current one where empty.
        kubeconfig: a file (or several, as in KUBECONFIG); the environment's, then ~/.kube/config where empty.
        impersonate: the user of `--as`.
        budget: the time that the whole run may wait for answers; a new one where None.

    Raises:
        BadInput: no kubeconfig, one that cannot be read, or a context that it does not hold.
    """
    from kubernetes import client

    configuration = client.Configuration()
    configuration.retries = False
    path = kubeconfig or os.environ.get("KUBECONFIG") or str(Path("~/.kube/config").expanduser())
    if not any(f.is_file() for f in files_of(path)):
        if not kubeconfig and not context and "KUBERNETES_SERVICE_HOST" in os.environ:
            return _in_cluster(configuration, impersonate, budget)
        raise BadInput(f"No kubeconfig at {path}.", _HOW)
    try:
        read = Kubeconfig(path)
        by_name = {str(c["name"]): c["context"] for c in read.contexts}
    except Exception as unreadable:
        raise BadInput(
            f"The kubeconfig {path} cannot be read ({flaw_in(unreadable)}).",
            "Check that it is the YAML that `oc login` or `ibmcloud oc cluster config` writes.",
        ) from None
    if not by_name:
        raise BadInput(f"The kubeconfig {path} cannot be used: it holds no context.", _LOGIN)
    there = f"It has: {', '.join(by_name)}."
    chosen = context or read.current
    if not chosen:
        raise BadInput(f"The kubeconfig {path} has no current context.", f"Name one with --context. {there}")
    if chosen not in by_name:
        raise BadInput(f"The kubeconfig {path} has no context {chosen!r}.", there)
    try:
        details = by_name[chosen]
        with without_files():
            read.apply(chosen, configuration)
            return _live(
                configuration,
                impersonate,
                name=str(details.get("cluster") or ""),
                context=chosen,
                namespace=str(details.get("namespace") or "default"),
                budget=budget,
            )
    except LoginFailed as failed:
        raise BadInput(f"The context {chosen!r} of {path} cannot be used: {failed}.", _LOGIN) from None
    except Exception as unusable:
        raise BadInput(
            f"The context {chosen!r} of {path} cannot be used ({type(unusable).__name__}).", _LOGIN
        ) from None


def _in_cluster(configuration: Any, impersonate: str, budget: TimeBudget | None) -> LiveCluster:
    from kubernetes import config

    folder = Path("/var/run/secrets/kubernetes.io/serviceaccount")
    try:
        config.load_incluster_config(client_configuration=configuration)
        namespace = folder / "namespace"
        here = namespace.read_text().strip() if namespace.is_file() else "default"
        return _live(configuration, impersonate, name="in-cluster", context="", namespace=here, budget=budget)
    except Exception as unusable:
        raise BadInput(
            f"There is no kubeconfig, and this pod's service account cannot be used ({type(unusable).__name__}).",
            f"Check that the pod has a token in {folder}, or name a kubeconfig with --kubeconfig.",
        ) from None


def _live(
    configuration: Any, impersonate: str, *, name: str, context: str, namespace: str, budget: TimeBudget | None
) -> LiveCluster:
    from kubernetes.client import ApiClient

    api = ApiClient(configuration)
    use_tls(api, tls_of(configuration))
    if impersonate:
        api.set_default_header("Impersonate-User", impersonate)
    return LiveCluster(api, name=name, context=context, default_namespace=namespace, budget=budget)
