"""Write the client without `await` from the one with; a test holds that nothing is stale."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
CLIENT = ROOT / "src/cartage/client"
WORDS = {
    r"\basync (def|with|for)\b": r"\1",
    r"\bawait ": "",
    r"\bAsync(Generator|Client|BaseTransport|Stream)\b": r"\1",
    r"\b__a(enter|exit)__\b": r"__\1__",
    r"\ba(read|close|iter_bytes)\b": r"\1",
    r"\bclient\.asynchronous\b": "client.synchronous",
    r"\basyncio\.sleep\b": "time.sleep",
    r"\bimport asyncio\b": "import time",
    r"  # noqa: ASYNC109[^\n]*": "",
}
DOCSTRING = '"""The client without `await`, made of `client/asynchronous` by `scripts/twin.py`; change that one."""\n'


def twins() -> Mapping[Path, str]:
    """Give each file of the twin with its text."""
    written = {}
    for path in sorted((CLIENT / "asynchronous").glob("*.py")):
        text = path.read_text()
        for pattern, replacement in WORDS.items():
            text = re.sub(pattern, replacement, text)
        twin = CLIENT / "synchronous" / path.name
        written[twin] = DOCSTRING if path.name == "__init__.py" else formatted(text, twin)
    return written


def formatted(text: str, path: Path) -> str:
    """Lay code out as the house does."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    for command in (["check", "--fix-only", "--unsafe-fixes", "--select", "I,UP028"], ["format"]):
        order = [ruff, *command, "--quiet", "--stdin-filename", str(path), "-"]
        text = subprocess.run(order, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


if __name__ == "__main__":
    for path, text in twins().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
