"""The words everyone speaks: frozen values and errors, with no I/O."""
