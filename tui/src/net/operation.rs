//! An operation on its way, and what its answer means.

use std::marker::PhantomData;

use cynic::{GraphQlResponse, Operation};
use graphql_ws_client::graphql::GraphqlOperation;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{model::fault::Fault, sanitise};

/// A cynic operation whose errors keep their codes: the client library's own adapter drops them.
#[derive(Serialize)]
#[serde(transparent, bound = "V: Serialize")]
pub(super) struct Asked<Q, V>(pub(super) Operation<Q, V>);

/// An operation whose document is text: for what the schema that cynic checks against does not have.
#[derive(Serialize)]
#[serde(bound = "V: Serialize")]
pub(super) struct Written<Q, V> {
    /// The document.
    pub(super) query: &'static str,
    /// What it is asked with.
    pub(super) variables: V,
    #[serde(skip)]
    answer: PhantomData<fn() -> Q>,
}

impl<Q, V> Written<Q, V> {
    /// As it is written.
    pub(super) fn new(query: &'static str, variables: V) -> Self {
        Self { query, variables, answer: PhantomData }
    }
}

/// What the server adds to an error.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Extensions {
    code: Option<String>,
}

impl<Q: DeserializeOwned, V: Serialize> GraphqlOperation for Asked<Q, V> {
    type Response = GraphQlResponse<Q, Extensions>;
    type Error = serde_json::Error;

    fn decode(&self, data: serde_json::Value) -> Result<Self::Response, Self::Error> {
        serde_json::from_value(data)
    }
}

impl<Q: DeserializeOwned, V: Serialize> GraphqlOperation for Written<Q, V> {
    type Response = GraphQlResponse<Q, Extensions>;
    type Error = serde_json::Error;

    fn decode(&self, data: serde_json::Value) -> Result<Self::Response, Self::Error> {
        serde_json::from_value(data)
    }
}

/// The data, or the first error.
pub(super) fn outcome<Q>(response: GraphQlResponse<Q, Extensions>) -> Result<Q, Fault> {
    if let Some(error) = response.errors.and_then(|errors| errors.into_iter().next()) {
        let code = error.extensions.and_then(|extensions| extensions.code);
        let code = code.map_or_else(|| "UNKNOWN".to_owned(), |code| sanitise::line(&code));
        let message = sanitise::line(&error.message);
        return Err(match code.as_str() {
            "UNAUTHENTICATED" => Fault::Unauthenticated(message),
            "GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED" => {
                Fault::Foreign(format!("the server's schema is not the one of this build: {message}"))
            }
            _ => Fault::Refused { code, message },
        });
    }
    response.data.ok_or_else(|| Fault::Foreign("the server answered with neither data nor errors".to_owned()))
}
