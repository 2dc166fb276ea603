//! `dispatch keys`: API keys of the service, made and revoked at the store itself.

use super::serve::{run, store_trouble};
use crate::failure::Failure;
use crate::output;
use clap::{Args, Subcommand};
use dispatch_api::{Grant, KeyError, Scope, Store, is_tenant, make_key};
use dispatch_data::lang::{Lang, value};
use dispatch_data::{say, word};

/// API keys of the service: who may call it, for which tenant, and what.
#[derive(Args)]
pub(crate) struct Keys {
    /// The store of the service: a file, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(
        long,
        global = true,
        value_name = "ADDRESS",
        env = "DISPATCH_STORE",
        default_value = "dispatch.db",
        hide_env_values = true
    )]
    store: String,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a key and print it, this once: only its hash is kept.
    Add {
        /// Whose plans it is for.
        #[arg(long, default_value = "default", value_parser = tenant)]
        tenant: String,
        /// A name to know it by.
        #[arg(long, default_value = "")]
        name: String,
        /// What it allows.
        #[arg(long, value_delimiter = ',', default_value = "read,plan", value_parser = scope)]
        scopes: Vec<Scope>,
    },
    /// Print all keys, without the keys themselves.
    List,
    /// Revoke a key by its id.
    Revoke {
        /// As `dispatch keys list` prints it.
        id: String,
    },
}

fn tenant(text: &str) -> Result<String, String> {
    if is_tenant(text) { Ok(text.to_owned()) } else { Err("1 to 64 letters, digits, -, _ or .".to_owned()) }
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::of(text).ok_or_else(|| "read, plan or admin".to_owned())
}

impl Keys {
    pub(crate) fn run(self, lang: Lang) -> Result<(), Failure> {
        let Self { store, action } = self;
        run(async {
            let store = Store::open(&store).await.map_err(|error| store_trouble(&error))?;
            action.run(&store, lang).await?;
            store.close().await;
            Ok(())
        })
    }
}

impl Action {
    async fn run(self, store: &Store, lang: Lang) -> Result<(), Failure> {
        match self {
            Self::Add { tenant, name, scopes } => {
                let (id, key) =
                    make_key(store, &Grant { tenant, scopes }, &name).await.map_err(|error| match error {
                        KeyError::Store(error) => store_trouble(&error),
                        KeyError::NoRandomness(error) => Failure::Trouble(value(error)),
                    })?;
                output::warn(say!("{}: keep this key, it cannot be shown again", id).in_lang(lang));
                output::say(key);
            }
            Self::List => {
                for key in store.keys(None).await.map_err(|error| store_trouble(&error))? {
                    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.word()).collect();
                    let state = if key.revoked.is_some() { word!("revoked") } else { word!("valid") }.in_lang(lang);
                    output::say(format!("{}  {}  {}  {state}  {}", key.id, key.tenant, scopes.join(","), key.name));
                }
            }
            Self::Revoke { id } => store.revoke_key(None, &id).await.map_err(|error| store_trouble(&error))?,
        }
        Ok(())
    }
}
