"""The same as vroom-swap.sh: who does what in the answer of a VROOM request."""

import json
import pathlib

from daily_schedule import call


def main():
    answer = call("POST", "/vroom", json.loads(pathlib.Path(__file__).with_name("vroom.json").read_text()))
    for route in answer["routes"]:
        tasks = [step["id"] for step in route["steps"] if step["type"] == "job"]
        print("vehicle", route["vehicle"], "does", tasks, "cost", route["cost"])
    print("left out:", [job["id"] for job in answer["unassigned"]])


if __name__ == "__main__":
    main()
