//! Locks that have a name rather than rows.

use std::time::{Duration, Instant};

use diesel::result::QueryResult;

use super::TdsConnection;
use crate::bind::TdsBind;

/// How long one question for a lock waits: less than an answer may take.
const TURN: Duration = Duration::from_secs(5);

impl TdsConnection {
    /// Takes the lock of this name for this session (`sp_getapplock`), if it comes free within the
    /// wait. It ends with [`unlock`](Self::unlock) or with the connection.
    ///
    /// For what several processes must do one after the other, such as migrations:
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use diesel::prelude::*;
    /// use diesel_tds::TdsConnection;
    ///
    /// let mut conn = TdsConnection::establish("mssql://sa:s3cret@localhost/shop")?;
    /// if conn.lock("migrations", Duration::from_secs(60))? {
    ///     // … run the migrations …
    ///     conn.unlock("migrations")?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What the server says where it refuses the name, which may have 255 characters.
    pub fn lock(&mut self, name: &str, wait: Duration) -> QueryResult<bool> {
        let until = Instant::now() + wait;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let turn = i32::try_from(left.min(TURN).as_millis()).unwrap_or_default();
            let taken = self.application_lock(
                "DECLARE @taken int; \
                 EXEC @taken = sp_getapplock @Resource = @P1, @LockMode = 'Exclusive', \
                 @LockOwner = 'Session', @LockTimeout = @P2; \
                 SELECT @taken",
                name,
                Some(turn),
            )?;
            if taken >= 0 {
                return Ok(true);
            }
            if left.is_zero() {
                return Ok(false);
            }
        }
    }

    /// Gives the lock of this name back.
    ///
    /// # Errors
    /// What the server says where this session does not hold it.
    pub fn unlock(&mut self, name: &str) -> QueryResult<()> {
        let sql = "DECLARE @given int; \
                   EXEC @given = sp_releaseapplock @Resource = @P1, @LockOwner = 'Session'; \
                   SELECT @given";
        self.application_lock(sql, name, None).map(drop)
    }

    fn application_lock(
        &mut self,
        sql: &str,
        name: &str,
        timeout_ms: Option<i32>,
    ) -> QueryResult<i32> {
        let binds = std::iter::once(TdsBind::from(name)).chain(timeout_ms.map(TdsBind::from));
        let binds = binds.filter_map(TdsBind::into_value).collect();
        let mut rows = self.run_loaded(sql.to_owned(), binds)?;
        let answer = rows.next().transpose()?.and_then(|row| row.int(0));
        Ok(answer.unwrap_or(-1))
    }
}
