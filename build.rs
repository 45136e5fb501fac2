//! Links the program at a fixed address where that is known to work.
//!
//! The contracts are constant tables full of references. In a position-independent program the loader has to write every
//! one of them at each start, some twenty thousand, before the first line of `main`; that took longer than a whole
//! `validate`. At a fixed address they are ready in the file. Stack, heap and libraries stay at random addresses.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("PROFILE", "release")
    {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
