//! `fanout config show`: the settings in effect, in the form in which they could be set.

use crate::args::{ConfigArgs, ConfigCommand};
use crate::exit_code::Exit;
use crate::printer::Printer;
use crate::settings::{Kind, Setting, Settings, Value};

pub(crate) fn config(arguments: ConfigArgs, settings: &Settings, printer: &mut Printer) -> Exit {
    let ConfigCommand::Show(arguments) = arguments.command;
    let mut lines = vec!["[run]".to_owned()];
    for setting in &settings.all {
        lines.extend(lines_of(setting, arguments.origin));
    }
    for left_out in &settings.left_out {
        lines.push(format!("# {} of {} is left out: {}", left_out.long, left_out.origin, left_out.why));
    }
    for line in lines {
        printer.data(&line);
    }
    let files: Vec<String> = settings.files.iter().map(|path| path.display().to_string()).collect();
    let read = if files.is_empty() { "no file of settings was found".into() } else { format!("read {}", files.join(" and ")) };
    printer.say(&read);
    Exit::Ok
}

fn lines_of(setting: &Setting, with_origin: bool) -> Vec<String> {
    let Setting { long, kind, is_number, values, help } = setting;
    let origin = |value: &Value| if with_origin { format!(" # {}", value.origin) } else { String::new() };
    match (kind, &values[..]) {
        (_, []) => {
            // What is not set may still have a meaning, which its help tells at the end.
            let meaning = help.rsplit_once("[default: ").map(|(_, meaning)| meaning.trim_end_matches(['.', ']']));
            vec![format!("# {long} is not set{}", meaning.map(|meaning| format!("; default: {meaning}")).unwrap_or_default())]
        }
        (Kind::Switch, [value, ..]) => vec![format!("{long} = {}{}", value.text.to_string_lossy(), origin(value))],
        (Kind::Repeated | Kind::Named | Kind::Several(_), _) => {
            let elements = values.iter().map(|value| format!("  {},{}", quoted(&value.text.to_string_lossy()), origin(value)));
            [format!("{long} = [")].into_iter().chain(elements).chain(["]".to_owned()]).collect()
        }
        (Kind::One, [.., value]) => {
            let text = value.text.to_string_lossy();
            let is_plain = *is_number && text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
            vec![format!("{long} = {}{}", if is_plain { text.into_owned() } else { quoted(&text) }, origin(value))]
        }
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
