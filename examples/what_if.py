"""What if? The same as what-if.sh, as a table: cost and jobs left out, with the difference to the base."""

import json
import pathlib
import time

from daily_schedule import call


def main():
    study = call("POST", "/v1/scenarios", json.loads(pathlib.Path(__file__).with_name("study.json").read_text()))
    while study["state"] != "done":
        time.sleep(0.5)
        study = call("GET", "/v1/scenarios/" + study["id"])
    for scenario in study["scenarios"]:
        cost, left = scenario["figures"]["cost"], scenario["figures"]["unassigned"]
        change = scenario.get("change", {}).get("cost") or {"mean": 0}
        print(f"{scenario['name']:30} {cost['mean'] / 100:12.2f} ± {cost['deviation'] / 100:8.2f}"
              f"  {change['mean'] / 100:+12.2f}  left out {left['mean']:.1f}", scenario.get("fall_out", []))


if __name__ == "__main__":
    main()
