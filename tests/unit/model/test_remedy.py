"""A pod keeps the secrets that it was made with: how it is made anew depends on what makes it."""

import pytest

from runbook_lib.model.readings import Commands
from runbook_lib.model.remedy import copy_secret, list_hosts, recreate_pod


@pytest.mark.parametrize(
    ("workload", "command"),
    [
        (("Deployment", "web"), "rollout restart deployment/web -n shop"),
        (("StatefulSet", "web"), "rollout restart statefulset/web -n shop"),
        (("DeploymentConfig", "web"), "oc rollout latest dc/web -n shop"),
        (("Job", "web"), "delete pod web-1 -n shop"),
        (("Pod", "web-1"), "delete pod web-1 -n shop"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_command_fits_the_maker_of_the_pod(workload, command):
    action = recreate_pod(Commands(openshift=True), "shop", "web-1", workload)
    assert command in action.command
    assert action.changes


def test_a_pod_that_nothing_makes_again_is_told_to_be_created_once_more():
    assert "create it once more" in recreate_pod(Commands(openshift=True), "shop", "web", ("Pod", "web")).text


def test_a_copy_may_have_the_name_that_the_pod_names():
    action = copy_secret(Commands(), "all-icr-io", "shop", named="shop-registry")
    assert """jq '.metadata={"name":"shop-registry"}'""" in action.command
    assert "the default project has none of that name" in action.text


def test_the_hosts_of_a_secret_are_listed_without_what_it_holds():
    action = list_hosts(Commands(), "default", "all-icr-io")
    assert not action.changes
    assert action.command.endswith(".auths | keys[]'")
