#!/usr/bin/env bash
# A ticket comes in: who should take it, when could it be promised, and the answer of whoever was asked.
set -euo pipefail
cd "$(dirname "$0")"
service="${DISPATCH_URL:-http://127.0.0.1:8080}"
auth=(${DISPATCH_KEY:+-H "Authorization: Bearer $DISPATCH_KEY"})
call() { curl --fail-with-body --silent --show-error "${auth[@]}" "$@"; }

plan="$(call "$service/v1/plans?iterations=500" --json @problem.json -H 'Prefer: wait=30' --dump-header - --output /dev/null |
  tr -d '\r' | sed -n 's|^[Ll]ocation: /v1/plans/||p')"

echo "1. the best, and why the others cannot"
call "$service/v1/recommendations" --json "{\"plan\": \"$plan\", \"ticket\": $(cat ticket.json), \"most\": 1, \"everybody\": true}"; echo

echo "2. what could be promised"
morning='{"open": "2026-06-15T09:00:00+02:00", "close": "2026-06-15T12:00:00+02:00"}'
evening='{"open": "2026-06-15T15:00:00+02:00", "close": "2026-06-15T18:00:00+02:00"}'
call "$service/v1/recommendations" --json "{\"plan\": \"$plan\", \"ticket\": $(cat ticket.json), \"slots\": [$morning, $evening]}"; echo

echo "3. ann does not want it: she is never asked again"
call "$service/v1/plans/$plan/refuse" --json '{"technician": "ann", "job": "T-9"}'; echo

echo "4. bob takes it; with the version of before the refusal that would be too late"
call "$service/v1/plans/$plan/accept" --json "{\"version\": 1, \"technician\": \"bob\", \"ticket\": $(cat ticket.json)}" || echo
call "$service/v1/plans/$plan/accept" --json "{\"version\": 2, \"technician\": \"bob\", \"ticket\": $(cat ticket.json)}"; echo
call "$service/v1/plans/$plan.csv"
