//! The binary: everything is in the library.

fn main() -> std::process::ExitCode {
    campanile_server::app::main()
}
