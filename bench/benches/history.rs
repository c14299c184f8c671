//! `cargo bench -p campanile-bench --bench history`: how long reading one's history takes, however large the log is. See
//! `../README.md`.

use anyhow::Result;

#[tokio::main]
async fn main() -> Result<()> {
    let report = Box::pin(campanile_bench::history::run()).await?;
    println!("{report}");
    println!("{}", report.json()?);
    Ok(())
}
