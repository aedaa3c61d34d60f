//! Methods that are the same in both clients, with their documentation.
//!
//! Each macro expands to methods of an `impl` block, so that each type has them on its own page. The types need the fields
//! that the macros use. Longer documentation is in the Markdown files of this directory.
//!
//! Methods that wait are not shared: they are `async` in one client and block in the other. Decisions belong to `protocol`.

/// Constructors and accessors of a client. Takes its path, for examples.
macro_rules! client_methods {
    ($client:literal) => {
        /// Creates a client with an API key.
        ///
        /// # Errors
        ///
        /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the key is invalid, or like
        /// [`with_config`](Self::with_config).
        pub fn new(api_key: impl Into<crate::ApiKey>) -> Result<Self, crate::Error> {
            Self::with_config(crate::Config::builder(api_key).build()?)
        }

        /// Creates a client with the key from the environment variable `STRIPE_API_KEY`, see
        /// [`Config::from_env`](crate::Config::from_env).
        ///
        /// # Errors
        ///
        /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the variable is not set or the key is invalid, or like
        /// [`with_config`](Self::with_config).
        pub fn from_env() -> Result<Self, crate::Error> {
            Self::with_config(crate::Config::from_env()?)
        }

        /// Returns a client with other default options that shares the connections of this one. Options that are not set
        /// keep their values.
        ///
        /// ```no_run
        #[doc = concat!("# use stripe_reporting_runtime::{Error, RequestOptions, ", $client, "};")]
        /// let stripe = Client::from_env()?;
        /// let theirs = stripe.with_options(RequestOptions::new().account("acct_123"));
        /// # Ok::<(), Error>(())
        /// ```
        #[must_use]
        pub fn with_options(&self, options: crate::RequestOptions) -> Self {
            Self { config: self.config.with_options(options), ..self.clone() }
        }

        /// Returns the key, the server and the default options.
        #[must_use]
        pub fn config(&self) -> &crate::Config {
            &self.config
        }

        /// Waits for a run by its id, for example after a restart: `stripe.wait_for::<ReportRun>("frr_123")`.
        ///
        /// The errors are those of [`wait`](Self::wait). The first poll fails like [`send`](Self::send), with transient
        /// errors too.
        pub fn wait_for<T: Wait>(&self, id: impl Into<T::Id>) -> Waiting<T> {
            Waiting::new(self.clone(), Poll::new(id.into(), None, self.config.clone()))
        }
    };
}

/// Settings of a wait, which has a `poll`. Takes its path, for examples.
macro_rules! waiting_methods {
    ($waiting:literal) => {
        pub(super) fn new(client: Client, poll: Poll<T>) -> Self {
            Self { client, poll }
        }

        /// Sets how long to wait in total; 2 hours by default.
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            let polling = self.poll.polling();
            *polling = polling.timeout(timeout);
            self
        }

        /// Sets how often to poll, for how long, and how long polls may fail.
        pub fn polling(mut self, polling: crate::Polling) -> Self {
            *self.poll.polling() = polling;
            self
        }

        /// Sets options for each poll, such as the account of the run.
        pub fn options(mut self, options: crate::RequestOptions) -> Self {
            self.poll.set_options(options);
            self
        }

        /// Changes the request of every poll, for example to include fields that are not returned by default.
        ///
        /// A run that has succeeded before the wait is retrieved once, so that the returned run has what was requested. One that
        /// has failed or was canceled is not: the wait ends with its error, without a request.
        ///
        /// ```
        #[doc = concat!("# use stripe_reporting_runtime::{Wait, ", $waiting, "};")]
        /// # trait Include { fn include<const N: usize>(self, fields: [&str; N]) -> Self; }
        /// # fn example<T: Wait<Retrieve: Include>>(waiting: Waiting<T>) -> Waiting<T> {
        /// waiting.retrieve_with(|request| request.include(["result.file.schema"]))
        /// # }
        /// ```
        pub fn retrieve_with(
            mut self,
            retrieve_with: impl Fn(T::Retrieve) -> T::Retrieve + Send + Sync + 'static,
        ) -> Self {
            self.poll.set_retrieve_with(Box::new(retrieve_with));
            self
        }

        /// Calls back with the result of each poll: the run, or the error of a poll that failed, including the last one. A
        /// run that is passed to `wait` is reported first.
        ///
        /// ```
        #[doc = concat!("# use stripe_reporting_runtime::{Wait, ", $waiting, "};")]
        /// # fn example<T: Wait>(waiting: Waiting<T>) -> Waiting<T> {
        /// waiting.on_poll(|poll| match poll {
        ///     Ok(run) => println!("{} is {}", run.id().as_ref(), run.status()),
        ///     Err(error) => eprintln!("the poll failed: {error}"),
        /// })
        /// # }
        /// ```
        pub fn on_poll(mut self, on_poll: impl FnMut(Result<&T, &crate::Error>) + Send + 'static) -> Self {
            self.poll.set_on_poll(Box::new(on_poll));
            self
        }
    };
}

/// Settings of a list of items, which has `pages`.
macro_rules! items_methods {
    () => {
        pub(super) fn new(client: Client, listing: Listing<R>) -> Self {
            Self { pages: Pages { client, listing, prefetch: None }, items: items::Items::default() }
        }

        /// Reads backwards: the previous pages, and each page from its last item to its first.
        ///
        /// A v1 list needs `ending_before` in the request for this, which also implies it. A v2 list follows
        /// `previous_page_url`.
        pub fn backwards(mut self) -> Self {
            self.pages.listing.configure(crate::protocol::pager::Pager::backwards);
            self
        }

        /// Starts at a page by its URL in an earlier response, such as the `next_page_url` of a v2 list.
        pub fn starting_at_page(mut self, page_url: &str) -> Self {
            self.pages.listing.configure(|pager| pager.start_at(page_url));
            self
        }

        /// Returns the pages instead of the items.
        pub fn pages(self) -> Pages<R> {
            self.pages
        }
    };
}

/// Settings of a download, which has a `transfer`.
macro_rules! file_download_methods {
    () => {
        pub(super) fn new(client: Client, transfer: Transfer) -> Self {
            Self { client, transfer }
        }

        fn fetch(self) -> Fetch {
            Fetch { client: self.client, transfer: self.transfer, body: None }
        }

        #[doc = include_str!("../shared/records.md")]
        #[cfg(feature = "csv")]
        pub fn records<T: serde::de::DeserializeOwned>(mut self) -> Records<T> {
            let reader = self.transfer.records();
            Records::new(self.chunks(), reader)
        }

        /// Sets options for each request, such as the account of the file.
        pub fn options(mut self, options: crate::RequestOptions) -> Self {
            self.transfer.set_options(options);
            self
        }

        /// Sets how long the whole download may take; 12 hours by default. A stalled connection is limited by
        /// [`RequestOptions::attempt_timeout`](crate::RequestOptions::attempt_timeout).
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.transfer.set_timeout(timeout);
            self
        }

        /// Calls back whenever bytes are received.
        pub fn on_progress(mut self, on_progress: impl FnMut(crate::Progress) + Send + 'static) -> Self {
            self.transfer.set_on_progress(on_progress);
            self
        }

        /// Extracts the file from its zip archive, up to 20 GiB. A file that is not an archive is not changed.
        ///
        /// An archive that has no file or several, is multi-part, encrypted or damaged, or whose file name is unsafe is an
        /// error of the kind [`Download`](crate::ErrorKind::Download).
        #[cfg(feature = "zip")]
        pub fn decompress(self) -> Self {
            self.decompress_up_to(crate::protocol::decoder::DEFAULT_MAX_EXTRACTED_BYTES)
        }

        /// Like [`decompress`](Self::decompress) with another limit, in bytes. A larger file is an error of the kind
        /// [`TooLarge`](crate::ErrorKind::TooLarge).
        #[cfg(feature = "zip")]
        pub fn decompress_up_to(mut self, largest: u64) -> Self {
            self.transfer.decompress_up_to(largest);
            self
        }

        /// Returns the number of bytes that are transferred, if it is known before the download starts.
        #[must_use]
        pub fn size(&self) -> Option<u64> {
            self.transfer.size()
        }
    };
}

/// Settings of inline rows, which have a `reader`.
macro_rules! rows_methods {
    () => {
        /// Sets options for the request of each page, such as the account of the run.
        pub fn options(mut self, options: crate::RequestOptions) -> Self {
            self.reader.set_options(options);
            self
        }
    };
}

/// Implements `Debug` with these fields only: the others hold secrets or have no `Debug`.
macro_rules! opaque_debug {
    ($name:ident $(<$parameter:ident $(: $bound:path)?>)? $(, $field:literal: $value:expr)?) => {
        impl $(<$parameter $(: $bound)?>)? std::fmt::Debug for $name $(<$parameter>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$(.field($field, &$value(self)))?.finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use {client_methods, file_download_methods, items_methods, opaque_debug, rows_methods, waiting_methods};
