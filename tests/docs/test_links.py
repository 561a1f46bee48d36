"""Links between the pages lead somewhere, and the pictures that they show are there."""

from __future__ import annotations

import re
import struct
from urllib.parse import unquote

import pytest

from .pages import ROOT, blocks, pages, text_of

_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")
_DEFINED = re.compile(r"^\[[^\]]+\]: +<?(\S+?)>?$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
LARGEST = 300_000  # bytes


def prose_of(page: str) -> str:
    lines = text_of(page).splitlines()
    for _, start, held in blocks(page):
        for number in range(start - 1, start - 1 + len(held)):
            lines[number] = ""
    return "\n".join(lines)


def anchors_of(page: str) -> set[str]:
    """The fragments of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,6} +(.+?) *#*$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", pages())
def test_a_link_leads_to_a_file_and_to_a_heading_of_it(page: str):
    prose = prose_of(page)
    for target in [*_LINK.findall(_CODE.sub("``", prose)), *_DEFINED.findall(prose)]:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = unquote(target).partition("#")
        file = ((ROOT / page).parent / name).resolve() if name else ROOT / page
        assert file.is_relative_to(ROOT), f"{page} leads out of the repository: {target}"
        assert file.exists(), f"{page} leads to {target}, which is not there"
        if fragment and file.suffix == ".md":
            inner = str(file.relative_to(ROOT))
            assert fragment in anchors_of(inner), f"{page} leads to {target}: no such heading"


PICTURES = sorted((ROOT / "docs" / "pictures").glob("*"))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.name)
def test_a_picture_is_a_png_of_less_than_300_kb(picture):
    held = picture.read_bytes()
    assert held[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(held) < LARGEST
    width, height = struct.unpack(">II", held[16:24])
    assert {"report": (1280, 800), "report-dark": (1280, 800), "report-phone": (390, 844)}.get(
        picture.stem, (width, height)
    ) == (width, height)


def test_every_picture_that_the_script_makes_is_there_and_no_other():
    script = (ROOT / "docs" / "make_pictures.py").read_text()
    made = re.findall(r'^    "([\w-]+)": _of_', script, re.MULTILINE)
    assert sorted(p.stem for p in PICTURES) == sorted(made)


def test_every_picture_is_shown_somewhere():
    shown = "".join(text_of(p) for p in pages())
    assert not [p.name for p in PICTURES if f"pictures/{p.name}" not in shown]
