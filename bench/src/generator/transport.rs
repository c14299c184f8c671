//! Bytes over TCP, in the open or over TLS, without blocking.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

/// A connection.
pub(super) struct Transport {
    stream: TcpStream,
    tls: Option<Box<ClientConnection>>,
    /// What is to be written, as plain text.
    outgoing: Vec<u8>,
}

impl Transport {
    /// Begins to connect.
    pub(super) fn connect(address: SocketAddr, tls: Option<&Arc<ClientConfig>>) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let name = || ServerName::IpAddress(address.ip().into());
        let tls = tls.map(|config| ClientConnection::new(Arc::clone(config), name())).transpose()?;
        Ok(Self { stream, tls: tls.map(Box::new), outgoing: Vec::new() })
    }

    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        registry.register(&mut self.stream, token, Interest::READABLE | Interest::WRITABLE)
    }

    /// Whether the connection stands; an error where it never will.
    pub(super) fn is_connected(&self) -> io::Result<bool> {
        if let Some(error) = self.stream.take_error()? {
            return Err(error);
        }
        match self.stream.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes, now or as soon as [`Transport::flush`] can.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.outgoing.extend_from_slice(bytes);
        self.flush()
    }

    /// Writes what is left over.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let written = match &mut self.tls {
            None => self.flush_plain(),
            Some(tls) => {
                tls.writer().write_all(&self.outgoing)?;
                self.outgoing.clear();
                flush_tls(tls, &mut self.stream)
            }
        };
        match written {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            other => other,
        }
    }

    fn flush_plain(&mut self) -> io::Result<()> {
        while !self.outgoing.is_empty() {
            let count = self.stream.write(&self.outgoing)?;
            self.outgoing.drain(..count);
        }
        Ok(())
    }

    /// Reads; [`ErrorKind::WouldBlock`] where there is nothing, 0 at the end.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else {
            return self.stream.read(into);
        };
        loop {
            match tls.reader().read(into) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => return read,
            }
            if tls.read_tls(&mut self.stream)? == 0 {
                return Ok(0);
            }
            tls.process_new_packets().map_err(io::Error::other)?;
            // A handshake goes back and forth.
            flush_tls(tls, &mut self.stream)?;
        }
    }

    /// Whether `count` bytes read into `room` are all that there was: then epoll tells when there is more.
    pub(super) fn has_read_all(&self, count: usize, room: usize) -> bool {
        // What is behind the last record is known only by trying.
        self.tls.is_none() && count < room
    }
}

fn flush_tls(tls: &mut ClientConnection, stream: &mut TcpStream) -> io::Result<()> {
    while tls.wants_write() {
        tls.write_tls(stream)?;
    }
    Ok(())
}
