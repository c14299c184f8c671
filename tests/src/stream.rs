//! A response whose body goes on: GraphQL over SSE, and multipart subscriptions.
//!
//! Sources: <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>,
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>,
//! <https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol>.

use anyhow::{Context, Result, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Incoming},
    header::{ACCEPT, CONTENT_TYPE, HeaderMap},
};
use serde_json::{Value, json};

use crate::{caller::Caller, wait::within};

/// What Apollo Client sends as `Accept` for a subscription.
pub const APOLLO: &str = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9";
/// What graphql-sse and `EventSource` send.
pub const SSE: &str = "text/event-stream";

/// A response whose body is read bit by bit.
#[derive(Debug)]
pub struct Stream {
    /// HTTP's.
    pub status: StatusCode,
    /// HTTP's.
    pub headers: HeaderMap,
    body: Incoming,
    read: String,
    /// Whether a delimiter has come.
    opened: bool,
}

/// An event of an event stream, or what stands for none.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A result, and where it stands.
    Next {
        /// The event's id.
        id: Option<String>,
        /// The result.
        result: Value,
    },
    /// There will be nothing more.
    Complete,
    /// A comment, as keeps proxies awake.
    Comment,
}

impl Stream {
    /// Posts an operation and asks for an answer of this media type.
    pub async fn post(
        caller: &Caller,
        path: &str,
        accept: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Self> {
        Self::resume(caller, path, accept, query, variables, None).await
    }

    /// The same, after this event.
    pub async fn resume(
        caller: &Caller,
        path: &str,
        accept: &str,
        query: &str,
        variables: &Value,
        last_event_id: Option<&str>,
    ) -> Result<Self> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/json").header(ACCEPT, accept);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        Self::send(caller, request.body(Full::new(Bytes::from(body)))?).await
    }

    /// Sends any request, and waits for the head of the answer.
    pub async fn send(caller: &Caller, request: Request<Full<Bytes>>) -> Result<Self> {
        let response = caller.begin(request).await?;
        let (head, body) = response.into_parts();
        Ok(Self { status: head.status, headers: head.headers, body, read: String::new(), opened: false })
    }

    /// The next event of an event stream; none when the body has ended.
    pub async fn next_event(&mut self) -> Result<Option<Event>> {
        let Some(block) = self.read_through("\n\n").await? else { return Ok(None) };
        let mut event = (None, String::new(), Vec::new());
        for line in block.lines() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "id" => event.0 = Some(value.to_owned()),
                "event" => value.clone_into(&mut event.1),
                "data" => event.2.push(value),
                "" => {}
                _ => bail!("a field that nobody asked for: {block:?}"),
            }
        }
        let (id, name, data) = event;
        match name.as_str() {
            "next" => Ok(Some(Event::Next { id, result: serde_json::from_str(&data.join("\n"))? })),
            "complete" => {
                ensure!(data == [""], "browsers see no event without data: {block:?}");
                Ok(Some(Event::Complete))
            }
            "" if data.is_empty() => Ok(Some(Event::Comment)),
            _ => bail!("not an event of the protocol: {block:?}"),
        }
    }

    /// The next event that is no comment; none when the body has ended.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            match self.next_event().await? {
                Some(Event::Comment) => {}
                other => return Ok(other),
            }
        }
    }

    /// The next result with its id; that the stream ends is an error.
    pub async fn result(&mut self) -> Result<(Option<String>, Value)> {
        match self.next().await? {
            Some(Event::Next { id, result }) => Ok((id, result)),
            other => bail!("{other:?} instead of a result"),
        }
    }

    /// The JSON of the next part; none after the closing boundary. A body that ends without one is an error.
    pub async fn part(&mut self) -> Result<Option<Value>> {
        let delimiter = "\r\n--graphql";
        if !std::mem::replace(&mut self.opened, true) {
            let preamble = self.read_through(delimiter).await?;
            ensure!(
                preamble.as_deref() == Some(""),
                "a multipart body begins with a delimiter: {preamble:?}"
            );
        }
        while self.read.len() < 2 {
            ensure!(self.read_more().await?, "the body ends without a closing boundary");
        }
        if self.read.starts_with("--") {
            return Ok(None);
        }
        let part = self.read_through(delimiter).await?.context("the body ends in the middle of a part")?;
        let (head, json) = part.split_once("\r\n\r\n").with_context(|| format!("no head: {part:?}"))?;
        ensure!(head.trim().eq_ignore_ascii_case("content-type: application/json"), "another head: {head:?}");
        Ok(Some(serde_json::from_str(json)?))
    }

    /// The next part that is no heartbeat; none after the closing boundary.
    pub async fn payload(&mut self) -> Result<Option<Value>> {
        loop {
            match self.part().await? {
                Some(part) if part == json!({}) => {}
                other => return Ok(other),
            }
        }
    }

    /// Whether the body, read to its end, is cut off instead of ending.
    pub async fn breaks_off(mut self) -> Result<bool> {
        loop {
            match within("more of the body comes, or its end", self.body.frame()).await? {
                Some(Ok(_)) => {}
                ended => return Ok(ended.is_some()),
            }
        }
    }

    /// What the body says up to this delimiter, which is left out; none when it ends without.
    async fn read_through(&mut self, delimiter: &str) -> Result<Option<String>> {
        loop {
            if let Some(at) = self.read.find(delimiter) {
                let rest = self.read.split_off(at + delimiter.len());
                let mut text = std::mem::replace(&mut self.read, rest);
                text.truncate(at);
                return Ok(Some(text));
            }
            if !self.read_more().await? {
                ensure!(self.read.is_empty(), "the body ends in the middle of something: {:?}", self.read);
                return Ok(None);
            }
        }
    }

    async fn read_more(&mut self) -> Result<bool> {
        let frame = within("more of the body comes", self.body.frame()).await?;
        let Some(frame) = frame.transpose().context("the body broke off")? else { return Ok(false) };
        if let Ok(data) = frame.into_data() {
            self.read.push_str(std::str::from_utf8(&data).context("not text")?);
        }
        Ok(true)
    }
}
