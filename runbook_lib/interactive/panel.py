"""The widgets of the set-up cell: pick a failing pod, read afresh, make the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from runbook_lib.interactive import markup
from runbook_lib.interactive.failing import FailingPull, Filter, Listing, bounded
from runbook_lib.interactive.reporting import ReportMaker
from runbook_lib.model.finding import Status
from runbook_lib.model.problem import BadInput
from runbook_lib.report.view import count_of

_ALL, _LOOK = "all", "look in all namespaces …"
_FALLBACK_LINES = 20


class Desk(Protocol):
    """What the widgets work on."""

    listing: Listing

    def look_everywhere(self) -> None:
        """Lists the failing pulls of all namespaces."""

    def pick(self, namespace: str, pod: str) -> None:
        """Opens another pod's case."""

    def refresh(self) -> None:
        """Reads afresh from now on."""

    def is_open(self, pull: FailingPull) -> bool:
        """True for the pod whose case is open."""


class Panel:
    """One row of filters, a bounded list, two buttons, and a line that says what happened."""

    def __init__(self, desk: Desk, report: ReportMaker, *, attended: bool) -> None:
        import ipywidgets as w

        self._desk, self._report, self._attended = desk, report, attended
        self._filling = False
        label: dict[str, Any] = {"style": {"description_width": "initial"}}
        self.namespace = w.Dropdown(description="namespace", **label)
        self.reason = w.Dropdown(description="reason", **label)
        self.workload = w.Text(description="workload", placeholder="part of a name", **label)
        wide = w.Layout(width="auto", max_width="75em")
        self.list = w.Select(rows=6, layout=wide)
        self.count = w.HTML()
        self.refresh_button = w.Button(description="Refresh", icon="refresh", tooltip="Forget what was read")
        self.report_button = w.Button(
            description="Make the report", icon="file-text", tooltip="Run the notebooks from the start, into reports/"
        )
        self.bar = w.IntProgress(layout=w.Layout(display="none", width="12em"))
        self.said = w.HTML()
        for name in ("namespace", "reason", "workload", "list", "count", "refresh_button", "report_button", "said"):
            getattr(self, name).add_class(f"rb-{name.removesuffix('_button')}")
        wrap = w.Layout(flex_flow="row wrap")
        self.box = w.VBox(
            [
                w.HBox([self.namespace, self.reason, self.workload], layout=wrap),
                self.list,
                self.count,
                w.HBox([self.refresh_button, self.report_button, self.bar], layout=wrap),
                self.said,
            ]
        )
        self.box.add_class("rb-panel")
        self.fill()
        self.namespace.observe(self._on(self._narrow_namespace), "value")
        self.reason.observe(self._on(self._refill), "value")
        self.workload.observe(self._on(self._refill), "value")
        self.list.observe(self._on(self._pick), "value")
        self.refresh_button.on_click(self._on(self._refresh))
        self.report_button.on_click(self._on(self._make))

    def fill(self) -> None:
        """Shows the desk's listing anew; filters that still mean something stay."""
        listing = self._desk.listing
        spaces = [(_ALL, ""), *((markup.line(n, 80), n) for n in listing.namespaces)]
        if listing.where:
            spaces.append((_LOOK, _LOOK))
        self._set(self.namespace, spaces)
        self._set(self.reason, [(_ALL, ""), *((markup.line(r, 80), r) for r in listing.reasons)])
        self._refill()

    def _set(self, widget: Any, options: list[tuple[str, Any]]) -> None:
        """Replaces a widget's options and keeps its value where it is still one of them."""
        before, self._filling = widget.value, True
        try:
            with widget.hold_sync():
                widget.options = options
                values = [value for _, value in options]
                widget.value = before if before in values else ("" if "" in values else None)
        finally:
            self._filling = False

    def _refill(self) -> None:
        listing = self._desk.listing
        matching = listing.matching(Filter(self.namespace.value or "", self.reason.value or "", self.workload.value))
        opened = next((p for p in matching if self._desk.is_open(p)), None)
        lines = bounded(matching, opened)
        self._filling = True
        try:
            with self.list.hold_sync():
                self.list.options = [(("▸ " if p == opened else "  ") + p.line, p) for p in lines]
                self.list.value = opened
        finally:
            self._filling = False
        self.count.value = markup.quiet(markup.text(_counted(listing, len(matching), len(lines))))

    def _narrow_namespace(self) -> None:
        if self.namespace.value == _LOOK:
            self._say("Reading the pods of all namespaces …")
            self._desk.look_everywhere()
            self.fill()
            self._say("")
        else:
            self._refill()

    def _pick(self) -> None:
        picked = self.list.value
        if picked is None or self._desk.is_open(picked):
            return
        self._desk.pick(picked.namespace, picked.selector)
        self._refill()
        self._say(f"{picked.namespace}/{picked.pod} is open now: run the cells below again.")

    def _refresh(self) -> None:
        self._say("Reading the pods …")
        self._desk.refresh()
        self.fill()
        self._say("What was read is forgotten: run the cells below again.")

    def _make(self) -> None:
        self.report_button.disabled = True
        self.bar.layout.display = ""
        self.bar.value, self.bar.max = 0, 1
        self._report.start(self._progress, self._made)

    def _progress(self, what: str, done: int, of: int) -> None:
        self.bar.max, self.bar.value = of, done
        part = f", cell {done} of {of}" if of > 1 else ""
        self._say(f"Making the report: {what}{part} …")

    def _made(self, told: str, failed: bool) -> None:
        self.report_button.disabled = False
        self.bar.layout.display = "none"
        (self._complain if failed else self._say)(told)

    def _on(self, action: Callable[[], None]) -> Callable[[Any], None]:
        """Makes a callback of an action: what it raises shows here, and is raised where nobody looks."""

        def callback(_change: Any) -> None:
            if self._filling:
                return
            try:
                action()
            except Exception as failed:
                if not self._attended:
                    raise
                named = "" if isinstance(failed, BadInput) else f"{type(failed).__name__}: "
                self._complain(f"{named}{failed}")

        return callback

    def _say(self, sentence: str) -> None:
        self.said.value = markup.quiet(markup.prose(sentence)) if sentence else ""

    def _complain(self, sentence: str) -> None:
        said = markup.prose(sentence)
        mark = markup.badge(Status.PROBLEM, "This failed")
        self.said.value = f"<div role='alert' class='rb-error'>{mark} {said}</div>"

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        bundle = dict(self.box._repr_mimebundle_())
        lines = [p.line for p in self._desk.listing.pulls[:_FALLBACK_LINES]]
        bundle["text/plain"] = "\n".join(["Failing pulls:", *(lines or ["none"])])
        told = [f"- {markup.md(line)}" for line in lines] or ["none"]
        hint = "Another one is opened by `case.pick(NAMESPACE, POD)`, or by the parameters above."
        bundle["text/markdown"] = "\n".join(["Failing pulls:", "", *told, "", hint])
        publish_display_data(bundle)


def _counted(listing: Listing, matching: int, shown: int) -> str:
    where = f"namespace {listing.where}" if listing.where else "all namespaces"
    if listing.refused is not None:
        return f"{listing.refused}. {listing.refused.remedy}"
    if not listing.pulls:
        return f"No pull fails in {where} ({count_of(listing.pods, 'pod')} seen)."
    head = f"{count_of(len(listing.pulls), 'pod')} with a failing pull, of {listing.pods:,} in {where}"
    narrowed = f"; {matching:,} match" if matching < len(listing.pulls) else ""
    more = f"; the first {shown} are listed, narrow them by the filters" if shown < matching else ""
    return f"{head}{narrowed}{more}."
