"""The practice lab: a cluster, registries and IBM Cloud on loopback, for practice and for tests."""

from runbook_lib.lab.practice_cluster import Lab
from runbook_lib.lab.scenario import Scenario, ScenarioError, list_scenarios, load_scenario

__all__ = ["Lab", "Scenario", "ScenarioError", "list_scenarios", "load_scenario"]
