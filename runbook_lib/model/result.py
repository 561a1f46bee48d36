"""What a run leaves: its cases and where the evidence comes from. Reports and JSON are made of this alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Diagnosis, Verdict, VerdictStatus
from runbook_lib.model.finding import Finding
from runbook_lib.model.kube import Event


class HopState(StrEnum):
    """How a hop of the pull fared."""

    FINE = "fine"
    FAILS = "fails"
    NOT_SEEN = "not-seen"  # could not be read, or the pull ended before it
    NOT_USED = "not-used"


@dataclass(frozen=True, slots=True)
class WayHop:
    """One hop of the way of the pull: pod, service account, secrets, entry, registry, token, manifest, …"""

    name: str
    state: HopState
    note: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One failing pull (or one healthy or otherwise unwell pod) with all that was found."""

    namespace: str
    pod: str
    container: str
    image: str
    node: str
    workload: tuple[str, str]
    pods: tuple[str, ...]  # pods of the workload that fail alike, this one first
    message: str  # the error text that tells most
    diagnosis: Diagnosis
    findings: tuple[Finding, ...]
    way: tuple[WayHop, ...] = ()
    events: tuple[Event, ...] = ()
    counter_tests: CounterTests | None = None

    @property
    def verdict(self) -> Verdict:
        """The case's verdict."""
        return self.diagnosis.verdict


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where and when the evidence was taken, and with which tool and parameters. No credential."""

    tool_version: str
    taken_at: str
    source: str  # live or bundle
    cluster: str
    server: str
    context: str
    kubernetes_version: str
    namespace: str
    parameters: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run; `verdict` is the first case's to mend."""

    cases: tuple[CaseResult, ...]
    provenance: Provenance
    sections: tuple[str, ...] = ("image-pull",)
    leads_to: tuple[str, ...] = ()  # sections that the document goes on with for these cases
    notebooks: tuple[str, ...] = ()

    @property
    def first(self) -> CaseResult | None:
        """The case to mend first: a problem before an undetermined one before a healthy one."""
        order = [VerdictStatus.PROBLEM, VerdictStatus.UNDETERMINED, VerdictStatus.OK]
        ranked = sorted(
            self.cases,
            key=lambda c: (
                order.index(c.verdict.status),
                c.verdict.confidence.rank if c.verdict.confidence else 9,
            ),
        )
        return ranked[0] if ranked else None

    @property
    def verdict(self) -> Verdict:
        """The run's verdict; a run without cases found every pod well."""
        first = self.first
        if first is None:
            return Verdict(VerdictStatus.OK, None, None, "No pod's image pull fails.")
        return first.verdict

    @property
    def has_defect(self) -> bool:
        """True where a step or a rule of ours raised: the run then exits with 2, whatever it found."""
        return any(f.defect for c in self.cases for f in c.findings) or any(c.diagnosis.defects for c in self.cases)

    @property
    def exit_code(self) -> int:
        """The run's exit code, as causes.md states it."""
        return 2 if self.has_defect else self.verdict.exit_code
