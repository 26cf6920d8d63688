//! `--strategy`: a name, and for `map` perhaps a shape.

use std::fmt;
use std::str::FromStr;

use fanout_core::strategy::Shape;

/// A strategy as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StrategyName {
    /// Map states submit one Batch job per run, in a given shape or in the smallest that will do.
    Map(Option<Shape>),
    /// A distributed Map state: a child execution per run.
    DistributedMap,
    /// A Parallel state with one branch per run.
    Parallel,
    /// Batch array jobs.
    Array,
    /// One Batch job per run, submitted one by one.
    Submit,
    /// Multi-node parallel jobs, one node per run.
    MultiNode,
    /// Whichever of them suits.
    Auto,
}

impl StrategyName {
    /// Every strategy, without the choice among them.
    pub(crate) const ALL: [Self; 6] = [Self::Map(None), Self::DistributedMap, Self::Parallel, Self::Array, Self::Submit, Self::MultiNode];
}

impl fmt::Display for StrategyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Map(None) => f.write_str("map"),
            Self::Map(Some(shape)) => write!(f, "map:{shape}"),
            Self::DistributedMap => f.write_str("distributed-map"),
            Self::Parallel => f.write_str("parallel"),
            Self::Array => f.write_str("array"),
            Self::Submit => f.write_str("submit"),
            Self::MultiNode => f.write_str("multi-node"),
            Self::Auto => f.write_str("auto"),
        }
    }
}

impl FromStr for StrategyName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(shape) = text.strip_prefix("map:") {
            return shape.parse().map(|shape| Self::Map(Some(shape))).map_err(|error: fanout_core::strategy::ShapeError| error.to_string());
        }
        Self::ALL.into_iter().chain([Self::Auto]).find(|name| name.to_string() == text).ok_or_else(|| {
            let names: Vec<String> = Self::ALL.iter().map(Self::to_string).collect();
            format!("the strategies are {}, and auto; map may have a shape, as in map:20x25", names.join(", "))
        })
    }
}

/// What `fanout bench` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestants {
    /// Every strategy that has a plan for the fan-out.
    All,
    /// This one.
    One(StrategyName),
}

impl FromStr for Contestants {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}
