//! Notification types: those that every Campanile has, and a platform's own from a file.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::Failure;
use crate::domain::notification_type::{self, MOST_OWN, TypeDefinition, TypeStatement};

#[cfg(test)]
mod tests;

/// The built-in types, and those of `file`. An error says in one line what is wrong and where.
pub(super) fn read(file: Option<&Path>) -> Result<Vec<TypeDefinition>, Failure> {
    let mut types = notification_type::built_in();
    let Some(file) = file else { return Ok(types) };
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("cannot read {name}: {error}"))?;
    let own =
        own(&text, &types).map_err(|Wrong { line, problem }| format!("{name}, line {line}: {problem}"))?;
    types.extend(own);
    Ok(types)
}

/// What is wrong with a file, and in which of its lines, from 1 on.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    line: usize,
    problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "type")]
    types: Vec<Spanned<Type>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    name: Spanned<String>,
    category: Spanned<String>,
    label: Spanned<String>,
    default: Option<Spanned<bool>>,
    mandatory: Option<bool>,
}

/// The types that `text` adds to those that are `known`.
fn own(text: &str, known: &[TypeDefinition]) -> Result<Vec<TypeDefinition>, Wrong> {
    let file: File = toml::from_str(text).map_err(|error| {
        // The library's message has lines of its own where it names what would do.
        let problem = error.message().lines().collect::<Vec<_>>().join(", ");
        Wrong { line: line_of(text, &error.span().unwrap_or_default()), problem }
    })?;
    if let Some(first) = file.types.get(MOST_OWN) {
        let problem = format!("at most {MOST_OWN} types");
        return Err(Wrong { line: line_of(text, &first.span()), problem });
    }
    let mut types = known.to_vec();
    for stated in file.types {
        let whole = stated.span();
        let Type { name, category, label, default, mandatory } = stated.into_inner();
        let spans =
            [("name", name.span()), ("category", category.span()), ("label", label.span())].into_iter();
        let spans: Vec<_> =
            spans.chain(default.as_ref().map(|default| ("default", default.span()))).collect();
        let statement = TypeStatement {
            name: name.into_inner(),
            category: category.into_inner(),
            label: label.into_inner(),
            default: default.is_none_or(Spanned::into_inner),
            mandatory: mandatory.unwrap_or(false),
        };
        let definition = statement.checked(&types).map_err(|invalid| {
            let of_field = spans.into_iter().find(|(field, _)| *field == invalid.field);
            let span = of_field.map_or(whole, |(_, span)| span);
            Wrong { line: line_of(text, &span), problem: invalid.to_string() }
        })?;
        types.push(definition);
    }
    Ok(types.split_off(known.len()))
}

/// The line, from 1 on, on which this range of bytes begins.
fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.char_indices().take_while(|(at, _)| *at < span.start).filter(|(_, c)| *c == '\n').count() + 1
}
