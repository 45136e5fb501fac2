//! The commands: their names, what they do in a line, and their flags.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};

use crate::cli::globals::GlobalArgs;
use crate::cli::{
    apply, broadcast, call, completions, explain, follow, history, profile, providers, sandbox,
    schema, send, sign, stop, upload, validate,
};

/// Makes the enum of commands and teaches clap about it.
///
/// The derive would build the flags of every command before it looks at the line. Here they are built when a command is
/// the one that was typed, which is most of the time that starting takes.
macro_rules! commands {
    ($($variant:ident($args:ty) = $name:literal, $about:literal $(, $long:literal)?;)*) => {
        /// A command with its flags.
        #[derive(Debug)]
        pub(super) enum Command {
            $(#[doc = $about] $variant($args),)*
        }

        impl Command {
            /// The command with a name, from the flags behind that name.
            pub(super) fn of(name: &str, flags: &mut ArgMatches) -> Result<Self, clap::Error> {
                match name {
                    $($name => <$args>::from_arg_matches_mut(flags).map(Self::$variant),)*
                    _ => Err(clap::Error::new(ErrorKind::InvalidSubcommand)),
                }
            }
        }

        impl Command {
            /// Whether it may change something outside this machine, which its exit code then tells.
            pub(super) const fn sends(&self) -> bool {
                matches!(
                    self,
                    Self::Send(_) | Self::Broadcast(_) | Self::Apply(_) | Self::Recall(_) | Self::Update(_) | Self::Delete(_)
                        | Self::Clear(_) | Self::Call(_) | Self::Upload(_)
                )
            }
        }

        impl FromArgMatches for Command {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Self::from_arg_matches_mut(&mut matches.clone())
            }

            fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
                match matches.remove_subcommand() {
                    Some((name, mut flags)) => Self::of(&name, &mut flags),
                    None => Err(clap::Error::new(ErrorKind::MissingSubcommand)),
                }
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }

        impl Subcommand for Command {
            fn augment_subcommands(command: clap::Command) -> clap::Command {
                command
                    .subcommand_required(true)
                    .arg_required_else_help(true)
                    $(.subcommand(clap::Command::new($name).about($about).defer(|command| {
                        let command = GlobalArgs::augment_args(<$args>::augment_args(command));
                        // A struct's own doc comment is for readers of the code.
                        command.about($about).long_about(None::<&str>)$(.long_about(concat!($about, "\n\n", $long)))?
                    })))*
            }

            fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
                Self::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                [$($name),*].contains(&name)
            }
        }
    };
}

commands! {
    Send(send::Args) = "send", "Send one message to named users, groups, rooms, aliases or registration ids",
        "What the message is comes from one content flag (--text, --image, ...), from --type with --set, or from --body. It \
         is linted first, and errors stop it; before it leaves, the ledger knows of it. Everybody, tags and packages are \
         reached by `broadcast` alone.";
    Broadcast(Box<broadcast::Args>) = "broadcast", "Send one message to everybody, a tag, a package or a list",
        "What reaches everybody, a tag or a package has to be confirmed by the profile's name, typed or given with \
         --confirm. A list may have any length: it is read and checked to its end, written down, and sent at the vendor's pace. \
         Whatever ends it early, --resume goes on with what is left.";
    Apply(apply::Args) = "apply", "Carry out a plan that `broadcast --plan` wrote: exactly that, once";
    Stop(stop::Args) = "stop", "Halt a job before its next batch",
        "Whoever works on the job awaits what is under way, and begins nothing more; `broadcast --resume` goes on with it.";
    Recall(follow::RecallArgs) = "recall", "Take back what was sent: by ledger id, by the vendor's id, or the last one",
        "The ledger knows how a message was sent, and so which operation takes it back, and for whom. For a message that it \
         does not know, say with --to and --from what the vendor wants to know.";
    Update(follow::UpdateArgs) = "update", "Replace the content of a message that was sent";
    Delete(follow::FollowArgs) = "delete", "Delete a message that was sent";
    Clear(follow::FollowArgs) = "clear", "Clear the messages of a conversation";
    Get(follow::FollowArgs) = "get", "Fetch a message that was sent";
    Status(follow::FollowArgs) = "status", "Ask what became of a message that was sent";
    Call(call::Args) = "call", "Call any operation of a contract",
        "Fields of the body, of the path and of the query are all given with --set, or stand side by side in --body. The \
         call is linted, guarded and written down as a send is.";
    Upload(upload::Args) = "upload", "Upload files to a vendor that takes them";
    Validate(validate::Args) = "validate", "Lint payload files, folders, NDJSON and stdin; offline, without credentials",
        "A .json file is one payload, or a list of them; .ndjson and .jsonl files hold one a line; folders are walked, and \
         .gitignore is honoured; a link that leads out of a folder is an error, and is not followed. The herald.toml of a project may waive rules: [lint] allow = [\"CODE\"]. The exit code is 1 \
         where there are errors, 3 where something could not be read.";
    Sign(sign::Args) = "sign", "Print a signature and its headers, explain it, or verify one",
        "Nothing is sent. Nonce and timestamp are fresh ones unless they are given; to verify a signature, give those that it \
         was made with.";
    Profile(profile::Args) = "profile", "Make, list, show and check profiles";
    History(history::Args) = "history", "Show what was sent, its ids and outcome, and resolve what is unknown";
    Explain(explain::Args) = "explain", "Explain a lint rule or a vendor's error code: cause, cure, whether it may be tried again";
    Schema(schema::Args) = "schema", "Write JSON Schemas of operations, message types and herald's own output";
    Providers(providers::Args) = "providers", "Show what can be sent: operations, message types, fields, limits, rates";
    Sandbox(sandbox::Args) = "sandbox", "Serve a local stand-in for the vendors",
        "One port serves every provider. Bare paths find their provider by the vendors' contracts; where two have the same \
         path, put /PROVIDER before it, or name one with --provider, which then gets every request. Test credentials are \
         printed; they never come from a profile.";
    Completions(completions::Args) = "completions", "Print the completion script of a shell, or the manual pages",
        "The script knows commands, flags and their fixed values. What depends on your files and on the contracts - \
         profiles, operations, message types, fields, rules, ids of the ledger - is completed live, by herald itself, where \
         the shell's start-up file asks for that instead. Live completion runs no secret's command, opens no socket and \
         writes nothing.";
}
