"""The colours of the report can be read: 4.5 to 1 for text, in light, in dark and on paper."""

from __future__ import annotations

import re
from importlib import resources

import pytest

CSS = resources.files("runbook_lib.report").joinpath("templates/report.css").read_text()
THEMES = dict(zip(("light", "dark", "print"), re.findall(r":root \{(.*?)\}", CSS, re.DOTALL), strict=True))
PAIRS = [
    *((text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "ground", "code")),
    *((status, ground) for status in ("problem", "ok", "unknown", "skipped") for ground in ("paper", f"{status}-tint")),
    ("ink", "unknown-tint"),
]


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda name: name)
def test_text_stands_out(theme: str, text: str, ground: str) -> None:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", THEMES[theme]))
    lighter, darker = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
