#!/usr/bin/env python3
"""Writes liechtenstein-day.json: one Monday of an invented after-sales service in Liechtenstein.

Places and regions come from liechtenstein-places.json; everything else is invented here. The same
call always writes the same bytes: no clock, no randomness but the small generator below, nothing
but the standard library.

    python3 make_day.py          writes the file beside this script
    python3 make_day.py --check  tells by its exit code whether the file is up to date
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "liechtenstein-day.json"
TABLES = json.loads((HERE / "liechtenstein-places.json").read_text(encoding="utf-8"))
DAY = "2026-06-15"  # a Monday


class Dice:
    """A linear congruential generator: the same numbers in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def pick(self, items):
        return items[self.below(len(items))]

    def shuffled(self, items):
        rest, out = list(items), []
        while rest:
            out.append(rest.pop(self.below(len(rest))))
        return out


def at(clock, day=DAY):
    return f"{day}T{clock}:00+02:00"


def span(open_clock, close_clock):
    return {"open": at(open_clock), "close": at(close_clock)}


def position(street):
    _, lat, lon = street
    return {"lat": lat, "lon": lon}


# ---------------------------------------------------------------- who

WORKSHOP_HOURS = [{"from": "08:00", "until": "12:00"}, {"from": "13:00", "until": "17:00"}]
LONG_HOURS = [{"from": "07:00", "until": "19:00"}]
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]

CALENDARS = [
    {
        "id": "office",
        "hours": {day: WORKSHOP_HOURS for day in WORKDAYS},
        # Corpus Christi and the bridge day after it, made up for on a Saturday.
        "holidays": ["2026-06-04", "2026-06-05"],
        "working_days": [{"date": "2026-06-13", "like": "friday"}],
    },
    {
        "id": "extended",
        "hours": {day: LONG_HOURS for day in WORKDAYS},
        "holidays": ["2026-06-04"],
    },
]

EARLY = ("06:45", "15:30", "17:30", ("11:00", "12:30"))
PLAIN = ("07:30", "16:30", "18:30", ("11:30", "13:00"))
LATE = ("10:00", "19:00", "20:00", ("13:00", "14:30"))
HALF = ("07:30", "12:00", "13:00", None)

# id, name, home (town, number of street), shift, skills, preferred regions, further keys
TECHNICIANS = [
    ("anna", "Anna Beck", ("Vaduz", 0), PLAIN, {"lift": 3, "electrical": 2, "hydraulics": 2}, ["Oberland"], {}),
    ("bruno", "Bruno Frick", ("Eschen", 0), EARLY, {"lift": 2, "hydraulics": 3}, ["Unterland"], {}),
    ("carla", "Carla Ospelt", ("Schaan", 0), LATE, {"lift": 2, "electrical": 3}, ["Oberland"], {}),
    ("david", "David Hasler", ("Gamprin", 0), PLAIN, {"hvac": 3, "refrigeration": 3}, ["Unterland"], {}),
    ("elena", "Elena Marxer", ("Mauren", 0), PLAIN, {"hvac": 2, "electrical": 2}, ["Unterland"], {}),
    (
        "fabian",
        "Fabian Kind",
        ("Triesen", 0),
        EARLY,
        # The certificate for work on refrigerants ends on this very day at two o'clock.
        {"hvac": 2, "refrigeration": {"level": 2, "valid_until": at("14:00")}},
        ["South", "Oberland"],
        {},
    ),
    ("gerda", "Gerda Vogt", ("Balzers", 0), PLAIN, {"hvac": 1, "refrigeration": 2, "hydraulics": 1}, ["South"], {}),
    ("hugo", "Hugo Nigg", ("Vaduz", 1), PLAIN, {"medical": 3, "electrical": 2, "network": 1}, [], {}),
    ("iris", "Iris Büchel", ("Ruggell", 0), EARLY, {"medical": 2, "network": 2}, ["Unterland", "Oberland"], {}),
    ("jonas", "Jonas Wille", ("Schaan", 1), PLAIN, {"printer": 3, "network": 3}, ["Oberland"], {}),
    (
        "katja",
        "Katja Sele",
        ("Triesenberg", 0),
        HALF,
        {"printer": 2, "network": 2},
        [],
        {"regions": ["Oberland", "South"]},
    ),
    (
        "lukas",
        "Lukas Gstöhl",
        ("Bendern", 0),
        PLAIN,
        # In his first year: slower at printers, may replace a board.
        {"printer": {"level": 1, "pace": 1250}, "electrical": 1, "lift": 1},
        [],
        {},
    ),
]

VAN_STOCK = {
    "lift": {"door-roller": 4, "brake-coil": 1, "call-button": 3},
    "hvac": {"air-filter": 5, "fan-motor": 1, "expansion-valve": 1},
    "medical": {"sensor-cable": 3, "pump-battery": 1},
    "printer": {"pickup-roller": 4, "toner-set": 3, "fuser-unit": 1},
}
OWN_TOOLS = {
    "anna": ["rope-tester"],
    "david": ["vacuum-pump", "leak-detector"],
    "fabian": ["leak-detector"],
    "hugo": ["dose-meter"],
}


def technicians():
    out = []
    for ident, name, (town, number), shift, skills, liked, more in TECHNICIANS:
        start, end, latest, rest = shift
        trade = next(iter(skills))
        row = {
            "id": ident,
            "name": name,
            "skills": skills,
            "stock": VAN_STOCK[trade],
            "prices": {"work": 6800, "distance": 70, "overtime": 3400},
            "home": position(TABLES["streets"][town][number]),
        }
        if liked:
            row["preferred_regions"] = liked
        if ident in OWN_TOOLS:
            row["tools"] = OWN_TOOLS[ident]
        row.update(more)
        working = {"id": f"{ident}-mon", "start": at(start), "end": at(end), "latest_end": at(latest)}
        if rest:
            working["breaks"] = [{"window": span(*rest), "duration": "PT45M"}]
        row["shifts"] = [working]
        out.append(row)
    return out


# ---------------------------------------------------------------- where parts come from

SITES = [
    {
        "id": "Store Schaan",
        "place": "store-schaan",
        "opening": [span("06:30", "17:00")],
        "collection": "PT10M",
        "tools": ["vacuum-pump", "leak-detector", "rope-tester", "dose-meter"],
        "stock": {
            "door-board": 3,
            "rope-set": 1,
            "seal-kit": 3,
            "scroll-compressor": 1,
            "controller-board": 2,
            "fuser-unit": 3,
            "transfer-belt": 2,
            "network-switch": 2,
            "pump-battery": 3,
            "refrigerant-kg": 12,
        },
    },
    {
        "id": "Depot Triesen",
        "place": "depot-triesen",
        "opening": [span("07:00", "12:00"), span("13:00", "16:30")],
        "collection": "PT10M",
        "tools": ["leak-detector"],
        "stock": {"door-board": 2, "seal-kit": 2, "controller-board": 2, "fan-motor": 2, "refrigerant-kg": 8},
        # The morning lorry brings the second compressor and a rope set.
        "inbound": [
            {"part": "scroll-compressor", "quantity": 1, "at": at("10:30")},
            {"part": "rope-set", "quantity": 1, "at": at("10:30")},
        ],
    },
]

# ---------------------------------------------------------------- what is to be done

# count, kind, customers, machine, minutes, skills (all of), parts, tools
WORK = [
    (7, "repair", "lift", "Passenger lift", (40, 75), {"lift": 2}, {"door-roller": 1}, []),
    (4, "repair", "lift", "Passenger lift", (45, 60), {"lift": 2, "electrical": 1}, {"door-board": 1}, []),
    (7, "inspection", "lift", "Passenger lift", (30, 40), {"lift": 1}, {}, []),
    (2, "repair", "lift", "Traction lift", (90, 105), {"lift": 2}, {"rope-set": 1}, ["rope-tester"]),
    (4, "repair", "lift", "Hydraulic platform", (45, 75), {"hydraulics": 2}, {"seal-kit": 1}, []),
    (7, "inspection", "hvac", "Ventilation unit", (30, 45), {"hvac": 1}, {"air-filter": 1}, []),
    (4, "repair", "hvac", "Heat pump", (45, 60), {"hvac": 2}, {"controller-board": 1}, []),
    (4, "repair", "hvac", "Ventilation unit", (40, 60), {"hvac": 1}, {"fan-motor": 1}, []),
    (2, "repair", "cold", "Cold room", (90, 120), {"refrigeration": 2}, {"scroll-compressor": 1, "refrigerant-kg": 3}, ["vacuum-pump"]),
    (4, "repair", "cold", "Refrigerated counter", (40, 60), {"refrigeration": 2}, {"refrigerant-kg": 1}, ["leak-detector"]),
    (2, "install", "hvac", "Heat pump", (90, 105), {"hvac": 2, "electrical": 2}, {}, []),
    (7, "repair", "office", "Laser printer", (25, 45), {"printer": 1}, {"pickup-roller": 1}, []),
    (5, "repair", "office", "Production printer", (40, 60), {"printer": 2}, {"fuser-unit": 1}, []),
    (2, "repair", "office", "Production printer", (50, 70), {"printer": 3}, {"transfer-belt": 1}, []),
    (4, "install", "office", "Print server", (45, 60), {"network": 2}, {}, []),
    (2, "repair", "office", "Access network", (40, 55), {"network": 2}, {"network-switch": 1}, []),
    (6, "inspection", "medical", "Patient monitor", (25, 40), {"medical": 1}, {"sensor-cable": 1}, []),
    (4, "repair", "medical", "Infusion pump", (30, 45), {"medical": 2}, {"pump-battery": 1}, []),
    (1, "return_visit", "medical", "X-ray unit", (60, 60), {"medical": 3}, {}, ["dose-meter"]),
]

HILLS = [
    "Falknis", "Alvier", "Gonzen", "Augstenberg", "Kuegrat", "Silum", "Samina", "Galina", "Garsella", "Naafkopf",
    "Rappenstein", "Lawena", "Gaflei", "Fundelkopf", "Plasteikopf", "Goldloch", "Gorfion", "Nospitz",
]  # fmt: skip
HOUSES = {
    "lift": ["Apartments", "Offices", "Parking", "Arcade", "Residence"],
    "hvac": ["School", "Sports Hall", "Warehouse", "Fitness Club", "Workshops"],
    "cold": ["Bakery", "Butchery", "Grocery", "Restaurant", "Dairy"],
    "office": ["Trust Office", "Law Office", "Insurance", "Architects", "Publishing"],
    "medical": ["Medical Practice", "Dental Practice", "Care Home", "Laboratory", "Physiotherapy"],
}
# How many tickets each town has; names of streets are used once.
TOWNS = {
    "Vaduz": 18, "Schaan": 14, "Balzers": 8, "Triesen": 7, "Triesenberg": 4, "Malbun": 2, "Eschen": 7, "Mauren": 5,
    "Nendeln": 3, "Bendern": 4, "Ruggell": 3, "Gamprin": 1, "Schellenberg": 2, "Planken": 1, "Steg": 1,
}  # fmt: skip

# By class: when tickets were opened, calendar, promises as (target, cents per hour late).
OPENED = {
    "P1": [("06:10", DAY), ("06:40", DAY), ("07:05", DAY), ("07:30", DAY), ("08:00", DAY)],
    "P2": [("15:20", "2026-06-12"), ("16:40", "2026-06-12"), ("07:10", DAY), ("07:50", DAY), ("08:20", DAY)],
    "P3": [("11:15", "2026-06-11"), ("14:00", "2026-06-11"), ("15:30", "2026-06-11"), ("08:40", "2026-06-12")],
    "P4": [("11:00", "2026-06-03"), ("09:00", "2026-06-08")],
}
PROMISES = {
    "P1": (None, {"respond": ("PT2H", 6000), "arrive": ("PT3H", 12000), "resolve": ("PT5H", 18000)}),
    "P2": ("extended", {"arrive": ("PT6H", 5000), "resolve": ("PT9H", 8000)}),
    "P3": ("office", {"resolve": ("PT24H", 3000)}),
    "P4": ("office", {}),
}


def tickets():
    dice = Dice(20260615)
    homes = {(town, number) for _, _, (town, number), *_ in TECHNICIANS}
    streets = []
    for town, count in TOWNS.items():
        free = [s for n, s in enumerate(TABLES["streets"][town]) if (town, n) not in homes and s[0] not in STORE_STREETS]
        if len(free) < count:
            sys.exit(f"only {len(free)} streets left in {town}")
        streets += [(town, street) for street in free[:count]]
    streets = dice.shuffled(streets)
    rows = [row for row in WORK for _ in range(row[0])]
    names = {house: dice.shuffled(HILLS) for house in HOUSES}
    classes = dice.shuffled(["P1"] * 6 + ["P2"] * 18 + ["P3"] * 28)
    out = []
    for number, (_, kind, house, machine, (least, most), skills, parts, tools) in enumerate(rows):
        town, street = streets[number]
        name = names[house].pop(0)
        names[house].append(name)
        routine = kind in ("inspection", "install")
        priority = "P4" if routine else classes.pop()
        out.append(
            {
                "kind": kind,
                "place": position(street),
                "work": f"PT{least + 5 * dice.below((most - least) // 5 + 1)}M",
                "setup": "PT5M",
                "skills": {"all_of": skills},
                "priority": priority,
                **({"sla": promise(dice, priority)} if PROMISES[priority][1] else {}),
                "parts": parts,
                "tools": tools,
                "customer": f"{name} {HOUSES[house][dice.below(5)]}, {street[0]}, {town}",
                "asset": f"{machine} {dice.pick('ABCDEFGH')}{1 + dice.below(9)}",
                "windows": opening(dice, house, priority),
            }
        )
    out = dice.shuffled(out)
    for number, ticket in enumerate(out):
        ticket_id = {"id": f"T-{1001 + number}"}
        out[number] = {**ticket_id, **{key: value for key, value in ticket.items() if value != {} and value != []}}
    return out, streets[len(rows) :]


def promise(dice, priority):
    calendar, promises = PROMISES[priority]
    clock, day = dice.pick(OPENED[priority])
    row = {"opened_at": at(clock, day)}
    if calendar:
        row["calendar"] = calendar
    for event, (target, price) in promises.items():
        row[event] = {"target": target, "late_price": price}
    return row


def opening(dice, house, priority):
    """When work may start: urgent work at any time, else in the hours of the house."""
    if priority == "P1":
        return []
    return {
        "lift": [span("07:00", "18:00")],
        "hvac": [span("07:30", "17:00")],
        "cold": [span("06:30", "11:00"), span("13:30", "17:00")],
        "office": [span("08:00", "11:45"), span("13:15", "17:00")],
        "medical": [span("07:30", "11:30"), span("13:30", "17:00")],
    }[house]


def special(jobs, spare):
    """Appointments, pins, wishes, pauses, hard limits, and the two tickets that nobody can do."""

    def of(test, count):
        found = [job for job in jobs if test(job) and id(job) not in touched]
        if len(found) < count:
            sys.exit("too few tickets for a wish")
        touched.update(id(job) for job in found[:count])
        return found[:count]

    def needs(skill):
        return lambda job: skill in job["skills"]["all_of"] and job["priority"] in ("P3", "P4")

    touched = set()
    # Appointments agreed with the customer.
    for job, (start, end) in zip(
        of(needs("lift"), 2) + of(needs("printer"), 1) + of(needs("hvac"), 2) + of(needs("medical"), 1),
        [("09:00", "09:30"), ("14:00", "15:00"), ("10:00", "10:30"), ("08:00", "09:00"), ("15:00", "15:30"), ("13:30", "14:00")],
    ):
        job["windows"] = [span(start, end)]
    # What the dispatcher has fixed.
    first, second, third = of(needs("hvac"), 1) + of(needs("printer"), 1) + of(needs("medical"), 1)
    first["pin"] = {"technician": "elena"}
    second["windows"] = [span("09:15", "09:15")]
    second["pin"] = {"technician": "jonas", "start": at("09:15")}
    third["pin"] = {"technician": "hugo", "window": span("10:00", "11:00")}
    # Customers who know their technician, and one who does not want one.
    for job, who in zip(of(needs("lift"), 3), ["anna", "bruno", "anna"]):
        job["preferred_technicians"] = [who]
    of(needs("printer"), 1)[0]["excluded_technicians"] = ["lukas"]
    of(needs("medical"), 1)[0]["required_technicians"] = ["hugo", "iris"]
    # A customer who had to look for the key on Friday: the clock stood meanwhile.
    of(lambda job: job["priority"] == "P3", 1)[0]["sla"]["pauses"] = [
        {"from": at("14:00", "2026-06-12"), "until": at("16:00", "2026-06-12")}
    ]
    # Contracts that know no lateness: work is done by then or not at all.
    for job in of(lambda job: job["priority"] == "P1", 2):
        job["sla"]["resolve"]["limit_target"] = "PT8H"
    # An important customer.
    of(lambda job: job["priority"] == "P2", 1)[0]["weight"] = 1500
    impossible = [
        {
            "id": "T-1079",
            "kind": "repair",
            "place": position(spare[0][1]),
            "work": "PT1H30M",
            "setup": "PT10M",
            # Only the maker's own people have level 4.
            "skills": {"all_of": {"medical": 4}},
            "priority": "P3",
            "customer": f"Rhine Imaging Centre, {spare[0][1][0]}, {spare[0][0]}",
            "asset": "CT scanner S1",
            "windows": [span("07:30", "17:00")],
        },
        {
            "id": "T-1080",
            "kind": "repair",
            "place": position(spare[1][1]),
            "work": "PT50M",
            "setup": "PT5M",
            "skills": {"all_of": {"hvac": 2}},
            "priority": "P2",
            "sla": {
                "opened_at": at("16:10", "2026-06-12"),
                "calendar": "extended",
                "resolve": {"target": "PT10H", "late_price": 8000},
            },
            # In no van, in no store, and not on its way.
            "parts": {"inverter-drive": 1},
            "customer": f"Unterland Cold Storage, {spare[1][1][0]}, {spare[1][0]}",
            "asset": "Air handling unit K2",
            "windows": [span("07:30", "17:00")],
        },
    ]
    return jobs + impossible


STORES = {"store-schaan": ("Schaan", 2), "depot-triesen": ("Triesen", 1)}
STORE_STREETS = {TABLES["streets"][town][number][0] for town, number in STORES.values()}


def problem():
    jobs = special(*tickets())
    return {
        "schema_version": 1,
        "name": "Liechtenstein, a Monday in June",
        "horizon": {"start": at("00:00"), "end": at("00:00", "2026-06-16"), "zone": "Europe/Vaduz"},
        "places": [{"id": name, **position(TABLES["streets"][town][n])} for name, (town, n) in STORES.items()],
        "skills": ["lift", "electrical", "hydraulics", "hvac", "refrigeration", "medical", "network", "printer"],
        "regions": [
            {"id": name, "area": {"type": "Polygon", "coordinates": [ring]}}
            for name, ring in TABLES["regions"].items()
        ],
        "calendars": CALENDARS,
        "travel": {"profiles": ["car"], "roads": {"map": "liechtenstein.osm.pbf"}},
        "technicians": technicians(),
        "sites": SITES,
        "jobs": jobs,
        "objective": {
            # Above what a whole shift can cost, overtime and lateness included.
            "priority_prices": {"P1": 2000000, "P2": 800000, "P3": 400000, "P4": 200000},
            "outside_preferred_region": 600,
            "not_preferred_technician": 1500,
        },
    }


def written(value):
    """JSON with one line per entry of every list at the top, so that a change shows as a line."""
    def line(part):
        return json.dumps(part, ensure_ascii=False)

    blocks = []
    for key, part in value.items():
        if isinstance(part, list) and part and isinstance(part[0], dict):
            rows = ",\n".join("  " + line(row) for row in part)
            blocks.append(f" {line(key)}: [\n{rows}\n ]")
        else:
            blocks.append(f" {line(key)}: {line(part)}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def main():
    text = written(problem())
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if OUT.read_text(encoding="utf-8") == text else f"{OUT.name} is not what this script writes")
    OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
