#!/usr/bin/env bash
# Whoever calls a VROOM server swaps the URL: the same request, an answer with the same fields.
set -euo pipefail
cd "$(dirname "$0")"
service="${DISPATCH_URL:-http://127.0.0.1:8080}"
auth=(${DISPATCH_KEY:+-H "Authorization: Bearer $DISPATCH_KEY"})
curl --fail-with-body --silent --show-error "${auth[@]}" "$service/vroom" --json @vroom.json; echo
