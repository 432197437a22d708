//! stub

use domain::{language::Language, passages::Passage, run::Request, video::Video};

use crate::models::{Answer, ModelError, Models};

pub trait Answers: Sync {
    fn get(&self, hash: &str) -> impl Future<Output = Result<Option<Answer>, String>> + Send;
    fn put(&self, hash: &str, answer: &Answer) -> impl Future<Output = Result<(), String>> + Send;
}
pub struct Task<'a> {
    pub video: &'a Video,
    pub passages: &'a [Passage],
    pub language: Language,
    pub request: &'a Request,
}
pub enum WriteProgress {
    Start,
    Text(String),
    Part { done: u32, total: u32 },
}
#[derive(Debug, Clone)]
pub struct Written {
    pub body: String,
    pub model: String,
    pub prompt_version: String,
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    pub calls: u32,
    pub reused_calls: u32,
}
pub enum WriteError {
    Model(ModelError),
    Answers(String),
}
pub async fn write(
    _models: &Models,
    _answers: &impl Answers,
    _task: &Task<'_>,
    _on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Written, WriteError> {
    Err(WriteError::Answers("stub".to_owned()))
}
pub fn style(_name: &str) -> Result<(), String> {
    Ok(())
}
pub fn prompt_version(_request: &Request) -> &'static str {
    "stub"
}
