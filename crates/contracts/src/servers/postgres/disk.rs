//! A small disk, which a test may fill.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use uuid::Uuid;

use crate::servers::Missing;

/// How much goes onto it: some databases with tables of a store, and not much more.
const SIZE: &str = "64m";
/// Mounts a disk at the first argument, and becomes what the others say.
const MOUNT: &str = "mount -t tmpfs -o mode=777,size=\"$1\" tmpfs \"$0\" && shift && exec \"$@\"";

/// Says so where this machine lets these tests have none.
pub(super) fn can_be_had() -> Result<(), Missing> {
    let folder = std::env::temp_dir().join(format!("pressroom-disk-{}", Uuid::new_v4().simple()));
    std::fs::create_dir(&folder).expect("a temporary folder");
    let tried = seen_by(&Command::new("true"), &folder).output();
    let _ = std::fs::remove_dir(&folder);
    let reason = match tried {
        Ok(tried) if tried.status.success() => return Ok(()),
        Ok(tried) => String::from_utf8_lossy(&tried.stderr).trim().to_owned(),
        Err(error) => format!("unshare: {error}"),
    };
    Err(Missing::required(format!(
        "a full disk was not tested, as none can be mounted here ({reason}); run this as root, in a \
         container with CAP_SYS_ADMIN, or where users may make namespaces"
    )))
}

/// A command that sees a new, empty disk at a folder. Nobody else does, and the disk is gone with the
/// last process that the command leaves.
pub(super) fn seen_by(command: &Command, folder: &Path) -> Command {
    // Whoever runs this made the folder.
    let owner = folder.metadata().expect("the folder is there");
    let as_root = owner.uid() == 0;
    let mut outer = Command::new("unshare");
    outer.arg("--mount");
    if !as_root {
        // Whoever is root in a namespace of their own may mount there.
        outer.args(["--user", "--map-root-user"]);
    }
    outer.args(["sh", "-c", MOUNT]).arg(folder).arg(SIZE);
    if !as_root {
        // PostgreSQL refuses to run as root, whatever root that is.
        outer.args(["unshare", "--user"]);
        outer.arg(format!("--map-user={}", owner.uid()));
        outer.arg(format!("--map-group={}", owner.gid()));
    }
    outer.arg(command.get_program()).args(command.get_args());
    outer.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    outer
}
