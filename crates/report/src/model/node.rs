//! Properties as a layout has them, for what has no model of its own.

/// An element of a layout with its attributes and children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The element's name.
    pub name: String,
    /// The attributes in the layout's order.
    pub attributes: Vec<(String, String)>,
    /// The children in the layout's order.
    pub children: Vec<Node>,
    /// The text inside, for the elements that have any.
    pub text: String,
}

impl Node {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first child of a name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}
