//! A server that has no descriptor left for another connection serves those that it has, and goes on when there are some.

use anyhow::{Context, Result};
use campanile_tests::{server::Server, wait::within};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const ASK: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n";

#[tokio::test]
async fn connections_wait_until_there_are_some_again() -> Result<()> {
    let mut server = Server::start().await?;
    let ada = server.member("ada").await?;
    let mut open = TcpStream::connect(server.address()).await?;
    answers(&mut open).await?;

    // None is free now, whatever it has open.
    server.set_descriptors(1)?;
    let waiting = tokio::spawn({
        let ada = ada.clone();
        async move { ada.ask("{ viewer { id } }", Value::Null).await }
    });
    server.log_line("cannot accept connections").await?;
    answers(&mut open).await?;
    assert!(!waiting.is_finished());

    server.set_descriptors(1024)?;
    waiting.await??;
    ada.ask("{ viewer { id } }", Value::Null).await?;
    Ok(())
}

async fn answers(connection: &mut TcpStream) -> Result<()> {
    connection.write_all(ASK).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        let mut bytes = [0; 512];
        let length = within("an answer", connection.read(&mut bytes)).await??;
        answer.extend(bytes.get(..length).filter(|read| !read.is_empty()).context("it was cut off")?);
    }
    Ok(())
}
