//! The WebSocket itself. It remembers how it ended: the client library tells its users only that it did.

use std::{
    io,
    sync::{Arc, OnceLock},
};

use graphql_ws_client::{Connection, Error, Message};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        self,
        client::IntoClientRequest,
        error::ProtocolError,
        http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::WebSocketConfig,
    },
};

use super::{endpoint::Endpoint, trust};
use crate::{model::fault::Fault, sanitise};

/// A page of 100 notifications with 4,000 characters and 8 KiB of metadata each is far below it.
const LARGEST_MESSAGE: usize = 16 << 20;

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server closed it, with a code and its reason.
    Closed(u16, String),
    /// It broke.
    Broken,
}

/// A connected WebSocket.
pub(super) struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    ending: Arc<OnceLock<Ending>>,
}

impl Wire {
    /// Connects. How it ends can be read from the second part once it has.
    pub(super) async fn connect(endpoint: &Endpoint) -> Result<(Self, Arc<OnceLock<Ending>>), Fault> {
        let mut request = endpoint.socket().into_client_request().map_err(|error| fault(&error))?;
        request
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("graphql-transport-ws"));
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        let (socket, _) =
            connect_async_tls_with_config(request, Some(config), true, Some(endpoint.connector()))
                .await
                .map_err(|error| fault(&error))?;
        let ending = Arc::new(OnceLock::new());
        Ok((Self { socket, ending: Arc::clone(&ending) }, ending))
    }
}

impl Connection for Wire {
    async fn receive(&mut self) -> Option<Message> {
        let message = Connection::receive(&mut self.socket).await;
        // The first ending is the true one; what follows are its echoes.
        match &message {
            Some(Message::Close { code, reason }) => {
                let reason = sanitise::line(reason.as_deref().unwrap_or_default());
                let _ = self.ending.set(Ending::Closed(code.unwrap_or(1005), reason));
            }
            None => {
                let _ = self.ending.set(Ending::Broken);
            }
            Some(_) => {}
        }
        message
    }

    async fn send(&mut self, message: Message) -> Result<(), Error> {
        Connection::send(&mut self.socket, message).await
    }
}

fn fault(error: &tungstenite::Error) -> Fault {
    match error {
        tungstenite::Error::Http(response) => match response.status() {
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Fault::Unauthenticated(format!("the server answered {status}"))
            }
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Fault::Unreachable(format!("the server answered {status}"))
            }
            status => Fault::Foreign(format!("no Campanile there: it answered {status}")),
        },
        // A TLS server answers plain HTTP with an alert.
        tungstenite::Error::Protocol(ProtocolError::HttparseError(_)) => Fault::Foreign(
            "no Campanile there: it does not speak HTTP; if it speaks TLS, try https:// or wss://".to_owned(),
        ),
        // A server that is being stopped, or a proxy whose server is.
        tungstenite::Error::Protocol(ProtocolError::HandshakeIncomplete) => {
            Fault::Unreachable("the server hung up".to_owned())
        }
        tungstenite::Error::Protocol(error) => Fault::Foreign(format!("no Campanile there: {error}")),
        tungstenite::Error::Io(error) => {
            trust::fault(error).unwrap_or_else(|| Fault::Unreachable(describe(error)))
        }
        error => Fault::Unreachable(sanitise::line(&error.to_string())),
    }
}

/// The system's own errors by their kind; a name that does not resolve has none.
fn describe(error: &io::Error) -> String {
    if error.raw_os_error().is_some() { error.kind().to_string() } else { sanitise::line(&error.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_resolve_is_said_to_be_that() {
        let why = "failed to lookup address information: Name or service not known";
        let fault = fault(&tungstenite::Error::Io(io::Error::other(why)));
        assert_eq!(fault, Fault::Unreachable(why.to_owned()));
    }
}
