"""A ticket comes in: who should take it, and what the plan looks like once somebody has."""

import json
import pathlib

from daily_schedule import call


def read(name):
    return json.loads(pathlib.Path(__file__).with_name(name).read_text())


def planned():
    """The day of problem.json, planned."""
    job = call("POST", "/v1/plans?iterations=500", read("problem.json"), Prefer="wait=30")
    while job["state"] in ("queued", "running"):
        job = call("GET", "/v1/plans/" + job["id"], Prefer="wait=30")
    return job


def main():
    plan, ticket = planned()["id"], read("ticket.json")
    best = call("POST", "/v1/recommendations", {"plan": plan, "ticket": ticket, "everybody": True, "explain": True})
    for offer in best["offers"]:
        print(f"{offer['technician']:10} at {offer['visit']['start'][11:16]}, adds {offer['added'] / 100:.2f},",
              f"{offer['slack']['arrive']} left to arrive, moves {len(offer['moved'])}")
    for one in best["rejected"]:
        print(f"{one['technician']:10} no: {one['rule']} {one['miss'] or ''}")

    first = best["offers"][0]["technician"]
    done = call("POST", f"/v1/plans/{plan}/accept",
                {"version": best["version"], "technician": first, "ticket": ticket})
    added = done["diff"]["added"][0]
    print(f"version {done['version']}: {added['job']} goes to {added['technician']} at {added['start'][11:16]}")

    # The other way round: what should bob do next?
    for pick in call("POST", "/v1/recommendations", {"plan": plan, "technician": "bob"})["jobs"]:
        print("for bob:", pick["job"], "gains", pick["gain"] / 100)


if __name__ == "__main__":
    main()
