//! Where fanout keeps what outlives a command.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::error::Error;

/// The directory of runs: as asked, or `fanout/runs` in the XDG state directory.
pub(crate) fn runs(asked: Option<PathBuf>) -> Result<PathBuf, Error> {
    if let Some(directory) = asked {
        return Ok(directory);
    }
    let home = etcetera::base_strategy::Xdg::new()
        .map_err(|_| Error::Refused("there is no home directory; say where logs go with --state-dir DIR".into()))?;
    let state = home.state_dir().unwrap_or_else(|| home.data_dir());
    Ok(state.join("fanout/runs"))
}
