#!/usr/bin/env bash
# The day's schedule with curl: hand the problem in, follow it, take the plan and its exports.
# Start a service first: dispatch serve
set -euo pipefail
cd "$(dirname "$0")"
service="${DISPATCH_URL:-http://127.0.0.1:8080}"
# With keys: export DISPATCH_KEY=dsp_…
auth=(${DISPATCH_KEY:+-H "Authorization: Bearer $DISPATCH_KEY"})
call() { curl --fail-with-body --silent --show-error "${auth[@]}" "$@"; }

echo "1. everything wrong with the problem, at once"
call "$service/v1/validate" --json @problem.json; echo

echo "2. hand it in; the key makes a retry harmless"
place="$(call "$service/v1/plans?seconds=2" --json @problem.json -H 'Idempotency-Key: 2026-06-15' \
  --output /dev/null --dump-header - | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')"
echo "   $place"

echo "3. follow it until it is done"
call --no-buffer "$service$place/events" | grep '^event: '

echo "4. the plan, as tables, on a map, for a technician's calendar, for the store"
call "$service$place?plan=false" | head -c 400; echo " …"
call "$service$place.csv"
call "$service$place.geojson" | head -c 200; echo " …"
call "$service$place/technicians/ann.ics" | head -n 12
call "$service$place/picks"; echo
