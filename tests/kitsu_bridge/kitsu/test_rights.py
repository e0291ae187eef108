"""Who may write what: one table, held against the sample studio, a real Zou with people's own sessions, and the bot in
their place. Where the last two differed, the bridge would let somebody do what Kitsu does not, or keep them from it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.recent import forget
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.sample.pictures import draw
from tests.kitsu_bridge.kitsu.conftest import Kitsus, in_their_place, real

EVERYBODY = ("admin", "manager", "supervisor", "lead", "user", "painter", "client", "vendor", "outsider")
"""The supervisor has no department, lead and painter are of the task's, the user is of none; the outsider is in no team."""

IN_SAMPLE = dict(
    zip(EVERYBODY, ("ada", "hana", "greta", "tomas", "robin", "noa", "clara", "pixelworks", "luis"), strict=True)
)
IN_ZOU = {one: one for one in EVERYBODY} | {"user": "artist"}

LEADS = {"admin", "manager"}
REVIEWERS = LEADS | {"supervisor"}
DEPARTMENT = REVIEWERS | {"lead"}
TEAM = set(EVERYBODY) - {"outsider"}
STAFF = TEAM - {"client", "vendor"}


@dataclass
class World:
    """A production, the tasks in it that the table is about, and everybody's sessions."""

    kitsus: Kitsus
    folder: object

    def __post_init__(self):
        self.bot = self.kitsus.studio.bot()
        people = {row.get("email"): row["id"] for row in self.bot.persons()}
        self.ids = {who: people[email] for who, email in self.kitsus.emails.items()}
        self.statuses = {row["short_name"]: row["id"] for row in self.bot.task_statuses()}
        self.sessions = {who: self.kitsus.session(who) for who in EVERYBODY}
        self._choose()

    def _choose(self):
        types = {row["id"]: row["department_id"] for row in self.bot.task_types()}
        (own,) = next(row["departments"] for row in self.bot.persons() if row["id"] == self.ids["lead"])
        shared = {row["id"] for row in self.sessions["vendor"].projects()}
        rows = sorted(self.sessions["painter"].tasks(self.kitsus.all_task_ids()), key=lambda row: row["id"])
        rows = [row for row in rows if row["project_id"] in shared]
        entities = {row["id"]: row for row in self.bot.entities([row["entity_id"] for row in rows])}
        rows = [row for row in rows if entities[row["entity_id"]].get("nb_frames")]
        made = {one for one, row in entities.items() if row["created_by"] == self.ids["painter"]}
        near = [row for row in rows if types[row["task_type_id"]] == own and row["entity_id"] not in made]
        far = [row for row in rows if types[row["task_type_id"]] != own and row["entity_id"] not in made]
        self.made = next(row for row in rows if row["entity_id"] in made and types[row["task_type_id"]] != own)
        self.free, self.mine = near[0], next(row for row in near if row["entity_id"] != near[0]["entity_id"])
        self.far = next(row for row in far if row["entity_id"] not in {self.free["entity_id"], self.mine["entity_id"]})
        self.project = self.free["project_id"]
        self.restore()
        for task in self.free, self.mine:
            setattr(self, "preview_of_" + ("free" if task is self.free else "mine"), self.picture(self.bot, task))

    def restore(self):
        """Nobody has these tasks, and everybody in the team has that one."""
        about = [self.free["entity_id"], self.far["entity_id"], self.made["entity_id"]]
        taken = [row["id"] for row in self.bot.entity_tasks(about) if row["assignees"]]
        if taken:
            self.bot.unassign(taken)
        missing = {self.ids[who] for who in TEAM} - set(self.bot.tasks([self.mine["id"]])[0]["assignees"])
        for person in missing:
            self.bot.assign([self.mine["id"]], person)

    def comment(self, session, task, **more):
        draft = {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": task["task_status_id"]}
        return session.post_comments([draft | {"comment": "About the light"} | more])

    def preview(self, session, task):
        comment = self.comment(self.bot, task)[0]
        return session.create_preview(task["id"], comment["id"])

    def picture(self, session, task):
        made = self.preview(self.bot, task)
        path = self.folder / "picture.png"
        path.write_bytes(draw(made["id"], 32, 18))
        return session.upload_preview(made["id"], path)

    def playlist(self, author, **more):
        made = self.bot.create_playlist({"name": "Monday", "project_id": self.project, "created_by": author} | more)
        return made["id"]

    def add(self, session, playlist_id):
        return session.add_to_playlist(playlist_id, [{"entity_id": self.free["entity_id"]}])


def sample(folder):
    studio = SampleStudio()
    people = {row["email"].partition("@")[0]: row for row in studio.tables.persons.values()}
    departments = {row["name"]: row["id"] for row in studio.tables.departments.values()}
    people["greta"]["departments"], people["robin"]["departments"] = [], []
    people["tomas"]["departments"] = [departments["Animation"]]
    project = next(one for one, team in studio.tables.teams.items() if people["pixelworks"]["id"] in team)
    shots = [row for row in studio.tables.entities.values() if row["project_id"] == project and row["nb_frames"]]
    shots[-1]["created_by"] = people["noa"]["id"]
    todo = next(iter(studio.tables.task_statuses.values()))
    locked = {"id": str(uuid.uuid4()), "short_name": "locked", "is_artist_allowed": False, "is_client_allowed": False}
    studio.tables.task_statuses[locked["id"]] = todo | locked
    for name, for_client, of in (
        ("Weather", False, ["Animation"]),
        ("Crowd", False, ["Lighting"]),
        ("Camera", True, []),
    ):
        studio.tables.metadata_descriptors[name] = {
            "id": name, "name": name, "field_name": name.lower(), "project_id": project, "entity_type": "Shot",
            "for_client": for_client, "departments": [departments[one] for one in of], "data_type": "string",
        }  # fmt: skip
    return Kitsus(studio, {who: f"{name}@sample.studio" for who, name in IN_SAMPLE.items()}, "any")


def zou(make):
    kitsus = make()
    kitsus.emails = {who: f"{name}@studio.test" for who, name in IN_ZOU.items()}
    kitsus.tokens = {}
    return kitsus


PLACES = ["sample", *(pytest.param(one, marks=pytest.mark.zou) for one in ("zou", "zou by the bot"))]


@pytest.fixture(scope="module", params=PLACES)
def world(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    makers = {"sample": lambda: sample(folder), "zou": lambda: zou(real), "zou by the bot": lambda: zou(in_their_place)}
    return World(makers[request.param](), folder)


DAY = "2026-03-04"

TABLE = {
    # what: (who may, how it is tried)
    "comment on a task that nobody has": (DEPARTMENT | {"client"}, lambda w, s, who: w.comment(s, w.free)),
    "comment on a task of one's own": (TEAM, lambda w, s, who: w.comment(s, w.mine)),
    "comment on a task of another department": (REVIEWERS | {"client"}, lambda w, s, who: w.comment(s, w.far)),
    "comment on what one made": (REVIEWERS | {"client", "painter"}, lambda w, s, who: w.comment(s, w.made)),
    "use a status for leads": (DEPARTMENT | {"vendor"},
        lambda w, s, who: w.comment(s, w.mine, task_status_id=w.statuses["locked"])),
    "assign oneself": (DEPARTMENT | {"painter"}, lambda w, s, who: s.assign([w.free["id"]], w.ids[who])),
    "assign oneself in another department": (REVIEWERS, lambda w, s, who: s.assign([w.far["id"]], w.ids[who])),
    "assign somebody of the department": (DEPARTMENT | {"painter"},
        lambda w, s, who: s.assign([w.free["id"]], w.ids["painter"])),
    "assign somebody of no department": (REVIEWERS, lambda w, s, who: s.assign([w.free["id"]], w.ids["user"])),
    "unassign oneself": (TEAM, lambda w, s, who: s.unassign([w.mine["id"]], w.ids[who])),
    "unassign everybody": (DEPARTMENT, lambda w, s, who: s.unassign([w.mine["id"]])),
    "unassign everybody in another department": (REVIEWERS, lambda w, s, who: s.unassign([w.far["id"]])),
    "set the priority": (DEPARTMENT, lambda w, s, who: s.set_priority([w.free["id"]], 1)),
    "set the priority in another department": (REVIEWERS, lambda w, s, who: s.set_priority([w.far["id"]], 1)),
    "plan a task": (DEPARTMENT, lambda w, s, who: s.update_task(w.free["id"], {"due_date": DAY, "estimation": 60})),
    "plan a task of another department": (REVIEWERS, lambda w, s, who: s.update_task(w.far["id"], {"due_date": DAY})),
    "change what is no planning": (LEADS, lambda w, s, who: s.update_task(w.free["id"], {"nb_drawings": 3})),
    "say one's own time": (TEAM, lambda w, s, who: s.set_time_spent(w.mine["id"], w.ids[who], DAY, 60)),
    "say another's time": (LEADS | {"user"}, lambda w, s, who: s.set_time_spent(w.mine["id"], w.ids["user"], DAY, 60)),
    "say the time of somebody who does not have the task": (set(),
        lambda w, s, who: s.set_time_spent(w.free["id"], w.ids["user"], DAY, 60)),
    "change a field of one's department": (DEPARTMENT,
        lambda w, s, who: s.update_entity_data(w.free["entity_id"], {"weather": "fog"})),
    "change a field of another department": (REVIEWERS,
        lambda w, s, who: s.update_entity_data(w.free["entity_id"], {"weather": "fog", "crowd": "12"})),
    "change a field of no department": (REVIEWERS,
        lambda w, s, who: s.update_entity_data(w.free["entity_id"], {"camera": "pan"})),
    "change a field that is none": (REVIEWERS, lambda w, s, who: s.update_entity_data(w.free["entity_id"], {"odd": 1})),
    "change a field of what one made": (DEPARTMENT | {"painter"},
        lambda w, s, who: s.update_entity_data(w.made["entity_id"], {"weather": "fog"})),
    "cast": (LEADS, lambda w, s, who: s.set_casting(w.project, w.free["entity_id"], []) == []),
    "make a playlist": (DEPARTMENT, lambda w, s, who: s.create_playlist({"name": "Mine", "project_id": w.project})),
    "add to one's own playlist": (DEPARTMENT, lambda w, s, who: w.add(s, w.playlist(w.ids[who]))),
    "add to another's playlist": (LEADS, lambda w, s, who: w.add(s, w.playlist(w.ids["admin"]))),
    "list playlists": (TEAM - {"vendor"}, lambda w, s, who: s.playlists(w.project) is not None),
    "read a playlist": (STAFF, lambda w, s, who: s.playlist(w.project, w.playlist(w.ids["admin"]))),
    "read a playlist for clients": (STAFF | {"client"},
        lambda w, s, who: s.playlist(w.project, w.playlist(w.ids["admin"], for_client=True))),
    "read a playlist for clients by its id": (STAFF | {"client"},
        lambda w, s, who: s.playlist_row(w.playlist(w.ids["admin"], for_client=True))),
    "read custom fields": (TEAM, lambda w, s, who: s.metadata_descriptors(w.project)),
    "add a preview": (DEPARTMENT | {"client"}, lambda w, s, who: w.preview(s, w.free)),
    "add a preview to one's own": (TEAM, lambda w, s, who: w.preview(s, w.mine)),
    "upload a picture": (DEPARTMENT | {"client"}, lambda w, s, who: w.picture(s, w.free)),
    "upload a picture to one's own": (TEAM, lambda w, s, who: w.picture(s, w.mine)),
    "set the thumbnail": (STAFF, lambda w, s, who: s.set_main_preview(w.preview_of_free["id"])),
    "set the thumbnail of one's own": (STAFF | {"vendor"}, lambda w, s, who: s.set_main_preview(w.preview_of_mine["id"])),
    "fetch a file": (STAFF | {"client"}, lambda w, s, who: b"".join(s.preview_content(w.preview_of_free, 10**6))),
    "see a thumbnail": (STAFF | {"client"}, lambda w, s, who: s.thumbnail(w.preview_of_free["id"])),
    "see a thumbnail of one's own": (TEAM, lambda w, s, who: s.thumbnail(w.preview_of_mine["id"])),
}  # fmt: skip


def may(world, who, what, write):
    try:
        return bool(write(world, world.sessions[who], who))
    except (KitsuForbids, NotInKitsu):
        return False
    finally:
        if "assign" in what:
            world.restore()


@pytest.mark.parametrize("what", TABLE)
def test_it_works(world, what):
    expected, write = TABLE[what]
    assert {who for who in EVERYBODY if may(world, who, what, write)} == expected


def let_clients_use(world, status_id, allowed):
    """The production says so itself, whatever the studio says."""
    if isinstance(world.kitsus.studio, SampleStudio):
        links = {} if allowed is None else {status_id: {"is_client_allowed": allowed}}
        world.kitsus.studio.tables.projects[world.project]["task_statuses_link"] = links
        return
    route = f"data/projects/{world.project}/settings/task-status"
    world.bot._send("POST", route, {"task_status_id": status_id})
    world.bot._send("PUT", f"{route}/{status_id}", {"is_client_allowed": allowed})


@pytest.mark.parametrize(("status", "studio"), [("locked", False), ("wip", True)])
def test_it_lets_a_production_decide_about_its_clients(world, status, studio):
    status_id = world.statuses[status]
    for allowed in (True, False, None):
        let_clients_use(world, status_id, allowed)
        forget()
        world.sessions["client"] = world.kitsus.session("client")
        may_use = may(world, "client", "", lambda w, s, who: w.comment(s, w.free, task_status_id=status_id))
        assert may_use is (studio if allowed is None else allowed)
