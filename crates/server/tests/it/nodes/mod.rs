//! Several servers over one store and one place of files.

mod chaos;
mod drain;
mod frozen;
mod list;
mod site;
mod sticky;

pub(crate) use site::Site;

/// Makes a test of each function for each engine that servers can share.
macro_rules! on_every_engine {
    ($($test:ident)+) => {
        mod over_sqlite {
            $( #[test] fn $test() { super::$test(&super::Site::over_sqlite()); } )+
        }
        #[cfg(feature = "postgres")]
        mod over_postgres {
            $( #[test] fn $test() { super::Site::over_postgres(super::$test); } )+
        }
    };
}
use on_every_engine;
