//! Makes a subscription's document one that the library takes as it is meant: it collects the streams from the fields at
//! the root alone, and looks at the variables that were given, not at their defaults.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
    SelectionSet,
};
use async_graphql::{Name, Positioned, Request, ServerError};
use async_graphql_value::Value;

use crate::graphql::Code;
use crate::graphql::error::request_error;

/// Fragments in fragments at a root, at most: as deep as the library's own limit.
const DEPTH: usize = 32;

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// What stands at a subscription's root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::graphql::feed) enum Root {
    /// The feed.
    Feed,
    /// Anything else, be it valid or not: that is for validation to say.
    Other,
}

/// Writes out the fragments at the root of `request`, which must be a subscription that keeps the limits, merges a field that
/// is asked for twice in the same way, and gives variables their defaults. Fails where there is more than one field
/// (GraphQL, 5.2.3.1).
pub(in crate::graphql::feed) fn flatten(request: &mut Request) -> Result<Root, ServerError> {
    let name = request.operation_name.clone();
    let mut document = request.parsed_query()?.clone();
    let fragments = document.fragments.clone();
    let Some(operation) = chosen_mut(&mut document, name.as_deref()) else { return Ok(Root::Other) };
    for definition in operation.variable_definitions.iter().map(|definition| &definition.node) {
        if let Some(default) = &definition.default_value {
            request.variables.entry(definition.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
    let mut flat = Flat { fragments: &fragments, written_out: HashSet::new(), fields: Vec::new() };
    if !flat.add(&operation.selection_set.node, DEPTH)? {
        return Ok(Root::Other);
    }
    let Flat { written_out, fields, .. } = flat;
    let root = match fields.as_slice() {
        [field] if field.node.name.node == "feed" => Root::Feed,
        [_] => Root::Other,
        _ => return Err(invalid("a subscription must have one field at its root")),
    };
    let field = |field: Positioned<Field>| Positioned::new(Selection::Field(field.clone()), field.pos);
    operation.selection_set.node.items = fields.into_iter().map(field).collect();
    // Of one that nobody spreads any more validation would complain.
    let still_spread = reachable(&document, &fragments);
    document.fragments.retain(|name, _| !written_out.contains(name) || still_spread.contains(name));
    request.set_parsed_query(document);
    Ok(root)
}

fn invalid(message: &str) -> ServerError {
    request_error(message, Code::ValidationFailed)
}

/// As [`chosen`](crate::graphql::operation_kind::chosen), to be changed.
fn chosen_mut<'d>(
    document: &'d mut ExecutableDocument,
    name: Option<&str>,
) -> Option<&'d mut OperationDefinition> {
    let operation = match (&mut document.operations, name) {
        (DocumentOperations::Single(operation), None) => operation,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name)?,
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values_mut().next()?
        }
        _ => return None,
    };
    Some(&mut operation.node)
}

/// The fields at a root, with the fragments there written out, and each merged with those that are the same.
struct Flat<'d> {
    fragments: &'d Fragments,
    written_out: HashSet<Name>,
    fields: Vec<Positioned<Field>>,
}

impl Flat<'_> {
    /// False where validation has something to say.
    fn add(&mut self, selections: &SelectionSet, depth: usize) -> Result<bool, ServerError> {
        for selection in &selections.items {
            let (condition, directives, inner) = match &selection.node {
                Selection::Field(field) => {
                    self.merge(field)?;
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    let inline = &inline.node;
                    (inline.type_condition.as_ref(), &inline.directives, &inline.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.fragments.get(name) else { return Ok(false) };
                    let fragment = &fragment.node;
                    if !fragment.directives.is_empty() {
                        return Ok(false);
                    }
                    self.written_out.insert(name.clone());
                    (Some(&fragment.type_condition), &spread.node.directives, &fragment.selection_set.node)
                }
            };
            if condition.is_some_and(|condition| condition.node.on.node != "Subscription") || depth == 0 {
                return Ok(false);
            }
            if !directives.is_empty() {
                return Err(invalid(
                    "a fragment at a subscription's root must not have directives; its field may",
                ));
            }
            if !self.add(inner, depth - 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn merge(&mut self, field: &Positioned<Field>) -> Result<(), ServerError> {
        match self.fields.last_mut() {
            None => self.fields.push(field.clone()),
            Some(known) if is_same(&known.node, &field.node) => {
                let selected = field.node.selection_set.node.items.iter().cloned();
                known.node.selection_set.node.items.extend(selected);
            }
            Some(_) => return Err(invalid("a subscription must have one field at its root")),
        }
        Ok(())
    }
}

fn is_same(one: &Field, other: &Field) -> bool {
    let arguments = |field: &Field| -> Vec<(Name, Value)> {
        field.arguments.iter().map(|(name, value)| (name.node.clone(), value.node.clone())).collect()
    };
    let unconditional = one.directives.is_empty() && other.directives.is_empty();
    unconditional
        && one.response_key().node == other.response_key().node
        && one.name.node == other.name.node
        && arguments(one) == arguments(other)
}

/// The fragments that an operation spreads, be it by another one.
fn reachable(document: &ExecutableDocument, fragments: &Fragments) -> HashSet<Name> {
    let mut found = HashSet::new();
    let mut open: Vec<&SelectionSet> =
        document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node).collect();
    while let Some(selections) = open.pop() {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => open.push(&field.node.selection_set.node),
                Selection::InlineFragment(inline) => open.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if found.insert(name.clone())
                        && let Some(fragment) = fragments.get(name)
                    {
                        open.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    found
}
