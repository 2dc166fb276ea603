"""The live day: somebody is ill, work goes to others, and the answer says what became different."""

from best_engineer import planned, read
from daily_schedule import call


def told(done):
    """What became different, a line each."""
    diff = done["diff"]
    print(f"version {done['version']}: cost {diff['cost']['before'] / 100:.2f} -> {diff['cost']['after'] / 100:.2f}")
    for one in diff["added"]:
        print("  new:", one["job"], one["technician"], one["start"][11:16])
    for one in diff["moved"]:
        before, after = one["from"], one["to"]
        print("  moved:", one["job"], before["technician"], before["start"][11:16], "->", after["technician"], after["start"][11:16])
    for one in diff["removed"]:
        print("  gone:", one["job"], "was with", one["technician"])
    print("  left out:", ", ".join(diff["unassigned"]) or "nothing")


def main():
    changes = f"/v1/plans/{planned()['id']}/changes?iterations=500&seed=7"
    told(call("POST", changes, {"changes": [{"type": "job_added", "ticket": read("ticket.json")}]}))
    told(call("POST", changes, {"changes": [
        {"type": "technician_sick", "technician": "ann", "from": "2026-06-15T08:00:00+02:00"},
    ]}))


if __name__ == "__main__":
    main()
