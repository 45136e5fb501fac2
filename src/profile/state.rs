//! What `profile check` says of a profile, in a word.

/// The state of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileState {
    /// Nothing is wrong with it.
    Usable,
    /// The same as far as this machine knows; the vendor was to be asked, and has nothing to ask.
    UsableOffline,
    /// A command that sends would refuse it, or the vendor does.
    NotUsable,
}

impl ProfileState {
    /// Each of them once.
    pub const ALL: [Self; 3] = [Self::Usable, Self::UsableOffline, Self::NotUsable];

    /// The word in tables and in JSON output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usable => "ok",
            Self::UsableOffline => "ok-offline",
            Self::NotUsable => "not-usable",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Usable => "nothing is wrong with the profile",
            Self::UsableOffline => {
                "nothing is wrong with the profile as far as this machine knows; the vendor was not asked, \
                 because it has no call that changes nothing"
            }
            Self::NotUsable => {
                "a value of the profile is missing or wrong, or the vendor refuses it"
            }
        }
    }
}
