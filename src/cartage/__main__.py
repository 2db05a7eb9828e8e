"""Run the command line by `python -m cartage`."""

from cartage.cli import main

if __name__ == "__main__":
    main()
