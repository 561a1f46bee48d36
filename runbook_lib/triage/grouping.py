"""Groups diagnosed failures by cause and by what has to be mended, and works one example of each group out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from runbook_lib.case import Case
from runbook_lib.judge import run_steps
from runbook_lib.model.diagnosis import Confidence, Diagnosis, VerdictStatus
from runbook_lib.model.finding import Action
from runbook_lib.model.result import CaseResult
from runbook_lib.steps import ALL_STEPS
from runbook_lib.triage.failures import Failure
from runbook_lib.triage.mending import Thing
from runbook_lib.triage.result import Group, in_order

WORKED_OUT = 100
"""Groups with an example of every step: nobody reads more, and a thousand would take longer than all the rest."""


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """One distinct failure with what the catalogue says of it."""

    failure: Failure
    case: Case
    diagnosis: Diagnosis
    thing: Thing

    @property
    def cause(self) -> str:
        """The cause of the verdict."""
        return self.diagnosis.verdict.cause or ""

    @property
    def sureness(self) -> int:
        """0 for the surest, for choosing the example."""
        sure = self.diagnosis.verdict.confidence
        return sure.rank if sure else len(Confidence)


def group(diagnosed: Sequence[Diagnosed], work_out: Callable[[Diagnosed], CaseResult]) -> tuple[Group, ...]:
    """Returns the groups, the one to mend first at the head.

    The first hundred have an example with every step of the document; the others one with the diagnosis alone.

    Args:
        work_out: makes the worked example of a group.
    """
    gathered: dict[tuple[str, str, Hashable], list[Diagnosed]] = {}
    for one in diagnosed:
        gathered.setdefault((one.cause, one.thing.kind, one.thing.key), []).append(one)
    ids: Counter[str] = Counter()
    made, best_of = [], {}
    for (cause, kind, _key), ones in sorted(gathered.items(), key=lambda item: _place(item[1])):
        best = min(ones, key=lambda d: (d.sureness, -len(d.failure.members), d.failure.key))
        name = f"{cause}:{kind.replace(' ', '-')}:{best.thing.name}"
        ids[name] += 1
        id_ = name if ids[name] == 1 else f"{name}#{ids[name]}"
        best_of[id_] = best
        made.append(_group(id_, cause, best, ones))
    ordered = in_order(made)
    worked = (replace(g, example=work_out(best_of[g.id])) for g in ordered[:WORKED_OUT])
    return (*worked, *ordered[WORKED_OUT:])


def _place(ones: Sequence[Diagnosed]) -> tuple[object, ...]:
    """The same order in every run, so that things with one name keep their numbers."""
    return (ones[0].cause, ones[0].thing.name, min(d.failure.key for d in ones))


def _group(id_: str, cause: str, best: Diagnosed, ones: Sequence[Diagnosed]) -> Group:
    sure: Counter[str] = Counter()
    for one in ones:
        confidence = one.diagnosis.verdict.confidence
        sure[confidence.value if confidence else "undetermined"] += len(one.failure.members)
    claim = best.diagnosis.first
    told = claim if claim is not None and claim.id == cause else None
    return Group(
        id=id_,
        cause=cause,
        title=told.title if told else "The evidence does not tell why the pull fails",
        thing_kind=best.thing.kind,
        thing=best.thing.name,
        members=tuple(sorted(m for one in ones for m in one.failure.members)),
        example=best.case.result(),
        remedy=told.remedy if told else _to_read(best.diagnosis),
        confidences=tuple(sorted(sure.items())),
    )


def _to_read(diagnosis: Diagnosis) -> tuple[Action, ...]:
    return (Action(diagnosis.decides),) if diagnosis.decides else ()


def worked_out(one: Diagnosed) -> CaseResult:
    """Runs every step of the document for one failure and returns the whole case."""
    run_steps([one.case], ALL_STEPS)
    return one.case.result()


def fails(diagnosis: Diagnosis) -> bool:
    """True where a pull fails at all: a container that was between two tries may have its image by now."""
    return diagnosis.verdict.status is not VerdictStatus.OK
