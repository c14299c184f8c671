//! How much one document may ask for, on whichever door it comes. Depth and complexity are the library's to count;
//! what would cost too much before it counts them is refused here: tokens before parsing, and fragments that spread
//! fragments before validation, which walks them again and again.

mod tokens;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest};
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Request, ServerError, ServerResult, Value};

use super::error::{Code, request_error};
use super::operation_kind::chosen;

pub(crate) use tokens::has_more_tokens_than;

/// Limits on one document.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Levels of nested fields. GraphiQL's introspection needs 15.
    pub depth: usize,
    /// Fields, those of a page counted once for each of its rows.
    pub complexity: usize,
    /// Lexical tokens. A call may name 10,000 users, and a thousand events of thirty tokens, without variables.
    pub tokens: usize,
    /// Aliased fields.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 20, complexity: 10_000, tokens: 30_000, aliases: 64, directives: 64 }
    }
}

/// Refuses what exceeds the limits.
pub(super) struct Enforce(pub(super) Limits);

impl ExtensionFactory for Enforce {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self(self.0))
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Enforce {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        check(&mut request, self.0)?;
        next.run(ctx, request).await
    }
}

/// Refuses a request that would cost too much, or lacks a variable that it needs.
pub(super) fn check(request: &mut Request, limits: Limits) -> ServerResult<()> {
    if has_more_tokens_than(&request.query, limits.tokens) {
        return Err(too_complex("tokens", limits.tokens));
    }
    let (variables, name) = (request.variables.clone(), request.operation_name.clone());
    // What does not parse is said by whoever executes it.
    let Ok(document) = request.parsed_query() else {
        return Ok(());
    };
    let cost = Walk::new(document).document()?;
    for (what, counted, most) in [
        ("fields", cost.fields, limits.complexity),
        ("aliases", cost.aliases, limits.aliases),
        ("directives", cost.directives, limits.directives),
    ] {
        if counted > most {
            return Err(too_complex(what, most));
        }
    }
    let Some(operation) = chosen(document, name.as_deref()) else {
        return Ok(());
    };
    // The library would notice in the middle, when mutations before it have been done.
    let missing =
        operation.variable_definitions.iter().map(|definition| &definition.node).find(|definition| {
            let given = variables.get(&definition.name.node).is_some_and(|value| *value != Value::Null);
            !definition.var_type.node.nullable && definition.default_value.is_none() && !given
        });
    match missing {
        Some(definition) => Err(missing_variable(&definition.name.node)),
        None => Ok(()),
    }
}

fn too_complex(what: &str, most: usize) -> ServerError {
    request_error(format!("the document has more than {most} {what}"), Code::TooComplex)
}

fn missing_variable(name: &Name) -> ServerError {
    let mut error = request_error(format!("the variable ${name} is needed"), Code::BadUserInput);
    if let Some(extensions) = &mut error.extensions {
        extensions.set("field", name.to_string());
    }
    error
}

/// What a part of a document has, with every fragment written out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cost {
    fields: usize,
    aliases: usize,
    directives: usize,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

/// Adds up a document, each fragment once: twenty that each spread the next one twice stand for a million fields.
struct Walk<'d> {
    document: &'d ExecutableDocument,
    /// `None` while a fragment is being added up: to meet it then is to meet a cycle.
    fragments: HashMap<&'d str, Option<Cost>>,
}

impl<'d> Walk<'d> {
    fn new(document: &'d ExecutableDocument) -> Self {
        Self { document, fragments: HashMap::new() }
    }

    fn document(mut self) -> ServerResult<Cost> {
        let mut cost = Cost::default();
        for (_, operation) in self.document.operations.iter() {
            cost.directives += operation.node.directives.len();
            cost.add(self.selections(&operation.node.selection_set.node)?);
        }
        Ok(cost)
    }

    // The parser has bounded how deep selections nest; fragments are bounded by their number, which tokens bound.
    fn selections(&mut self, selections: &'d SelectionSet) -> ServerResult<Cost> {
        let mut cost = Cost::default();
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    cost.fields += 1;
                    cost.aliases += usize::from(field.node.alias.is_some());
                    cost.directives += field.node.directives.len();
                    cost.add(self.selections(&field.node.selection_set.node)?);
                }
                Selection::InlineFragment(fragment) => {
                    cost.directives += fragment.node.directives.len();
                    cost.add(self.selections(&fragment.node.selection_set.node)?);
                }
                Selection::FragmentSpread(spread) => {
                    cost.directives += spread.node.directives.len();
                    cost.add(self.fragment(&spread.node.fragment_name.node)?);
                }
            }
        }
        Ok(cost)
    }

    fn fragment(&mut self, name: &'d Name) -> ServerResult<Cost> {
        match self.fragments.get(name.as_str()) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                let message = format!("the fragment {name} spreads itself");
                return Err(request_error(message, Code::ValidationFailed));
            }
            None => {}
        }
        // Validation says so of one that does not exist.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Cost::default());
        };
        self.fragments.insert(name, None);
        let mut cost = self.selections(&fragment.node.selection_set.node)?;
        cost.directives += fragment.node.directives.len();
        self.fragments.insert(name, Some(cost));
        Ok(cost)
    }
}

#[cfg(test)]
mod tests;
