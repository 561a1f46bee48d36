"""Whole clusters and namespaces at once: all failing pulls, by what has to be mended."""

from runbook_lib.triage.looking import Looking
from runbook_lib.triage.result import Group, Member, Triage

__all__ = ["Group", "Looking", "Member", "Triage"]
