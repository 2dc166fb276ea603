#!/usr/bin/env bash
# The live day: work begins, takes longer, and somebody falls ill. Each call answers with what that changes.
set -euo pipefail
cd "$(dirname "$0")"
service="${DISPATCH_URL:-http://127.0.0.1:8080}"
auth=(${DISPATCH_KEY:+-H "Authorization: Bearer $DISPATCH_KEY"})
call() { curl --fail-with-body --silent --show-error "${auth[@]}" "$@"; }

plan="$(call "$service/v1/plans?iterations=500" --json @problem.json -H 'Prefer: wait=30' --dump-header - --output /dev/null |
  tr -d '\r' | sed -n 's|^[Ll]ocation: /v1/plans/||p')"
changes="$service/v1/plans/$plan/changes?iterations=500&seed=7"

echo "1. changing a promise costs something from now on; a ticket comes in"
call "$changes" --json "{\"changes\": [
  {\"type\": \"promises_priced\", \"moved_technician\": 2000, \"moved_start\": 1000},
  {\"type\": \"job_added\", \"ticket\": $(cat ticket.json)}]}"; echo

echo "2. what is under way at nine is; then ann is ill"
call "$changes" --json '{"changes": [
  {"type": "freeze", "at": "2026-06-15T09:00:00+02:00"},
  {"type": "technician_sick", "technician": "ann", "from": "2026-06-15T09:30:00+02:00"}]}'; echo

echo "3. all versions of the day"
call "$service/v1/plans/$plan/versions"; echo
