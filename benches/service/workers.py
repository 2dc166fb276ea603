"""One worker process against two, of one thread each, on one store: a study of a hundred scenarios, or one large plan.

    python3 benches/service/workers.py target/release/dispatch [--store postgres://…] [--rounds 3]
    python3 benches/service/workers.py target/release/dispatch --plan 20000 --iterations 20000

The server only accepts and answers. Every run has the same budget of iterations, so the work is the same, and so are the
plans; what is measured is the time from handing in to the end.
"""

import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
import urllib.request


def problem(jobs=60, technicians=8):
    """A day of visits by people with one of two skills."""
    dice = random.Random(1)

    def place():
        return {"lat": round(47.0 + dice.uniform(0, 0.3), 5), "lon": round(9.4 + dice.uniform(0, 0.3), 5)}

    def at(hour):
        return f"2026-06-15T{hour:02}:00:00+02:00"

    return {
        "schema_version": 1,
        "horizon": {"start": at(0), "end": at(23), "zone": "Europe/Vaduz"},
        "travel": {"great_circle": {"detour": 1.3, "meters_per_second": 13}},
        "technicians": [
            {"id": f"t{k}", "home": place(), "skills": {"ab"[k % 2]: 1}, "prices": {"work": 3000, "distance": 50},
             "shifts": [{"start": at(8), "end": at(17)}]}
            for k in range(technicians)
        ],
        "jobs": [
            {"id": f"j{k}", "place": place(), "work": f"PT{dice.randint(20, 60)}M",
             "skills": {"all_of": {dice.choice("ab"): 1}}}
            for k in range(jobs)
        ],
    }


def call(service, path, body=None):
    request = urllib.request.Request(service + path, data=json.dumps(body).encode() if body else None)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)


def start(*words):
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return process, process.stdout.readline().split()[-1]


def study(program, store, workers, iterations):
    """Seconds from handing in to the end, and the cost of every scenario."""
    server, service = start(program, "serve", "--store", store, "--bind", "127.0.0.1:0", "--plans-at-once", "0")
    crew = [
        start(program, "worker", "--store", store, "--plans-at-once", "1", "--threads", "1")[0] for _ in range(workers)
    ]
    try:
        changes = [
            {"name": f"{what} {n}", "changes": [{what: factor + n / 100}]}
            for what, factor in (("travel_factor", 1.0), ("demand_factor", 0.9))
            for n in range(1, 51)
        ]
        body = {"problem": problem(), "scenarios": changes, "seeds": [1], "iterations": iterations}
        began = time.monotonic()
        found = call(service, "/v1/scenarios", body)
        while found["runs_open"]:
            time.sleep(0.1)
            found = call(service, f"/v1/scenarios/{found['id']}")
        return time.monotonic() - began, [one["figures"]["cost"]["mean"] for one in found["scenarios"]]
    finally:
        for process in [*crew, server]:
            process.terminate()
            process.wait()


def large(program, store, workers, iterations, jobs):
    """Seconds from handing a large plan in to its end, and its cost."""
    limits = ["--max-jobs", "200000", "--max-places", "400000", "--max-shifts", "50000", "--body-bytes", "400000000",
              "--max-seconds", "3600", "--parts-from", str(max(2, jobs // 2))]
    server, service = start(program, "serve", "--store", store, "--bind", "127.0.0.1:0", "--plans-at-once", "0", *limits)
    crew = [
        start(program, "worker", "--store", store, "--plans-at-once", "1", "--threads", "1", *limits)[0]
        for _ in range(workers)
    ]
    try:
        time.sleep(1)
        body = problem(jobs, jobs // 8)
        began = time.monotonic()
        found = call(service, f"/v1/plans?iterations={iterations}", body)
        while found["state"] in ("queued", "running"):
            time.sleep(0.2)
            found = call(service, f"/v1/plans/{found['id']}")
        took = time.monotonic() - began
        assert found["state"] == "succeeded", found
        return took, [found["plan"]["cost"]]
    finally:
        for process in [*crew, server]:
            process.terminate()
            process.wait()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--store")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--iterations", type=int, default=3000)
    arguments.add_argument("--plan", type=int, metavar="JOBS")
    options = arguments.parse_args()
    ratios, costs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options.rounds):
            took = {}
            # In turn, and the other way round every second time: the machine is not ours alone.
            for workers in ((1, 2), (2, 1))[turn % 2]:
                store = options.store or f"{folder}/{turn}-{workers}.db"
                words = (options.program, store, workers, options.iterations)
                took[workers], cost = large(*words, options.plan) if options.plan else study(*words)
                costs.append(cost)
            ratios.append(took[1] / took[2])
            print(f"one worker {took[1]:.1f} s, two {took[2]:.1f} s, ratio {ratios[-1]:.2f}", flush=True)
    same = all(cost == costs[0] for cost in costs)
    print(f"median ratio {statistics.median(ratios):.2f}; the same costs every time: {'yes' if same else 'no'}")


if __name__ == "__main__":
    main()
