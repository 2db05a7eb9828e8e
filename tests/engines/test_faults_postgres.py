"""The short form of the fault bench with the catalogue on Postgres, in a file of its own to run beside the other."""

import pytest

from tests.engines.faults import is_kept


@pytest.mark.parametrize(("scene", "imports"), [("kills-postgres", 16), ("database", 30)])
def test_nothing_is_lost_or_done_twice(scene: str, imports: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is done to it or to Postgres, none is lost, failed or doubled, and no recorded step runs again."""
    assert is_kept(scene, imports), capsys.readouterr().out
