//! What can be computed over many rows.

/// Declares an enum whose variants are functions over rows, with what the documentation shows.
macro_rules! over_rows {
    (
        $(#[$outer:meta])*
        $type:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $example:literal => $result:literal;)*
        }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $type {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl $type {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in expressions.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it gives, in a few words.
            #[must_use]
            pub fn doc(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_ascii_start(),)*
                }
            }

            /// An expression that uses it, and an expression for what that gives.
            #[must_use]
            pub fn example(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$variant => ($example, $result),)*
                }
            }

            /// The kind of a name, in any letter case.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

over_rows! {
    /// What an aggregate computes over rows. Nulls are left out, except by
    /// [`AggregateKind::Count`], which counts rows.
    AggregateKind {
        /// The number of rows.
        Count = "Count", "[Lines][[Amount] > 2].Count()" => "1";
        /// The sum of the values; null without any.
        Sum = "Sum", "[Lines].Sum([Amount])" => "6";
        /// The mean of the values.
        Avg = "Avg", "[Lines][].Avg([Amount])" => "2.0";
        /// The smallest value.
        Min = "Min", "Min([Price])" => "2.00m";
        /// The largest value.
        Max = "Max", "[].Max([Price])" => "12.00m";
        /// Whether there is any row.
        Exists = "Exists", "[Lines][[Article] = 'box'].Exists()" => "True";
        /// The value of the only row; null without one, an error with several.
        Single = "Single", "[Lines][[Amount] = 3].Single([Article])" => "'ribbon'";
        /// The number of different values.
        CountDistinct = "CountDistinct", "CountDistinct([Group])" => "2";
        /// The number of values that are not null.
        CountNotNull = "CountNotNull", "CountNotNull([Remark])" => "1";
        /// The middle value, or the mean of the two in the middle.
        Median = "Median", "Median([Quantity])" => "7.5";
        /// The variance of a sample.
        Var = "Var", "[Lines].Var([Amount])" => "1.0";
        /// The variance of a population.
        VarP = "Varp", "Round([Lines].Varp([Amount]), 3)" => "0.667";
        /// The standard deviation of a sample.
        StdDev = "StdDev", "[Lines].StdDev([Amount])" => "1.0";
        /// The standard deviation of a population.
        StdDevP = "StdDevp", "Round([Lines].StdDevp([Amount]), 3)" => "0.816";
    }
}

over_rows! {
    /// What a summary computes over the region that its control chooses (group, page, report).
    SummaryKind {
        /// The sum.
        Sum = "sumSum", "sumSum([Quantity])" => "30";
        /// The mean.
        Avg = "sumAvg", "sumAvg([Quantity])" => "7.5";
        /// The number of rows.
        Count = "sumCount", "sumCount([Product])" => "4";
        /// The smallest value.
        Min = "sumMin", "sumMin([Price])" => "2.00m";
        /// The largest value.
        Max = "sumMax", "sumMax([Product])" => "'Rice'";
        /// The number of the current row, from 1.
        RecordNumber = "sumRecordNumber", "sumRecordNumber()" => "2";
        /// The sum up to and with the current row.
        RunningSum = "sumRunningSum", "sumRunningSum([Quantity])" => "17";
        /// The current value as a part of the sum; 1 is all.
        Percentage = "sumPercentage", "sumPercentage([Quantity])" => "0.4m";
        /// The sum of the different values.
        DSum = "sumDSum", "sumDSum([Rank])" => "3";
        /// The mean of the different values.
        DAvg = "sumDAvg", "sumDAvg([Rank])" => "1.5";
        /// The number of different values.
        DCount = "sumDCount", "sumDCount([Group])" => "2";
        /// The variance of a sample.
        Var = "sumVar", "Round(sumVar([Quantity]), 3)" => "17.667";
        /// The variance of a population.
        VarP = "sumVarP", "sumVarP([Quantity])" => "13.25";
        /// The standard deviation of a sample.
        StdDev = "sumStdDev", "Round(sumStdDev([Quantity]), 3)" => "4.203";
        /// The standard deviation of a population.
        StdDevP = "sumStdDevP", "Round(sumStdDevP([Quantity]), 3)" => "3.640";
        /// The sample variance of the different values.
        DVar = "sumDVar", "sumDVar([Rank])" => "0.5";
        /// The population variance of the different values.
        DVarP = "sumDVarP", "sumDVarP([Rank])" => "0.25";
        /// The sample standard deviation of the different values.
        DStdDev = "sumDStdDev", "Round(sumDStdDev([Rank]), 3)" => "0.707";
        /// The population standard deviation of the different values.
        DStdDevP = "sumDStdDevP", "sumDStdDevP([Rank])" => "0.5";
        /// The middle value.
        Median = "sumMedian", "sumMedian([Quantity])" => "7.5";
        /// The sum of everything before the current page.
        CarryoverSum = "sumCarryoverSum", "sumCarryoverSum([Quantity])" => "5";
    }
}

impl AggregateKind {
    /// Whether it works without an argument.
    pub(crate) fn argument_is_optional(self) -> bool {
        matches!(self, Self::Count | Self::Exists | Self::Single)
    }
}

impl SummaryKind {
    /// Whether it works without an argument.
    pub(crate) fn argument_is_optional(self) -> bool {
        matches!(self, Self::Count | Self::RecordNumber)
    }
}
