use super::*;

const LIMITS: Limits = Limits { bytes: 1 << 20, depth: 20, elements: 100, attributes: 10 };

/// The document written again, in a short form.
fn read(source: &str) -> Result<String, String> {
    fn write(element: Element<'_>, out: &mut String) {
        out.push_str(element.name());
        for (name, value) in element.attributes() {
            out.push_str(&format!(" {name}={value:?}"));
        }
        if !element.text().is_empty() {
            out.push_str(&format!(" {:?}", element.text()));
        }
        let mut children = element.children().peekable();
        if children.peek().is_some() {
            out.push_str(" (");
            for (place, child) in children.enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                write(child, out);
            }
            out.push(')');
        }
    }
    let document = Document::parse(source, &LIMITS).map_err(|error| error.to_string())?;
    let mut out = String::new();
    write(document.root(), &mut out);
    Ok(out)
}

#[track_caller]
fn check(source: &str, expect: &str) {
    assert_eq!(read(source).as_deref(), Ok(expect));
}

#[track_caller]
fn check_error(source: &str, expect: &str) {
    let error = read(source).expect_err(source);
    assert!(error.contains(expect), "{error}");
}

#[test]
fn elements_attributes_and_text() {
    check("<a/>", "a");
    check(
        "<?xml version=\"1.0\"?>\n<!-- note --><a x='1' y=\"2\"><b/><c>text</c></a>\n",
        "a x=\"1\" y=\"2\" (b, c \"text\")",
    );
    check("<n:a n:x='1'></n:a>", "a x=\"1\"");
    check("<a x='&lt;&#65;&quot;&#10;'/>", "a x=\"<A\\\"\\n\"");
    check("<a>1 &lt; 2 &amp;<![CDATA[ <3> ]]>&#x41;</a>", "a \"1 < 2 & <3> A\"");
    check("<a>\n  <b/>\n</a>", "a (b)");
    check("<a x='1' x='2'/>", "a x=\"1\" x=\"2\"");
}

#[test]
fn what_is_not_xml_says_where() {
    check_error("", "not XML at line 1, column 1: there is no element");
    check_error("Bands\nDetail", "not XML at line 1, column 1: there is text outside");
    check_error("<a>\n <b>\n</a>", "not XML at line 3, column 1");
    check_error("<a>\n <b", "not XML at line 2, column 2");
    check_error("<a>\n\n", "line 1, column 1: the text ends inside <a>");
    check_error("<a/>\n<b/>", "line 2, column 1: there is a second");
    check_error("<a x=1/>", "not XML at line 1");
    check_error("<a x='&unknown;'/>", "not XML at line 1");
    check_error("<a>&unknown;</a>", "there is no entity \"unknown\"");
}

#[test]
fn hostile_documents_are_refused() {
    check_error(
        "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>",
        "line 1: document types and entities",
    );
    check_error(&"<a>".repeat(100_000), "nested more than 20 deep");
    check_error(&format!("<a>{}</a>", "<b/>".repeat(200)), "more than 100 elements");
    check_error(
        &format!("<a {}/>", (0..20).map(|n| format!("x{n}='' ")).collect::<String>()),
        "more than 10 attributes of one element",
    );
    check_error(&" ".repeat(2 << 20), "more than the 1048576");
}

#[test]
fn encodings() {
    let check = |bytes: &[u8], expect: Result<&str, XmlError>| {
        assert_eq!(decode(bytes, &LIMITS).as_deref(), expect.as_deref(), "{bytes:?}");
    };
    check("<ä/>".as_bytes(), Ok("<ä/>"));
    check(b"\xEF\xBB\xBF<a/>", Ok("<a/>"));
    check(b"\xFF\xFE<\0\xE4\0/\0>\0", Ok("<ä/>"));
    check(b"\xFE\xFF\0<\0\xE4\0/\0>", Ok("<ä/>"));
    check(b"<\0a\0/\0>\0", Ok("<a/>"));
    check(b"<\xE4/>", Err(XmlError::Encoding));
    check(b"\xFF\xFE<\0a", Err(XmlError::Encoding));
}
