# The two commands of the README, and what they need.
.PHONY: demo test setup

# rustup puts cargo where a fresh shell may not look yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

# What solves linear programs: `highs`, or `microlp` on a machine without a C++ tool chain.
LP ?= highs
ifneq ($(LP),highs)
features := --no-default-features --features $(LP)
endif

# A sample day on real roads: solved, judged, printed, and written to ./out.
demo: setup
	cargo build --release --locked $(features)
	cargo run --release --locked --quiet $(features) -- demo

# Every test of every crate.
test: setup
	cargo test --workspace --locked $(features)

# Checks the machine; installs only what is missing.
setup:
	@bash .ci/setup.sh $(LP)
