"""The statistics in a browser: the chart under the strict policy, its legend, its picture, its tasks; and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

INK = """(canvas) => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colors = new Set();
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] > 200) colors.add(pixels.slice(at, at + 3).join());
  return colors.size;
}"""

BAR = """(canvas) => {
  const { x, y, base } = Chart.getChart(canvas).getDatasetMeta(0).data[0].getProps(["x", "y", "base"], true);
  return { x: (x + base) / 2, y };
}"""


@pytest.fixture
def charts(opened):
    def show(person="hana", **how):
        page = opened(person, reduced_motion="reduce", **how)
        page.goto("/statistics/")
        return page

    return show


def test_it_works(charts):
    page = charts()
    chart = page.locator("#figure-status .chart")
    chart.wait_for()
    assert chart.locator("canvas").last.evaluate(INK) > 20
    assert page.locator("#figure-status tbody tr").count() > 3


def test_its_legend_takes_a_series_away_and_brings_it_back(charts):
    page = charts()
    entry = page.locator("#figure-status .legend button").first
    canvas = page.locator("#figure-status .canvas canvas")
    before = canvas.evaluate("one => one.toDataURL()")
    entry.click()
    assert entry.get_attribute("aria-pressed") == "false"
    assert canvas.evaluate("one => one.toDataURL()") != before
    entry.press("Enter")
    assert entry.get_attribute("aria-pressed") == "true"


def test_its_picture_is_a_png(charts):
    page = charts()
    with page.expect_download() as download:
        page.click("#figure-status [data-picture]")
    assert download.value.suggested_filename == "statistics-status.png"
    assert download.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_bar_leads_to_its_tasks(charts):
    page = charts()
    canvas = page.locator("#figure-status .canvas canvas")
    canvas.scroll_into_view_if_needed()
    size = canvas.bounding_box()
    canvas.click(position={"x": size["width"] * 0.12, "y": 22})
    page.wait_for_url("**/statistics/tasks/**row=**")
    page.locator("table.figures tbody tr").first.wait_for()
    page.click("text=Back to the figures")
    page.wait_for_url("**/statistics/?**")


def test_it_changes_with_the_theme(charts):
    page = charts(color_scheme="light")
    canvas = page.locator("#figure-status .canvas canvas")
    light = canvas.evaluate("one => one.toDataURL()")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("before => document.querySelector('.canvas canvas').toDataURL() !== before", arg=light)


def test_its_tables_stand_without_a_script(charts):
    page = charts(java_script_enabled=False)
    page.locator("#figure-status tbody tr").nth(3).wait_for()  # While it is read, the page turns by itself.
    assert not page.locator("#figure-status .chart").is_visible()
    assert not page.locator("[data-print]").is_visible()
    page.select_option("select[name=task_type_id]", index=1)
    page.click("text=Show")
    assert "task_type_id=" in page.url
    expect(page.locator("#figure-status tbody tr")).to_have_count(1, timeout=30_000)


def test_the_kind_s_page_draws_what_was_kept(opened):
    board = opened("ada", reduced_motion="reduce")  # A bar that still grows is not there to be clicked.
    board.goto("/playground/")
    board.get_by_label("Statistics", exact=True).check()
    for number in range(4):
        board.locator(".cell").nth(number).click()
    with board.context.expect_page() as tab:
        board.click("#run")
    page = tab.value
    page.wait_for_selector(".pill.succeeded")
    page.locator("#figure-status .chart").wait_for()
    page.wait_for_function("document.querySelector('#figure-status .legend button, #figure-status .canvas canvas')")
    assert page.locator("#figure-status .canvas canvas").evaluate(INK) > 5
    result = page.url
    page.locator("#figure-status tfoot a").first.click()
    page.wait_for_url("**/statistics/kept/**")
    assert page.locator("table.tasks tbody tr").count() == 4
    page.click("text=Back to the figures")
    page.wait_for_url(f"{result}*")
    page.click("text=/^These tasks.*, now$/")
    page.wait_for_url("**/statistics/?project_id=**&selection=**")
    page.locator("#figure-status .chart").wait_for()
    page.goto("/overview/?action=statistics")
    canvas = page.locator("#figure-states .canvas canvas")
    canvas.scroll_into_view_if_needed()
    canvas.click(position=canvas.evaluate(BAR))
    page.wait_for_url("**/log/?**state=succeeded**")


def test_hostile_names_stay_names(opened):
    page = opened("ada")
    page.goto("/statistics/")
    hostile = page.locator("select[name=project_id] option", has_text="<script>")
    page.select_option("select[name=project_id]", hostile.first.get_attribute("value"))
    page.click("text=Show")
    page.locator("h1 .of", has_text="<script>").wait_for()
    assert page.locator("main img").count() == 0


def test_paper_is_light_and_has_every_chart(charts):
    page = charts(color_scheme="dark")
    page.locator("#figure-status .chart").wait_for()
    page.emulate_media(media="print")
    page.wait_for_selector("#figure-status .paper", state="visible")
    assert page.locator(".paper").count() == page.locator(".chart").count()
    corner = "one => one.getContext('2d').getImageData(1, 1, 1, 1).data.join()"
    assert page.locator("#figure-status .paper").evaluate(corner) == "255,255,255,255"
    shown = "rows => rows.filter((row) => row.getClientRects().length).map((row) => row.cells[0].innerText)"
    weeks = page.locator("#figure-velocity tbody tr")
    assert weeks.evaluate_all(shown) == weeks.evaluate_all("rows => rows.map((row) => row.cells[0].innerText)")[-13:]
    types = page.locator("#figure-status tbody tr")
    assert len(types.evaluate_all(shown)) == min(13, types.count())
