"""What a Manager says of itself, and addresses that are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.clients.flamenco import Flamenco, address_of
from actions.farms.contract import FarmAway, FarmRefuses
from tests.actions.clients.flamenco.conftest import LIVE
from tests.actions.clients.flamenco.fake import HTML, TAG, said


def test_it_works(farm):
    about = farm.about()
    assert about.name
    assert about.version.startswith("3.")
    assert {"echo-sleep-test", "simple-blender-render"} <= set(farm.job_types())
    kind = farm.job_type("simple-blender-render")
    assert kind["frames"].required
    assert kind["render_output_path"].evaluated
    assert kind["render_output_root"].subtype == "dir_path"
    assert kind.etag


def test_an_unknown_job_type_names_those_that_are_there(farm):
    with pytest.raises(FarmRefuses, match=r"no job type “nothing”\. It has: .*echo-sleep-test"):
        farm.job_type("nothing")
    with pytest.raises(FarmRefuses, match="no name"):
        farm.job_type("../../version")


def test_a_tag_is_known_by_its_name(fake):
    farm = Flamenco(fake.url)
    assert farm.tag_id("gpu") == farm.tag_id(" GPU ") == TAG
    with pytest.raises(FarmRefuses, match=r"no worker tag “cpu”\. It has: gpu"):
        farm.tag_id("cpu")


def test_an_unknown_tag_is_refused(farm):
    with pytest.raises(FarmRefuses, match="no worker tag"):
        farm.tag_id("a tag of no Manager")


def test_it_warns_where_nobody_can_work(fake):
    fake.status = "inoperative"
    assert "No worker of the farm can work" in Flamenco(fake.url).about().warning
    fake.status = "idle"
    assert Flamenco(fake.url).about().warning == ""


def test_a_manager_that_nobody_has_set_up_is_refused(fake):
    fake.first_run = True
    with pytest.raises(FarmRefuses, match="not set up yet"):
        Flamenco(fake.url).about()


@pytest.mark.parametrize("body", [HTML, b"{}", b'{"name": "afserver"}', b"null", b"\xff\xfe", b""])
def test_what_is_no_manager_is_refused(fake, body):
    fake.next = [said(200, body)]
    with pytest.raises(FarmRefuses, match="no Flamenco Manager"):
        Flamenco(fake.url).about()


def test_it_goes_through_a_proxy_that_asks_who_comes(fake):
    seen = []
    fake.next = [lambda got: seen.append(got.headers["authorization"]) or said(401, HTML)]
    with pytest.raises(FarmRefuses, match="does not let the bridge in") as refusal:
        Flamenco(fake.url, "bridge:s3cret").about()
    assert seen == ["Basic YnJpZGdlOnMzY3JldA=="]
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("path", ["", "/", "/app", "/app/jobs/3", "/api/v3", "/api/v3/jobs"])
def test_the_address_of_any_of_its_pages_will_do(path):
    assert address_of(f"http://flamenco:8080{path}") == "http://flamenco:8080"


@pytest.mark.parametrize(
    "url", ["", "flamenco:8080", "ftp://x", "http://a:b@x", "http://x?a", "http://", "file:///etc"]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(FarmRefuses, match="http"):
        address_of(url)


def test_nobody_is_asked_where_nobody_is():
    with pytest.raises(FarmAway):
        Flamenco("http://127.0.0.1:9").about()


@pytest.mark.skipif(not LIVE, reason="KB_LIVE_FLAMENCO names no Manager")
def test_the_small_manager_has_the_job_types_of_a_real_one(fake):
    for name in ("echo-sleep-test", "simple-blender-render"):
        real, small = (Flamenco(url).job_type(name) for url in (LIVE, fake.url))
        assert [_checked(one) for one in real.settings] == [_checked(one) for one in small.settings]


def _checked(setting):
    """What a value is checked by; words for people differ from version to version."""
    return replace(setting, label="", description="", visible="")
