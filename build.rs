//! Links the program so that it starts quickly, where that is known to work.

use std::env::var;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "linux")
        || !is("CARGO_CFG_TARGET_ENV", "gnu")
        || !is("PROFILE", "release")
    {
        return;
    }
    // At a fixed address. The contracts are constant tables full of references. In a position-independent program the
    // loader has to write every one of them at each start, some twenty thousand, before the first line of `main`; that
    // took longer than a whole `validate`. At a fixed address they are ready in the file. Stack, heap and libraries stay
    // at random addresses.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    // With the unwinder of gcc inside, which only a panic uses. The loader takes a tenth of the time of a "hello world"
    // for the library that has it.
    if has_unwinder() {
        println!(
            "cargo::rustc-link-arg-bins=-Wl,--whole-archive,-l:libgcc_eh.a,--no-whole-archive"
        );
    }
}

/// Whether this machine builds for itself, with a C compiler that has the unwinder as an archive.
fn has_unwinder() -> bool {
    if var("HOST").ok() != var("TARGET").ok() {
        return false;
    }
    let found = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    // A compiler that lacks it prints the name alone.
    found.is_ok_and(|found| Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_absolute())
}
