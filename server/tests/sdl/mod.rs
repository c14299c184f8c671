//! A schema as a flat list of its elements.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

/// A type, field, argument, input field, enum value, or interface that a type implements.
#[derive(Debug)]
pub(crate) struct Element {
    /// `Type`, `Type.field`, `Type.field(argument)`, `Enum.VALUE`, `Type implements Interface`.
    pub(crate) path: String,
    /// What must be the same: the kind of a type, the type of a field, an input's default too.
    pub(crate) signature: String,
    pub(crate) described: bool,
}

impl Element {
    fn new(path: String, signature: String, described: bool) -> Self {
        Self { path, signature, described }
    }
}

/// Every element of a schema, built-in scalars left out.
pub(crate) fn elements(schema: &str) -> Vec<Element> {
    let document = parse_schema(schema).expect("a schema");
    let mut elements = Vec::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition {
            add_type(&mut elements, &definition.node);
        }
    }
    elements
}

fn add_type(elements: &mut Vec<Element>, definition: &TypeDefinition) {
    let name = definition.name.node.as_str();
    let described = definition.description.is_some();
    let one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
    let kind = match &definition.kind {
        TypeKind::Scalar => "scalar",
        TypeKind::Object(object) => {
            add_implements(elements, name, &object.implements);
            add_fields(elements, name, &object.fields);
            "type"
        }
        TypeKind::Interface(interface) => {
            add_implements(elements, name, &interface.implements);
            add_fields(elements, name, &interface.fields);
            "interface"
        }
        TypeKind::Union(_) => "union",
        TypeKind::Enum(values) => {
            for value in values.values.iter().map(|value| &value.node) {
                let path = format!("{name}.{}", value.value.node);
                elements.push(Element::new(path, String::new(), value.description.is_some()));
            }
            "enum"
        }
        TypeKind::InputObject(input) => {
            for field in &input.fields {
                add_input(elements, format!("{name}.{}", field.node.name.node), &field.node);
            }
            if one_of { "input @oneOf" } else { "input" }
        }
    };
    elements.push(Element::new(name.to_owned(), kind.to_owned(), described));
}

fn add_implements(elements: &mut Vec<Element>, name: &str, interfaces: &[Positioned<Name>]) {
    for interface in interfaces {
        elements.push(Element::new(format!("{name} implements {}", interface.node), String::new(), true));
    }
}

fn add_fields(elements: &mut Vec<Element>, name: &str, fields: &[Positioned<FieldDefinition>]) {
    for field in fields.iter().map(|field| &field.node) {
        let path = format!("{name}.{}", field.name.node);
        for argument in &field.arguments {
            add_input(elements, format!("{path}({})", argument.node.name.node), &argument.node);
        }
        elements.push(Element::new(path, field.ty.node.to_string(), field.description.is_some()));
    }
}

fn add_input(elements: &mut Vec<Element>, path: String, input: &InputValueDefinition) {
    let default = input.default_value.as_ref().map(|value| format!(" = {}", value.node)).unwrap_or_default();
    let signature = format!("{}{default}", input.ty.node);
    elements.push(Element::new(path, signature, input.description.is_some()));
}
