//! Flags that every command has.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::report::{Color, Format};

/// The heading of these flags. The help of a command names them in one line; that of the program explains them.
pub(super) const EVERYWHERE: &str = "Everywhere";

/// Flags that every command has, before or after its name.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = EVERYWHERE)]
pub(super) struct GlobalArgs {
    /// Use this profile
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Read the profiles from this file
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) profiles: Option<PathBuf>,
    /// Use this provider, if no profile names one
    #[arg(long, global = true, value_name = "ID")]
    pub(super) provider: Option<String>,
    /// Write results in this format [default: table]
    ///
    /// `json` is one document with `"version": 1`; `ndjson` is one document a line, and nothing for an empty list.
    /// Schemas, completion scripts, help and the version keep their own format. The others are for `validate` alone.
    #[arg(long, global = true, value_name = "FORMAT")]
    output: Option<OutputFormat>,
    /// Use colours [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    color: Option<ColorWhen>,
    /// Write each step to stderr, without secrets
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Write no warnings and no progress; errors and results stay
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OutputFormat {
    /// Tables and sentences
    #[value(alias = "human")]
    Table,
    /// One line a finding
    Concise,
    /// One JSON document
    Json,
    /// One JSON document a line
    Ndjson,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML
    Junit,
    /// GitHub workflow commands
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// Markdown tables, as for $GITHUB_STEP_SUMMARY
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorWhen {
    /// On a terminal that shows them
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Offers only `validate` the formats of findings. A format before the name of a command is checked later.
pub(super) fn without_finding_formats(command: clap::Command, name: &str) -> clap::Command {
    if name == "validate" {
        // The formats are its own, and so its help lists them.
        return command.mut_arg("output", |output| output.help_heading(None::<&str>));
    }
    let all = OutputFormat::value_variants().iter().filter(|format| !format.is_for_findings());
    let values = all.filter_map(ValueEnum::to_possible_value);
    let parser =
        PossibleValuesParser::new(values).try_map(|word| OutputFormat::from_str(&word, false));
    command.mut_arg("output", |output| output.value_parser(parser))
}

impl OutputFormat {
    fn is_for_findings(self) -> bool {
        !matches!(self, Self::Table | Self::Json | Self::Ndjson)
    }
}

impl GlobalArgs {
    /// These flags; those that are not given are taken from the others.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            profile: self.profile.or(other.profile),
            profiles: self.profiles.or(other.profiles),
            provider: self.provider.or(other.provider),
            output: self.output.or(other.output),
            color: self.color.or(other.color),
            verbose: self.verbose || other.verbose,
            quiet: self.quiet || other.quiet,
        }
    }

    /// How results are written.
    pub(super) fn output(&self) -> Format {
        match self.output {
            None | Some(OutputFormat::Table) => Format::Human,
            Some(OutputFormat::Concise) => Format::Concise,
            Some(OutputFormat::Json) => Format::Json,
            Some(OutputFormat::Ndjson) => Format::Ndjson,
            Some(OutputFormat::Sarif) => Format::Sarif,
            Some(OutputFormat::Junit) => Format::Junit,
            Some(OutputFormat::Github) => Format::Github,
            Some(OutputFormat::Gitlab) => Format::Gitlab,
            Some(OutputFormat::Markdown) => Format::Markdown,
        }
    }

    /// When colours are used.
    pub(super) fn color(&self) -> Color {
        match self.color {
            None | Some(ColorWhen::Auto) => Color::Auto,
            Some(ColorWhen::Always) => Color::Always,
            Some(ColorWhen::Never) => Color::Never,
        }
    }
}
