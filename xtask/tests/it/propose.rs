//! `.ci/propose` opens one pull request or one issue, whatever happens on the days after.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Keeps what is open in the folder `$HUB`, one file each, and writes every call to `$HUB/calls`.
const GH: &str = r#"#!/bin/sh
echo "$*" >> "$HUB/calls"
case "$1 $2" in
    "pr create" | "issue create") echo 7 > "$HUB/open-$1" ;;
    "pr list" | "issue list") cat "$HUB/open-$1" 2>/dev/null || true ;;
    "pr edit" | "issue edit") test "$3" = 7 ;;
esac
"#;

/// Ends with the code `$CODE`, after a change to the tree that is `$CHANGE`, if any.
const DRIFT: &str = r#"#!/bin/sh
mkdir -p "$(dirname "$DRIFT_REPORT")"
echo "$CHANGE" > "$DRIFT_REPORT"
test -z "$CHANGE" || echo "$CHANGE" > document
exit "$CODE"
"#;

fn program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn git(tree: &Path, arguments: &[&str]) {
    let person = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
    let mut git = Command::new("git");
    let done = git
        .current_dir(tree)
        .args(person)
        .args(arguments)
        .status()
        .unwrap();
    assert!(done.success(), "git {arguments:?}");
}

#[test]
fn each_day_there_is_at_most_one_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (tree, hub) = (at("tree"), at("hub"));
    fs::create_dir_all(&hub).unwrap();
    program(&at("bin/gh"), GH);
    program(&tree.join(".ci/drift"), DRIFT);
    let propose = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/propose");
    program(
        &tree.join(".ci/propose"),
        &fs::read_to_string(propose).unwrap(),
    );
    fs::write(tree.join(".gitignore"), "/target\n").unwrap();
    git(folder.path(), &["init", "--quiet", "--bare", "origin"]);
    git(&tree, &["init", "--quiet", "--initial-branch", "main"]);
    git(&tree, &["config", "user.name", "A"]);
    git(&tree, &["config", "user.email", "a@example.com"]);
    git(
        &tree,
        &["remote", "add", "origin", at("origin").to_str().unwrap()],
    );
    git(&tree, &["add", "--all"]);
    git(&tree, &["commit", "--quiet", "--message", "Begin"]);

    let path = format!("{}:{}", at("bin").display(), std::env::var("PATH").unwrap());
    let day = |code: i32, change: &str| {
        // Each day begins with a fresh checkout.
        git(&tree, &["switch", "--quiet", "--force", "main"]);
        let mut propose = Command::new(tree.join(".ci/propose"));
        let propose = propose.env("PATH", &path).env("HUB", &hub);
        let propose = propose
            .env("CODE", code.to_string())
            .env("CHANGE", change)
            .env_remove("DRIFT_REPORT");
        let done = propose.output().unwrap();
        let calls = fs::read_to_string(hub.join("calls")).unwrap_or_default();
        let _ = fs::remove_file(hub.join("calls"));
        let made = |what: &str| calls.lines().filter(|call| call.starts_with(what)).count();
        let made = ["pr create", "pr edit", "issue create", "issue edit"].map(made);
        (done.status.code().unwrap(), made)
    };
    assert_eq!(day(0, ""), (0, [0, 0, 0, 0]), "nothing");
    assert_eq!(day(10, "more"), (0, [1, 0, 0, 0]), "additive");
    assert_eq!(
        day(20, "other"),
        (0, [0, 1, 0, 0]),
        "breaking, the day after"
    );
    assert_eq!(day(0, "words"), (0, [0, 1, 0, 0]), "texts alone");
    assert_eq!(day(30, ""), (0, [0, 0, 1, 0]), "a decision");
    assert_eq!(day(30, ""), (0, [0, 0, 0, 1]), "still undecided");
    assert_eq!(day(1, ""), (1, [0, 0, 0, 0]), "not to be read");
    fs::remove_file(hub.join("open-pr")).unwrap();
    assert_eq!(
        day(10, "more"),
        (0, [1, 0, 0, 0]),
        "after the first was taken in"
    );
}
