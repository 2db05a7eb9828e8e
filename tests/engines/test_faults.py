"""The short form of the fault bench: the engine killed at random instants."""

import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent.parent / "bench" / "faults.py"


@pytest.mark.timeout(180)
def test_killed_at_random_instants_nothing_is_lost_or_done_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """Killed eight times over thirty imports: none lost or doubled, and no recorded step ran again."""
    kept = runpy.run_path(str(BENCH))["run"](8, 30, 7)

    assert kept, capsys.readouterr().out
