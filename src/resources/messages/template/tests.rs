//! What each grammar carries and what it refuses.

use super::{Header, Template, TemplateError};

#[test]
fn every_grammar() {
    let template = || Template::new("order_ready").language("es_mx");
    let image = || Header::Image("https://example.com/1.jpg".into());
    for (template, expected) in [
        (Template::new("hello"), "@HSM@\nhello\n"),
        (
            template().variables(["Demo", "118"]),
            "@HSM@\norder_ready|es_mx\n\nDemo\n118",
        ),
        (
            template()
                .header(Header::Text("Order".into()))
                .variables(["a|b"]),
            "@HSM@\norder_ready|es_mx\nOrder\na|b",
        ),
        (template().header(image()), "@HSM@\norder_ready|es_mx\n"),
        (
            template()
                .labelled()
                .header(image())
                .variables(["Demo", "118"])
                .footer("Thanks"),
            "@HSM@\norder_ready|es_mx\nheader|image\nbody|text|Demo|118\nfooter|text|Thanks",
        ),
        (template().labelled(), "@HSM@\norder_ready|es_mx"),
        (template().direct(), "@HSM@\norder_ready|es_mx"),
        (
            template().variables(["Demo", "a|b", "118"]).direct(),
            "@HSM@\norder_ready|es_mx\nDemo\na|b\n118",
        ),
        (
            template().direct().variables(["Demo"]).labelled(),
            "@HSM@\norder_ready|es_mx\nbody|text|Demo",
        ),
        (
            Template::new("hello").direct().variables(["Demo"]),
            "@HSM@\nhello\nDemo",
        ),
    ] {
        assert_eq!(template.text().as_deref(), Ok(expected));
    }
    assert_eq!(
        template().header(image()).media(),
        Some("https://example.com/1.jpg")
    );
}

#[test]
fn what_a_grammar_cannot_carry_is_refused() {
    let template = || Template::new("order_ready");
    let body = "Hello {{1}}, order {{2}}: {{1}}";
    for (template, expected) in [
        (Template::new(""), "name or language"),
        (Template::new("a|b"), "name or language"),
        (template().language("es\nmx"), "name or language"),
        (
            template().variables(["Demo\n118"]),
            "variable 1 has a line break",
        ),
        (template().variables(["Demo", " "]), "variable 2 is empty"),
        (template().labelled().variables(["a|b"]), "variable 1 has"),
        (template().footer("Thanks"), "only the labelled grammar"),
        (
            template().direct().footer("Thanks"),
            "only the labelled grammar",
        ),
        (
            template().direct().header(Header::Text("Order".into())),
            "a header, which the direct grammar",
        ),
        (
            template()
                .direct()
                .header(Header::Image("https://example.com/1.jpg".into())),
            "a header, which the direct grammar",
        ),
        (
            template().direct().variables(["a\rb"]),
            "variable 1 has a line break",
        ),
        (template().direct().variables([""]), "variable 1 is empty"),
        (
            template().direct().approved_body(body).variables(["Demo"]),
            "has 2 variables, but the template has 1",
        ),
        (
            template().labelled().footer("x".repeat(61)),
            "the footer has 61 characters",
        ),
        (
            template().header(Header::Text("x".repeat(61))),
            "the header has 61 characters",
        ),
        (
            template().variables(["x".repeat(1000), "x".repeat(25)]),
            "the body has 1025",
        ),
        (
            template().approved_body(body).variables(["Demo"]),
            "has 2 variables, but the template has 1",
        ),
        (
            template()
                .approved_body(body)
                .variables(["x".repeat(510), "1".into()]),
            "the body has 1037",
        ),
    ] {
        let error = template.text().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let error = chat2desk_error(template().variables([""]).text().unwrap_err());
    assert_eq!(error.kind(), crate::ErrorKind::InvalidRequest);
}

fn chat2desk_error(error: TemplateError) -> crate::Error {
    error.into()
}
