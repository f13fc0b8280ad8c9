//! Settings: a TOML file, over which the environment goes, over which flags go.

mod blob_place;
mod load;
mod place;
mod reference;
mod settings;
mod storage_url;
mod value;
mod web_address;

pub use blob_place::{BlobPlace, BucketPlace};
pub use load::{ConfigError, Flags, load};
pub use place::{PlaceError, SqliteFile};
pub use reference::reference;
pub use settings::{
    Api, Blobs, Identity, Limits, Mail, SectionReference, Server, SettingReference, Settings, Site,
    Sources, Storage,
};
pub use storage_url::{ServerUrl, StorageUrl};
pub use value::Port;
pub use web_address::WebAddress;
