//! What a subscription selects, apart from its arguments: who selects the same shares an execution.
//!
//! The library collects a subscription's streams from the fields at its root alone: fragments there are written out here
//! first, and a field that is named twice is merged, as the specification has it.

mod print;

use std::collections::HashSet;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
    Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Request, ServerError};
use async_graphql_value::Value;
use sha2::{Digest as _, Sha256};

use crate::graphql::Code;
use crate::graphql::error::request_error;

/// What stands at a subscription's root.
#[derive(Debug)]
pub(super) enum Root {
    /// The feed, and a digest of what is selected of it: the same for whoever selects the same.
    Feed([u8; 32]),
    /// Anything else, be it valid or not.
    Other,
}

/// Looks at the root of `request`, which must be a subscription that parses. Changes its document into one that the
/// library takes as it is meant. Fails where there is more than one field (GraphQL, 5.2.3.1).
pub(super) fn root_of(request: &mut Request) -> Result<Root, ServerError> {
    let name = request.operation_name.clone();
    let mut document = request.parsed_query()?.clone();
    let fragments = document.fragments.clone();
    let Some(operation) = chosen(&mut document, name.as_deref()) else { return Ok(Root::Other) };
    let mut flat =
        Flat { fragments: &fragments, open: HashSet::new(), written_out: HashSet::new(), fields: Vec::new() };
    // A fragment that spreads itself is refused by whoever checks the limits.
    if !flat.add(&operation.selection_set.node, &[]) {
        return Ok(Root::Other);
    }
    let Flat { written_out, fields, .. } = flat;
    let fields = merged(fields);
    if fields.len() > 1 {
        let message = "a subscription must have one field at its root";
        return Err(request_error(message, Code::ValidationFailed));
    }
    let root = match fields.first() {
        Some(field) if field.node.name.node == "feed" => {
            let printed = print::Printer::new(&fragments, operation, &request.variables).field(&field.node);
            Root::Feed(Sha256::digest(printed).into())
        }
        _ => Root::Other,
    };
    let field = |field: Positioned<Field>| Positioned::new(Selection::Field(field.clone()), field.pos);
    operation.selection_set.node.items = fields.into_iter().map(field).collect();
    // Of one that nobody spreads any more validation would complain.
    let mut spread = HashSet::new();
    document.operations.iter().for_each(|(_, other)| spreads(&other.node.selection_set.node, &mut spread));
    for fragment in fragments.values() {
        spreads(&fragment.node.selection_set.node, &mut spread);
    }
    document.fragments.retain(|name, _| !written_out.contains(name) || spread.contains(name));
    request.set_parsed_query(document);
    Ok(root)
}

fn chosen<'d>(
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

/// The fields at a root, with the fragments there written out.
struct Flat<'d> {
    fragments: &'d std::collections::HashMap<Name, Positioned<FragmentDefinition>>,
    /// Those that are being written out.
    open: HashSet<Name>,
    written_out: HashSet<Name>,
    fields: Vec<Positioned<Field>>,
}

impl Flat<'_> {
    /// False where a fragment is unknown or spreads itself.
    fn add(&mut self, selections: &SelectionSet, outer: &[Positioned<Directive>]) -> bool {
        selections.items.iter().all(|selection| match &selection.node {
            Selection::Field(field) => {
                let mut field = field.clone();
                field.node.directives.splice(0..0, outer.iter().cloned());
                self.fields.push(field);
                true
            }
            Selection::InlineFragment(inline) => {
                let directives = [outer, inline.node.directives.as_slice()].concat();
                self.add(&inline.node.selection_set.node, &directives)
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let Some(fragment) = self.fragments.get(name) else { return false };
                if !self.open.insert(name.clone()) {
                    return false;
                }
                let directives = [outer, spread.node.directives.as_slice()].concat();
                let added = self.add(&fragment.node.selection_set.node, &directives);
                self.open.remove(name);
                self.written_out.insert(name.clone());
                added
            }
        })
    }
}

/// The fragments that are spread somewhere in there.
fn spreads(selections: &SelectionSet, names: &mut HashSet<Name>) {
    for selection in &selections.items {
        match &selection.node {
            Selection::Field(field) => spreads(&field.node.selection_set.node, names),
            Selection::InlineFragment(inline) => spreads(&inline.node.selection_set.node, names),
            Selection::FragmentSpread(spread) => drop(names.insert(spread.node.fragment_name.node.clone())),
        }
    }
}

/// One field for each that is asked for in the same way more than once.
fn merged(fields: Vec<Positioned<Field>>) -> Vec<Positioned<Field>> {
    let mut merged: Vec<Positioned<Field>> = Vec::with_capacity(fields.len());
    for field in fields {
        match merged.iter_mut().find(|known| is_same(&known.node, &field.node)) {
            Some(known) => {
                known.node.selection_set.node.items.extend(field.node.selection_set.node.items);
            }
            None => merged.push(field),
        }
    }
    merged
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

#[cfg(test)]
mod tests;
