//! One connection to the server, from its handshake to its end.
//!
//! It asks and subscribes; it neither reconnects nor repeats anything.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use cynic::{
    GraphQlResponse, Operation, OperationBuilder, QueryFragment, QueryVariables, schema::SubscriptionRoot,
};
use futures_util::{Stream, StreamExt};
use graphql_ws_client::{Client, Error, graphql::GraphqlOperation};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{sync::watch, time::timeout};

use super::{
    convert,
    endpoint::{Endpoint, Token},
    operation::{Asked, Extensions, Written, outcome},
    wire::{Ending, Wire},
};
use crate::{
    api::feed::{FeedFilter, FeedSubscription, FeedVariables},
    model::{
        event::{Cursor, FeedEvent},
        fault::Fault,
    },
    sanitise,
};

/// For connecting, and the protocol's handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// For an answer to a query or a mutation.
const ANSWER: Duration = Duration::from_secs(20);
/// A silent connection is asked whether it still lives, and given up after two more silences.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A connection. Cheap to clone; it closes when the last clone and the last subscription are gone.
#[derive(Clone)]
pub struct Session {
    client: Client,
    ending: Arc<OnceLock<Ending>>,
    /// Nothing is asked that would change something.
    readonly: bool,
    /// Closed when the connection has ended.
    running: watch::Receiver<()>,
}

impl Session {
    /// Connects, and says who asks.
    pub async fn open(endpoint: &Endpoint, token: &Token) -> Result<Self, Fault> {
        let opening = Self::shake_hands(endpoint, token);
        timeout(HANDSHAKE, opening)
            .await
            .unwrap_or_else(|_| Err(Fault::Unreachable("the server did not answer in time".to_owned())))
    }

    async fn shake_hands(endpoint: &Endpoint, token: &Token) -> Result<Self, Fault> {
        let (wire, ending) = Wire::connect(endpoint).await?;
        let (client, actor) = Client::build(wire)
            .keep_alive_interval(KEEP_ALIVE)
            .keep_alive_retries(2)
            // One burst of the feed does not hold up the answers behind it.
            .subscription_buffer_size(256)
            .payload(serde_json::json!({ "authorization": token.authorization() }))
            .map_err(|error| foreign(&error))?
            .await
            .map_err(|error| refusal(&error, &ending))?;
        let (sender, running) = watch::channel(());
        tokio::spawn(async move {
            actor.into_future().await;
            drop(sender);
        });
        Ok(Self { client, ending, readonly: endpoint.is_readonly(), running })
    }

    /// Asks once.
    pub async fn ask<Q, V>(&self, operation: Operation<Q, V>) -> Result<Q, Fault>
    where
        Q: DeserializeOwned + 'static,
        V: Serialize + Send + Unpin + 'static,
    {
        let is_mutation = is_mutation(&operation.query);
        self.once(Asked(operation), is_mutation).await
    }

    /// Asks once what cynic cannot check. The document is ours all the same, never a server's or a user's.
    pub(super) async fn ask_written<Q, V>(&self, document: &'static str, variables: V) -> Result<Q, Fault>
    where
        Q: DeserializeOwned + 'static,
        V: Serialize + Send + Unpin + 'static,
    {
        self.once(Written::new(document, variables), is_mutation(document)).await
    }

    async fn once<Q, O>(&self, operation: O, is_mutation: bool) -> Result<Q, Fault>
    where
        O: GraphqlOperation<Response = GraphQlResponse<Q, Extensions>, Error = serde_json::Error>
            + Send
            + Unpin
            + 'static,
    {
        if self.readonly && is_mutation {
            return Err(Fault::Refused {
                code: "READONLY".to_owned(),
                message: "nothing is changed with --readonly".to_owned(),
            });
        }
        let answer = async {
            let mut answers = self.client.subscribe(operation).await.map_err(|_| self.why_it_ended())?;
            match answers.next().await {
                Some(Ok(response)) => outcome(response),
                Some(Err(error)) => Err(foreign(&error)),
                None => Err(self.why_it_ended()),
            }
        };
        timeout(ANSWER, answer)
            .await
            .unwrap_or_else(|_| Err(Fault::Unreachable("the server did not answer in time".to_owned())))
    }

    /// Subscribes. After an error there is nothing more to come; the end without one is the server's or the connection's.
    pub async fn subscribe<Q, V>(
        &self,
        operation: Operation<Q, V>,
    ) -> Result<impl Stream<Item = Result<Q, Fault>> + Send + use<Q, V>, Fault>
    where
        Q: DeserializeOwned + Send + 'static,
        V: Serialize + Send + Unpin + 'static,
    {
        let answers = self.client.subscribe(Asked(operation)).await.map_err(|_| self.why_it_ended())?;
        Ok(answers.map(|answer| match answer {
            Ok(response) => outcome(response),
            Err(error) => Err(foreign(&error)),
        }))
    }

    /// The same, with these variables.
    pub async fn subscribe_with<Q, V>(
        &self,
        variables: V,
    ) -> Result<impl Stream<Item = Result<Q, Fault>> + Send + use<Q, V>, Fault>
    where
        Q: QueryFragment<VariablesFields = V::Fields, SchemaType: SubscriptionRoot>
            + DeserializeOwned
            + Send
            + 'static,
        V: QueryVariables + Serialize + Send + Unpin + 'static,
    {
        let operation = OperationBuilder::subscription().with_variables(variables).build();
        self.subscribe(operation.map_err(|error| foreign(&error))?).await
    }

    /// Subscribes to the feed, as [`Self::subscribe`] does.
    pub async fn follow(
        &self,
        after: Option<Cursor>,
        filter: Option<FeedFilter>,
    ) -> Result<impl Stream<Item = Result<FeedEvent, Fault>> + Send + use<>, Fault> {
        let variables = FeedVariables { after: after.map(|cursor| cursor.0), filter };
        let events = self.subscribe_with::<FeedSubscription, _>(variables).await?;
        Ok(events.map(|data| data.map(|data| convert::event(data.feed))))
    }

    /// Waits until the connection is gone, and says why.
    pub async fn ended(&self) -> Fault {
        let mut running = self.running.clone();
        while running.changed().await.is_ok() {}
        self.why_it_ended()
    }

    /// Whether the connection is over, so that [`Self::ended`] says more than a stream's end does.
    pub fn is_over(&self) -> bool {
        self.ending.get().is_some()
    }

    fn why_it_ended(&self) -> Fault {
        match self.ending.get() {
            Some(Ending::Closed(code, reason)) => closed(*code, reason),
            Some(Ending::Broken) | None => Fault::Unreachable("connection lost".to_owned()),
        }
    }
}

/// Whether a document of ours would change something: cynic writes the operation's kind first.
fn is_mutation(document: &str) -> bool {
    document.trim_start().starts_with("mutation")
}

/// A handshake that failed. Before the acknowledgement any code for a wrong request is about who asks: some servers know
/// no better ones than 1002 and 1008.
fn refusal(error: &Error, ending: &OnceLock<Ending>) -> Fault {
    match ending.get() {
        Some(Ending::Closed(code @ (1002 | 1008), reason)) => unauthenticated(*code, reason),
        Some(Ending::Closed(code, reason)) => closed(*code, reason),
        Some(Ending::Broken) => Fault::Unreachable("connection lost".to_owned()),
        None => foreign(&error),
    }
}

/// The server speaks another language; the error may quote it.
fn foreign(error: &impl std::fmt::Display) -> Fault {
    Fault::Foreign(format!("not understood: {}", sanitise::line(&error.to_string())))
}

/// The codes are those of graphql-transport-ws (PROTOCOL.md), and of RFC 6455.
fn closed(code: u16, reason: &str) -> Fault {
    match code {
        4401 | 4403 => unauthenticated(code, reason),
        4400 | 4406 => Fault::Foreign(describe(code, reason)),
        1012 => Fault::Unreachable("the server restarts".to_owned()),
        1013 => Fault::Unreachable("the server is overloaded".to_owned()),
        _ => Fault::Unreachable(describe(code, reason)),
    }
}

fn unauthenticated(code: u16, reason: &str) -> Fault {
    Fault::Unauthenticated(format!("the token is not accepted: {}", describe(code, reason)))
}

fn describe(code: u16, reason: &str) -> String {
    if reason.is_empty() { format!("closed with {code}") } else { format!("{reason} ({code})") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(4401, false)]
    #[case(4403, false)]
    #[case(4400, false)]
    #[case(1001, true)]
    #[case(1011, true)]
    #[case(1012, true)]
    #[case(1013, true)]
    #[case(4408, true)]
    fn codes_say_whether_to_come_back(#[case] code: u16, #[case] transient: bool) {
        assert_eq!(closed(code, "why").is_transient(), transient);
    }

    #[test]
    fn a_protocol_error_during_the_handshake_is_about_the_token() {
        let ending = OnceLock::from(Ending::Closed(1002, "expired".to_owned()));
        let fault = refusal(&Error::Unknown(String::new()), &ending);
        assert_eq!(fault, Fault::Unauthenticated("the token is not accepted: expired (1002)".to_owned()));
    }
}
