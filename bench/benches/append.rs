//! `cargo bench -p campanile-bench --bench append`: how many publishes a second are made durable. See `../README.md`.

use anyhow::Result;

#[tokio::main]
async fn main() -> Result<()> {
    let report = campanile_bench::append::run().await?;
    println!("{report}");
    println!("{}", report.json()?);
    Ok(())
}
