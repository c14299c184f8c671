//! Subscriptions to the feed that select whatever the schema has, at random or all of it.

use std::collections::HashMap;
use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::graphql::CampanileSchema;

/// Nested fields, at most.
const DEPTH: usize = 6;

/// How much of the feed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Everything {
    /// Whatever there is.
    There,
    /// Whatever there is but in what is told to one person alone.
    OfSharedEvents,
}

/// The types of the schema.
pub(super) struct Schema {
    types: HashMap<String, Type>,
}

struct Type {
    /// Fields without arguments, each with the name of its type.
    fields: Vec<(String, String)>,
    possible: Vec<String>,
}

const INTROSPECTION: &str = "{ __schema { types { name kind
    fields { name args { name } type { name ofType { name ofType { name ofType { name } } } } }
    possibleTypes { name } } } }";

impl Schema {
    pub(super) async fn of(schema: &CampanileSchema) -> Self {
        let answer = schema.execute(INTROSPECTION).await.data.into_json().unwrap();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let types = list(&answer["__schema"]["types"]).into_iter().map(|of| {
            let fields = list(&of["fields"]).into_iter().filter(|field| list(&field["args"]).is_empty());
            let fields = fields.map(|field| (text(&field["name"]), innermost(&field["type"]))).collect();
            let possible = list(&of["possibleTypes"]).iter().map(|of| text(&of["name"])).collect();
            (text(&of["name"]), Type { fields, possible })
        });
        Self { types: types.collect() }
    }

    /// A subscription that selects at random, with aliases, fragments and directives, and its variables.
    pub(super) fn subscription(&self, seed: u64) -> (String, Value) {
        let mut random = Random { rng: StdRng::seed_from_u64(seed), aliases: 0, fragments: String::new() };
        let selection = self.some(&mut random, "FeedEvent", DEPTH);
        let alias = if random.one_in(3) { "f: " } else { "" };
        let fragments = random.fragments;
        let document = format!(
            "subscription($yes: Boolean!, $no: Boolean = false) {{ {alias}feed {{ \
             c: cursor @skip(if: $no) @include(if: $yes) k: __typename {selection} }} }} {fragments}"
        );
        (document, json!({ "yes": true }))
    }

    fn some(&self, random: &mut Random, of: &str, depth: usize) -> String {
        let mut selected = String::new();
        let of_type = &self.types[of];
        for (name, field_type) in &of_type.fields {
            let below = if self.is_composite(field_type) {
                if depth == 0 {
                    continue;
                }
                format!(" {{ {} }}", self.some(random, field_type, depth - 1))
            } else {
                String::new()
            };
            if random.one_in(2) {
                continue;
            }
            let directive = random.pick(&["", "", "@include(if: $yes)", "@skip(if: $no)", "@skip(if: $yes)"]);
            // Each has a name of its own, so that nothing is in conflict.
            let alias = random.alias();
            let _ = write!(selected, " {alias}: {name} {directive}{below}");
        }
        for possible in &of_type.possible {
            if possible == "ReadStateChanged" || random.one_in(4) {
                continue;
            }
            let below = self.some(random, possible, depth);
            if random.one_in(2) {
                let _ = write!(selected, " ... on {possible} {{ {below} }}");
            } else {
                let name = random.alias().to_uppercase();
                let _ = write!(random.fragments, " fragment {name} on {possible} {{ {below} }}");
                let _ = write!(selected, " ...{name}");
            }
        }
        let alias = random.alias();
        let _ = write!(selected, " {alias}: __typename");
        selected
    }

    /// A subscription that selects every field there is.
    pub(super) fn everything(&self, how_much: Everything) -> String {
        format!("subscription {{ feed {{ {} }} }}", self.all("FeedEvent", how_much, DEPTH))
    }

    fn all(&self, of: &str, how_much: Everything, depth: usize) -> String {
        let of_type = &self.types[of];
        let mut selected = "__typename".to_owned();
        for (name, field_type) in &of_type.fields {
            if !self.is_composite(field_type) {
                let _ = write!(selected, " {name}");
            } else if depth > 0 {
                let _ = write!(selected, " {name} {{ {} }}", self.all(field_type, how_much, depth - 1));
            }
        }
        for possible in &of_type.possible {
            if how_much == Everything::OfSharedEvents && possible == "ReadStateChanged" {
                continue;
            }
            let _ = write!(selected, " ... on {possible} {{ {} }}", self.all(possible, how_much, depth));
        }
        selected
    }

    fn is_composite(&self, name: &str) -> bool {
        let of = &self.types[name];
        !of.fields.is_empty() || !of.possible.is_empty()
    }
}

fn innermost(of: &Value) -> String {
    match of["name"].as_str() {
        Some(name) => name.to_owned(),
        None => innermost(&of["ofType"]),
    }
}

struct Random {
    rng: StdRng,
    aliases: usize,
    fragments: String,
}

impl Random {
    fn one_in(&mut self, n: u32) -> bool {
        self.rng.random_ratio(1, n)
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.rng.random_range(0..from.len())]
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("a{}", self.aliases)
    }
}
