//! The connection under a WebSocket: TCP, or TLS over TCP. Reading and writing never wait and need no exclusive access,
//! so that whoever has something to write may write it, on whatever thread.

mod tls;

use std::io::{self, ErrorKind};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use self::tls::Tls;
use super::outbox::Wire;
use crate::http::listen::Stream;

/// A connection whose handshakes are over.
pub struct Transport(Kind);

enum Kind {
    Plain(TcpStream),
    Tls(Box<Tls>),
}

impl From<TcpStream> for Transport {
    fn from(tcp: TcpStream) -> Self {
        Self(Kind::Plain(tcp))
    }
}

impl From<TlsStream<TcpStream>> for Transport {
    fn from(stream: TlsStream<TcpStream>) -> Self {
        Self(Kind::Tls(Box::new(Tls::new(stream))))
    }
}

impl From<Stream> for Transport {
    fn from(stream: Stream) -> Self {
        match stream {
            Stream::Plain(tcp) => tcp.into(),
            Stream::Tls(tls) => (*tls).into(),
        }
    }
}

impl Transport {
    /// Reads what is there; `WouldBlock` where nothing is, no bytes where the peer has ended.
    pub(super) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.0 {
            Kind::Plain(tcp) => tcp.try_read(buffer),
            Kind::Tls(tls) => tls.try_read(buffer),
        }
    }

    /// Ready when [`Self::try_read`] may find something after it found nothing. For one task at a time.
    pub(super) fn poll_readable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp().poll_read_ready(context)
    }

    /// Ready when a write may be taken after one was not. For one task at a time.
    pub(super) fn poll_writable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp().poll_write_ready(context)
    }

    /// As [`Self::poll_writable`], for any number of tasks.
    pub(super) async fn writable(&self) -> io::Result<()> {
        self.tcp().writable().await
    }

    /// Whether there is no TLS.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.0, Kind::Plain(_))
    }

    /// Says that nothing more will be written.
    pub(super) fn end_writing(&self) {
        if let Kind::Tls(tls) = &self.0 {
            tls.say_goodbye();
        }
        // Otherwise the connection has ended already.
        let _ = SockRef::from(self.tcp()).shutdown(std::net::Shutdown::Write);
    }

    /// Ends the connection in both directions; whoever waits for it wakes.
    pub(super) fn end(&self) {
        let _ = SockRef::from(self.tcp()).shutdown(std::net::Shutdown::Both);
    }

    fn tcp(&self) -> &TcpStream {
        match &self.0 {
            Kind::Plain(tcp) => tcp,
            Kind::Tls(tls) => tls.tcp(),
        }
    }
}

impl Wire for Transport {
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0 {
            // Nearly always there is room: whether there was the last time is not worth looking for, which lies elsewhere. Where
            // there is none, the runtime has to notice, or nobody would be told when there is again.
            Kind::Plain(tcp) => match SockRef::from(tcp).send(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => tcp.try_write(bytes),
                sent => sent,
            },
            Kind::Tls(tls) => tls.try_write(bytes),
        }
    }

    fn try_flush(&self) -> io::Result<()> {
        match &self.0 {
            Kind::Plain(_) => Ok(()),
            Kind::Tls(tls) => tls.try_flush(),
        }
    }
}
