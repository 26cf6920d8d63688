//! Where logs are kept, and what happens if they cannot be.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::{Dir, Fanout};

#[test]
fn logs_are_kept_by_run_and_those_that_are_empty_are_not() {
    let state = Dir::new();
    let at = state.path().display().to_string();
    let kept = || state.count();
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-3"]).command(["true"]).expect_exit(0);
    assert_eq!(kept(), 0);
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-3"]).command(["echo", "x"]).expect_exit(0);
    assert_eq!(kept(), 1);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_anything_is_started() {
    let (dir, out) = (Dir::new(), Dir::new());
    let to = format!("OUT={}", out.path().display());
    let in_a_file = format!("{}/x", dir.file("file", ""));
    let mut places = vec![in_a_file, "/proc/fanout".into()];
    let closed = dir.path().join("closed");
    std::fs::create_dir(&closed).expect("a directory");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).expect("permissions");
    // Root may write everywhere.
    if std::fs::write(closed.join("try"), "").is_err() {
        places.push(closed.join("state").display().to_string());
    }
    for place in places {
        Fanout::plain(["run", "--state-dir", &place, "--items", "1-3", "-e", &to])
            .script(r#": > "$OUT/{}""#)
            .expect_exit(1)
            .stdout_is_empty()
            .stderr_contains(" cannot be written: ")
            .stderr_contains("hint: logs are kept there; choose another directory with --state-dir DIR");
        assert_eq!(out.count(), 0, "{place}");
    }
}

/// A disk with room for next to nothing, for as long as this lives.
struct TinyDisk<'a>(&'a Dir);

impl<'a> TinyDisk<'a> {
    /// `None` where nothing may be mounted.
    fn mount(at: &'a Dir) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4k,nr_inodes=5", "none"]).arg(at.path()).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self(at))
    }
}

impl Drop for TinyDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_the_cause_that_is_told_and_no_program_is_half_started() {
    let (dir, out) = (Dir::new(), Dir::new());
    let Some(_disk) = TinyDisk::mount(&dir) else {
        eprintln!("SKIPPED: a full disk, for nothing can be mounted here");
        return;
    };
    let to = format!("OUT={}", out.path().display());
    let at = dir.path().display().to_string();
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-3", "-e", &to])
        .script(r#": > "$OUT/{}""#)
        .expect_exit(100)
        .stderr_contains("log stream: no space left on device");
    assert_eq!(out.count(), 0);
}

#[test]
fn a_home_directory_is_not_needed_where_the_place_is_named() {
    Fanout::run(["--items", "1"]).command(["true"]).shell_variable("HOME", "").expect_exit(0);
}
