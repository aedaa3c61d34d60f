//! Features of the crate: what of the runtime its users can do without.

/// A feature of the generated crate, which is the runtime's feature of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// The async client.
    Client,
    /// The blocking client.
    Blocking,
    /// TLS in Rust.
    Rustls,
    /// TLS by the platform.
    NativeTls,
    /// Rows of results.
    Csv,
    /// Results in archives.
    Zip,
    /// Spans.
    Tracing,
    /// The signatures of webhooks.
    Webhooks,
    /// Examples of models, and a transport with scripted responses.
    Examples,
}

impl Feature {
    /// What is on unless users turn it off.
    pub const DEFAULT: [Self; 2] = [Self::Client, Self::Rustls];

    /// Its name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Blocking => "blocking",
            Self::Rustls => "rustls",
            Self::NativeTls => "native-tls",
            Self::Csv => "csv",
            Self::Zip => "zip",
            Self::Tracing => "tracing",
            Self::Webhooks => "webhooks",
            Self::Examples => "examples",
        }
    }
}
