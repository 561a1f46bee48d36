"""A case: one failing pull on a session. Runs steps, keeps findings in order, asks for the diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from runbook_lib.causes import CATALOGUE, diagnose
from runbook_lib.causes.way import way_of_the_pull
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Diagnosis
from runbook_lib.model.finding import Finding, Outcome, Status, note
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import (
    CaseContainer,
    CaseImage,
    PodEvents,
    PullFailure,
    Siblings,
    Target,
)
from runbook_lib.model.result import CaseResult
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import Step
from runbook_lib.resolve import Resolver
from runbook_lib.session import Session

T = TypeVar("T")


class Case:
    """One failing pull: a target on a session, with its readings and its findings so far."""

    def __init__(self, session: Session, target: Target, *, alike: tuple[str, ...] = ()) -> None:
        self.session, self.target, self.alike = session, target, alike
        self._resolver = session.resolver(target)
        self._read_in = session.generation
        self._findings: dict[str, Finding] = {}
        self._generations: dict[str, int] = {}

    def read(self, reading: type[T]) -> T | Unavailable:
        """Returns a reading of this case, of the session's present generation."""
        return self._fresh().read(reading)

    def taken(self) -> Mapping[type, object]:
        """The readings taken so far, in the session's present generation."""
        return self._fresh().taken()

    def _fresh(self) -> Resolver:
        if self._read_in != self.session.generation:
            self._resolver.forget()
            self._read_in = self.session.generation
        return self._resolver

    def check(self, step: Step) -> Finding:
        """Runs one step and keeps its finding. A step that is run again takes its readings anew."""
        if self._generations.get(step.id) == self.session.generation:
            self.session.refresh()
        finding = self._run(step)
        self._findings[step.id] = finding
        self._generations[step.id] = self.session.generation
        return finding

    def _run(self, step: Step) -> Finding:
        try:
            outcome = self._fresh().call(step.run, step.needs)
        except Exception as defect:
            name = type(defect).__name__
            return Finding(
                step.id,
                step.title,
                Status.UNKNOWN,
                f"This step could not be judged: a defect of this tool ({name}). Everything else stands.",
                next=(note("Please report it with the text of this finding; no credential is in it."),),
                defect=name,
            )
        if isinstance(outcome, Unavailable):
            return _unknown(step, outcome)
        return _finding(step, outcome)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in the order in which the steps were first run."""
        return tuple(self._findings.values())

    def diagnose(self) -> Diagnosis:
        """Asks every cause of the catalogue."""
        return diagnose(CATALOGUE, self._fresh())

    def result(self) -> CaseResult:
        """Everything found for this case, as the report takes it."""
        pod, image = self.read(Pod), self.read(CaseImage)
        case, failure = self.read(CaseContainer), self.read(PullFailure)
        events, trials = self.read(PodEvents), self.read(CounterTests)
        container = None if isinstance(case, Unavailable) else case.container
        return CaseResult(
            namespace=self.target.namespace,
            pod=self.target.pod,
            container=self.target.container,
            image=container.image if container else "" if isinstance(image, Unavailable) else image.image.text,
            node="" if isinstance(pod, Unavailable) else pod.node,
            workload=("Pod", self.target.pod) if isinstance(pod, Unavailable) else pod.workload,
            pods=(self.target.pod, *self._siblings()),
            message="" if isinstance(failure, Unavailable) or not failure.said else failure.said[0].text,
            diagnosis=self.diagnose(),
            findings=self.findings,
            way=way_of_the_pull(self._fresh()),
            events=() if isinstance(events, Unavailable) else events.events,
            counter_tests=None if isinstance(trials, Unavailable) else trials,
        )

    def _siblings(self) -> tuple[str, ...]:
        siblings = self.read(Siblings)
        if isinstance(siblings, Unavailable):
            return self.alike
        alike = {p.name for p in siblings.fail_too if p.workload == siblings.workload and p.owner_kind}
        return tuple(sorted(alike | set(self.alike) - {self.target.pod}))


def _finding(step: Step, outcome: Outcome) -> Finding:
    return Finding(step.id, step.title, outcome.status, outcome.summary, outcome.evidence, outcome.next)


def _unknown(step: Step, missing: Unavailable) -> Finding:
    found = Finding(
        step.id,
        step.title,
        Status.UNKNOWN,
        missing.sentence,
        evidence=(("could not be read", missing.what), ("reason", missing.why.value)),
        next=(note(missing.remedy),) if missing.remedy else (),
    )
    return replace(found, defect=missing.detail) if missing.why is Why.DEFECT else found
