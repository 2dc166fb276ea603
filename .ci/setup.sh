#!/usr/bin/env bash
# Checks that this machine can build the project, and installs what is missing where it may: a C linker for Rust,
# and for HiGHS (which solves the linear programs of the search) a C++ compiler, cmake and libclang. Everything is
# looked for before anything is built: without libclang the build would fail only after compiling HiGHS.
# Safe to run again and again: on a machine that has everything it only looks.
# Usage: setup.sh [highs|microlp]; with microlp a C linker is enough.
# Not here: building and testing; those are `make demo`, `make test` and `.ci/run`.
set -euo pipefail

need_rust="1.95.0"
lp="${1:-highs}"

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

case "$lp" in
    highs | microlp) ;;
    *) fail "LP=$lp is unknown: it is highs or microlp" ;;
esac

# rustup puts cargo where a fresh shell may not look yet.
if ! have cargo && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
    PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi
have cargo || fail "cargo is missing: install Rust $need_rust or newer (rustup.rs), then run this again"

have_rust="$(rustc --version | cut -d' ' -f2 | cut -d- -f1)"
oldest="$(printf '%s\n%s\n' "$need_rust" "$have_rust" | sort -V | head -n 1)"
[ "$oldest" = "$need_rust" ] || fail "Rust $have_rust is too old: $need_rust or newer is needed (rustup update)"

# The places where the generator of HiGHS's bindings looks for libclang.
have_libclang() {
    local place
    for place in ${LIBCLANG_PATH:+"$LIBCLANG_PATH" "$LIBCLANG_PATH"/libclang*} /usr/lib*/libclang[.-]* \
        /usr/lib*/*/libclang[.-]* /usr/lib*/llvm*/lib*/libclang[.-]* /usr/lib/llvm/*/lib*/libclang[.-]* \
        /usr/local/lib*/libclang[.-]* /usr/local/llvm*/lib*/libclang[.-]* \
        /Library/Developer/CommandLineTools/usr/lib/libclang.dylib \
        /Applications/Xcode*.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/lib/libclang.dylib; do
        case "$(basename "$place")" in
            libclang-cpp*) ;; # another library, for C++ callers
            libclang*.so | libclang*.so.* | libclang.dylib) [ -e "$place" ] && return 0 ;;
        esac
    done
    return 1
}

# Commands that are missing, and the Debian packages that hold them.
missing=() packages=()
want() { missing+=("$1"); shift; packages+=("$@"); }
look() {
    missing=() packages=()
    have cc || want "a C compiler (cc)" gcc libc6-dev
    if [ "$lp" = highs ]; then
        have c++ || want "a C++ compiler (c++)" g++
        have make || have ninja || want "make" make
        have cmake || want "cmake" cmake
        have_libclang || want "libclang" libclang1-14
    fi
}
listed() { local IFS=','; printf '%s' "$*" | sed 's/,/, /g'; }

look
if [ "${#missing[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && have apt-get; then
    say "missing: $(listed "${missing[@]}"); installing ${packages[*]}"
    apt-get update -qq
    # Other releases of Debian carry another version.
    apt-cache show libclang1-14 >/dev/null 2>&1 || packages=("${packages[@]/libclang1-14/libclang1}")
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
    hash -r
    look
fi
if [ "${#missing[@]}" -gt 0 ]; then
    hint="install them (Debian: apt-get install --no-install-recommends ${packages[*]}), then run this again"
    [ "$lp" = highs ] && have cc && hint="$hint; or build with the linear solver in plain Rust, which is slower: make … LP=microlp"
    fail "missing: $(listed "${missing[@]}"): $hint"
fi

compiler=cc
[ "$lp" = microlp ] || compiler=c++
say "ready: Rust $have_rust, $("$compiler" --version | head -n 1)"
