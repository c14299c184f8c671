//! The least that delivery can cost: everything is one frame, made once, written straight to each socket by one thread that
//! does nothing else; what waits shares a write.

mod fan_out;
mod handshake;
mod session;

use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use anyhow::Result;
use tokio::net::TcpListener;

use super::control;
use super::notification::Notification;
use crate::frames::{self, opcode};
use crate::subscription;
use fan_out::Inbox;
use session::Session;

/// Faults that are made on purpose, for a test of whoever has to find them. Both count what is published from 0 on, and
/// hit the socket that subscribed first.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Planted {
    /// Keep this one back
    #[arg(long, value_name = "N")]
    pub lose: Option<u64>,
    /// Send this one twice
    #[arg(long, value_name = "N")]
    pub double: Option<u64>,
}

/// Serves for ever.
pub async fn serve(listener: TcpListener, control: TcpListener, planted: Planted) -> Result<()> {
    let (inbox, messages) = mpsc::channel();
    thread::spawn(move || fan_out::run(&messages, planted));
    let publishing = inbox.clone();
    tokio::spawn(control::listen(control, move |notifications| {
        // The fan-out thread ends last.
        let _ = publishing.send(Inbox::Publish(notifications.iter().map(frame).collect()));
    }));
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(serve_one(stream, inbox.clone()));
    }
}

async fn serve_one(stream: tokio::net::TcpStream, inbox: mpsc::Sender<Inbox>) -> Result<()> {
    stream.set_nodelay(true)?;
    handshake::until_subscribed(&stream).await?;
    let session = Arc::new(Session::new(stream));
    // First: whoever is told that they are live misses nothing from then on.
    inbox.send(Inbox::Join(Arc::clone(&session)))?;
    session.send(
        &next(r#"{"__typename":"FeedProgress","cursor":"000000000000000000000000","live":true}"#).into(),
    );
    session.keep_up().await
}

fn frame(notification: &Notification) -> bytes::Bytes {
    let (cursor, notification) = (notification.cursor(), serde_json::json!(notification));
    next(&format!(
        r#"{{"__typename":"NotificationAdded","cursor":"{cursor}","replayed":false,"silent":false,"notification":{notification}}}"#
    ))
    .into()
}

fn next(event: &str) -> Vec<u8> {
    let id = subscription::ID;
    let text = format!(r#"{{"type":"next","id":"{id}","payload":{{"data":{{"feed":{event}}}}}}}"#);
    frames::from_server(opcode::TEXT, text.as_bytes())
}
