//! A socket that has subscribed.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use bytes::{Buf as _, Bytes};
use tokio::net::TcpStream;
use tokio::sync::Notify;

pub(super) struct Session {
    stream: TcpStream,
    /// What the socket would not take yet. Whoever writes holds this.
    waiting: Mutex<VecDeque<Bytes>>,
    /// Something waits.
    behind: Notify,
    gone: AtomicBool,
}

impl Session {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, waiting: Mutex::default(), behind: Notify::new(), gone: AtomicBool::new(false) }
    }

    /// Whether it will never take anything again.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Writes as much as the socket takes; the rest follows by itself.
    pub(super) fn send(&self, bytes: &Bytes) {
        let mut waiting = self.waiting();
        let written = if waiting.is_empty() { self.stream.try_write(bytes) } else { Ok(0) };
        match written {
            Ok(count) if count == bytes.len() => {}
            Ok(count) => waiting.push_back(bytes.slice(count..)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => waiting.push_back(bytes.clone()),
            Err(_) => self.gone.store(true, Ordering::Relaxed),
        }
        if waiting.len() == 1 {
            self.behind.notify_one();
        }
    }

    /// Sees to what waits, and reads what the client says only to notice when it goes.
    pub(super) async fn keep_up(&self) -> Result<()> {
        let ended = self.serve().await;
        self.gone.store(true, Ordering::Relaxed);
        ended
    }

    async fn serve(&self) -> Result<()> {
        loop {
            tokio::select! {
                () = self.behind.notified() => {
                    while !self.drain()? {
                        self.stream.writable().await?;
                    }
                }
                readable = self.stream.readable() => {
                    readable?;
                    match self.stream.try_read(&mut [0; 512]) {
                        Ok(0) => return Ok(()),
                        Ok(_) => {}
                        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
    }

    /// Whether nothing waits any more.
    fn drain(&self) -> Result<bool> {
        let mut waiting = self.waiting();
        while let Some(first) = waiting.front_mut() {
            match self.stream.try_write(first) {
                Ok(count) => first.advance(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error.into()),
            }
            if first.is_empty() {
                waiting.pop_front();
            }
        }
        // An idle socket shall cost little.
        waiting.shrink_to_fit();
        Ok(true)
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Bytes>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
