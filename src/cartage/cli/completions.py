"""`cartage completions`: what a shell needs to complete commands and options."""

import sys
from typing import Literal


def completions(shell: Literal["bash", "zsh", "fish"], /) -> None:
    """Write the completions for a shell, such as `cartage completions bash > ~/.local/share/bash-completion/…/cartage`.

    Parameters
    ----------
    shell
        Which shell.
    """
    from cartage.cli import create_cli

    sys.stdout.write(create_cli().generate_completion(shell=shell))
