//! Checks that concern several files of this folder.
