//! How a shape of the service model is written down: its members in camel case, what is absent left out.

/// Defines shapes. A member `name: opt Type` may be absent; every other must be there.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($members:tt)* })*) => {$(
        $crate::api::shapes::shape! { [$(#[$doc])* $name] [] $($members)* }
    )*};
}

/// One shape; its members are taken one by one.
macro_rules! shape {
    ([$(#[$doc:meta])* $name:ident] [$($done:tt)*]) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($done)* }
    };
    ([$($head:tt)*] [$($done:tt)*] $(#[$meta:meta])* $field:ident: opt Timestamp, $($rest:tt)*) => {
        $crate::api::shapes::shape! { [$($head)*] [$($done)* $(#[$meta])*
            #[serde(with = "crate::api::epoch_seconds::option", default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<jiff::Timestamp>,] $($rest)* }
    };
    ([$($head:tt)*] [$($done:tt)*] $(#[$meta:meta])* $field:ident: opt $ty:ty, $($rest:tt)*) => {
        $crate::api::shapes::shape! { [$($head)*] [$($done)* $(#[$meta])*
            #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$ty>,] $($rest)* }
    };
    ([$($head:tt)*] [$($done:tt)*] $(#[$meta:meta])* $field:ident: Timestamp, $($rest:tt)*) => {
        $crate::api::shapes::shape! { [$($head)*] [$($done)* $(#[$meta])*
            #[serde(with = "crate::api::epoch_seconds")] pub $field: jiff::Timestamp,] $($rest)* }
    };
    ([$($head:tt)*] [$($done:tt)*] $(#[$meta:meta])* $field:ident: $ty:ty, $($rest:tt)*) => {
        $crate::api::shapes::shape! { [$($head)*] [$($done)* $(#[$meta])* pub $field: $ty,] $($rest)* }
    };
}

pub(super) use {shape, shapes};
