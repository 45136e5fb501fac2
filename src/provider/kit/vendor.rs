//! The implementation of a vendor, which forwards to the modules of its folder.

/// A vendor whose modules have the usual names: `CONTRACT`, `wire` (`sign`, `request`, `read`), `compose`, `follow_up`.
/// Behind its name stands its server; what it does besides follows as methods of
/// [`Vendor`](crate::provider::Vendor).
macro_rules! vendor {
    ($(#[$doc:meta])* $name:ident, $server:expr; $($more:tt)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl $crate::provider::Vendor for $name {
            fn contract(&self) -> &'static $crate::contract::Contract {
                &CONTRACT
            }

            fn sign(
                &self,
                call: &$crate::provider::Call<'_>,
            ) -> $crate::error::Result<$crate::provider::Signature> {
                wire::sign(call)
            }

            fn request(
                &self,
                call: &$crate::provider::Call<'_>,
            ) -> $crate::error::Result<$crate::wire::Request> {
                wire::request(call)
            }

            fn read(
                &self,
                operation: &'static $crate::contract::Operation,
                reply: &$crate::wire::Reply,
            ) -> $crate::outcome::Reading {
                $crate::provider::kit::wire::reading(operation, reply, wire::read)
            }

            fn compose(
                &self,
                intent: &$crate::provider::SendIntent<'_>,
            ) -> $crate::error::Result<Vec<$crate::provider::Draft>> {
                compose::compose(intent)
            }

            fn follow_up(
                &self,
                ask: &$crate::provider::FollowUp<'_>,
            ) -> $crate::error::Result<Vec<$crate::provider::Draft>> {
                follow_up::follow_up(ask)
            }

            fn backend(&self) -> Box<dyn $crate::sandbox::Backend> {
                Box::new($server)
            }

            $($more)*
        }
    };
}

pub(in crate::provider) use vendor;
