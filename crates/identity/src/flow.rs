//! The two halves of a sign-in.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardRevocableToken,
    StandardTokenResponse,
};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    ClaimsVerificationError, Client, IdTokenClaims, IdTokenFields, IdTokenVerifier, IssuerUrl,
    Nonce, SignatureVerificationError, TokenResponse, UserInfoClaims,
};
use pressroom_domain::{ExternalSubject, Secret};
use pressroom_ports::{
    BegunIdentity, Clock, ExternalClaims, IdentityError, IdentityProvider, PendingIdentity, Random,
};

use crate::claims::{Groups, Told};
use crate::discovery::{Discovery, Known};
use crate::http::{Http, HttpError};
use crate::{Config, ConfigError, config};

/// How far this machine's clock and the provider's may differ.
const SKEW: TimeDelta = TimeDelta::seconds(60);

type Fields = IdTokenFields<
    Groups,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Provider = Client<
    Groups,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    StandardRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
type Claims = IdTokenClaims<Groups, CoreGenderClaim>;

/// An OpenID Connect provider.
pub struct OpenIdProvider {
    config: Config,
    redirect_url: RedirectUrl,
    http: Http,
    discovery: Discovery,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl OpenIdProvider {
    /// A provider. It is asked nothing before somebody signs in: a site starts while its provider is
    /// away.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ConfigError> {
        let address = |what, example| move |source| ConfigError::Address { what, source, example };
        let issuer = IssuerUrl::new(config.issuer.clone())
            .map_err(address("the issuer", "https://id.example.com"))?;
        if !config::is_safe(issuer.url()) {
            return Err(ConfigError::Insecure(config.issuer));
        }
        let example = "https://reports.example.com/oauth/external/callback";
        let redirect_url = RedirectUrl::new(config.redirect_url.clone())
            .map_err(address("where the provider sends browsers back to", example))?;
        let http = Http::new(config.timeout)?;
        let discovery = Discovery::new(issuer, http.clone(), clock.clone());
        Ok(Self { config, redirect_url, http, discovery, clock, random })
    }

    /// 256 random bits as text. Of the length that RFC 7636 asks of a verifier.
    fn secret(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    async fn known(&self) -> Result<Known, IdentityError> {
        self.discovery.known().await.map_err(|error| self.away("it does not say who it is", error))
    }

    fn client(&self, known: &Known) -> Provider {
        let id = ClientId::new(self.config.client_id.clone());
        let secret = self.config.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let metadata = (*known.metadata).clone();
        let auth_type = auth_type(metadata.token_endpoint_auth_methods_supported());
        Provider::from_provider_metadata(metadata, id, secret)
            .set_redirect_uri(self.redirect_url.clone())
            .set_auth_type(auth_type)
    }

    /// Whose tokens these are. Keys that came up since they were asked for are asked for again.
    async fn verified(
        &self,
        known: &Known,
        tokens: &Tokens,
        nonce: &Secret,
    ) -> Result<Claims, IdentityError> {
        let id_token = tokens.id_token();
        let id_token = id_token.ok_or_else(|| {
            IdentityError::Refused("the provider sent no ID token; is openid allowed there?".into())
        })?;
        let nonce = Nonce::new(nonce.reveal().to_owned());
        let now = self.clock.now();
        let checked = |known: &Known| {
            let client = self.client(known);
            let verifier = in_time(client.id_token_verifier(), now);
            id_token.claims(&verifier, &nonce).cloned()
        };
        let checked = match checked(known) {
            Err(ClaimsVerificationError::SignatureVerification(error)) if may_be_new(&error) => {
                let newer = self.discovery.newer(known).await;
                match newer.map_err(|error| self.away("it does not tell its keys", error))? {
                    Some(newer) => checked(&newer),
                    None => Err(ClaimsVerificationError::SignatureVerification(error)),
                }
            }
            other => other,
        };
        checked.map_err(|error| {
            tracing::warn!(%error, "an ID token was refused");
            IdentityError::Refused(format!("what the provider signed is refused ({error})"))
        })
    }

    /// What the endpoint for it tells about somebody, where there is one.
    async fn told(
        &self,
        client: &Provider,
        tokens: &Tokens,
        claims: &Claims,
    ) -> Result<Told, IdentityError> {
        let access = oauth2::TokenResponse::access_token(tokens).clone();
        let subject = claims.subject().clone();
        let Ok(request) = client.user_info(access, Some(subject)) else {
            return Ok(Told::default());
        };
        let told: Result<UserInfoClaims<Groups, CoreGenderClaim>, _> =
            request.request_async(&self.http).await;
        told.map(|claims| Told::from(&claims))
            .map_err(|error| self.away("it does not tell who somebody is", error))
    }

    fn away(&self, detail: &str, source: impl StdError + Send + Sync + 'static) -> IdentityError {
        IdentityError::Unavailable {
            provider: self.config.name.clone(),
            detail: detail.to_owned(),
            source: Box::new(source),
        }
    }

    fn refused(
        &self,
        error: RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> IdentityError {
        match &error {
            RequestTokenError::ServerResponse(answer) => match answer.error() {
                CoreErrorResponseType::InvalidGrant => IdentityError::Refused(
                    "the code that came back was used before, or is too old".into(),
                ),
                other => {
                    let detail = format!(
                        "it does not take this site's word ({other}); check identity.client_id, \
                         identity.client_secret and what is registered there"
                    );
                    self.away(&detail, error)
                }
            },
            _ => self.away("it gives no token for the code", error),
        }
    }
}

/// How this site shows its secret: in the header, unless the provider takes it in the form only.
fn auth_type(methods: Option<&Vec<CoreClientAuthMethod>>) -> AuthType {
    let takes = |method| methods.is_some_and(|methods| methods.contains(&method));
    if takes(CoreClientAuthMethod::ClientSecretPost)
        && !takes(CoreClientAuthMethod::ClientSecretBasic)
    {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

/// Checks times by this clock, give or take.
fn in_time(
    verifier: IdTokenVerifier<'_, CoreJsonWebKey>,
    now: DateTime<Utc>,
) -> IdTokenVerifier<'_, CoreJsonWebKey> {
    verifier.set_time_fn(move || now - SKEW).set_issue_time_verifier_fn(move |issued_at| {
        if issued_at <= now + SKEW {
            Ok(())
        } else {
            Err(format!("it was issued at {issued_at}, and it is {now} here"))
        }
    })
}

/// Whether a signature may be by a key that came up meanwhile. A key may be replaced by another one
/// of the same id.
fn may_be_new(error: &SignatureVerificationError) -> bool {
    matches!(
        error,
        SignatureVerificationError::NoMatchingKey
            | SignatureVerificationError::AmbiguousKeyId(_)
            | SignatureVerificationError::CryptoError(_)
    )
}

#[async_trait]
impl IdentityProvider for OpenIdProvider {
    fn name(&self) -> &str {
        &self.config.name
    }

    async fn begin(&self) -> Result<BegunIdentity, IdentityError> {
        let known = self.known().await?;
        let client = self.client(&known);
        let [state, nonce, verifier] = [self.secret(), self.secret(), self.secret()];
        let pkce = PkceCodeVerifier::new(verifier.clone());
        let (given_state, given_nonce) = (state.clone(), nonce.clone());
        let request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(given_state),
            move || Nonce::new(given_nonce),
        );
        let (url, _, _) = request
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&pkce))
            .url();
        let pending = PendingIdentity {
            state: Secret::new(state),
            nonce: Secret::new(nonce),
            verifier: Secret::new(verifier),
        };
        Ok(BegunIdentity { url: url.into(), pending })
    }

    async fn finish(
        &self,
        code: &Secret,
        pending: &PendingIdentity,
    ) -> Result<ExternalClaims, IdentityError> {
        let known = self.known().await?;
        let client = self.client(&known);
        let code = AuthorizationCode::new(code.reveal().to_owned());
        let request = client
            .exchange_code(code)
            .map_err(|error| self.away("it has no endpoint for tokens", error))?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.reveal().to_owned()));
        let tokens = request.request_async(&self.http).await;
        let tokens = tokens.map_err(|error| self.refused(error))?;
        let claims = self.verified(&known, &tokens, &pending.nonce).await?;
        let told = self.told(&client, &tokens, &claims).await?.or(Told::from(&claims));
        let subject = ExternalSubject::new(claims.issuer(), claims.subject())
            .map_err(|error| IdentityError::Refused(error.to_string()))?;
        Ok(ExternalClaims {
            subject,
            user_name: told.user_name,
            first_name: told.first_name,
            last_name: told.last_name,
            name: told.name,
            email: told.email,
            email_verified: told.email_verified,
            groups: told.groups,
        })
    }
}

impl fmt::Debug for OpenIdProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenIdProvider").field("config", &self.config).finish_non_exhaustive()
    }
}
