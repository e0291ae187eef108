"""How long the figures of 50,000 tasks take, beside the time in which Zou hands over the data, and the memory they need.

    python -m tests.servers -- python benchmarks/statistics.py

Puts a production of that many tasks straight into the database of that Zou. Then two kinds of children take turns: one asks
for every list that the figures are made of and throws the bytes away, the other reads them and makes all figures. The ratio is
that of the medians; the memory is the most that a child had, Python and the interpreter's libraries included.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import psycopg

sys.path.pop(0)  # In this folder `statistics` is this very file.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import statistics

from actions.figures import FIGURES, read_production
from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.client.reading import LINE_BY_LINE, ROUTES
from kitsu_bridge.kitsu.transport import Transport

ON_SHOTS, ON_ASSETS = 40_000, 10_000
ROUNDS = 5
NAME = "Fifty thousand"

SEED = """
INSERT INTO project (id, name, created_at, updated_at, production_type, production_style, fps, revision_padding,
                     project_status_id)
  SELECT gen_random_uuid(), %(name)s, now(), now(), 'tvshow', '3d', '25', 0, id FROM project_status WHERE name = 'Open';

CREATE TEMP TABLE the AS SELECT
  (SELECT id FROM project WHERE name = %(name)s) AS project,
  (SELECT id FROM entity_type WHERE name = 'Episode') AS episode,
  (SELECT id FROM entity_type WHERE name = 'Sequence') AS sequence,
  (SELECT id FROM entity_type WHERE name = 'Shot') AS shot,
  (SELECT id FROM entity_type WHERE name = 'Props') AS asset,
  (SELECT array_agg(id) FROM task_status WHERE NOT for_concept) AS statuses,
  (SELECT array_agg(id) FROM person WHERE NOT is_bot) AS people;

CREATE FUNCTION pg_temp.entities(kind uuid, word text, count int, above uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO entity (id, name, created_at, updated_at, canceled, nb_frames, nb_entities_out, is_casting_standby, is_shared,
                      status, project_id, entity_type_id, parent_id, data)
  SELECT gen_random_uuid(), word || n, now(), now(), false, CASE WHEN word = 'SH' THEN 40 + n %% 100 END, 0, false, false,
         'running', project, kind, above[1 + n %% cardinality(above)],
         '{"frame_in": "1001", "frame_out": "1100", "difficulty": "medium", "weather": "fog,rain"}'
  FROM the, generate_series(1, count) AS n $$;

SELECT pg_temp.entities(episode, 'E', 20, NULL) FROM the;
SELECT pg_temp.entities(sequence, 'SQ', 400, (SELECT array_agg(id) FROM entity WHERE project_id = project
  AND entity_type_id = episode)) FROM the;
SELECT pg_temp.entities(shot, 'SH', %(on_shots)s / (SELECT count(*) FROM task_type WHERE for_entity = 'Shot')::int,
  (SELECT array_agg(id) FROM entity WHERE project_id = project AND entity_type_id = sequence)) FROM the;
SELECT pg_temp.entities(asset, 'Prop ', %(on_assets)s / (SELECT count(*) FROM task_type WHERE for_entity = 'Asset')::int,
  NULL) FROM the;

INSERT INTO task (id, name, created_at, updated_at, priority, difficulty, duration, estimation, completion_rate, retake_count,
                  sort_order, nb_assets_ready, nb_drawings, start_date, due_date, real_start_date, end_date, done_date,
                  last_comment_date, project_id, task_type_id, task_status_id, entity_id)
  SELECT gen_random_uuid(), 'main', now(), now(), 0, 3, 120, 60 * floor(random() * 40), 0, floor(random() * 4), 0, 0, 0,
         at - interval '9 days', date_trunc('day', at + interval '9 days'), at - interval '5 days', at - interval '1 day',
         at, at, project, task_type.id, statuses[1 + floor(random() * cardinality(statuses))], entity.id
  FROM the
  JOIN entity ON entity.project_id = project AND entity_type_id IN (shot, asset)
  JOIN task_type ON for_entity = CASE WHEN entity_type_id = shot THEN 'Shot' ELSE 'Asset' END,
  LATERAL (SELECT date_trunc('second', now()) - random() * interval '300 days' + (entity.nb_frames IS NULL)::int
           * interval '1 hour' AS at) AS moments;
UPDATE task SET done_date = NULL FROM the, task_status
  WHERE project_id = project AND task_status.id = task_status_id AND NOT is_done;

INSERT INTO task_person_link (task_id, person_id)
  SELECT task.id, people[1 + ('x' || left(task.id::text, 4))::bit(16)::int %% cardinality(people)]
  FROM the JOIN task ON project_id = project;
INSERT INTO time_spent (id, created_at, updated_at, duration, date, task_id, person_id)
  SELECT gen_random_uuid(), now(), now(), 60, real_start_date::date + n, task.id, person_id
  FROM the JOIN task ON project_id = project JOIN task_person_link ON task_id = task.id, generate_series(0, 1) AS n;
ANALYZE;
"""


def main() -> None:
    """Make the production, measure, and print."""
    project_id = seeded()
    handed, ours = [], []
    for _ in range(ROUNDS):
        handed.append(child("handed-over", project_id))
        ours.append(child("figures", project_id))
    print(f"{ours[0]['tasks']:,} tasks and {ours[0]['spents']:,} times, {handed[0]['bytes'] / 1e6:.0f} MB:")
    least, mine = (statistics.median(one["seconds"] for one in some) for some in (handed, ours))
    counted = statistics.median(one["counted"] for one in ours)
    print(f"handed over in {least:.2f} s; read and counted in {mine:.2f} s, {counted:.2f} s of them for the figures")
    own, waiting = statistics.median(one["own"] for one in ours), os.getloadavg()[0]
    print(f"{own:.2f} s of processor time are ours; {waiting:.0f} programs wanted {os.cpu_count()} processors")
    print(
        f"ratio {mine / least:.2f} (at most 1.25); memory {max(one['megabytes'] for one in ours):.0f} MB (at most 300)"
    )


def seeded() -> str:
    """The production's id; made at the first run."""
    with psycopg.connect(os.environ["TEST_ZOU_DATABASE_URL"], autocommit=True) as database:
        found = database.execute("SELECT id FROM project WHERE name = %s", [NAME]).fetchone()
        if found is None:
            values = {"name": NAME, "on_shots": ON_SHOTS, "on_assets": ON_ASSETS}
            with psycopg.ClientCursor(database) as cursor:  # Several statements at a time, with values, need this one.
                cursor.execute(SEED, values)
            found = database.execute("SELECT id FROM project WHERE name = %s", [NAME]).fetchone()
        assert found is not None
        return str(found[0])


def child(what: str, project_id: str) -> dict[str, float]:
    """One measurement in a process of its own."""
    done = subprocess.run([sys.executable, __file__, what, project_id], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def handed_over(project_id: str) -> dict[str, float]:
    """Every byte of the lists, and nothing made of them."""
    transport = Transport(os.environ["TEST_ZOU_URL"], 60.0)
    transport.root  # noqa: B018 - found before the clock starts, as by `session`
    began, size = time.perf_counter(), 0
    paths = [f"data/{one}" for one in ("task-types", "task-status", "projects/open", "persons", "departments")]
    for kind, route in ROUTES.items():
        lines = {"stream": "true", "compact": "true"} if kind in LINE_BY_LINE else {}
        paths.append(f"data/{route}/with-tasks?{urlencode({'project_id': project_id, **lines})}")
    for path in [*paths, f"data/projects/{project_id}/time-spents"]:
        size += sum(map(len, transport.stream(path, os.environ["TEST_ZOU_BOT_TOKEN"], 10**10)))
    return {"seconds": time.perf_counter() - began, "bytes": size}


def figures(project_id: str) -> dict[str, float]:
    """Read, and every figure made."""
    bot = session()
    began, own = time.perf_counter(), time.process_time()
    production = read_production(bot, project_id)
    read = time.perf_counter()
    for make in FIGURES.values():
        make(production)
    ended = time.perf_counter()
    return {
        "seconds": ended - began,
        "counted": ended - read,
        "own": time.process_time() - own,
        "tasks": len(production.tasks),
        "spents": len(production.spents),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def session():
    """The bot's; where the API stands has been found."""
    studio = ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"], timeout=60.0)
    studio.version()
    return studio.bot()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps({"handed-over": handed_over, "figures": figures}[sys.argv[1]](sys.argv[2])))
    else:
        main()
