"""triage.json: the machine's form of a triage, versioned, with a JSON Schema beside it (triage_schema.json)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from runbook_lib.model.result import CaseResult, Provenance, RunResult
from runbook_lib.report.document import document as case_document
from runbook_lib.triage.result import Group, Member, Triage
from runbook_lib.vault import vault

TRIAGE_VERSION = "1.0"


def to_triage_json(triage: Triage) -> bytes:
    """Returns the document as indented JSON, scrubbed."""
    clean = vault().scrub_json(triage_document(triage))
    return (json.dumps(clean, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def triage_document(triage: Triage) -> dict[str, Any]:
    """Returns the document: provenance, totals, and the groups with the one to mend first at the head."""
    provenance = msgspec.to_builtins(triage.provenance)
    provenance["parameters"] = dict(triage.provenance.parameters)
    return {
        "schema_version": TRIAGE_VERSION,
        "provenance": provenance,
        "scope": triage.scope or None,
        "pods_seen": triage.pods_seen,
        "pods_failing": triage.failing_pods,
        "distinct_failures": triage.distinct,
        "groups": [_group(group, triage.provenance) for group in triage.groups],
        "unwell": [{"reason": reason, "pods": pods} for reason, pods in triage.unwell],
        "refused": msgspec.to_builtins(triage.refused),
        "defects": list(triage.defects),
        "seconds": round(triage.seconds, 3),
        "exit_code": triage.exit_code,
    }


def _group(group: Group, provenance: Provenance) -> dict[str, Any]:
    return {
        "id": group.id,
        "cause": group.cause,
        "title": group.title,
        "status": group.verdict.status.value,
        "confidence": group.confidence.value if group.confidence else None,
        "confidences": dict(group.confidences),
        "mend": {"kind": group.thing_kind, "name": group.thing},
        "pods": group.pods,
        "workloads": group.workloads,
        "namespaces": list(group.namespaces),
        "nodes": list(group.nodes),
        "since": group.since or None,
        "remedy": [{"text": a.text, "command": a.command, "kind": a.kind} for a in group.remedy],
        "pulls": [_pull(member) for member in group.members],
        "example": _example(group.example, provenance),
    }


def _pull(member: Member) -> dict[str, Any]:
    fields = msgspec.to_builtins(member)
    kind, name = fields.pop("workload_kind"), fields.pop("workload_name")
    return {**fields, "workload": {"kind": kind, "name": name}, "since": member.since or None}


def _example(example: CaseResult, provenance: Provenance) -> dict[str, Any]:
    """Returns a case as findings.json has it."""
    case: dict[str, Any] = case_document(RunResult((example,), provenance))["cases"][0]
    return case
