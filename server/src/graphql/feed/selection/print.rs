//! Writes a selection down so that equal selections read the same: without positions, comments and the names of variables,
//! whose values stand in their place.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use async_graphql::parser::types::{
    Directive, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::{ConstValue, Value};

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

pub(super) struct Printer<'d> {
    fragments: &'d Fragments,
    operation: &'d OperationDefinition,
    variables: &'d Variables,
    text: String,
    /// Fragments that are spread somewhere, to be written down behind it all.
    spread: BTreeSet<Name>,
}

impl<'d> Printer<'d> {
    pub(super) fn new(
        fragments: &'d Fragments,
        operation: &'d OperationDefinition,
        variables: &'d Variables,
    ) -> Self {
        Self { fragments, operation, variables, text: String::new(), spread: BTreeSet::new() }
    }

    /// This field without its arguments, with everything below it, and the fragments that are spread there.
    pub(super) fn field(mut self, field: &Field) -> String {
        let _ = write!(self.text, "{}:{}", field.response_key().node, field.name.node);
        self.directives(&field.directives);
        self.selections(&field.selection_set.node);
        let mut written = BTreeSet::new();
        while let Some(name) = self.spread.difference(&written).next().cloned() {
            if let Some(fragment) = self.fragments.get(&name) {
                let _ = write!(self.text, "fragment {name} on {}", fragment.node.type_condition.node.on.node);
                self.directives(&fragment.node.directives);
                self.selections(&fragment.node.selection_set.node);
            }
            written.insert(name);
        }
        self.text
    }

    fn selections(&mut self, selections: &SelectionSet) {
        if selections.items.is_empty() {
            return;
        }
        self.text.push('{');
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let _ = write!(self.text, "{}:{}", field.response_key().node, field.name.node);
                    self.arguments(&field.arguments);
                    self.directives(&field.directives);
                    self.selections(&field.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map_or("", |on| on.node.on.node.as_str());
                    let _ = write!(self.text, "...on {on}");
                    self.directives(&inline.node.directives);
                    self.selections(&inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let _ = write!(self.text, "...{}", spread.node.fragment_name.node);
                    self.directives(&spread.node.directives);
                    self.spread.insert(spread.node.fragment_name.node.clone());
                }
            }
            self.text.push(' ');
        }
        self.text.push('}');
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for directive in directives {
            let _ = write!(self.text, "@{}", directive.node.name.node);
            self.arguments(&directive.node.arguments);
        }
    }

    fn arguments(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)]) {
        for (name, value) in arguments {
            let value = value
                .node
                .clone()
                .into_const_with(|name| Ok::<_, std::convert::Infallible>(self.value(&name)));
            let value = value.unwrap_or_else(|never| match never {});
            let _ = write!(self.text, "({}:{value})", name.node);
        }
    }

    fn value(&self, variable: &Name) -> ConstValue {
        let given = self.variables.get(variable).cloned();
        let definition = self.operation.variable_definitions.iter().find(|d| d.node.name.node == *variable);
        let default =
            || definition.and_then(|d| d.node.default_value.as_ref()).map(|value| value.node.clone());
        given.or_else(default).unwrap_or(ConstValue::Null)
    }
}
