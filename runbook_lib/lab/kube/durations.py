"""Ages as kubectl prints them: `45s`, `3m12s`, `5h`, `2d3h`."""

from __future__ import annotations

from datetime import datetime


def _two(big: int, unit: str, small: int, small_unit: str) -> str:
    return f"{big}{unit}{small}{small_unit}" if small else f"{big}{unit}"


def human_duration(seconds: int) -> str:
    """A duration with two units at most, and with one from where the second no longer matters."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < -1:
        return "<invalid>"
    if seconds < 120:
        return f"{max(seconds, 0)}s"
    if minutes < 10:
        return _two(minutes, "m", seconds % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if hours < 192:
        return _two(days, "d", hours % 24, "h")
    if days < 730:
        return f"{days}d"
    if days < 2920:
        return _two(days // 365, "y", days % 365, "d")
    return f"{days // 365}y"


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago a moment is; `<unknown>` where there is none."""
    return "<unknown>" if moment is None else human_duration(int((now - moment).total_seconds()))
