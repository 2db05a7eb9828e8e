"""The short form of the fault bench: what happens to the engine must not happen to the imports."""

import pytest

from tests.engines.faults import is_kept


@pytest.mark.parametrize(("scene", "imports"), [("kills", 24), ("disk", 60), ("storm", 15)])
def test_nothing_is_lost_or_done_twice(scene: str, imports: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is done to it, none is lost, failed or doubled, and no recorded step runs again."""
    assert is_kept(scene, imports), capsys.readouterr().out
