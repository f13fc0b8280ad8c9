//! `render` and `check`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::layouts::{detail, label, layout, saved};
use crate::support::{Finished, demo_database, demo_report, pages, pressroom, text, valid_pdf};

/// Renders a layout to `out.pdf` in a folder.
fn render(layout: &Path, folder: &Path, configure: impl FnOnce(&mut Command)) -> Finished {
    pressroom(|command| {
        command.arg("render").arg(layout).arg("--output").arg(folder.join("out.pdf"));
        configure(command);
    })
}

/// The demo's database as an argument.
fn demo_source() -> String {
    format!("Demo=sqlite://{}", demo_database().display())
}

#[test]
fn an_invoice_from_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let finished = render(&demo_report("invoice"), folder.path(), |command| {
        command.args(["--source", &demo_source(), "--parameter", "OrderId=250919"]);
    })
    .succeeded();
    assert_eq!((&*finished.out, &*finished.err), ("", ""));
    let invoice = folder.path().join("out.pdf");
    valid_pdf(&invoice);
    let words = text(&invoice);
    assert!(words.contains("Invoice 25-0919") && words.contains("Osteria al Squero Vecchio"));
}

#[test]
fn the_same_clock_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |epoch: &str| {
        render(&demo_report("invoice"), folder.path(), |command| {
            command.args(["--source", &demo_source()]).env("SOURCE_DATE_EPOCH", epoch);
        })
        .succeeded();
        std::fs::read(folder.path().join("out.pdf")).unwrap()
    };
    assert!(bytes("1700000000") == bytes("1700000000"));
    assert!(bytes("1700000000") != bytes("1800000000"), "the file tells when it was made");
    render(&demo_report("invoice"), folder.path(), |command| {
        command.args(["--sample-data"]).env("SOURCE_DATE_EPOCH", "yesterday");
    })
    .refused("SOURCE_DATE_EPOCH is \"yesterday\"");
}

#[test]
fn sample_data_needs_no_source() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["invoice", "sales-by-category", "address-labels"] {
        render(&demo_report(name), folder.path(), |command| {
            command.arg("--sample-data");
        })
        .succeeded();
        valid_pdf(&folder.path().join("out.pdf"));
        assert!(pages(&folder.path().join("out.pdf")) > 1, "{name}");
    }
}

#[test]
fn numbers_are_written_as_in_a_culture() {
    let folder = tempfile::tempdir().unwrap();
    let report = saved(
        folder.path(),
        "number.repx",
        detail(
            r#"<Item1 ControlType="XRLabel" Name="label" TextFormatString="{0:n2}" SizeF="400,25">
                 <ExpressionBindings>
                   <Item1 EventName="BeforePrint" PropertyName="Text" Expression="1234.5"/>
                 </ExpressionBindings>
               </Item1>"#,
        ),
    );
    for (culture, number) in [("en-US", "1,234.50"), ("de-DE", "1.234,50")] {
        render(&report, folder.path(), |command| {
            command.args(["--culture", culture]);
        })
        .succeeded();
        assert_eq!(text(&folder.path().join("out.pdf")).trim(), number);
    }
    render(&report, folder.path(), |command| {
        command.args(["--culture", "not a culture"]);
    })
    .refused("this culture is not known");
}

#[test]
fn what_is_wrong_with_a_rendering_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let report = demo_report("order-book");
    let refuse = |arguments: &[&str], words: &str| {
        let finished = render(&report, folder.path(), |command| {
            command.args(arguments);
        });
        finished.refused(words);
    };
    let source = demo_source();
    refuse(&[], "data source \"Demo\" is not known here");
    refuse(&["--source", "Demo=dbase://db/shop"], "this build has no adapter for dbase");
    refuse(&["--source", "Demo=sqlite:///no/such.db"], "there is no file /no/such.db");
    refuse(&["--source", "sqlite:///no/such.db"], "write NAME=sqlite:///absolute/path");
    let elsewhere = folder.path().display().to_string();
    refuse(&["--source", &source, "--data-root", &elsewhere], "lies outside of the folders");
    refuse(&["--source", &source, "--data-root", "/no/such"], "/no/such that --data-root names");
    refuse(&["--source", &source, "--parameter", "FromDate=in spring"], "parameter \"FromDate\"");
    refuse(&["--source", &source, "--parameter", "Colour=blue"], "it has FromDate, ToDate");
    refuse(&["--source", &source, "--parameter", "FromDate"], "write NAME=VALUE");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no half files stay behind");
}

#[test]
fn formats_that_are_not_written_are_told() {
    for (name, words) in [
        ("out.xlsx", "files of the format xlsx are not written yet"),
        ("out.odt", "names no format"),
        ("out", "names no format"),
    ] {
        pressroom(|command| {
            command.arg("render").arg(demo_report("invoice"));
            command.args(["--sample-data", "--output", name]);
        })
        .refused(words);
    }
}

#[test]
fn a_file_is_replaced_only_by_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let out = saved(folder.path(), "out.pdf", "the one before");
    render(&demo_report("invoice"), folder.path(), |_| {}).refused("is not known here");
    assert_eq!(std::fs::read(&out).unwrap(), b"the one before");
    pressroom(|command| {
        command.arg("render").arg(demo_report("invoice"));
        command.args(["--sample-data", "--output"]).arg(folder.path().join("none/out.pdf"));
    })
    .refused("see that its folder is there and can be written");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("out.pdf")).unwrap();
    render(&demo_report("invoice"), folder.path(), |command| {
        command.arg("--sample-data");
    })
    .refused("No space left on device");
}

#[test]
fn what_is_not_drawn_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let gauge = r#"<Item1 ControlType="XRGauge" Name="gauge" SizeF="100,50"/>"#;
    let report = saved(folder.path(), "gauge.repx", detail(gauge));
    let finished = render(&report, folder.path(), |_| {}).succeeded();
    assert!(finished.err.starts_with("warning: XRGauge is not supported yet"), "{}", finished.err);
    let finished = render(&report, folder.path(), |command| {
        command.args(["--source", &demo_source()]);
    });
    finished.succeeded();
}

#[test]
fn sub_reports_are_found_beside_the_layout_only() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    std::fs::create_dir(&reports).unwrap();
    saved(&reports, "inside.repx", detail(&label("From inside")));
    saved(folder.path(), "outside.repx", detail(&label("From outside")));
    let main = |url: &str| {
        let control = format!(
            r#"<Item1 ControlType="XRSubreport" Name="part" ReportSourceUrl="{url}" SizeF="400,25"/>"#
        );
        saved(&reports, "main.repx", detail(&control))
    };
    render(&main("inside.repx"), folder.path(), |_| {}).succeeded();
    assert!(text(&folder.path().join("out.pdf")).contains("From inside"));
    let finished = render(&main("../outside.repx"), folder.path(), |_| {}).succeeded();
    assert!(!text(&folder.path().join("out.pdf")).contains("From outside"));
    assert!(finished.err.contains("is not a file in the folder of the layout"), "{}", finished.err);
}

#[test]
fn checks_for_machines() {
    let folder = tempfile::tempdir().unwrap();
    let gauges = r#"<Item1 ControlType="XRGauge"/><Item2 ControlType="XRGauge"/>"#;
    let files = [
        saved(folder.path(), "good.repx", detail(&label("Good"))),
        saved(folder.path(), "gauges.repx", detail(gauges)),
        saved(folder.path(), "broken.repx", "<Bands"),
        folder.path().join("none.repx"),
    ];
    let finished = pressroom(|command| {
        command.args(["check", "--json"]).args(&files);
    })
    .refused("2 layouts do not parse");
    let names = files.each_ref().map(|path| path.display().to_string());
    let found: Value = serde_json::from_str(&finished.out).unwrap();
    let error = |place: usize| found[place]["error"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        found,
        json!([
            {"file": names[0], "ok": true, "unsupported": []},
            {"file": names[1], "ok": true, "unsupported": [{"what": "XRGauge", "count": 2}]},
            {"file": names[2], "ok": false, "error": error(2), "unsupported": []},
            {"file": names[3], "ok": false, "error": error(3), "unsupported": []},
        ])
    );
    assert!(error(2).contains("line 1"), "{}", error(2));
    assert!(error(3).contains("cannot be read"), "{}", error(3));
}

#[test]
fn checks_for_people() {
    let folder = tempfile::tempdir().unwrap();
    let wrong =
        saved(folder.path(), "wrong.repx", layout(r#"FilterString="[Total] &gt;""#, r"<Bands/>"));
    let finished = pressroom(|command| {
        command.arg("check").arg(&wrong).arg(demo_report("invoice"));
    })
    .succeeded();
    let lines: Vec<&str> = finished.out.lines().collect();
    let [first, mistake, second] = lines.as_slice() else { panic!("{}", finished.out) };
    assert_eq!(*first, format!("{}: parses; everything is supported", wrong.display()));
    assert!(mistake.trim_start().starts_with("line 2: filter of the report: "), "{mistake}");
    assert!(second.ends_with("invoice.repx: parses; everything is supported"), "{second}");
}
