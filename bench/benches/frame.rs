//! `cargo bench -p campanile-bench --bench frame`: what a frame of the terminal client costs, however long the feed is. See
//! `../README.md`.

use anyhow::Result;
use campanile_bench::frame;

// On one thread: what is measured is CPU time of this process.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    if frame::hold()? {
        return Ok(());
    }
    let report = frame::run().await?;
    println!("{report}");
    println!("{}", report.json()?);
    Ok(())
}
