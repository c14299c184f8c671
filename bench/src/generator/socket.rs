//! One socket: subscribes, then checks that what it is sent is the next each time.

use std::io::ErrorKind;
use std::mem;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, bail, ensure};
use rustls::ClientConfig;
use serde_json::{Value, json};

use super::tally::{Tally, lock};
use super::transport::Transport;
use super::{Plan, Resume};
use crate::audience::{Mark, now};
use crate::frames::{self, Head, opcode};
use crate::subscription;

/// A connection of one subscriber.
pub(super) struct Socket {
    pub(super) transport: Transport,
    /// Of which crowd.
    pub(super) crowd: usize,
    stage: Stage,
    plan: Plan,
    /// The number that comes next.
    expected: u32,
    /// The beginning of a frame whose end has not arrived.
    begun: Vec<u8>,
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Connecting,
    Upgrading,
    Greeting,
    Subscribed,
    Live,
}

/// Whether there may be more to read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Drained,
    More,
}

impl Socket {
    pub(super) fn connect(
        address: SocketAddr,
        tls: Option<&Arc<ClientConfig>>,
        plan: Plan,
        crowd: usize,
    ) -> Result<Self> {
        Ok(Self {
            transport: Transport::connect(address, tls)?,
            crowd,
            stage: Stage::Connecting,
            expected: plan.from,
            plan,
            begun: Vec::new(),
            cursor: None,
        })
    }

    /// Whether it is still about to subscribe.
    pub(super) fn is_opening(&self) -> bool {
        self.stage < Stage::Subscribed
    }

    /// The last cursor that it was told of, other than a notification's.
    pub(super) fn take_cursor(&mut self) -> Option<String> {
        self.cursor.take()
    }

    /// Writes what could not be written before.
    pub(super) fn write(&mut self) -> Result<()> {
        if self.stage == Stage::Connecting && self.transport.is_connected()? {
            self.stage = Stage::Upgrading;
            let request = "GET /graphql/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                 Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
            self.transport.write(request.as_bytes())?;
        }
        Ok(self.transport.flush()?)
    }

    /// Reads once into the shared buffer, and deals with what is there.
    pub(super) fn read(&mut self, buffer: &mut [u8], tally: &Mutex<Tally>) -> Result<Turn> {
        if self.stage == Stage::Connecting {
            return Ok(Turn::Drained);
        }
        let kept = self.begun.len();
        ensure!(kept < buffer.len(), "a message is longer than {kept} bytes");
        buffer[..kept].copy_from_slice(&self.begun);
        let room = buffer.len() - kept;
        let count = match self.transport.read(&mut buffer[kept..]) {
            Ok(0) => bail!("the connection was closed"),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Turn::Drained),
            Err(error) => return Err(error.into()),
        };
        let bytes = &buffer[..kept + count];
        let used = self.take(bytes, &mut lock(tally))?;
        self.begun.clear();
        self.begun.extend_from_slice(&bytes[used..]);
        Ok(if self.transport.has_read_all(count, room) { Turn::Drained } else { Turn::More })
    }

    /// Deals with all that has arrived in full; gives how much that was.
    fn take(&mut self, bytes: &[u8], tally: &mut Tally) -> Result<usize> {
        let mut used = 0;
        if self.stage == Stage::Upgrading {
            let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
                return Ok(0);
            };
            let status = bytes.split(|&byte| byte == b'\r').next().unwrap_or_default();
            ensure!(status.starts_with(b"HTTP/1.1 101 "), "answered {}", String::from_utf8_lossy(status));
            self.stage = Stage::Greeting;
            self.greet()?;
            used = end + 4;
        }
        let now = now();
        while let Some(head) = Head::read(&bytes[used..])
            && let Some(frame) = bytes[used..].get(..head.end)
        {
            used += frame.len();
            ensure!(head.last && head.mask.is_none(), "a frame is masked, or not a whole message");
            let payload = &frame[head.start..];
            match head.opcode {
                opcode::TEXT => match Mark::find(payload) {
                    Some(mark) => self.receive(mark, frame.len(), now, tally),
                    None => self.listen(payload, tally)?,
                },
                opcode::PING => self.transport.write(&frames::from_client(opcode::PONG, payload))?,
                opcode::PONG => {}
                opcode::CLOSE => {
                    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                    let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default());
                    bail!("closed with {code:?}: {reason}")
                }
                other => bail!("a frame of kind {other}"),
            }
        }
        Ok(used)
    }

    /// A notification.
    fn receive(&mut self, mark: Mark, bytes: usize, now: u64, tally: &mut Tally) {
        if !self.plan.audience.owns(mark) {
            tally.stray += 1;
        } else if mark.number < self.expected {
            tally.doubled += 1;
        } else {
            tally.passed += u64::from(mark.number + 1 - self.expected);
            self.expected = mark.number + 1;
            tally.received += 1;
            tally.bytes += bytes as u64;
            if let Some(latency) = self.plan.audience.age(mark.number, now) {
                tally.took(latency);
            }
        }
    }

    /// Any other message.
    fn listen(&mut self, payload: &[u8], tally: &mut Tally) -> Result<()> {
        let message: Value = serde_json::from_slice(payload).context("a message is not JSON")?;
        match message["type"].as_str() {
            Some("connection_ack") if self.stage == Stage::Greeting => {
                self.stage = Stage::Subscribed;
                self.subscribe()
            }
            Some("next") => {
                let event = &message["payload"]["data"]["feed"];
                ensure!(!event.is_null(), "an event holds nothing: {message}");
                self.cursor = event["cursor"].as_str().map(str::to_owned).or(mem::take(&mut self.cursor));
                if event["live"] == json!(true) && self.stage == Stage::Subscribed {
                    self.stage = Stage::Live;
                    tally.live += 1;
                }
                Ok(())
            }
            Some("ping") => self.say(&json!({ "type": "pong" })),
            Some("pong") => Ok(()),
            _ => bail!("not expected: {message}"),
        }
    }

    fn greet(&mut self) -> Result<()> {
        let mut payload = json!({ "authorization": format!("Bearer {}", self.plan.token) });
        if let Some(Resume::ResumeAfter(cursor)) = &self.plan.resume {
            payload["resumeAfter"] = json!(cursor);
        }
        self.say(&json!({ "type": "connection_init", "payload": payload }))
    }

    fn subscribe(&mut self) -> Result<()> {
        let after = match &self.plan.resume {
            Some(Resume::After(cursor)) => Some(cursor),
            _ => None,
        };
        let payload = json!({ "query": &*self.plan.document, "variables": { "after": after } });
        self.say(&json!({ "type": "subscribe", "id": subscription::ID, "payload": payload }))
    }

    fn say(&mut self, message: &Value) -> Result<()> {
        let frame = frames::from_client(opcode::TEXT, message.to_string().as_bytes());
        Ok(self.transport.write(&frame)?)
    }
}
