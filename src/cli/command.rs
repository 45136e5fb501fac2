//! The enum of commands: only the flags of the given command are built.

/// Makes the enum of commands and its clap implementations.
///
/// The derive would build the flags of every command before it parses the line. Here only the flags of the given
/// command are built, because building flags takes most of the start-up time.
macro_rules! commands {
    ($($group:literal { $($variant:ident($args:ty) = $name:literal, $about:literal $(, $long:literal)? $(=> $examples:expr)?;)* })*) => {
        /// The names of the commands by what they are for, as the help lists them.
        const GROUPS: &[(&str, &[&str])] = &[$(($group, &[$($name),*])),*];

        /// A command with its flags.
        #[derive(Debug)]
        enum Command {
            $($(#[doc = $about] $variant($args),)*)*
        }

        impl Command {
            /// The command with a name, from the flags after that name.
            pub(super) fn of(name: &str, flags: &mut ArgMatches) -> Result<Self, clap::Error> {
                match name {
                    $($($name => <$args>::from_arg_matches_mut(flags).map(Self::$variant),)*)*
                    _ => Err(clap::Error::new(ClapError::InvalidSubcommand)),
                }
            }
        }

        impl Command {
            /// Adds the commands that are wanted, by their names.
            pub(super) fn augment_wanted(
                mut command: clap::Command,
                is_wanted: impl Fn(&str) -> bool,
            ) -> clap::Command {
                $($(if is_wanted($name) {
                    command = command.subcommand(clap::Command::new($name).about($about).defer(|command| {
                        let command = take_values(GlobalArgs::augment_args(<$args>::augment_args(command)));
                        let command = globals::without_finding_formats(command, $name);
                        // The doc comment of the struct is for readers of the code.
                        command.about($about).long_about(None::<&str>)$(.long_about(concat!($about, "\n\n", $long)))?$(.before_help($examples))?
                    }));
                })*)*
                command.subcommand_required(true).arg_required_else_help(true)
            }

            /// Whether it may change something outside this machine; its exit code then reports that.
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
                    None => Err(clap::Error::new(ClapError::MissingSubcommand)),
                }
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }

        impl Subcommand for Command {
            fn augment_subcommands(command: clap::Command) -> clap::Command {
                Self::augment_wanted(command, |_| true)
            }

            fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
                Self::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                GROUPS.iter().any(|(_, names)| names.contains(&name))
            }
        }
    };
}

pub(super) use commands;
