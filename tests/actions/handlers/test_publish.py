"""Publishing, in the sample studio and from real folders: no database, a call, a report that collects."""

from __future__ import annotations

import pytest

from actions.contract import ActionError, Cancelled, File
from actions.handlers import publish
from actions.handlers.publish import Options, delivery
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample.pictures import draw
from kitsu_bridge.kitsu.visibility import seen_by
from tests.actions.handlers.calling import Collected, LosesAnswers, a_retry, many_tasks, plan, run

PICTURE = draw("a picture", 64, 36)


class Desk:
    """Says which folders may be published from."""

    def __init__(self, *folders):
        self.settings = {"PUBLISH_FOLDERS": [str(one) for one in folders]}


@pytest.fixture
def tasks(studio):
    """Layout tasks on shots of The Lantern Keeper."""

    def find(count=1, task_type="Layout"):
        bot = studio.bot()
        found = resolve(bot, [row["id"] for row in bot.project_tasks(bot.projects()[0]["id"])]).tasks
        return [task for task in found if task.task_type.name == task_type][:count]

    return find


@pytest.fixture
def given(tmp_path):
    """A file as a person gives it: kept under a name of the bridge's own."""

    def make(name="SH0010 v3.png", content=PICTURE):
        path = tmp_path / "3f2c"
        path.write_bytes(content)
        return File(name, path, len(content), "image/png")

    return make


@pytest.fixture
def storage(tmp_path):
    """Shared storage with a file for each of these tasks, and the options that find it."""
    root = tmp_path / "projects"

    def fill(tasks, **options):
        for number, task in enumerate(tasks):
            folder = root / task.id
            folder.mkdir(parents=True)
            (folder / "shot_v9.png").write_bytes(b"an older one")
            (folder / "shot_v10.png").write_bytes(PICTURE + str(number).encode())
        return Options(path=f"{root}/{{task_id}}/shot_v*.png", **options), {"desk": Desk(root)}

    fill.root = root
    return fill


def ids(tasks):
    return [task.id for task in tasks]


def previews(studio, task):
    rows = [row for row in studio.tables.preview_files.values() if row["task_id"] == task.id]
    return sorted(rows, key=lambda row: row["revision"])


def comments(studio, task):
    rows = [row for row in studio.tables.comments.values() if row["object_id"] == task.id]
    return sorted(rows, key=lambda row: row["created_at"])


def test_it_works(studio, session, tasks, given):
    (task,) = tasks()
    before = len(previews(studio, task))
    status = next(key for key, row in studio.tables.task_statuses.items() if row["short_name"] == "wfa")
    outcome, report = run("publish", session("ada"), [task.id], options=Options(main=True), file=given(),
                          comment="Have a look", status=status)  # fmt: skip
    new = previews(studio, task)[-1]
    assert (new["revision"], new["original_name"], new["status"]) == (before + 1, "SH0010 v3", "ready")
    assert studio.tables.files[new["id"]] == PICTURE
    comment = comments(studio, task)[-1]
    assert comment["text"].startswith(f"Have a look\n\nSH0010 v3.png, {len(PICTURE):,} bytes, SHA-256 ")
    assert comment["previews"] == [new["id"]]
    assert studio.tables.tasks[task.id]["task_status_id"] == status
    assert studio.tables.entities[task.entity.id]["preview_file_id"] == new["id"]
    state, message, data = report.results[task.id]
    assert (state, data["revision"], data["file"]) == ("done", before + 1, "SH0010 v3.png")
    assert message == f"Revision {before + 1}: SH0010 v3.png, {len(PICTURE):,} bytes"
    assert data["link"].endswith(f"/shots/tasks/{task.id}")
    assert outcome.message == "1 revision was published."


def test_it_leaves_status_and_thumbnail_alone_unless_asked(studio, session, tasks, given):
    (task,) = tasks()
    thumbnail = studio.tables.entities[task.entity.id]["preview_file_id"]
    run("publish", session(), [task.id], options=Options(), file=given())
    assert studio.tables.tasks[task.id]["task_status_id"] == task.status.id
    assert studio.tables.entities[task.entity.id]["preview_file_id"] == thumbnail


def test_it_finds_each_task_s_file_on_the_storage(studio, session, tasks, storage):
    chosen = tasks(5)
    options, more = storage(chosen)
    _, report = run("publish", session(), ids(chosen), options=options, more=more)
    assert len(report.ids("done")) == 5
    for number, task in enumerate(chosen):
        new = previews(studio, task)[-1]
        assert (new["original_name"], studio.tables.files[new["id"]]) == ("shot_v10", PICTURE + str(number).encode())


def test_it_says_beforehand_which_file_each_task_gets(studio, session, tasks, storage):
    chosen = tasks(3)
    options, more = storage(chosen[:2])
    found = plan("publish", session(), ids(chosen), options=options, more=more)
    assert [step.blocked for step in found.steps] == [False, False, True]
    assert found.steps[0].message.startswith("shot_v10.png, ")
    assert "unless it is its last revision already" in found.steps[0].message
    assert "cannot be read: No such file" in found.steps[2].message
    assert found.message == "2 of 3 tasks get a new revision."
    assert all(
        not previews(studio, task) or "v10" not in previews(studio, task)[-1]["original_name"] for task in chosen
    )


def test_it_does_not_publish_what_is_the_last_revision_already(studio, session, tasks, storage):
    chosen = tasks(2)
    options, more = storage(chosen)
    run("publish", session(), ids(chosen), options=options, more=more)
    (storage.root / chosen[1].id / "shot_v11.png").write_bytes(PICTURE)
    before = [len(previews(studio, task)) for task in chosen]
    _, report = run("publish", session(), ids(chosen), options=options, more=more)
    assert report.results[chosen[0].id][:2] == (
        "skipped", f"Revision {before[0]}: shot_v10.png, {len(PICTURE) + 1:,} bytes, was there already",
    )  # fmt: skip
    assert [len(previews(studio, task)) for task in chosen] == [before[0], before[1] + 1]
    again = Options(path=options.path, again=True)
    run("publish", session(), ids(chosen), options=again, more=more)
    assert [len(previews(studio, task)) for task in chosen] == [before[0] + 1, before[1] + 2]


def test_an_older_revision_may_come_back(studio, session, tasks, given):
    (task,) = tasks()
    for content in (PICTURE, PICTURE + b"2", PICTURE):
        run("publish", session(), [task.id], options=Options(), file=given(content=content))
    assert [len(studio.tables.files[row["id"]]) - len(PICTURE) for row in previews(studio, task)[-3:]] == [0, 1, 0]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("shot.dpx", PICTURE, "Kitsu takes no “.dpx” as a preview"),
        ("shot", PICTURE, "Kitsu takes no “.shot” as a preview"),
        ("shot.exe", PICTURE, "Kitsu takes no “.exe”"),
        ("shot.png", b"", "shot.png is empty"),
        ("shot.png", b"x" * (2 * 1024 * 1024), "at most 1 MB are taken"),
    ],
)
def test_what_kitsu_does_not_take_is_said_before_anything_is_written(
    studio, session, tasks, given, name, content, words
):
    (task,) = tasks()
    written = len(studio.tables.comments)
    foreseen = plan("publish", session(), [task.id], options=Options(largest=1), file=given(name, content))
    _, report = run("publish", session(), [task.id], options=Options(largest=1), file=given(name, content))
    assert words in report.results[task.id][1]
    assert (foreseen.steps[0].blocked, foreseen.steps[0].message) == (True, report.results[task.id][1])
    assert len(studio.tables.comments) == written


def test_it_wants_one_task_for_one_file(session, tasks, given):
    with pytest.raises(ActionError, match="A file is for one task; 2 are selected"):
        run("publish", session(), ids(tasks(2)), options=Options(), file=given())
    with pytest.raises(ActionError, match=r"Choose a file\."):
        run("publish", session(), ids(tasks(1)), options=Options())


def test_the_storage_is_closed_until_its_folders_are_set(session, tasks, storage):
    chosen = tasks(1)
    options, _ = storage(chosen)
    with pytest.raises(ActionError, match="PUBLISH_FOLDERS is not set"):
        run("publish", session(), ids(chosen), options=options, more={"desk": Desk()})
    with pytest.raises(ActionError, match="PUBLISH_FOLDERS is not set"):
        run("publish", session(), ids(chosen), options=options)
    _, report = run("publish", session(), ids(chosen), options=options, more={"desk": Desk(storage.root / "other")})
    assert "outside the folders" in report.results[chosen[0].id][1]


@pytest.mark.parametrize("name", ["../../private", "a/b", "..", "a\x00b", "", "x" * 4000])
def test_hostile_names_lead_nowhere_else(studio, session, tasks, storage, name):
    (task,) = tasks()
    (storage.root.parent / "private").mkdir()
    (storage.root.parent / "private" / "secret.png").write_bytes(PICTURE)
    storage.root.mkdir()
    studio.tables.entities[task.entity.id]["name"] = name
    options = Options(path=f"{storage.root}/{{entity_name}}/secret.png")
    _, report = run("publish", session(), [task.id], options=options, more={"desk": Desk(storage.root)})
    assert report.results[task.id][0] == "failed"
    assert not any("SHA-256" in (row["text"] or "") for row in comments(studio, task))


def test_a_safe_part_of_any_name_can_be_had(studio, session, tasks, storage):
    (task,) = tasks()
    studio.tables.entities[task.entity.id]["name"] = "../../<b>odd</b>"
    (storage.root / "b_odd__b").mkdir(parents=True)
    options = Options(path=f"{storage.root}/{{entity_name|path}}/shot.png")
    found = plan("publish", session(), [task.id], options=options, more={"desk": Desk(storage.root)})
    assert str(storage.root) in found.steps[0].message
    assert ".." not in found.steps[0].message


@pytest.mark.parametrize("name", ["hana", "greta", "clara", "pixelworks"])
def test_whoever_may_comment_may_publish(session, tasks, given, name):
    me = session(name).whoami()["id"]
    vendor = name == "pixelworks"
    chosen = tasks(99, "Compositing" if vendor else "Animation")
    task = next(task for task in chosen if not vendor or me in task.record["assignees"])
    _, report = run("publish", session(name), [task.id], options=Options(), file=given())
    assert report.results[task.id][0] == "done"


def test_whoever_is_not_assigned_is_told_before_and_after(studio, session, tasks, given):
    noa = session("noa").whoami()["id"]
    task = next(task for task in tasks(99) if noa not in task.record["assignees"])
    foreseen = plan("publish", session("noa"), [task.id], options=Options(), file=given())
    _, report = run("publish", session("noa"), [task.id], options=Options(), file=given())
    assert foreseen.steps[0].message == report.results[task.id][1] == delivery.NOT_YOURS
    assert report.results[task.id][0] == "failed"


def test_the_bot_publishes_in_the_person_s_name(studio, tasks, given):
    person = Person.from_record(next(row for row in studio.people() if row["email"].startswith("hana")))
    (task,) = tasks()
    run("publish", seen_by(studio.bot(), person), [task.id], options=Options(), file=given())
    assert comments(studio, task)[-1]["person_id"] == person.id
    assert previews(studio, task)[-1]["person_id"] == person.id


def test_it_takes_a_thousand_tasks(studio, session, tmp_path):
    (tmp_path / "one.png").write_bytes(PICTURE)
    chosen = many_tasks(studio, 1000)
    options = Options(path=f"{tmp_path}/one.png")
    outcome, report = run("publish", session("ada"), chosen, options=options, more={"desk": Desk(tmp_path)})
    assert len(report.ids("done")) == 1000
    assert outcome.message == "1,000 revisions were published."


def test_a_task_that_is_deleted_meanwhile_is_named(studio, session, tasks, storage, monkeypatch):
    monkeypatch.setattr(publish, "CHUNK", 2)
    chosen = tasks(6)
    options, more = storage(chosen)
    report = Collected(
        {2: lambda: studio.tables.tasks.pop(chosen[4].id), 4: lambda: studio.tables.tasks.pop(chosen[5].id)}
    )
    run("publish", session("ada"), ids(chosen), options=options, more=more, report=report)
    assert report.ids("failed") == {chosen[4].id, chosen[5].id}
    assert len(report.ids("done")) == 4


def test_a_file_that_goes_meanwhile_is_that_task_s_failure(studio, session, tasks, storage):
    chosen = tasks(3)
    options, more = storage(chosen)
    report = Collected({1: lambda: [path.unlink() for path in (storage.root / chosen[1].id).iterdir()]})
    run("publish", session(), ids(chosen), options=options, more=more, report=report)
    assert report.ids("failed") == {chosen[1].id}


def test_it_stops_when_cancelled(studio, session, tasks, storage):
    chosen = tasks(5)
    options, more = storage(chosen)
    with pytest.raises(Cancelled):
        run("publish", session(), ids(chosen), options=options, more=more, report=Collected(stop_after=2))
    assert sum("v10" in previews(studio, task)[-1]["original_name"] for task in chosen if previews(studio, task)) == 2


@pytest.mark.parametrize("after", range(1, 9))
def test_a_retry_publishes_nothing_twice(studio, session, tasks, storage, after):
    """Whichever answer of Kitsu is lost: of the comment, the revision, the file or the thumbnail."""
    chosen = tasks(2)
    options, more = storage(chosen, main=True)
    before = [len(previews(studio, task)) for task in chosen]
    said = [len(comments(studio, task)) for task in chosen]
    report = Collected()
    with pytest.raises(KitsuSlow):
        run("publish", session(), ids(chosen), options=options, more=more, report=report,
            seen_through=lambda kitsu: LosesAnswers(kitsu, after))  # fmt: skip
    left = [one for one in ids(chosen) if one not in report.ids("done")]
    _, again = run("publish", session(), left, options=options, more=more | a_retry(report))
    assert again.ids("done") == set(left)
    assert [len(previews(studio, task)) for task in chosen] == [one + 1 for one in before]
    assert [len(comments(studio, task)) for task in chosen] == [one + 1 for one in said]
    for number, task in enumerate(chosen):
        new = previews(studio, task)[-1]
        assert studio.tables.files[new["id"]] == PICTURE + str(number).encode()
        assert studio.tables.entities[task.entity.id]["preview_file_id"] == new["id"]


def test_kitsu_may_go_away_in_the_middle(studio, session, tasks, storage):
    chosen = tasks(4)
    options, more = storage(chosen)
    report = Collected({2: lambda: setattr(studio, "trouble", KitsuSlow())})
    with pytest.raises(KitsuSlow):
        run("publish", session(), ids(chosen), options=options, more=more, report=report)
    studio.trouble = None
    assert len(report.ids("done")) == 2
    _, again = run("publish", session(), ids(chosen[2:]), options=options, more=more | a_retry(report))
    assert len(again.ids("done")) == 2
    assert all(previews(studio, task)[-1]["original_name"] == "shot_v10" for task in chosen)
