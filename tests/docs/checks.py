"""What can be said of a command without running it: its program, verb, options and files are there."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import PurePosixPath

import click

from runbook_lib.causes import CATALOGUE, insufficient_evidence
from runbook_lib.cli import cli
from runbook_lib.lab import list_scenarios

from .pages import ROOT

_CAUSES = {c.id for c in CATALOGUE} | {insufficient_evidence.ID, "id"}
_KUBECTL = {
    "annotate", "apply", "auth can-i", "cordon", "create", "debug", "delete", "describe", "events", "get", "kustomize",
    "label", "logs", "patch", "replace", "rollout restart", "rollout status", "set image", "wait",
}  # fmt: skip
_OC = _KUBECTL | {
    "adm inspect", "adm must-gather", "login", "policy add-role-to-user", "policy who-can", "secrets link", "whoami",
}  # fmt: skip
_IBMCLOUD = {
    "account show", "cbr rules", "cbr zones", "cr image-digests", "cr images", "cr namespaces", "cr private-only",
    "cr quota", "cr quota-set", "cr region-set", "cr trash-list", "iam account-settings", "iam service-api-key-create",
    "iam service-api-keys", "iam service-id-create", "iam service-ids", "iam service-policies",
    "iam service-policy-create", "ks cluster", "login", "oc cluster", "target",
}  # fmt: skip
_PLAIN = {
    "[", "curl", "docker", "echo", "eval", "export", "git", "grep", "jq", "less", "podman", "read", "skopeo", "source",
    "tar",
}  # fmt: skip
"""Programs of which no verb is looked at."""


def check(words: list[str]) -> None:
    """Fails where a simple command names a program, verb, option, file or target that is not known."""
    program = PurePosixPath(words[0]).name
    if program in _PLAIN:
        return
    assert program in _CHECKS, f"{program} is not known to the tests of the documentation: add how it is checked"
    _CHECKS[program](words[1:])


def _runbook(arguments: list[str]) -> None:
    """Parses the command line as `runbook` would, without running it."""
    if not arguments:
        return  # the help, or a completion script
    command: click.Command = cli
    context, name = None, "runbook"
    rest = arguments
    try:
        while True:
            context = command.make_context(name, list(rest), parent=context)
            if not isinstance(command, click.Group):
                break
            name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
            assert found is not None
            command = found
    except click.exceptions.Exit:
        return  # --help, --version, or a completion
    if name == "run":
        check(list(context.params["command"]))
    if scenario := context.params.get("scenario"):
        assert scenario.lower() in {*list_scenarios(), "scenario"}, f"there is no scenario {scenario}"
    if name == "cause" and context.params["id"]:
        assert context.params["id"].lower() in _CAUSES, f"there is no cause {context.params['id']}"


def _make(arguments: list[str]) -> None:
    tried = subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


def _verb_of(known: set[str]) -> Callable[[list[str]], None]:
    def has_verb(arguments: list[str]) -> None:
        words = [w for w in arguments if not w.startswith("-")]
        if arguments[:1] and arguments[0].startswith("-"):
            return  # --help and the like
        assert {" ".join(words[:1]), " ".join(words[:2])} & known, f"unknown verb: {' '.join(words[:2])}"

    return has_verb


def _kubectl(known: set[str]) -> Callable[[list[str]], None]:
    has_verb = _verb_of(known)

    def holds(arguments: list[str]) -> None:
        has_verb(arguments)
        _files_exist(arguments, ("-f", "--filename", "-k"))

    return holds


def _python(arguments: list[str]) -> None:
    named = [a for a in arguments if "/" in a or a.endswith(".py")]
    assert all((ROOT / a).exists() for a in named), f"not there: {named}"
    if arguments[:1] == ["-m"] and arguments[1].startswith("runbook_lib"):
        assert (ROOT / (arguments[1].replace(".", "/") + ".py")).is_file(), f"no module {arguments[1]}"


def _with_files(*options: str) -> Callable[[list[str]], None]:
    return lambda arguments: _files_exist(arguments, options)


def _files_exist(arguments: list[str], options: tuple[str, ...]) -> None:
    for option, value in pairwise(arguments):
        if option in options and value != "-" and "/" in value and "://" not in value:
            assert (ROOT / value).exists(), f"{value} is not in the repository"


def _papermill(arguments: list[str]) -> None:
    assert (ROOT / arguments[0]).is_file(), f"there is no {arguments[0]}"
    _files_exist(arguments, ("-f",))


_CHECKS: dict[str, Callable[[list[str]], None]] = {
    "runbook": _runbook,
    "make": _make,
    "kubectl": _kubectl(_KUBECTL),
    "oc": _kubectl(_OC),
    "ibmcloud": _verb_of(_IBMCLOUD),
    "python": _python,
    "python3": _python,
    "pip": _verb_of({"install", "download"}),
    "conda": _with_files("-f"),
    "papermill": _papermill,
}
