//! What is said before the first event, as briefly as a client allows: HTTP's upgrade, then `connection_init` and
//! `subscribe`, whatever they contain.

use std::io::ErrorKind;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;

use crate::frames::{self, Head, opcode};

/// A client that says more before it subscribes is not one of ours.
const LONGEST: usize = 16 * 1024;

/// Answers until the client has subscribed.
pub(super) async fn until_subscribed(stream: &TcpStream) -> Result<()> {
    let mut bytes = Vec::new();
    let end = loop {
        read(stream, &mut bytes).await?;
        if let Some(at) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
            break at + 4;
        }
    };
    let answer = upgrade(&bytes[..end])?;
    bytes.drain(..end);
    write(stream, answer.as_bytes()).await?;
    loop {
        let message = message(stream, &mut bytes).await?;
        if memchr::memmem::find(&message, b"connection_init").is_some() {
            let ack = frames::from_server(opcode::TEXT, br#"{"type":"connection_ack"}"#);
            write(stream, &ack).await?;
        } else if memchr::memmem::find(&message, b"subscribe").is_some() {
            return Ok(());
        } else {
            bail!("neither connection_init nor subscribe");
        }
    }
}

fn upgrade(request: &[u8]) -> Result<String> {
    let head = std::str::from_utf8(request)?;
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let key = fields.find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"));
    let accept = derive_accept_key(key.context("no WebSocket")?.1.trim().as_bytes());
    Ok(format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    ))
}

/// The next message, which must be one frame.
async fn message(stream: &TcpStream, bytes: &mut Vec<u8>) -> Result<Vec<u8>> {
    loop {
        if let Some(head) = Head::read(bytes).filter(|head| head.end <= bytes.len()) {
            let mut message: Vec<u8> = bytes.drain(..head.end).collect();
            let payload = &mut message[head.start..];
            frames::mask(payload, head.mask.context("a client must mask")?);
            return Ok(payload.to_vec());
        }
        read(stream, bytes).await?;
    }
}

async fn read(stream: &TcpStream, bytes: &mut Vec<u8>) -> Result<()> {
    loop {
        stream.readable().await?;
        let mut buffer = [0; 4096];
        match stream.try_read(&mut buffer) {
            Ok(0) => bail!("the client has gone"),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.into()),
        }
        ensure!(bytes.len() <= LONGEST, "the client talks too much");
        return Ok(());
    }
}

/// So little always fits into a socket that nothing was written to.
async fn write(stream: &TcpStream, bytes: &[u8]) -> Result<()> {
    stream.writable().await?;
    ensure!(stream.try_write(bytes)? == bytes.len(), "the client does not read");
    Ok(())
}
