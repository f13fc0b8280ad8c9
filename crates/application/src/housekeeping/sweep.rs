//! Dropping tokens, exports and bytes that nobody needs any more.

use chrono::TimeDelta;
use pressroom_domain::BlobHash;

use crate::{App, Error};

/// What a sweep dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Tokens and sign-ins that had expired.
    pub tokens: u64,
    /// Links to set passwords that had expired.
    pub links: u64,
    /// Exports whose files were no longer kept.
    pub exports: u64,
    /// Stored bytes that nothing named.
    pub blobs: u64,
    /// Nodes that had been silent for long.
    pub nodes: u64,
    /// Lines of the audit trail that were no longer kept.
    pub audit_lines: u64,
}

/// How long bytes may lie without a name: longer than any write between its bytes and its row.
const UNNAMED_KEPT: TimeDelta = TimeDelta::hours(1);
/// How long a node that is silent stays in the list.
const SILENT_KEPT: TimeDelta = TimeDelta::hours(1);
/// How many lines of the trail are dropped at a time.
const AUDIT_SLICE: u32 = 5_000;
/// How many names are looked up at a time.
const SLICE: u32 = 500;

/// Drops what nobody needs any more. Safe on several nodes at a time, and while others write.
///
/// # Errors
/// [`Error::Unavailable`]; what was dropped until then stays dropped.
pub async fn sweep(app: &App) -> Result<Swept, Error> {
    let now = app.clock.now();
    let kept = TimeDelta::from_std(app.settings.result_kept).unwrap_or(TimeDelta::MAX);
    let tokens = app.stores.tokens.delete_expired(now).await?
        + app.stores.sign_ins.delete_expired(now).await?;
    let links = app.stores.account_links.delete_expired(now).await?;
    let exports = app.stores.exports.delete_finished(now - kept).await?;
    let nodes = app.stores.nodes.forget(now - SILENT_KEPT).await?;
    let put_before = now - UNNAMED_KEPT;
    let mut blobs = 0;
    let mut after: Option<BlobHash> = None;
    loop {
        let listed = app.blobs.list(after, SLICE).await?;
        let Some(last) = listed.last() else { break };
        after = Some(last.hash);
        let old = listed.iter().filter(|entry| entry.stored_at < put_before);
        let old: Vec<BlobHash> = old.map(|entry| entry.hash).collect();
        let named = app.stores.blob_references.named(&old).await?;
        for hash in old.iter().filter(|hash| !named.contains(hash)) {
            blobs += u64::from(app.blobs.delete(hash, put_before).await?);
        }
    }
    let mut audit_lines = 0;
    if let Some(kept) = app.settings.audit_kept {
        let before = TimeDelta::from_std(kept).ok().and_then(|kept| now.checked_sub_signed(kept));
        while let Some(before) = before {
            // Bit by bit: others write meanwhile.
            let forgotten = app.stores.audit.forget_before(before, AUDIT_SLICE).await?;
            audit_lines += forgotten;
            if forgotten < u64::from(AUDIT_SLICE) {
                break;
            }
        }
    }
    Ok(Swept { tokens, links, exports, blobs, nodes, audit_lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents;
    use crate::test_site::{HELLO, Site};

    #[tokio::test]
    async fn what_is_named_or_young_stays() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        site.export(&admin).await;
        site.run_all().await;
        site.app.blobs.put(b"a layout whose row was never written".to_vec()).await.unwrap();
        assert_eq!(sweep(&site.app).await.unwrap(), Swept::default(), "all is young");
        site.clock.advance(TimeDelta::hours(2));
        site.app.blobs.put(b"another".to_vec()).await.unwrap();
        let swept = sweep(&site.app).await.unwrap();
        assert_eq!(
            swept,
            Swept { exports: 1, blobs: 2, ..Swept::default() },
            "the export's file goes too"
        );
        let layout = documents::layout(&site.app, &admin, document.id).await.unwrap();
        assert_eq!(layout, HELLO.as_bytes());
        assert_eq!(sweep(&site.app).await.unwrap(), Swept::default());
    }

    #[tokio::test]
    async fn the_trail_is_kept_as_long_as_is_set() {
        let site = Site::with(|settings| {
            settings.audit_kept = Some(std::time::Duration::from_secs(30 * 86_400));
        })
        .await;
        for name in ["One", "Two", "Three"] {
            site.category(name).await;
        }
        let before = site.trail().await.len();
        assert_eq!(sweep(&site.app).await.unwrap().audit_lines, 0);
        site.clock.advance(TimeDelta::days(10_000));
        let dropped = sweep(&site.app).await.unwrap().audit_lines;
        assert!(dropped >= 2);
        let left = site.trail().await;
        assert_eq!(left.len() as u64, before as u64 - dropped);
        let kinds: std::collections::BTreeSet<_> =
            left.iter().map(|entry| entry.subject.kind).collect();
        assert_eq!(kinds.len(), left.len(), "the newest of each kind stays");
    }
}
