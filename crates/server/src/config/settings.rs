//! Every setting: its section, its key, what it does and what it is unless set.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU64;
use std::path::PathBuf;

use ipnet::IpNet;
use pressroom_application::CustomSql;
use pressroom_data::Culture;
use pressroom_delivery::{Sender, SmtpTls};
use pressroom_domain::Secret;
use pressroom_outbound::HostPattern;

use super::blob_place::BlobPlace;
use super::load::Reader;
use super::storage_url::StorageUrl;
use super::value::{Port, Setting};
use super::web_address::WebAddress;
use crate::key::Key;

/// A section of the settings, as the reference shows it.
#[derive(Clone, Debug)]
pub struct SectionReference {
    /// The section's name.
    pub name: &'static str,
    /// What the section is about.
    pub about: String,
    /// Its settings.
    pub settings: Vec<SettingReference>,
}

/// A setting, as the reference shows it.
#[derive(Clone, Debug)]
pub struct SettingReference {
    /// The key within its section.
    pub key: &'static str,
    /// What it does.
    pub about: String,
    /// What it is unless set, as TOML; none where nothing is.
    pub default: Option<String>,
}

/// Writes the structs, their defaults, their reading and the reference from one list, so that these
/// cannot differ.
macro_rules! settings {
    ($(
        $(#[doc = $section_doc:literal])*
        $section:ident: $Section:ident {
            $( $(#[doc = $doc:literal])* $key:ident: $Type:ty = $default:expr, )*
        }
    )*) => {
        /// All settings of a server.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Settings {
            $( $(#[doc = $section_doc])* pub $section: $Section, )*
        }

        impl Settings {
            /// The sections and settings in the order of the reference.
            #[must_use]
            pub fn reference() -> Vec<SectionReference> {
                let settings = Self::default();
                vec![ $( SectionReference {
                    name: stringify!($section),
                    about: words(&[$($section_doc),*]),
                    settings: vec![ $( SettingReference {
                        key: stringify!($key),
                        about: words(&[$($doc),*]),
                        default: settings.$section.$key.show(),
                    }, )* ],
                }, )* ]
            }

            /// Takes every setting that is given.
            pub(super) fn read(reader: &mut Reader<'_>) -> Self {
                let mut settings = Self::default();
                $( $(
                    reader.take(stringify!($section), stringify!($key), &mut settings.$section.$key);
                )* )*
                settings
            }
        }

        $(
            $(#[doc = $section_doc])*
            #[derive(Clone, Debug, PartialEq)]
            pub struct $Section {
                $( $(#[doc = $doc])* pub $key: $Type, )*
            }

            impl Default for $Section {
                fn default() -> Self {
                    Self { $( $key: $default, )* }
                }
            }
        )*
    };
}

settings! {
    /// The process: where it listens and where it keeps its things.
    server: Server {
        /// The address and port to listen on; port 0 takes a free one. Flag `--listen`.
        listen: String = "127.0.0.1:8080".into(),
        /// A PEM file with the certificate and those that vouch for it, to speak TLS. A renewed one
        /// is taken without a restart. Flag `--tls-cert`.
        tls_cert: Option<PathBuf> = None,
        /// A PEM file with the key of the certificate. Flag `--tls-key`.
        tls_key: Option<PathBuf> = None,
        /// The proxies before this server, as addresses or networks (`10.0.0.0/8`), whose word about
        /// the address of a client is believed (`X-Forwarded-For`).
        trusted_proxies: Vec<IpNet> = Vec::new(),
        /// The addresses and networks from which `/metrics` can be read without a token.
        metrics_from: Vec<IpNet> = this_machine(),
        /// The folder for everything that the server keeps. Flag `--data-dir`.
        data_dir: PathBuf = "./pressroom-data".into(),
        /// Whether a first start brings a sample database and reports. The flag `--no-demo` turns
        /// it off.
        demo: bool = true,
        /// Whether this node starts scheduled jobs, which this version keeps but does not run. The flag
        /// `--no-scheduler` turns it off.
        scheduler: bool = true,
        /// How many exports run at a time; 0 is one for each processor.
        exports_at_once: u64 = 0,
        /// How long work on an export is believed in without a sign of life, in seconds. What a
        /// server that died left behind is taken up again after that time.
        lease_seconds: NonZeroU64 = whole(10),
        /// How long a stop waits for exports under way, and then for requests, in seconds. From its
        /// beginning on `/readyz` says that the server is not ready. Exports that are not done by then
        /// are given back, for another node or the next start. A second signal ends it at once.
        stop_seconds: u64 = 20,
        /// What is logged: `level` or `crate=level,…`, with the levels error, warn, info, debug and
        /// trace.
        log: String = "warn,pressroom=info".into(),
    }
    /// The store: categories, documents, users and exports.
    storage: Storage {
        /// Where it is: `sqlite:///absolute/path`, `postgres://user:password@host:5432/database` or
        /// `mssql://user:password@host:1433/database`; unless set, `pressroom.db` in the data folder.
        /// What is not a letter or digit in a password is percent-encoded (`%40` is `@`). The
        /// variable of the environment keeps it out of files and lists of processes. Flag
        /// `--storage`.
        url: Option<StorageUrl> = None,
        /// The key that seals connection strings and the like in the store: 64 hexadecimal digits.
        /// Unless set, it is in the file `secret.key` of the data folder, which the first start
        /// makes. Keep it apart from copies of the store.
        key: Option<Key> = None,
    }
    /// Bytes: layouts and finished files.
    blobs: Blobs {
        /// Where they are, as `file:///absolute/folder`, or as `s3://bucket/prefix` in a bucket that
        /// several nodes share. Options of a bucket follow as `?region=eu-central-1`,
        /// `&endpoint=https://s3.example.com` for a server that is not Amazon's, and
        /// `&path_style=false` where that wants the bucket in the name of the host. Unless set, `blobs`
        /// in the data folder. Flag `--blobs`.
        url: Option<BlobPlace> = None,
        /// The access key to a bucket; unless set, that of the environment (`AWS_ACCESS_KEY_ID` and
        /// `AWS_SECRET_ACCESS_KEY`) or of the machine's role.
        access_key: Option<String> = None,
        /// Its secret. The variable of the environment keeps it out of files.
        secret_key: Option<Secret> = None,
    }
    /// The customers' databases that data models may name.
    sources: Sources {
        /// The folders below which databases that are files may lie; unless set, `data` in the data
        /// folder.
        data_roots: Vec<PathBuf> = Vec::new(),
        /// The hosts from which documents may be fetched (JSON, CSV, Excel and XML at an address), as
        /// names (`files.example.com`), all below a name (`*.example.com`), addresses (`10.0.0.5`) or
        /// networks (`10.0.0.0/8`); with `:8443` behind it an entry is for that port only. Unless set,
        /// nothing is fetched. A name is looked up once, and must not stand for an address in a private
        /// network or of this machine; an address or network that is listed, and `localhost`, may.
        trusted_hosts: Vec<HostPattern> = Vec::new(),
        /// More such hosts, by name: those whose names stand for addresses in private networks, such as
        /// `reports.intranet.example`.
        private_hosts: Vec<HostPattern> = Vec::new(),
    }
    /// Where jobs leave their documents.
    delivery: Delivery {
        /// The folders below which jobs may write files; unless set, they write none.
        folder_roots: Vec<PathBuf> = Vec::new(),
    }
    /// What readers see.
    site: Site {
        /// How reports write numbers and dates where the layout does not say, such as `de-DE`.
        culture: &'static Culture = Culture::default(),
        /// What the site is called, in mails and pages.
        name: String = "Pressroom".into(),
        /// The address at which readers find the site, such as `https://reports.example.com`: links
        /// in mails begin with it. Unless set, the address that the server listens on.
        url: Option<WebAddress> = None,
    }
    /// Mails to people: links to set a password, documents. Without a mail server they become files.
    mail: Mail {
        /// The mail server (SMTP). Unless set, mails are written as `.eml` files into the folder
        /// `mail` of the data folder.
        host: Option<String> = None,
        /// Its port; unless set, 587 with `starttls`, 465 with `tls` and 25 with `none`.
        port: Option<Port> = None,
        /// How the way there is kept secret: `starttls`, `tls` (from the first byte) or `none`, for a
        /// server on the same machine.
        tls: SmtpTls = SmtpTls::StartTls,
        /// The user to sign in as; unless set, the server must let this machine in without.
        user: Option<String> = None,
        /// The password of that user. The variable of the environment keeps it out of files.
        password: Option<Secret> = None,
        /// Who mails are from, such as `Reports <reports@example.com>`. Needed with `mail.host`.
        from: Option<Sender> = None,
    }
    /// The audit trail: who did what to what, from where.
    audit: Audit {
        /// For how many days its lines are kept; 0 is for ever. The newest line about each kind of
        /// thing stays.
        keep_days: u64 = 0,
    }
    /// The web pages.
    portal: Portal {
        /// Whether they are served.
        enabled: bool = true,
        /// How long somebody stays signed in in a browser while they are at work, in seconds. Who
        /// does nothing is signed out after `api.token_seconds`.
        session_seconds: NonZeroU64 = whole(43_200),
    }
    /// The HTTP API.
    api: Api {
        /// Whether an update must carry the `optimisticLock` that it saw. Off for clients that
        /// never send one.
        require_lock: bool = true,
        /// How long a token works, in seconds.
        token_seconds: NonZeroU64 = whole(1_199),
        /// How long somebody who has signed in can go on without the password, in seconds, counted
        /// from the last time that they got a token.
        refresh_seconds: NonZeroU64 = whole(1_209_600),
        /// The origins whose pages may call the API from a browser, such as
        /// `https://reports.example.com`; `*` is every origin.
        origins: Vec<String> = Vec::new(),
    }
    /// Who gets in, and what they may reach.
    security: Security {
        /// Whether the guest may sign in, without a password, where others reach this server. While
        /// it listens on this machine only, the guest always may.
        guest: bool = false,
        /// Whether administrators may see the passwords of data models, for a migration. It ends by
        /// itself 24 hours after the first start with it, and every look is in the audit trail.
        reveal_connection_passwords: bool = false,
        /// Which custom SQL data models take: "deny" is none, "select-only" one statement that only
        /// reads, "all" any one statement.
        custom_sql: CustomSql = CustomSql::SelectOnly,
        /// Whether connection strings that layouts carry are used where no data model has the name of
        /// the connection. Whoever may save a layout then reaches every database that this machine
        /// reaches.
        allow_embedded_connections: bool = false,
    }
    /// Sign-in through another provider, by OpenID Connect. It sends browsers back to `site.url`
    /// followed by `/oauth/external/callback`; register that address there.
    identity: Identity {
        /// Its address, below which `.well-known/openid-configuration` lies, such as
        /// `https://id.example.com/realms/staff`. Unless set, nobody signs in that way.
        issuer: Option<String> = None,
        /// What it calls this site.
        client_id: Option<String> = None,
        /// What it gave this site to show; not set for a public client. The variable of the
        /// environment keeps it out of files.
        client_secret: Option<Secret> = None,
        /// What is asked for beside `openid`. Some providers tell groups only where `groups` is
        /// among it.
        scopes: Vec<String> = vec!["profile".into(), "email".into()],
        /// What people call it: "Sign in with NAME".
        name: String = "OpenID".into(),
        /// Whether whoever comes for the first time gets an account. Without, those come in for whom
        /// an administrator has made an account of the type External.
        create_users: bool = false,
        /// Groups here that follow groups there, as `theirs=ours`: whoever is in theirs is in ours,
        /// from the next sign-in on. Other groups stay as they are.
        groups: Vec<String> = Vec::new(),
    }
    /// Bounds that keep one document or client from taking everything.
    limits: Limits {
        /// The longest that one export may take, in seconds.
        export_seconds: NonZeroU64 = whole(1_800),
        /// The most pages of one export.
        export_pages: NonZeroU64 = whole(50_000),
        /// The most rows that one export may read.
        export_rows: NonZeroU64 = whole(20_000_000),
        /// The most memory for the rows of one export, in megabytes.
        export_memory_mb: NonZeroU64 = whole(256),
        /// The longest that one query may keep an export waiting, in seconds, where its data model
        /// does not say.
        query_seconds: NonZeroU64 = whole(300),
        /// How long a finished file can be fetched, in seconds.
        result_seconds: NonZeroU64 = whole(3_600),
        /// How often one token may call in a second; 0 is as often as it likes.
        requests_per_second: u64 = 2_000,
        /// How often one address may sign in, or call without a good token, in a second; 0 is as
        /// often as it likes.
        address_requests_per_second: u64 = 100,
        /// The longest that a request may take until its answer begins, in seconds; 0 is as long as
        /// it likes.
        request_seconds: u64 = 120,
        /// The largest JSON body without a layout, in megabytes.
        json_mb: NonZeroU64 = whole(10),
        /// The largest layout, in megabytes.
        layout_mb: NonZeroU64 = whole(32),
    }
}

/// The addresses of this machine.
fn this_machine() -> Vec<IpNet> {
    [Ipv4Addr::LOCALHOST.into(), IpAddr::from(Ipv6Addr::LOCALHOST)].map(IpNet::from).into()
}

/// A number that is known not to be 0; 1 stands in if it is.
const fn whole(number: u64) -> NonZeroU64 {
    match NonZeroU64::new(number) {
        Some(number) => number,
        None => NonZeroU64::MIN,
    }
}

/// The lines of a doc comment as one text.
fn words(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}
