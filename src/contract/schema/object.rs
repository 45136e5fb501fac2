//! Shapes as schemas: members, variants, and the checks that span fields.

use serde_json::{Map, Value, json};

use super::kind::with;
use super::{Builder, Level, SchemaScope, comment, condition, limit};
use crate::contract::{
    Check, CrossCheck, Empties, Field, Null, Position, Presence, RowFault, Shape, Unknown, Variant,
};

/// Every field of a shape, in all its variants; one name may appear several times.
pub(super) fn every_field(shape: &'static Shape) -> Vec<&'static Field> {
    crate::contract::typed::every_field(shape)
}

/// The parts from which an object's schema is built.
struct ObjectParts<'s> {
    shape: &'static Shape,
    level: Level,
    scope: &'s SchemaScope,
    /// Schemas that must all hold.
    all: Vec<Value>,
}

impl Builder {
    /// An object of fields.
    pub(super) fn shape(
        &mut self,
        shape: &'static Shape,
        around: &SchemaScope,
        level: Level,
    ) -> Value {
        let scope = around.within(shape.codes, shape.policy);
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        let mut parts = ObjectParts { shape, level, scope: &scope, all: Vec::new() };
        self.fields(shape, &[], &mut schema, &mut parts);
        self.unknown(&mut parts, &mut schema);
        if !parts.all.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(parts.all));
        }
        Value::Object(schema)
    }

    /// The fields and checks of a shape and of what it includes. Another shape defines the names in `hidden`.
    fn fields(
        &mut self,
        part: &'static Shape,
        hidden: &[&'static str],
        schema: &mut Map<String, Value>,
        parts: &mut ObjectParts<'_>,
    ) {
        let scope = &parts.scope.within(part.codes, part.policy);
        let mut hidden = hidden.to_vec();
        for (index, variant) in part.variants.iter().enumerate() {
            let contested = contested(variant);
            let others: Vec<&'static str> = part
                .variants
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .flat_map(|(_, other)| self::contested(other))
                .collect();
            let own: Vec<&'static Field> = own_fields(part)
                .into_iter()
                .filter(|field| contested.contains(&field.name) && !hidden.contains(&field.name))
                .filter(|field| !others.contains(&field.name))
                .collect();
            let mut taken = hidden.clone();
            taken.extend(&others);
            self.variant(variant, &own, scope, &taken, parts);
            // A schema cannot say which of two variants has a name.
            for name in contested.iter().filter(|name| others.contains(name)) {
                schema.entry("properties").or_insert_with(|| json!({}))[*name] = json!({});
            }
        }
        hidden.extend(part.variants.iter().flat_map(contested));
        for field in part.fields {
            if !hidden.contains(&field.name) {
                self.member(field, scope, schema, Some(&mut *parts));
                hidden.push(field.name);
            }
        }
        for check in part.checks {
            cross(check, schema, parts);
        }
        mild_names(part, schema, parts);
        for include in part.include {
            self.fields(include, &hidden, schema, parts);
            hidden.extend(every_field(include).iter().map(|field| field.name));
        }
    }

    /// The fields that a value selects. `own` are the fields of the object that a case may hide.
    fn variant(
        &mut self,
        variant: &'static Variant,
        own: &[&'static Field],
        scope: &SchemaScope,
        hidden: &[&'static str],
        parts: &mut ObjectParts<'_>,
    ) {
        let mut branches: Vec<(Option<Value>, Value)> = Vec::new();
        let shapes = variant.cases.iter().map(|case| (Some(case.is), Some(case.shape)));
        for (is, shape) in shapes.chain([(None, variant.otherwise)]) {
            let test = is.and_then(|lits| {
                condition::at(variant.by, condition::one_of(lits), parts.shape, parts.level)
            });
            let mut schema = Map::new();
            let mut inner = ObjectParts { all: Vec::new(), ..*parts };
            if let Some(shape) = shape {
                self.fields(shape, hidden, &mut schema, &mut inner);
            }
            let here: Vec<&str> =
                shape.map(every_field).unwrap_or_default().iter().map(|f| f.name).collect();
            for field in own.iter().filter(|field| !here.contains(&field.name)) {
                self.member(field, scope, &mut schema, Some(&mut inner));
            }
            if !inner.all.is_empty() {
                schema.insert("allOf".to_owned(), Value::Array(inner.all));
            }
            branches.push((test, Value::Object(schema)));
        }
        let sayable = branches.iter().rev().skip(1).all(|(test, _)| test.is_some());
        if !sayable {
            let any: Vec<Value> = branches.into_iter().map(|(_, schema)| schema).collect();
            parts.all.push(json!({ "anyOf": any }));
            return;
        }
        let tests: Vec<Value> = branches.iter().filter_map(|(test, _)| test.clone()).collect();
        for (test, schema) in branches {
            let schema_is_empty = schema.as_object().is_some_and(Map::is_empty);
            match test {
                _ if schema_is_empty => {}
                Some(test) => parts.all.push(json!({ "if": test, "then": schema })),
                None => parts.all.push(json!({ "if": { "anyOf": tests }, "else": schema })),
            }
        }
    }

    /// Fields of an object without variants, such as the reserved keys of a map.
    pub(super) fn members(
        &mut self,
        fields: &'static [Field],
        scope: &SchemaScope,
        schema: &mut Map<String, Value>,
    ) {
        for field in fields {
            self.member(field, scope, schema, None);
        }
    }

    /// One field: its schema under each of its names, and whether it must be there.
    fn member(
        &mut self,
        field: &'static Field,
        around: &SchemaScope,
        schema: &mut Map<String, Value>,
        parts: Option<&mut ObjectParts<'_>>,
    ) {
        let scope = around.within(field.codes, None);
        let value = match field.need {
            Presence::Required => without_absent(self.value(field, around), field, &scope),
            _ => with_absent(self.value(field, around), field, &scope),
        };
        let value = annotated(value, field);
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        for name in std::iter::once(&field.name).chain(field.aliases) {
            properties[*name] = value.clone();
        }
        let is_error = scope.is_error(RowFault::Missing);
        match (field.need, parts) {
            (Presence::Required, parts) if is_error => match (field.aliases, parts) {
                ([], _) => {
                    let required = schema.entry("required").or_insert_with(|| json!([]));
                    if let Value::Array(names) = required {
                        names.push(json!(field.name));
                    }
                }
                (_, Some(parts)) => parts.all.push(there(field, &scope)),
                (_, None) => {}
            },
            (Presence::RequiredIf(when), Some(parts)) if is_error => {
                match condition::when(when, parts.shape, parts.level) {
                    Some(test) => {
                        parts.all.push(json!({ "if": test, "then": there(field, &scope) }))
                    }
                    None => remark(schema, field, "required under a condition"),
                }
                self.conditional(field, &scope, schema, parts);
            }
            (_, Some(parts)) => self.conditional(field, &scope, schema, parts),
            (_, None) => {}
        }
    }

    /// Limits that depend on a condition.
    fn conditional(
        &self,
        field: &'static Field,
        scope: &SchemaScope,
        schema: &mut Map<String, Value>,
        parts: &mut ObjectParts<'_>,
    ) {
        for limit in field.limits {
            let Some(when) = limit.when else { continue };
            if !scope.refuses(limit) {
                continue;
            }
            match condition::when(when, parts.shape, parts.level) {
                Some(test) => {
                    let value = Value::Object(limit::one(limit, &field.kind));
                    let value = if matches!(field.need, Presence::Required) {
                        value
                    } else {
                        with_absent(value, field, scope)
                    };
                    let then = json!({ "properties": { field.name: value } });
                    parts.all.push(json!({ "if": test, "then": then }));
                }
                None => remark(schema, field, &limit.words()),
            }
        }
    }

    /// Members that no row describes.
    fn unknown(&self, parts: &mut ObjectParts<'_>, schema: &mut Map<String, Value>) {
        if parts.shape.unknown == Unknown::Ignore {
            return;
        }
        if !is_closed(parts) {
            comment(schema, "other members are no error");
            return;
        }
        if parts.level == Level::Root {
            let properties = schema.entry("properties").or_insert_with(|| json!({}));
            properties["$schema"] = json!({ "type": "string", "format": "uri-reference" });
        }
        let key =
            if parts.all.is_empty() { "additionalProperties" } else { "unevaluatedProperties" };
        schema.insert(key.to_owned(), json!(false));
    }
}

/// Known wrong names whose rule is not an error: they pass, although unknown names do not.
fn mild_names(part: &Shape, schema: &mut Map<String, Value>, parts: &ObjectParts<'_>) {
    let is_mild = part.near_rule.is_some_and(|rule| !parts.scope.is_error_rule(rule));
    if !is_mild || !is_closed(parts) {
        return;
    }
    let properties = schema.entry("properties").or_insert_with(|| json!({}));
    for (wrong, _) in part.near {
        if properties.get(*wrong).is_none() {
            properties[*wrong] = json!({});
        }
    }
}

/// Whether a member that no row describes is an error.
fn is_closed(parts: &ObjectParts<'_>) -> bool {
    let unknown = match parts.shape.unknown {
        Unknown::Policy => parts.scope.policy.unknown,
        own => own,
    };
    matches!(unknown, Unknown::Report(rule) if parts.scope.is_error_rule(rule))
}

/// Fields of a shape and of what it includes, without variants.
fn own_fields(shape: &'static Shape) -> Vec<&'static Field> {
    let mut out: Vec<&'static Field> = shape.fields.iter().collect();
    for include in shape.include {
        out.extend(own_fields(include));
    }
    out
}

/// Names that a variant may give another meaning.
fn contested(variant: &'static Variant) -> Vec<&'static str> {
    let cases = variant.cases.iter().map(|case| case.shape);
    cases.chain(variant.otherwise).flat_map(every_field).map(|field| field.name).collect()
}

/// The field is there, under one of its names, with a value that does not count as absent.
fn there(field: &Field, scope: &SchemaScope) -> Value {
    let absent = absent_where_needed(field, scope);
    let names = std::iter::once(field.name).chain(field.aliases.iter().copied());
    let any: Vec<Value> = names
        .map(|name| match absent.as_slice() {
            [] => json!({ "required": [name] }),
            absent => json!({
                "required": [name],
                "properties": { name: { "not": { "enum": absent } } },
            }),
        })
        .collect();
    match any.as_slice() {
        [one] => one.clone(),
        _ => json!({ "anyOf": any }),
    }
}

/// Values that count as absent in a required field.
fn absent_where_needed(field: &Field, scope: &SchemaScope) -> Vec<Value> {
    match field.absent {
        Some(empties) => std::iter::once(Value::Null).chain(values_of(empties)).collect(),
        None if field.null.unwrap_or(scope.policy.null) == Null::Wrong => Vec::new(),
        None => vec![Value::Null],
    }
}

/// The empty values of a set.
fn values_of(empties: Empties) -> Vec<Value> {
    let all =
        [(Empties::TEXT, json!("")), (Empties::LIST, json!([])), (Empties::OBJECT, json!({}))];
    let own = all.into_iter().filter(|(set, _)| empties.and(*set) == empties);
    own.map(|(_, value)| value).collect()
}

/// The schema of a required field, without the empty values that count as absent.
fn without_absent(schema: Value, field: &Field, scope: &SchemaScope) -> Value {
    let absent = absent_where_needed(field, scope);
    let is_error = scope.is_error(RowFault::Missing);
    if !is_error || !absent.contains(&json!("")) || schema.get("minLength").is_some() {
        return schema;
    }
    super::both(schema, json!({ "minLength": 1 }))
}

/// The schema of an optional field, with the empty values that count as absent.
fn with_absent(schema: Value, field: &Field, scope: &SchemaScope) -> Value {
    let mut extra = Vec::new();
    if field.absent.is_some() || field.null.unwrap_or(scope.policy.null) != Null::Wrong {
        extra.push(Value::Null);
    }
    extra.extend(values_of(field.absent.unwrap_or(scope.policy.absent)));
    // If a string of any length is allowed, the empty one needs no extra case.
    let narrows = ["minLength", "pattern", "anyOf", "allOf", "enum"];
    let plain_text = schema.get("type") == Some(&json!("string"))
        && narrows.iter().all(|key| schema.get(key).is_none());
    extra.retain(|value| !(plain_text && value == ""));
    if extra.is_empty() { schema } else { with(schema, extra) }
}

/// What an editor shows about a field.
fn annotated(schema: Value, field: &Field) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    let mut about = field.about.to_string();
    let choices = field.kind.choices();
    if choices.iter().any(|choice| choice.words() != choice.value.to_text()) {
        let words: Vec<String> = choices.iter().map(|choice| choice.words()).collect();
        about = format!("{about}: {}", words.join(", "));
    }
    if !field.default.is_empty() {
        about = format!("{about}. Default: {}", field.default);
    }
    if !about.is_empty() {
        schema.insert("description".to_owned(), json!(about));
    }
    if field.deprecated.is_some() {
        schema.insert("deprecated".to_owned(), json!(true));
    }
    if !field.edition.is_empty() {
        schema.insert("x-herald-edition".to_owned(), json!(field.edition));
    }
    let place = match field.position {
        Position::Body => "",
        Position::Path => "path",
        Position::Query => "query",
        Position::Header => "header",
        Position::Nowhere => "nowhere",
    };
    if !place.is_empty() {
        schema.insert("x-herald-in".to_owned(), json!(place));
    }
    Value::Object(schema)
}

/// A warning on a field.
fn remark(schema: &mut Map<String, Value>, field: &Field, words: &str) {
    comment(schema, &format!("{}: {words}", field.name));
}

/// A check that spans fields, if JSON Schema can express it; otherwise a warning.
fn cross(check: &Check, schema: &mut Map<String, Value>, parts: &mut ObjectParts<'_>) {
    if !parts.scope.is_error_rule(check.rule) {
        return;
    }
    let said = match &check.test {
        CrossCheck::Count { names, min, max, .. } => count(names, *min, *max, parts),
        CrossCheck::Flag { when, .. } => {
            condition::when(when, parts.shape, parts.level).map(|test| vec![json!({ "not": test })])
        }
        CrossCheck::Budget(_) | CrossCheck::Function { .. } => None,
    };
    match said {
        Some(schemas) => parts.all.extend(schemas),
        None => comment(schema, &check.words()),
    }
}

/// From `min` to `max` members of a group must be there.
fn count(names: &[&str], min: u32, max: u32, parts: &ObjectParts<'_>) -> Option<Vec<Value>> {
    let given: Vec<Value> = names
        .iter()
        .map(|name| {
            condition::at(
                name,
                json!({ "not": { "enum": [null, "", [], {}] } }),
                parts.shape,
                parts.level,
            )
        })
        .collect::<Option<_>>()?;
    let mut out = Vec::new();
    match min {
        0 => {}
        1 => out.push(json!({ "anyOf": given })),
        n if n as usize == given.len() => out.push(json!({ "allOf": given })),
        _ => return None,
    }
    match max {
        0 => out.push(json!({ "not": { "anyOf": given } })),
        1 => {
            for (index, first) in given.iter().enumerate() {
                for second in &given[index + 1..] {
                    out.push(json!({ "not": { "allOf": [first, second] } }));
                }
            }
        }
        n if n as usize >= given.len() => {}
        _ => return None,
    }
    Some(out)
}
