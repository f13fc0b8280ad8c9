//! The expression language of report layouts: parse, check, evaluate, translate.
