//! A statement as the driver takes it.

use tiberius::numeric::Numeric;
use tiberius::time::{Date, DateTime2, Time};
use tiberius::{ColumnData, Query};

/// A statement with its parameters.
///
/// The driver sends NULL of some types without the type. SQL Server takes that, others refuse it: so
/// another value goes in its place, and the statement begins by taking it away again.
pub(super) fn with_binds(mut sql: String, mut binds: Vec<ColumnData<'_>>) -> Query<'_> {
    for (place, bind) in binds.iter_mut().enumerate() {
        if let Some(value) = placeholder(bind) {
            *bind = value;
            sql.insert_str(0, &format!("SET @P{} = NULL; ", place + 1));
        }
    }
    let mut query = Query::new(sql);
    for bind in binds {
        query.bind(bind);
    }
    query
}

/// A value of the same type, for a NULL that would go without one.
fn placeholder(bind: &ColumnData<'_>) -> Option<ColumnData<'static>> {
    let date = Date::new(0);
    let time = Time::new(0, 7);
    match bind {
        ColumnData::String(None) => Some(ColumnData::String(Some("".into()))),
        ColumnData::Binary(None) => Some(ColumnData::Binary(Some([].as_slice().into()))),
        ColumnData::Date(None) => Some(ColumnData::Date(Some(date))),
        ColumnData::Time(None) => Some(ColumnData::Time(Some(time))),
        ColumnData::DateTime2(None) => {
            Some(ColumnData::DateTime2(Some(DateTime2::new(date, time))))
        }
        ColumnData::Numeric(None) => Some(ColumnData::Numeric(Some(Numeric::new_with_scale(0, 0)))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TdsType;

    /// The types whose NULL the driver sends with the type.
    const TYPED: [TdsType; 7] = [
        TdsType::Bit,
        TdsType::SmallInt,
        TdsType::Int,
        TdsType::BigInt,
        TdsType::Real,
        TdsType::Float,
        TdsType::UniqueIdentifier,
    ];

    #[test]
    fn no_null_goes_without_its_type() {
        for kind in [
            TdsType::NVarChar,
            TdsType::VarBinary,
            TdsType::Date,
            TdsType::Time,
            TdsType::DateTime2,
            TdsType::Numeric,
        ] {
            let null = kind.null();
            let sent = placeholder(&null).unwrap_or_else(|| panic!("{kind:?} goes as it is"));
            assert_eq!(std::mem::discriminant(&sent), std::mem::discriminant(&null), "{kind:?}");
            assert_eq!(placeholder(&sent), None, "{kind:?} is replaced by another NULL");
        }
        assert!(TYPED.iter().all(|kind| placeholder(&kind.null()).is_none()));
    }
}
