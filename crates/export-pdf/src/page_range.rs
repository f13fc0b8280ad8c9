//! Which pages of a document are written.

use std::fmt;
use std::str::FromStr;

/// Pages chosen by their numbers, from 1: `1-3,5,8-`.
///
/// Parts are separated by commas or semicolons; a part is a page, or two pages with a hyphen between
/// of which one may be left out. Pages come in the document's order, each once, whatever the order of
/// the parts. Nothing at all, the default, means every page.
///
/// ```
/// use pressroom_export_pdf::PageRange;
///
/// let range: PageRange = "1-3, 8-".parse()?;
/// assert!(range.contains(2) && !range.contains(5) && range.contains(100));
/// assert_eq!(
///     "3-1".parse::<PageRange>().unwrap_err().to_string(),
///     "the page range `3-1` runs backwards; write the smaller page first"
/// );
/// # Ok::<(), pressroom_export_pdf::PageRangeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRange {
    /// First and last pages; empty means every page.
    parts: Vec<(u32, u32)>,
}

/// The most parts that a page range may have.
const MAX_PARTS: usize = 1000;

/// Why a text is not a page range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageRangeError {
    /// A part is not a page nor two.
    #[error("`{0}` is not a page or a range of pages; write it like `1-3,5,8-`")]
    NotAPage(String),
    /// A part names page 0.
    #[error("the page range `{0}` names page 0; pages are counted from 1")]
    PageZero(String),
    /// A part's last page lies before its first.
    #[error("the page range `{0}` runs backwards; write the smaller page first")]
    Backwards(String),
    /// There are too many parts.
    #[error("the page range has more than {MAX_PARTS} parts; join neighbouring pages")]
    TooLong,
}

impl PageRange {
    /// Whether it holds a page; pages are counted from 1.
    #[must_use]
    pub fn contains(&self, page: u32) -> bool {
        self.is_all() || self.parts.iter().any(|&(first, last)| (first..=last).contains(&page))
    }

    /// Whether it holds every page.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.parts.is_empty()
    }

    /// The last page that it holds; none where it has no end. Who makes pages may stop there.
    #[must_use]
    pub fn last(&self) -> Option<u32> {
        self.parts.iter().map(|&(_, last)| last).max().filter(|&last| last < u32::MAX)
    }
}

impl FromStr for PageRange {
    type Err = PageRangeError;

    fn from_str(text: &str) -> Result<Self, PageRangeError> {
        let mut parts = Vec::new();
        for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            if parts.len() == MAX_PARTS {
                return Err(PageRangeError::TooLong);
            }
            let (first, last) = match part.split_once('-') {
                None => {
                    let page = number(part, part)?;
                    (page, page)
                }
                Some((first, last)) => match (first.trim(), last.trim()) {
                    ("", "") => return Err(PageRangeError::NotAPage(shown(part))),
                    ("", last) => (1, number(last, part)?),
                    (first, "") => (number(first, part)?, u32::MAX),
                    (first, last) => (number(first, part)?, number(last, part)?),
                },
            };
            if last < first {
                return Err(PageRangeError::Backwards(shown(part)));
            }
            parts.push((first, last));
        }
        Ok(Self { parts })
    }
}

impl fmt::Display for PageRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, &(first, last)) in self.parts.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match last {
                u32::MAX => write!(f, "{first}-")?,
                last if last == first => write!(f, "{first}")?,
                last => write!(f, "{first}-{last}")?,
            }
        }
        Ok(())
    }
}

fn number(text: &str, part: &str) -> Result<u32, PageRangeError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PageRangeError::NotAPage(shown(part)));
    }
    match text.parse() {
        Ok(0) => Err(PageRangeError::PageZero(shown(part))),
        Ok(page) => Ok(page),
        // More digits than a number of pages can have: beyond every document.
        Err(_) => Ok(u32::MAX),
    }
}

/// A part as an error shows it: its beginning.
fn shown(part: &str) -> String {
    part.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::PageRange;

    fn check(text: &str, expect: &str) {
        let found = match text.parse::<PageRange>() {
            Ok(range) => (1..=10)
                .filter(|&page| range.contains(page))
                .map(|page| page.to_string())
                .collect::<Vec<_>>()
                .join(" "),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn ranges_hold_pages() {
        check("", "1 2 3 4 5 6 7 8 9 10");
        check(" , ", "1 2 3 4 5 6 7 8 9 10");
        check("3", "3");
        check("1-3,5,8-", "1 2 3 5 8 9 10");
        check("-2; 9", "1 2 9");
        check("8 - 9, 2-2", "2 8 9");
        check("5,1-2,1", "1 2 5");
        check("99999999999999", "");
    }

    #[test]
    fn what_is_no_range_says_why() {
        let example = "is not a page or a range of pages; write it like `1-3,5,8-`";
        check("one", &format!("`one` {example}"));
        check("1-2-3", &format!("`1-2-3` {example}"));
        check("-", &format!("`-` {example}"));
        check("+1", &format!("`+1` {example}"));
        check("0-3", "the page range `0-3` names page 0; pages are counted from 1");
        check("3-1", "the page range `3-1` runs backwards; write the smaller page first");
        check(
            &"1,".repeat(1001),
            "the page range has more than 1000 parts; join neighbouring pages",
        );
    }

    #[test]
    fn the_last_page_is_known_where_there_is_one() {
        let last = |text: &str| text.parse::<PageRange>().ok().and_then(|range| range.last());
        assert_eq!(last("1-3,5"), Some(5));
        assert_eq!(last("8-"), None);
        assert_eq!(last(""), None);
    }

    #[test]
    fn a_range_is_written_as_it_is_read() {
        let range: PageRange = "1-3;5, 8-".parse().expect("a range");
        assert_eq!(range.to_string(), "1-3,5,8-");
    }
}
