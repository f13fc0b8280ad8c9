//! The functions of summaries.

/// What a summary makes of the values of its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SummaryFunction {
    /// The sum.
    #[default]
    Sum,
    /// The mean.
    Avg,
    /// How many.
    Count,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The median.
    Median,
    /// The variance of a sample.
    Var,
    /// The variance of a population.
    VarP,
    /// The standard deviation of a sample.
    StdDev,
    /// The standard deviation of a population.
    StdDevP,
    /// The sum of different values.
    DSum,
    /// The mean of different values.
    DAvg,
    /// How many different values.
    DCount,
    /// The variance of a sample of different values.
    DVar,
    /// The variance of a population of different values.
    DVarP,
    /// The standard deviation of a sample of different values.
    DStdDev,
    /// The standard deviation of a population of different values.
    DStdDevP,
    /// The value's share of the sum.
    Percentage,
    /// The number of the row, from 1.
    RecordNumber,
    /// The sum up to the row.
    RunningSum,
    /// Made by a program of the layout's author, which is never run.
    Custom,
}

impl SummaryFunction {
    const NAMES: [(Self, &'static str); 21] = [
        (Self::Sum, "Sum"),
        (Self::Avg, "Avg"),
        (Self::Count, "Count"),
        (Self::Min, "Min"),
        (Self::Max, "Max"),
        (Self::Median, "Median"),
        (Self::Var, "Var"),
        (Self::VarP, "VarP"),
        (Self::StdDev, "StdDev"),
        (Self::StdDevP, "StdDevP"),
        (Self::DSum, "DSum"),
        (Self::DAvg, "DAvg"),
        (Self::DCount, "DCount"),
        (Self::DVar, "DVar"),
        (Self::DVarP, "DVarP"),
        (Self::DStdDev, "DStdDev"),
        (Self::DStdDevP, "DStdDevP"),
        (Self::Percentage, "Percentage"),
        (Self::RecordNumber, "RecordNumber"),
        (Self::RunningSum, "RunningSum"),
        (Self::Custom, "Custom"),
    ];

    /// The function of a name that layouts use, such as `Avg`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(name))
            .map(|(function, _)| *function)
    }

    /// The name that layouts use. The function of expressions is this name after `sum`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(function, _)| *function == self).map_or("Sum", |(_, name)| name)
    }
}
