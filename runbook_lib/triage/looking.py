"""One look at a cluster or a bundle: list, sort, diagnose each distinct failure once, group."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from runbook_lib import __version__
from runbook_lib.case import Case
from runbook_lib.judge import Selectors, open_session
from runbook_lib.model.kube import Pod
from runbook_lib.model.problem import BadInput
from runbook_lib.model.result import CaseResult, Provenance
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.selection import missing_namespace
from runbook_lib.session import Session
from runbook_lib.sources.budget import WHOLE_CLUSTER_SECONDS
from runbook_lib.sources.cluster.live import LiveCluster
from runbook_lib.sources.kube import KubeSource
from runbook_lib.sources.pages import Pages
from runbook_lib.sources.pods import Well, read_page, sorted_out
from runbook_lib.sources.read_ahead import ReadAhead
from runbook_lib.triage.ahead import Ahead
from runbook_lib.triage.events import read_events
from runbook_lib.triage.failures import Failure, FailureKey, Failures
from runbook_lib.triage.gone import add_gone
from runbook_lib.triage.grouping import Diagnosed, fails, group, worked_out
from runbook_lib.triage.mending import Thing, thing_to_mend
from runbook_lib.triage.once import SharedAccount, SharedProbing
from runbook_lib.triage.result import Triage
from runbook_lib.triage.shared_cluster import Noted, SharedCluster
from runbook_lib.triage.shared_session import SharedSession

STANDS_SECONDS = 120.0
_SIDE_BY_SIDE = 8

Progress = Callable[[str], None]


class Looking:
    """Looks at one cluster or bundle, once or again and again.

    What was diagnosed in one look stands for the next ones, as long as the failure is the same, for a while.

    Args:
        selectors: the cluster or the bundle; namespace empty: all that the login may list.
        everywhere: True where all namespaces were asked for by name, so that a refusal is one.
        cluster: the cluster, where it is open already.
        ahead: its pages, the pods of the same scope being read ahead, for the first look.
        stands: seconds after which everything is diagnosed anew: a secret may be another one, and the error the same.

    Raises:
        BadInput: there is no such cluster or bundle, or its pods cannot be listed.
    """

    def __init__(
        self,
        selectors: Selectors,
        *,
        everywhere: bool = False,
        cluster: LiveCluster | None = None,
        ahead: ReadAhead | None = None,
        stands: float = STANDS_SECONDS,
    ) -> None:
        self._selectors, self._everywhere = selectors, everywhere
        self._base = open_session(selectors, cluster)
        self._base.budget.seconds = WHOLE_CLUSTER_SECONDS
        self._source: KubeSource = self._base.cluster.behind
        self._pages = Pages(ahead or self._source) if isinstance(self._source, LiveCluster) else None
        self._probing, self._account = SharedProbing(self._base.probing), SharedAccount(self._base.account)
        self._known: dict[FailureKey, Diagnosed] = {}
        self._worked: dict[FailureKey, CaseResult] = {}
        self._scope = selectors.namespace
        self._stands, self._known_since = stands, time.monotonic()

    def look(self, progress: Progress = lambda _text: None) -> Triage:
        """Returns what fails now, by what has to be mended."""
        began, asked_at = time.monotonic(), datetime.now(UTC)
        self._base.budget.renew()
        self._forget_what_is_old(began)
        noted = Noted()
        shared = SharedCluster(self._source, noted, self._pages)
        progress("Listing pods and events …")
        failures, notes = self._listed(noted, shared)
        if gone := add_gone(failures, noted, shared):
            what = "CronJob is" if gone == 1 else "CronJobs are"
            notes += (f"The failing pods of {gone} {what} gone: judged by their events and the template.",)
        session = self._session(shared, noted)
        diagnosed = self._diagnosed(failures, session, progress)
        defects = tuple(dict.fromkeys(d for one in diagnosed for d in one.diagnosis.defects))
        really = [one for one in diagnosed if fails(one.diagnosis)]
        groups = group(really, self._work_out)
        healed = sum(len(one.failure.members) for one in diagnosed if not fails(one.diagnosis))
        if healed:
            failures.unwell["ContainerCreating"] += healed
        return Triage(
            groups=groups,
            pods_seen=failures.seen,
            unwell=tuple(sorted(failures.unwell.items(), key=lambda item: (-item[1], item[0]))),
            distinct=len(really),
            scope=self._scope,
            provenance=self._provenance(session, asked_at, notes),
            refused=(noted.events.refused,) if noted.events.refused else (),
            defects=(*defects, *(f.defect for g in groups for f in g.example.findings if f.defect)),
            seconds=time.monotonic() - began,
        )

    def _forget_what_is_old(self, now: float) -> None:
        if now - self._known_since >= self._stands:
            self._known_since = now
            self._known.clear()
            self._worked.clear()
            self._probing.forget()
            self._account.forget()

    # --- listing

    def _listed(self, noted: Noted, shared: SharedCluster) -> tuple[Failures, tuple[str, ...]]:
        if self._pages is None:
            return self._from_memory(noted), ()
        failures, refused = self._from_pages(self._pages, noted, shared, self._scope)
        if refused is None:
            self._check_namespace(failures)
            return failures, ()
        here = self._base.default_namespace
        narrower = not self._scope and not self._everywhere and here and refused.why is Why.FORBIDDEN
        if not narrower:
            raise BadInput(f"{refused}.", refused.remedy)
        self._scope = here
        failures, again = self._from_pages(self._pages, noted, shared, here)
        if again is not None:
            raise BadInput(f"{again}.", again.remedy)
        return failures, (f"The login may not list the pods of all namespaces: only {here} was looked at.",)

    def _from_pages(
        self, pages: Pages, noted: Noted, shared: SharedCluster, scope: str
    ) -> tuple[Failures, Unavailable | None]:
        noted.events = read_events(pages, scope)
        failures = Failures(noted)
        with Ahead(lambda namespace: shared.whole("secrets", namespace), self._account.prepare) as ahead:

            def take(body: bytes) -> str:
                page = read_page(body)
                for well in page.well:
                    failures.add_well(well)
                for pod, raw in page.looked_at:
                    failures.add(pod, raw)
                ahead.seen(page, {key.namespace for key in failures.found if key not in self._known})
                return page.token

            return failures, pages.read("pods", scope, take, again=failures.again)

    def _from_memory(self, noted: Noted) -> Failures:
        raw = self._source.list("pods", self._scope)
        if isinstance(raw, Unavailable):
            raise BadInput(f"{raw}.", raw.remedy)
        events = self._source.list("events", self._scope, fields="involvedObject.kind=Pod")
        if not isinstance(events, Unavailable):
            noted.events.take(iter(events))
        elif events.says_absent is False:
            noted.events.refused = events
        failures = Failures(noted)
        for pod, whole in sorted_out(iter(raw)):
            if isinstance(pod, Well):
                failures.add_well(pod)
            elif isinstance(pod, Pod):
                failures.add(pod, whole)
        self._check_namespace(failures)
        return failures

    def _check_namespace(self, failures: Failures) -> None:
        """An empty namespace is well; one that does not exist is a slip of the pen."""
        if self._scope and not failures.seen and (missing := missing_namespace(self._source, self._scope)):
            raise missing

    # --- diagnosing

    def _session(self, shared: SharedCluster, noted: Noted) -> Session:
        return SharedSession(
            shared,
            noted,
            probing=self._probing,
            account=self._account,
            default_namespace=self._base.default_namespace,
            cluster_name=self._selectors.cluster,
            budget=self._base.budget,
        )

    def _diagnosed(self, failures: Failures, session: Session, progress: Progress) -> list[Diagnosed]:
        found = failures.found
        new = [failure for key, failure in found.items() if key not in self._known]
        if new and self._known:
            self._probing.forget()
            self._account.forget()
        progress(f"{failures.seen:,} pods seen; {len(new)} distinct failures to diagnose …")
        made = self._side_by_side(new, session)
        fresh = {one.failure.key: one for one in made}
        kept = {k: replace(self._known[k], failure=f) for k, f in found.items() if k not in fresh}
        # a container between two tries is asked about anew each time: it may have its image by then
        self._known = {k: one for k, one in (fresh | kept).items() if fails(one.diagnosis)}
        self._worked = {k: case for k, case in self._worked.items() if k in kept}
        return [fresh.get(key) or kept[key] for key in found]

    def _side_by_side(self, new: Iterable[Failure], session: Session) -> list[Diagnosed]:
        """Diagnoses in threads where registries are waited for; else one after the other, which is faster."""
        if not self._probing.allowed:
            return [_diagnose(failure, session) for failure in new]
        session.commands()  # the identity of the cluster is asked for once, before several would
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            return list(pool.map(lambda failure: _diagnose(failure, session), new))

    def _work_out(self, one: Diagnosed) -> CaseResult:
        key = one.failure.key
        if key not in self._worked:
            self._worked[key] = worked_out(one)
        return self._worked[key]

    def _provenance(self, session: Session, asked_at: datetime, notes: tuple[str, ...]) -> Provenance:
        identity = session.cluster.identity()
        return Provenance(
            tool_version=__version__,
            taken_at=asked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            source=identity.kind,
            cluster=identity.name,
            server=identity.server,
            context=identity.context,
            kubernetes_version=identity.version,
            namespace=self._scope,
            parameters=self._selectors.given(),
            notes=notes,
        )


def _diagnose(failure: Failure, session: Session) -> Diagnosed:
    alike = tuple(dict.fromkeys(m.pod for m in failure.members if m.pod != failure.target.pod))
    case = Case(session, failure.target, alike=alike)
    diagnosis = case.diagnose()
    cause = diagnosis.verdict.cause
    if cause is None or not fails(diagnosis):
        return Diagnosed(failure, case, diagnosis, Thing("nothing", "", None))
    return Diagnosed(failure, case, diagnosis, thing_to_mend(case, cause))
