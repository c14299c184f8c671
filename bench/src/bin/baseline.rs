//! The two baselines of the delivery bench, as a process: see `campanile_bench::baseline`. The bench starts it; it prints
//! where its sockets and its control are, and ends when its standard input does.

use std::thread;

use anyhow::Result;
use campanile_bench::baseline::{bare, textbook};
use campanile_bench::descriptors;
use clap::Parser;
use tokio::net::TcpListener;

#[derive(Parser)]
enum Baseline {
    /// One frame to everyone
    Bare(bare::Planted),
    /// The GraphQL library's own subscription on a broadcast channel
    Textbook,
}

#[tokio::main]
async fn main() -> Result<()> {
    let baseline = Baseline::parse();
    descriptors::raise()?;
    thread::spawn(|| {
        // Whoever started this has ended, or has no more need of it.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let sockets = TcpListener::bind("127.0.0.1:0").await?;
    let control = TcpListener::bind("127.0.0.1:0").await?;
    println!("{} {}", sockets.local_addr()?, control.local_addr()?);
    match baseline {
        Baseline::Bare(planted) => bare::serve(sockets, control, planted).await,
        Baseline::Textbook => textbook::serve(sockets, control).await,
    }
}
