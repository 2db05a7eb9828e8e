"""What a person sees: a console that colours only where colours are wanted, and progress on standard error."""

from typing import TYPE_CHECKING

from cartage.cli.manner import manner

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn


def console(*, stderr: bool = False, plain: bool = False) -> "Console":
    """Make a console; without any styles where NO_COLOR or --no-color asks for that, or the terminal is a dumb one."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    unstyled = plain or made.no_color or manner().no_color
    return Console(stderr=stderr, highlight=False, color_system=None) if unstyled else made


def progress() -> "Progress":
    """Make a progress bar on standard error, with what is in vain as `vain`; nothing where that is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    return _shown(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[vain]}"),
        TimeRemainingColumn(),
    )


def under_way() -> "Progress":
    """Make a line on standard error of what is under way and for how long; nothing where that is no terminal."""
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    return _shown(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())


def _shown(*columns: "ProgressColumn") -> "Progress":
    from rich.progress import Progress

    told = console(stderr=True)
    return Progress(*columns, console=told, transient=True, disable=manner().quiet or not told.is_terminal)
