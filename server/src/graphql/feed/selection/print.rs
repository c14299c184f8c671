//! Writes a selection down so that equal selections read the same: without positions, comments and the names of variables,
//! whose values stand in their place. Nobody reads it but a digest.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::{self, Write as _};

use async_graphql::parser::types::{Directive, Field, FragmentDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::{ConstValue, Value};
use sha2::{Digest as _, Sha256};

pub(super) struct Printer<'d> {
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    given: &'d Variables,
    text: Text,
    /// Fragments that are spread somewhere, to be written down behind it all.
    spread: BTreeSet<Name>,
    variables: HashSet<Name>,
}

/// What was written down.
pub(super) struct Printed {
    pub(super) digest: [u8; 32],
    /// Everything that was spread.
    pub(super) fragments: BTreeSet<Name>,
    /// Everything that was used.
    pub(super) variables: HashSet<Name>,
}

struct Text(Sha256);

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

impl<'d> Printer<'d> {
    pub(super) fn new(
        fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
        given: &'d Variables,
    ) -> Self {
        let text = Text(Sha256::new());
        Self { fragments, given, text, spread: BTreeSet::new(), variables: HashSet::new() }
    }

    /// This field, with everything below it, and the fragments that are spread there.
    pub(super) fn field(mut self, field: &Field) -> Printed {
        self.write_field(field);
        let mut written = BTreeSet::new();
        while let Some(name) = self.spread.difference(&written).next().cloned() {
            if let Some(fragment) = self.fragments.get(&name) {
                let _ = write!(self.text, "fragment {name} on {}", fragment.node.type_condition.node.on.node);
                self.directives(&fragment.node.directives);
                self.selections(&fragment.node.selection_set.node);
            }
            written.insert(name);
        }
        Printed { digest: self.text.0.finalize().into(), fragments: written, variables: self.variables }
    }

    fn write_field(&mut self, field: &Field) {
        let _ = write!(self.text, "{}:{}", field.response_key().node, field.name.node);
        self.arguments(&field.arguments);
        self.directives(&field.directives);
        self.selections(&field.selection_set.node);
    }

    fn selections(&mut self, selections: &SelectionSet) {
        if selections.items.is_empty() {
            return;
        }
        let _ = self.text.write_char('{');
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => self.write_field(&field.node),
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
            let _ = self.text.write_char(' ');
        }
        let _ = self.text.write_char('}');
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for directive in directives {
            let _ = write!(self.text, "@{}", directive.node.name.node);
            self.arguments(&directive.node.arguments);
        }
    }

    fn arguments(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)]) {
        for (name, value) in arguments {
            let value = value.node.clone().into_const_with(|name| self.value(name));
            let _ = match value {
                Ok(value) => write!(self.text, "({}:{value})", name.node),
                Err(Absent) => write!(self.text, "({}:)", name.node),
            };
        }
    }

    fn value(&mut self, variable: Name) -> Result<ConstValue, Absent> {
        let value = self.given.get(&variable).cloned();
        self.variables.insert(variable);
        value.ok_or(Absent)
    }
}

/// No value was given for a variable, which is not the same as null.
struct Absent;
