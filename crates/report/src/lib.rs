//! Report definitions: the model and its .repx codec.
