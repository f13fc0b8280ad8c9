//! What a reader reads: learnt by letting it read, not written down a second time.

/// The properties that a reader asks for, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) properties: Vec<Property>,
    /// Whether it takes what else is there, too.
    pub(crate) rest: bool,
}

/// A property that a reader asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

/// What a property may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A whole number.
    Integer,
    /// An array of whole numbers.
    Integers,
    /// True or false.
    Boolean,
    /// A text.
    Text,
    /// An array of texts.
    Texts,
    /// A text that a null clears.
    ClearableText,
    /// One of these names, in any letter case, or its place among them.
    Choice(Vec<String>),
    /// Any value.
    Any,
    /// An object.
    Object(Shape),
    /// An array of objects.
    Objects(Shape),
}

impl Kind {
    pub(super) fn choice<T>(known: &[(&str, T)]) -> Self {
        Self::Choice(known.iter().map(|(name, _)| (*name).to_owned()).collect())
    }
}

impl Shape {
    /// Adds a property. One that is read twice is what the more telling reading says.
    pub(super) fn add(&mut self, name: &str, kind: Kind) {
        match self.find(name) {
            None => {
                let property = Property { name: name.to_owned(), kind, required: false };
                self.properties.push(property);
            }
            Some(known) if known.kind == Kind::Any => known.kind = kind,
            Some(_) => {}
        }
    }

    /// Says of a property that it has to be there.
    pub(super) fn require(&mut self, name: &str) {
        if let Some(property) = self.find(name) {
            property.required = true;
        }
    }

    fn find(&mut self, name: &str) -> Option<&mut Property> {
        self.properties.iter_mut().find(|property| property.name == name)
    }
}
