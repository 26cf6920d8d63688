//! `fanout config`, `fanout completions`, `fanout man`, and the flags of all commands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::RunArgs;

/// Flags of all commands: where settings are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub(crate) struct SettingsArgs {
    /// Read this file of settings instead of looking for fanout.toml.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config_file: Option<PathBuf>,
    /// Take settings from [profile.NAME] of the file too.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) config_profile: Option<String>,
}

/// `fanout config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

/// What is done with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every setting of `fanout run` that is in effect, as a table of fanout.toml.
    Show(Box<ConfigShowArgs>),
}

/// `fanout config show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Flags of fanout run, and a command after --, are taken into account: its script may have #FANOUT lines.
Settings come from flags, FANOUT_ variables, #FANOUT lines, [profile.NAME], [target.NAME] and [run] of fanout.toml, in this order.")]
pub(crate) struct ConfigShowArgs {
    /// Tell of each setting where it comes from.
    #[arg(long)]
    pub(crate) origin: bool,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// `fanout completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
bash        echo 'source <(fanout completions bash)' >> ~/.bashrc
zsh         echo 'source <(fanout completions zsh)' >> ~/.zshrc
fish        echo 'fanout completions fish | source' >> ~/.config/fish/config.fish
elvish      echo 'eval (fanout completions elvish | slurp)' >> ~/.config/elvish/rc.elv
powershell  echo 'fanout completions powershell | Out-String | Invoke-Expression' >> $PROFILE
The script asks fanout for what may come next. Make it anew when the shell starts, as above: another fanout may have another one.")]
pub(crate) struct CompletionsArgs {
    /// Of which shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: ShellName,
}

/// `fanout man`.
#[derive(Debug, Args)]
#[command(after_help = "A page is read with: fanout man run | man -l -")]
pub(crate) struct ManArgs {
    /// Write all pages into this directory, as fanout.1, fanout-run.1 and so on.
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) dir: Option<PathBuf>,
    /// Print the page of this command [default: of fanout].
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// A shell that fanout completes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellName {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}
