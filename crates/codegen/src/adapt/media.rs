//! `media-types`: a body is sent under the media type that the document says, which the generator does not know.

use super::contents;
use super::walk::{Node, Walk};
use crate::document::{SENT_AS, SET_BY_RUNTIME, operations};
use crate::names::{implemented, struct_name};
use quote::ToTokens;
use serde_json::Value;
use std::collections::HashMap;
use syn::visit_mut::VisitMut;
use syn::{Expr, ItemImpl, ItemMod, LitStr};

/// Lets the calls in a module of builders say what their bodies are.
pub fn types(module: &mut ItemMod, lowered: &Value) {
    let bodies = operations(lowered).filter_map(|(_, _, operation)| {
        let body = &operation["requestBody"];
        let media_type = body[SENT_AS]
            .as_str()
            .filter(|_| body[SET_BY_RUNTIME] == true)?;
        let id = operation["operationId"].as_str()?;
        // One with parts is said at the call, together with what separates them.
        let has_parts = media_type.starts_with("multipart/");
        (!has_parts).then(|| (struct_name(id), media_type))
    });
    let bodies: HashMap<String, &str> = bodies.collect();
    for item in contents(module) {
        if let syn::Item::Impl(block) = item
            && let Some(name) = implemented(block)
            && let Some(media_type) = bodies.get(&name)
        {
            send_as(block, media_type);
        }
    }
}

/// Makes a call say that its body has this media type.
fn send_as(block: &mut ItemImpl, media_type: &str) {
    Walk(&mut |node| match node {
        Node::Text(literal) if literal.value() == "application/octet-stream" => {
            *literal = LitStr::new(media_type, literal.span());
        }
        // `request.json(&body)` sets a type only where none is set.
        Node::Expr(Expr::MethodCall(call))
            if call.method == "json" && call.args.to_token_stream().to_string() == "& body" =>
        {
            let receiver = &call.receiver;
            call.receiver = syn::parse_quote!(#receiver.header(
                ::reqwest::header::CONTENT_TYPE,
                ::reqwest::header::HeaderValue::from_static(#media_type),
            ));
        }
        _ => {}
    })
    .visit_item_impl_mut(block);
}
