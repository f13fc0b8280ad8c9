//! Who looks at a page.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use pressroom_application::{Caller, Error, tokens};
use pressroom_domain::Secret;

use crate::failure::Failure;
use crate::form::Form;
use crate::portal::Portal;
use crate::session;

/// Somebody who is signed in.
pub(crate) struct Reader {
    pub(crate) caller: Caller,
    session: Secret,
}

/// Somebody who is signed in, and what they posted from a page that was made for them.
pub(crate) struct Posted {
    pub(crate) reader: Reader,
    pub(crate) form: Form,
}

impl Reader {
    /// The reader of a request, if somebody is signed in. Their session goes on.
    pub(crate) async fn find(
        portal: &Portal,
        request: &HttpRequest,
    ) -> Result<Option<Self>, Failure> {
        let Some(session) = session::of(request) else { return Ok(None) };
        let client = portal.client(request);
        match tokens::verify(&portal.app, session.reveal(), client).await {
            Ok(caller) => {
                tokens::prolong(&portal.app, &caller).await?;
                Ok(Some(Self { caller, session }))
            }
            Err(Error::Unauthenticated) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// A mark for a form on a page of theirs.
    pub(crate) fn mark(&self, portal: &Portal) -> String {
        session::mark(&self.session, &*portal.app.random)
    }
}

fn portal(request: &HttpRequest) -> Result<web::Data<Portal>, Failure> {
    request.app_data().cloned().ok_or_else(Failure::misplaced)
}

async fn signed_in(request: &HttpRequest) -> Result<Reader, Failure> {
    let found = Reader::find(&*portal(request)?, request).await?;
    // Only what is looked at can be come back to.
    let back = *request.method() == Method::GET;
    let next = request.uri().path_and_query().filter(|_| back).map(|next| next.as_str().to_owned());
    found.ok_or(Failure::SignIn { next })
}

impl FromRequest for Reader {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { signed_in(&request).await })
    }
}

impl FromRequest for Posted {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = Form::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let reader = signed_in(&request).await?;
            let form = form.await?;
            if session::is_marked(&reader.session, form.text(Form::MARK)) {
                Ok(Self { reader, form })
            } else {
                Err(Failure::foreign_form())
            }
        })
    }
}
