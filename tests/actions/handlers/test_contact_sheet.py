from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from actions.contract import ActionError, Cancelled
from actions.handlers import contact_sheet
from actions.handlers.contact_sheet import Options
from kitsu_bridge.kitsu.errors import KitsuSlow, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.sample.pictures import PNG, draw
from kitsu_bridge.kitsu.visibility import Visible
from tests.actions.handlers.collecting import Collected, Counting, call_of
from tests.kitsu_bridge.kitsu.conftest import _real, kitsu  # noqa: F401 - the sample studio, then a real Zou


class Wrapped:
    """A Kitsu of which one thing is otherwise."""

    def __init__(self, kitsu, **otherwise):  # noqa: F811
        self._kitsu = kitsu
        for name, answer in otherwise.items():
            setattr(self, name, answer)

    def __getattr__(self, name):
        return getattr(self._kitsu, name)


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Publishes pictures to tasks of a studio, once: their ids, with previews that have files."""
    kept = {}

    def publish(one):
        if one.studio.is_sample:
            return [row["id"] for row in one.studio.bot().tasks(one.all_task_ids()) if row["last_preview_file_id"]]
        if "zou" not in kept:
            kept["zou"] = list(_publish(one.session("admin"), one.all_task_ids(), tmp_path_factory.mktemp("pictures")))
        return kept["zou"]

    return publish


def _publish(session, ids, folder):
    project = session.tasks(ids[:1])[0]["project_id"]
    for number, row in enumerate([row for row in session.tasks(ids) if row["project_id"] == project][:6]):
        path = folder / f"picture {number}.png"
        path.write_bytes(draw(path.name, 320, 180))
        comment = session.post_comment({"object_id": row["id"], "project_id": row["project_id"],
                                        "task_status_id": row["task_status_id"], "comment": ""})  # fmt: skip
        session.upload_preview(session.create_preview(row["id"], comment["id"])["id"], path)
        yield row["id"]


@pytest.fixture
def called(kitsu, published):  # noqa: F811
    """Runs it on tasks with pictures: `called(role="user", count=3, originals=True)` -> outcome, call."""

    def run(*, role="admin", count=6, tasks=None, session=None, report=None, options=None, **parameters):
        session = session or kitsu.session(role)
        call = call_of(session, tasks or published(kitsu)[:count], report=report)
        return contact_sheet.run(call, options or Options(), **parameters), call

    return run


def pictures(call):
    return {name: content for name, content in call.desk.files.items() if not name.endswith(".zip")}


def archive(call):
    (content,) = (content for name, content in call.desk.files.items() if name.endswith(".zip"))
    return zipfile.ZipFile(io.BytesIO(content))


def test_it_works(called):
    outcome, call = called()
    assert outcome.message == "6 pictures."
    cells = outcome.data["cells"]
    assert [cell["name"] for cell in cells] == [task.entity.path for task in call.tasks]
    assert [cell["picture"] for cell in cells] == [f"/files/000{n}.png" for n in range(1, 7)]
    assert all(cell["revision"] and cell["color"].startswith("#") and cell["status"] for cell in cells)
    assert outcome.data["title"].startswith("Export 20")
    assert all(content.startswith(PNG) for content in pictures(call).values())
    assert call.report.states == {"done": 6}
    assert outcome.data["zip"] is None


def test_tasks_without_preview_are_skipped(called, kitsu, published):  # noqa: F811
    bare = [row["id"] for row in kitsu.studio.bot().tasks(kitsu.all_task_ids()) if not row["last_preview_file_id"]][:3]
    outcome, call = called(tasks=[*published(kitsu)[:2], *bare])
    assert outcome.message == "2 pictures. 3 tasks without."
    assert call.report.states == {"done": 2, "skipped": 3}
    assert len(outcome.data["cells"]) == 2
    with pytest.raises(ActionError, match="None of the selected tasks has a preview"):
        called(tasks=bare)


def test_large_pictures_are_larger(called):
    _, small = called(count=1)
    _, large = called(count=1, pictures="large")
    width = [int.from_bytes(next(iter(pictures(call).values()))[16:20]) for call in (small, large)]
    assert width[0] == 150 < width[1]


def test_originals_are_packed_by_name(called):
    outcome, call = called(originals=True, options=Options(names="{entity_name} {preview_revision|pad:3}"))
    found = archive(call)
    assert found.testzip() is None
    assert len(set(found.namelist())) == 6
    assert all("/" not in name and " 00" in name for name in found.namelist())
    assert all(found.read(name).startswith(PNG) for name in found.namelist())
    assert outcome.data["zip"]["url"].endswith(".zip")
    assert call.report.states == {"done": 6}


def test_hostile_names_stay_in_the_folder(called, kitsu, published):  # noqa: F811
    _, call = called(count=3)
    hostile = [replace(task, entity=replace(task.entity, name="../..\\<b>\x00")) for task in call.tasks]
    _, call = called(tasks=hostile, originals=True, options=Options(names="{entity_name}"))
    stems = sorted(name.rpartition(".")[0] for name in archive(call).namelist())
    assert stems == ["_..__b_", "_..__b__2", "_..__b__3"]


def test_what_does_not_fit_is_named(called, kitsu):  # noqa: F811
    session = kitsu.session("admin")
    fat = Wrapped(
        session, preview_content=lambda row, largest: iter([b"x" * 400_000]) if largest > 400_000 else too_large()
    )
    outcome, call = called(session=fat, originals=True, options=Options(most=1))
    assert len(archive(call).namelist()) == 2
    assert call.report.states == {"done": 2, "failed": 4}
    assert "does not fit into the ZIP: 1 MB are allowed, 0.2 are left" in call.report.failed[0].message
    assert outcome.data["zip"]["size"] == "0.8 MB"


def too_large():
    raise TooLarge


@pytest.mark.parametrize("begin", [b"<svg onload=alert(1)>", b"GIF89a", b"", b"<html>"])
def test_what_is_no_picture_is_not_shown(called, kitsu, begin):  # noqa: F811
    outcome, call = called(session=Wrapped(kitsu.session("admin"), thumbnail=lambda preview_id, large=False: begin))
    assert not call.desk.files
    assert {cell["picture"] for cell in outcome.data["cells"]} == {""}
    assert call.report.states == {"failed": 6}


def test_a_preview_deleted_in_mid_run_is_its_task_s_failure(called, kitsu):  # noqa: F811
    session, asked = kitsu.session("admin"), []

    def thumbnail(preview_id, large=False):
        asked.append(preview_id)
        if len(asked) == 3:
            raise NotInKitsu
        return session.thumbnail(preview_id, large=large)

    def content(row, largest):
        def pieces():
            yield b"half"
            if row["id"] == asked[0]:
                raise NotInKitsu

        return pieces()

    _, call = called(session=Wrapped(session, thumbnail=thumbnail, preview_content=content), originals=True)
    assert call.report.states == {"done": 4, "failed": 2}
    assert len(archive(call).namelist()) == 5
    assert any("Kitsu gives no picture of its preview (png, ready)" in one.message or "(mp4" in one.message
               for one in call.report.failed)  # fmt: skip


@pytest.mark.parametrize("what", ["thumbnail", "preview_content"])
def test_kitsu_away_in_mid_run_ends_it_and_it_can_be_made_anew(called, kitsu, what):  # noqa: F811
    session, asked = kitsu.session("admin"), []

    def away(*args, **more):
        asked.append(args)
        if len(asked) > 2:
            raise KitsuSlow
        return getattr(session, what)(*args, **more)

    report = Collected()
    with pytest.raises(KitsuSlow):
        called(session=Wrapped(session, **{what: away}), report=report, originals=True)
    assert not report.results
    outcome, _ = called(originals=True)
    assert outcome.message == "6 pictures."


@pytest.mark.parametrize("after", [1, 7])
def test_it_stops_when_cancelled(called, after):
    report = Collected(stop_after=after)
    with pytest.raises(Cancelled):
        called(report=report, originals=True)
    assert not report.results


@pytest.mark.parametrize("role", ["user", "vendor", "client"])
def test_the_bot_s_pictures_are_those_the_person_sees(kitsu, published, role):  # noqa: F811
    everything = Counting(kitsu.studio.bot())
    person = Person.from_record(kitsu.session(role).whoami())
    seen = Visible(everything, person)
    call = call_of(seen, published(kitsu))
    everything.asked.clear()
    if not call.tasks:
        return
    outcome = contact_sheet.run(call, Options())
    assert len(outcome.data["cells"]) == len(call.tasks)
    assert everything.asked["preview_files"] == 1
    assert everything.asked["thumbnail"] == len(call.tasks)
    assert everything.asked["tasks"] <= 2


def test_a_thousand_pictures(kitsu, published):  # noqa: F811
    session = Counting(kitsu.session("admin"))
    tasks = list(call_of(session, published(kitsu)).tasks)
    many = [replace(task, id=f"{task.id}-{n}") for n in range(1000 // len(tasks) + 1) for task in tasks][:1000]
    fast = Wrapped(session, thumbnail=lambda preview_id, large=False: PNG)
    call = call_of(fast, many)
    outcome = contact_sheet.run(call, Options(), columns=8)
    assert (len(outcome.data["cells"]), len(call.desk.files)) == (1000, 1000)
    assert session.asked["preview_files"] == 1
