//! Where logs are kept, and what happens if they cannot be.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::{Dir, Fanout};

#[test]
fn logs_are_kept_by_run_and_those_that_are_empty_are_not() {
    let state = Dir::new();
    let at = state.path().display().to_string();
    let logs = || {
        let records = std::fs::read_dir(state.path()).expect("records").flatten();
        records.filter(|record| record.path().join("logs").exists()).count()
    };
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-3"]).command(["true"]).expect_exit(0);
    assert_eq!((state.count(), logs()), (1, 0));
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-3"]).command(["echo", "x"]).expect_exit(0);
    assert_eq!((state.count(), logs()), (2, 1));
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
    fn mount(at: &'a Dir, options: &str) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(at.path()).output();
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
    let Some(_disk) = TinyDisk::mount(&dir, "size=4k,nr_inodes=5") else {
        eprintln!("SKIPPED: a full disk, for nothing can be mounted here");
        return;
    };
    let to = format!("OUT={}", out.path().display());
    let at = dir.path().display().to_string();
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-3", "-e", &to])
        .script(r#": > "$OUT/{}""#)
        .expect_exit(1)
        .stderr_contains("cannot be written: No space left on device");
    assert_eq!((out.count(), dir.count()), (0, 0));
}

#[test]
fn a_disk_that_fills_up_stops_the_fan_out_and_loses_nothing() {
    let (dir, out) = (Dir::new(), Dir::new());
    let Some(_disk) = TinyDisk::mount(&dir, "size=12m") else {
        eprintln!("SKIPPED: a full disk, for nothing can be mounted here");
        return;
    };
    let at = dir.path().join("records").display().to_string();
    let to = format!("OUT={}", out.path().display());
    let full = dir.path().join("full");
    // The third program takes what room there is; the rest of the runs finds none.
    let script = format!(
        r#"if [ "$FANOUT_INDEX" = 2 ] && [ ! -e "$OUT/full" ]; then : > "$OUT/full"; cat /dev/zero > {}; fi; : > "$OUT/{{}}""#,
        full.display()
    );
    Fanout::plain(["run", "--state-dir", &at, "--items", "1-400", "-j", "1", "-e", &to])
        .directory(out.path())
        .script(&script)
        .expect_exit(1)
        .stderr_contains("hint: make room where the record is (--state-dir), then: fanout attach");
    let before = out.count();
    assert!(before < 400, "{before} runs ended on a full disk");
    std::fs::remove_file(&full).expect("room");
    let done = Fanout::plain(["attach", "--state-dir", &at, "-o", "json"]).expect_exit_of(&[0, 100, 130]);
    assert_eq!(done.json()["totals"]["runs"], 400);
}

#[test]
fn a_home_directory_is_not_needed_where_the_place_is_named() {
    Fanout::run(["--items", "1"]).command(["true"]).shell_variable("HOME", "").expect_exit(0);
}
