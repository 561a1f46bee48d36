"""Results for the tests of the report: built by hand, and judged from evidence files made here."""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.model.counter_tests import CounterTests, Origin, Trial
from runbook_lib.model.diagnosis import (
    INSUFFICIENT,
    NOT_A_PULL_PROBLEM,
    Claim,
    Confidence,
    Diagnosis,
    Excluded,
    Verdict,
    VerdictStatus,
)
from runbook_lib.model.finding import Finding, Status, change, note, read
from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.kube import Event
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.model.result import CaseResult, HopState, Provenance, RunResult, WayHop
from runbook_lib.model.unavailable import Unavailable, Why

HOSTILE = (
    "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)> | a | b | ```` @octocat "
    "[click](javascript:alert(3)) [red]markup[/red] "
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 "
    "\u202egnp.exe\u202c \u200bzero {{ 7*7 }} </details></td></table> *bold* #123 \x07\x9b2J \ud800 " + "A" * 10_000
)
"""What anybody who may create a pod could write into a name, a label or a message."""

NAMES = ("pod", "service account", "secrets", "entry", "registry", "token", "manifest", "platform", "blob")


def way(fails: str = "token", note_: str = "401 Unauthorized") -> tuple[WayHop, ...]:
    states, state = [], HopState.FINE
    for name in NAMES:
        if name == fails:
            states.append(WayHop(name, HopState.FAILS, note_))
            state = HopState.NOT_SEEN
        else:
            states.append(WayHop(name, state, name if state is HopState.FINE else ""))
    return tuple(states)


def trials() -> CounterTests:
    image = parse_image("us.icr.io/demo/hello:1.0").ref
    assert image is not None
    refused = RegistryAnswer(Answer.CREDENTIALS_REJECTED, Hop.TOKEN, 401, "UNAUTHORIZED", "not valid")
    return CounterTests(
        image,
        (
            Trial(Origin.POD, "shop", "all-icr-io", "us.icr.io", "iamapikey", refused),
            Trial(
                Origin.DEFAULT,
                "default",
                "all-icr-io",
                "us.icr.io",
                "iamapikey",
                RegistryAnswer(Answer.ACCEPTED, Hop.MANIFEST, 200, logged_in=True),
            ),
            Trial(Origin.ANONYMOUS, "", "", "", "", RegistryAnswer(Answer.NO_TOKEN_SENT, Hop.MANIFEST, 403)),
        ),
    )


def findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "image-pull/symptom-1",
            "See whether the pod fails",
            Status.PROBLEM,
            "A pull fails: container app.",
            (("pod", "shop/web"), ("restarts", 0), ("ready", False), ("containers", ["app", "sidecar"])),
            (read("See it for yourself.", "oc get pods -n shop"),),
        ),
        Finding(
            "image-pull/2",
            "Check the quota",
            Status.UNKNOWN,
            "The quota could not be read.",
            next=(note("Log in: `ibmcloud login`."),),
        ),
        Finding("image-pull/3", "Look for imagePullSecrets", Status.OK, "The pod names all-icr-io."),
        Finding("token/1", "Get the secret", Status.SKIPPED, "No registry token is used."),
    )


def claim(id_: str = "stale-secret-copy", confidence: Confidence = Confidence.CONFIRMED, text: str = "") -> Claim:
    return Claim(
        id_,
        "The project's copy of the pull secret is out of date",
        "api-key/3.5",
        confidence,
        (text or "Refused with the pod's copy, accepted with that of default.", "The node reports 401."),
        ("a copy that equals the original",),
        (
            change(
                "Replace the project's copy.",
                "oc get secret all-icr-io -n default -o json | oc apply -n shop -f -",
            ),
            change("Make the pods anew.", "oc rollout restart deployment/web -n shop"),
        ),
    )


def case(pod: str = "web-1", pods: int = 1, cause: str = "stale-secret-copy") -> CaseResult:
    return CaseResult(
        namespace="shop",
        pod=pod,
        container="app",
        image="us.icr.io/demo/hello:1.0",
        node="worker-1",
        workload=("Deployment", "web"),
        pods=(pod, *(f"{pod}-{n}" for n in range(1, pods))),
        message="Failed to pull image: 401 Unauthorized",
        diagnosis=Diagnosis(
            Verdict(
                VerdictStatus.PROBLEM,
                cause,
                Confidence.CONFIRMED,
                f"The copy is out of date (container app of shop/{pod}).",
            ),
            (claim(cause), claim("username-mismatch", Confidence.POSSIBLE)),
            (
                Excluded("dns-failure", "the node's error is of another kind"),
                Excluded("tls-untrusted", "the node's error is of another kind"),
            ),
            (
                Unavailable(
                    "secret shop/other",
                    Why.FORBIDDEN,
                    "get on secrets is missing",
                    "`oc auth can-i get secrets -n shop`",
                ),
            ),
            decides="",
        ),
        findings=findings(),
        way=way(),
        events=(
            Event("Failed", "Warning", "401", count=3, first="2026-11-24T02:16:18Z", last="2026-11-24T02:16:59Z"),
            Event("Pulling", "Normal", "Pulling image", count=4, first="2026-11-24T02:16:17Z"),
        ),
        counter_tests=trials(),
    )


def run(*cases: CaseResult) -> RunResult:
    return RunResult(
        cases or (case(),),
        Provenance(
            "0.1.0",
            "2026-11-24T03:00:00Z",
            "live",
            "prod",
            "https://api.example:6443",
            "admin",
            "v1.31.2",
            "shop",
            (("pod", "web-1"),),
            ("One note.",),
        ),
        ("image-pull", "api-key", "token"),
        ("image_pull.ipynb",),
    )


def undetermined() -> RunResult:
    return run(
        replace(
            case(),
            diagnosis=Diagnosis(
                Verdict(
                    VerdictStatus.UNDETERMINED,
                    INSUFFICIENT,
                    None,
                    "The evidence does not tell why the pull fails (shop/web-1).",
                ),
                (claim("credentials-rejected", Confidence.POSSIBLE),),
                unread=(
                    Unavailable(
                        "secrets of default", Why.FORBIDDEN, "", "Ask for it: `oc get secrets -n default -o json`."
                    ),
                ),
                decides="Secrets of default. Ask for it: `oc get secrets -n default -o json`.",
            ),
        )
    )


def healthy() -> RunResult:
    well = Diagnosis(Verdict(VerdictStatus.OK, None, None, "No image pull fails in shop/web-1."))
    return run(
        replace(
            case(),
            diagnosis=well,
            message="",
            events=(),
            counter_tests=None,
            way=way(""),
            findings=findings()[2:],
        )
    )


def other_trouble() -> RunResult:
    verdict = Verdict(
        VerdictStatus.OK, NOT_A_PULL_PROBLEM, Confidence.CONFIRMED, "No image pull fails: CrashLoopBackOff."
    )
    told = Claim(
        NOT_A_PULL_PROBLEM,
        "The pod is unwell for another reason",
        "image-pull/symptom-1",
        Confidence.CONFIRMED,
        ("Container app: CrashLoopBackOff.",),
        (),
        (read("Read its log.", "oc logs web-1 -n shop --previous"),),
    )
    return run(replace(case(), diagnosis=Diagnosis(verdict, (told,))))


def empty() -> RunResult:
    return replace(run(), cases=())


def hostile(text: str = HOSTILE) -> RunResult:
    """A case in which every text that comes from a cluster or a registry is hostile."""
    first = case()
    matrix = trials()
    worst = replace(
        matrix.trials[0],
        secret=text,
        username=text,
        answer=replace(matrix.trials[0].answer, code=text, text=text),
    )
    return replace(
        run(
            replace(
                first,
                namespace=text,
                pod=text,
                container=text,
                image=text,
                node=text,
                workload=("Deployment", text),
                pods=(text, "b"),
                message=text,
                diagnosis=replace(
                    first.diagnosis,
                    verdict=replace(first.verdict, summary=text),
                    causes=(
                        replace(
                            claim(text=text),
                            excluded_by=(text,),
                            remedy=(change(text, f"oc get pod '{text[:300]}'"),),
                        ),
                        claim("username-mismatch", Confidence.POSSIBLE, text),
                    ),
                    excluded=(Excluded("dns-failure", text),),
                    unread=(Unavailable(text, Why.FORBIDDEN, text, text),),
                    decides=text,
                ),
                findings=(
                    Finding(
                        "image-pull/symptom-1",
                        "See whether the pod fails",
                        Status.PROBLEM,
                        text,
                        ((text, text), ("list", [text, text])),
                        (read(text, f"oc get {text[:200]}"),),
                    ),
                ),
                way=way(note_=text),
                events=(
                    Event("Failed", "Warning", text, first="2026-11-24T02:16:18Z"),
                    Event(text, text, text, component=text, first=text, last=text),
                ),
                counter_tests=replace(matrix, trials=(worst,)),
            )
        ),
        provenance=replace(run().provenance, cluster=text, context=text, parameters=(("pod", text),), notes=(text,)),
    )


def several() -> RunResult:
    """Four cases of two causes, one of them with 40 pods, and one that is not determined."""
    (open_case,) = undetermined().cases
    return run(
        replace(open_case, pod="batch-7"),
        case("web-1", 40),
        replace(case("db-0"), container="sidecar"),
        case("job-1", cause="registry-not-covered"),
    )


ALL = {
    "problem": run,
    "undetermined": undetermined,
    "healthy": healthy,
    "not an image pull problem": other_trouble,
    "no case": empty,
    "several cases": several,
    "hostile": hostile,
}
