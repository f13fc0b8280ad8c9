//! Where bytes go: blob stores and temporary files.
