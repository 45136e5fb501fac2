//! Exit codes. Part of the interface: scripts branch on these numbers, so they never change meaning.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Lint errors, or a signature that does not verify; nothing was sent.
    Findings = 1,
    /// Wrong usage, a missing operation or audience included; nothing was sent.
    Usage = 2,
    /// Unusable input: file, profile, configuration, secret, ledger. Nothing was sent; or nothing more was sent, if the
    /// ledger was lost during the command.
    Input = 3,
    /// The vendor refused the credentials or the permission.
    Denied = 4,
    /// The vendor rejected it permanently.
    Rejected = 5,
    /// The vendor accepted some and refused some.
    Partly = 6,
    /// Certainly nothing was accepted this time.
    Unavailable = 7,
    /// The request was sent, but no answer tells the result.
    Unknown = 8,
    /// A guard refused; nothing was sent.
    Guard = 9,
    /// A bug in herald.
    Bug = 70,
    /// Ended by SIGHUP: the terminal was closed; the ledger is in order.
    HungUp = 129,
    /// Interrupted by SIGINT; the ledger is in order.
    Interrupted = 130,
    /// Ended by SIGQUIT; the ledger is in order.
    Quit = 131,
    /// Ended by SIGTERM; the ledger is in order.
    Terminated = 143,
}

impl Exit {
    /// Each of them once.
    pub const ALL: [Self; 15] = [
        Self::Done,
        Self::Findings,
        Self::Usage,
        Self::Input,
        Self::Denied,
        Self::Rejected,
        Self::Partly,
        Self::Unavailable,
        Self::Unknown,
        Self::Guard,
        Self::Bug,
        Self::HungUp,
        Self::Interrupted,
        Self::Quit,
        Self::Terminated,
    ];

    /// What it means, for people.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Findings => "lint errors, or --verify says no; nothing was sent",
            Self::Usage => {
                "wrong usage, a missing operation or audience included; nothing was sent"
            }
            Self::Input => {
                "unusable file, profile, configuration, secret or ledger; nothing more was sent"
            }
            Self::Denied => "the vendor refused the credentials or the permission",
            Self::Rejected => "the vendor rejected it, permanently",
            Self::Partly => "partly: some accepted, some not",
            Self::Unavailable => "certainly nothing was accepted, for now: retry",
            Self::Unknown => {
                "unknown: it was sent, and no answer says whether the vendor accepted it; see `herald history`"
            }
            Self::Guard => "a guard refused; nothing was sent",
            Self::Bug => "a bug in herald",
            Self::HungUp => {
                "ended by SIGHUP, as when the terminal is closed; the ledger is in order"
            }
            Self::Interrupted => "interrupted; the ledger is in order",
            Self::Quit => "ended by SIGQUIT; the ledger is in order",
            Self::Terminated => "ended by SIGTERM; the ledger is in order",
        }
    }

    /// Whether the same command may be run again, and what to do before.
    pub const fn again(self) -> &'static str {
        match self {
            Self::Done => "it would be done twice",
            Self::Findings => "no: fix the payload first",
            Self::Usage => "no: fix the command first",
            Self::Input => "no: fix what cannot be used first",
            Self::Denied => "no: fix the credentials first",
            Self::Rejected => "no: the vendor would reject it again",
            Self::Partly => {
                "what is left of a job: `broadcast --resume JOB`; then those that did not accept it: `history --job JOB --failed --as targets` lists them for `broadcast --targets -`"
            }
            Self::Unavailable => "yes",
            Self::Unknown => "not blindly: `history resolve` finds out what happened to it",
            Self::Guard => {
                "when the guard has no objection, or where `--override` or a confirmation is right"
            }
            Self::Bug => "look into `herald history` first: it tells what went out",
            Self::HungUp | Self::Interrupted | Self::Quit | Self::Terminated => {
                "what is left of a job: `broadcast --resume JOB`"
            }
        }
    }

    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The exit code for several results: the first of 8, 6, 4, 5, 7 that occurs, otherwise 0.
    pub fn worst(results: impl IntoIterator<Item = Exit>) -> Exit {
        const ORDER: [Exit; 5] =
            [Exit::Unknown, Exit::Partly, Exit::Denied, Exit::Rejected, Exit::Unavailable];
        let results: Vec<Exit> = results.into_iter().collect();
        ORDER.into_iter().find(|exit| results.contains(exit)).unwrap_or(Exit::Done)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_several_results_follows_the_promised_order() {
        use Exit::{Denied, Done, Partly, Rejected, Unavailable, Unknown};
        assert_eq!(Exit::worst([]), Done);
        assert_eq!(Exit::worst([Done, Unavailable]), Unavailable);
        assert_eq!(Exit::worst([Unavailable, Rejected, Done]), Rejected);
        assert_eq!(Exit::worst([Rejected, Denied]), Denied);
        assert_eq!(Exit::worst([Denied, Partly]), Partly);
        assert_eq!(Exit::worst([Partly, Unknown, Done]), Unknown);
    }
}
