//! Campanile's server as a library.
