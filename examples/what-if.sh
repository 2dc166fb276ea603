#!/usr/bin/env bash
# What if somebody is ill, learns a skill, it rains? Four scenarios under equal budgets, two seeds each.
set -euo pipefail
cd "$(dirname "$0")"
service="${DISPATCH_URL:-http://127.0.0.1:8080}"
auth=(${DISPATCH_KEY:+-H "Authorization: Bearer $DISPATCH_KEY"})
call() { curl --fail-with-body --silent --show-error "${auth[@]}" "$@"; }

place="$(call "$service/v1/scenarios" --json @study.json --output /dev/null --dump-header - |
  tr -d '\r' | sed -n 's/^[Ll]ocation: //p')"
until call "$service$place" | grep -q '"state":"done"'; do sleep 0.5; done
call "$service$place"; echo
