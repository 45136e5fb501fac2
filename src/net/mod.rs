//! The network: the only module that opens connections.
