"""The same VROOM requests to `/vroom` and to VROOM itself: the same fields, and whose answer is better?

    python3 -m venv VENV && VENV/bin/pip install pyvroom
    dispatch serve --bind 127.0.0.1:8080 --store /tmp/vroom.db
    VENV/bin/python benches/service/beside_vroom.py http://127.0.0.1:8080 [--iterations N] [--solomon FILE …]

Answers compare as VROOM compares them: priorities served, then tasks served, then cost. Ends with status 1 where a field
is missing or an answer of ours is worse.
"""

import argparse
import json
import math
import random
import sys
import tempfile
import urllib.request
from datetime import timedelta

import vroom

DAY = 32_400


def matrices(points, speed=10.0, meters=False):
    """Seconds (and metres) between points in metres, a third longer than straight."""
    way = [[1.3 * math.dist(a, b) for b in points] for a in points]
    found = {"durations": [[round(d / speed) for d in row] for row in way]}
    if meters:
        found["distances"] = [[round(d) for d in row] for row in way]
    return {"car": found}


def shape(name, jobs, vehicles, seed):
    """A request of a kind: places over 20 km, vehicles from three depots, work of a quarter to an hour."""
    dice = random.Random(f"{name} {seed}")
    depots = [(dice.uniform(5e3, 15e3), dice.uniform(5e3, 15e3)) for _ in range(3)]
    points = depots + [(dice.uniform(0, 20e3), dice.uniform(0, 20e3)) for _ in range(jobs)]
    fleet = [
        {"id": k + 1, "start_index": k % 3, "end_index": k % 3, "time_window": [0, DAY]} for k in range(vehicles)
    ]
    tasks = [{"id": j + 1, "location_index": 3 + j, "service": 60 * dice.randint(15, 60)} for j in range(jobs)]
    if name == "priorities":
        # Twice the work that fits.
        del fleet[max(1, vehicles // 2) :]
    for vehicle in fleet:
        if name in ("capacity", "field service"):
            vehicle["capacity"] = [jobs // vehicles + 4, 2 * jobs // vehicles + 6]
        if name == "pickups":
            vehicle["capacity"] = [jobs // vehicles + 2]
        if name in ("skills", "field service"):
            vehicle["skills"] = sorted(dice.sample(range(1, 7), 4))
        if name in ("breaks", "field service"):
            vehicle["breaks"] = [{"id": 1, "time_windows": [[10_800, 16_200]], "service": 1800}]
        if name == "costs":
            vehicle["costs"] = {"fixed": 2000, "per_hour": dice.choice([1800, 3600, 5400]), "per_km": 30}
        if name == "open ends":
            del vehicle["end_index"]
        if name == "limits":
            vehicle["max_tasks"] = jobs // vehicles + 1
            vehicle["max_travel_time"] = 9000
        if name == "speeds":
            vehicle["speed_factor"] = dice.choice([0.8, 1.0, 1.25])
    for task in tasks:
        if name in ("capacity", "field service"):
            task["delivery"] = [1, dice.randint(0, 3)]
        if name == "pickups":
            task["pickup"] = [1]
        if name in ("skills", "field service"):
            task["skills"] = [dice.randint(1, 6)]
        if name in ("windows", "field service", "breaks"):
            opens = dice.randrange(0, DAY - 7200, 1800)
            task["time_windows"] = [[opens, opens + 7200]]
        if name in ("priorities", "field service"):
            task["priority"] = dice.choice([0, 10, 50, 100])
        if name == "set-up":
            task["setup"] = 300
            task["location_index"] = 3 + (task["id"] - 1) // 2
    return {"vehicles": fleet, "jobs": tasks, "matrices": matrices(points, meters=name == "costs")}


def solomon(path):
    """A file of Solomon's form, in tenths."""
    rows = [line.split() for line in open(path) if line.strip()]
    numbers = [row for row in rows if all(word.replace(".", "").isdigit() for word in row)]
    (count, load), stops = numbers[0], [[round(float(word)) for word in row] for row in numbers[1:]]
    depot, customers = stops[0], stops[1:]
    tenths = [[math.floor(10 * math.dist(a[1:3], b[1:3])) for b in stops] for a in stops]
    fleet = [
        {"id": k + 1, "start_index": 0, "end_index": 0, "capacity": [int(load)], "time_window": [0, 10 * depot[5]]}
        for k in range(int(count))
    ]
    tasks = [
        {"id": c[0], "location_index": at + 1, "delivery": [c[3]], "service": 10 * c[6],
         "time_windows": [[10 * c[4], 10 * c[5]]]}
        for at, c in enumerate(customers)
    ]
    return {"vehicles": fleet, "jobs": tasks, "matrices": {"car": {"durations": tenths}}}


def theirs(request):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(request, file)
        file.flush()
        problem = vroom.Input.from_json(file.name)
    # Its own end comes long before the limit in most cases.
    return problem.solve(exploration_level=5, nb_threads=2, timeout=timedelta(seconds=60)).to_dict()


def ours(service, request, budget):
    call = urllib.request.Request(f"{service}/vroom?{budget}&seed=1", data=json.dumps(request).encode())
    call.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(call, timeout=600) as answer:
        return json.load(answer)


def fields(value, at=""):
    """All keys of an answer with where they stand; steps by their type."""
    found = set()
    if isinstance(value, dict):
        kind = f"<{value['type']}>" if "type" in value else ""
        for key, inner in value.items():
            found |= {f"{at}{kind}/{key}"} | fields(inner, f"{at}{kind}/{key}")
    elif isinstance(value, list):
        for inner in value:
            found |= fields(inner, at)
    return found


def worth(request, answer):
    """What VROOM compares, most important first: less is better."""
    left = {task["id"] for task in answer["unassigned"]}
    priorities = sum(task.get("priority", 0) for task in request["jobs"] if task["id"] in left)
    return priorities, len(left), answer["summary"]["cost"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("service")
    arguments.add_argument("--seconds", type=float, default=5.0)
    arguments.add_argument("--iterations", type=int, help="instead of seconds: the same answers on a busy machine")
    arguments.add_argument("--solomon", nargs="*", default=[])
    options = arguments.parse_args()
    kinds = ["capacity", "windows", "skills", "breaks", "priorities", "set-up", "costs", "open ends", "limits",
             "pickups", "speeds", "field service"]
    sizes = [(10, 2), (40, 5), (100, 12)]
    requests = [(f"{kind}, {jobs} jobs", shape(kind, jobs, vehicles, 1)) for kind in kinds for jobs, vehicles in sizes]
    requests += [(path.rsplit("/", 1)[-1], solomon(path)) for path in options.solomon]
    budget = f"iterations={options.iterations}" if options.iterations else f"seconds={options.seconds}"
    bad = 0
    for name, request in requests:
        their, our = theirs(request), ours(options.service, request, budget)
        missing = fields(their) - fields(our)
        better, worse = worth(request, our) < worth(request, their), worth(request, our) > worth(request, their)
        word = "better" if better else "worse" if worse else "equal"
        bad += worse or bool(missing)
        print(f"{name:24} VROOM {worth(request, their)}  ours {worth(request, our)}  {word} {sorted(missing) or ''}")
        sys.stdout.flush()
    print(f"{len(requests)} requests, {bad} with a missing field or a worse answer")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
