"""The short form of the fault bench: what happens to the engine must not happen to the imports."""

import pytest

from bench.faults import SCENES, Skipped


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("scene", "imports"), [("kills", 30), ("kills-postgres", 20), ("disk", 80), ("database", 40), ("storm", 20)]
)
def test_nothing_is_lost_or_done_twice(scene: str, imports: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is done to it, none is lost, failed or doubled, and no recorded step runs again."""
    try:
        kept = SCENES[scene](imports, 4, 7)
    except Skipped as reason:
        pytest.skip(str(reason))

    assert kept, capsys.readouterr().out
