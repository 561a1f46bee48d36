"""findings.json: the machine's form of a run, versioned, with a JSON Schema beside it (schema.json)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from runbook_lib.model.diagnosis import Claim, Verdict
from runbook_lib.model.finding import Action, Finding
from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.vault import vault

SCHEMA_VERSION = "1.0"


def to_json(result: RunResult) -> bytes:
    """Returns the document as indented JSON, scrubbed; a lone surrogate, which no UTF-8 can hold, becomes `?`."""
    clean = vault().scrub_json(document(result))
    return (json.dumps(clean, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def document(result: RunResult) -> dict[str, Any]:
    """Returns the document: provenance, the verdict (the first to mend), cases, and all findings."""
    provenance = msgspec.to_builtins(result.provenance)
    provenance["parameters"] = dict(result.provenance.parameters)
    return {
        "schema_version": SCHEMA_VERSION,
        "provenance": provenance,
        "verdict": _verdict(result.verdict),
        "cases": [_case(case) for case in result.cases],
        "findings": [_finding(finding, case) for case in result.cases for finding in case.findings],
        "sections": list(result.sections),
        "notebooks": list(result.notebooks),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "cause": verdict.cause,
        "confidence": verdict.confidence.value if verdict.confidence else None,
        "summary": verdict.summary,
    }


def _case(case: CaseResult) -> dict[str, Any]:
    diagnosis = case.diagnosis
    return {
        "namespace": case.namespace,
        "pod": case.pod,
        "container": case.container,
        "image": case.image,
        "node": case.node,
        "workload": {"kind": case.workload[0], "name": case.workload[1]},
        "pods": list(case.pods),
        "message": case.message,
        "verdict": _verdict(case.verdict),
        "causes": [_claim(claim) for claim in diagnosis.causes],
        "excluded": msgspec.to_builtins(diagnosis.excluded),
        "unread": msgspec.to_builtins(diagnosis.unread),
        "decides": diagnosis.decides,
        "way": msgspec.to_builtins(case.way),
        "findings": [_finding(finding, None) for finding in case.findings],
        "counter_tests": _trials(case),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "title": claim.title,
        "step": claim.step,
        "confidence": claim.confidence.value,
        "because": list(claim.because),
        "excluded_by": list(claim.excluded_by),
        "remedy": [_action(action) for action in claim.remedy],
    }


def _action(action: Action) -> dict[str, Any]:
    return {"text": action.text, "command": action.command, "kind": action.kind}


def _finding(finding: Finding, case: CaseResult | None) -> dict[str, Any]:
    where = {"namespace": case.namespace, "pod": case.pod, "container": case.container} if case else {}
    return {
        **where,
        "step": finding.step,
        "title": finding.title,
        "status": finding.status.value,
        "summary": finding.summary,
        "evidence": dict(finding.evidence),
        "next": [_action(action) for action in finding.next],
        **({"defect": finding.defect} if finding.defect else {}),
    }


def _trials(case: CaseResult) -> list[dict[str, Any]]:
    if case.counter_tests is None:
        return []
    return [
        {
            "credential": trial.label,
            "origin": trial.origin.value,
            "username": trial.username,
            "answer": trial.answer.answer.value,
            "hop": trial.answer.hop.value,
            "status": trial.answer.status,
            "code": trial.answer.code,
            "text": trial.answer.text,
        }
        for trial in case.counter_tests.trials
    ]
