//! end2end/upstream
