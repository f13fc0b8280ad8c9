# Comfort for those who have just; every recipe is one line that can be typed.

# What there is
default:
    @just --list

# Every test: with cargo-nextest where it is installed (quicker), else with cargo alone
test:
    if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace && cargo test --workspace --doc; else cargo test --workspace; fi

# Format everything
fmt:
    cargo fmt --all

# Format and lints, as .ci/run demands them
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# The documentation of all crates, without a warning
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Licences, banned crates and sources
deny:
    cargo deny check -D unused-wrapper licenses bans sources

# All that a change has to pass
ci:
    .ci/run

# Nodes that are killed in turn under load: nothing is lost, nothing is delivered twice
chaos SECONDS="300":
    CHAOS_SECONDS={{SECONDS}} cargo test --package pressroom-server --test it -- nodes::chaos --nocapture

# Everything in docs/performance.md: pages, memory, HTTP, start-up
bench *ARGS: bench-build
    python3 bench/run.py {{ARGS}}

# Only tables of 1,000 and 10,000 pages against ReportLab
bench-pages *ARGS: bench-build
    python3 bench/run.py pages {{ARGS}}

# Only one-page invoices over HTTP, 8 at a time
bench-http *ARGS: bench-build
    python3 bench/run.py http {{ARGS}}

# Only lists and entities of the API, over 64 connections
bench-api *ARGS: bench-build
    python3 bench/run.py api {{ARGS}}

# Only the stores: the API on each of them, two servers on one, lists and claims among a million rows
bench-storage *ARGS: bench-build
    python3 bench/run.py storage {{ARGS}}
    cargo bench --package pressroom-diesel-sqlite --bench large
    cargo bench --package pressroom-diesel-postgres --bench large

# Only customers' databases: rows of PostgreSQL and MariaDB beside the bare driver that counts them
bench-sources:
    cargo bench --package pressroom-sources --bench servers

# Only start-up time and idle memory
bench-idle *ARGS: bench-build
    python3 bench/run.py idle {{ARGS}}

# What the benchmarks run
bench-build:
    cargo build --release --package pressroom-server --bins --examples
