"""A small afserver over TCP and HTTP: the answers of 3.4.1 as they were recorded, its faults, and what kills it."""

from __future__ import annotations

import json
import re
import socketserver
import threading
import time

HOSTS = ("p_error_hosts", "p_avoid_hosts")


class Crash(Exception):
    """registerJob reads the name of a job that it has just refused: the whole server is gone."""


class FakeServer:
    """`trouble`: what goes wrong with the next messages, one each: see `_Talk`. `died`: a message has killed it."""

    def __init__(self):
        self.jobs, self.renders, self.outputs, self.progress = {}, [{"name": "r1", "id": 1, "state": " ONL"}], {}, {}
        self.heard, self.trouble, self.died, self.serial, self.files = [], [], False, 0, {}
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.farm = self
        self.host, self.port = self._server.server_address
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body):
        """The bytes of an answer. Raises `Crash`."""
        try:
            message = json.loads(body)
        except ValueError:
            return _error("JSON: Parse error")
        self.heard.append(message)
        for key, answer in (("get", self._get), ("action", self._action), ("job", self._register)):
            if key in message:
                return answer(message[key]).encode()
        return b""

    def of(self, serial):
        return next(job for job in self.jobs.values() if job["serial"] == int(serial))

    def _register(self, job):
        blocks = job.get("blocks") if isinstance(job, dict) else None
        if not isinstance(job, dict) or not job.get("user_name") or not isinstance(blocks, list) or not blocks:
            raise Crash
        for block in blocks:
            if not isinstance(block, dict) or not (block.get("flags", 0) & 1 or _listed_tasks(block)):
                raise Crash
        new = next(number for number in range(1, 10**6) if number not in self.jobs)
        if len(f"{new}.{job.get('name', '')}".encode()) > 255:
            raise Crash  # No folder can have that name.
        self.serial += 1
        listed = [{"name": b["name"], "tasks_num": _tasks(b), "p_percentage": 0} for b in blocks]
        self.jobs[new] = {**job, "id": new, "serial": self.serial, "st": 4, "state": " WDP", "blocks": listed}
        if job.get("offline"):
            self.jobs[new] |= {"st": 512 | 4, "state": " WDP OFF"}
        return f'{{\n"id":{new},\n"serial":{self.serial}\n}}'

    def _get(self, get):
        if get["type"] == "renders":
            return json.dumps({"renders": self.renders})
        ids = get.get("ids") or []
        if len(ids) == 1 and ids[0] not in self.jobs:
            return _error("Invalid ID").decode()
        if get.get("mode") == "progress":
            return json.dumps({"job_progress": {"id": ids[0], "progress": self.progress.get(ids[0], [])}})
        if get.get("mode") == "output":
            where = (ids[0], get["block_ids"][0], get["task_ids"][0])
            raw = self.outputs.get(where, "ERROR: Can't get ouput of a running task.")
            return f'{{"task":{{"job_id":{ids[0]},"data":"{raw}"}}}}'  # Line ends as they are: no strict JSON.
        wanted = [job for job in self.jobs.values() if job["serial"] in get["serials"]] if get.get("serials") else None
        if wanted is None:
            wanted = [self.jobs[one] for one in ids] if ids else list(self.jobs.values())
        return f'{{"jobs":[{",".join(map(_listed, wanted))}]}}'

    def _action(self, action):
        if not action.get("user_name"):
            return _error('Action should have a not empty "user_name" string.').decode()
        (number,) = action["ids"]
        job = self.jobs.get(number)
        if job is None:
            return _error(f"Action node ID not found: {number}.").decode()
        job.update(action.get("params", {}))
        operation = action.get("operation", {}).get("type")
        changes = {"stop": (0, 2 | 1, 512), "pause": (0, 0, 512), "start": (0, 512, 1), "restart_errors": (0, 32, 1)}
        if operation == "delete":
            del self.jobs[number]
        elif operation == "reset_error_hosts":
            job["blocks"] = [{k: v for k, v in block.items() if k not in HOSTS} for block in job["blocks"]]
        elif operation in changes:
            _, off, on = changes[operation]
            job["st"] = job["st"] & ~off | on
        elif operation:
            return _error(f"Unknown operation: {operation}").decode()
        return '{"info":{"kind":"log","text":"Action processed."}}'


def _listed_tasks(block):
    tasks = block.get("tasks")
    return tasks if isinstance(tasks, list) else []


def _tasks(block):
    if block.get("flags", 0) & 1:
        return -(-(block["frame_last"] - block["frame_first"] + 1) // (block["frames_per_task"] * block["frames_inc"]))
    return len(block["tasks"])


def _listed(job):
    """The user's name is not escaped there."""
    text = json.dumps({**job, "user_name": "\0"})
    return text.replace('"\\u0000"', f'"{job["user_name"]}"')


def _error(text):
    return json.dumps({"info": {"kind": "error", "text": text}}).encode()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class _Talk(socketserver.BaseRequestHandler):
    """One request for each connection. Troubles: `empty cut garbage page drip stall stall-before huge list`."""

    def handle(self):
        farm = self.server.farm
        if farm.died:
            return
        self.request.settimeout(5)
        http, body = self._read()
        trouble = farm.trouble.pop(0) if farm.trouble else ""
        if trouble == "stall-before":
            _silent(self.request)
        if trouble in {"empty", "stall-before"} or body is None:
            return
        try:
            with farm.lock:
                said = farm.answer(body)
        except Crash:
            farm.died = True
            return
        self._say(http, said, trouble)

    def _read(self):
        came = b""
        while True:
            chunk = self.request.recv(65536)
            if not chunk:
                return False, None
            came += chunk
            if found := re.match(rb"AFANASY (\d+) JSON", came):
                length, start, http = int(found[1]), found.end(), False
            elif found := re.search(rb"(?i)^afanasy: (\d+)\r$(?s:.*?)\r\n\r\n", came, re.MULTILINE):
                length, start, http = int(found[1]), found.end(), True
            elif came.startswith(b"POST") and b"\r\n\r\n" in came:
                return True, None
            elif came.startswith(b"GET ") and b"\r\n\r\n" in came:
                self._give(came.split(b" ")[1].decode().removeprefix("/@TMP@"))
                return True, None
            else:
                continue
            if len(came) >= start + length:
                return http, came[start : start + length]

    def _give(self, path):
        """What browsers get: a thumbnail, or a page that says there is none."""
        content = self.server.farm.files.get(path)
        status, kind = (b"200 OK", b"image/jpeg") if content else (b"404 Not Found", b"text/html; charset=UTF-8")
        content = content or b"<!DOCTYPE html><html><head><title>AFANASY 404</title>"
        head = b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Length: %d\r\nContent-Type: %b\r\n\r\n"
        self.request.sendall(head % (status, len(content), kind) + content)
        _silent(self.request)

    def _say(self, http, said, trouble):
        if trouble == "stall":
            _silent(self.request)
            return
        said = {"garbage": b"\xff{not json", "list": b"[1]"}.get(trouble, said)
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\nContent-Type: application/json\r\n\r\n"
        frame = (head % len(said) if http else b"AFANASY %d JSON" % len(said)) + said
        if trouble == "page":
            frame = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
        if trouble == "cut":
            frame = frame[: 12 if http else -3]
        if trouble == "huge":
            frame = b"AFANASY 99999999999 JSON" + b"x" * 1_000_000
        try:
            for byte in [frame] if trouble != "drip" else (frame[i : i + 1] for i in range(len(frame))):
                self.request.sendall(byte)
                if trouble == "drip":
                    time.sleep(0.02)
        except OSError:
            return  # Who asked has hung up, as it should.
        if http and not trouble:
            _silent(self.request)  # The real one waits for the other side to close.


def _silent(connection):
    """As a server that was stopped: it has the message, and says nothing until the other side hangs up."""
    try:
        connection.recv(1)
    except OSError:
        return
