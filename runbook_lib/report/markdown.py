"""The Markdown form of a run: for an issue, a chat and a pager, in at most 60,000 characters.

What does not fit is left out by whole parts, the least telling first, and a sentence says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.report import view, words
from runbook_lib.report.links import DOCUMENT
from runbook_lib.report.markdown_parts import Part, action, case_parts, details, table, verdict_line
from runbook_lib.report.sealed import sealed
from runbook_lib.report.text import code, plain, prose

LIMIT = 60_000
_NOTICE = 1_000  # kept free for the sentence about what was left out
_CASES = 100


def to_markdown(result: RunResult) -> str:
    """Returns the run as GitHub-flavoured Markdown."""
    shown = sealed(result)
    parts = [Part("the verdict", 0, _head(shown)), *_evidence(shown), _provenance(shown)]
    return _within_limit(parts)


def _within_limit(parts: Iterable[Part]) -> str:
    ordered = [part for part in parts if part.text]
    room, kept = LIMIT - _NOTICE, set()
    for number, part in sorted(enumerate(ordered), key=lambda pair: (pair[1].rank, pair[0])):
        if len(part.text) + 2 <= room:
            room -= len(part.text) + 2
            kept.add(number)
    texts = [part.text for number, part in enumerate(ordered) if number in kept]
    left_out: dict[str, int] = {}
    for number, part in enumerate(ordered):
        if number not in kept:
            left_out[part.name] = left_out.get(part.name, 0) + 1
    if left_out:
        named = ", ".join(f"{name} ({many})" if many > 1 else name for name, many in left_out.items())
        texts.append(
            f"**Left out to stay below {LIMIT:,} characters:** {named}. All of it is in report.html and findings.json."
        )
    return "\n\n".join(texts) + "\n"


def _head(result: RunResult) -> str:
    first = result.first
    lines = [f"# {plain(view.headline(first)[:200])}"]
    if len(result.cases) > 1:
        lines.append(f"{view.overview(result)} The first to mend:")
    lines.append(verdict_line(result.verdict))
    if first is None:
        return "\n\n".join([*lines, prose(result.verdict.summary)])
    lines.append("\n".join(_facts(first)))
    lines.append("## What to do now")
    lines += [text for item in view.first_to_do(first) for text in action(item)]
    if len(result.cases) > 1:
        lines.append(_cases(result))
    return "\n\n".join(lines)


def _facts(case: CaseResult) -> Iterator[str]:
    yield f"- **Where:** {plain(view.where(case)[:400])}"
    if case.image:
        yield f"- **Image:** {code(case.image[:400])}"
    yield f"- **{view.known_as(case)}:**"
    for reason in view.reasons(case)[:3]:
        yield f"  - {prose(reason[:400])}"


def _cases(result: RunResult) -> str:
    rows = [
        [code(group.cause), _sure(case), code(_place(case)), code(case.image[:200]), str(len(case.pods) or 1)]
        for group in view.grouped(result)
        for _, case in group.cases
    ]
    more = f"\n\nand {len(rows) - _CASES} more cases" if len(rows) > _CASES else ""
    return "## The cases, by cause\n\n" + table(("cause", "how sure", "case", "image", "pods"), rows[:_CASES]) + more


def _sure(case: CaseResult) -> str:
    return case.verdict.confidence.value if case.verdict.confidence else words.VERDICT[case.verdict.status]


def _place(case: CaseResult) -> str:
    return "/".join(filter(None, (case.namespace, case.pod, case.container)))[:200]


def _evidence(result: RunResult) -> Iterator[Part]:
    many = len(result.cases) > 1
    for group in view.grouped(result):
        for number, case in group.cases:
            if many:
                title = f"## Case {number}: {plain(view.headline(case)[:200])}"
                facts = "\n".join(_facts(case))
                yield Part("the heads of cases", 1, f"{title}\n\n{verdict_line(case.verdict)}\n\n{facts}")
            yield from case_parts(case, level=3 if many else 2)


def _provenance(result: RunResult) -> Part:
    rows = [[plain(name), plain(value[:600])] for name, value in view.provenance(result)]
    notebooks = f" Executed notebooks: {', '.join(map(code, result.notebooks))}." if result.notebooks else ""
    foot = (
        f"{words.ONLY_READS} [The document that the steps follow]({DOCUMENT}). The same in full: `report.html`; "
        f"for machines: `findings.json`.{notebooks}"
    )
    shown = details("Provenance", table(("what", "value"), rows))
    return Part("provenance", 2, f"{shown}\n\n{foot}")
