#!/usr/bin/env python3
"""Tables and durations of this engine beside OSRM's and Valhalla's, on the same map, places and machine.

    python3.12 -m venv VENV && VENV/bin/pip install osrm-bindings pyvalhalla
    cargo build --release -p dispatch-routing --example peer
    VENV/bin/python benches/roads/peers.py MAP.osm.pbf FOLDER [--sizes 1000,5000] [--skip-valhalla]

FOLDER keeps what the other engines prepare. Tables hold seconds and metres, on one thread; times are
processor seconds of the answer alone, the best of some repeats (three for the small tables). Durations are
compared on a thousand pairs of places that lie on roads; a pair is left out where an engine has brought an
end to a place farther than 20 m, since it then answers another question.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
STEP = 389  # as in routing/examples/peer.rs


def ours(map_file, count, repeats, folder):
    """CPU seconds of the table; the places with seconds and metres to the one STEP further on."""
    target = os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target")
    out = folder / f"ours-{count}.txt"
    command = [f"{target}/release/examples/peer", map_file, str(count), str(repeats), out]
    seconds = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = [tuple(map(float, line.split())) for line in out.read_text().splitlines()]
    return seconds, rows


def spent(call, repeats):
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        answer = call()
        best = min(best, time.process_time() - start)
    return best, answer


def report(name, pairs):
    """Ratios of the other engine's durations and lengths to ours."""
    ratios = sorted(theirs / mine for mine, theirs, _, _ in pairs if mine > 0)
    lengths = sorted(theirs / mine for _, _, mine, theirs in pairs if mine > 0)
    at = lambda values, share: values[int(share * (len(values) - 1))]
    print(f"{name}: {len(ratios)} pairs, seconds theirs/ours median {statistics.median(ratios):.3f}, "
          f"5 % {at(ratios, .05):.3f}, 95 % {at(ratios, .95):.3f}; "
          f"metres median {statistics.median(lengths):.3f}, 5 % {at(lengths, .05):.3f}, 95 % {at(lengths, .95):.3f}")


class Osrm:
    """The contraction hierarchy of OSRM with its own car profile."""

    def __init__(self, map_file, folder):
        import osrm
        self.osrm = osrm
        base = folder / "osrm" / "map.osrm"
        if not (folder / "osrm" / "ready").exists():
            base.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(map_file, base.with_suffix(".osm.pbf"))
            profile = pathlib.Path(osrm.__file__).parent / "share" / "profiles" / "car.lua"
            run = [sys.executable, "-m", "osrm"]
            start = time.monotonic()
            subprocess.run(run + ["extract", "-p", profile, base.with_suffix(".osm.pbf")], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(run + ["contract", base], check=True, stdout=subprocess.DEVNULL)
            print(f"OSRM: prepared in {time.monotonic() - start:.1f} s")
            (folder / "osrm" / "ready").touch()
        self.engine = osrm.OSRM(storage_config=str(base), algorithm="CH", use_shared_memory=False,
                                max_locations_distance_table=-1)

    def table(self, places, repeats):
        parameters = self.osrm.TableParameters(
            coordinates=[(lon, lat) for lat, lon, *_ in places], annotations=["duration", "distance"],
            generate_hints=False)
        return spent(lambda: self.engine.Table(parameters), repeats)[0]

    def leg(self, a, b):
        parameters = self.osrm.TableParameters(
            coordinates=[(a[1], a[0]), (b[1], b[0])], sources=[0], destinations=[1],
            annotations=["duration", "distance"])
        answer = self.engine.Table(parameters)
        far = max(answer["sources"][0]["distance"], answer["destinations"][0]["distance"])
        return answer["durations"][0][0], answer["distances"][0][0], far


class Valhalla:
    """Valhalla's matrices on its own tiles, costing "auto"."""

    def __init__(self, map_file, folder):
        import valhalla
        import json
        self.json = json
        tiles = folder / "valhalla"
        tiles.mkdir(parents=True, exist_ok=True)
        config = valhalla.get_config(tile_extract="", tile_dir=str(tiles))
        config["service_limits"]["auto"]["max_matrix_location_pairs"] = 10**8
        config["mjolnir"]["concurrency"] = 1
        path = folder / "valhalla.json"
        path.write_text(json.dumps(config))
        if not (folder / "valhalla.ready").exists():
            build = pathlib.Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
            start = time.monotonic()
            subprocess.run([build, "-c", path, map_file], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            print(f"Valhalla: prepared in {time.monotonic() - start:.1f} s")
            (folder / "valhalla.ready").touch()
        self.actor = valhalla.Actor(config)

    def matrix(self, sources, targets):
        spots = lambda places: [{"lat": lat, "lon": lon} for lat, lon, *_ in places]
        query = {"sources": spots(sources), "targets": spots(targets), "costing": "auto", "units": "km"}
        return self.actor.matrix(self.json.dumps(query))

    def table(self, places, repeats):
        return spent(lambda: self.matrix(places, places), repeats)[0]

    def leg(self, a, b):
        answer = self.json.loads(self.matrix([a], [b]))["sources_to_targets"]
        leg = answer[0][0] if isinstance(answer, list) else {k: answer[k][0][0] for k in ("time", "distance")}
        if "time" not in leg and "duration" in leg:
            leg["time"] = leg["duration"]
        seconds = answer["durations"][0][0] if isinstance(answer, dict) and "durations" in answer else leg["time"]
        kilometres = answer["distances"][0][0] if isinstance(answer, dict) and "distances" in answer else leg["distance"]
        return seconds, None if kilometres is None else kilometres * 1000, 0


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("map")
    words.add_argument("folder", type=pathlib.Path)
    words.add_argument("--sizes", default="1000,5000")
    words.add_argument("--valhalla-size", type=int, default=100)
    words.add_argument("--skip-valhalla", action="store_true")
    given = words.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    engines = [("OSRM", Osrm(given.map, given.folder))]
    if not given.skip_valhalla:
        engines.append(("Valhalla", Valhalla(given.map, given.folder)))
    for size in map(int, given.sizes.split(",")):
        repeats = 3 if size <= 1000 else 1
        mine, places = ours(given.map, size, repeats, given.folder)
        theirs = engines[0][1].table(places, repeats)
        print(f"{size} x {size}: ours {mine:.3f} CPU s, OSRM {theirs:.3f}, ratio {theirs / mine:.1f}")
    _, places = ours(given.map, 1000, 1, given.folder)
    for name, engine in engines[1:]:
        few = places[:given.valhalla_size]
        mine, _ = ours(given.map, len(few), 3, given.folder)
        theirs = engine.table(few, 1)
        print(f"{len(few)} x {len(few)}: ours {mine:.4f} CPU s, {name} {theirs:.3f}, ratio {theirs / mine:.0f}")
    for name, engine in engines:
        pairs, worst = [], []
        for at, (lat, lon, seconds, meters) in enumerate(places):
            to = places[(at + STEP) % len(places)]
            duration, distance, far = engine.leg((lat, lon), to[:2])
            if duration is not None and far <= 20:
                pairs.append((seconds, duration, meters, distance))
                worst.append((duration / max(seconds, 1), (lat, lon), to[:2], seconds, duration, meters, distance))
        report(name, pairs)
        worst.sort()
        for ratio, a, b, mine, theirs, own, other in worst[:3] + worst[-3:]:
            print(f"  {ratio:.2f}: {a[0]:.5f},{a[1]:.5f} to {b[0]:.5f},{b[1]:.5f}: "
                  f"{mine:.0f} s {own:.0f} m, theirs {theirs:.0f} s {other:.0f} m")


if __name__ == "__main__":
    main()
