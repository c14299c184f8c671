//! `cargo bench -p campanile-bench --bench delivery`: what a notification costs on its way to thousands of sockets. See
//! `../README.md`.

use std::process::ExitCode;

use anyhow::Result;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let report = Box::pin(campanile_bench::delivery::run()).await?;
    println!("{report}");
    println!("{}", report.json()?);
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
