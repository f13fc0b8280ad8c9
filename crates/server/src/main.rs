//! The `pressroom` binary.

/// Long documents come and go in small pieces between which glibc's allocator leaves gaps: a document
/// of 10,000 pages costs three times the memory with it. Huge pages are off (`no_thp` in
/// `Cargo.toml`): they double what an idle server holds, and save no time that can be measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    pressroom_server::run()
}
