//! The commands: their names, what they do in a line, and their flags.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};

use super::globals::GlobalArgs;
use super::{
    broadcast, call, completions, explain, follow, history, profile, providers, sandbox, schema,
    send, sign, upload, validate,
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
    Send(send::Args) = "send", "Send one message to named users, groups, rooms, aliases or registration ids";
    Broadcast(broadcast::Args) = "broadcast", "Send one message to everybody, a tag, a package or a list";
    Recall(follow::RecallArgs) = "recall", "Take back what was sent: by ledger id, by the vendor's id, or the last one";
    Update(follow::UpdateArgs) = "update", "Replace the content of a message that was sent";
    Delete(follow::FollowArgs) = "delete", "Delete a message that was sent";
    Clear(follow::FollowArgs) = "clear", "Clear messages of a conversation";
    Get(follow::FollowArgs) = "get", "Fetch a message";
    Status(follow::FollowArgs) = "status", "Ask what became of a message";
    Call(call::Args) = "call", "Call any operation of a contract";
    Upload(upload::Args) = "upload", "Upload files to a vendor that takes them";
    Validate(validate::Args) = "validate", "Lint payload files, folders, NDJSON and stdin; offline, without credentials";
    Sign(sign::Args) = "sign", "Print a signature and its headers, explain it, or verify one";
    Profile(profile::Args) = "profile", "Make, list, show and check profiles";
    History(history::Args) = "history", "Show what was sent, its ids and outcome";
    Explain(explain::Args) = "explain", "Explain a lint rule or a vendor's error code";
    Schema(schema::Args) = "schema", "Write JSON Schemas of operations, message types and herald's own output";
    Providers(providers::Args) = "providers", "Show what can be sent: operations, message types, fields, limits, rates";
    Sandbox(sandbox::Args) = "sandbox", "Serve a local stand-in for the vendors";
    Completions(completions::Args) = "completions", "Print the completion script of a shell, or the manual pages",
        "The script knows commands, flags and their fixed values. What depends on your files and on the contracts - \
         profiles, operations, message types, fields, rules, ids of the ledger - is completed live, by herald itself, where \
         the shell's start-up file asks for that instead. Live completion runs no secret's command, opens no socket and \
         writes nothing.";
}
