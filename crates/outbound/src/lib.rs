//! What the server fetches from the web, by one policy.
//!
//! [`HttpFetcher`] is the `Fetcher` of `pressroom-ports`. Whoever may write a data model chooses the
//! addresses that this server asks, from inside of the site's network: so nothing is asked that an
//! operator did not open.
//!
//! - Addresses are `http` or `https`, and their host is on a list ([`HostPattern`]).
//! - A name is looked up once, each address that it stands for is judged ([`Policy`]), and the
//!   connection goes to one of these addresses: another answer of the name's server a moment later
//!   changes nothing.
//! - Addresses within private networks, of this machine and of machines' own services are refused, but
//!   where an operator lists that very address, or says that a host may lie there.
//! - A redirection is followed five times at most; each step is judged like the first, and takes no
//!   header and no password along to another host.
//! - Time and size are bounded, the size after unpacking.
//! - Proxies that the environment names are not used: a proxy would look names up again.
//!
//! | module | subject |
//! |---|---|
//! | `hosts` | the list: names, addresses, networks |
//! | `ranges` | which addresses are public, and which are nobody's |
//! | `policy` | list and ranges together: what may be asked |
//! | `resolver` | looking names up |
//! | `hop` | one request: an address of the web that was judged |
//! | `body` | documents within their bounds, unpacked |
//! | `fetcher` | the port |

mod body;
mod fetcher;
mod hop;
mod hosts;
mod policy;
mod ranges;
mod resolver;

pub use fetcher::HttpFetcher;
pub use hosts::{HostPattern, InvalidHostPattern};
pub use policy::Policy;
pub use resolver::{Resolver, SystemResolver};
