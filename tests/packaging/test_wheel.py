"""The wheel, as a stranger installs it: whole, quick to answer, and able to serve."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import zipfile
from pathlib import Path
from urllib.request import urlopen  # noqa: TID251 - a test asks from outside

import pytest

import cartage
from tests.ports import spare_port

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
HEAVY = ("pydantic", "fastapi", "cyclopts", "sqlalchemy", "dbos", "selectolax", "asyncio")
PAGE = """<html lang="en"><head><title>Linen Camp Shirt</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product", "name": "Linen Camp Shirt",
"image": "/shirt.jpg", "offers": {"@type": "Offer", "price": "79.90", "priceCurrency": "EUR"}}</script></head>
<body><h1>Linen Camp Shirt</h1><p class="price">€79.90</p><button>Add to cart</button></body></html>"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an empty environment that sees this one's libraries; give its `cartage` command."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    own = run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    (Path(own) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "cartage"


def run(*command: str, cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed, without this checkout on Python's path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # noqa: TID251
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )


def test_the_wheel_holds_what_is_not_code(wheel: Path) -> None:
    """Every template, static file, migration and note of the package is in the wheel, and nothing of the tests."""
    names = set(zipfile.ZipFile(wheel).namelist())

    sources = (path for path in (ROOT / "src" / "cartage").rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert {path.relative_to(ROOT / "src").as_posix() for path in sources} <= names
    assert {"cartage/web/templates/layout.html", "cartage/web/static/cartage.css", "cartage/py.typed"} <= names
    assert "cartage/stores/sql/migrations/versions/0001_first_schema.py" in names
    assert not [name for name in names if not name.startswith(("cartage/", "cartage-"))]


def test_the_installed_command_is_the_wheels_own(installed: Path, tmp_path: Path) -> None:
    """The environment runs the installed package, not this checkout."""
    asked = run(str(installed.parent / "python"), "-c", "import cartage; print(cartage.__file__)", cwd=tmp_path)

    assert Path(asked.stdout.strip()).is_relative_to(installed.parents[1])


def test_the_version_is_answered_without_anything_heavy(installed: Path, tmp_path: Path) -> None:
    """`cartage --version` prints the version, and imports no library on the way."""
    result = run(str(installed.parent / "python"), "-X", "importtime", str(installed), "--version", cwd=tmp_path)

    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert result.stdout == f"{cartage.__version__}\n"
    assert "cartage.cli" in imported
    assert imported.isdisjoint(HEAVY)


def test_a_saved_page_is_extracted(installed: Path, tmp_path: Path) -> None:
    """`cartage extract FILE --url URL --json` writes the product."""
    (tmp_path / "shirt.html").write_text(PAGE)

    result = run(
        str(installed), "extract", "shirt.html", "--url", "https://shop.example/p/shirt", "--json", cwd=tmp_path
    )

    product = json.loads(result.stdout)
    assert (product["name"], product["price"]) == ("Linen Camp Shirt", {"amount": "79.90", "currency": "EUR"})


def test_the_server_starts_and_prints_a_sign_up_link(installed: Path, tmp_path: Path) -> None:
    """`cartage serve` in an empty folder makes its database, offers a one-time link, and shows its pages."""
    port = spare_port()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # noqa: TID251
    command = [str(installed), "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            link = read_link(server)
            wait_until_alive(port)
            page, styles = (fetch(port, path) for path in (link, "/static/cartage.css"))
        finally:
            server.terminate()

    assert "Sign up" in page
    assert "--background" in styles
    assert (tmp_path / "data" / "cartage.db").is_file()


def read_link(server: subprocess.Popen[str]) -> str:
    """Read stderr until the sign-up link is there, and give its path."""
    assert server.stderr
    for line in server.stderr:
        if found := re.search(r"works once\): http://[^/]+(/join/\S+)", line):
            return found[1]
    raise AssertionError("No sign-up link was printed.")


def wait_until_alive(port: int) -> None:
    """Ask until the server says that it lives."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            fetch(port, "/livez")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server does not answer.")


def fetch(port: int, path: str) -> str:
    """Get a page's text."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()
