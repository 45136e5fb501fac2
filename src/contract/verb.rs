//! The commands that use operations, and the words for what they do.

/// herald's commands that use an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `send`
    Send,
    /// `broadcast`
    Broadcast,
    /// `recall`
    Recall,
    /// `update`
    Update,
    /// `delete`
    Delete,
    /// `clear`
    Clear,
    /// `get`
    Get,
    /// `status`
    Status,
    /// `upload`
    Upload,
    /// Only `call`.
    Call,
    /// `profile check --online`
    Check,
    /// `--dry-run=server`
    DryRun,
}

impl Verb {
    /// The command's name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Broadcast => "broadcast",
            Self::Recall => "recall",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Clear => "clear",
            Self::Get => "get",
            Self::Status => "status",
            Self::Upload => "upload",
            Self::Call => "call",
            Self::Check => "profile check --online",
            Self::DryRun => "--dry-run=server",
        }
    }

    /// The commands that take away or change what was sent.
    pub const FOLLOW_UPS: [Self; 4] = [Self::Recall, Self::Delete, Self::Update, Self::Clear];

    /// The one of these with a name.
    pub fn follow_up(word: &str) -> Option<Self> {
        Self::FOLLOW_UPS.into_iter().find(|verb| verb.word() == word)
    }

    /// What happened to a message that such a command was about.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Recall => "recalled",
            Self::Delete => "deleted",
            Self::Update => "updated",
            Self::Clear => "cleared",
            _ => "done",
        }
    }

    /// What that word means.
    pub const fn done_means(self) -> &'static str {
        match self {
            Self::Recall => {
                "the vendor accepted its recall; what people have read already cannot be taken from them"
            }
            Self::Delete => "the vendor accepted that it is deleted on the server",
            Self::Update => "the vendor accepted a new content in its place",
            Self::Clear => "the vendor accepted that the conversation with it is cleared",
            _ => "the vendor accepted it",
        }
    }
}
