//! The other side of a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::CertifiedKey;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::within;
use crate::http::websocket::{Channel, Receiver, Transport};

/// Small, so that a client that does not read is noticed soon.
const BUFFER: u32 = 16 * 1024;
const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// What the connection goes over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Security {
    Plain,
    Tls,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A client that writes bytes and reads frames.
pub(super) struct Client(Box<dyn Stream>);

/// Both ends of a connection whose handshakes are over.
pub(super) async fn connect(security: Security) -> (Arc<Channel>, Receiver, Client) {
    let (server, client) = tcp().await;
    let (transport, client) = match security {
        Security::Plain => (Transport::from(server), Client(Box::new(client))),
        Security::Tls => {
            let (acceptor, connector) = tls();
            let name = ServerName::try_from("localhost").unwrap();
            let (server, client) = tokio::join!(acceptor.accept(server), connector.connect(name, client));
            (Transport::from(server.unwrap()), Client(Box::new(client.unwrap())))
        }
    };
    let (channel, receiver) = Channel::open(transport, &[], super::MESSAGE);
    (channel, receiver, client)
}

/// As [`connect`], with bytes that came right behind the handshake.
pub(super) async fn connect_with(early: &[u8]) -> (Arc<Channel>, Receiver, Client) {
    let (server, client) = tcp().await;
    let (channel, receiver) = Channel::open(Transport::from(server), early, super::MESSAGE);
    (channel, receiver, Client(Box::new(client)))
}

async fn tcp() -> (TcpStream, TcpStream) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let (server, client) = (TcpSocket::new_v4().unwrap(), TcpSocket::new_v4().unwrap());
    server.set_send_buffer_size(BUFFER).unwrap();
    client.set_recv_buffer_size(BUFFER).unwrap();
    server.bind(any).unwrap();
    let listener = server.listen(1).unwrap();
    let (accepted, connected) =
        tokio::join!(listener.accept(), client.connect(listener.local_addr().unwrap()));
    (accepted.unwrap().0, connected.unwrap())
}

fn tls() -> (TlsAcceptor, TlsConnector) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let server = ServerConfig::builder().with_no_client_auth();
    let server = server.with_single_cert(vec![cert.der().clone()], key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    (TlsAcceptor::from(Arc::new(server)), TlsConnector::from(Arc::new(client)))
}

/// A client's frame. The first byte has its flags and opcode.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=0xFFFF => {
            frame.push(0xFE);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0xFF);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

impl Client {
    /// Writes these bytes as they are.
    pub(super) async fn write(&mut self, bytes: &[u8]) {
        within(async {
            self.0.write_all(bytes).await.unwrap();
            self.0.flush().await.unwrap();
        })
        .await;
    }

    /// As [`Self::write`]; false where the server takes no more for now. What it took of it is not known then.
    pub(super) async fn write_if_taken(&mut self, bytes: &[u8]) -> bool {
        let patience = std::time::Duration::from_millis(200);
        tokio::time::timeout(patience, self.0.write_all(bytes)).await.is_ok()
    }

    /// Writes a frame.
    pub(super) async fn send(&mut self, first: u8, payload: &[u8]) {
        self.write(&frame(first, payload)).await;
    }

    /// Reads a frame: its first byte and its payload. None at the end of the connection.
    pub(super) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        within(async {
            let first = self.0.read_u8().await.ok()?;
            let length = match self.0.read_u8().await.expect("a length") {
                126 => usize::from(self.0.read_u16().await.expect("a length")),
                127 => usize::try_from(self.0.read_u64().await.expect("a length")).unwrap(),
                length => usize::from(length),
            };
            let mut payload = vec![0; length];
            self.0.read_exact(&mut payload).await.expect("a whole frame");
            Some((first, payload))
        })
        .await
    }

    /// Reads a text.
    pub(super) async fn text(&mut self) -> String {
        let (first, payload) = self.frame().await.expect("a text");
        assert_eq!(first, 0x81, "{payload:?}");
        String::from_utf8(payload).unwrap()
    }

    /// Reads a close frame, and gives its code, which is 0 where there is none.
    pub(super) async fn close(&mut self) -> (u16, String) {
        let (first, payload) = self.frame().await.expect("a close frame");
        assert_eq!(first, 0x88, "{payload:?}");
        match payload.split_first_chunk() {
            Some((code, reason)) => (u16::from_be_bytes(*code), String::from_utf8(reason.to_vec()).unwrap()),
            None => (0, String::new()),
        }
    }
}
