//! Font faces, metrics, shaping, line breaking and fallback.
