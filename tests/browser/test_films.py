"""The films of the sample studio are films: a browser plays them."""

from __future__ import annotations

import base64

import pytest

from kitsu_bridge.kitsu.sample.films import film
from kitsu_bridge.kitsu.sample.pictures import paint

pytestmark = pytest.mark.browser

PLAY = """async (film) => {
    const video = document.createElement("video");
    const ready = new Promise((done) => {
        video.onloadeddata = () => done("ready");
        video.onerror = () => done(video.error.message);
    });
    video.src = "data:video/mp4;base64," + film;
    return [await ready, video.duration, video.videoWidth, video.videoHeight];
}"""


@pytest.mark.parametrize("size", [(160, 90), (64, 64), (150, 100)])
def test_it_works(chrome, size):
    page = chrome.new_page()
    content = base64.b64encode(film(paint("one", *size), 4.0)).decode()
    assert page.evaluate(PLAY, content) == ["ready", 4, *size]
    page.close()
