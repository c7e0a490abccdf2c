//! Every part of every collection in `fixtures/` is accounted for: counted here once more, from the JSON.

use serde_json::Value;
use std::fs;
use std::path::Path;
use xtask::account::{Account, KINDS, Kind, Outcome};
use xtask::convert::{Conversion, convert};
use xtask::lower::{ACCEPTED, lower, operations};
use xtask::lowered::compare;

/// What a collection holds, as far as it can be counted without reading URLs.
#[derive(Debug, Default)]
pub struct Counted {
    pub requests: usize,
    pub pairs: usize,
    pub bodies: usize,
    pub examples: usize,
}

impl Counted {
    pub fn of(node: &Value) -> Self {
        let mut counted = Self::default();
        counted.item(node);
        counted
    }

    fn item(&mut self, item: &Value) {
        if let Some(items) = item.get("item") {
            let items = items.as_array().into_iter().flatten();
            items.for_each(|item| self.item(item));
            return;
        }
        self.requests += 1;
        self.request(&item["request"]);
        for response in item["response"].as_array().into_iter().flatten() {
            self.examples += 1;
            self.request(&response["originalRequest"]);
        }
    }

    fn request(&mut self, request: &Value) {
        let mode = request["body"]["mode"].as_str().unwrap_or_default();
        let raw = request["body"]["raw"].as_str().unwrap_or_default();
        self.bodies += usize::from(!mode.is_empty() || !raw.is_empty());
        let of = |list: &Value| {
            let list = list.as_array().into_iter().flatten();
            list.filter(|pair| !pair.is_null()).count()
        };
        let url = request.get("urlObject").unwrap_or(&request["url"]);
        let text = url.as_str().or(request.as_str()).unwrap_or_default();
        let query = text.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default().split('&');
        self.pairs += query.filter(|pair| !pair.is_empty()).count();
        self.pairs += of(&url["query"]) + of(&request["header"]);
    }
}

/// Whether an account adds up, and names what it leaves out.
pub fn adds_up(account: &Account) -> Result<(), String> {
    for kind in KINDS {
        let tally = account.tally(kind);
        if tally.kept + tally.merged + tally.left_out != tally.found {
            return Err(format!("{kind}: {tally:?}"));
        }
        let of = |is_merged: bool| -> usize {
            let mine = account.entries.iter().filter(|entry| {
                entry.kind == kind && matches!(entry.outcome, Outcome::Merged(_)) == is_merged
            });
            mine.map(|entry| entry.count).sum()
        };
        if (of(true), of(false)) != (tally.merged, tally.left_out) {
            return Err(format!("{kind}: {tally:?}, but {:?}", account.entries));
        }
    }
    Ok(())
}

/// Whether the document has what the account says that it keeps.
pub fn is_kept(conversion: &Conversion) -> Result<(), String> {
    let (mut parameters, mut examples, mut count) = (0, 0, 0);
    for (_, _, operation) in operations(conversion.document()) {
        count += 1;
        parameters += operation["parameters"].as_array().map_or(0, Vec::len);
        for (_, response) in operation["responses"].as_object().unwrap() {
            let content = response["content"].as_object().into_iter().flatten();
            let of =
                content.map(|(_, media)| media["examples"].as_object().map_or(0, |all| all.len()));
            examples += of.sum::<usize>();
        }
    }
    let account = &conversion.account;
    if (account.requests.kept, account.parameters.kept) != (count, parameters) {
        return Err(format!(
            "{account} but {count} operations, {parameters} parameters"
        ));
    }
    // A response without a body is kept as its status.
    if examples > account.examples.kept {
        return Err(format!("{account} but {examples} examples"));
    }
    Ok(())
}

/// Whether lowering says what it takes away.
pub fn lowering_adds_up(conversion: &Conversion) -> Result<(), String> {
    let public = conversion.document();
    let Ok(lowered) = lower(public, &[ACCEPTED]) else {
        return Ok(());
    };
    let lowering = compare(public, &lowered.document);
    adds_up(&lowering.account)?;
    let kept = lowering.account.tally(Kind::Request).kept;
    if kept != operations(&lowered.document).count() {
        return Err(format!("{kept} operations are said to be kept"));
    }
    // What callers would miss is said in lines.
    let left_out = lowering
        .lines
        .iter()
        .filter(|line| line.contains("is left out: "));
    let entries = lowering.account.entries.iter().filter(|entry| {
        let of_operation =
            matches!(&entry.outcome, Outcome::LeftOut(why) if !why.contains("its method"));
        entry.kind == Kind::Parameter && of_operation
    });
    let entries: usize = entries.map(|entry| entry.count).sum();
    if left_out.count() != entries {
        return Err(format!("{:?}", lowering.lines));
    }
    Ok(())
}

#[test]
fn every_part_is_kept_merged_or_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/collections/fixtures");
    for file in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(file.as_ref().unwrap().path()).unwrap();
        let name = file.unwrap().file_name().into_string().unwrap();
        let conversion = convert((&name, &bytes), None, None).unwrap();
        let results = [
            adds_up(&conversion.account),
            is_kept(&conversion),
            lowering_adds_up(&conversion),
        ];
        for result in results {
            result.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let mut json: Value = serde_json::from_slice(&bytes).unwrap();
        if json["collection"].get("item").is_some() {
            json = json["collection"].take();
        }
        let counted = Counted::of(&json);
        let account = &conversion.account;
        let found = (
            account.requests.found,
            account.bodies.found,
            account.examples.found,
        );
        let expected = (counted.requests, counted.bodies, counted.examples);
        // Requests that are no operations are accounted for as a whole.
        if account.requests.left_out == 0 {
            assert_eq!(found, expected, "{name}: {counted:?}\n{account}");
            let parameters = account.parameters.found;
            assert!(
                parameters >= counted.pairs,
                "{name}: {counted:?}\n{account}"
            );
        }
    }
}
