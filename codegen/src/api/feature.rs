//! Cargo features of the generated crate.

/// A feature of the generated crate, which is the runtime's feature of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// The async client.
    Client,
    /// The blocking client.
    Blocking,
    /// TLS by rustls.
    Rustls,
    /// TLS by the platform's library.
    NativeTls,
    /// Reading results as CSV rows.
    Csv,
    /// Reading results from zip archives.
    Zip,
    /// `tracing` spans.
    Tracing,
    /// Verifying webhook signatures.
    Webhooks,
    /// Examples of models, and a transport with scripted responses.
    Examples,
}

impl Feature {
    /// The default features.
    pub const DEFAULT: [Self; 2] = [Self::Client, Self::Rustls];

    /// Returns its name in the manifest.
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
