//! `herald init`: writes a `herald.toml` for the payloads of a folder.

use std::path::PathBuf;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::files::{FileAccess, FolderHandle, write_in};
use crate::profile::PROJECT_FILE;
use crate::report::counted;
use crate::validate::FolderSettings;

const EXAMPLES: &str = "\
Examples:
  echo '{\"platform\":\"all\",\"audience\":\"all\",\"notification\":{\"alert\":\"hello\"}}' > push.json
  herald init
  herald validate .";

/// Flags of `init`.
#[derive(Clone, Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder with payloads; the file is written into it
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
}

/// Runs the command. A `herald.toml` that is there stays as it is: exit 3.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let folder = &args.folder;
    let cannot = |why| Error::input(format!("cannot write in `{}`", folder.display())).because(why);
    let handle = FolderHandle::open(folder).map_err(cannot)?;
    let path = folder.join(PROJECT_FILE);
    if path.symlink_metadata().is_ok() {
        return Err(Error::input(format!("`{}` is there already", path.display()))
            .help("herald changes no file that you wrote; take it away first"));
    }
    let settings = FolderSettings::of(folder, env.system.now_ms())?;
    let text = settings.text();
    write_in(&handle.into(), PROJECT_FILE.as_ref(), text.as_bytes(), FileAccess::Shared)
        .map_err(cannot)?;
    let ui = env.ui;
    ui.remark(&format!(
        "wrote `{}`: {} for {}, {} left out",
        path.display(),
        counted(settings.mapped as u64, "file"),
        counted(operations(&settings) as u64, "operation"),
        counted(settings.exclude.len() as u64, "pattern"),
    ));
    for (glob, named) in &settings.near {
        ui.remark(&format!(
            "`{glob}` may be a payload with faults, and is still reported: {named} comes nearest"
        ));
    }
    for glob in &settings.open {
        ui.remark(&format!(
            "`{glob}` is not in it: it holds payloads for several operations, or is not JSON"
        ));
    }
    Ok(Exit::Done)
}

fn operations(settings: &FolderSettings) -> usize {
    let mut names: Vec<String> =
        settings.files.iter().map(|(_, named)| named.to_string()).collect();
    names.sort();
    names.dedup();
    names.len()
}
