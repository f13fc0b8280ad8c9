//! The properties of an object, read one by one, in any letter case.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::shape::{Kind, Shape};

/// The properties of an object. Reading them gathers what is wrong, so that a caller hears it all at
/// once.
///
/// An absent property and a null are the same, but where a method says otherwise. Properties that
/// nobody reads are ignored.
///
/// A reader can be asked what it would read ([`Fields::shape`]): it gets values that are made up, and
/// what it asks for is written down. So a reader asks for all its properties whatever the first ones
/// hold, and the API's description cannot tell of others.
#[derive(Debug)]
pub(crate) struct Fields {
    /// Stands before each name in problems, such as `exportOptions.`.
    prefix: String,
    /// By lower-case name: parsing has seen that none stands twice.
    values: BTreeMap<String, (String, Value)>,
    problems: BTreeMap<String, Vec<String>>,
    /// What a reader asked for by now, where it is only asked what it would read.
    shape: Option<Shape>,
}

impl Fields {
    /// The properties of an object.
    pub(crate) fn new(object: Map<String, Value>) -> Self {
        Self::within(String::new(), object)
    }

    fn within(prefix: String, object: Map<String, Value>) -> Self {
        let values =
            object.into_iter().map(|(name, value)| (name.to_lowercase(), (name, value))).collect();
        Self { prefix, values, problems: BTreeMap::new(), shape: None }
    }

    /// What a reader reads.
    pub(crate) fn shape<T>(read: impl FnOnce(&mut Self) -> Option<T>) -> Shape {
        Self::rehearse(read).0
    }

    fn rehearse<T>(read: impl FnOnce(&mut Self) -> Option<T>) -> (Shape, Option<T>) {
        let mut fields = Self { shape: Some(Shape::default()), ..Self::new(Map::new()) };
        let value = read(&mut fields);
        (fields.shape.unwrap_or_default(), value)
    }

    /// Whether a property was only written down.
    fn learns(&mut self, name: &str, kind: impl FnOnce() -> Kind) -> bool {
        self.shape.as_mut().map(|shape| shape.add(name, kind())).is_some()
    }

    /// What was wrong, by field. Empty where all was right.
    pub(crate) fn into_problems(self) -> BTreeMap<String, Vec<String>> {
        self.problems
    }

    /// Whether there is a value, other than a null.
    pub(crate) fn has(&self, name: &str) -> bool {
        // Where a reader is only asked what it would read, all of it is there.
        self.shape.is_some()
            || self.values.get(&name.to_lowercase()).is_some_and(|(_, value)| !value.is_null())
    }

    /// A whole number; a text that is one is understood.
    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        if self.learns(name, || Kind::Integer) {
            return Some(1);
        }
        let value = self.take(name)?;
        let number = integer(&value);
        self.or_problem(name, number, "must be a whole number")
    }

    /// Whole numbers in an array; each may be a text.
    pub(crate) fn integers(&mut self, name: &str) -> Option<Vec<i64>> {
        if self.learns(name, || Kind::Integers) {
            return Some(vec![1]);
        }
        let value = self.take(name)?;
        let items = value.as_array().and_then(|items| items.iter().map(integer).collect());
        self.or_problem(name, items, "must be an array of whole numbers")
    }

    /// True or false; a text that says so is understood.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        if self.learns(name, || Kind::Boolean) {
            return Some(true);
        }
        let value = self.take(name)?;
        let said = match &value {
            Value::Bool(said) => Some(*said),
            Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        self.or_problem(name, said, "must be true or false")
    }

    /// Texts in an array.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        if self.learns(name, || Kind::Texts) {
            return Some(vec!["x".to_owned()]);
        }
        let value = self.take(name)?;
        let text = |item: &Value| item.as_str().map(str::to_owned);
        let items = value.as_array().and_then(|items| items.iter().map(text).collect());
        self.or_problem(name, items, "must be an array of texts")
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        if self.learns(name, || Kind::Text) {
            return Some("x".to_owned());
        }
        let value = self.take(name)?;
        self.string(name, value)
    }

    /// A text that a null clears: empty then.
    pub(crate) fn clearable_text(&mut self, name: &str) -> Option<String> {
        if self.learns(name, || Kind::ClearableText) {
            return Some("x".to_owned());
        }
        match self.values.remove(&name.to_lowercase())?.1 {
            Value::Null => Some(String::new()),
            value => self.string(name, value),
        }
    }

    /// One of some names in any letter case, or its place among them, from 0.
    pub(crate) fn choice<T: Copy>(&mut self, name: &str, known: &[(&str, T)]) -> Option<T> {
        if self.learns(name, || Kind::choice(known)) {
            return known.first().map(|(_, meant)| *meant);
        }
        let value = self.take(name)?;
        let by_name = value
            .as_str()
            .and_then(|text| known.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim())));
        let found = by_name.or_else(|| {
            let place = usize::try_from(integer(&value)?).ok()?;
            known.get(place)
        });
        self.or_problem(name, found.map(|(_, meant)| *meant), &one_of(known))
    }

    /// A text as it is, which may be none of the known names, or a name by its place.
    pub(crate) fn name_or_place<T: Copy>(
        &mut self,
        name: &str,
        known: &[(&str, T)],
    ) -> Option<String> {
        if self.learns(name, || Kind::choice(known)) {
            return Some("x".to_owned());
        }
        let value = self.take(name)?;
        match integer(&value).map(|place| usize::try_from(place).ok().and_then(|at| known.get(at)))
        {
            Some(found) => {
                let found = found.map(|(known, _)| (*known).to_owned());
                self.or_problem(name, found, &one_of(known))
            }
            None => self.string(name, value),
        }
    }

    /// Any value; a null is a value too.
    pub(crate) fn any(&mut self, name: &str) -> Option<Value> {
        if self.learns(name, || Kind::Any) {
            return Some(Value::Null);
        }
        self.values.remove(&name.to_lowercase()).map(|(_, value)| value)
    }

    /// The properties of an object that stands in this one, read by a function.
    pub(crate) fn object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.shape.is_some() {
            let (shape, value) = Self::rehearse(read);
            self.learns(name, || Kind::Object(shape));
            return value;
        }
        match self.take(name)? {
            Value::Object(object) => self.read_within(name, object, read),
            _ => self.or_problem(name, None, "must be an object"),
        }
    }

    /// The objects of an array, each read by a function. Without the array there are none.
    pub(crate) fn objects<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Self) -> Option<T>,
    ) -> Vec<T> {
        if self.shape.is_some() {
            let (shape, value) = Self::rehearse(read);
            self.learns(name, || Kind::Objects(shape));
            return Vec::from_iter(value);
        }
        let items = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.problem(name, "must be an array");
                return Vec::new();
            }
        };
        let mut objects = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let name = format!("{name}[{index}]");
            match item {
                Value::Object(object) => objects.extend(self.read_within(&name, object, &read)),
                _ => self.problem(&name, "must be an object"),
            }
        }
        objects
    }

    /// The value of a field that has to be there, as one of the other methods gave it.
    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self, &str) -> Option<T>,
    ) -> Option<T> {
        let told = self.problems.len();
        let value = read(self, name);
        if let Some(shape) = &mut self.shape {
            shape.require(name);
        } else if value.is_none() && self.problems.len() == told {
            self.problem(name, "must be given");
        }
        value
    }

    /// Says of a field that was read that its value is of no use.
    pub(crate) fn wrong(&mut self, name: &str, message: &str) {
        self.problem(name, message);
    }

    /// All that was not read, with names as they came.
    pub(crate) fn rest(&mut self) -> Map<String, Value> {
        if let Some(shape) = &mut self.shape {
            shape.rest = true;
        }
        std::mem::take(&mut self.values).into_values().collect()
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.any(name).filter(|value| !value.is_null())
    }

    fn string(&mut self, name: &str, value: Value) -> Option<String> {
        let text = if let Value::String(text) = value { Some(text) } else { None };
        self.or_problem(name, text, "must be a text")
    }

    fn read_within<T>(
        &mut self,
        name: &str,
        object: Map<String, Value>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let mut inner = Self::within(format!("{}.", self.path(name)), object);
        let value = read(&mut inner);
        self.problems.append(&mut inner.problems);
        value
    }

    fn or_problem<T>(&mut self, name: &str, value: Option<T>, message: &str) -> Option<T> {
        if value.is_none() {
            self.problem(name, message);
        }
        value
    }

    pub(crate) fn problem(&mut self, name: &str, message: &str) {
        self.problems.entry(self.path(name)).or_default().push(message.to_owned());
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

fn one_of<T>(known: &[(&str, T)]) -> String {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    format!("must be one of {}", names.join(", "))
}

fn integer(value: &Value) -> Option<i64> {
    /// Up to here, every whole number has a floating-point number of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and within bounds")]
            let whole = float as i64;
            (float.fract() == 0.0 && float.abs() <= EXACT).then_some(whole)
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::shape::Property;
    use super::*;

    fn fields(value: Value) -> Fields {
        let Value::Object(object) = value else { panic!("an object: {value}") };
        Fields::new(object)
    }

    /// Reads `x` of an object: its value, or what is wrong.
    fn check<T: std::fmt::Debug>(
        value: Value,
        read: impl FnOnce(&mut Fields, &str) -> Option<T>,
        expect: &str,
    ) {
        let shown = value.to_string();
        let mut fields = fields(value);
        let got = match read(&mut fields, "x") {
            Some(value) => format!("{value:?}"),
            None => format!("{:?}", fields.into_problems()),
        };
        assert_eq!(got, expect, "{shown}");
    }

    #[test]
    fn numbers() {
        for (value, expect) in [
            (json!({"x": 7}), "7"),
            (json!({"X": -7}), "-7"),
            (json!({"x": " 7 "}), "7"),
            (json!({"x": 7.0}), "7"),
            (json!({"x": null}), "{}"),
            (json!({}), "{}"),
            (json!({"x": 7.5}), r#"{"x": ["must be a whole number"]}"#),
            (json!({"x": 1e300}), r#"{"x": ["must be a whole number"]}"#),
            (json!({"x": "seven"}), r#"{"x": ["must be a whole number"]}"#),
            (json!({"x": true}), r#"{"x": ["must be a whole number"]}"#),
        ] {
            check(value, Fields::integer, expect);
        }
    }

    #[test]
    fn lists_of_numbers_and_truths() {
        for (value, expect) in [
            (json!({"x": [1, "2", 3.0]}), "[1, 2, 3]"),
            (json!({"x": []}), "[]"),
            (json!({"x": null}), "{}"),
            (json!({"x": 1}), r#"{"x": ["must be an array of whole numbers"]}"#),
            (json!({"x": [1, null]}), r#"{"x": ["must be an array of whole numbers"]}"#),
        ] {
            check(value, Fields::integers, expect);
        }
        for (value, expect) in [
            (json!({"X": true}), "true"),
            (json!({"x": "False"}), "false"),
            (json!({"x": 1}), r#"{"x": ["must be true or false"]}"#),
            (json!({"x": "yes"}), r#"{"x": ["must be true or false"]}"#),
        ] {
            check(value, Fields::boolean, expect);
        }
    }

    #[test]
    fn lists_of_texts() {
        for (value, expect) in [
            (json!({"X": ["a", ""]}), r#"["a", ""]"#),
            (json!({"x": []}), "[]"),
            (json!({"x": null}), "{}"),
            (json!({"x": "a"}), r#"{"x": ["must be an array of texts"]}"#),
            (json!({"x": ["a", 1]}), r#"{"x": ["must be an array of texts"]}"#),
        ] {
            check(value, Fields::texts, expect);
        }
    }

    #[test]
    fn texts() {
        check(json!({"X": "a"}), Fields::text, "\"a\"");
        check(json!({"x": null}), Fields::text, "{}");
        check(json!({"x": 1}), Fields::text, r#"{"x": ["must be a text"]}"#);
        check(json!({"x": null}), Fields::clearable_text, "\"\"");
        check(json!({}), Fields::clearable_text, "{}");
        check(json!({"x": []}), Fields::clearable_text, r#"{"x": ["must be a text"]}"#);
    }

    #[test]
    fn choices() {
        let choose = |fields: &mut Fields, name: &str| {
            fields.choice(name, &[("report", 'r'), ("board", 'b')])
        };
        for (value, expect) in [
            (json!({"x": "Report"}), "'r'"),
            (json!({"x": "BOARD"}), "'b'"),
            (json!({"x": 1}), "'b'"),
            (json!({"x": "0"}), "'r'"),
            (json!({"x": 2}), r#"{"x": ["must be one of report, board"]}"#),
            (json!({"x": -1}), r#"{"x": ["must be one of report, board"]}"#),
            (json!({"x": "letter"}), r#"{"x": ["must be one of report, board"]}"#),
        ] {
            check(value, choose, expect);
        }
    }

    #[test]
    fn what_has_to_be_there() {
        let need = |fields: &mut Fields, name: &str| fields.required(name, Fields::integer);
        check(json!({"x": 1}), need, "1");
        check(json!({}), need, r#"{"x": ["must be given"]}"#);
        check(json!({"x": null}), need, r#"{"x": ["must be given"]}"#);
        check(json!({"x": "a"}), need, r#"{"x": ["must be a whole number"]}"#);
    }

    #[test]
    fn objects_in_objects() {
        let inner = |fields: &mut Fields| fields.integer("y");
        check(json!({"x": {"Y": 1}}), |fields, name| fields.object(name, inner), "1");
        check(
            json!({"x": {"y": "a"}}),
            |fields, name| fields.object(name, inner),
            r#"{"x.y": ["must be a whole number"]}"#,
        );
        check(
            json!({"x": 1}),
            |fields, name| fields.object(name, inner),
            r#"{"x": ["must be an object"]}"#,
        );
        let mut fields = fields(json!({"x": [{"y": 1}, {"y": []}, 3]}));
        assert_eq!(fields.objects("x", inner), [1]);
        assert_eq!(
            format!("{:?}", fields.into_problems()),
            r#"{"x[1].y": ["must be a whole number"], "x[2]": ["must be an object"]}"#
        );
    }

    #[test]
    fn a_reader_tells_what_it_reads() {
        let property = |name: &str, kind, required| Property { name: name.into(), kind, required };
        let shape = Fields::shape(|fields| {
            let x = fields.required("x", |fields, name| fields.object(name, |x| x.text("y")));
            let all = fields.objects("all", |one| Some((one.any("value")?, one.rest())));
            Some((x?, all, fields.choice("kind", &[("a", 1), ("b", 2)])?, fields.integer("n")?))
        });
        let x = Shape { properties: vec![property("y", Kind::Text, false)], rest: false };
        let all = Shape { properties: vec![property("value", Kind::Any, false)], rest: true };
        let expect = vec![
            property("x", Kind::Object(x), true),
            property("all", Kind::Objects(all), false),
            property("kind", Kind::Choice(vec!["a".into(), "b".into()]), false),
            property("n", Kind::Integer, false),
        ];
        assert_eq!(shape, Shape { properties: expect, rest: false });
    }

    #[test]
    fn names_that_are_not_known_stay_as_they_are() {
        let read =
            |fields: &mut Fields, name: &str| fields.name_or_place(name, &[("pdf", 0), ("csv", 1)]);
        for (value, expect) in [
            (json!({"x": "PDF"}), "\"PDF\""),
            (json!({"x": "txt"}), "\"txt\""),
            (json!({"x": 1}), "\"csv\""),
            (json!({"x": "0"}), "\"pdf\""),
            (json!({"x": 2}), r#"{"x": ["must be one of pdf, csv"]}"#),
            (json!({"x": -1}), r#"{"x": ["must be one of pdf, csv"]}"#),
            (json!({"x": []}), r#"{"x": ["must be a text"]}"#),
            (json!({"x": null}), "{}"),
        ] {
            check(value, read, expect);
        }
    }

    #[test]
    fn the_rest_keeps_its_names() {
        let mut fields = fields(json!({"Format": "pdf", "PageRange": "1-3"}));
        assert_eq!(fields.text("format").as_deref(), Some("pdf"));
        assert_eq!(Value::Object(fields.rest()), json!({"PageRange": "1-3"}));
    }
}
