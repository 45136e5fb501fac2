//! How the server's parser reads a body: it converts where it can, and fails with an exception where it cannot.

use super::{Refusal, lenient};
use crate::contract::{Kind, Shape, Width};
use crate::document::{Document, Node, Object, Value};
use crate::sandbox::Reasons;

/// A body, or an object in it.
#[derive(Clone, Debug, Default)]
pub(super) struct GsonObject {
    /// Nothing where the text was empty or `null`.
    object: Option<Object>,
    path: String,
}

type GsonRead<T> = Result<T, Refusal>;

/// Parses a body. An empty one and `null` give a body without fields.
pub(super) fn parse(bytes: &[u8], reasons: &Reasons) -> GsonRead<GsonObject> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        // It reads on, and refuses for the first field that is missing.
        reasons.tell("the body is empty, and JSON is due");
        return Ok(GsonObject { object: None, path: "$".to_owned() });
    }
    let strict = Document::from_bytes(bytes.to_vec());
    let lenient = |fault| {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Document::parse(lenient::to_json(text)).map_err(|_| fault)
    };
    let document = strict.or_else(lenient).map_err(|fault| {
        reasons.blame_syntax(bytes, &fault);
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
        let range = i64::from(i32::MIN)..=i64::from(i32::MAX);
        self.whole(key, "an int", |number| range.contains(&number))
    }

    /// A whole number of 64 bits.
    pub(super) fn long(&self, key: &str) -> GsonRead<i64> {
        self.whole(key, "a long", |_| true)
    }

    fn whole(&self, key: &str, due: &str, fits: impl Fn(i64) -> bool) -> GsonRead<i64> {
        let Some(value) = self.value(key) else { return Ok(0) };
        let path = self.path(key);
        match value {
            Value::Number(_) | Value::String(_) => {}
            other => return Err(expected(due, other, &path)),
        }
        whole(&value.to_plain()).filter(|number| fits(*number)).ok_or_else(|| {
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

/// The whole number that a text is: plain digits as they are, every other writing through a double.
fn whole(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        let double: f64 = text.trim().parse().ok()?;
        // As Java converts: what is too large becomes the largest number.
        let number = double as i64;
        (number as f64 == double).then_some(number)
    })
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

/// What reading throws, as `Action.getRequestBody` of version 1.4.8 passes it on.
fn syntax(cause: &str) -> Refusal {
    const WRAPPED: &str = "java.lang.RuntimeException: com.google.gson.JsonSyntaxException";
    Refusal::Exception(format!("{WRAPPED}: {cause}"))
}

/// What Java throws for a list that is not there.
pub(super) fn null_pointer() -> Refusal {
    Refusal::Exception("java.lang.NullPointerException".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_is_exact_in_plain_digits_and_goes_through_a_double_in_every_other_writing() {
        #[rustfmt::skip]
        let table = [
            ("589837683396739073",     Some(589_837_683_396_739_073)),
            ("-7",                     Some(-7)),
            ("589837683396739073.0",   Some(589_837_683_396_739_072)),
            ("5.89837683396739073e17", Some(589_837_683_396_739_072)),
            ("5.9e17",                 Some(590_000_000_000_000_000)),
            ("9223372036854775808",    Some(i64::MAX)),
            ("1.0",                    Some(1)),
            ("1e19",                   None),
            ("1.5",                    None),
            ("NaN",                    None),
            ("x",                      None),
        ];
        for (text, number) in table {
            assert_eq!(whole(text), number, "{text}");
        }
    }

    #[test]
    fn what_is_no_unicode_or_deeply_nested_is_read_all_the_same() {
        let deep = format!(r#"{{"a":1,"x":{}{}}}"#, "[".repeat(2000), "]".repeat(2000));
        for body in [
            b"\xef\xbb\xbf{\"a\":1}".as_slice(),
            b"{\"a\":1,\"t\":\"\xc4\xe3\"}",
            br#"{"a":1,"t":"\ud83d"}"#,
            br#"{"a":1,"t":"\ud83d\ude00 \udc00x"}"#,
            deep.as_bytes(),
        ] {
            let read = parse(body, &Reasons::default()).and_then(|object| object.long("a"));
            assert_eq!(read.expect("it is read"), 1, "{}", String::from_utf8_lossy(body));
        }
    }
}
