//! Data sources, queries and relations as layouts declare them, and their SQL.
