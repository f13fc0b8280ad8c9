//! What a column of Firebird holds.

use pressroom_data::DataType;

/// The number of a character set of bytes.
const OCTETS: i64 = 1;

/// The type of a column or parameter by what the database's own tables say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// `RDB$FIELD_TYPE`.
    pub(super) kind: i64,
    /// `RDB$FIELD_SUB_TYPE`.
    pub(super) sub_type: i64,
    /// `RDB$FIELD_SCALE`, below 0 for digits behind the point.
    pub(super) scale: i64,
    /// `RDB$CHARACTER_SET_ID`.
    pub(super) character_set: i64,
}

impl Declared {
    pub(super) fn data_type(self) -> DataType {
        match self.kind {
            7 | 8 | 16 | 26 if self.scale < 0 || self.sub_type > 0 => DataType::Decimal,
            7 | 8 | 16 => DataType::Int,
            // Beyond 64 bits, and decimal floating point numbers.
            24..=26 => DataType::Decimal,
            10 | 11 | 27 if self.scale < 0 => DataType::Decimal,
            10 | 11 | 27 => DataType::Double,
            12 | 29 | 35 => DataType::DateTime,
            13 | 28 => DataType::Span,
            14 | 37 | 40 if self.character_set == OCTETS => DataType::Bytes,
            14 | 37 | 40 => DataType::Text,
            23 => DataType::Bool,
            261 if self.sub_type == 1 => DataType::Text,
            261 => DataType::Bytes,
            _ => DataType::Unknown,
        }
    }
}

/// The kind of a result's column as the driver tells it: it has widened most of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Text,
    Int,
    Int128,
    /// A floating point number, or a decimal one that became it.
    Double,
    /// A date, a moment or a time of day.
    Moment,
    Blob,
    Bool,
}

impl Told {
    pub(super) fn of(raw_type: u32) -> Option<Self> {
        Some(match raw_type & !1 {
            448 | 452 => Self::Text,
            580 => Self::Int,
            32_752 => Self::Int128,
            480 => Self::Double,
            510 => Self::Moment,
            520 => Self::Blob,
            32_764 => Self::Bool,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_understood() {
        let declared = |kind, sub_type, scale, character_set| {
            Declared { kind, sub_type, scale, character_set }.data_type()
        };
        for (found, expect) in [
            (declared(7, 0, 0, 0), DataType::Int),
            (declared(16, 0, 0, 0), DataType::Int),
            (declared(8, 1, -2, 0), DataType::Decimal),
            (declared(16, 2, 0, 0), DataType::Decimal),
            (declared(26, 0, 0, 0), DataType::Decimal),
            (declared(27, 0, 0, 0), DataType::Double),
            (declared(12, 0, 0, 0), DataType::DateTime),
            (declared(13, 0, 0, 0), DataType::Span),
            (declared(37, 0, 0, 4), DataType::Text),
            (declared(14, 0, 0, OCTETS), DataType::Bytes),
            (declared(261, 1, 0, 4), DataType::Text),
            (declared(261, 0, 0, 0), DataType::Bytes),
            (declared(23, 0, 0, 0), DataType::Bool),
        ] {
            assert_eq!(found, expect);
        }
    }
}
