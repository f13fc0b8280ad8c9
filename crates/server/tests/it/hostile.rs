//! Layouts that want to do harm, or cannot be meant: words, bounded time, and nothing else.

use std::time::Duration;

use serde_json::json;

use crate::support::layouts::{detail, label, layout, saved};
use crate::support::{Server, pressroom};

/// What a layout costs at most, on a machine that is busy with other things.
const BOUND: Duration = Duration::from_secs(60);

/// Layouts that do not parse, and words of what is said about each.
fn that_do_not_parse() -> Vec<(&'static str, String, &'static str)> {
    let nested = |count: usize| {
        let open = r#"<Item1 ControlType="XRPanel"><Controls>"#.repeat(count);
        format!("{open}{}", "</Controls></Item1>".repeat(count))
    };
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>";
    vec![
        ("empty", String::new(), "there is no element"),
        ("no XML", "a letter, to a friend".into(), "not XML"),
        ("cut off", detail(&label("x"))[..200].into(), "line"),
        ("C#", "using System;\npublic class XtraReport1 {}".into(), "older form, which is C#"),
        ("a dashboard", "<Dashboard/>".into(), "it is a dashboard"),
        ("entities", format!("{bomb}{}", layout("Name='&b;'", "")), "entities are not accepted"),
        (
            "a file",
            format!("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>{}", layout("", "")),
            "entities",
        ),
        ("panels", detail(&nested(100_000)), "deep"),
        (
            "circular references",
            layout(
                "",
                r##"<Bands><Item1 Ref="2" ControlType="DetailBand"><Controls>
                      <Item1 Ref="3" ControlType="XRSubreport" Name="part">
                        <ReportSource Ref="4"><Bands><Item1 Ref="5" ControlType="DetailBand"><Controls>
                          <Item1 Ref="6" ControlType="XRSubreport" Name="again" ReportSource="#Ref-4"/>
                        </Controls></Item1></Bands></ReportSource>
                      </Item1>
                    </Controls></Item1></Bands>"##,
            ),
            "contains itself",
        ),
    ]
}

/// Layouts that parse: each prints what can be printed, or says why it does not.
fn that_parse() -> Vec<(&'static str, String)> {
    let bound = |expression: &str| {
        detail(&format!(
            r#"<Item1 ControlType="XRLabel" SizeF="400,25"><ExpressionBindings>
                 <Item1 EventName="BeforePrint" PropertyName="Text" Expression="{expression}"/>
               </ExpressionBindings></Item1>"#
        ))
    };
    vec![
        ("deep parentheses", bound(&format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000)))),
        ("deep calls", bound(&format!("{}1{}", "Abs(".repeat(10_000), ")".repeat(10_000)))),
        ("long sums", bound(&format!("1{}", "+1".repeat(10_000)))),
        ("long texts", bound("PadLeft('x', 2000000000)")),
        ("a hundred megapixels", detail(&picture(10_000, 10_000))),
        ("a picture of no size", detail(&picture(0, 0))),
        ("a page of no size", layout(r#"PageWidth="0" PageHeight="0""#, "<Bands/>")),
        ("a page of all sizes", layout(r#"PageWidth="2000000000" PageHeight="NaN""#, "<Bands/>")),
        ("a label higher than its page", detail(&label("x").replace("400,25", "400,900000"))),
    ]
}

/// A picture box with a PNG that says it is so large, of one colour.
fn picture(width: u32, height: u32) -> String {
    use std::io::Write;
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], bytes: &[u8]| {
        png.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
        let body = [kind.as_slice(), bytes].concat();
        png.extend_from_slice(&body);
        let mut sum = flate2::Crc::new();
        sum.update(&body);
        png.extend_from_slice(&sum.sum().to_be_bytes());
    };
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(b"IHDR", &[size.as_slice(), &[1, 0, 0, 0, 0]].concat());
    let mut rows = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let row = vec![0; 1 + (width as usize).div_ceil(8)];
    for _ in 0..height {
        rows.write_all(&row).unwrap();
    }
    chunk(b"IDAT", &rows.finish().unwrap());
    chunk(b"IEND", &[]);
    let png = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, png);
    format!(r#"<Item1 ControlType="XRPictureBox" ImageSource="img,{png}" SizeF="100,100"/>"#)
}

#[test]
fn layouts_that_do_not_parse() {
    let folder = tempfile::tempdir().unwrap();
    for (name, layout, words) in that_do_not_parse() {
        let file = saved(folder.path(), &format!("{name}.repx"), layout);
        let finished = pressroom(|command| {
            command.args(["check", "--json"]).arg(&file);
        });
        assert_eq!(finished.status, Some(1), "{name}: {}{}", finished.out, finished.err);
        let found: serde_json::Value = serde_json::from_str(&finished.out).unwrap();
        let error = found[0]["error"].as_str().unwrap();
        assert!(error.contains(words), "{name}: expected \"{words}\" in: {error}");
        assert!(finished.took < BOUND, "{name}: {:?}", finished.took);
        pressroom(|command| {
            command.arg("render").arg(&file).args(["--sample-data", "--output"]);
            command.arg(folder.path().join("out.pdf"));
        })
        .refused(words);
    }
}

#[test]
fn layouts_that_parse() {
    let folder = tempfile::tempdir().unwrap();
    for (name, layout) in that_parse() {
        let file = saved(folder.path(), &format!("{name}.repx"), layout);
        pressroom(|command| {
            command.arg("check").arg(&file);
        })
        .succeeded();
        let finished = pressroom(|command| {
            command.arg("render").arg(&file).arg("--output").arg(folder.path().join("out.pdf"));
        });
        // Neither a signal nor silence: a file, or words.
        assert!(matches!(finished.status, Some(0 | 1)), "{name}: {finished:?}");
        assert!(!finished.err.contains("please report it"), "{name}: {}", finished.err);
        assert!(finished.took < BOUND, "{name}: {:?}", finished.took);
    }
}

#[test]
fn a_server_takes_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let admin = server.admin();
    let category = &admin.get("/api/categories").json(200)[0]["id"];
    let save = |name: &str, layout: &str| {
        let document = json!({
            "categoryId": category, "name": name, "documentType": "Report", "layout": layout,
        });
        admin.post("/api/documents", &document)
    };
    for (name, layout, words) in that_do_not_parse() {
        let answer = save(name, &layout);
        let said = String::from_utf8_lossy(&answer.body);
        assert!(matches!(answer.status, 400 | 422), "{name}: {} {said}", answer.status);
        assert!(layout.is_empty() || said.contains(words), "{name}: {said}");
    }
    for (name, layout) in that_parse() {
        let document = save(name, &layout).json(201)["id"].as_i64().unwrap();
        let status = admin.ended(&admin.start_export(document, &json!([])));
        let is_told = status["taskStatus"] == "Complete" || status["message"] != "";
        assert!(is_told, "{name}: {status}");
    }
    assert!(server.is_ready(), "{}", server.log());
    assert_eq!(server.stop(), Some(0));
}
