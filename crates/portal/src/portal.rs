//! Putting the pages into a server.

use std::net::IpAddr;

use actix_web::{HttpRequest, web};
use pressroom_application::App;

use crate::pages::{register, register_closed};

/// What the pages have to know of the server that they stand in.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Whether browsers reach the site by TLS: the cookie of a session goes by nothing else then.
    pub secure: bool,
    /// The address that a request comes from, for the audit trail.
    pub client: fn(&HttpRequest) -> Option<IpAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { secure: false, client: |request| Some(request.peer_addr()?.ip()) }
    }
}

/// A site and its settings, as the handlers take them.
pub(crate) struct Portal {
    pub(crate) app: App,
    pub(crate) settings: Settings,
}

impl Portal {
    pub(crate) fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        (self.settings.client)(request)
    }
}

/// What puts the pages of a site into a server: to be called once for each of its threads. Paths where
/// nothing stands get a page that says so.
pub fn pages(
    app: App,
    settings: Settings,
) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + Sync + 'static {
    let portal = web::Data::new(Portal { app, settings });
    move |config| {
        config.app_data(portal.clone());
        register(config);
    }
}

/// What puts a calm page into a server whose site is not there yet: whatever a browser asks for, it is
/// told to look again.
pub fn closed_pages() -> impl Fn(&mut web::ServiceConfig) + Clone + Send + Sync + 'static {
    register_closed
}
