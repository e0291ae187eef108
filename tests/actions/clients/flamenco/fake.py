"""A small Manager over HTTP, that answers in the very bytes of Flamenco 3.9-alpha, and has every trouble that a real one has."""

from __future__ import annotations

import json
import re
import time
import uuid
from datetime import UTC, datetime, timedelta

VERSION = {
    "git": "cf286e71",
    "name": "Bridge test Flamenco",
    "shortversion": "3.9-alpha0",
    "version": "3.9-alpha0 (cf286e71)",
}
HTML = b"<!doctype html><title>Welcome to nginx!</title>"

RENDER = {
    "name": "simple-blender-render",
    "label": "Simple Blender Render",
    "description": "Render a sequence of frames, and create a preview video file",
    "etag": "6f6b4fce9301252a6ab4a9a213a2f0ad447eccd5",
    "settings": [
        {"key": "frames", "type": "string", "required": True,
         "eval": "f'{C.scene.frame_start}-{C.scene.frame_end}'"},
        {"key": "chunk_size", "type": "int32", "default": 1, "visible": "submission",
         "description": "Number of frames to render in one Blender render task"},
        {"key": "render_output_root", "type": "string", "subtype": "dir_path", "required": True},
        {"key": "add_path_components", "type": "int32", "required": True, "default": 0,
         "propargs": {"min": 0, "max": 32}, "visible": "submission"},
        {"key": "render_output_path", "type": "string", "subtype": "file_path", "editable": False,
         "eval": "str(Path(abspath(settings.render_output_root), jobname, '{timestamp}', '######'))"},
        {"key": "blendfile", "type": "string", "required": True, "visible": "web"},
        {"key": "fps", "type": "float", "eval": "C.scene.render.fps / C.scene.render.fps_base", "visible": "hidden"},
        {"key": "format", "type": "string", "required": True, "visible": "web",
         "eval": "C.scene.render.image_settings.file_format"},
        {"key": "image_file_extension", "type": "string", "required": True, "visible": "hidden",
         "eval": "C.scene.render.file_extension"},
        {"key": "has_previews", "type": "bool", "visible": "hidden",
         "eval": "C.scene.render.image_settings.use_preview"},
        {"key": "scene", "type": "string", "required": True, "eval": "C.scene.name"},
    ],
}  # fmt: skip
ECHO = {
    "name": "echo-sleep-test",
    "label": "Echo Sleep Test",
    "etag": "a" * 40,
    "settings": [
        {"key": "message", "type": "string", "required": True},
        {"key": "sleep_duration_seconds", "type": "int32", "default": 1},
        {"key": "sleep_repeats", "type": "int32", "default": 1},
    ],
}
TWO_WAY = {"storage": {"is_twoway": True, "value": "/proj"}, "blender": {"is_twoway": False, "value": "blender"}}
TAG = "39b45f09-8c03-4fb2-b386-0d3e5fa132d3"
NOT_FOUND = {"code": 404, "message": "no such job"}
OUTDATED = "rejecting job because its settings are outdated, refresh the job type"
PICTURE = b"\xff\xd8\xff\xe0 the last picture"


def said(status, content=b"", **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return status, {"Content-Type": "application/json", **headers}, body


def refused(code, message):
    return said(code, {"code": code, "message": message})


class FakeManager:
    """Jobs by id. `next`: answers that come before the ordinary ones; `slow`: seconds before an answer to a new job."""

    def __init__(self):
        self.jobs, self.tasks, self.logs, self.next, self.calls = {}, {}, {}, [], []
        self.types = {one["name"]: json.loads(json.dumps(one)) for one in (RENDER, ECHO)}
        self.workers = {str(uuid.uuid4()): {"name": "ws1", "status": "awake", "tags": [{"id": TAG, "name": "gpu"}]}}
        self.status, self.first_run, self.slow, self.old = "active", False, 0, False
        self.pictures, self.blocklist, self.checked = {}, [], []

    def answer(self, got):
        """What the a_service of tests asks."""
        self.calls.append(f"{got.method} {got.path}")
        if self.next:
            found = self.next.pop(0)
            return found(got) if callable(found) else found
        for pattern, method in ROUTES:
            match = re.fullmatch(pattern, f"{got.method} {got.path}")
            if match:
                return method(self, got, *match.groups())
        return said(404, {"message": "Not Found"})

    def compiled(self, got):
        """A trouble with a new job, as the request's schema and the job compiler find them; None when there is none."""
        job = got.json
        if got.headers.get("content-type") != "application/json":
            return said(400, {"message": "request body has an error: header Content-Type has unexpected value"})
        if "submitter_platform" not in job:
            return said(400, {"message": "request body has an error: doesn't match schema #/components/schemas/"
                                         'SubmittedJob: Error at "/submitter_platform": property is missing'})  # fmt: skip
        if not all(isinstance(one, str) for one in job.get("metadata", {}).values()):
            return said(400, {"message": "request body has an error: value must be a string"})
        if job["type"] not in self.types:
            return refused(400, "job type unknown")
        if job.get("type_etag") not in {None, self.types[job["type"]]["etag"]}:
            return refused(412, OUTDATED)
        if job["settings"].get("frames") == "abc":
            return refused(400, 'GoError: invalid range "abc": abc at github.com/dop251/goja (native)')
        return None

    def submit(self, got):
        if trouble := self.compiled(got):
            return trouble
        job = got.json
        if job.get("worker_tag") not in {None, TAG}:
            return refused(500, "error persisting job in database")
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        state = {"status": job.pop("initial_status", "queued"), "activity": "", "steps_completed": 0, "steps_total": 0}
        found = {**job, "id": str(uuid.uuid4()), "created": now, "updated": now, **state}
        self.jobs[found["id"]], self.tasks[found["id"]] = found, []
        time.sleep(self.slow)
        return said(200, found)

    def of_job(self, job_id, content=None):
        """The job, or what is said of one that is not there."""
        if not re.fullmatch(r"[0-9a-f-]{36}", job_id):
            return refused(400, "job ID not valid")
        if job_id not in self.jobs:
            return said(404, NOT_FOUND)
        return said(200, self.jobs[job_id] if content is None else content)

    def set_status(self, got, job_id):
        changed = {"cancel-requested": "canceled", "requeueing": "queued", "pause-requested": "paused"}
        self.jobs[job_id]["status"] = changed[got.json["status"]]
        return said(204)

    def set_priority(self, got, job_id):
        if not 0 <= got.json["priority"] <= 100:
            return said(400, {"message": "request body has an error: number must be at most 100"})
        self.jobs[job_id]["priority"] = got.json["priority"]
        return said(204)

    def delete(self, _got, job_id):
        self.jobs.pop(job_id, None)
        return said(204)

    def last_rendered(self, _got, job_id):
        if job_id not in self.pictures:
            return said(204)
        suffixes = ["last-rendered.jpg", "last-rendered-small.jpg", "last-rendered-tiny.jpg"]
        return said(200, {"base": self.pictures[job_id], "suffixes": suffixes})

    def log(self, _got, task_id):
        text = self.logs.get(task_id, "")
        return said(200, text.encode(), **{"Content-Type": "text/plain; charset=UTF-8"}) if text else said(204)

    def job_type(self, _got, name):
        return said(200, self.types[name]) if name in self.types else refused(404, "no such job type known")

    def one_worker(self, _got, worker_id):
        return said(200, {"id": worker_id, **self.workers[worker_id]})

    def all_workers(self, _got):
        rows = [{"id": key, "name": one["name"], "status": one["status"]} for key, one in self.workers.items()]
        return said(200, {"workers": rows})

    def all_jobs(self, got):
        if (got.method == "POST") != self.old:
            return said(405, {"message": "Method Not Allowed"})
        return said(200, {"jobs": list(self.jobs.values())})

    def check(self, got):
        self.checked.append(got.json)
        return self.compiled(got) or said(204)

    # What a test does to the farm:

    def waits(self, job_id, minutes):
        """So long nothing happened to the job."""
        self.jobs[job_id]["updated"] = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()

    def runs(self, job_id, status, *tasks, **more):
        """The job stands so; tasks are pairs of a status and a type."""
        self.jobs[job_id].update(status=status, **more)
        self.tasks[job_id] = [
            {"id": str(uuid.uuid4()), "name": f"{kind}-{n}", "status": state, "task_type": kind, "index_in_job": n}
            for n, (state, kind) in enumerate(tasks, 1)
        ]
        return self.tasks[job_id]


A = r"/api/v3"
ROUTES = (
    (rf"GET {A}/version", lambda self, _: said(200, VERSION)),
    (rf"GET {A}/status", lambda self, _: said(200, {"status": self.status})),
    (rf"GET {A}/configuration", lambda self, _: said(200, {"isFirstRun": self.first_run, "shamanEnabled": True,
                                                          "storageLocation": "/farm/jobs"})),
    (rf"GET {A}/jobs/types", lambda self, _: said(200, {"job_types": list(self.types.values())})),
    (rf"GET {A}/jobs/type/([\w%-]+)", FakeManager.job_type),
    (rf"GET {A}/configuration/variables/users/linux", lambda self, _: said(200, TWO_WAY)),
    (rf"GET {A}/worker-mgt/tags", lambda self, _: said(200, {"tags": [{"id": TAG, "name": "gpu", "description": ""}]})),
    (rf"GET {A}/worker-mgt/workers", FakeManager.all_workers),
    (rf"GET {A}/worker-mgt/workers/([\w-]+)", FakeManager.one_worker),
    (rf"POST {A}/jobs/check", FakeManager.check),
    (rf"POST {A}/jobs", FakeManager.submit),
    (rf"GET {A}/jobs|POST {A}/jobs/query", FakeManager.all_jobs),
    (rf"GET {A}/jobs/([\w-]+)", lambda self, _, job_id: self.of_job(job_id)),
    (rf"GET {A}/jobs/([\w-]+)/tasks", lambda self, _, one: self.of_job(one, {"tasks": self.tasks.get(one, [])})),
    (rf"GET {A}/jobs/([\w-]+)/blocklist", lambda self, _, job_id: said(200, self.blocklist)),
    (rf"GET {A}/jobs/([\w-]+)/last-rendered", FakeManager.last_rendered),
    (rf"GET {A}/tasks/([\w-]+)/logtail", FakeManager.log),
    (rf"POST {A}/jobs/([\w-]+)/setstatus", FakeManager.set_status),
    (rf"POST {A}/jobs/([\w-]+)/setpriority", FakeManager.set_priority),
    (rf"DELETE {A}/jobs/([\w-]+)", FakeManager.delete),
    (r"GET /job-files/.*last-rendered\.jpg", lambda self, _: said(200, PICTURE, **{"Content-Type": "image/jpeg"})),
)  # fmt: skip
