"""The words for statuses, confidences and refusals: what is told by a colour is told by a word first."""

from __future__ import annotations

from runbook_lib.model.counter_tests import Origin
from runbook_lib.model.diagnosis import Confidence, VerdictStatus
from runbook_lib.model.finding import Action, Status
from runbook_lib.model.result import HopState
from runbook_lib.model.unavailable import Why

STATUS = {
    Status.OK: "OK",
    Status.PROBLEM: "Problem",
    Status.UNKNOWN: "Unknown",
    Status.SKIPPED: "Skipped",
}
MARK = {Status.OK: "✓", Status.PROBLEM: "✗", Status.UNKNOWN: "?", Status.SKIPPED: "–"}

VERDICT = {
    VerdictStatus.OK: "No image-pull problem",
    VerdictStatus.PROBLEM: "Problem",
    VerdictStatus.UNDETERMINED: "Undetermined",
}
AS_STATUS = {
    VerdictStatus.OK: Status.OK,
    VerdictStatus.PROBLEM: Status.PROBLEM,
    VerdictStatus.UNDETERMINED: Status.UNKNOWN,
}

CONFIDENCE = {
    Confidence.CONFIRMED: "observed directly, or proved by a counter-test",
    Confidence.LIKELY: "all that could be read fits; a rival is not excluded",
    Confidence.POSSIBLE: "something speaks for it, and little excludes the rest",
}

HOP = {
    HopState.FINE: "fine",
    HopState.FAILS: "fails",
    HopState.NOT_SEEN: "not seen",
    HopState.NOT_USED: "not used",
}
HOP_MARK = {HopState.FINE: "✓", HopState.FAILS: "✗", HopState.NOT_SEEN: "?", HopState.NOT_USED: "–"}

WHY = {
    Why.FORBIDDEN: "the login lacks a right",
    Why.NOT_FOUND: "there is none",
    Why.NOT_COLLECTED: "not part of the evidence",
    Why.UNKNOWN_IF_COLLECTED: "the evidence does not say whether it was collected",
    Why.ELIDED: "its value was removed from the evidence",
    Why.UNAUTHENTICATED: "no login, or an expired one",
    Why.UNREACHABLE: "could not be reached",
    Why.TIMEOUT: "no answer in time",
    Why.SERVER_ERROR: "the server failed",
    Why.MALFORMED: "an answer of an unknown form",
    Why.NO_LOGIN: "no login to IBM Cloud is at hand",
    Why.NOT_ASKED: "not asked",
    Why.NOT_APPLICABLE: "does not apply",
    Why.DEFECT: "a defect of this tool",
}

ORIGIN = {
    Origin.POD: "the pod's own",
    Origin.ANONYMOUS: "no credential",
    Origin.PROJECT: "in the project, not used by the pod",
    Origin.DEFAULT: "of the default project",
    Origin.REPAIRED: "the pod's password under another user name",
}

SECTION = {
    "image-pull": "Why images fail to pull",
    "api-key": "Pull secrets that use an API key",
    "token": "Pull secrets that use a registry token (deprecated)",
    "registry-token": "Pull secrets that use a registry token (deprecated)",
}

ONLY_READS = "The runbook only reads: it has run none of these commands."


def effect(action: Action) -> str:
    """Says whether a command only reads or changes something; empty for advice without a command."""
    return {"read": "only reads", "change": "makes a change", "note": ""}[action.kind]
