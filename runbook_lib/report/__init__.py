"""What a person or a machine gets at the end: HTML, Markdown, JSON, made of a `RunResult` alone."""

from runbook_lib.report.document import document, to_json
from runbook_lib.report.writing import write_report

__all__ = ["document", "to_json", "write_report"]
