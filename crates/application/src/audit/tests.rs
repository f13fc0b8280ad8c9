//! Names that the API gives.

use super::*;

#[test]
fn names_are_those_of_enums() {
    assert_eq!(verb_name(Verb::SignInRefused), "SignInRefused");
    assert_eq!(subject_kind_name(SubjectKind::DataModel), "DataModel");
    assert_eq!(subject_kind("datamodel"), Some(SubjectKind::DataModel));
    assert_eq!(subject_kind("data-model"), None);
}
