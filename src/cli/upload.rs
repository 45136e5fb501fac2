//! `herald upload`: sends files to a vendor that accepts them, for messages that refer to them later.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::SendFlags;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::provider::MediaKind;
use crate::send::UploadOptions;

const EXAMPLES: &str = "\
Examples:
  printf 'hello' > note.txt
  herald upload --sandbox --provider easemob note.txt";

/// Flags of `upload`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Files to upload
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Kind of the files, if their names do not tell
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Sort>,
    /// Field of the upload: PATH=TEXT or PATH:=JSON; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    sending: SendFlags,
}

/// What a file is, as the flag says it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    /// A picture
    Image,
    /// A recording
    Voice,
    /// A video
    Video,
    /// Any file
    File,
}

impl From<Sort> for MediaKind {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Image => Self::Image,
            Sort::Voice => Self::Voice,
            Sort::Video => Self::Video,
            Sort::File => Self::File,
        }
    }
}

/// Lints, guards and uploads, one file after the other.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let (files, kind, set) = (args.files.clone(), args.kind.map(Into::into), args.set.clone());
    crate::send::upload(env, &UploadOptions { files, kind, set }, &args.sending.options())
}
