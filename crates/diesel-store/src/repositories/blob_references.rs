//! Which stored bytes are still needed.

use std::collections::BTreeSet;

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobReferences, Kind, StoreError};

use super::exports::State;
use crate::Store;
use pressroom_diesel_store::Reader;
use pressroom_diesel_store::schema::{export_requests, exports, revisions, user_photos};

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
        let reader = Reader { kind: Kind::Revision, id: &"stored bytes" };
        found.iter().map(|hash| reader.blob_hash(hash)).collect()
    }
}
