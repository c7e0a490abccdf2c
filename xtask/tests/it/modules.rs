//! No module of a package uses another one that uses it, directly or through others.

use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use syn::{Attribute, Item, UseTree};

/// A path, as the names between its colons.
type Names = Vec<String>;

/// The modules of a package, each by its path from the root.
type Modules = BTreeMap<Names, Module>;

/// The modules that each module uses.
type Arrows = BTreeMap<Names, BTreeSet<Names>>;

/// What the code of a module says.
#[derive(Default)]
struct Module {
    items: BTreeSet<String>,
    /// What is imported or exported, by the name that it has here, and the modules of which all is.
    imports: Vec<(String, Names)>,
    /// Every path in its code.
    paths: Vec<Names>,
}

fn is_test(attributes: &[Attribute]) -> bool {
    let mut texts = attributes
        .iter()
        .map(|of| of.meta.to_token_stream().to_string());
    texts.any(|text| text == "cfg (test)")
}

/// Adds the module at a path with this file, and the modules in it.
fn read(file: &Path, place: &Names, modules: &mut Modules) {
    let text = fs::read_to_string(file).unwrap();
    let parsed = syn::parse_file(&text).unwrap();
    let is_root = ["lib.rs", "main.rs"]
        .iter()
        .any(|root| file.ends_with(root));
    let folder = match is_root {
        true => file.parent().unwrap().to_owned(),
        false => file.with_extension(""),
    };
    read_items(parsed.items, place, &folder, modules);
}

fn read_items(items: Vec<Item>, place: &Names, folder: &Path, modules: &mut Modules) {
    let mut module = Module::default();
    for item in items {
        match item {
            Item::Mod(inner) if is_test(&inner.attrs) => {}
            Item::Mod(inner) => {
                let name = inner.ident.to_string();
                let place: Names = place.iter().cloned().chain([name.clone()]).collect();
                match inner.content {
                    Some((_, items)) => read_items(items, &place, &folder.join(&name), modules),
                    None => read(&folder.join(name + ".rs"), &place, modules),
                }
            }
            Item::Use(import) if is_test(&import.attrs) => {}
            Item::Use(import) => flatten(&import.tree, &mut Vec::new(), &mut module.imports),
            other => {
                module.items.extend(name(&other));
                paths(other.to_token_stream(), &mut module.paths);
            }
        }
    }
    let imported = module.imports.iter().map(|(_, path)| path.clone());
    module.paths.extend(imported.collect::<Vec<_>>());
    modules.insert(place.clone(), module);
}

fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Collects what an import names, with `*` for all of a module.
fn flatten(tree: &UseTree, before: &mut Names, found: &mut Vec<(String, Names)>) {
    let mut add = |name: String, last: String| {
        let last = Some(last).filter(|last| last != "self");
        let path: Names = before.iter().cloned().chain(last).collect();
        let name = match name.as_str() {
            "self" => path.last().unwrap().clone(),
            _ => name,
        };
        found.push((name, path));
    };
    match tree {
        UseTree::Name(name) => add(name.ident.to_string(), name.ident.to_string()),
        UseTree::Rename(name) => add(name.rename.to_string(), name.ident.to_string()),
        UseTree::Glob(_) => found.push(("*".into(), before.clone())),
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, found);
            }
        }
    }
}

/// Collects the paths in code, also in macros.
fn paths(tokens: proc_macro2::TokenStream, found: &mut Vec<Names>) {
    use proc_macro2::TokenTree::{Group, Ident, Punct};
    let mut path = Names::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            Punct(colon) if colon.as_char() == ':' => colons += 1,
            Ident(name) => {
                if colons != 2 {
                    found.push(std::mem::take(&mut path));
                }
                path.push(name.to_string());
                colons = 0;
            }
            other => {
                found.push(std::mem::take(&mut path));
                colons = 0;
                if let Group(group) = other {
                    paths(group.stream(), found);
                }
            }
        }
    }
    found.push(path);
}

/// Returns the module in which a path of the module `from` ends; `None` if it is one of another crate.
fn owner(path: &[String], from: &Names, modules: &Modules, depth: usize) -> Option<Names> {
    // A single word is a name of this module, or of a visibility.
    let (first, rest) = path.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let mut place = from.clone();
    let mut rest = rest;
    match first.as_str() {
        "crate" => place.clear(),
        "self" => {}
        "super" => {
            place.pop();
            while let Some(("super", more)) = rest.split_first().map(|(x, more)| (x.as_str(), more))
            {
                place.pop();
                rest = more;
            }
        }
        child => {
            place.push(child.to_owned());
            modules.get(&place)?;
        }
    }
    while let Some((name, more)) = rest.split_first() {
        let inner: Names = place.iter().cloned().chain([name.clone()]).collect();
        if modules.contains_key(&inner) {
            (place, rest) = (inner, more);
            continue;
        }
        let module = &modules[&place];
        let mut sources = module.imports.iter().filter_map(|(known, path)| {
            let path = match known.as_str() {
                "*" => path.iter().chain([name]).cloned().collect(),
                known if known == name => path.clone(),
                _ => return None,
            };
            // What another crate exports under this name is not found here.
            (depth < 8).then(|| owner(&path, &place, modules, depth + 1))?
        });
        let is_own = module.items.contains(name);
        return (if is_own { None } else { sources.next() }).or(Some(place.clone()));
    }
    Some(place)
}

/// Returns what a module uses.
fn used(place: &Names, modules: &Modules) -> BTreeSet<Names> {
    let paths = modules[place].paths.iter();
    let owners = paths.filter_map(|path| owner(path, place, modules, 0));
    // A module and those in it are one whole: the outer one may hold what the inner ones share.
    let others = owners.filter(|owner| !owner.starts_with(place) && !place.starts_with(owner));
    others.collect()
}

/// Returns the modules that a module uses, directly or through others.
fn reached<'a>(from: &'a Names, arrows: &'a Arrows) -> BTreeSet<&'a Names> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(place) = next.pop() {
        next.extend(arrows[place].iter().filter(|used| reached.insert(*used)));
    }
    reached
}

/// Returns the arrows of a package that are part of a loop.
fn loops(file: &Path) -> Vec<String> {
    let mut modules = Modules::new();
    read(file, &Names::new(), &mut modules);
    let places = modules.keys();
    let arrows: Arrows = places
        .map(|place| (place.clone(), used(place, &modules)))
        .collect();
    let mut found = Vec::new();
    for (place, used) in &arrows {
        for used in used
            .iter()
            .filter(|used| reached(used, &arrows).contains(place))
        {
            let [place, used] = [place, used].map(|place| match place.as_slice() {
                [] => "the root".to_owned(),
                names => names.join("::"),
            });
            found.push(format!("{place} uses {used}"));
        }
    }
    found
}

#[test]
fn modules_use_each_other_in_one_direction() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for file in [
        "src/lib.rs",
        "crates/cli/src/main.rs",
        "crates/codegen/src/lib.rs",
        "crates/httpmock/src/lib.rs",
        "crates/sandbox/src/lib.rs",
        "crates/webhook-receiver/src/lib.rs",
        "xtask/src/lib.rs",
    ] {
        let loops = loops(&root.join(file));
        found.extend(loops.into_iter().map(|arrow| format!("{file}: {arrow}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
