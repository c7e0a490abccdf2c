//! The code of a record: which key belongs to which field, and little else.

use super::attributes::Read;
use super::{Field, Record};
use quote::quote;
use syn::{Block, Ident, Item, parse_quote};

/// Returns the fields of the builder.
pub(super) fn fields(record: &Record) -> syn::Fields {
    let fields = record.fields.iter().map(|field| {
        let (ident, kind) = (&field.ident, &field.kind);
        match field.read.is_required() {
            false => quote!(#ident: #kind),
            true => quote!(#ident: ::std::option::Option<#kind>),
        }
    });
    syn::Fields::Named(parse_quote!({ #(#fields,)* refused_: crate::runtime::Refused }))
}

/// Returns the body of a setter that takes the value of the field, or else one that the field wraps.
pub(super) fn set(field: &Field, is_whole: bool) -> Block {
    let (ident, key) = (&field.ident, &field.key);
    let set = match is_whole && !field.read.is_required() {
        true => quote!(replace),
        false => quote!(set),
    };
    parse_quote!({
        self.refused_.#set(&mut self.#ident, #key, value);
        self
    })
}

/// Returns the traits of a builder.
pub(super) fn traits(record: &Record) -> [Item; 3] {
    [reader(record), try_from(&record.name), from(record)]
}

fn reader(Record { name, fields }: &Record) -> Item {
    let text = name.to_string();
    let keys: Vec<&String> = fields.iter().map(|field| &field.key).collect();
    let indices = 0..keys.len();
    let reads = fields.iter().enumerate().map(|(index, field)| {
        let ident = &field.ident;
        let read = match field.read {
            Read::Required => quote!(required),
            Read::Entries => quote!(entries),
            Read::Optional => quote!(optional),
        };
        quote!(#index => crate::runtime::record::#read(object, &mut builder.#ident))
    });
    let values = fields.iter().map(|field| {
        let (ident, key) = (&field.ident, &field.key);
        match field.read.is_required() {
            false => quote!(#ident: builder.#ident),
            true => quote!(#ident: builder.#ident.ok_or(#key)?),
        }
    });
    parse_quote! {
        impl crate::runtime::record::Record for super::#name {
            type Builder = #name;
            const NAME: &'static str = #text;
            const KEYS: &'static [&'static str] = &[#(#keys),*];
            fn index(key: &str) -> ::std::option::Option<usize> {
                ::std::option::Option::Some(match key {
                    #(#keys => #indices,)*
                    _ => return ::std::option::Option::None,
                })
            }
            fn read<'de, M: ::serde::de::MapAccess<'de>>(
                builder: &mut #name,
                key: usize,
                object: &mut M,
            ) -> ::std::result::Result<(), M::Error> {
                match key {
                    #(#reads,)*
                    _ => ::std::result::Result::Ok(()),
                }
            }
            fn build(builder: #name) -> ::std::result::Result<Self, &'static str> {
                ::std::result::Result::Ok(Self { #(#values),* })
            }
        }
    }
}

fn try_from(name: &Ident) -> Item {
    parse_quote! {
        impl ::std::convert::TryFrom<#name> for super::#name {
            type Error = super::error::ConversionError;
            fn try_from(
                mut value: #name,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                let refused = ::std::mem::take(&mut value.refused_);
                ::std::result::Result::Ok(crate::runtime::built(refused, value)?)
            }
        }
    }
}

fn from(Record { name, fields }: &Record) -> Item {
    let values = fields.iter().map(|field| {
        let ident = &field.ident;
        match field.read.is_required() {
            false => quote!(#ident: value.#ident),
            true => quote!(#ident: ::std::option::Option::Some(value.#ident)),
        }
    });
    parse_quote! {
        impl ::std::convert::From<super::#name> for #name {
            fn from(value: super::#name) -> Self {
                Self { #(#values,)* refused_: ::std::default::Default::default() }
            }
        }
    }
}

/// Returns how a type is read.
pub(super) fn deserialize(name: &Ident) -> Item {
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                value: D,
            ) -> ::std::result::Result<Self, D::Error> {
                crate::runtime::record::read(value)
            }
        }
    }
}
