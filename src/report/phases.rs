//! The words before the lines of `-v`, and what they mean.

/// Each word with its meaning. A phase has one of these names.
pub const PHASES: &[(&str, &str)] = &[
    ("ledger", "the ledger has stored what is about to be sent"),
    ("token", "a token is fetched, kept or taken from an earlier command"),
    ("prerequisite", "a call that the vendor wants before the message, as an upload"),
    ("request", "a request: its method and address; with `sandbox` one that the mock server got"),
    ("header", "a header of the request, secrets redacted"),
    ("sandbox", "a request to the mock server inside herald"),
    ("reply", "HTTP status and size of an answer"),
    ("failure", "a request that got no answer, and why"),
    ("again", "a request is sent another time"),
    ("stop", "herald was asked to end, and waits for answers that are on their way"),
    ("outcome", "what a request came to"),
    ("lint", "as what a file is linted"),
    ("skip", "a file that is left out"),
    ("exclude", "a file that a pattern of `exclude` leaves out"),
];
