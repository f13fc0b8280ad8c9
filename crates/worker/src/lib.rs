//! Claims due work and calls the application.
