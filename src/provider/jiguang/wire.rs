//! What requests and replies of the products look like alike.

use std::path::PathBuf;

use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::outcome::Reading;
use crate::wire::{FormPart, Written, percent_encode_path};

/// The path of a template with its parameters, and their names.
pub(in crate::provider) fn path(
    template: &'static str,
    members: &Object,
) -> Result<(String, Vec<&'static str>)> {
    let (mut path, mut taken) = (String::new(), Vec::new());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').expect("templates close their braces");
        let value = members.get(name).map(|node| node.value.to_plain()).unwrap_or_default();
        // A step of dots would lead to another address.
        if value.is_empty() || value.bytes().all(|byte| byte == b'.') {
            return Err(Error::usage(format!("`{name}` cannot be `{value}`"))
                .help(format!("it stands in the path: {template}")));
        }
        path.push_str(before);
        path.push_str(&percent_encode_path(&value));
        taken.push(name);
        rest = behind;
    }
    path.push_str(rest);
    Ok((path, taken))
}

/// A part of an upload: a file, or a plain field.
pub(in crate::provider) fn part(name: &str, value: &Value) -> Result<FormPart> {
    let name = name.to_owned();
    let Some(file) = value.as_object() else {
        return Ok(FormPart::Field { name, value: Written::plain(value.to_plain()) });
    };
    let text = |key: &str| file.get(key).and_then(|node| node.value.as_str());
    let base_name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    if let Some(path) = text("path") {
        let file_name = base_name(text("name").unwrap_or(path));
        return Ok(FormPart::File { name, file_name, path: PathBuf::from(path) });
    }
    let Some(content) = text("content") else {
        return Err(Error::input(format!("the file part `{name}` has no content"))
            .help("give `path`, or `name` and `content`; `size` is for validate alone"));
    };
    let file_name = base_name(text("name").unwrap_or_default());
    Ok(FormPart::Content { name, file_name, content: Written::plain(content) })
}

/// A member as text; `None` where it is absent, `null` or empty.
pub(in crate::provider) fn plain(object: &Object, name: &str) -> Option<String> {
    let value = object.get(name).map(|node| &node.value)?;
    (!matches!(value, Value::Null)).then(|| value.to_plain()).filter(|text| !text.is_empty())
}

/// Takes the ids of a reply over.
pub(in crate::provider) fn ids(object: &Object, names: &[&str], reading: &mut Reading) {
    for name in names {
        reading.ids.extend(plain(object, name).map(|id| ((*name).to_owned(), id)));
    }
}

/// The error of the whole call, if the reply is one.
pub(in crate::provider) fn failure(object: &Object, reading: &mut Reading) -> bool {
    let Some(error) = object.get("error").and_then(|node| node.value.as_object()) else {
        return false;
    };
    reading.success = Some(false);
    reading.code = plain(error, "code");
    reading.message = plain(error, "message");
    ids(object, &["msg_id"], reading);
    true
}
