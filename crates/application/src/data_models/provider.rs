//! Where a database is, as a caller gives it.

use pressroom_domain::{InvalidProvider, ProviderModel, ProviderOptions, ProviderType};

use crate::error::Check;

/// Where a database is, as a caller gives it.
#[derive(Clone, Debug, Default)]
pub struct GivenProvider {
    /// The kind of database, such as `sqLite`.
    pub provider_type: String,
    /// What the provider is told.
    pub options: ProviderOptions,
}

impl GivenProvider {
    /// The provider of a new data model, or none and a problem.
    pub(super) fn made(self, check: &mut Check) -> Option<ProviderModel> {
        let kind = self.kind(check)?;
        named(check, ProviderModel::new(kind, self.options))
    }

    /// The provider that takes the place of another, or none and a problem.
    pub(super) fn replacing(
        self,
        stored: &ProviderModel,
        check: &mut Check,
    ) -> Option<ProviderModel> {
        let kind = self.kind(check)?;
        named(check, stored.replaced_by(kind, self.options))
    }

    fn kind(&self, check: &mut Check) -> Option<ProviderType> {
        check.field("providerModel.providerType", self.provider_type.parse())
    }
}

fn named(check: &mut Check, made: Result<ProviderModel, InvalidProvider>) -> Option<ProviderModel> {
    let field = match &made {
        Ok(_) => String::new(),
        Err(error) => format!("providerModel.{}", error.field),
    };
    check.field(&field, made.map_err(|error| error.message))
}
