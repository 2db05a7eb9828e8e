"""What a person sees: a console that colours only where colours are wanted, and progress on standard error."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


def console(*, stderr: bool = False) -> Console:
    """Make a console; without any styles where NO_COLOR asks for that or the terminal is a dumb one."""
    made = Console(stderr=stderr, highlight=False)
    return Console(stderr=stderr, highlight=False, color_system=None) if made.no_color else made


def progress() -> Progress:
    """Make a progress bar on standard error, with what is in vain as `vain`; nothing where that is no terminal."""
    told = console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[vain]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=told, transient=True, disable=not told.is_terminal)
