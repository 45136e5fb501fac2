//! How the server's parser reads a body: it converts where it can, and fails with an exception where it cannot.

use super::{Refusal, lenient};
use crate::contract::{Kind, Shape, Width};
use crate::document::{Document, Node, Object, Value};

/// A body, or an object in it.
#[derive(Clone, Debug, Default)]
pub(super) struct GsonObject {
    /// Nothing where the text was empty or `null`.
    object: Option<Object>,
    path: String,
}

type GsonRead<T> = Result<T, Refusal>;

/// Parses a body. An empty one and `null` give a body without fields.
pub(super) fn parse(bytes: &[u8]) -> GsonRead<GsonObject> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(GsonObject { object: None, path: "$".to_owned() });
    }
    let strict = Document::from_bytes(bytes.to_vec());
    let lenient = |fault| {
        let text = std::str::from_utf8(bytes).map_err(|_| ());
        text.and_then(|text| Document::parse(lenient::to_json(text)).map_err(|_| ()))
            .map_err(|()| fault)
    };
    let document = strict.or_else(lenient).map_err(|fault| {
        let cause = "com.google.gson.stream.MalformedJsonException";
        syntax(&format!("{cause}: {} at line 1 column {}", fault.message, fault.span.start + 1))
    })?;
    body(&document.into_value(), "$".to_owned())
}

fn body(value: &Value, path: String) -> GsonRead<GsonObject> {
    match value {
        Value::Object(object) => Ok(GsonObject { object: Some(object.clone()), path }),
        Value::Null => Ok(GsonObject { object: None, path }),
        other => Err(expected("BEGIN_OBJECT", other, &path)),
    }
}

/// Reads every field of a shape, as the parser does before anything is checked.
pub(super) fn read_all(body: &GsonObject, shape: &'static Shape) -> GsonRead<()> {
    for field in shape.fields {
        let name = field.name;
        match field.kind {
            Kind::Text | Kind::Base64 => drop(body.text(name)?),
            Kind::Int(int) if int.width == Width::I64 => drop(body.long(name)?),
            Kind::Int(_) | Kind::Choice(_) | Kind::Open(_) => drop(body.int(name)?),
            Kind::Bool(_) => drop(body.flag(name)?),
            Kind::Object(shape) => {
                if let Some(inner) = body.object(name)? {
                    read_all(&inner, shape)?;
                }
            }
            Kind::List(item) => match item.kind {
                Kind::Object(shape) => {
                    for inner in body.objects(name)?.unwrap_or_default() {
                        read_all(&inner, shape)?;
                    }
                }
                _ => drop(body.texts(name)?),
            },
            _ => {}
        }
    }
    shape.include.iter().try_for_each(|include| read_all(body, include))
}

impl GsonObject {
    fn value(&self, key: &str) -> Option<&Value> {
        let value = &self.object.as_ref()?.get(key)?.value;
        (!matches!(value, Value::Null)).then_some(value)
    }

    fn path(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    /// A text; numbers and truth values become one.
    pub(super) fn text(&self, key: &str) -> GsonRead<Option<String>> {
        self.value(key).map(|value| text(value, &self.path(key))).transpose()
    }

    /// A text, empty where there is none.
    pub(super) fn text_or_empty(&self, key: &str) -> GsonRead<String> {
        Ok(self.text(key)?.unwrap_or_default())
    }

    /// A text that has to be there and not to be empty.
    pub(super) fn due_text(&self, key: &str) -> GsonRead<String> {
        self.text(key)?.filter(|text| !text.is_empty()).ok_or(Refusal::Code(251))
    }

    /// A whole number of 32 bits, 0 where there is none; text of digits becomes one.
    pub(super) fn int(&self, key: &str) -> GsonRead<i64> {
        self.whole(key, i64::from(i32::MIN), i64::from(i32::MAX), "an int")
    }

    /// A whole number of 64 bits.
    pub(super) fn long(&self, key: &str) -> GsonRead<i64> {
        self.whole(key, i64::MIN, i64::MAX, "a long")
    }

    fn whole(&self, key: &str, min: i64, max: i64, due: &str) -> GsonRead<i64> {
        let Some(value) = self.value(key) else { return Ok(0) };
        let path = self.path(key);
        match value {
            Value::Number(_) | Value::String(_) => {}
            other => return Err(expected(due, other, &path)),
        }
        let number = value.as_integer().and_then(|number| i64::try_from(number).ok());
        number.filter(|number| (min..=max).contains(number)).ok_or_else(|| {
            let found = value.to_plain();
            syntax(&format!(
                "java.lang.NumberFormatException: Expected {due} but was {found} at line 1 column 1 path {path}"
            ))
        })
    }

    /// A truth value, false where there is none; any text but `true` is false.
    pub(super) fn flag(&self, key: &str) -> GsonRead<bool> {
        match self.value(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) => Ok(text.as_str().eq_ignore_ascii_case("true")),
            Some(other) => Err(expected("a boolean", other, &self.path(key))),
        }
    }

    /// A list of texts. A `null` in it fails later in the server, before anything is done.
    pub(super) fn list(&self, key: &str) -> GsonRead<Option<Vec<String>>> {
        let Some(texts) = self.texts(key)? else { return Ok(None) };
        texts.into_iter().collect::<Option<_>>().map(Some).ok_or_else(null_pointer)
    }

    fn texts(&self, key: &str) -> GsonRead<Option<Vec<Option<String>>>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let path = self.path(key);
        let items = value.as_array().ok_or_else(|| expected("BEGIN_ARRAY", value, &path))?;
        let one = |(index, node): (usize, &Node)| match &node.value {
            Value::Null => Ok(None),
            value => text(value, &format!("{path}[{index}]")).map(Some),
        };
        items.iter().enumerate().map(one).collect::<GsonRead<_>>().map(Some)
    }

    /// An object; `None` where there is none.
    pub(super) fn object(&self, key: &str) -> GsonRead<Option<Self>> {
        self.value(key).map(|value| body(value, self.path(key))).transpose()
    }

    /// A list of objects.
    pub(super) fn objects(&self, key: &str) -> GsonRead<Option<Vec<Self>>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let path = self.path(key);
        let items = value.as_array().ok_or_else(|| expected("BEGIN_ARRAY", value, &path))?;
        let one = |(index, node): (usize, &Node)| body(&node.value, format!("{path}[{index}]"));
        items.iter().enumerate().map(one).collect::<GsonRead<_>>().map(Some)
    }
}

fn text(value: &Value, path: &str) -> GsonRead<String> {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(value.to_plain()),
        other => Err(expected("a string", other, path)),
    }
}

fn expected(due: &str, found: &Value, path: &str) -> Refusal {
    let found = match found {
        Value::Null => "NULL",
        Value::Bool(_) => "BOOLEAN",
        Value::Number(_) => "NUMBER",
        Value::String(_) => "STRING",
        Value::Array(_) => "BEGIN_ARRAY",
        Value::Object(_) => "BEGIN_OBJECT",
    };
    let cause = "java.lang.IllegalStateException";
    syntax(&format!("{cause}: Expected {due} but was {found} at line 1 column 1 path {path}"))
}

fn syntax(cause: &str) -> Refusal {
    Refusal::Exception(format!("com.google.gson.JsonSyntaxException: {cause}"))
}

/// What Java throws for a list that is not there.
pub(super) fn null_pointer() -> Refusal {
    Refusal::Exception("java.lang.NullPointerException".to_owned())
}
