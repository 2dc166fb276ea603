"""The day's schedule with Python alone: hand the problem in, wait, print who goes where when.

Start a service first: dispatch serve
"""

import json
import os
import pathlib
import urllib.request

SERVICE = os.environ.get("DISPATCH_URL", "http://127.0.0.1:8080")


def call(method, path, body=None, **head):
    """One call; a refusal raises with all its findings."""
    request = urllib.request.Request(SERVICE + path, method=method)
    for name, value in head.items():
        request.add_header(name.replace("_", "-"), value)
    if "DISPATCH_KEY" in os.environ:
        request.add_header("Authorization", "Bearer " + os.environ["DISPATCH_KEY"])
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        problem = json.load(refusal)
        for error in problem.get("errors", []):
            print(error["pointer"], error["message"])
        raise SystemExit(f"{problem['status']} {problem['title']}") from None


def main():
    problem = json.loads(pathlib.Path(__file__).with_name("problem.json").read_text())
    job = call("POST", "/v1/plans?seconds=2", problem, Prefer="wait=30")
    while job["state"] in ("queued", "running"):
        job = call("GET", "/v1/plans/" + job["id"], Prefer="wait=30")
    plan = job["plan"]
    for route in plan["routes"]:
        print(route["technician"])
        for stop in route["stops"]:
            what = stop["job"] if "job" in stop else "collect at " + stop["site"]
            print("  ", stop["start"][11:16], what)
    for left in plan["unassigned"]:
        print("left out:", left["job"], [reason["rule"] for reason in left.get("reasons", [])])
    print("cost:", plan["cost"] / 100, "of which", {term: cents for term, cents in plan["bill"].items() if cents})

    # A plan changed by hand: what does the judge say?
    changed = {key: plan[key] for key in ("schema_version", "routes", "unassigned")}
    late = changed["routes"][0]["stops"][-1]
    late["arrival"] = late["departure"]
    verdict = call("POST", f"/v1/plans/{job['id']}/evaluate", changed)
    print("arriving at once:", [broken["rule"] for broken in verdict["violations"]])


if __name__ == "__main__":
    main()
