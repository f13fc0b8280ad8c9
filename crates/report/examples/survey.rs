//! Reads every layout below the folders that are given, and tells which can be read, and what in them
//! is not printed, by frequency.
//!
//! ```text
//! cargo run -p pressroom-report --example survey -- FOLDER...
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use pressroom_report::Definition;

#[allow(clippy::print_stdout, reason = "printing is what it is for")]
fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for folder in env::args_os().skip(1) {
        collect(Path::new(&folder), &mut files)?;
    }
    files.sort();
    let (mut read, mut whole, mut mistakes) = (0, 0, 0);
    let mut frequencies: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for file in &files {
        match Definition::from_repx(&fs::read(file)?) {
            Ok(definition) => {
                read += 1;
                let unsupported = definition.unsupported();
                for mistake in definition.mistakes() {
                    mistakes += 1;
                    println!("mistake {}  {mistake}", file.display());
                }
                whole += usize::from(unsupported.is_empty());
                let words: Vec<String> = unsupported
                    .iter()
                    .map(|entry| format!("{} {}", entry.count, entry.what))
                    .collect();
                println!("ok     {}  {}", file.display(), words.join(", "));
                for entry in unsupported {
                    let (occurrences, files) = frequencies.entry(entry.what).or_default();
                    *occurrences += entry.count;
                    *files += 1;
                }
            }
            Err(error) => println!("error  {}  {error}", file.display()),
        }
    }
    println!(
        "\n{read} of {} layouts read, {whole} with nothing unsupported; {mistakes} expressions cannot be read\n",
        files.len()
    );
    let mut frequencies: Vec<_> = frequencies.into_iter().collect();
    frequencies.sort_by_key(|(_, (occurrences, files))| std::cmp::Reverse((*files, *occurrences)));
    println!("| not printed | layouts | occurrences |\n|---|---|---|");
    for (what, (occurrences, files)) in frequencies {
        println!("| {what} | {files} | {occurrences} |");
    }
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "repx" || extension == "vsrepx")
    {
        files.push(path.to_owned());
    }
    Ok(())
}
