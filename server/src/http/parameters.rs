//! What a request says, on whichever door it came: `query`, `operationName`, `variables` and `extensions`
//! (<https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters>; a socket's `subscribe` has the same).

use std::borrow::Cow;

use async_graphql::{Request, Value as GraphqlValue, Variables};
use serde_json::{Map, Value};

pub(super) const QUERY: &str = "query";
pub(super) const OPERATION_NAME: &str = "operationName";
pub(super) const VARIABLES: &str = "variables";
pub(super) const EXTENSIONS: &str = "extensions";

/// A parameter that is missing or of the wrong type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadParameter {
    /// Which.
    pub(super) field: &'static str,
    /// What is wrong.
    pub(super) message: Cow<'static, str>,
}

impl BadParameter {
    pub(super) fn new(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Makes a request of its parameters; others are none of our business.
pub(super) fn to_request(mut parameters: Map<String, Value>) -> Result<Request, BadParameter> {
    let query = match parameters.remove(QUERY) {
        Some(Value::String(query)) => query,
        None | Some(Value::Null) => return Err(BadParameter::new(QUERY, "query is missing")),
        Some(_) => return Err(BadParameter::new(QUERY, "query has to be a string")),
    };
    let mut request = Request::new(query);
    request.operation_name = match parameters.remove(OPERATION_NAME) {
        Some(Value::String(name)) if !name.is_empty() => Some(name),
        None | Some(Value::Null | Value::String(_)) => None,
        Some(_) => return Err(BadParameter::new(OPERATION_NAME, "operationName has to be a string")),
    };
    if let Some(map) = take_map(&mut parameters, VARIABLES)? {
        request.variables = variables(map)?;
    }
    if let Some(map) = take_map(&mut parameters, EXTENSIONS)? {
        for (name, value) in map {
            let value = GraphqlValue::from_json(value)
                .map_err(|_| BadParameter::new(EXTENSIONS, "extensions has a value that GraphQL has not"))?;
            request.extensions.insert(name, value);
        }
    }
    Ok(request)
}

fn take_map(
    parameters: &mut Map<String, Value>,
    name: &'static str,
) -> Result<Option<Map<String, Value>>, BadParameter> {
    match parameters.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(_) => Err(BadParameter::new(name, format!("{name} has to be a map"))),
    }
}

/// `Variables::from_json` makes an empty map of what it cannot take; the sender should rather hear of it.
fn variables(map: Map<String, Value>) -> Result<Variables, BadParameter> {
    match GraphqlValue::from_json(Value::Object(map)) {
        Ok(value @ GraphqlValue::Object(_)) => Ok(Variables::from_value(value)),
        _ => Err(BadParameter::new(VARIABLES, "variables has a value that GraphQL has not")),
    }
}
