"""The whole bridge as `make run` starts it, and a Chromium in front of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.conftest import chromium
from tests.servers.process import free_port

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
expect.set_options(
    timeout=30_000
)  # As long as Playwright waits for everything else; five seconds are little on a busy machine.
NOT_HERE = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "KITSU_URL", "BRIDGE_URL", "SECRET_KEY")


@pytest.fixture(scope="session")
def bridge(tmp_path_factory):
    """The URL of a bridge with embedded defaults, in a folder of its own."""
    folder, port = tmp_path_factory.mktemp("bridge"), free_port()
    kept = {name: value for name, value in os.environ.items() if name not in NOT_HERE}
    env = kept | {"DATA_DIR": str(folder), "PORT": str(port), "LOG_LEVEL": "WARNING", "OPEN_URL_HOSTS": "127.0.0.1"}
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=env, stdout=log, stderr=log, start_new_session=True
    )
    url = f"http://localhost:{port}"
    try:
        _wait_for(url, server, folder)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=20)


def _wait_for(url, server, folder):
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/sign-in/", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


@pytest.fixture(scope="module")
def chrome():
    """A headless Chromium for the tests of one file: its loop, in this thread, is none for the tests of the next."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(chrome, bridge):
    """Cookies of a person of the sample studio; each signs in once, as the bridge counts attempts."""
    kept = {}

    def cookies(person):
        if person and person not in kept:
            window = chrome.new_context(base_url=bridge)
            page = window.new_page()
            page.goto("/sign-in/")
            page.click(f"button[value='{person}@sample.studio']")
            page.wait_for_url("**/")
            kept[person] = window.storage_state()
            window.close()
        return kept.get(person)

    return cookies


@pytest.fixture
def opened(chrome, bridge, signed_in):
    """Opens a window: `opened("ada")` signed in as her; collects what the console has against us."""
    windows, said = [], []

    def open_window(person="", **how):
        size = {"width": 1280, "height": 900}
        window = chrome.new_context(base_url=bridge, viewport=size, storage_state=signed_in(person), **how)
        windows.append(window)

        def listen(page):
            page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: said.append(str(error)))

        window.on("page", listen)
        return window.new_page()

    yield open_window
    for window in windows:
        window.close()
    violations = [text for text in said if "Content Security Policy" in text or "Error:" in text]
    assert violations == []
