"""The counts of the long replays, kept where everybody sees them: below the tests' summary."""

from __future__ import annotations

import pytest
from _pytest.terminal import TerminalReporter

PRINTED = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print what tests recorded as ``counts``."""
    counts = [
        str(value)
        for report in terminalreporter.stats.get("passed", [])
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == "counts"
    ]
    if counts and PRINTED not in terminalreporter.config.stash:
        terminalreporter.config.stash[PRINTED] = True
        terminalreporter.section("replays under kill -9")
        for line in counts:
            terminalreporter.write_line(line)
