//! `shared-records`: types are built and read from JSON by functions of the runtime, which are compiled once for all.
//!
//! A record is a type and its builder, which holds the values of a response as well as those of setters. Code for
//! each type is only which key belongs to which field; see `src/runtime/record.rs`. A type with attributes that are
//! not known here keeps the code of serde and typify.

mod attributes;
mod code;

use super::{contents, inherent, submodule};
use crate::names::{implemented, is_same, type_argument};
use attributes::Read;
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::{Expr, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, Type};

/// The most fields of a record that the runtime reads.
const MOST: usize = 128;

/// The fields of builders, by the name of the type and of the field.
type Builders = BTreeMap<String, BTreeMap<String, Slot>>;

/// A field as its builder has it.
struct Slot {
    kind: Type,
    is_required: bool,
}

/// A type whose code is shared.
struct Record {
    name: Ident,
    fields: Vec<Field>,
}

struct Field {
    ident: Ident,
    key: String,
    read: Read,
    kind: Type,
}

/// Changes the types of a module and their builders.
pub fn shared(types: &mut ItemMod) {
    let Some((_, items)) = &mut types.content else {
        return;
    };
    let Some(builders) = submodule(items, "builder") else {
        return;
    };
    let slots = slots(builders);
    let records = items.iter_mut().filter_map(|item| match item {
        Item::Struct(item) => record(item, &slots),
        _ => None,
    });
    let records: BTreeMap<String, Record> = records
        .map(|record| (record.name.to_string(), record))
        .collect();
    let reads = records
        .values()
        .map(|record| code::deserialize(&record.name));
    items.extend(reads);
    if let Some(builders) = submodule(items, "builder") {
        change_builders(builders, &records);
    }
}

/// Returns the record that a type is, whose reading serde then no longer derives.
fn record(item: &mut ItemStruct, builders: &Builders) -> Option<Record> {
    let slots = builders.get(&item.ident.to_string())?;
    let mut fields = Vec::new();
    for field in &item.fields {
        let ident = field.ident.clone()?;
        let slot = slots.get(&ident.to_string())?;
        let (key, read) = attributes::of(field)?;
        if slot.is_required != read.is_required() {
            return None;
        }
        fields.push(Field {
            ident,
            key,
            read,
            kind: slot.kind.clone(),
        });
    }
    if fields.len() > MOST || !attributes::derive_no_reading(item) {
        return None;
    }
    Some(Record {
        name: item.ident.clone(),
        fields,
    })
}

/// Returns the fields of the builders of a module.
fn slots(builders: &mut ItemMod) -> Builders {
    let mut kinds = BTreeMap::new();
    let mut required_fields = BTreeMap::new();
    for item in contents(builders) {
        match item {
            Item::Struct(builder) => {
                kinds.insert(builder.ident.to_string(), kinds_of(builder));
            }
            Item::Impl(block) if implements(block, &["Default"]) => {
                required_fields.extend(of_type(block).zip(required(block)));
            }
            _ => {}
        }
    }
    let slots = required_fields.into_iter().filter_map(|(name, values)| {
        let kinds = kinds.get(&name)?;
        let slot = |(field, is_required)| {
            let kind = kinds.get(&field)?.clone();
            Some((field, Slot { kind, is_required }))
        };
        let fields: Option<_> = values.into_iter().map(slot).collect();
        Some((name, fields?))
    });
    slots.collect()
}

/// Returns the type that each field of a builder has in a `Result`.
fn kinds_of(builder: &ItemStruct) -> BTreeMap<String, Type> {
    let kinds = builder.fields.iter().filter_map(|field| match &field.ty {
        Type::Path(result) => {
            let kind = type_argument(&result.path)?.clone();
            Some((field.ident.as_ref()?.to_string(), kind))
        }
        _ => None,
    });
    kinds.collect()
}

/// Returns which fields a builder's `Default` leaves without a value: `Self { field: Ok(Default::default()), … }`.
fn required(block: &ItemImpl) -> Option<Vec<(String, bool)>> {
    let ImplItem::Fn(default) = block.items.first()? else {
        return None;
    };
    let syn::Stmt::Expr(Expr::Struct(made), _) = default.block.stmts.first()? else {
        return None;
    };
    let fields = made.fields.iter().map(|field| {
        let syn::Member::Named(name) = &field.member else {
            return None;
        };
        let value = field.expr.to_token_stream().to_string();
        let is_required = value.starts_with("Err");
        let is_known = is_required || value == "Ok (Default :: default ())";
        is_known.then(|| (name.to_string(), is_required))
    });
    fields.collect()
}

fn change_builders(builders: &mut ItemMod, records: &BTreeMap<String, Record>) {
    let Some((_, items)) = &mut builders.content else {
        return;
    };
    items.retain(|item| match item {
        Item::Impl(block) if implements(block, &["Default", "From", "TryFrom"]) => {
            of_type(block).is_none_or(|name| !records.contains_key(&name))
        }
        _ => true,
    });
    for item in items.iter_mut() {
        if let Item::Struct(builder) = item
            && let Some(record) = records.get(&builder.ident.to_string())
        {
            builder.fields = code::fields(record);
            builder.attrs.push(syn::parse_quote!(#[derive(Default)]));
        }
    }
    for block in items.iter_mut().filter_map(inherent) {
        let record = implemented(block).and_then(|name| records.get(&name));
        for field in record.iter().flat_map(|record| &record.fields) {
            let mut methods = block.items.iter_mut().filter_map(|item| match item {
                ImplItem::Fn(method) => Some(method),
                _ => None,
            });
            if let Some(setter) = methods.find(|method| method.sig.ident == field.ident) {
                setter.block = code::set(field, takes(setter, &field.kind));
            }
        }
    }
    items.extend(records.values().flat_map(code::traits));
}

/// Returns whether a setter takes a value of this type, and not one that the field wraps.
fn takes(setter: &ImplItemFn, kind: &Type) -> bool {
    let clause = setter.sig.generics.where_clause.iter();
    let mut bounds = clause
        .flat_map(|clause| &clause.predicates)
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(predicate) => predicate.bounds.first(),
            _ => None,
        });
    bounds.any(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => {
            type_argument(&bound.path).is_some_and(|target| is_same(target, kind))
        }
        _ => false,
    })
}

/// Returns the name of the record or builder that a block is of.
fn of_type(block: &ItemImpl) -> Option<String> {
    match &*block.self_ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn implements(block: &ItemImpl, traits: &[&str]) -> bool {
    let last = block
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    last.is_some_and(|last| traits.iter().any(|name| last.ident == name))
}
