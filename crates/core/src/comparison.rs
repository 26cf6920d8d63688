//! Strategies side by side: samples in, medians, spreads and ratios out.

use serde::Serialize;

use crate::report::Figures;

/// One measured fan-out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Which repetition; every strategy is measured once in each.
    pub block: usize,
    /// Under which strategy, as typed.
    pub strategy: String,
    /// What was measured.
    #[serde(flatten)]
    pub figures: Figures,
    /// How many runs did not succeed. Such a sample is shown and not compared.
    pub failed: usize,
}

/// A figure over all samples of one strategy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Half the samples are below.
    pub median: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// One strategy's line of the comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Which strategy, as typed.
    pub strategy: String,
    /// How many samples count.
    pub samples: usize,
    /// How many samples had runs that failed.
    pub failed_samples: usize,
    /// Seconds.
    pub makespan: Option<Spread>,
    /// Seconds.
    pub time_to_first_start: Option<Spread>,
    /// Seconds.
    pub start_skew: Option<Spread>,
    /// Seconds.
    pub overhead: Option<Spread>,
    /// Median makespan divided by the smallest median makespan.
    pub ratio: Option<f64>,
}

/// One line per strategy, best first; strategies without a sample that counts come last.
pub fn compare(samples: &[Sample]) -> Vec<Line> {
    let mut names: Vec<&str> = Vec::new();
    for sample in samples {
        if !names.contains(&sample.strategy.as_str()) {
            names.push(&sample.strategy);
        }
    }
    let mut lines: Vec<Line> = names.into_iter().map(|name| line(name, samples)).collect();
    let median = |line: &Line| line.makespan.map_or(f64::INFINITY, |spread| spread.median);
    lines.sort_by(|a, b| median(a).total_cmp(&median(b)));
    let best = lines.first().map_or(f64::INFINITY, median);
    for line in &mut lines {
        line.ratio = line.makespan.filter(|_| best > 0.0).map(|spread| spread.median / best);
    }
    lines
}

fn line(strategy: &str, samples: &[Sample]) -> Line {
    let own: Vec<&Sample> = samples.iter().filter(|sample| sample.strategy == strategy).collect();
    let good: Vec<Figures> = own.iter().filter(|sample| sample.failed == 0).map(|sample| sample.figures).collect();
    let of = |figure: &dyn Fn(&Figures) -> Option<f64>| spread(good.iter().filter_map(figure).collect());
    Line {
        strategy: strategy.to_owned(),
        samples: good.len(),
        failed_samples: own.len() - good.len(),
        makespan: of(&|figures| Some(figures.makespan)),
        time_to_first_start: of(&|figures| figures.time_to_first_start),
        start_skew: of(&|figures| figures.start_skew),
        overhead: of(&|figures| Some(figures.overhead)),
        ratio: None,
    }
}

fn spread(mut values: Vec<f64>) -> Option<Spread> {
    values.sort_by(f64::total_cmp);
    let (min, max) = (*values.first()?, *values.last()?);
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) };
    Some(Spread { median, min, max })
}

#[cfg(test)]
mod tests {
    use super::{Sample, compare};
    use crate::report::Figures;

    fn sample(strategy: &str, makespan: f64, failed: usize) -> Sample {
        Sample { block: 0, strategy: strategy.into(), figures: Figures { makespan, ..Figures::default() }, failed }
    }

    #[test]
    fn the_best_median_comes_first_and_failed_samples_do_not_count() {
        let lines = compare(&[
            sample("map", 2.0, 0),
            sample("map", 4.0, 0),
            sample("array", 1.0, 0),
            sample("array", 0.1, 3),
            sample("parallel", 0.5, 1),
        ]);
        let order: Vec<&str> = lines.iter().map(|line| line.strategy.as_str()).collect();
        assert_eq!(order, ["array", "map", "parallel"]);
        assert_eq!(lines[0].failed_samples, 1);
        assert_eq!(lines[1].makespan.map(|spread| (spread.median, spread.min, spread.max)), Some((3.0, 2.0, 4.0)));
        assert_eq!(lines[1].ratio, Some(3.0));
        assert_eq!(lines[2].ratio, None);
    }
}
