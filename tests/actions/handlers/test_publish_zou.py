"""Publishing to a real Zou: revisions, files, thumbnails, rights, and lost answers."""

from __future__ import annotations

import uuid

import pytest

from actions.contract import File
from actions.handlers.publish import Options, delivery
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample.pictures import draw
from kitsu_bridge.kitsu.visibility import seen_by
from tests.actions.handlers.calling import Collected, LosesAnswers, a_retry, run

pytestmark = pytest.mark.zou


@pytest.fixture
def tasks(zou):
    """Tasks of the short that the artist is assigned to."""
    bot = zou.studio.bot()
    project = next(row for row in bot.projects() if row["production_type"] == "short")
    return resolve(bot, [row["id"] for row in bot.project_tasks(project["id"])]).tasks


@pytest.fixture
def given(tmp_path):
    """A picture that nobody has published before, kept under a name of the bridge's own."""

    def make(name="SH0010 v3.png"):
        path = tmp_path / uuid.uuid4().hex
        path.write_bytes(draw(uuid.uuid4().hex, 64, 36))
        return File(name, path, path.stat().st_size, "image/png")

    return make


def previews(zou, task):
    return sorted(zou.studio.bot().task_previews([task.id]), key=lambda row: row["revision"])


def comments(zou, task):
    return zou.studio.bot().comments([task.id])


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "user", "client"])
def test_it_works(zou, tasks, given, role):
    task, before = tasks[20], len(previews(zou, tasks[20]))
    _, report = run("publish", zou.session(role), [task.id], options=Options(main=role != "client"), file=given(),
                    comment="Have a look")  # fmt: skip
    assert report.words() == {report.results[task.id][1]}
    assert report.results[task.id][0] == "done", report.results
    new = previews(zou, task)
    assert len(new) == before + 1
    assert (new[-1]["original_name"], new[-1]["extension"]) == ("SH0010 v3", "png")
    assert report.results[task.id][2]["revision"] == new[-1]["revision"]
    if role != "client":
        entity = zou.studio.bot().entities([task.entity.id])[0]
        assert entity["preview_file_id"] == new[-1]["id"]


def test_the_bot_publishes_in_the_person_s_name(zou, tasks, given):
    person = Person.from_record(zou.session("user").whoami())
    run("publish", seen_by(zou.studio.bot(), person), [tasks[21].id], options=Options(), file=given())
    last = max(comments(zou, tasks[21]), key=lambda row: row["created_at"])
    assert last["person_id"] == person.id


def test_a_client_s_thumbnail_is_said_and_no_more(zou, tasks, given):
    _, report = run("publish", zou.session("client"), [tasks[22].id], options=Options(main=True), file=given())
    assert report.results[tasks[22].id][0] == "done"
    assert any("not its thumbnail" in text for _, text in report.lines)


@pytest.mark.parametrize(("name", "state"), [("broken.png", "failed"), ("broken.mp4", "done"), ("broken.zip", "done")])
def test_what_zou_cannot_read_is_that_task_s_failure(zou, tasks, tmp_path, name, state):
    """Zou looks into pictures at once, into films later, into other files never."""
    path = tmp_path / name
    path.write_bytes(b"this is neither picture nor film")
    _, report = run("publish", zou.session("manager"), [tasks[23].id], options=Options(), file=File(name, path, 32))
    found, message, _ = report.results[tasks[23].id]
    assert found == state
    assert ("not a readable picture" in message) == (state == "failed")


def test_whoever_is_not_assigned_is_refused(zou, tasks, given):
    vendor = zou.session("vendor")
    seen = {task.id for task in resolve(vendor, [task.id for task in tasks]).tasks}
    assert seen
    person = Person.from_record(zou.session("supervisor").whoami())
    show = zou.studio.bot().projects()
    project = next(row["id"] for row in show if row["production_type"] == "tvshow")
    other = resolve(zou.session("supervisor"), [row["id"] for row in zou.studio.bot().project_tasks(project)]).tasks[0]
    person.project_roles[project] = "user"
    _, report = run("publish", zou.session("supervisor"), [other.id], options=Options(), file=given(),
                    more={"person": person})  # fmt: skip
    assert report.results[other.id][:2] == ("failed", delivery.NOT_YOURS)


def test_the_same_file_is_not_published_twice(zou, tasks, given):
    file, task = given(), tasks[24]
    run("publish", zou.session("user"), [task.id], options=Options(), file=file)
    before = len(previews(zou, task))
    _, report = run("publish", zou.session("user"), [task.id], options=Options(), file=file)
    assert report.results[task.id][0] == "skipped"
    assert len(previews(zou, task)) == before


@pytest.mark.parametrize("after", [1, 2, 3, 4])
@pytest.mark.parametrize("role", ["admin", "user"])
def test_a_retry_publishes_nothing_twice(zou, tasks, given, after, role):
    task, file, report = tasks[25], given(), Collected()
    before, said = len(previews(zou, task)), len(comments(zou, task))
    options = Options(main=True)
    with pytest.raises(KitsuSlow):
        run("publish", zou.session(role), [task.id], options=options, file=file, report=report,
            seen_through=lambda kitsu: LosesAnswers(kitsu, after))  # fmt: skip
    _, again = run("publish", zou.session(role), [task.id], options=options, file=file, more=a_retry(report))
    assert again.ids("done") == {task.id}
    assert (len(previews(zou, task)), len(comments(zou, task))) == (before + 1, said + 1)
    assert previews(zou, task)[-1]["original_name"] == "SH0010 v3"


def test_each_task_gets_its_own_file(zou, tasks, tmp_path):
    class Desk:
        settings = {"PUBLISH_FOLDERS": [str(tmp_path)]}

    chosen = [task for task in tasks if task.entity.kind == "shot"][30:42]
    for task in chosen:
        (tmp_path / f"{task.id}_v1.png").write_bytes(draw(task.id, 64, 36))
    before = {task.id: len(previews(zou, task)) for task in chosen}
    options = Options(path=f"{tmp_path}/{{task_id}}_v*.png")
    _, report = run("publish", zou.session("manager"), [task.id for task in chosen], options=options,
                    more={"desk": Desk()})  # fmt: skip
    assert len(report.ids("done")) == len(chosen) == 12
    assert {task.id: len(previews(zou, task)) - 1 for task in chosen} == before
