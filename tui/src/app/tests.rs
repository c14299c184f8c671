//! The loop, driven.
