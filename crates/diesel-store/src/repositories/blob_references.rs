//! Which stored bytes are still needed.

use std::collections::BTreeSet;

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobReferences, Kind, StoreError};

use super::exports::State;
use crate::{Connection, Store};
use pressroom_diesel_store::schema::{export_requests, exports, revisions, user_photos};
use pressroom_diesel_store::{Failure, Reader};

/// Hashes asked for in one statement: engines bound the values of one.
const CHUNK: usize = 500;

#[async_trait]
impl BlobReferences for Store {
    async fn named(&self, hashes: &[BlobHash]) -> Result<BTreeSet<BlobHash>, StoreError> {
        let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect();
        let found = self
            .read(move |conn| {
                let mut found: Vec<Vec<u8>> = Vec::new();
                for hashes in hashes.chunks(CHUNK) {
                    found.extend(
                        revisions::table
                            .filter(revisions::layout.eq_any(hashes))
                            .select(revisions::layout)
                            .distinct()
                            .load::<Vec<u8>>(conn)?,
                    );
                    found.extend(
                        export_requests::table
                            .inner_join(exports::table)
                            .filter(export_requests::layout.eq_any(hashes))
                            .filter(exports::state.eq_any([State::QUEUED, State::RUNNING]))
                            .select(export_requests::layout)
                            .distinct()
                            .load::<Vec<u8>>(conn)?,
                    );
                    found.extend(
                        exports::table
                            .filter(exports::result_blob.eq_any(hashes))
                            .select(exports::result_blob.assume_not_null())
                            .distinct()
                            .load::<Vec<u8>>(conn)?,
                    );
                    found.extend(
                        user_photos::table
                            .filter(user_photos::photo.eq_any(hashes))
                            .select(user_photos::photo)
                            .distinct()
                            .load::<Vec<u8>>(conn)?,
                    );
                }
                Ok(found)
            })
            .await?;
        found.iter().map(|hash| read(hash)).collect()
    }

    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobHash>, StoreError> {
        let found = self.read(move |conn| following(conn, after, limit.into())).await?;
        found.iter().take(limit as usize).map(|hash| read(hash)).collect()
    }
}

fn read(hash: &[u8]) -> Result<BlobHash, StoreError> {
    Reader { kind: Kind::Revision, id: &"stored bytes" }.blob_hash(hash)
}

/// The hashes that follow one, from all places that name some: from each as many as are wanted.
fn following(
    conn: &mut Connection,
    after: Option<BlobHash>,
    limit: i64,
) -> Result<BTreeSet<Vec<u8>>, Failure> {
    // No hash is shorter than one.
    let after = after.map_or_else(Vec::new, |hash| hash.as_bytes().to_vec());
    let mut found: BTreeSet<Vec<u8>> = BTreeSet::new();
    found.extend(
        revisions::table
            .filter(revisions::layout.gt(&after))
            .select(revisions::layout)
            .distinct()
            .order(revisions::layout)
            .limit(limit)
            .load::<Vec<u8>>(conn)?,
    );
    found.extend(
        export_requests::table
            .inner_join(exports::table)
            .filter(export_requests::layout.gt(&after))
            .filter(exports::state.eq_any([State::QUEUED, State::RUNNING]))
            .select(export_requests::layout)
            .distinct()
            .order(export_requests::layout)
            .limit(limit)
            .load::<Vec<u8>>(conn)?,
    );
    found.extend(
        exports::table
            .filter(exports::result_blob.gt(&after))
            .select(exports::result_blob.assume_not_null())
            .distinct()
            .order(exports::result_blob)
            .limit(limit)
            .load::<Vec<u8>>(conn)?,
    );
    found.extend(
        user_photos::table
            .filter(user_photos::photo.gt(&after))
            .select(user_photos::photo)
            .distinct()
            .order(user_photos::photo)
            .limit(limit)
            .load::<Vec<u8>>(conn)?,
    );
    Ok(found)
}
