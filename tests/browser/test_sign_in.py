"""Signing in as a browser does it: no page of ours may break its own Content-Security-Policy."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import sync_playwright

from tests.conftest import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server, monkeypatch):
    """A page of a headless Chromium that collects what the console says against us."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=live_server.url)
        page.said = []
        page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        yield page
        browser.close()


def violations(page):
    return [text for text in page.said if "Failed to load resource" not in text]


def test_it_works(page):
    page.goto(f"{reverse('sign_in')}?next={reverse('admin:index')}")
    page.click("button[value='ada@sample.studio']")
    page.wait_for_url(f"**{reverse('admin:index')}")
    page.goto(reverse("sign_out"))
    page.click("main button.primary")
    page.goto(reverse("admin:login"))
    page.wait_for_selector("text=The admin is for studio managers")
    assert violations(page) == []


def test_it_says_beside_the_form_what_is_wrong(page):
    page.goto(reverse("sign_in"))
    page.fill("#id_email", "nobody@studio.test")
    page.fill("#id_password", "any")
    page.click("main button.primary")
    assert "did not accept" in page.inner_text("[role=alert]")
    assert page.input_value("#id_email") == "nobody@studio.test"
    assert page.input_value("#id_password") == ""
    assert violations(page) == []
