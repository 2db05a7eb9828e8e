"""One Chromium process: started behind the proxy, recycled by count and age, and killed with all its children."""

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cartage.model.visit_errors import BrowserMissing

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
START_SECONDS = 30.0
STOP_SECONDS = 5.0
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-pings",
    "--renderer-process-limit=4",
    "--js-flags=--max-old-space-size=512",
    # No name and no address but the proxy's can be reached past it.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


def find_chromium(setting: str) -> Path | None:
    """Find the browser that CARTAGE_BROWSER means (`auto`, `off` or a path); None where it cannot be driven."""
    if setting == "off" or importlib.util.find_spec("playwright") is None:
        return None
    names = EXECUTABLES if setting == "auto" else (setting,)
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


@dataclass(slots=True, eq=False)
class Chromium:
    """Hold a running Chromium with its driver; `worn` ones take no new visits."""

    driver: "Playwright"
    browser: "Browser"
    pid: int
    born: float = field(default_factory=time.monotonic)
    visits: int = 0
    active: int = 0
    broken: bool = False

    def worn(self, most_visits: int, most_seconds: float) -> bool:
        """Tell whether it is time for a new process."""
        old = self.visits >= most_visits or time.monotonic() - self.born >= most_seconds
        return old or self.broken or not self.browser.is_connected()

    def kill(self) -> None:
        """End the process and all its children, now."""
        self.broken = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # Playwright gives Chromium a process group of its own; never end the one that we are in.
            if os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """Close it politely, then kill what is left, then let go of the driver."""
        if not self.broken:
            await _at_most(self.browser.close(), STOP_SECONDS)
        self.kill()
        await _at_most(self.driver.stop(), STOP_SECONDS)


async def start_chromium(executable: Path, proxy_url: str) -> Chromium:
    """Start a Chromium that knows no way out but the proxy; raises `BrowserMissing`."""
    from playwright.async_api import Error, async_playwright

    driver = await async_playwright().start()
    try:
        browser = await driver.chromium.launch(
            executable_path=executable,
            args=list(FLAGS),
            # Chromium refuses to run its sandbox as root.
            chromium_sandbox=os.geteuid() != 0,
            proxy={"server": proxy_url, "bypass": "<-loopback>"},
            timeout=START_SECONDS * 1000,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            env={"PATH": os.defpath, "HOME": tempfile.gettempdir(), "LANG": "C.UTF-8"},
        )
        return Chromium(driver, browser, await _pid_of(browser))
    except (Error, TimeoutError) as error:
        await _at_most(driver.stop(), STOP_SECONDS)
        raise BrowserMissing(f"{executable.name} does not start: {str(error).splitlines()[0][:200]}") from error
    except BaseException:
        await asyncio.shield(_at_most(driver.stop(), STOP_SECONDS))
        raise


async def _pid_of(browser: "Browser") -> int:
    async with asyncio.timeout(STOP_SECONDS):
        session = cast("Any", await browser.new_browser_cdp_session())
        told = await session.send("SystemInfo.getProcessInfo")
        await session.detach()
    return next(each["id"] for each in told["processInfo"] if each["type"] == "browser")


async def _at_most(work: Any, seconds: float) -> None:
    from playwright.async_api import Error

    with contextlib.suppress(Error, TimeoutError, OSError):
        async with asyncio.timeout(seconds):
            await work
