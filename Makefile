# The two commands of the README, and what they need.
.PHONY: demo test setup

# rustup puts cargo where a fresh shell may not look yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

# A sample day on real roads: solved, judged, printed, and written to ./out.
demo: setup
	cargo build --release --locked
	cargo run --release --locked --quiet -- demo

# Every test of every crate.
test: setup
	cargo test --workspace --locked

# Checks the machine; installs only what is missing.
setup:
	@bash .ci/setup.sh
