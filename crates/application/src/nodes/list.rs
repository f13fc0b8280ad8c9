//! Looking at the servers that share a store.

use chrono::TimeDelta;
use pressroom_domain::Node;

use crate::{App, Caller, Error, authorise};

/// A server of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedNode {
    /// What it told of itself last.
    pub node: Node,
    /// Whether it did so within the time of a lease, as one that works does several times.
    pub alive: bool,
}

/// All servers of the site, those that started first at the front. One that died stays for an hour.
///
/// # Errors
/// [`Error::Forbidden`] but for administrators; [`Error::Unavailable`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<ListedNode>, Error> {
    authorise::administration(caller)?;
    let lease = TimeDelta::from_std(app.settings.lease).unwrap_or(TimeDelta::MAX);
    let now = app.clock.now();
    let nodes = app.stores.nodes.list().await?.into_iter();
    Ok(nodes.map(|node| ListedNode { alive: node.is_alive(now, lease), node }).collect())
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{NodeName, NodeState};

    use super::*;
    use crate::housekeeping::sweep;
    use crate::nodes::{ThisNode, beat, leave};
    use crate::test_site::Site;

    fn this(site: &Site, name: &str) -> ThisNode {
        ThisNode {
            name: NodeName::new(name),
            version: "1.0.0".into(),
            address: "127.0.0.1:8080".into(),
            started_at: site.app.clock.now(),
        }
    }

    async fn alive(site: &Site) -> Vec<(String, bool)> {
        let admin = site.administrator().await;
        let listed = list(&site.app, &admin).await.unwrap();
        listed.into_iter().map(|listed| (listed.node.name.to_string(), listed.alive)).collect()
    }

    #[tokio::test]
    async fn a_node_is_listed_with_what_it_does() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let this = this(&site, "a");
        beat(&site.app, &this, 4).await.unwrap();
        let node = Node {
            name: NodeName::new("a"),
            version: "1.0.0".into(),
            address: "127.0.0.1:8080".into(),
            state: NodeState::Running,
            started_at: site.app.clock.now(),
            seen_at: site.app.clock.now(),
            running: 0,
            capacity: 4,
        };
        let expect = ListedNode { node, alive: true };
        assert_eq!(list(&site.app, &admin).await.unwrap(), [expect]);

        site.app.draining.begin();
        beat(&site.app, &this, 4).await.unwrap();
        let listed = list(&site.app, &admin).await.unwrap();
        assert_eq!(listed[0].node.state, NodeState::Draining);
        leave(&site.app, &this).await.unwrap();
        assert_eq!(list(&site.app, &admin).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_node_that_dies_is_told_so_and_forgotten_after_an_hour() {
        let site = Site::new().await;
        beat(&site.app, &this(&site, "dies"), 1).await.unwrap();
        site.clock.advance(TimeDelta::seconds(10));
        beat(&site.app, &this(&site, "lives"), 1).await.unwrap();
        let both = |dies, lives| vec![("dies".to_owned(), dies), ("lives".to_owned(), lives)];
        assert_eq!(alive(&site).await, both(true, true), "a lease long");
        site.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(alive(&site).await, both(false, true));
        site.clock.advance(TimeDelta::minutes(61));
        beat(&site.app, &this(&site, "lives"), 1).await.unwrap();
        assert_eq!(sweep(&site.app).await.unwrap().nodes, 1);
        assert_eq!(alive(&site).await, [("lives".to_owned(), true)]);
    }

    #[tokio::test]
    async fn it_is_for_administrators() {
        let site = Site::new().await;
        let reader = site.reader("rita", &[]).await;
        let error = list(&site.app, &reader).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
