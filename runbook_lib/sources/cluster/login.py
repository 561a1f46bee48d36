"""Opens a cluster: a kubeconfig's context, or the service account of the pod that this runs in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cluster.keys import tls_of, use_tls, without_files
from runbook_lib.sources.cluster.live import LiveCluster


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
    from kubernetes import client, config

    configuration = client.Configuration()
    configuration.retries = False
    path = kubeconfig or os.environ.get("KUBECONFIG") or str(Path("~/.kube/config").expanduser())
    files = [Path(p).expanduser() for p in path.split(os.pathsep) if p]
    if not any(f.is_file() for f in files):
        if not kubeconfig and not context and "KUBERNETES_SERVICE_HOST" in os.environ:
            return _in_cluster(configuration, impersonate, budget)
        raise BadInput(
            f"No kubeconfig at {path}.",
            "Log in to the cluster (`oc login`), or name a file with --kubeconfig or saved evidence with --bundle.",
        )
    try:
        contexts, active = config.list_kube_config_contexts(path)
    except Exception as unreadable:
        raise BadInput(
            f"The kubeconfig {path} cannot be read ({type(unreadable).__name__}).",
            "Check that it is the YAML that `oc login` or `ibmcloud oc cluster config` writes.",
        ) from None
    names = [c.get("name") for c in contexts]
    if context and context not in names:
        raise BadInput(
            f"The kubeconfig {path} has no context {context!r}.",
            f"It has: {', '.join(map(str, names)) or 'none'}.",
        )
    chosen: dict[str, Any] = next((c for c in contexts if c.get("name") == context), active or {})
    details = chosen.get("context") or {}
    try:
        with without_files():
            config.load_kube_config(config_file=path, context=context or None, client_configuration=configuration)
            return _live(
                configuration,
                impersonate,
                name=str(details.get("cluster") or ""),
                context=str(chosen.get("name") or ""),
                namespace=str(details.get("namespace") or "default"),
                budget=budget,
            )
    except Exception as unusable:
        raise BadInput(
            f"The context {context or chosen.get('name')!r} of {path} cannot be used ({type(unusable).__name__}).",
            "Log in to the cluster again, so that the context names a server and a user.",
        ) from None


def _in_cluster(configuration: Any, impersonate: str, budget: TimeBudget | None) -> LiveCluster:
    from kubernetes import config

    config.load_incluster_config(client_configuration=configuration)
    namespace = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
    here = namespace.read_text().strip() if namespace.is_file() else "default"
    return _live(configuration, impersonate, name="in-cluster", context="", namespace=here, budget=budget)


def _live(
    configuration: Any, impersonate: str, *, name: str, context: str, namespace: str, budget: TimeBudget | None
) -> LiveCluster:
    from kubernetes.client import ApiClient

    api = ApiClient(configuration)
    use_tls(api, tls_of(configuration))
    if impersonate:
        api.set_default_header("Impersonate-User", impersonate)
    return LiveCluster(api, name=name, context=context, default_namespace=namespace, budget=budget)
