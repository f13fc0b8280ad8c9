//! A node that stands still for longer than its lease, and goes on.

use super::site::{long_export, told};
use super::{Site, on_every_engine};
use crate::support::until;

on_every_engine! { what_a_frozen_node_finishes_late_is_not_delivered }

fn what_a_frozen_node_finishes_late_is_not_delivered(site: &Site) {
    let one = site.node();
    let export = long_export(&one.admin());
    let two = site.node();
    let admin = two.admin();
    one.signal("STOP");
    until("the other node takes over", || {
        (told(&admin, &two)?["running"] == 1 && site.exports()[0].fence == 2).then_some(())
    });
    assert_eq!(told(&admin, &one).unwrap()["alive"], false);
    let file = admin.file(&export);
    let delivered = site.exports();
    assert_eq!((delivered[0].fence, delivered[0].state.as_str()), (2, "complete"));
    one.signal("CONT");
    until("it learns that it was overtaken", || {
        let log = one.log();
        let learned = log.contains("another server took the export over")
            || log.contains("the export has come to its end");
        learned.then_some(())
    });
    assert_eq!(site.exports(), delivered, "its late writes were refused");
    assert!(admin.file(&export) == file);
    // It is as good as any other again.
    until("it is alive", || (told(&admin, &one)?["alive"] == true).then_some(()));
    assert_eq!(two.stop(), Some(0));
    let admin = one.admin();
    let export = admin.start_export(admin.document("Invoice"), &serde_json::json!([]));
    assert!(admin.file(&export).starts_with(b"%PDF-"));
}
