//! A request as one line for a POSIX shell.

use super::{Body, FormPart, Request, Show};

/// The `curl` command that sends the same request.
pub fn to_curl(request: &Request, show: Show) -> String {
    let mut line = format!("curl -sS -X {} {}", request.method.as_str(), quote(&request.url(show)));
    for header in &request.headers {
        line += " -H ";
        line += &quote(&format!("{}: {}", header.name, header.value.show(show)));
    }
    match &request.body {
        Body::None => {}
        Body::Text { media, text } => {
            line += " -H ";
            line += &quote(&format!("Content-Type: {media}"));
            line += " --data-raw ";
            line += &quote(&text.show(show));
        }
        Body::File { media, path } => {
            line += " -H ";
            line += &quote(&format!("Content-Type: {media}"));
            line += " --data-binary ";
            line += &quote(&format!("@{}", path.display()));
        }
        Body::Multipart(parts) => {
            for part in parts {
                let value = match part {
                    FormPart::Field { name, value } => {
                        line += " --form-string ";
                        quote(&format!("{name}={value}"))
                    }
                    FormPart::Content { name, file_name, content } => {
                        line += " -F ";
                        let content = String::from_utf8_lossy(content);
                        quote(&format!("{name}={content};filename={file_name}"))
                    }
                    FormPart::File { name, path, .. } => {
                        line += " -F ";
                        quote(&format!("{name}=@{}", path.display()))
                    }
                };
                line += &value;
            }
        }
    }
    line
}

/// Single quotes, which a POSIX shell takes literally; a single quote itself is put between them escaped.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
