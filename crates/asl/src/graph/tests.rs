//! Drawings: what they say, where things stand, and that nothing makes them fail.

mod any;
mod documents;
mod mermaid;
mod places;
mod svg;
mod words;
