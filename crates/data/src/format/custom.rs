//! Custom numeric formats: `0 # . , % ‰ E0`, sections, quoted text and escapes.

use super::digits::{Digits, Number, Wanted};
use super::number::write_exponent;
use crate::culture::{Culture, Groups};

/// Custom formats look at so many digits of a double and no more.
const DOUBLE: usize = 15;

/// A number under a custom format.
pub(super) fn write(number: Number, spec: &str, culture: &Culture, out: &mut String) {
    let mut digits = Digits::of(number, Wanted::Significant(DOUBLE));
    if matches!(number, Number::Double(_)) {
        digits.round(DOUBLE as i32);
    }
    let mut at = match (digits.is_zero(), digits.negative) {
        (true, _) => section(spec, 2),
        (false, true) => section(spec, 1),
        (false, false) => 0,
    };
    let negative = digits.negative;
    let mut plan = Plan::of(&spec[at..]);
    if digits.is_zero() {
        digits.scale = 0;
    } else {
        plan.fit(&mut digits);
        if digits.is_zero() {
            // What rounds to zero is shown as zero.
            at = section(spec, 2);
            plan = Plan::of(&spec[at..]);
        }
    }
    // A section of its own says how negative numbers look.
    if negative && at == 0 && !digits.is_zero() {
        out.push_str(culture.number.minus);
    }
    Writer::new(&plan, &digits, culture).write(&spec[at..], out);
}

/// Where a section starts; the first one stands in for a section that is missing or empty.
fn section(spec: &str, wanted: usize) -> usize {
    let mut scanner = Scanner { rest: spec };
    let mut found = 0;
    while found < wanted {
        match scanner.next() {
            None => return 0,
            Some(Token::End) => found += 1,
            Some(_) => {}
        }
    }
    match scanner.rest.chars().next() {
        None | Some(';') => 0,
        Some(_) => spec.len() - scanner.rest.len(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    /// `0`
    Zero,
    /// `#`
    Digit,
    /// `.`
    Point,
    /// `,`
    Comma,
    /// `%`
    Percent,
    /// `‰`
    PerMille,
    /// `E0`, `e+000`
    Exponent(&'a str),
    Literal(&'a str),
    /// `;`
    End,
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// `E0`, `E+0`, `E-0` and more zeros.
    fn exponent(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        let sign = usize::from(matches!(bytes.get(1), Some(b'+' | b'-')));
        let zeros = bytes.iter().skip(1 + sign).take_while(|byte| **byte == b'0').count();
        if zeros == 0 {
            return None;
        }
        Some(Token::Exponent(self.take(1 + sign + zeros)))
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let first = self.rest.chars().next()?;
        let token = match first {
            '0' => Token::Zero,
            '#' => Token::Digit,
            '.' => Token::Point,
            ',' => Token::Comma,
            '%' => Token::Percent,
            '‰' => Token::PerMille,
            ';' => Token::End,
            '\'' | '"' => {
                self.take(1);
                let quoted = self.take(self.rest.find(first).unwrap_or(self.rest.len()));
                self.take(1);
                return Some(Token::Literal(quoted));
            }
            '\\' => {
                self.take(1);
                let length = self.rest.chars().next().map_or(0, char::len_utf8);
                return Some(Token::Literal(self.take(length)));
            }
            'E' | 'e' => {
                if let Some(token) = self.exponent() {
                    return Some(token);
                }
                return Some(Token::Literal(self.take(1)));
            }
            other => return Some(Token::Literal(self.take(other.len_utf8()))),
        };
        self.take(first.len_utf8());
        Some(token)
    }
}

/// What one section asks for.
#[derive(Debug)]
struct Plan {
    /// Placeholders in all.
    places: i32,
    /// Placeholders before the decimal point.
    point: i32,
    /// Digits before the point that are shown even if zero.
    least_whole: i32,
    /// Minus the decimals that are shown even if zero.
    least_decimals: i32,
    /// The power of ten that percent signs and scaling commas multiply by.
    shift: i32,
    grouped: bool,
    scientific: bool,
}

impl Plan {
    fn of(section: &str) -> Self {
        let (mut places, mut point, mut first_zero, mut last_zero) = (0, None, None, 0);
        let (mut shift, mut grouped, mut scientific) = (0, false, false);
        // Where the last run of commas stands, and how many they are.
        let mut commas: Option<(i32, i32)> = None;
        for token in (Scanner { rest: section }) {
            match token {
                Token::Digit => places += 1,
                Token::Zero => {
                    first_zero = first_zero.or(Some(places));
                    places += 1;
                    last_zero = places;
                }
                Token::Point => point = point.or(Some(places)),
                Token::Comma if places > 0 && point.is_none() => match &mut commas {
                    Some((at, count)) if *at == places => *count += 1,
                    commas => {
                        grouped |= commas.is_some();
                        *commas = Some((places, 1));
                    }
                },
                Token::Percent => shift += 2,
                Token::PerMille => shift += 3,
                Token::Exponent(..) => scientific = true,
                Token::Comma | Token::Literal(_) => {}
                Token::End => break,
            }
        }
        let point = point.unwrap_or(places);
        match commas {
            // Commas beside the point divide by thousands.
            Some((at, count)) if at == point => shift -= 3 * count,
            Some(_) => grouped = true,
            None => {}
        }
        Self {
            places,
            point,
            least_whole: first_zero.map_or(0, |first| (point - first).max(0)),
            least_decimals: (point - last_zero).min(0),
            shift,
            grouped,
            scientific,
        }
    }

    /// Shifts and rounds to what the placeholders show.
    fn fit(&self, digits: &mut Digits) {
        digits.scale += self.shift;
        digits.round(if self.scientific {
            self.places
        } else {
            digits.scale + self.places - self.point
        });
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    culture: &'a Culture,
    digits: std::slice::Iter<'a, u8>,
    /// The exponent that is still to be shown.
    exponent: Option<i32>,
    groups: Option<Groups>,
    /// The place of the next digit: counts down to 1 before the point, then 0, -1, …
    position: i32,
    /// Digits more (or, below zero, fewer) than placeholders before the point.
    excess: i32,
    pointed: bool,
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan, digits: &'a Digits, culture: &'a Culture) -> Self {
        let (position, excess) = if plan.scientific {
            (plan.point, 0)
        } else {
            (digits.scale.max(plan.point), digits.scale - plan.point)
        };
        let exponent = if digits.is_zero() { 0 } else { digits.scale - plan.point };
        Self {
            plan,
            culture,
            digits: digits.digits.iter(),
            exponent: Some(exponent),
            groups: (plan.grouped && !plan.scientific).then_some(culture.number.groups),
            position,
            excess,
            pointed: false,
        }
    }

    fn write(mut self, section: &str, out: &mut String) {
        for token in (Scanner { rest: section }) {
            if matches!(token, Token::Digit | Token::Zero | Token::Point) {
                // The first placeholder takes all digits that have none of their own.
                while self.excess > 0 {
                    self.excess -= 1;
                    let digit = self.digits.next().copied().unwrap_or(b'0');
                    self.put(digit, out);
                }
            }
            match token {
                Token::Digit | Token::Zero => self.placeholder(out),
                Token::Point => {
                    let shown = self.plan.least_decimals < 0
                        || (self.plan.point < self.plan.places && self.digits.len() > 0);
                    if self.position == 0 && !self.pointed && shown {
                        out.push_str(self.culture.number.decimal);
                        self.pointed = true;
                    }
                }
                Token::Comma => {}
                Token::Percent => out.push_str(self.culture.number.percent),
                Token::PerMille => out.push_str(self.culture.number.per_mille),
                Token::Exponent(text) => match self.exponent.take() {
                    Some(exponent) => self.put_exponent(exponent, text, out),
                    // There is one exponent; another is text.
                    None => out.push_str(text),
                },
                Token::Literal(text) => out.push_str(text),
                Token::End => break,
            }
        }
    }

    fn placeholder(&mut self, out: &mut String) {
        let digit = if self.excess < 0 {
            self.excess += 1;
            (self.position <= self.plan.least_whole).then_some(b'0')
        } else {
            let next = self.digits.next().copied();
            next.or_else(|| (self.position > self.plan.least_decimals).then_some(b'0'))
        };
        match digit {
            Some(digit) => self.put(digit, out),
            None => self.position -= 1,
        }
    }

    /// An exponent as `E+00` wants it: the letter, the plus, so many digits at least.
    fn put_exponent(&self, exponent: i32, spec: &str, out: &mut String) {
        let letter = spec.bytes().next().unwrap_or(b'E');
        let zeros = spec.bytes().filter(|byte| *byte == b'0').count().min(10);
        write_exponent(exponent, letter, zeros, spec.contains('+'), self.culture, out);
    }

    fn put(&mut self, digit: u8, out: &mut String) {
        out.push(char::from(digit));
        self.position -= 1;
        if let Some(groups) = self.groups
            && usize::try_from(self.position).is_ok_and(|left| groups.is_boundary(left))
        {
            out.push_str(self.culture.number.group);
        }
    }
}
