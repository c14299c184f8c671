//! The binary: everything is in the library.

/// The system's own allocator keeps what a rush leaves behind: after ten thousand sockets have come at once, ten times what
/// they need. This one gives it back (`cargo bench -p campanile-bench --bench delivery -- memory`).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    campanile_server::app::main()
}
