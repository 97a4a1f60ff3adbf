"""`make pictures`: the documents' pictures, taken of the demo at 1280 pixels' width.

The demo reads its week, then a day breaks and a second sync meets it: what the pictures show is what `make demo` and
its page of faults show to anybody.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from kinokrakow.processes import with_parent

CHROMIUM, FLAGS = "/usr/bin/chromium", ["--no-sandbox", "--disable-gpu"]
WIDE = ViewportSize(width=1280, height=900)
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "img"
PATIENCE = 240  # s for the demo's first week
READY = re.compile(r"^  Login: +(\S+)  (\S+)$", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8600, help="of the demo; the next five are its services'")
    parser.add_argument("--log", type=Path, help="of a demo that runs there already: no other is started")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    options = parser.parse_args()
    port = options.port
    if options.log:
        _take(port, *_login(None, options.log), options.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "manage.py", "demo", "--port", str(port), "--database", f"sqlite:///{folder}/demo"]
        with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, preexec_fn=with_parent()) as demo:
            try:
                _take(port, *_login(demo, log), options.folder)
            finally:
                demo.terminate()


def _login(demo: subprocess.Popen[bytes] | None, log: Path) -> tuple[str, str]:
    end = time.monotonic() + PATIENCE
    while not (found := READY.search(log.read_text())):
        if (demo and demo.poll() is not None) or time.monotonic() > end:
            raise SystemExit(f"The demo did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.5)
    return found[1], found[2]


def _take(port: int, user: str, password: str, folder: Path) -> None:
    site, faults = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 4}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=WIDE, color_scheme="light", locale="en", reduced_motion="reduce")
        page.goto(f"{site}/admin/login/?next=/admin/coverage/")
        page.fill("#id_username", user)
        page.fill("#id_password", password)
        page.press("#id_password", "Enter")
        page.wait_for_url("**/admin/coverage/")
        urllib.request.urlopen(urllib.request.Request(f"{faults}/fault/day", method="POST"), timeout=10).close()
        page.get_by_role("button", name="Sync now").click()
        page.get_by_text("6 of 7 days").or_(page.locator(".c-alert.bad")).first.wait_for(timeout=PATIENCE * 1000)
        page.locator(".c-head:not([data-running])").wait_for(timeout=PATIENCE * 1000)
        _picture(page, f"{site}/admin/coverage/", folder / "coverage.png")
        page.goto(f"{site}/admin/events/listedfilm/?q=solaris")
        film = page.locator("#result_list a[href*='/change/']").first.get_attribute("href") or ""
        number = re.search(r"/(\d+)/change/", film)
        assert number, film
        _picture(page, f"{site}/admin/review/queue/{number[1]}/", folder / "review.png")
        _picture(page, f"{site}/whats-on/", folder / "whats-on.png")


def _picture(page: Page, address: str, file: Path) -> None:
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=file)
    print(f"{file.name}: {address}")


if __name__ == "__main__":
    main()
