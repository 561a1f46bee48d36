"""The options by which a run's pod is chosen, as kubectl's users know them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from runbook_lib.judge import Selectors
from runbook_lib.model.problem import BadInput

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("name", required=False, default="", metavar="[POD]"),
    click.option("-n", "--namespace", default="", help="Project of the pod."),
    click.option("--pod", default="", help="Pod, or deploy/NAME, sts/NAME, ds/NAME, job/NAME, cj/NAME."),
    click.option("-c", "--container", default="", help="One container of the pod."),
    click.option("--context", default="", help="Kubeconfig context."),
    click.option("--kubeconfig", default="", help="Kubeconfig file."),
    click.option("--as", "as_user", default="", help="User to impersonate."),
    click.option("--bundle", default="", help="Saved evidence: file, folder, tar, or - for standard input."),
    click.option("--cluster", default="", help="IBM Cloud's name of the cluster, for the commands."),
    click.option("--probe/--no-probe", default=None, help="Ask the registry from here too."),
)


def selectors(command: F) -> F:
    """Adds the selectors to a verb, which gets them as `chosen` and `probe`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def selected(values: dict[str, Any]) -> dict[str, object]:
    """Returns the selectors that were given, by the names of the notebooks' parameters."""
    name, pod = values.pop("name"), values.pop("pod")
    if name and pod and name != pod:
        raise BadInput(f"Two pods are named: {name} and {pod}.", "Name one.")
    given: dict[str, object] = {k: v for k, v in values.items() if v not in ("", None)}
    if name or pod:
        given["pod"] = name or pod
    return given


def as_selectors(given: dict[str, object]) -> Selectors:
    """Makes the session's selectors of what was given; a bundle is probed only where that is asked for."""
    probe = given.pop("probe", not given.get("bundle"))
    return Selectors(**given, probe=bool(probe))  # type: ignore[arg-type]
