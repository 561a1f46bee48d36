"""A notebook shows no credential: displays, streams, errors and widgets of a shell and of a kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runbook_lib.vault import Vault, install_ipython

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"

CELLS = {
    "result": "value",
    "rich result": "Rich()",
    "display": "display(Rich())",
    "raw MIME bundle": "display({'text/html': '<b>' + value, 'text/x': {value: [value]}}, raw=True)",
    "error": "raise ValueError('bad ' + value)",
    "cause": "try:\n    raise OSError(value)\nexcept OSError as e:\n    raise KeyError(value) from e",
    "error of a type of its own": "raise Own(value)",
    "stream": "print(value)\nimport sys; print('x', value, file=sys.stderr)",
    "syntax error": f"f('{KEY}' {{",
}
SET_UP = (
    "class Rich:\n"
    "    def _repr_html_(self): return '<b>' + value\n"
    "    def __repr__(self): return value\n"
    "class Own(Exception):\n"
    "    def __init__(self, v): self.v = v\n"
    "    def __str__(self): return 'own ' + self.v\n"
)


IN_A_TERMINAL = {name: cell for name, cell in CELLS.items() if name not in ("stream", "raw MIME bundle")}


@pytest.mark.parametrize("cell", IN_A_TERMINAL.values(), ids=IN_A_TERMINAL.keys())
def test_a_terminal_shell_shows_none(own_vault: Vault, capsys: pytest.CaptureFixture[str], cell: str) -> None:
    """Results, displays and tracebacks of IPython in a terminal; the shell is as before once undone."""
    shell_class = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell
    shell_class.clear_instance()
    shell = shell_class.instance(history_load_length=0)
    own_vault.register(KEY, "key")
    undo = install_ipython(shell)
    assert install_ipython(shell) is undo
    try:
        shell.user_ns["value"] = KEY
        shell.run_cell(SET_UP)
        shell.run_cell(cell)
        printed = "".join(capsys.readouterr())
        assert KEY not in printed
        assert "«key #1»" in printed
    finally:
        undo()
        shell_class.clear_instance()
    assert "format" not in vars(shell.display_formatter)


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[dict[str, Any]]]:
    """Every message that a kernel sends for each cell, the replies too."""
    manager = pytest.importorskip("jupyter_client.manager")
    kernel, client = manager.start_new_kernel(kernel_name="python3", startup_timeout=60)
    sent: dict[str, list[dict[str, Any]]] = {}

    def run(name: str, code: str) -> None:
        sent[name] = []
        hook = lambda message: sent[name].append(message["content"])  # noqa: E731
        reply = client.execute_interactive(code, timeout=60, output_hook=hook, store_history=False)
        sent[name].append(reply["content"])

    try:
        run("set-up", "from runbook_lib.vault import vault, install_ipython\n"
            "install_ipython(get_ipython())\n"
            f"value = '-'.join({KEY.split('-')!r})\n"
            "_ = vault().register(value, 'key')\n" + SET_UP)  # fmt: skip
        for name, code in {**CELLS, "widget": "import ipywidgets\nipywidgets.Text(value=value)"}.items():
            run(name, code)
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    return sent


@pytest.mark.parametrize("name", [*CELLS, "widget"])
def test_no_message_of_a_kernel_shows_one(outputs: dict[str, list[dict[str, Any]]], name: str) -> None:
    """What a browser or papermill receives: outputs, streams, errors, the execute reply, widgets' state."""
    text = json.dumps(outputs[name], default=str, ensure_ascii=False)
    assert KEY not in text
    assert "«key #1»" in text


def test_the_kernel_did_run_the_set_up(outputs: dict[str, list[dict[str, Any]]]) -> None:
    """The cells above prove something only if the vault was installed in that kernel."""
    assert outputs["set-up"][-1]["status"] == "ok"
    assert outputs["error"][-1]["status"] == "error"
    assert outputs["error"][-1]["evalue"] == "bad «key #1»"
