//! `upstream [--port N]`: runs the fixture upstream until it is ended.

use std::io::Write as _;

use clap::Parser;

/// Speaks YouTube, OpenAI-compatible models, Anthropic and Gemini, for tests and the demo.
#[derive(Parser)]
struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let running = upstream::start(Options::parse().port).await?;
    writeln!(std::io::stdout(), "listening on {}", running.url)?;
    running.ended().await?;
    Ok(())
}
