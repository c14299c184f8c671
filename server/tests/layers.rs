//! The layers of the server point one way: each may name only those before it.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up.
const LAYERS: [&str; 8] = ["clock", "domain", "store", "log", "delivery", "graphql", "http", "app"];

/// What the domain must do without: it is plain types and rules.
const NOT_IN_DOMAIN: [&str; 7] =
    ["async ", "tokio", "axum", "async_graphql", "diesel", "std::fs", "std::net"];

fn sources(of: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(of) else {
        return vec![];
    };
    let paths = entries.map(|entry| entry.expect("a file").path());
    paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The files of a layer with what they say, comments left out.
fn layer(name: &str) -> Vec<(PathBuf, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = sources(&source.join(name));
    paths.push(source.join(format!("{name}.rs")));
    let code = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a source file");
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    let rust = paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| (path.clone(), code(&path))).collect()
}

#[test]
fn every_module_is_a_layer() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let library = fs::read_to_string(source.join("lib.rs")).unwrap();
    let mut modules: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    modules.sort_by_key(|module| LAYERS.iter().position(|layer| layer == module));
    assert_eq!(modules, LAYERS);
}

#[test]
fn no_layer_names_one_above_it() {
    for (height, name) in LAYERS.iter().enumerate() {
        for (path, code) in layer(name) {
            for above in &LAYERS[height + 1..] {
                assert!(!code.contains(&format!("crate::{above}")), "{} names {above}", path.display());
            }
        }
    }
}

#[test]
fn the_domain_is_plain() {
    for (path, code) in layer("domain") {
        for foreign in NOT_IN_DOMAIN {
            assert!(!code.contains(foreign), "{} has {foreign}", path.display());
        }
    }
}

#[test]
fn only_the_store_knows_the_database() {
    for name in LAYERS.iter().filter(|name| **name != "store") {
        for (path, code) in layer(name) {
            for foreign in ["diesel", "rusqlite", "SqliteConnection"] {
                assert!(!code.contains(foreign), "{} has {foreign}", path.display());
            }
        }
    }
}
