//! "This input → exactly these effects", with the histories that AWS recorded.

mod data;
mod ends;
mod failures;
mod histories;
mod script;
mod states;
