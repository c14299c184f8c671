//! TLS without waiting: rustls's state of a connection, driven by hand.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConnection;
use tokio_rustls::server::TlsStream;

/// Bytes that rustls may keep for a connection that takes no more: a record or so, for a record that is begun has to be
/// finished.
const KEPT: usize = 16 * 1024;

pub(super) struct Tls {
    tcp: TcpStream,
    session: Mutex<ServerConnection>,
}

impl Tls {
    pub(super) fn new(stream: TlsStream<TcpStream>) -> Self {
        let (tcp, mut session) = stream.into_inner();
        session.set_buffer_limit(Some(KEPT));
        Self { tcp, session: Mutex::new(session) }
    }

    pub(super) fn tcp(&self) -> &TcpStream {
        &self.tcp
    }

    pub(super) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut session = self.session();
        loop {
            match session.reader().read(buffer) {
                // Whoever just hangs up has not said so in TLS. WebSocket has an end of its own, so nothing is cut off unseen.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(0),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => return read,
            }
            session.read_tls(&mut Raw(&self.tcp))?;
            let processed = session.process_new_packets();
            // An alert, or an answer to a change of keys. What does not go out now precedes the next write.
            let flushed = self.flush(&mut session);
            processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            match flushed {
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                _ => {}
            }
        }
    }

    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut session = self.session();
        self.flush(&mut session)?;
        let mut taken = 0;
        while taken < bytes.len() {
            taken += session.writer().write(&bytes[taken..])?;
            match self.flush(&mut session) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(taken)
    }

    pub(super) fn try_flush(&self) -> io::Result<()> {
        self.flush(&mut self.session())
    }

    /// Tells the peer that nothing follows (RFC 8446, section 6.1).
    pub(super) fn say_goodbye(&self) {
        let mut session = self.session();
        session.send_close_notify();
        // If it does not go out, the peer sees the connection end all the same.
        let _ = self.flush(&mut session);
    }

    fn flush(&self, session: &mut ServerConnection) -> io::Result<()> {
        while session.wants_write() {
            if session.write_tls(&mut Raw(&self.tcp))? == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }

    fn session(&self) -> MutexGuard<'_, ServerConnection> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The TCP connection as rustls wants it.
struct Raw<'a>(&'a TcpStream);

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Raw<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_vectored(&mut self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
