//! What a subscription selects, apart from its arguments: who selects the same shares an execution.

mod flat;
mod print;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection as Selected,
    SelectionSet,
};
use async_graphql::{Positioned, Variables};

pub(super) use self::flat::{Root, flatten};
use self::print::Printer;
use crate::graphql::operation_kind::chosen;

/// What is selected of the feed, and nothing else of what its subscriber said.
#[derive(Debug, Clone)]
pub(super) struct Selection {
    /// The same for whoever selects the same.
    pub(super) digest: [u8; 32],
    /// The selection alone, as a document: without arguments, other operations, fragments and variables that nobody uses.
    pub(super) document: ExecutableDocument,
    /// The variables that it uses.
    pub(super) variables: Variables,
}

impl Selection {
    /// Of a feed's document that is valid, and flattened. `None` for anything else.
    pub(super) fn of(
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Option<Self> {
        let operation = chosen(document, name)?;
        let [root] = operation.selection_set.node.items.as_slice() else { return None };
        let Selected::Field(field) = &root.node else { return None };
        let mut field = field.clone();
        // Where it begins, and what it leaves out, is routing's affair.
        field.node.arguments.clear();
        let printed = Printer::new(&document.fragments, variables).field(&field.node);

        let at = root.pos;
        let mut definitions = operation.variable_definitions.clone();
        definitions.retain(|definition| printed.variables.contains(&definition.node.name.node));
        let selection = OperationDefinition {
            ty: OperationType::Subscription,
            variable_definitions: definitions,
            directives: Vec::new(),
            selection_set: Positioned::new(
                SelectionSet { items: vec![Positioned::new(Selected::Field(field), at)] },
                at,
            ),
        };
        let mut fragments = document.fragments.clone();
        fragments.retain(|name, _| printed.fragments.contains(name));
        let mut used = Variables::default();
        for (name, value) in variables.iter().filter(|(name, _)| printed.variables.contains(*name)) {
            used.insert(name.clone(), value.clone());
        }
        let operations = DocumentOperations::Single(Positioned::new(selection, at));
        let document = ExecutableDocument { operations, fragments };
        Some(Self { digest: printed.digest, document, variables: used })
    }
}

#[cfg(test)]
mod tests;
