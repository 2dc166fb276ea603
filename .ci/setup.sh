#!/usr/bin/env bash
# Checks that this machine can build the project, and installs the C linker where it may.
# Safe to run again and again: on a machine that has everything it only looks.
# Not here: building and testing; those are `make demo`, `make test` and `.ci/run`.
set -euo pipefail

need_rust="1.95.0"

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# rustup puts cargo where a fresh shell may not look yet.
if ! command -v cargo >/dev/null 2>&1 && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
    PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi
command -v cargo >/dev/null 2>&1 || fail "cargo is missing: install Rust $need_rust or newer (rustup.rs), then run this again"

have_rust="$(rustc --version | cut -d' ' -f2 | cut -d- -f1)"
oldest="$(printf '%s\n%s\n' "$need_rust" "$have_rust" | sort -V | head -n 1)"
[ "$oldest" = "$need_rust" ] || fail "Rust $have_rust is too old: $need_rust or newer is needed (rustup update)"

if ! command -v cc >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing a C tool chain, which Rust links with"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev
    else
        fail "a C linker is missing: install gcc and libc6-dev (Debian: apt-get install gcc libc6-dev), then run this again"
    fi
fi

say "ready: Rust $have_rust, $(cc --version | head -n 1)"
