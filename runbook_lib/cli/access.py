"""`runbook access`: what may be read here and now, and what to ask for."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from runbook_lib.access import Access
    from runbook_lib.model.account import LoginInfo
    from runbook_lib.model.unavailable import Unavailable


@click.command()
@click.option("-n", "--namespace", default="", help="Project of the pods; the context's by default.")
@click.option("--context", default="", help="Kubeconfig context.")
@click.option("--kubeconfig", default="", help="Kubeconfig file.")
@click.option("--as", "as_user", default="", help="User to impersonate.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def access(namespace: str, context: str, kubeconfig: str, as_user: str, form: str) -> int:
    """Show what may be read here, and what to ask for.

    Asks the cluster about each right that a run uses (nothing is read by that),
    names the steps that are UNKNOWN without it, and prints the rule to ask for.

    \b
    runbook access -n shop
    runbook access -n shop --as jane --format json

    Exit codes: 0 every step can be judged, 3 some cannot, 2 no answer.
    """
    from runbook_lib.access import access as ask
    from runbook_lib.cli.console import for_terminal
    from runbook_lib.sources.budget import TimeBudget
    from runbook_lib.sources.cluster import open_cluster
    from runbook_lib.sources.cluster.reviews import may

    budget = TimeBudget()
    cluster = open_cluster(context=context, kubeconfig=kubeconfig, impersonate=as_user, budget=budget)
    found = ask(namespace or cluster.default_namespace, lambda right: may(cluster, right), _login(budget))
    _print(for_terminal(_json(found)) if form == "json" else _text(found))
    return 0 if found.complete else 3


def _login(budget: object) -> LoginInfo | Unavailable:
    import os
    from pathlib import Path

    from runbook_lib.sources.ibmcloud import IbmCloudSource, find_login

    return IbmCloudSource(find_login(os.environ, Path.home()), budget=budget).login_info()  # type: ignore[arg-type]


def _print(text: str) -> None:
    from runbook_lib.vault import vault

    click.echo(vault().scrub(text))


def _json(found: Access) -> str:
    import msgspec

    from runbook_lib.access import rules_for
    from runbook_lib.model.unavailable import Unavailable

    login = found.login
    account = (
        {"login": False, "why": login.why.value, "detail": login.detail}
        if isinstance(login, Unavailable)
        else {"login": True, "who": login.name or login.iam_id, "account": login.account_id, "from": login.source}
    )
    document = {
        "namespace": found.namespace,
        "complete": found.complete,
        "rights": [
            {
                "verb": e.right.verb,
                "resource": e.right.resource,
                "namespace": e.right.namespace,
                "allowed": e.allowed,
                "why": e.why,
                "unknown_without": list(e.unknown_without),
                "less_without": list(e.less_without),
                "used_for": e.used_for,
            }
            for e in found.entries
        ],
        "ibm_cloud": {**account, "unknown_without": list(found.account_unknown)},
        "ask_for": rules_for(found.missing),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _text(found: Access) -> str:
    import yaml

    from runbook_lib.access import rules_for
    from runbook_lib.model.unavailable import Unavailable

    marks = {True: "yes", False: "no", None: "?"}
    lines = [f"What this login may read for pods of {_plain(found.namespace)}:", ""]
    for e in found.entries:
        where = f"in {_plain(e.right.namespace)}" if e.right.namespace else "in the cluster"
        lines.append(f"{marks[e.allowed]:4}{e.right.verb:5}{e.right.resource:16} {where}")
        lines += _below(e.why)
        if not e.allowed:
            lines += _below(f"UNKNOWN without it: {_steps(e.unknown_without)}" if e.unknown_without else "")
            lines += _below(f"less is known in: {_steps(e.less_without)}" if e.less_without else "")
            lines += _below(f"it is for {e.used_for}" if e.used_for else "")
    login = found.login
    lines.append("")
    if isinstance(login, Unavailable):
        lines += _below(f"IBM Cloud: {login.detail}", "no  ")
        lines += _below(f"UNKNOWN without it: {_steps(found.account_unknown)} (for images on IBM Cloud's registry)")
        lines += _below(login.remedy)
    else:
        who = login.name or login.iam_id
        lines += _below(f"IBM Cloud: {who}, account {login.account_id}, from {login.source}", "yes ")
    if rules := rules_for(found.missing):
        lines += ["", "Ask for this, bound to your user:", "", yaml.safe_dump_all(rules, sort_keys=False).rstrip()]
    elif found.complete:
        lines += ["", "Every step can be judged."]
    return "\n".join(lines)


def _below(text: str, mark: str = "    ") -> list[str]:
    """The lines of a text that fit a terminal of 80 columns, under the right that they speak of."""
    return textwrap.wrap(
        _plain(text), 79, initial_indent=mark, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )


def _steps(ids: tuple[str, ...]) -> str:
    """Names steps by section: `token (all), api-key (1, 3.1 to 3.6)`."""
    from runbook_lib.steps import ALL_STEPS

    parts = []
    for section in dict.fromkeys(step.partition("/")[0] for step in ids):
        every = [s.id for s in ALL_STEPS if s.id.partition("/")[0] == section]
        runs: list[list[str]] = []
        for at, step in enumerate(every):
            if step in ids:
                if at and runs and runs[-1][-1] == every[at - 1]:
                    runs[-1].append(step)
                else:
                    runs.append([step])
        named = ", ".join(part for run in runs for part in _run([s.partition("/")[2] for s in run]))
        parts.append(f"{section} ({'all' if set(every) <= set(ids) else named})")
    return ", ".join(parts)


def _run(numbers: list[str]) -> list[str]:
    return numbers if len(numbers) < 3 else [f"{numbers[0]} to {numbers[-1]}"]


def _plain(text: str) -> str:
    from runbook_lib.report.text import one_line

    return one_line(text)
