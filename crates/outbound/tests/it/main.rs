//! The fetcher before real servers on this machine.

mod bounds;
mod contract;
mod names;
mod redirections;
mod requests;
mod server;
mod tls;

use std::collections::VecDeque;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pressroom_outbound::{HttpFetcher, Policy, Resolver};
use pressroom_ports::{FetchError, FetchRequest, Fetched, Fetcher};

/// A policy of these lists.
fn policy(trusted: &[&str], private: &[&str]) -> Policy {
    let read = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
    Policy { trusted: read(trusted), private: read(private) }
}

/// A fetcher that trusts these, and looks nothing up but `names`.
fn fetcher(trusted: &[&str], private: &[&str], names: &Arc<Names>) -> HttpFetcher {
    HttpFetcher::with_resolver(policy(trusted, private), names.clone())
}

/// The text of a document.
async fn text(fetcher: &HttpFetcher, url: &str) -> Result<String, FetchError> {
    get(fetcher, &FetchRequest::new(url)).await
}

async fn get(fetcher: &HttpFetcher, request: &FetchRequest) -> Result<String, FetchError> {
    match fetcher.get(request).await? {
        Fetched::Document { bytes, .. } => Ok(String::from_utf8(bytes).unwrap()),
        Fetched::Unchanged => panic!("nothing was known"),
    }
}

/// A resolver of names of a test. Each answer is given once, the last one for ever.
#[derive(Debug, Default)]
struct Names {
    answers: Mutex<Vec<(String, VecDeque<Vec<IpAddr>>)>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    fn of(names: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let addresses =
            |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        let name = |(name, answers): &(&str, &[&[&str]])| {
            ((*name).to_owned(), answers.iter().map(addresses).collect())
        };
        let answers = Mutex::new(names.iter().map(name).collect());
        Arc::new(Self { answers, asked: Mutex::default() })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Resolver for Names {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.lock().unwrap().push(name.to_owned());
        let mut answers = self.answers.lock().unwrap();
        let found = answers.iter_mut().find(|(known, _)| known == name);
        let (_, answers) = found.ok_or_else(|| io::Error::other("there is no such name"))?;
        let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        Ok(next.unwrap_or_default())
    }
}
