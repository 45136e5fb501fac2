//! Why an exchange failed, in words for people, whichever client carried it.

use std::error::Error;
use std::io;

/// An error, and all that is below it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// Whether what came could not be read as a reply at all.
pub(super) fn is_unreadable(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .any(|cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse))
}

/// Why, in the words of the innermost layers. The address is left out: it may hold a secret.
pub(super) fn reason(error: &(dyn Error + 'static)) -> String {
    let reset = causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::ConnectionReset);
    let closed = causes(error)
        .filter_map(|cause| cause.downcast_ref::<hyper::Error>())
        .any(hyper::Error::is_incomplete_message);
    if reset {
        return "the connection was reset".to_owned();
    }
    if closed {
        return "the connection was closed before an answer came".to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    for cause in causes(error).filter(|cause| !cause.is::<reqwest::Error>()) {
        let text = cause.to_string();
        // Layers repeat each other, and the outer one of hyper-util says nothing.
        let is_new = !words.iter().any(|known| known.contains(&text));
        if is_new && !text.starts_with("client error") {
            words.retain(|known| !text.contains(known.as_str()));
            words.push(text);
        }
    }
    match words.join(": ") {
        text if text.is_empty() => "the exchange failed".to_owned(),
        text if text.contains("peer certificate") => {
            format!("{text}; a root of your own is named with --cacert FILE")
        }
        text => text,
    }
}
